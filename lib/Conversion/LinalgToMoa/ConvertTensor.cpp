//===- ConvertTensor.cpp - Tensor operations as arrays ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Converter.h"
#include "Payload.h"

#include "moa/Dialect/Moa/IR/Guard.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

/// The element of `array` at `indices`, or what all elements are.
static Value read(OpBuilder &builder, Location loc, Value array,
                  ArrayRef<OpFoldResult> indices) {
  if (Value element = findUniformElement(builder, loc, array))
    return element;
  return PsiOp::create(builder, loc, array,
                       IndexMath(builder, loc).values(indices));
}

static SmallVector<OpFoldResult> toIndices(ValueRange values) {
  return SmallVector<OpFoldResult>(values.begin(), values.end());
}

/// `a and b`, where a missing one holds.
static Value both(OpBuilder &builder, Location loc, Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return arith::AndIOp::create(builder, loc, a, b);
}

/// Asserts that a slice lies in an array of extent `extent`.
static void requireInside(OpBuilder &builder, Operation *op, int64_t axis,
                          OpFoldResult offset, OpFoldResult size,
                          OpFoldResult stride, OpFoldResult extent) {
  Location loc = op->getLoc();
  IndexMath math(builder, loc);
  OpFoldResult last =
      math.add(offset, math.mul(math.sub(size, math.constant(1)), stride));
  auto lower = getConstantIntValue(offset), upper = getConstantIntValue(last),
       end = getConstantIntValue(extent);
  if ((lower && upper && end) || (lower == 0 && size == extent &&
                                  getConstantIntValue(stride) == 1))
    return; // Verified, or the whole axis.
  Value inside = both(builder, loc, math.lessEqual(math.constant(0), offset),
                      math.less(last, extent));
  Value isEmpty = math.lessEqual(size, math.constant(0));
  cf::AssertOp::create(
      builder, loc,
      arith::OrIOp::create(builder, loc, isEmpty, inside),
      "'" + op->getName().getStringRef().str() +
          "' op slice must lie inside the array along axis " +
          std::to_string(axis));
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

Value LinalgConverter::buildSlice(OpBuilder &builder,
                                  tensor::ExtractSliceOp op) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> offsets = op.getMixedOffsets(),
                            sizes = op.getMixedSizes(),
                            strides = op.getMixedStrides();
  llvm::SmallBitVector dropped = op.getDroppedDims();
  SmallVector<OpFoldResult> shape;
  for (auto [axis, size] : llvm::enumerate(sizes)) {
    requireInside(builder, op, axis, offsets[axis], size, strides[axis],
                  facts.get(builder, loc, op.getSource(), axis));
    if (!dropped.test(axis))
      shape.push_back(size);
  }
  return buildArray(builder, loc, op.getType(), shape,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    SmallVector<OpFoldResult> indices;
    unsigned next = 0;
    for (auto [axis, offset] : llvm::enumerate(offsets))
      indices.push_back(dropped.test(axis)
                            ? offset
                            : math.add(offset, math.mul(axes[next++],
                                                        strides[axis])));
    return read(b, loc, op.getSource(), indices);
  });
}

Value LinalgConverter::buildInsertSlice(OpBuilder &builder,
                                        tensor::InsertSliceOp op) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> shape = facts.get(builder, loc, op.getDest());
  SmallVector<OpFoldResult> offsets = op.getMixedOffsets(),
                            sizes = op.getMixedSizes(),
                            strides = op.getMixedStrides();
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (auto [axis, size] : llvm::enumerate(sizes))
    requireInside(builder, op, axis, offsets[axis], size, strides[axis],
                  shape[axis]);
  return buildArray(builder, loc, op.getType(), shape,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    Value inside;
    SmallVector<OpFoldResult> indices;
    for (auto [axis, offset] : llvm::enumerate(offsets)) {
      OpFoldResult from = math.sub(axes[axis], offset), index = from;
      bool isDense = getConstantIntValue(strides[axis]) == 1;
      if (getConstantIntValue(offset) != 0)
        inside = both(b, loc, inside, math.lessEqual(math.constant(0), from));
      if (!isDense) {
        inside = both(b, loc, inside,
                      math.equal(math.floorMod(from, strides[axis]),
                                 math.constant(0)));
        index = math.div(from, strides[axis]);
      }
      if (getConstantIntValue(offset) != 0 || !isDense ||
          !facts.areEqual(sizes[axis], shape[axis]))
        inside = both(b, loc, inside, math.less(index, sizes[axis]));
      if (!dropped.test(axis))
        indices.push_back(index);
    }
    auto source = [&](OpBuilder &g, Location l) {
      return read(g, l, op.getSource(), indices);
    };
    auto dest = [&](OpBuilder &g, Location l) {
      return read(g, l, op.getDest(), toIndices(axes));
    };
    return inside ? buildGuarded(b, loc, inside, source, dest)
                  : source(b, loc);
  });
}

Value LinalgConverter::buildInsert(OpBuilder &builder, tensor::InsertOp op) {
  Location loc = op.getLoc();
  return buildArray(builder, loc, op.getType(),
                    facts.get(builder, loc, op.getDest()),
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    Value here;
    for (auto [axis, index] : llvm::zip_equal(axes, op.getIndices()))
      here = both(b, loc, here,
                  math.equal(OpFoldResult(axis), OpFoldResult(index)));
    Value old = read(b, loc, op.getDest(), toIndices(axes));
    if (!here)
      return op.getScalar();
    return arith::SelectOp::create(b, loc, here, op.getScalar(), old)
        .getResult();
  });
}

//===----------------------------------------------------------------------===//
// Composition
//===----------------------------------------------------------------------===//

Value LinalgConverter::buildConcat(OpBuilder &builder, tensor::ConcatOp op) {
  return CatOp::create(builder, op.getLoc(), op.getType(), op.getInputs(),
                       op.getDim());
}

/// The code of a region that yields an element from `indices`.
static Value inlineElement(OpBuilder &builder, Region &region,
                           ValueRange indices) {
  return inlineScalarRegion(builder, region, indices).front();
}

/// True if a region with indices as arguments is pure scalar code.
static bool isPureScalarCode(Region &region) {
  auto result = region.walk([](Operation *op) {
    bool isCode = isa<arith::ArithDialect>(op->getDialect()) ||
                  op->getName().getDialectNamespace() == "math" ||
                  isa<tensor::ExtractOp, tensor::YieldOp>(op);
    return isCode ? WalkResult::advance() : WalkResult::interrupt();
  });
  return !result.wasInterrupted();
}

Value LinalgConverter::buildPad(OpBuilder &builder, tensor::PadOp op) {
  if (!isPureScalarCode(op.getRegion()))
    return Value();
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> low = op.getMixedLowPad(),
                            high = op.getMixedHighPad(),
                            inner = facts.get(builder, loc, op.getSource());
  IndexMath outer(builder, loc);
  SmallVector<OpFoldResult> shape;
  for (auto [axis, extent] : llvm::enumerate(inner))
    shape.push_back(
        op.getType().isDynamicDim(axis)
            ? outer.add(outer.add(low[axis], extent), high[axis])
            : outer.constant(op.getType().getDimSize(axis)));
  return buildArray(builder, loc, op.getType(), shape,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    Value inside;
    SmallVector<OpFoldResult> indices;
    for (auto [axis, extent] : llvm::enumerate(inner)) {
      OpFoldResult index = math.sub(axes[axis], low[axis]);
      indices.push_back(index);
      if (getConstantIntValue(low[axis]) != 0)
        inside = both(b, loc, inside, math.lessEqual(math.constant(0), index));
      if (getConstantIntValue(high[axis]) != 0)
        inside = both(b, loc, inside, math.less(index, extent));
    }
    auto source = [&](OpBuilder &g, Location l) {
      return read(g, l, op.getSource(), indices);
    };
    auto padding = [&](OpBuilder &g, Location) {
      return inlineElement(g, op.getRegion(), axes);
    };
    return inside ? buildGuarded(b, loc, inside, source, padding)
                  : source(b, loc);
  });
}

Value LinalgConverter::buildGenerate(OpBuilder &builder,
                                     tensor::GenerateOp op) {
  if (!isPureScalarCode(op.getBody()))
    return Value();
  auto type = cast<RankedTensorType>(op.getType());
  SmallVector<OpFoldResult> shape = getMixedValues(
      type.getShape(), op.getDynamicExtents(), builder);
  return buildArray(builder, op.getLoc(), type, shape,
                    [&](OpBuilder &b, ValueRange axes) {
                      return inlineElement(b, op.getBody(), axes);
                    });
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static SmallVector<OpFoldResult> pick(ArrayRef<OpFoldResult> list,
                                      ArrayRef<int64_t> positions) {
  return llvm::map_to_vector(positions, [&](int64_t at) { return list[at]; });
}

Value LinalgConverter::buildExpand(OpBuilder &builder,
                                   tensor::ExpandShapeOp op) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> shape = op.getMixedOutputShape();
  for (auto [axis, group] : llvm::enumerate(op.getReassociationIndices())) {
    if (group.size() == 1)
      shape[group.front()] = facts.get(builder, loc, op.getSrc(), axis);
    if (!op.getSrcType().isDynamicDim(axis) || group.size() == 1)
      continue;
    IndexMath math(builder, loc);
    Value holds = math.equal(math.product(pick(shape, group)),
                             math.extentOf(op.getSrc(), axis));
    cf::AssertOp::create(builder, loc, holds,
                         "'tensor.expand_shape' op must keep the number of "
                         "elements along axis " + std::to_string(axis));
  }
  return buildArray(builder, loc, op.getType(), shape,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    SmallVector<OpFoldResult> all = toIndices(axes), indices;
    for (const ReassociationIndices &group : op.getReassociationIndices())
      indices.push_back(
          math.linearize(pick(all, group), pick(shape, group)));
    return read(b, loc, op.getSrc(), indices);
  });
}

Value LinalgConverter::buildCollapse(OpBuilder &builder,
                                     tensor::CollapseShapeOp op) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> inner = facts.get(builder, loc, op.getSrc());
  IndexMath outer(builder, loc);
  SmallVector<OpFoldResult> shape;
  for (const ReassociationIndices &group : op.getReassociationIndices())
    shape.push_back(outer.product(pick(inner, group)));
  return buildArray(builder, loc, op.getType(), shape,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath math(b, loc);
    SmallVector<OpFoldResult> indices(inner.size());
    if (shape.empty()) // Extents of 1.
      indices.assign(inner.size(), math.constant(0));
    for (auto [axis, group] : llvm::enumerate(op.getReassociationIndices())) {
      SmallVector<OpFoldResult> parts =
          math.delinearize(axes[axis], pick(inner, group));
      for (auto [position, part] : llvm::zip_equal(group, parts))
        indices[position] = part;
    }
    return read(b, loc, op.getSrc(), indices);
  });
}

/// The extents that a `tensor.reshape` reads from a list of numbers; nothing if
/// they come from elsewhere.
static std::optional<SmallVector<OpFoldResult>>
getListedExtents(OpBuilder &builder, tensor::ReshapeOp op) {
  auto elements = op.getShape().getDefiningOp<tensor::FromElementsOp>();
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!elements || !type || !isa<RankedTensorType>(op.getSource().getType()))
    return std::nullopt;
  SmallVector<OpFoldResult> shape;
  for (auto [extent, value] :
       llvm::zip_equal(type.getShape(), elements.getElements())) {
    auto widened = value.getDefiningOp<arith::IndexCastOp>();
    if (!ShapedType::isDynamic(extent))
      shape.push_back(builder.getIndexAttr(extent));
    else if (value.getType().isIndex())
      shape.push_back(value);
    else if (widened && widened.getIn().getType().isIndex())
      shape.push_back(widened.getIn());
    else
      shape.push_back(arith::IndexCastOp::create(
                          builder, op.getLoc(), builder.getIndexType(), value)
                          .getResult());
  }
  return shape;
}

/// The first and last axes that keep their extents stay as they are; only what
/// is between is counted through, if it has a fixed number of elements.
Value LinalgConverter::buildReshape(OpBuilder &builder, tensor::ReshapeOp op) {
  std::optional<SmallVector<OpFoldResult>> listed =
      getListedExtents(builder, op);
  if (!listed)
    return Value();
  Location loc = op.getLoc();
  ArrayRef<OpFoldResult> to = *listed;
  SmallVector<OpFoldResult> from = facts.get(builder, loc, op.getSource());
  size_t shorter = std::min(from.size(), to.size()), front = 0, back = 0;
  while (front < shorter && facts.areEqual(from[front], to[front]))
    ++front;
  while (front + back < shorter &&
         facts.areEqual(from[from.size() - 1 - back], to[to.size() - 1 - back]))
    ++back;
  ArrayRef<OpFoldResult> inner =
      ArrayRef(from).slice(front, from.size() - front - back);
  ArrayRef<OpFoldResult> outer = to.slice(front, to.size() - front - back);
  IndexMath math(builder, loc);
  auto product = getConstantIntValue(math.product(inner));
  if (!product || product != getConstantIntValue(math.product(outer))) {
    auto [extents, dynamic] = decomposeMixedValues(*listed);
    return ReshapeOp::create(builder, loc, op.getType(), op.getSource(),
                             dynamic, extents);
  }
  return buildArray(builder, loc, op.getType(), to,
                    [&](OpBuilder &b, ValueRange axes) {
    IndexMath at(b, loc);
    SmallVector<OpFoldResult> all = toIndices(axes), indices;
    ArrayRef<OpFoldResult> middle =
        ArrayRef(all).slice(front, outer.size());
    llvm::append_range(indices, ArrayRef(all).take_front(front));
    llvm::append_range(indices,
                       at.delinearize(at.linearize(middle, outer), inner));
    llvm::append_range(indices, ArrayRef(all).take_back(back));
    return read(b, loc, op.getSource(), indices);
  });
}

std::string LinalgConverter::convertTensor(Operation *op) {
  for (Type type : llvm::concat<Type>(SmallVector<Type>(op->getOperandTypes()),
                                      SmallVector<Type>(op->getResultTypes())))
    if (isa<ShapedType>(type) && !isConvertible(type) &&
        !isa<tensor::ReshapeOp>(op)) {
      std::string text;
      llvm::raw_string_ostream(text) << "moa has no arrays of type " << type;
      return text;
    }
  OpBuilder builder(op);
  Value array =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case([&](tensor::ExtractSliceOp o) { return buildSlice(builder, o); })
          .Case([&](tensor::InsertSliceOp o) {
            return buildInsertSlice(builder, o);
          })
          .Case([&](tensor::InsertOp o) { return buildInsert(builder, o); })
          .Case([&](tensor::ConcatOp o) { return buildConcat(builder, o); })
          .Case([&](tensor::PadOp o) { return buildPad(builder, o); })
          .Case([&](tensor::GenerateOp o) { return buildGenerate(builder, o); })
          .Case([&](tensor::ExpandShapeOp o) { return buildExpand(builder, o); })
          .Case([&](tensor::CollapseShapeOp o) {
            return buildCollapse(builder, o);
          })
          .Case([&](tensor::ReshapeOp o) { return buildReshape(builder, o); })
          .Default([](Operation *) { return Value(); });
  if (!array)
    return "there is no array of moa for it";
  replace(op->getResult(0), array);
  return "";
}
