//===- moa-ptx.cpp - Runs a PTX kernel on the host --------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include <cstdio>
#include <cstring>

static const char help[] = R"(moa-ptx: run a PTX kernel on the host and check it

  moa-ptx FILE.ptx --kernel K --grid X,Y,Z --block X,Y,Z [--cluster X,Y,Z]
          [--smem BYTES] --arg SPEC... [--checks LIST] [--report FILE.json]
          [--out-dir DIR] [--threads N] [--budget N] [--provider P]
  moa-ptx --launch FILE.json [--out-dir DIR] [--report FILE.json]

  SPEC      i32:5  f32:1.5  ...   a scalar
            in:X.npy  inout:X.npy a buffer with the contents of a file
            out:NAME:DTYPE:4x8[:FILL]   written to DIR/NAME.npy; FILL is
                                  poison (nothing was written) or a number
            scratch:BYTES  hex:00ff...  null
  P         emulator, or cuda: a GPU, without checks and counts
  LIST      all, none, or names with a minus for off: all,-races
            bounds alignment uninitialized races convergence async

Exit code: 0 ran clean, 2 a check fired, 1 bad input.
)";

int main(int argc, char **argv) {
  if (argc == 2 &&
      (!std::strcmp(argv[1], "--help") || !std::strcmp(argv[1], "-h"))) {
    std::fputs(help, stdout);
    return 0;
  }
  moa::ptx::Job job;
  std::string error;
  if (!moa::ptx::parseCommandLine(argc, argv, job, error)) {
    std::fprintf(stderr, "moa-ptx: error: %s\n", error.c_str());
    return moa::ptx::BadInput;
  }
  return moa::ptx::runJob(job);
}
