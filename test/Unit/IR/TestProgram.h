//===- TestProgram.h - Programs of the unit tests --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parsed program whose operations are found by their attribute `tag`, and the
// evaluation of straight-line code on constants.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TEST_UNIT_IR_TESTPROGRAM_H
#define MOA_TEST_UNIT_IR_TESTPROGRAM_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

namespace moa {

class TestProgram {
public:
  explicit TestProgram(StringRef source = "") {
    context.loadDialect<MoaDialect, func::FuncDialect, memref::MemRefDialect>();
    context.allowUnregisteredDialects();
    module = parseSourceString<ModuleOp>(source, &context);
    EXPECT_TRUE(module) << "the program does not parse";
  }

  /// The operation with the attribute `tag = "<name>"`.
  Operation *find(StringRef name) {
    Operation *found = nullptr;
    module->walk([&](Operation *op) {
      if (auto tag = op->getAttrOfType<StringAttr>("tag"))
        if (tag.getValue() == name)
          found = op;
    });
    EXPECT_TRUE(found) << "no operation is tagged " << name.str();
    return found;
  }

  /// An empty function with arguments of the given types. Code is built into
  /// its block.
  Block &addFunction(TypeRange types) {
    OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
    auto function =
        func::FuncOp::create(builder, builder.getUnknownLoc(), "test",
                             builder.getFunctionType(types, {}));
    return *function.addEntryBlock();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

/// The value that `result` has, computed by the operations of `block`, if its
/// arguments are `arguments`.
inline int64_t evaluate(Block &block, ArrayRef<int64_t> arguments,
                        OpFoldResult result) {
  llvm::DenseMap<Value, Attribute> known;
  Builder builder(block.getParentOp()->getContext());
  for (auto [argument, value] :
       llvm::zip_equal(block.getArguments(), arguments))
    known[argument] = builder.getIndexAttr(value);
  for (Operation &op : block) {
    SmallVector<Attribute> operands;
    for (Value operand : op.getOperands())
      operands.push_back(known.lookup(operand));
    SmallVector<OpFoldResult> folded;
    EXPECT_TRUE(succeeded(op.fold(operands, folded)))
        << op.getName().getStringRef().str() << " does not fold";
    for (auto [value, attribute] : llvm::zip(op.getResults(), folded))
      known[value] = isa<Attribute>(attribute)
                         ? cast<Attribute>(attribute)
                         : known.lookup(cast<Value>(attribute));
  }
  if (auto value = dyn_cast<Value>(result))
    return cast<IntegerAttr>(known.lookup(value)).getInt();
  return cast<IntegerAttr>(cast<Attribute>(result)).getInt();
}

} // namespace moa

#endif // MOA_TEST_UNIT_IR_TESTPROGRAM_H
