//===- Npy.h - Read and write .npy files ------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The .npy format of NumPy, which is how arrays enter and leave the tools.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_SUPPORT_NPY_H
#define MOA_SUPPORT_NPY_H

#include "moa/Support/HostArray.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace moa {

/// Reads the array in the .npy file at `path`: versions 1.0, 2.0 and 3.0,
/// either byte order, row-major or Fortran order (which is converted to
/// row-major).
///
/// The dtypes f2 f4 f8 b1 i1 i2 i4 i8 u1 u2 u4 u8 give the element types of the
/// same meaning. bf16, for which the format has no name, is the two-byte void
/// type that NumPy writes for ml_dtypes.bfloat16 ('<V2' or '|V2'), or the name
/// 'bfloat16' itself.
///
/// With `expected`, any other element type is an error, except that u2 is taken
/// for the bit patterns where BF16 is expected, and i8 for Index.
///
/// Every error names the file, and the offset in it and the limit where there
/// is one. Nothing in the file is trusted: memory is only taken for as many
/// bytes as the file holds.
llvm::Expected<HostArray>
readNpy(llvm::StringRef path,
        std::optional<ElementType> expected = std::nullopt);

/// The same for a whole file that is in memory; `name` stands for it in errors.
llvm::Expected<HostArray>
parseNpy(llvm::StringRef contents, llvm::StringRef name,
         std::optional<ElementType> expected = std::nullopt);

/// Writes `array` to a .npy file at `path`, byte for byte as `np.save` would:
/// version 1.0, little-endian, row-major, the data aligned to 64 bytes. BF16 is
/// written as '<V2', for which `np.load(path).view(ml_dtypes.bfloat16)` is the
/// array again; Index as i8. The file is written whole or not at all; the error
/// names it.
llvm::Error writeNpy(const HostArray &array, llvm::StringRef path);

/// The bytes that `writeNpy` puts in front of the elements. An error tells that
/// the rank is beyond NumPy's limit of 64.
llvm::Expected<std::string> npyHeader(const HostArray &array);

} // namespace moa

#endif // MOA_SUPPORT_NPY_H
