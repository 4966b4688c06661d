//===- PrintCounts.cpp - The pass moa-print-counts --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/Counts.h"
#include "moa/Transforms/Passes.h"

namespace moa {
#define GEN_PASS_DEF_MOAPRINTCOUNTS
#include "moa/Transforms/Passes.h.inc"
} // namespace moa

using namespace moa;

namespace {
struct PrintCounts : public moa::impl::MoaPrintCountsBase<PrintCounts> {
  using MoaPrintCountsBase::MoaPrintCountsBase;

  void runOnOperation() override {
    std::string text;
    llvm::raw_string_ostream os(text);
    if (failed(print(os)))
      return signalPassFailure();
    llvm::outs() << text;
  }

  LogicalResult print(raw_ostream &os) {
    llvm::json::OStream writer(os, /*IndentSize=*/2);
    if (json)
      writer.arrayBegin();
    WalkResult result = getOperation().walk([&](func::FuncOp function) {
      if (function.isExternal())
        return WalkResult::advance();
      FormSpace space(nonempty);
      FailureOr<FunctionCounts> counts = countFunction(function, space);
      if (failed(counts))
        return WalkResult::interrupt();
      if (json)
        writeCounts(*counts, writer);
      else
        printCounts(*counts, os);
      return WalkResult::advance();
    });
    if (json && !result.wasInterrupted()) {
      writer.arrayEnd();
      os << "\n";
    }
    return failure(result.wasInterrupted());
  }
};
} // namespace
