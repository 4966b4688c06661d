//===- ArrayOp.cpp - moa.array ---------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Dependence.h"
#include "moa/Dialect/Moa/IR/IndexMath.h"
#include "moa/Dialect/Moa/IR/Inference.h"
#include "moa/Dialect/Moa/IR/ScalarRegion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace moa;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

void ArrayOp::build(OpBuilder &builder, OperationState &state,
                    TypeRange resultTypes, ArrayRef<OpFoldResult> extents,
                    ArrayRef<AffineMap> maps, ValueRange outs) {
  SmallVector<Value> dynamicExtents;
  SmallVector<int64_t> staticExtents;
  dispatchIndexOpFoldResults(extents, dynamicExtents, staticExtents);
  bool buffers = !outs.empty() && isa<MemRefType>(outs.front().getType());
  size_t numResults = buffers ? outs.size() : resultTypes.size();
  SmallVector<AffineMap> allMaps(maps);
  if (allMaps.empty())
    allMaps.assign(numResults, builder.getMultiDimIdentityMap(extents.size()));

  state.addOperands(dynamicExtents);
  state.addOperands(outs);
  state.addTypes(resultTypes);
  auto &properties = state.getOrAddProperties<Properties>();
  properties.static_extents = builder.getDenseI64ArrayAttr(staticExtents);
  properties.maps = builder.getAffineMapArrayAttr(allMaps);
  properties.operandSegmentSizes = {static_cast<int32_t>(dynamicExtents.size()),
                                    static_cast<int32_t>(outs.size())};
  Block &block = state.addRegion()->emplaceBlock();
  for (size_t axis = 0; axis < extents.size(); ++axis)
    block.addArgument(builder.getIndexType(), state.location);
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

SmallVector<OpFoldResult> ArrayOp::getMixedExtents() {
  Builder builder(getContext());
  return getMixedValues(getStaticExtents(), getExtents(), builder);
}

AffineMap ArrayOp::getMap(unsigned result) {
  return cast<AffineMapAttr>(getMaps()[result]).getValue();
}

bool ArrayOp::hasBufferSemantics() {
  return !getOuts().empty() && isa<MemRefType>(getOuts().front().getType());
}

ValueRange ArrayOp::getYieldedValues() {
  return cast<YieldOp>(getBody().front().getTerminator()).getValues();
}

void ArrayOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &out : getOutsMutable())
    if (isa<MemRefType>(out.get().getType()))
      effects.emplace_back(MemoryEffects::Write::get(), &out);
}

LogicalResult ArrayOp::reifyResultShapes(OpBuilder &builder,
                                         ReifiedRankedShapedTypeDims &shapes) {
  SmallVector<OpFoldResult> extents = getMixedExtents();
  for (auto [number, type] : llvm::enumerate(getResultTypes())) {
    SmallVector<OpFoldResult> shape;
    for (AffineExpr expr : getMap(number).getResults())
      shape.push_back(extents[cast<AffineDimExpr>(expr).getPosition()]);
    shapes.push_back(
        matchStaticExtents(builder, getLoc(), shape, cast<ShapedType>(type)));
  }
  return success();
}

// psi_array
Value ArrayOp::buildElement(OpBuilder &builder, Location loc,
                            unsigned resultNumber, ValueRange indices) {
  // Along an axis that the result does not have its element does not vary.
  Value anywhere;
  IRMapping mapping;
  for (BlockArgument axis : getAxes()) {
    AffineExpr dim = builder.getAffineDimExpr(axis.getArgNumber());
    std::optional<unsigned> position =
        getMap(resultNumber).getResultPosition(dim);
    if (!position && !anywhere)
      anywhere = arith::ConstantIndexOp::create(builder, loc, 0);
    mapping.map(axis, position ? indices[*position] : anywhere);
  }
  for (Operation &op : getBody().front().without_terminator())
    builder.clone(op, mapping);
  return mapping.lookupOrDefault(getYieldedValues()[resultNumber]);
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static LogicalResult verifyExtents(ArrayOp op) {
  if (failed(verifyDynamicIndexList(op, "extents", op.getStaticExtents(),
                                    op.getExtents())))
    return failure();
  for (int64_t extent : op.getStaticExtents())
    if (!ShapedType::isDynamic(extent) && extent < 0)
      return op.emitOpError() << "extent " << extent << " is negative";
  return success();
}

static LogicalResult verifyDestinations(ArrayOp op) {
  if (op.getOuts().empty())
    return success();
  if (op.hasBufferSemantics()) {
    if (op.getNumResults() != 0)
      return op.emitOpError() << "writes to buffers and has results as well";
    for (Value out : op.getOuts())
      if (!isa<MemRefType>(out.getType()))
        return op.emitOpError() << "mixes buffers and arrays as destinations";
    return success();
  }
  if (op.getOuts().size() != op.getNumResults())
    return op.emitOpError()
           << "has " << op.getOuts().size() << " destinations for "
           << op.getNumResults() << " results";
  for (auto [number, out] : llvm::enumerate(op.getOuts()))
    if (out.getType() != op.getResult(number).getType())
      return op.emitOpError()
             << "destination #" << number << " has type " << out.getType()
             << ", but its result has " << op.getResult(number).getType();
  return success();
}

/// Verifies the map and the shape of result or buffer `number`.
static LogicalResult verifyMap(ArrayOp op, unsigned number, ShapedType type) {
  AffineMap map = op.getMap(number);
  if (map.getNumDims() != op.getNumAxes() || map.getNumSymbols() != 0 ||
      !map.isProjectedPermutation())
    return op.emitOpError()
           << "map #" << number << " must be a projected permutation of "
           << op.getNumAxes() << " axes, but is " << AffineMapAttr::get(map);
  SmallVector<int64_t> shape;
  for (AffineExpr expr : map.getResults())
    shape.push_back(
        op.getStaticExtents()[cast<AffineDimExpr>(expr).getPosition()]);
  if (failed(verifyCompatibleShape(type.getShape(), shape)))
    return op.emitOpError()
           << (op.hasBufferSemantics() ? "buffer #" : "result #") << number
           << " must be " << RankedTensorType::get(shape, type.getElementType())
           << " or compatible, but is " << type;
  return success();
}

LogicalResult ArrayOp::verify() {
  if (failed(verifyExtents(*this)) || failed(verifyDestinations(*this)))
    return failure();
  TypeRange types(getResultTypes());
  if (hasBufferSemantics())
    types = TypeRange(getOuts());
  if (getMaps().size() != types.size())
    return emitOpError() << "has " << getMaps().size() << " maps for "
                         << types.size() << " results";
  if (types.empty())
    return emitOpError() << "needs at least one result or buffer";
  for (auto [number, type] : llvm::enumerate(types))
    if (failed(verifyMap(*this, number, cast<ShapedType>(type))))
      return failure();
  return success();
}

/// Verifies that result `number` does not vary along axes that it lacks.
static LogicalResult verifyAxesOf(ArrayOp op, unsigned number,
                                  AxisSets &axisSets) {
  AffineMap map = op.getMap(number);
  for (BlockArgument axis : axisSets.get(op.getYieldedValues()[number])) {
    AffineExpr dim = getAffineDimExpr(axis.getArgNumber(), op.getContext());
    if (axis.getOwner()->getParentOp() == op && !map.getResultPosition(dim))
      return op.emitOpError()
             << "result #" << number << " depends on axis "
             << axis.getArgNumber() << ", which its map leaves out";
  }
  return success();
}

LogicalResult ArrayOp::verifyRegions() {
  TypeRange types(getResultTypes());
  if (hasBufferSemantics())
    types = TypeRange(getOuts());
  SmallVector<Type> indices(getNumAxes(), IndexType::get(getContext()));
  SmallVector<Type> elements = llvm::map_to_vector(
      types, [](Type type) { return getElementTypeOrSelf(type); });
  if (failed(verifyScalarRegion(*this, getBody(), "body", indices, elements)))
    return failure();
  AxisSets axisSets;
  for (unsigned number : llvm::seq<unsigned>(types.size()))
    if (failed(verifyAxesOf(*this, number, axisSets)))
      return failure();
  return success();
}

void ArrayOp::getAsmBlockArgumentNames(Region &region,
                                       OpAsmSetValueNameFn set) {
  nameArguments(region, set, {"i", "j", "u", "v", "w", "x", "y", "z"});
}

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

/// `outs(%a, %b : t, u)`
static ParseResult parseOuts(OpAsmParser &parser, OperationState &result,
                             int32_t &count) {
  if (failed(parser.parseOptionalKeyword("outs")))
    return success();
  SmallVector<OpAsmParser::UnresolvedOperand> outs;
  SmallVector<Type> types;
  llvm::SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLParen() || parser.parseOperandList(outs) ||
      parser.parseColonTypeList(types) || parser.parseRParen() ||
      parser.resolveOperands(outs, types, loc, result.operands))
    return failure();
  count = outs.size();
  return success();
}

ParseResult ArrayOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  auto &properties = result.getOrAddProperties<Properties>();
  SmallVector<OpAsmParser::Argument> axes;
  SmallVector<OpAsmParser::UnresolvedOperand> extents;
  if (parser.parseArgumentList(axes, OpAsmParser::Delimiter::Paren) ||
      parser.parseKeyword("in") ||
      parseDynamicIndexList(parser, extents, properties.static_extents, nullptr,
                            AsmParser::Delimiter::Paren) ||
      parser.resolveOperands(extents, builder.getIndexType(), result.operands))
    return failure();
  if (axes.size() != properties.static_extents.asArrayRef().size())
    return parser.emitError(parser.getNameLoc())
           << "has " << axes.size() << " axes, but "
           << properties.static_extents.asArrayRef().size() << " extents";
  for (OpAsmParser::Argument &axis : axes)
    axis.type = builder.getIndexType();

  int32_t numOuts = 0;
  if (parseOuts(parser, result, numOuts))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("maps")) &&
      parser.parseAttribute(properties.maps))
    return failure();
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), axes))
    return failure();
  if (succeeded(parser.parseOptionalColon()) &&
      parser.parseTypeList(result.types))
    return failure();
  size_t numResults = result.types.empty() ? numOuts : result.types.size();
  if (!properties.maps)
    properties.maps = builder.getAffineMapArrayAttr(SmallVector<AffineMap>(
        numResults, builder.getMultiDimIdentityMap(axes.size())));
  properties.operandSegmentSizes = {static_cast<int32_t>(extents.size()),
                                    numOuts};
  return success();
}

void ArrayOp::print(OpAsmPrinter &printer) {
  printer << " (";
  llvm::interleaveComma(getAxes(), printer,
                        [&](BlockArgument a) { printer.printOperand(a); });
  printer << ") in ";
  printDynamicIndexList(printer, *this, getExtents(), getStaticExtents(), {},
                        AsmParser::Delimiter::Paren);
  if (!getOuts().empty())
    printer << " outs(" << getOuts() << " : " << getOuts().getTypes() << ")";
  bool identities =
      llvm::all_of(getMaps().getAsValueRange<AffineMapAttr>(),
                   [](AffineMap map) { return map.isIdentity(); });
  if (!identities)
    printer << " maps " << getMaps();
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {"static_extents", "maps", "operandSegmentSizes"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  if (getNumResults() != 0)
    printer << " : " << getResultTypes();
}

//===----------------------------------------------------------------------===//
// materialize
//===----------------------------------------------------------------------===//

LogicalResult
MaterializeOp::reifyResultShapes(OpBuilder &builder,
                                 ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(IndexMath(builder, getLoc()).shapeOf(getSource()));
  return success();
}

/// An argument is stored already, and so is what is stored.
OpFoldResult MaterializeOp::fold(FoldAdaptor) {
  if (getSource().getDefiningOp<MaterializeOp>() ||
      isa<BlockArgument>(getSource()))
    return getSource();
  return {};
}
