//===- ChipsTest.cpp - The table of chips -----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/Chips.h"

#include "gtest/gtest.h"

using namespace moa;

TEST(Chips, FindsByName) {
  auto chip = findChip("sm_90a");
  ASSERT_TRUE(static_cast<bool>(chip));
  EXPECT_EQ(chip->feature(), "+ptx80");
  chip = findChip("sm_110f");
  ASSERT_TRUE(static_cast<bool>(chip));
  EXPECT_EQ(chip->feature(), "+ptx90");
}

TEST(Chips, ListsTheKnownOnes) {
  for (const char *name : {"", "sm_", "sm_9", "SM_90", "sm_101a", "90a"}) {
    auto chip = findChip(name);
    ASSERT_FALSE(static_cast<bool>(chip)) << name;
    std::string message = llvm::toString(chip.takeError());
    for (const Chip &known : knownChips())
      EXPECT_NE(message.find(known.name.str()), std::string::npos) << message;
  }
}
