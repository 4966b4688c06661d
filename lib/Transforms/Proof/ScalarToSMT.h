//===- ScalarToSMT.h - Scalar code as SMT terms -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_TRANSFORMS_PROOF_SCALARTOSMT_H
#define MOA_LIB_TRANSFORMS_PROOF_SCALARTOSMT_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SMT/IR/SMTOps.h"

#include <map>

namespace moa {

/// Translates scalar code of the normal form at the insertion point of a
/// builder: indices are integers, truth values booleans, arrays functions, all
/// other elements of a sort of which nothing is known.
class ScalarToSMT {
public:
  explicit ScalarToSMT(OpBuilder &builder) : builder(builder) {}

  /// Declares an argument of the functions that are compared; for an array also
  /// its extents, which are asserted not to be negative. Calling it again for
  /// an argument of the other function with the number gives the same.
  LogicalResult declareArgument(BlockArgument argument);
  /// The term of a value; null after an error.
  Value translate(Value value);
  void map(Value value, Value term) { known[value] = term; }
  /// The term of an extent.
  Value translateExtent(OpFoldResult extent);
  /// Translates the operations of a block, reads and their bounds too.
  LogicalResult translateBlock(Block &block);

  /// What holds where no read was out of bounds, since the last call.
  Value takeBounds();

  // Terms.
  Value integer(int64_t value);
  Value truth(bool value);
  Value less(Value a, Value b);
  Value lessEqual(Value a, Value b);
  Value both(Value a, Value b);
  Value either(Value a, Value b);
  Value negate(Value a);
  Value equal(Value a, Value b);
  Value choose(Value condition, Value a, Value b);
  /// A new unknown number.
  Value unknown(StringRef name);
  void assertThat(Value condition);

private:
  struct Array {
    /// A function, or of rank 0 a value.
    Value function;
    SmallVector<Value> extents;
  };

  Type sortOf(Type type);
  Value translateOp(Operation *op, unsigned result);
  Value translateArith(Operation *op);
  Value translateTruth(Operation *op);
  Value translateDivision(Operation *op);
  Value translateCompare(arith::CmpIOp op);
  Value translateExpr(AffineExpr expr, ArrayRef<Value> operands,
                      unsigned numDims);
  Value translateConstant(arith::ConstantOp op);
  Value translateRead(PsiOp psi);
  LogicalResult translateIf(scf::IfOp op);
  Value translateUnknown(Operation *op);
  Value declare(Type type, StringRef name);

  OpBuilder &builder;
  llvm::DenseMap<Value, Value> known;
  llvm::DenseMap<Value, unsigned> arrayOf;
  std::vector<Array> arrays;
  std::map<unsigned, Value> scalars;
  std::map<unsigned, unsigned> arrayNumbers;
  std::map<std::string, Value> functions;
  /// What is known to hold where the code at hand runs.
  Value path;
  Value bounds;
};

} // namespace moa

#endif // MOA_LIB_TRANSFORMS_PROOF_SCALARTOSMT_H
