//===- Link.h - From a module to a program ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_RUN_LINK_H
#define MOA_LIB_PTXEMULATOR_RUN_LINK_H

#include "../Decode/Decoder.h"

namespace moa::ptx {

/// Gives the module's variables memory and addresses, once.
bool placeGlobals(const Module &module, GlobalMemory &memory, Layout &layout,
                  std::string &error);

/// Decodes `kernel` and everything it can reach; null and `error` set if
/// something is not supported.
std::unique_ptr<Program> link(const Module &module, const Function &kernel,
                              Layout layout, std::string &error);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_RUN_LINK_H
