//===- LoopPlan.cpp - The order of the axes of an array -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopPlan.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Remarks.h"

using namespace moa;

const AxisMask &AxisMasks::get(Value value) {
  auto it = known.find(value);
  if (it != known.end())
    return it->second;
  AxisMask mask(array ? array.getNumAxes() : 0);
  if (array)
    for (BlockArgument axis : sets.get(value))
      if (axis.getOwner()->getParentOp() == array)
        mask.set(axis.getArgNumber());
  return known.try_emplace(value, std::move(mask)).first->second;
}

bool moa::isWork(Operation *op) {
  if (isa<FoldOp>(op))
    return true;
  return isa<math::MathDialect>(op->getDialect()) &&
         !isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
              math::FloorOp, math::FmaOp, math::RoundEvenOp, math::RoundOp,
              math::TruncOp>(op);
}

bool moa::sharesWork(FoldOp fold, const AxisMask &group, const AxisMask &unbound,
                     AxisMasks &masks) {
  auto varies = [&](Value v) { return masks.get(v).anyCommon(unbound); };
  // All columns walk the same indices.
  if (varies(fold.getLower()) || varies(fold.getUpper()))
    return false;
  if (llvm::none_of(fold.getResults(), [&](Value result) {
        return masks.get(result).anyCommon(group);
      }))
    return false;
  WalkResult found = fold->walk([&](Operation *op) {
    bool shared = isWork(op) && llvm::any_of(op->getResults(), [&](Value v) {
      return !varies(v);
    });
    return shared ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found.wasInterrupted();
}

/// `a` includes `b` or is included in it.
static bool areOrdered(const AxisMask &a, const AxisMask &b) {
  return !a.test(b) || !b.test(a);
}

/// The number of nested loops around and in `op`, itself included.
static unsigned countLoops(Operation *op) {
  unsigned around = 0, inside = 0;
  for (auto outer = op->getParentOfType<FoldOp>(); outer;
       outer = outer->getParentOfType<FoldOp>())
    ++around;
  op->walk([&](FoldOp inner) {
    unsigned depth = 1;
    for (Operation *at = inner; at != op; at = at->getParentOp())
      depth += isa<FoldOp>(at);
    inside = std::max(inside, depth);
  });
  return around + inside;
}

/// The axis sets of the folds of `array` and of the work in them, those of the
/// most nested loops first: where two cannot both be computed once, it is the
/// cheaper one that is repeated.
static SmallVector<AxisMask> getWorkMasks(ArrayOp array, AxisMasks &masks) {
  SmallVector<std::pair<unsigned, AxisMask>> weighted;
  array->walk([&](Operation *op) {
    if (!isWork(op) || (!isa<FoldOp>(op) && !op->getParentOfType<FoldOp>()))
      return;
    for (Value result : op->getResults())
      weighted.emplace_back(countLoops(op), masks.get(result));
  });
  llvm::stable_sort(weighted, [](const auto &a, const auto &b) {
    return a.first > b.first;
  });
  return llvm::map_to_vector(weighted, [](const auto &w) { return w.second; });
}

/// Groups of axes such that the sets in `chain`, ordered by inclusion, are those
/// of the first groups. Group 0 is there even if it is empty.
static SmallVector<AxisGroup> makeGroups(ArrayRef<AxisMask> chain,
                                         unsigned numAxes) {
  SmallVector<AxisMask> sorted(chain);
  llvm::stable_sort(sorted, [](const AxisMask &a, const AxisMask &b) {
    return a.count() < b.count();
  });
  sorted.push_back(AxisMask(numAxes, true));
  SmallVector<AxisGroup> groups;
  AxisMask bound(numAxes);
  for (AxisMask &mask : sorted) {
    mask.reset(bound);
    if (mask.none() && !groups.empty())
      continue;
    AxisGroup &group = groups.emplace_back();
    group.mask = mask;
    for (unsigned axis : mask.set_bits())
      group.axes.push_back(axis);
    bound |= mask;
  }
  return groups;
}

/// The first column group from which on folds keep their states in scratch.
static std::optional<unsigned> findFirstScratchGroup(ArrayOp array,
                                                     ArrayRef<AxisGroup> groups,
                                                     AxisMasks &masks) {
  AxisMask unbound(array.getNumAxes(), true);
  unbound.reset(groups.front().mask);
  for (unsigned g = 1; g < groups.size(); ++g) {
    WalkResult found = array->walk([&](FoldOp fold) {
      return sharesWork(fold, groups[g].mask, unbound, masks)
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (found.wasInterrupted())
      return g;
    unbound.reset(groups[g].mask);
  }
  return std::nullopt;
}

/// The number of columns of a group, if it is known.
static std::optional<int64_t> getStaticSize(ArrayOp array,
                                            const AxisGroup &group) {
  int64_t size = 1;
  for (unsigned axis : group.axes) {
    int64_t extent = array.getStaticExtents()[axis];
    if (ShapedType::isDynamic(extent) || llvm::MulOverflow(size, extent, size))
      return std::nullopt;
  }
  return size;
}

/// Shares `columnBlock` out to the groups that need scratch, innermost first.
/// Returns a group for which nothing is left.
static std::optional<unsigned> assignBlocks(ArrayOp array,
                                            MutableArrayRef<AxisGroup> groups,
                                            AxisMasks &masks,
                                            int64_t columnBlock) {
  std::optional<unsigned> first = findFirstScratchGroup(array, groups, masks);
  if (!first)
    return std::nullopt;
  int64_t left = columnBlock;
  for (unsigned g = groups.size() - 1; g >= *first; --g) {
    AxisGroup &group = groups[g];
    bool needed = false;
    array->walk([&](FoldOp fold) {
      needed |= llvm::any_of(fold.getResults(), [&](Value result) {
        return masks.get(result).anyCommon(group.mask);
      });
    });
    if (!needed)
      continue;
    std::optional<int64_t> size = getStaticSize(array, group);
    if (size && *size <= left) {
      group.block = std::max<int64_t>(*size, 1);
      left /= group.block;
      continue;
    }
    if (left == 1 && columnBlock != 1)
      return g;
    group.block = left;
    group.severalBlocks = true;
    left = 1;
  }
  return std::nullopt;
}

LoopPlan moa::planLoops(ArrayOp array, ArrayRef<AxisMask> results,
                        AxisMasks &masks, int64_t columnBlock) {
  SmallVector<AxisMask> chain(results);
  for (const AxisMask &mask : getWorkMasks(array, masks))
    if (llvm::all_of(chain, [&](const AxisMask &other) {
          return areOrdered(mask, other);
        }))
      chain.push_back(mask);
  LoopPlan plan;
  plan.groups = makeGroups(chain, array.getNumAxes());
  // A group without room for scratch runs together with the one around it.
  while (std::optional<unsigned> full =
             assignBlocks(array, plan.groups, masks, columnBlock)) {
    AxisGroup &outer = plan.groups[*full - 1];
    llvm::append_range(outer.axes, plan.groups[*full].axes);
    llvm::sort(outer.axes);
    outer.mask |= plan.groups[*full].mask;
    plan.groups.erase(plan.groups.begin() + *full);
    for (AxisGroup &group : plan.groups)
      group.block = 0, group.severalBlocks = false;
  }
  for (AxisGroup &group : plan.groups)
    if (std::optional<int64_t> size = getStaticSize(array, group);
        group.severalBlocks && size)
      remark::missed(array.getLoc(), remark::RemarkOpts::name("ColumnBlocks")
                                         .category("moa-to-onf"))
          << remark::add("{0} columns are processed in blocks of {1}; what they "
                         "share is computed once for each block",
                         *size, group.block);
  return plan;
}
