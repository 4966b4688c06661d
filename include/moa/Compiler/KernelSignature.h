//===- KernelSignature.h - Types of a function on host arrays -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arguments and results of a function as a caller with arrays in host memory
// sees them, before any pass has changed the function.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_COMPILER_KERNELSIGNATURE_H
#define MOA_COMPILER_KERNELSIGNATURE_H

#include "moa/Support/HostArray.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>

namespace moa {

/// The type of an argument or a result: a scalar, or an array with extents of
/// which some are mlir::ShapedType::kDynamic.
struct KernelValueType {
  ElementType element = ElementType::F32;
  bool isScalar = false;
  llvm::SmallVector<int64_t> shape;

  int64_t rank() const { return static_cast<int64_t>(shape.size()); }
};

struct KernelSignature {
  std::string name;
  llvm::SmallVector<KernelValueType> arguments, results;

  /// The signature of `function`. An error names an argument or a result that is
  /// neither a ranked tensor nor a scalar, or not of an element type.
  static llvm::Expected<KernelSignature> get(mlir::func::FuncOp function);

  /// Says what is wrong with arrays given as arguments: their number, or an
  /// element type, a rank or an extent. A scalar is an array of rank 0.
  llvm::Error check(llvm::ArrayRef<HostArray> arrays) const;
};

/// The element type of that name in IR, if host arrays have it.
std::optional<ElementType> getElementType(mlir::Type type);

} // namespace moa

#endif // MOA_COMPILER_KERNELSIGNATURE_H
