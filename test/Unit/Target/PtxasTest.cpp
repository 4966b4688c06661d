//===- PtxasTest.cpp - ptxas and its output ---------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/Ptxas.h"
#include "moa/Target/PTX/Chips.h"

#include "gtest/gtest.h"

using namespace moa;

TEST(Ptxas, ReadsUsage) {
  auto usage = parsePtxasOutput(
      "ptxas info    : 24 bytes gmem\n"
      "ptxas info    : Compiling entry function 'f_kernel0' for 'sm_90a'\n"
      "ptxas info    : Function properties for f_kernel0\n"
      "    256 bytes stack frame, 12 bytes spill stores, 8 bytes spill loads\n"
      "ptxas info    : Used 48 registers, used 1 barriers, 1024 bytes smem, "
      "616 "
      "bytes cmem[0]\n"
      "ptxas info    : Compiling entry function 'g' for 'sm_90a'\n"
      "ptxas info    : Function properties for g\n"
      "    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n"
      "ptxas info    : Used 8 registers, used 0 barriers\n");
  ASSERT_EQ(usage.size(), 2u);
  EXPECT_EQ(usage[0].kernel, "f_kernel0");
  EXPECT_EQ(usage[0].registers, 48u);
  EXPECT_EQ(usage[0].stack, 256u);
  EXPECT_EQ(usage[0].spillStores, 12u);
  EXPECT_EQ(usage[0].spillLoads, 8u);
  EXPECT_EQ(usage[0].sharedMemory, 1024u);
  EXPECT_EQ(usage[1].kernel, "g");
  EXPECT_EQ(usage[1].registers, 8u);
  EXPECT_EQ(usage[1].stack, 0u);
  EXPECT_TRUE(parsePtxasOutput("nothing\n").empty());
}

TEST(Ptxas, TellsWhatIsMissing) {
  CudaToolkit toolkit("/nowhere");
  EXPECT_TRUE(toolkit.root().empty());
  auto cubin = assemblePtx("", "sm_80", toolkit);
  ASSERT_FALSE(static_cast<bool>(cubin));
  EXPECT_EQ(llvm::toString(cubin.takeError()),
            "no bin/ptxas in /nowhere (set cuda-root or MOA_CUDA_ROOT to the "
            "folder of a CUDA toolkit)");
}

TEST(Ptxas, TellsWhatPtxasSays) {
  CudaToolkit toolkit;
  if (auto ptxas = toolkit.ptxas(); !ptxas) {
    llvm::consumeError(ptxas.takeError());
    GTEST_SKIP() << "no ptxas";
  }
  auto cubin =
      assemblePtx(".version 8.0\n.target sm_80\nnonsense\n", "sm_80", toolkit);
  ASSERT_FALSE(static_cast<bool>(cubin));
  std::string message = llvm::toString(cubin.takeError());
  EXPECT_NE(message.find("ptxas failed"), std::string::npos) << message;
  EXPECT_NE(message.find("nonsense"), std::string::npos) << message;
}

// The versions in the table are ones that ptxas takes with each chip.
TEST(Ptxas, TakesEveryChip) {
  CudaToolkit toolkit;
  if (auto ptxas = toolkit.ptxas(); !ptxas) {
    llvm::consumeError(ptxas.takeError());
    GTEST_SKIP() << "no ptxas";
  }
  for (const Chip &chip : knownChips()) {
    std::string ptx = ".version " + std::to_string(chip.ptxVersion / 10) + "." +
                      std::to_string(chip.ptxVersion % 10) + "\n.target " +
                      chip.name.str() +
                      "\n.address_size 64\n.visible .entry k() { ret; }\n";
    llvm::SmallVector<KernelUsage> usage;
    auto cubin = assemblePtx(ptx, chip.name, toolkit, &usage);
    ASSERT_TRUE(static_cast<bool>(cubin))
        << chip.name.str() << ": " << llvm::toString(cubin.takeError());
    EXPECT_EQ(cubin->substr(0, 4), "\x7f"
                                   "ELF");
    ASSERT_EQ(usage.size(), 1u);
    EXPECT_EQ(usage[0].kernel, "k");
    auto fatbin = makeFatbin(ptx, *cubin, chip.name, toolkit);
    ASSERT_TRUE(static_cast<bool>(fatbin))
        << chip.name.str() << ": " << llvm::toString(fatbin.takeError());
    EXPECT_GT(fatbin->size(), cubin->size() / 4);
  }
}
