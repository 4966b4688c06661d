//===- RandomProgram.cpp - Random programs of the algebra -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Leaves, types and indices.
//
//===----------------------------------------------------------------------===//

#include "RandomProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace moa;
using namespace moa::test;

int64_t Expr::size() const {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return size;
}

Type Expr::element() const { return getElementTypeOrSelf(value.getType()); }

RandomProgram::RandomProgram(MLIRContext &context, Choices &choices,
                             bool withChain)
    : choices(choices), builder(&context), loc(builder.getUnknownLoc()) {
  module = ModuleOp::create(loc);
  builder.setInsertionPointToEnd(module->getBody());
  function =
      func::FuncOp::create(builder, loc, "f", builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  pool.push_back(makeLeaf());
  for (unsigned steps = 1 + choices.below(8); steps > 0; --steps)
    if (std::optional<Expr> made = step())
      pool.push_back(*made);
  finish(withChain);
}

/// Returns the last array, and perhaps others; or a chain of folds of some.
void RandomProgram::finish(bool withChain) {
  SmallVector<Value> results{pool.back().value};
  if (withChain)
    results = chain();
  while (!withChain && choices.rarely(3) && results.size() < 3)
    results.push_back(pick().value);
  func::ReturnOp::create(builder, loc, results);
  function.setType(builder.getFunctionType(
      function.getBody().getArgumentTypes(), ValueRange(results).getTypes()));
}

Expr RandomProgram::pick() {
  unsigned last = pool.size() - 1;
  unsigned back = choices.flip() ? choices.below(pool.size()) : 0;
  return pool[last - back];
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

Type RandomProgram::randomElement() {
  return choices.oneOf<Type>({builder.getF64Type(), builder.getI64Type(),
                              builder.getF64Type(), builder.getI1Type(),
                              builder.getI64Type(), builder.getIndexType()});
}

SmallVector<int64_t> RandomProgram::randomShape() {
  SmallVector<int64_t> shape;
  unsigned rank = choices.oneOf({1u, 2u, 3u, 0u, 2u, 4u});
  for (unsigned axis = 0; axis < rank; ++axis)
    shape.push_back(
        choices.oneOf<int64_t>({2, 3, 1, 4, 3, 2, 1, 3, 4, 2, 5, 2, 3, 0}));
  return shape;
}

Expr RandomProgram::makeLeaf() {
  SmallVector<int64_t> shape = randomShape();
  Type element = randomElement();
  if (choices.rarely(4))
    return makeConstant(element, shape);
  return makeArgument(element, shape);
}

/// The element at `offset` of a leaf: small integers that look random.
static int64_t leafElement(int64_t offset, unsigned salt, Type element) {
  uint64_t hash =
      (offset + 1) * 0x9E3779B97F4A7C15u + salt * 0xBF58476D1CE4E5B9u;
  hash = (hash ^ (hash >> 29)) * 0x94D049BB133111EBu;
  int64_t number = (hash >> 33) % 9;
  return element.isInteger(1) ? number % 2 : number - 4;
}

static ElementType hostType(Type element) {
  if (element.isF64())
    return ElementType::F64;
  if (element.isIndex())
    return ElementType::Index;
  return element.isInteger(1) ? ElementType::I1 : ElementType::I64;
}

Expr RandomProgram::makeArgument(Type element, ArrayRef<int64_t> shape) {
  HostArray host = llvm::cantFail(HostArray::create(hostType(element), shape));
  for (int64_t offset = 0; offset < host.numElements(); ++offset)
    host.storeInt(offset,
                  leafElement(offset, hostArguments.size() + 1, element));
  hostArguments.push_back(host);
  Value argument =
      function.getBody().addArgument(arrayType(shape, element), loc);
  return {argument, SmallVector<int64_t>(shape)};
}

Expr RandomProgram::makeConstant(Type element, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, element);
  SmallVector<Attribute> elements;
  for (int64_t offset = 0; offset < type.getNumElements(); ++offset) {
    int64_t value = leafElement(offset, 0, element);
    if (element.isF64())
      elements.push_back(builder.getFloatAttr(element, double(value)));
    else
      elements.push_back(builder.getIntegerAttr(element, value));
  }
  Value constant = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, elements));
  return {constant, SmallVector<int64_t>(shape)};
}

//===----------------------------------------------------------------------===//
// Types and indices
//===----------------------------------------------------------------------===//

RankedTensorType RandomProgram::arrayType(ArrayRef<int64_t> shape,
                                          Type element) {
  SmallVector<int64_t> extents(shape);
  for (int64_t &extent : extents)
    if (choices.flip())
      extent = ShapedType::kDynamic;
  return RankedTensorType::get(extents, element);
}

Value RandomProgram::indexValue(int64_t value) {
  unsigned how = choices.below(3);
  if (how == 1) {
    HostArray host = llvm::cantFail(HostArray::create(ElementType::Index, {}));
    host.storeInt(0, value);
    hostArguments.push_back(host);
    return function.getBody().addArgument(builder.getIndexType(), loc);
  }
  if (how == 2)
    for (const Expr &expr : pool)
      for (auto [axis, extent] : llvm::enumerate(expr.shape))
        if (extent == value)
          return tensor::DimOp::create(builder, loc, expr.value, axis);
  return arith::ConstantIndexOp::create(builder, loc, value);
}

SmallVector<int64_t> RandomProgram::mixed(ArrayRef<int64_t> numbers,
                                          SmallVectorImpl<Value> &dynamic) {
  SmallVector<int64_t> list(numbers);
  for (int64_t &number : list) {
    if (!choices.flip())
      continue;
    dynamic.push_back(indexValue(number));
    number = ShapedType::kDynamic;
  }
  return list;
}

Value RandomProgram::constantScalar(Type type, int64_t value) {
  if (type.isF64())
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(type, double(value)));
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, value));
}
