//===- BufferizableOpInterfaceImpl.h - moa in bufferization ----*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H
#define MOA_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H

#include "moa/Support/LLVM.h"

namespace moa {

/// Lets one-shot bufferization handle the normal form. `moa.array` writes its
/// destinations, reads no element of them, and allocates where it has none;
/// `moa.psi` with a full index reads its source. (`moa.fold` knows no arrays.)
/// Operations of the algebra have no buffer form: bufferization reports them.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);

} // namespace moa

#endif // MOA_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H
