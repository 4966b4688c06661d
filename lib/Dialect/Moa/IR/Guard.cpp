//===- Guard.cpp - Elements that exist under a condition only --*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Dialect/Moa/IR/Guard.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace moa;

Value moa::buildGuarded(OpBuilder &builder, Location loc, Value condition,
                        BuildElementFn onTrue, BuildElementFn onFalse) {
  if (matchPattern(condition, m_NonZero()))
    return onTrue(builder, loc);
  if (matchPattern(condition, m_Zero()))
    return onFalse(builder, loc);
  auto yielding = [](BuildElementFn build) {
    return [build](OpBuilder &b, Location l) {
      scf::YieldOp::create(b, l, build(b, l));
    };
  };
  return scf::IfOp::create(builder, loc, condition, yielding(onTrue),
                           yielding(onFalse))
      .getResult(0);
}
