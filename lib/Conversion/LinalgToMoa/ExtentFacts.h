//===- ExtentFacts.h - Which extents are known to be equal ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_CONVERSION_LINALGTOMOA_EXTENTFACTS_H
#define MOA_LIB_CONVERSION_LINALGTOMOA_EXTENTFACTS_H

#include "moa/Support/LLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include "llvm/ADT/DenseMap.h"

namespace moa {

/// The extents of a function's arrays, in classes: equal by construction, or
/// because an operation requires it. Each class has one leader, a constant, an
/// extent of an argument or else the first one, that stands for all: so folds
/// over equal ranges have the same bounds.
///
/// Values are compared by address: while this lives, no array of the function
/// may be erased.
class ExtentFacts {
public:
  /// Collects what all operations of `function` require.
  explicit ExtentFacts(func::FuncOp function);

  /// The extent of `array` along `axis`, as it is known best at `builder`.
  OpFoldResult get(OpBuilder &builder, Location loc, Value array, int64_t axis);
  SmallVector<OpFoldResult> get(OpBuilder &builder, Location loc, Value array);

  /// True if the two are equal, by construction or by requirement.
  bool areEqual(OpFoldResult a, OpFoldResult b);
  /// Emits an assertion that axis `axisA` of `a` is as long as axis `axisB` of
  /// `b`, unless that holds for certain or has been asserted before.
  void require(OpBuilder &builder, Operation *op, Value a, int64_t axisA,
               Value b, int64_t axisB);

  /// From now on `after` stands for `before`, which has the same extents.
  void replace(Value before, Value after);

private:
  /// Axis `axis` of an array; the index value itself if `axis` is -1; or, of no
  /// value, the number `axis`.
  struct Extent {
    Value value;
    int64_t axis = 0;

    bool isConstant() const { return !value; }
    std::pair<Value, int64_t> pair() const { return {value, axis}; }
    bool operator==(const Extent &other) const {
      return value == other.value && axis == other.axis;
    }
  };
  /// Classes, by union and find. Leaders are their own parents.
  class Classes {
  public:
    Extent find(Extent extent);
    void unite(Extent a, Extent b);

  private:
    bool isBetter(Extent a, Extent b);
    llvm::DenseMap<std::pair<Value, int64_t>, unsigned> numbers;
    SmallVector<Extent> extents;
    SmallVector<unsigned> parents;
    unsigned numberOf(Extent extent);
  };

  Extent known(Value array, int64_t axis);
  Extent known(OpFoldResult extent);
  void collect(Operation *op);
  Value current(Value value);

  /// Equal by construction or requirement, and: by construction or assertion.
  Classes classes, asserted;
  llvm::DenseMap<Value, Value> replaced;
};

/// The loop of a structured operation's operand axis: calls `visit` with loop,
/// operand and axis wherever an indexing map names a loop on its own.
void forEachLoopExtent(Operation *structured,
                       function_ref<void(unsigned, Value, int64_t)> visit);

} // namespace moa

#endif // MOA_LIB_CONVERSION_LINALGTOMOA_EXTENTFACTS_H
