//===- Passes.td - Scalar code as LLVM's CPU targets have it -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_CONVERSION_LEGALIZECPUMATH_PASSES_TD
#define MOA_CONVERSION_LEGALIZECPUMATH_PASSES_TD

include "mlir/Pass/PassBase.td"

def LegalizeCPUMath : Pass<"moa-legalize-cpu-math", "::mlir::ModuleOp"> {
  let summary = "Rewrite what CPU targets have no instruction or function for";
  let description = [{
    Together with upstream's `--arith-emulate-unsupported-floats` (of bf16 to
    f32) and `--arith-expand=include-bf16`, which run after it, this pass makes
    scalar code independent of the compiler's runtime library, which often has no
    bf16 functions (`__truncsfbf2`), and of approximations.

    - `arith.truncf` of f64 to f16 or bf16 goes through f32 rounded to *odd*: an
      inexact value is cut off, and its last bit set. Then the second rounding,
      to nearest even, gives what one rounding would.
    - `arith.extf` of bf16 to f64 goes through f32.
    - `math.fma` on f16 and bf16 is computed in f64, where the product and
      nearly all sums are exact.
    - An integer is converted to bf16 through f64, with one rounding.
    - `math.ipowi` becomes a loop, `math.fpowi` with an i64 a power of f64,
      `math.isinf` and `math.isnormal` comparisons.
    - `math` functions that LLVM has no intrinsic for, or only an approximation
      (`math.expm1`, `math.log1p`, `math.erf`, ...), become calls of libm.

    Example:

    ```mlir
    %y = math.erf %x : f32
    ```

    becomes

    ```mlir
    %y = call @erff(%x) : (f32) -> f32
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

#endif // MOA_CONVERSION_LEGALIZECPUMATH_PASSES_TD
