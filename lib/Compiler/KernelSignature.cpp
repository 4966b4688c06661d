//===- KernelSignature.cpp - Types of a function on host arrays -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Compiler/KernelSignature.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace moa;

template <typename... Args>
static llvm::Error makeError(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

std::optional<ElementType> moa::getElementType(mlir::Type type) {
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isSignlessInteger(1))
    return ElementType::I1;
  if (type.isSignlessInteger(8))
    return ElementType::I8;
  if (type.isSignlessInteger(32))
    return ElementType::I32;
  if (type.isSignlessInteger(64))
    return ElementType::I64;
  if (type.isIndex())
    return ElementType::Index;
  return std::nullopt;
}

static llvm::Expected<KernelValueType> getValueType(mlir::Type type,
                                                    llvm::StringRef function,
                                                    llvm::StringRef what,
                                                    unsigned number) {
  KernelValueType value;
  auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type);
  std::optional<ElementType> element =
      getElementType(tensor ? tensor.getElementType() : type);
  if (!element) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return makeError("{0} #{1} of '{2}' has type {3}: it cannot be passed as an "
                     "array or a scalar",
                     what, number, function, text);
  }
  value.element = *element;
  value.isScalar = !tensor;
  if (tensor)
    value.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  return value;
}

llvm::Expected<KernelSignature>
KernelSignature::get(mlir::func::FuncOp function) {
  KernelSignature signature;
  signature.name = function.getName().str();
  for (auto [number, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto value = getValueType(type, signature.name, "argument", number);
    if (!value)
      return value.takeError();
    signature.arguments.push_back(std::move(*value));
  }
  for (auto [number, type] : llvm::enumerate(function.getResultTypes())) {
    auto value = getValueType(type, signature.name, "result", number);
    if (!value)
      return value.takeError();
    signature.results.push_back(std::move(*value));
  }
  return signature;
}

llvm::Error KernelSignature::check(llvm::ArrayRef<HostArray> arrays) const {
  if (arrays.size() != arguments.size())
    return makeError("'{0}' takes {1} arguments, but {2} are given", name,
                     arguments.size(), arrays.size());
  for (auto [number, pair] :
       llvm::enumerate(llvm::zip_equal(arguments, arrays))) {
    const auto &[type, array] = pair;
    if (array.elementType() != type.element)
      return makeError("argument #{0} of '{1}' must be of {2}, but is {3}",
                       number, name, elementTypeName(type.element),
                       array.describe());
    if (array.rank() != type.rank())
      return makeError("argument #{0} of '{1}' must have rank {2}, but is {3}",
                       number, name, type.rank(), array.describe());
    for (int64_t axis = 0; axis < type.rank(); ++axis)
      if (!mlir::ShapedType::isDynamic(type.shape[axis]) &&
          type.shape[axis] != array.shape()[axis])
        return makeError("argument #{0} of '{1}' must have extent {2} along "
                         "axis {3}, but is {4}",
                         number, name, type.shape[axis], axis,
                         array.describe());
  }
  return llvm::Error::success();
}
