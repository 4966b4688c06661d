#include "Tutorial.h"

#include "moa/Dialect/Moa/IR/IndexMath.h"

#include "TutorialDialect.cpp.inc"

#define GET_OP_CLASSES
#include "TutorialOps.cpp.inc"

using namespace mlir;

void tutorial::TutorialDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "TutorialOps.cpp.inc"
      >();
}

// The shape function: ceil(n / step).
LogicalResult
tutorial::EveryOp::reifyResultShapes(OpBuilder &builder,
                                     ReifiedRankedShapedTypeDims &shapes) {
  moa::IndexMath math(builder, getLoc());
  OpFoldResult extent = math.extentOf(getSource(), 0);
  OpFoldResult rounded = math.add(extent, math.constant(getStep() - 1));
  shapes.push_back(moa::matchStaticExtents(
      builder, getLoc(), {math.div(rounded, math.constant(getStep()))},
      cast<ShapedType>(getType())));
  return success();
}

// The psi-rule: element i of the result is element i * step of the source.
Value tutorial::EveryOp::buildElement(OpBuilder &builder, Location loc,
                                      unsigned resultNumber,
                                      ValueRange indices) {
  moa::IndexMath math(builder, loc);
  Value index = math.value(
      math.mul(indices.front(), math.constant(getStep())));
  return moa::PsiOp::create(builder, loc, getSource(), ValueRange(index));
}
