//===- RandomOperations.cpp - Random operations that move and map elements -*-
// C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One step each; operands that must agree are made to.
//
//===----------------------------------------------------------------------===//

#include "RandomProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace moa;
using namespace moa::test;

/// Larger arrays and more work for an element are left out.
static constexpr int64_t maxElements = 48, maxCost = 3000, maxRank = 4;

static bool isSmall(const Expr &expr) {
  return expr.rank() <= maxRank && expr.size() <= maxElements &&
         expr.cost * std::max<int64_t>(expr.size(), 1) <= maxCost;
}

std::optional<Expr> RandomProgram::step() {
  Expr a = pick();
  std::optional<Expr> made;
  switch (choices.below(14)) {
  case 0:
    made = moveElements(a);
    break;
  case 1:
    made = changeShape(a);
    break;
  case 2:
    made = takeOrDrop(a);
    break;
  case 3:
    made = cat(a);
    break;
  case 4:
    made = selectPart(a);
    break;
  case 5:
    made = gather(a);
    break;
  case 6:
    made = map(a);
    break;
  case 7:
    made = selectByMask(a);
    break;
  case 8:
    made = outer(a);
    break;
  case 9:
    made = reduce(a);
    break;
  case 10:
    made = scan(a);
    break;
  case 11:
    made = inner(a);
    break;
  case 12:
    made = comprehension(a);
    break;
  default:
    made = makeNew();
    break;
  }
  if (made && !isSmall(*made))
    return std::nullopt;
  return made;
}

/// iota, shape, a splat, or another leaf.
std::optional<Expr> RandomProgram::makeNew() {
  unsigned how = choices.below(4);
  if (how == 0)
    return makeLeaf();
  if (how == 1) {
    Expr a = pick();
    SmallVector<int64_t> shape{a.rank()};
    return Expr{ShapeOp::create(builder, loc,
                                arrayType(shape, builder.getIndexType()),
                                a.value),
                shape};
  }
  SmallVector<int64_t> shape = randomShape();
  Type element = randomElement();
  RankedTensorType type = arrayType(shape, element);
  SmallVector<Value> extents;
  for (auto [axis, extent] : llvm::enumerate(shape))
    if (type.isDynamicDim(axis))
      extents.push_back(indexValue(extent));
  if (how == 2)
    return Expr{tensor::SplatOp::create(builder, loc, type,
                                        constantScalar(element, 1), extents),
                shape};
  if (shape.empty() || element.isInteger(1))
    return std::nullopt;
  uint64_t axis = choices.below(shape.size());
  return Expr{IotaOp::create(builder, loc, type, extents, axis), shape};
}

/// reverse, rotate, or a cast.
std::optional<Expr> RandomProgram::moveElements(Expr a) {
  unsigned how = choices.below(3);
  if (how == 0) {
    SmallVector<int64_t> axes;
    for (int64_t axis = 0; axis < a.rank(); ++axis)
      if (!choices.rarely(3))
        axes.push_back(axis);
    return Expr{
        ReverseOp::create(builder, loc, a.value.getType(), a.value, axes),
        a.shape, a.cost};
  }
  if (how == 2)
    return Expr{tensor::CastOp::create(
                    builder, loc, arrayType(a.shape, a.element()), a.value),
                a.shape, a.cost};
  SmallVector<int64_t> counts;
  SmallVector<Value> dynamic;
  for (unsigned n = choices.below(a.rank() + 1); counts.size() < n;)
    counts.push_back(choices.oneOf<int64_t>({1, -1, 0, 2, -7, 5}));
  counts = mixed(counts, dynamic);
  return Expr{RotateOp::create(builder, loc, a.value.getType(), a.value,
                               dynamic, counts),
              a.shape, a.cost};
}

/// transpose, reshape or ravel.
std::optional<Expr> RandomProgram::changeShape(Expr a) {
  unsigned how = choices.below(3);
  if (how == 1)
    return reshaped(a, randomShape());
  if (how == 2) {
    SmallVector<int64_t> shape{a.size()};
    return Expr{
        RavelOp::create(builder, loc, arrayType(shape, a.element()), a.value),
        shape, a.cost};
  }
  SmallVector<int64_t> permutation, shape;
  SmallVector<int64_t> left = llvm::to_vector(llvm::seq<int64_t>(a.rank()));
  while (!left.empty()) {
    auto *chosen = left.end() - 1 - choices.below(left.size());
    permutation.push_back(*chosen);
    shape.push_back(a.shape[*chosen]);
    left.erase(chosen);
  }
  return Expr{TransposeOp::create(builder, loc, arrayType(shape, a.element()),
                                  a.value, permutation),
              shape, a.cost};
}

Expr RandomProgram::reshaped(Expr a, ArrayRef<int64_t> shape) {
  SmallVector<Value> dynamic;
  SmallVector<int64_t> extents = mixed(shape, dynamic);
  return {ReshapeOp::create(builder, loc, arrayType(shape, a.element()),
                            a.value, dynamic, extents),
          SmallVector<int64_t>(shape), a.cost};
}

std::optional<Expr> RandomProgram::takeOrDrop(Expr a) {
  bool isTake = !choices.flip();
  SmallVector<int64_t> shape(a.shape), counts;
  for (int64_t axis = 0, n = choices.below(a.rank() + 1); axis < n; ++axis) {
    int64_t count = choices.oneOf<int64_t>({1, 2, -1, -2, 0, 3, 5, -5});
    counts.push_back(count);
    shape[axis] = isTake ? std::abs(count)
                         : std::max<int64_t>(0, shape[axis] - std::abs(count));
  }
  SmallVector<Value> dynamic;
  counts = mixed(counts, dynamic);
  RankedTensorType type = arrayType(shape, a.element());
  if (!isTake)
    return Expr{DropOp::create(builder, loc, type, a.value, dynamic, counts),
                shape, a.cost};
  Value fill;
  if (choices.flip())
    fill = constantScalar(a.element(), 1);
  return Expr{
      TakeOp::create(builder, loc, type, a.value, dynamic, counts, fill), shape,
      a.cost};
}

/// Arrays of the same rank and element type, equal but for one extent.
std::optional<Expr> RandomProgram::cat(Expr a) {
  if (a.rank() == 0)
    a = reshaped(a, {1});
  uint64_t axis = choices.below(a.rank());
  SmallVector<Value> sources{a.value};
  Expr result = a;
  for (unsigned more = 1 + choices.below(2); more > 0; --more) {
    Expr b = mapped(pick(), a.element());
    SmallVector<int64_t> shape(a.shape);
    shape[axis] = choices.oneOf<int64_t>({1, 2, 0});
    b = reshaped(b, shape);
    sources.push_back(b.value);
    result.shape[axis] += shape[axis];
    result.cost += b.cost;
  }
  if (!isSmall(result))
    return std::nullopt;
  result.value = CatOp::create(
      builder, loc, arrayType(result.shape, a.element()), sources, axis);
  return result;
}

/// psi with part of an index, or a full one, put into an array of rank 0.
std::optional<Expr> RandomProgram::selectPart(Expr a) {
  SmallVector<Value> index;
  unsigned length = choices.below(a.rank() + 1);
  for (int64_t extent : ArrayRef(a.shape).take_front(length)) {
    if (extent == 0)
      return std::nullopt;
    index.push_back(indexValue(choices.below(extent)));
  }
  SmallVector<int64_t> shape(ArrayRef(a.shape).drop_front(length));
  if (!shape.empty())
    return Expr{PsiOp::create(builder, loc, a.value, index), shape, a.cost};
  Value element = PsiOp::create(builder, loc, a.value, index);
  auto type = RankedTensorType::get({}, a.element());
  return Expr{tensor::SplatOp::create(builder, loc, type, element), shape,
              a.cost};
}

/// Positions are some array modulo the extent.
std::optional<Expr> RandomProgram::gather(Expr a) {
  if (a.rank() == 0)
    return std::nullopt;
  uint64_t axis = choices.below(a.rank());
  int64_t extent = a.shape[axis];
  Expr from = mapped(pick(), builder.getIndexType());
  if (extent == 0)
    from = reshaped(from, {0});
  Value bound = arith::ConstantIndexOp::create(builder, loc,
                                               std::max<int64_t>(extent, 1));
  Type positionType =
      choices.flip() ? Type(builder.getI64Type()) : builder.getIndexType();
  auto positions = MapOp::create(
      builder, loc, arrayType(from.shape, positionType), from.value);
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *block = builder.createBlock(&positions.getBody(), {},
                                       {builder.getIndexType()}, {loc});
    Value inside =
        arith::RemUIOp::create(builder, loc, block->getArgument(0), bound);
    Value position = convert(inside, positionType);
    YieldOp::create(builder, loc, ValueRange{position});
  }
  Expr result = a;
  result.shape.erase(result.shape.begin() + axis);
  result.shape.insert(result.shape.begin() + axis, from.shape.begin(),
                      from.shape.end());
  result.cost += from.cost;
  if (!isSmall(result))
    return std::nullopt;
  result.value =
      GatherOp::create(builder, loc, arrayType(result.shape, a.element()),
                       a.value, positions, axis);
  return result;
}

Expr RandomProgram::mapped(Expr a, Type element) {
  if (a.element() == element)
    return a;
  auto op = MapOp::create(builder, loc, arrayType(a.shape, element), a.value);
  fillRegion(op.getBody(), {a.element()}, element, /*mayCapture=*/false);
  return {op, a.shape, a.cost + 1};
}

/// `b` in a shape that broadcasts to that of `a`.
static SmallVector<int64_t> fittingShape(const Expr &a, Choices &choices) {
  unsigned missing = choices.below(a.rank() + 1);
  return SmallVector<int64_t>(ArrayRef(a.shape).drop_front(missing));
}

std::optional<Expr> RandomProgram::map(Expr a) {
  SmallVector<Value> sources{a.value};
  SmallVector<Type> elements{a.element()};
  int64_t cost = a.cost + 1;
  // The result must be known to have the extents that `a` has where those are
  // 1 beside a larger static one; so no source but `a` decides.
  for (unsigned more = choices.below(3); more > 0; --more) {
    Expr b = pick();
    if (b.shape != a.shape)
      b = reshaped(b, fittingShape(a, choices));
    sources.push_back(b.value);
    elements.push_back(b.element());
    cost += b.cost;
  }
  if (choices.rarely(4) && a.rank() > 0) {
    // A static extent of 1, which is repeated.
    SmallVector<int64_t> shape(a.shape);
    shape[choices.below(a.rank())] = 1;
    Expr b = pick();
    SmallVector<Value> none;
    sources.push_back(ReshapeOp::create(
        builder, loc, RankedTensorType::get(shape, b.element()), b.value, none,
        shape));
    elements.push_back(b.element());
    cost += b.cost;
  }
  Type element = choices.flip() ? randomElement() : a.element();
  auto op = MapOp::create(builder, loc, arrayType(a.shape, element), sources);
  fillRegion(op.getBody(), elements, element, /*mayCapture=*/true);
  return Expr{op, a.shape, cost};
}

std::optional<Expr> RandomProgram::selectByMask(Expr a) {
  Expr mask = mapped(pick(), builder.getI1Type());
  Expr b = mapped(pick(), a.element());
  mask = reshaped(mask, fittingShape(a, choices));
  b = reshaped(b, a.shape);
  return Expr{SelectOp::create(builder, loc, arrayType(a.shape, a.element()),
                               mask.value, a.value, b.value),
              a.shape, a.cost + b.cost + mask.cost};
}

std::optional<Expr> RandomProgram::outer(Expr a) {
  Expr b = pick();
  Expr result{Value(), a.shape, a.cost + b.cost + 1};
  llvm::append_range(result.shape, b.shape);
  if (!isSmall(result))
    return std::nullopt;
  Type element = randomElement();
  auto op = OuterOp::create(builder, loc, arrayType(result.shape, element),
                            a.value, b.value);
  fillRegion(op.getBody(), {a.element(), b.element()}, element,
             /*mayCapture=*/true);
  result.value = op;
  return result;
}
