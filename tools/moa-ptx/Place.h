//===- Place.h - Where a kernel runs ----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The emulator, or a device of the launch table: the same launch files run on
// both, so that the emulator can be compared with a GPU.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TOOLS_MOA_PTX_PLACE_H
#define MOA_TOOLS_MOA_PTX_PLACE_H

#include "moa/PTXEmulator/Emulator.h"
#include "moa/PTXEmulator/TensorMap.h"

#include <memory>
#include <string>

namespace moa::ptx {

/// Functions that can fail return false, or address 0, and set `error`.
class Place {
public:
  virtual ~Place() = default;
  virtual uint64_t allocate(uint64_t bytes, const std::string &name,
                            uint64_t align, std::string &error) = 0;
  virtual bool write(uint64_t address, const void *from, uint64_t bytes,
                     std::string &error) = 0;
  virtual bool read(uint64_t address, void *to, uint64_t bytes,
                    std::string &error) = 0;
  virtual bool encode(const TensorMap &map, TensorMapBytes &bytes,
                      std::string &error) = 0;
  virtual bool launch(const LaunchConfig &config, const Options &options,
                      Report &report, std::string &error) = 0;
};

/// The place called `provider` with the module `ptx` loaded; null after an error.
std::unique_ptr<Place> openPlace(const std::string &provider, std::string ptx,
                                 std::string &error);

} // namespace moa::ptx

#endif // MOA_TOOLS_MOA_PTX_PLACE_H
