//===- Async.h - Copies that threads wait for -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_MACHINE_ASYNC_H
#define MOA_LIB_PTXEMULATOR_MACHINE_ASYNC_H

#include "../Memory/SharedMemory.h"
#include "Inst.h"

#include <deque>

namespace moa::ptx {

/// One cp.async of one lane: global memory to shared memory.
struct SmallCopy {
  const Inst *inst = nullptr;
  SharedMemory *to = nullptr;
  uint32_t offset = 0;
  uint8_t bytes = 0, sourceBytes = 0; ///< zeros behind the source
  uint64_t from = 0;
};

/// Copies of one thread that complete in groups. They are numbered from 1.
template <class T> struct CopyStream {
  uint32_t agent = 0; ///< of the race detector; 0: none yet
  uint32_t issued = 0, made = 0, waited = 0;
  std::deque<uint32_t> groups; ///< the last copy of each group not waited for
  std::deque<T> copies;        ///< made + 1 .. issued

  void commit() { groups.push_back(issued); }
  /// The last copy that is complete when `leave` groups may be pending; 0 if
  /// that is no other than before.
  uint32_t waitFor(uint64_t leave) {
    uint32_t last = 0;
    while (groups.size() > leave) {
      last = groups.front();
      groups.pop_front();
    }
    return last;
  }
  /// Makes the copies up to number `last`.
  template <class F> void make(uint32_t last, F f) {
    while (made < last && !copies.empty()) {
      T copy = std::move(copies.front());
      copies.pop_front();
      ++made;
      f(copy);
    }
  }
};

struct LaneCopies {
  CopyStream<SmallCopy> small; ///< cp.async
  CopyStream<Deferred> bulk;   ///< cp.async.bulk from shared memory
};

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_MACHINE_ASYNC_H
