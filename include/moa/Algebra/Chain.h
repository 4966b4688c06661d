//===- Chain.h - Chains of naive folds, in passes ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chain of naive folds over one range becomes towers, one a pass. A fold
// joins the earliest pass in which its correction can be proved; where it is
// refused it goes to the next one, in which the results before it are
// parameters.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_CHAIN_H
#define MOA_ALGEBRA_CHAIN_H

#include "moa/Algebra/Tower.h"

#include <memory>

namespace moa::algebra {

/// Folds in the order of the program.
class Chain {
public:
  struct Fold {
    /// The Op::Res by which later elements name it.
    Ex symbol;
    unsigned pass;
    /// Its value over the results of its pass.
    Ex value;
    /// Why it is not in an earlier pass.
    llvm::SmallVector<Refusal, 1> refusals;
  };

  Chain(Context &context, TowerOptions options)
      : context(context), options(options) {}

  /// Adds a fold of `element` over symbols of earlier folds and the index.
  /// Returns false if it can be in no pass at all (`fold.refusals` says why).
  bool add(Ex symbol, Reducer reducer, Ex element, uint8_t type = 0);

  llvm::ArrayRef<Fold> folds() const { return list; }
  unsigned numPasses() const { return passes.size(); }
  const Tower &pass(unsigned number) const { return *passes[number]; }
  /// The tag of the parameter that stands for the extent.
  static inline const char extentTag = 0;
  /// The parameter that stands for a fold's value in later passes.
  Ex parameterFor(Ex symbol);

private:
  Ex view(Ex e, unsigned pass, bool counts);
  bool mentions(Ex e, unsigned pass) const;
  const Fold *find(Ex symbol) const;

  Context &context;
  TowerOptions options;
  llvm::SmallVector<Fold> list;
  llvm::SmallVector<std::unique_ptr<Tower>> passes;
};

} // namespace moa::algebra

#endif // MOA_ALGEBRA_CHAIN_H
