//===- MoaDialect.td - The dialect, its enums and type constraints -*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_DIALECT_MOA_IR_MOADIALECT_TD
#define MOA_DIALECT_MOA_IR_MOADIALECT_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Moa_Dialect : Dialect {
  let name = "moa";
  let cppNamespace = "::moa";
  let summary = "Mathematics of Arrays: an algebra of arrays and its normal forms";
  let description = [{
    The dialect holds three levels of one program.

    - Level 0: whole variants, such as `moa.attention`.
    - Level 1: the algebra. Operations on tensors (`moa.iota`, `moa.psi`,
      `moa.take`, `moa.cat`, `moa.inner`, `moa.reduce`, `moa.map`, ...). Each
      one implements `PsiOpInterface`: it says what one element of its result
      is, in terms of elements of its operands (the *psi-rule*).
    - Level 2: the denotational normal form (DNF). `moa.array`, `moa.fold` and
      `moa.psi` with a full index: a scalar program over named axes, in which no
      intermediate array exists.

    Element types are `f16`, `bf16`, `f32`, `f64`, `i1`, `i8`, `i32`, `i64` and
    `index` (element_types). Integers are signless and read as signed; `i1` is a
    truth value. Extents may be static, dynamic and zero. A written result type
    may know more or fewer extents than follow from the operands (shape_types);
    what is not known statically is a precondition (shape_precondition).

    The rules in parentheses, here and below, stand in `docs/spec.md`.
  }];
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// Reducers
//===----------------------------------------------------------------------===//

def Moa_ReducerKind : I32EnumAttr<"ReducerKind",
    "the commutative monoid of a reduction", [
      I32EnumAttrCase<"Add", 0, "add">,
      I32EnumAttrCase<"Mul", 1, "mul">,
      I32EnumAttrCase<"Max", 2, "max">,
      I32EnumAttrCase<"Min", 3, "min">,
      I32EnumAttrCase<"And", 4, "and">,
      I32EnumAttrCase<"Or", 5, "or">,
      I32EnumAttrCase<"Xor", 6, "xor">,
      I32EnumAttrCase<"Custom", 7, "custom">]> {
  let cppNamespace = "::moa";
  let genSpecializedAttr = 0;
}
def Moa_ReducerAttr : EnumAttr<Moa_Dialect, Moa_ReducerKind, "reducer"> {
  let assemblyFormat = "`<` $value `>`";
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// What an element of an array may be.
def Moa_Element : AnyTypeOf<[F16, BF16, F32, F64, I1, I8, I32, I64, Index],
    "f16, bf16, f32, f64, i1, i8, i32, i64 or index">;

/// An array of the algebra: a ranked tensor of elements.
def Moa_Array : RankedTensorOf<
    [F16, BF16, F32, F64, I1, I8, I32, I64, Index]>;

/// The same after bufferization.
def Moa_Buffer : MemRefOf<[F16, BF16, F32, F64, I1, I8, I32, I64, Index]>;

def Moa_ArrayOrBuffer : AnyTypeOf<[Moa_Array, Moa_Buffer],
    "an array (ranked tensor) or a buffer (memref)">;

//===----------------------------------------------------------------------===//
// Base classes
//===----------------------------------------------------------------------===//

/// The first `count` operand groups have one operand each. (The generated checks
/// of operand segments look at the optional ones only.)
class Moa_OneOperandIn<int count, string names> : PredOpTrait<
    "it has one operand each as " # names,
    CPred<"::llvm::all_of(::llvm::ArrayRef<int32_t>("
          "getProperties().operandSegmentSizes).take_front(" # count # "), "
          "[](int32_t size) { return size == 1; })">>;

class Moa_Op<string mnemonic, list<Trait> traits = []>
    : Op<Moa_Dialect, mnemonic, traits>;

#endif // MOA_DIALECT_MOA_IR_MOADIALECT_TD
