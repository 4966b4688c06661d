//===- Bulk.h - Bulk copies, as pieces of memory ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every bulk copy is a list of pieces: runs of bytes of global memory and where
// each is in a box of shared memory. A plain copy is one piece; a tile has one
// for each row, and others for what is outside of the tensor.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_BULK_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_BULK_H

#include "../Machine/Machine.h"
#include "../Parse/Type.h"
#include "Combine.h"

namespace moa::ptx {

struct Piece {
  uint64_t global = 0; ///< address
  uint32_t at = 0;     ///< in the box, before swizzling
  uint32_t bytes = 0;
  bool inside = true; ///< of the tensor
};

struct BulkPlan {
  std::vector<Piece> pieces;
  uint32_t bytes = 0; ///< of the box
  bool isTensor = false;
  unsigned swizzle = 0;       ///< 0, 32, 64 or 128 bytes
  std::vector<uint8_t> fill;  ///< an element outside of the tensor; zeros if
                              ///< empty
  uint16_t byteMask = 0xffff; ///< .cp_mask: of each 16 bytes
};

using SharedPlan = std::shared_ptr<const BulkPlan>;

/// What a store does with the elements that are there; null: replaces them.
struct Reduction {
  Combine combine = nullptr;
  unsigned bytes = 1;
};

/// Copies the pieces to shared memory at `to`, and for each block in `blocks`
/// (if it is not empty) to the same offset there; completes bytes at `barrier`.
/// Shared addresses have a rank.
void issueLoad(Warp &w, const Inst &in, unsigned lane, SharedPlan plan,
               uint64_t to, uint64_t barrier, uint32_t blocks);
/// Copies from shared memory to the pieces, in the bulk group of the lane.
void issueStore(Warp &w, const Inst &in, unsigned lane, SharedPlan plan,
                uint64_t from, Reduction reduction);
/// From shared memory to that of another block.
void issueMove(Warp &w, const Inst &in, unsigned lane, uint64_t to,
               uint64_t from, uint32_t bytes, uint64_t barrier,
               Reduction reduction);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_BULK_H
