#ifndef TUTORIAL_OPS_TD
#define TUTORIAL_OPS_TD

include "moa/Dialect/Moa/IR/PsiOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TutorialDialect : Dialect {
  let name = "tutorial";
  let cppNamespace = "::tutorial";
}

def EveryOp : Op<TutorialDialect, "every", [
    NoMemoryEffect,
    DeclareOpInterfaceMethods<PsiOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                              ["reifyResultShapes"]>]> {
  let summary = "Every step-th element of a vector";
  let description = [{
        <i> psi (every_s A) = <i * s> psi A,   of extent ceil(n / s)
  }];
  let arguments = (ins 1DTensorOf<[AnyFloat]>:$source,
                       ConfinedAttr<I64Attr, [IntPositive]>:$step);
  let results = (outs 1DTensorOf<[AnyFloat]>:$result);
  let assemblyFormat =
      "$source `step` $step attr-dict `:` type($source) `->` type($result)";
}

#endif // TUTORIAL_OPS_TD
