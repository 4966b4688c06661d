//===- Chips.cpp - NVIDIA chips and their PTX versions ----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/Chips.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace moa;

// Each line was tried with `llc -mcpu=CHIP -mattr=+ptxN` and `ptxas -arch
// CHIP`. A test tries them again.
static constexpr Chip chips[] = {
    {"sm_75", 80},   {"sm_80", 80},   {"sm_86", 80},   {"sm_87", 80},
    {"sm_88", 90},   {"sm_89", 80},   {"sm_90", 80},   {"sm_90a", 80},
    {"sm_100", 86},  {"sm_100a", 86}, {"sm_100f", 88}, {"sm_103", 88},
    {"sm_103a", 88}, {"sm_103f", 88}, {"sm_110", 90},  {"sm_110a", 90},
    {"sm_110f", 90}, {"sm_120", 87},  {"sm_120a", 87}, {"sm_120f", 88},
    {"sm_121", 88},  {"sm_121a", 88}, {"sm_121f", 88},
};

llvm::ArrayRef<Chip> moa::knownChips() { return chips; }

llvm::Expected<Chip> moa::findChip(llvm::StringRef name) {
  for (const Chip &chip : chips)
    if (chip.name == name)
      return chip;
  std::string names = llvm::join(
      llvm::map_range(chips, [](const Chip &chip) { return chip.name.str(); }),
      ", ");
  return llvm::createStringError("unknown chip '" + name +
                                 "'; the known ones are " + names);
}
