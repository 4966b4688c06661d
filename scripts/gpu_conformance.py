#!/usr/bin/env python3
# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the emulator's programs on a GPU, where there is one, and writes down how
they went: the tests of instructions, of CUDA's and of Triton's kernels, which
compare with the same results there.

    build/venv/bin/python scripts/gpu_conformance.py [--build build] [RESULT.md]

Exit code: 0 all agree, 1 some do not, 2 there is no GPU.
"""

import argparse
import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
TESTS = [
    "test/Emulator/test_instructions.py",
    "test/Emulator/test_cuda_programs.py",
    "test/Emulator/test_cuda_libraries.py",
    "test/Emulator/test_triton.py",
]
EMPTY = ".version 8.0\n.target sm_80\n.address_size 64\n.visible .entry k() {\nret;\n}\n"


def find_gpu(build):
    """Empty, or why no kernel can run on a GPU."""
    probe = build / "gpu-probe.ptx"
    probe.write_text(EMPTY)
    done = subprocess.run(
        [build / "bin" / "moa-ptx", probe, "--kernel=k", "--block=1", "--provider=cuda"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip() if done.returncode else ""


def gpu_name():
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip().replace("\n", "; ") or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build")
    parser.add_argument("result", type=Path, nargs="?")
    options = parser.parse_args()
    options.build = options.build.resolve()
    if why := find_gpu(options.build):
        print(f"no GPU: {why}", file=sys.stderr)
        return 2
    env = os.environ | {"MOA_PTX_PROVIDER": "cuda", "MOA_BUILD": str(options.build)}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", *TESTS]
    done = subprocess.run(
        command, cwd=SOURCE, env=env, capture_output=True, text=True, check=False
    )
    failed = re.findall(r"(?m)^FAILED (\S+)", done.stdout)
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    print(summary)
    if options.result:
        lines = ["# The emulator's programs on a GPU", ""]
        lines += [f"{datetime.date.today()}, {gpu_name()}: {summary}.", ""]
        lines += ["The same tests, with the same expected values, as on the emulator:"]
        lines += ["", *(f"- {test}" for test in TESTS), ""]
        if failed:
            lines += ["What differs:", "", *(f"- `{name}`" for name in failed), ""]
        options.result.write_text("\n".join(lines))
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
