//===- SharedMatrix.h - Matrices that wgmma reads from shared memory -*- C++
//-*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A descriptor tells where the 16-byte pieces of a matrix are. In units of
// them, with W = 1, 2, 4 or 8 for no swizzle and those of 32, 64, 128 bytes:
//   K-major: row r, piece c of its 32 bytes:
//     (r % 8) W + (r / 8) stride + c             (W = 1: c leading)
//   MN-major: k, piece c of m or n:
//     c % W + (c / W) leading + (k % 8) W + (k / 8) stride
//                                  (W = 1: leading and stride exchanged)
// and bits 4 to 6 of the address are combined with bits 7 to 9 by xor, as many
// as the swizzle has.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MATRIX_SHAREDMATRIX_H
#define MOA_LIB_PTXEMULATOR_MATRIX_SHAREDMATRIX_H

#include "../Machine/Machine.h"
#include "Elements.h"

namespace moa::ptx {

inline constexpr unsigned pieceBytes = 16;

class MatrixDescriptor {
public:
  explicit MatrixDescriptor(uint64_t bits);
  uint32_t kMajor(unsigned row, unsigned piece) const;
  uint32_t mnMajor(unsigned piece, unsigned k) const;

private:
  uint32_t swizzled(uint32_t address) const;
  uint32_t start, leading, stride, base, swizzleBits;
};

/// A multiplicand of wgmma in shared memory: `rows` rows (m of A, n of B) and
/// k elements.
struct SharedMatrix {
  Element element;
  unsigned rows = 0, k = 0;
  bool mnMajor = false;

  /// Bytes of one row in k: 32 for all types.
  unsigned pieces() const { return rows * k * element.bits / 8 / pieceBytes; }
};

/// The pieces of a matrix, for the current instruction of `w`, which reads them
/// in the name of `actor`: checks and counts. False after a fault.
bool readPieces(Warp &w, const Inst &in, const SharedMatrix &matrix,
                uint64_t descriptor, const Actor &actor,
                std::vector<const uint8_t *> &pieces);

/// The pieces as a matrix: rows by k for A, k by rows for B.
template <class T>
void unpackA(const SharedMatrix &m, const std::vector<const uint8_t *> &pieces,
             T *a);
template <class T>
void unpackB(const SharedMatrix &m, const std::vector<const uint8_t *> &pieces,
             T *b);
/// Of one-bit elements: rows by k in words, of A and of B.
void unpackBits(const SharedMatrix &m,
                const std::vector<const uint8_t *> &pieces, uint32_t *words);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MATRIX_SHAREDMATRIX_H
