//===- Builtins.h - Functions of the device runtime -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_EXECUTE_BUILTINS_H
#define MOA_LIB_PTXEMULATOR_EXECUTE_BUILTINS_H

#include "../Machine/Machine.h"

namespace moa::ptx {

struct BuiltinCall : InstExtra {
  struct Passed {
    bool isVariable;
    uint64_t offset, bytes;
    Slot slot;
  };
  std::vector<Passed> arguments, results;
};

/// vprintf, __assertfail, malloc or free; null for another, or where `call`
/// does not fit.
Handler builtinNamed(const std::string &name, const BuiltinCall &call);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_EXECUTE_BUILTINS_H
