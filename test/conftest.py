# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fixtures for the tests that run moa's tools from Python."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Layout:
    """Where things lie; `cuda` is None where no cubin can be made."""

    source: Path
    build: Path
    llvm: Path
    cuda: Path | None

    @property
    def bin(self):
        return self.build / "bin"

    def run(self, tool, *args, check=True, **kwargs):
        """Runs a tool of build/bin and gives the CompletedProcess, its output
        as text. With `check`, a non-zero status fails the test and shows what
        the tool said."""
        command = [str(self.bin / tool), *(str(arg) for arg in args)]
        env = dict(os.environ)
        if self.cuda:
            env["CUDA_ROOT"] = str(self.cuda)
        done = subprocess.run(
            command, text=True, capture_output=True, env=env, **kwargs
        )
        if check and done.returncode != 0:
            pytest.fail(
                f"{' '.join(command)}\nended with {done.returncode}:\n{done.stderr}",
                pytrace=False,
            )
        return done


@pytest.fixture(scope="session")
def moa():
    """The Layout of the build under test: $MOA_BUILD, or build/ in the sources."""
    source = Path(__file__).resolve().parent.parent
    build = Path(os.environ.get("MOA_BUILD", source / "build"))
    cache = (build / "CMakeCache.txt").read_text()

    def entry(name):
        match = re.search(rf"^{name}:\w+=(.*)$", cache, re.MULTILINE)
        return match.group(1) if match else ""

    # MLIR_DIR is LLVM's lib/cmake/mlir.
    llvm = Path(entry("MLIR_DIR")).parents[2]
    cuda = entry("MOA_CUDA_ROOT")
    return Layout(source, build, llvm, Path(cuda) if cuda else None)
