//===- HostCode.cpp - Scalar code of host functions, in C -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace moa;

StringRef moa::cTypeOf(Type type) {
  if (type.isIndex() || type.isInteger(64))
    return "int64_t";
  if (type.isInteger(1))
    return "int";
  if (type.isInteger(8))
    return "int8_t";
  if (type.isInteger(32))
    return "int32_t";
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  if (type.isF16() || type.isBF16())
    return "uint16_t";
  return "";
}

static std::string unsignedType(Type type) {
  return type.isInteger(1) ? "unsigned" : ("u" + cTypeOf(type)).str();
}

HostCode::HostCode(func::FuncOp function, ArrayRef<std::string> names,
                   raw_indented_ostream &os)
    : function(function), os(os) {
  for (auto [argument, name] : llvm::zip_equal(function.getArguments(), names))
    expressions[argument] = name;
}

std::string HostCode::newName(Value value) {
  std::string name = "v" + std::to_string(number++);
  expressions[value] = name;
  return name;
}

/// The operations that `values` are computed from.
static llvm::DenseSet<Operation *> sliceOf(ValueRange values) {
  llvm::DenseSet<Operation *> ops;
  SmallVector<Value> worklist(values);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (!op || !ops.insert(op).second)
      continue;
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    llvm::append_range(worklist, op->getOperands());
    llvm::append_range(worklist, captured);
  }
  return ops;
}

LogicalResult HostCode::write(ValueRange values) {
  return writeBlock(function.getBody().front(), sliceOf(values), nullptr, {});
}

LogicalResult HostCode::writeUpTo(gpu::LaunchFuncOp launch,
                                  llvm::function_ref<void()> writeLaunch) {
  SmallVector<Value> needed(launch->getOperands());
  for (Operation *op = launch->getParentOp(); op != function;
       op = op->getParentOp()) {
    if (!isa<scf::IfOp>(op))
      return op->emitOpError("holds a launch; a C header has launches under "
                             "'scf.if' only");
    llvm::append_range(needed, op->getOperands());
  }
  return writeBlock(function.getBody().front(), sliceOf(needed), launch,
                    writeLaunch);
}

LogicalResult HostCode::writeBlock(Block &block,
                                   const llvm::DenseSet<Operation *> &ops,
                                   gpu::LaunchFuncOp launch,
                                   llvm::function_ref<void()> writeLaunch) {
  for (Operation &op : block) {
    if (launch && &op == launch) {
      writeLaunch();
      return success();
    }
    if (launch && op.isProperAncestor(launch)) {
      auto branch = cast<scf::IfOp>(op);
      bool isThen =
          branch.getThenRegion().isAncestor(launch->getParentRegion());
      os << "if (" << (isThen ? "" : "!") << get(branch.getCondition())
         << ") {\n";
      os.indent();
      Block &inner = isThen ? *branch.thenBlock() : *branch.elseBlock();
      if (failed(writeBlock(inner, ops, launch, writeLaunch)))
        return failure();
      os.unindent() << "}\n";
      return success();
    }
    if (ops.contains(&op) && failed(writeOp(&op)))
      return failure();
  }
  return success();
}

LogicalResult HostCode::writeIf(scf::IfOp op) {
  SmallVector<std::string> names;
  for (Value result : op.getResults()) {
    names.push_back(newName(result));
    os << cTypeOf(result.getType()) << " " << names.back() << ";\n";
  }
  auto writeRegion = [&](Block *block) -> LogicalResult {
    os.indent();
    for (Operation &inner : block->without_terminator())
      if (failed(writeOp(&inner)))
        return failure();
    for (auto [name, value] :
         llvm::zip_equal(names, block->getTerminator()->getOperands()))
      os << name << " = " << get(value) << ";\n";
    os.unindent();
    return success();
  };
  os << "if (" << get(op.getCondition()) << ") {\n";
  if (failed(writeRegion(op.thenBlock())))
    return failure();
  os << "} else {\n";
  if (failed(writeRegion(op.elseBlock())))
    return failure();
  os << "}\n";
  return success();
}

/// Parts of array descriptors are written where they are used.
LogicalResult HostCode::writeMetadata(Operation *op) {
  auto extent = [&](Value array, int64_t axis) -> std::string {
    auto type = cast<MemRefType>(array.getType());
    if (!type.isDynamicDim(axis))
      return std::to_string(type.getDimSize(axis));
    return get(array) + "->sizes[" + std::to_string(axis) + "]";
  };
  if (auto cast = dyn_cast<memref::CastOp>(op)) {
    expressions[cast.getResult()] = get(cast.getSource());
    return success();
  }
  if (auto dim = dyn_cast<memref::DimOp>(op)) {
    if (!dim.getConstantIndex())
      return op->emitOpError("has an axis that is no constant");
    expressions[dim.getResult()] =
        extent(dim.getSource(), *dim.getConstantIndex());
    return success();
  }
  auto parts = cast<memref::ExtractStridedMetadataOp>(op);
  std::string array = get(parts.getSource());
  auto type = cast<MemRefType>(parts.getSource().getType());
  auto [strides, offset] = type.getStridesAndOffset();
  expressions[parts.getBaseBuffer()] = array + "->data";
  expressions[parts.getOffset()] = ShapedType::isDynamic(offset)
                                       ? array + "->offset"
                                       : std::to_string(offset);
  for (auto [axis, size] : llvm::enumerate(parts.getSizes()))
    expressions[size] = extent(parts.getSource(), axis);
  for (auto [axis, stride] : llvm::enumerate(parts.getStrides()))
    expressions[stride] =
        ShapedType::isDynamic(strides[axis])
            ? array + "->strides[" + std::to_string(axis) + "]"
            : std::to_string(strides[axis]);
  return success();
}

static std::string constantText(IntegerAttr value) {
  if (value.getType().isInteger(1))
    return value.getValue().isZero() ? "0" : "1";
  int64_t number = value.getValue().getSExtValue();
  if (number == INT64_MIN)
    return "INT64_MIN";
  if (number != static_cast<int32_t>(number))
    return "INT64_C(" + std::to_string(number) + ")";
  return number < 0 ? "(" + std::to_string(number) + ")"
                    : std::to_string(number);
}

static StringRef comparison(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return "==";
  case arith::CmpIPredicate::ne:
    return "!=";
  case arith::CmpIPredicate::slt:
  case arith::CmpIPredicate::ult:
    return "<";
  case arith::CmpIPredicate::sle:
  case arith::CmpIPredicate::ule:
    return "<=";
  case arith::CmpIPredicate::sgt:
  case arith::CmpIPredicate::ugt:
    return ">";
  case arith::CmpIPredicate::sge:
  case arith::CmpIPredicate::uge:
    return ">=";
  }
  llvm_unreachable("unknown predicate");
}

static bool isUnsigned(arith::CmpIPredicate predicate) {
  return predicate == arith::CmpIPredicate::ult ||
         predicate == arith::CmpIPredicate::ule ||
         predicate == arith::CmpIPredicate::ugt ||
         predicate == arith::CmpIPredicate::uge;
}

std::optional<std::string> HostCode::expressionOf(Operation *op) const {
  auto operand = [&](unsigned i) { return get(op->getOperand(i)); };
  auto asUnsigned = [&](unsigned i) {
    return "(" + unsignedType(op->getOperand(i).getType()) + ")" + operand(i);
  };
  auto infix = [&](StringRef sign) -> std::string {
    return (operand(0) + " " + sign + " " + operand(1)).str();
  };
  auto unsignedInfix = [&](StringRef sign) -> std::string {
    return (asUnsigned(0) + " " + sign + " " + asUnsigned(1)).str();
  };
  auto call = [&](StringRef name) -> std::string {
    return (name + "(" + operand(0) + ", " + operand(1) + ")").str();
  };
  auto unsignedCall = [&](StringRef name) -> std::string {
    return (name + "(" + asUnsigned(0) + ", " + asUnsigned(1) + ")").str();
  };
  using Text = std::optional<std::string>;
  return llvm::TypeSwitch<Operation *, Text>(op)
      .Case([&](arith::AddIOp) { return infix("+"); })
      .Case([&](arith::SubIOp) { return infix("-"); })
      .Case([&](arith::MulIOp) { return infix("*"); })
      .Case([&](arith::DivSIOp) { return infix("/"); })
      .Case([&](arith::RemSIOp) { return infix("%"); })
      .Case([&](arith::DivUIOp) { return unsignedInfix("/"); })
      .Case([&](arith::RemUIOp) { return unsignedInfix("%"); })
      .Case([&](arith::AndIOp) { return infix("&"); })
      .Case([&](arith::OrIOp) { return infix("|"); })
      .Case([&](arith::XOrIOp) { return infix("^"); })
      .Case([&](arith::ShLIOp) { return unsignedInfix("<<"); })
      .Case([&](arith::ShRUIOp) { return unsignedInfix(">>"); })
      .Case([&](arith::ShRSIOp) { return infix(">>"); })
      .Case([&](arith::MaxSIOp) { return call("moa_max"); })
      .Case([&](arith::MinSIOp) { return call("moa_min"); })
      .Case([&](arith::MaxUIOp) { return unsignedCall("moa_maxu"); })
      .Case([&](arith::MinUIOp) { return unsignedCall("moa_minu"); })
      .Case([&](arith::CeilDivSIOp) { return call("moa_ceildiv"); })
      .Case([&](arith::CeilDivUIOp) { return unsignedCall("moa_ceildivu"); })
      .Case([&](arith::FloorDivSIOp) { return call("moa_floordiv"); })
      .Case([&](arith::SelectOp) {
        return operand(0) + " ? " + operand(1) + " : " + operand(2);
      })
      .Case([&](arith::CmpIOp cmp) {
        StringRef sign = comparison(cmp.getPredicate());
        return isUnsigned(cmp.getPredicate()) ? unsignedInfix(sign)
                                              : infix(sign);
      })
      .Case<arith::IndexCastOp, arith::ExtSIOp>([&](Operation *) -> Text {
        // A true i1 is -1 as a signed number.
        return op->getOperand(0).getType().isInteger(1) ? "-" + operand(0)
                                                        : operand(0);
      })
      .Case<arith::IndexCastUIOp, arith::ExtUIOp>(
          [&](Operation *) -> Text { return asUnsigned(0); })
      .Case([&](arith::TruncIOp) -> Text {
        return op->getResult(0).getType().isInteger(1) ? operand(0) + " & 1"
                                                       : operand(0);
      })
      .Default([](Operation *) -> Text { return std::nullopt; });
}

/// True where the C expression of `op` has another type than its variable.
static bool needsCast(Operation *op) {
  Type type = op->getResult(0).getType();
  return !(type.isIndex() || type.isInteger(64) || type.isInteger(1)) ||
         isa<arith::DivUIOp, arith::RemUIOp, arith::ShLIOp, arith::ShRUIOp,
             arith::MaxUIOp, arith::MinUIOp, arith::CeilDivUIOp,
             arith::IndexCastUIOp, arith::ExtUIOp>(op);
}

LogicalResult HostCode::writeOp(Operation *op) {
  if (isa<memref::CastOp, memref::DimOp, memref::ExtractStridedMetadataOp>(op))
    return writeMetadata(op);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return writeIf(branch);
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    if (auto value = dyn_cast<IntegerAttr>(constant.getValue())) {
      expressions[constant.getResult()] = constantText(value);
      return success();
    }
  if (isa<arith::IndexCastOp>(op) && cTypeOf(op->getOperand(0).getType()) ==
                                         cTypeOf(op->getResult(0).getType())) {
    expressions[op->getResult(0)] = get(op->getOperand(0));
    return success();
  }
  bool isScalar =
      op->getNumResults() == 1 && op->getResult(0).getType().isIntOrIndex();
  std::optional<std::string> text;
  if (isScalar)
    text = expressionOf(op);
  if (!text)
    return op->emitOpError("is host code that a C header cannot have");
  Value result = op->getResult(0);
  StringRef type = cTypeOf(result.getType());
  os << "const " << type << " " << newName(result) << " = ";
  if (needsCast(op))
    os << "(" << type << ")(" << *text << ");\n";
  else
    os << *text << ";\n";
  return success();
}
