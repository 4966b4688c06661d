//===- CountAlgebra.h - A pass of a project outside moa ---------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares the pass --standalone-count-algebra.
//
//===----------------------------------------------------------------------===//

#ifndef STANDALONE_COUNTALGEBRA_H
#define STANDALONE_COUNTALGEBRA_H

namespace standalone {

/// Registers the pass --standalone-count-algebra, which remarks on each
/// function how many operations of the algebra it holds.
void registerCountAlgebraPass();

} // namespace standalone

#endif // STANDALONE_COUNTALGEBRA_H
