//===- FoldOp.cpp - moa.fold -----------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Dialect/Moa/IR/Reducers.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/IR/OpImplementation.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

static void addBlock(Region *region, TypeRange types, Location loc) {
  Block &block = region->emplaceBlock();
  for (Type type : types)
    block.addArgument(type, loc);
}

void FoldOp::build(OpBuilder &builder, OperationState &state, Value lower,
                   Value upper, TypeRange types, ArrayRef<ReducerKind> reducers,
                   ValueRange inits) {
  state.addOperands({lower, upper});
  state.addOperands(inits);
  state.addTypes(types);
  SmallVector<Attribute> attributes;
  for (ReducerKind kind : reducers)
    attributes.push_back(ReducerKindAttr::get(builder.getContext(), kind));
  state.getOrAddProperties<Properties>().reducers =
      builder.getArrayAttr(attributes);
  SmallVector<Type> arguments{builder.getIndexType()};
  llvm::append_range(arguments, types);
  addBlock(state.addRegion(), arguments, state.location);
  state.addRegion(); // correct
  for (auto [kind, type] : llvm::zip_equal(reducers, types))
    if (kind == ReducerKind::Custom)
      addBlock(state.addRegion(), {type, type}, state.location);
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

ReducerKind FoldOp::getReducer(unsigned result) {
  return cast<ReducerKindAttr>(getReducers()[result]).getValue();
}

Region *FoldOp::getCombiner(unsigned result) {
  if (getReducer(result) != ReducerKind::Custom)
    return nullptr;
  unsigned number = 0;
  for (unsigned before = 0; before < result; ++before)
    number += getReducer(before) == ReducerKind::Custom;
  return &getCombiners()[number];
}

ValueRange FoldOp::getElements() {
  return getBody().front().getTerminator()->getOperands();
}

ValueRange FoldOp::getCorrected() {
  return getCorrect().front().getTerminator()->getOperands();
}

Block::BlockArgListType FoldOp::getOldState() {
  return getCorrect().getArguments().take_front(getNumResults());
}

Block::BlockArgListType FoldOp::getNewState() {
  return getCorrect().getArguments().drop_front(getNumResults());
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static LogicalResult verifySignature(FoldOp op) {
  unsigned n = op.getNumResults();
  if (n == 0)
    return op.emitOpError() << "needs at least one result";
  if (op.getReducers().size() != n)
    return op.emitOpError() << "has " << op.getReducers().size()
                            << " reducers for " << n << " results";
  if (!op.getInits().empty() && op.getInits().size() != n)
    return op.emitOpError() << "has " << op.getInits().size()
                            << " start values for " << n << " results";
  unsigned custom = llvm::count_if(op.getReducers(), [](Attribute a) {
    return cast<ReducerKindAttr>(a).getValue() == ReducerKind::Custom;
  });
  if (op.getCombiners().size() != custom)
    return op.emitOpError()
           << "has " << op.getCombiners().size() << " combiner regions for "
           << custom << " results with reducer 'custom'";
  return success();
}

/// Element `i` may use the running values before it only.
static LogicalResult verifyElementOrder(FoldOp op) {
  for (unsigned i = 0, n = op.getNumResults(); i < n; ++i) {
    auto used = getUsedArguments(op.getElements()[i], op.getBody().front());
    for (unsigned j = i; j < n; ++j)
      if (used.contains(op.getRunning()[j]))
        return op.emitOpError()
               << "element #" << i << " depends on running value #" << j
               << "; it may use only those before it";
  }
  return success();
}

/// `C_i` may use `old_j` for `j <= i` and `new_j` for `j < i`.
static LogicalResult verifyCorrectOrder(FoldOp op) {
  for (unsigned i = 0, n = op.getNumResults(); i < n; ++i) {
    auto used = getUsedArguments(op.getCorrected()[i], op.getCorrect().front());
    for (unsigned j = i; j < n; ++j) {
      if (j > i && used.contains(op.getOldState()[j]))
        return op.emitOpError()
               << "corrected value #" << i << " depends on old value #" << j
               << "; it may use only those up to its own";
      if (used.contains(op.getNewState()[j]))
        return op.emitOpError()
               << "corrected value #" << i << " depends on new value #" << j
               << "; it may use only those before it";
    }
  }
  return success();
}

LogicalResult FoldOp::verify() {
  if (failed(verifySignature(*this)))
    return failure();
  Region none;
  for (auto [i, type] : llvm::enumerate(getResultTypes())) {
    Value init = getInits().empty() ? Value() : getInits()[i];
    Region *combiner = getCombiner(i);
    if (failed(verifyReduction(*this, getReducer(i), type, init,
                               combiner ? *combiner : none)))
      return failure();
  }
  return success();
}

LogicalResult FoldOp::verifyRegions() {
  for (auto [i, type] : llvm::enumerate(getResultTypes()))
    if (Region *combiner = getCombiner(i);
        combiner && failed(verifyCombiner(*this, type, *combiner)))
      return failure();
  SmallVector<Type> arguments{IndexType::get(getContext())};
  llvm::append_range(arguments, getResultTypes());
  if (failed(verifyScalarRegion(*this, getBody(), "body", arguments,
                                getResultTypes())) ||
      failed(verifyElementOrder(*this)))
    return failure();
  if (!hasCorrect())
    return success();
  SmallVector<Type> states(getResultTypes());
  llvm::append_range(states, getResultTypes());
  if (failed(verifyScalarRegion(*this, getCorrect(), "correct", states,
                                getResultTypes())))
    return failure();
  return verifyCorrectOrder(*this);
}

void FoldOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn set) {
  unsigned n = getNumResults();
  if (&region == &getBody()) {
    SmallVector<StringRef> names(n + 1, "r");
    names[0] = "k";
    nameArguments(region, set, names);
  } else if (&region == &getCorrect()) {
    SmallVector<StringRef> names(n, "old");
    names.append(n, "new");
    nameArguments(region, set, names);
  } else {
    nameArguments(region, set, {"acc", "next"});
  }
}
