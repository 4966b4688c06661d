# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""moa-ptx on a provider that is not the emulator: without a GPU, how it refuses;
and on the driver of the unit tests, which knows one kernel."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import BUILD, HERE, TOOL  # noqa: E402

FAKE = BUILD / "lib" / "libMoaFakeCuda.so"
ARGS = ["--block=32", "--arg=inout:x.npy", "--arg=i32:3"]


def moa_ptx(folder, *args, driver="/nowhere/libcuda.so"):
    (folder / "k.ptx").write_text("// the driver of the tests does not read this\n")
    np.save(folder / "x.npy", np.arange(4, dtype=np.int32))
    return subprocess.run(
        [TOOL, "k.ptx", *args], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"MOA_LIBCUDA": str(driver)},
    )  # fmt: skip


def test_no_driver(tmp_path):
    done = moa_ptx(tmp_path, "--provider=cuda", "--kernel=add_one", *ARGS)
    assert done.returncode == 1
    assert "there is no CUDA driver: /nowhere/libcuda.so" in done.stderr


def test_no_provider(tmp_path):
    done = moa_ptx(tmp_path, "--provider=abacus", *ARGS)
    assert done.returncode == 1
    known = "'cuda', 'emulator', 'none'"
    assert f"there is no provider 'abacus'; there are: {known}" in done.stderr


def test_none(tmp_path):
    done = moa_ptx(tmp_path, "--provider=none", *ARGS)
    assert done.returncode == 1
    assert "provider 'none' runs no kernels" in done.stderr


needs_fake = pytest.mark.skipif(not FAKE.exists(), reason="unit tests are not built")


@needs_fake
def test_device(tmp_path):
    done = moa_ptx(tmp_path, "--provider=cuda", "--kernel=add_one", *ARGS, driver=FAKE)
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "x.npy").tolist() == [1, 2, 3, 3]


@needs_fake
@pytest.mark.parametrize(
    "args, message",
    [
        (ARGS, "on a device the kernel and its block must be given"),
        (["--kernel=add_one", *ARGS[1:]], "the kernel and its block must be given"),
        (["--kernel=add_two", *ARGS], "kernel 'add_two': CUDA_ERROR"),
        (["--kernel=add_one", *ARGS[:2]], "the kernel does not take 1 arguments"),
    ],
)
def test_refused_by_device(tmp_path, args, message):
    done = moa_ptx(tmp_path, "--provider=cuda", *args, driver=FAKE)
    assert done.returncode == 1
    assert message in done.stderr
    assert np.load(tmp_path / "x.npy").tolist() == [0, 1, 2, 3]


def test_conformance_script_without_a_gpu():
    script = HERE.parents[1] / "scripts" / "gpu_conformance.py"
    done = subprocess.run(
        [sys.executable, script, "--build", BUILD], capture_output=True, text=True,
        env=os.environ | {"MOA_LIBCUDA": "/nowhere/libcuda.so"}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no GPU: moa-ptx: error: " in done.stderr
    assert "there is no CUDA driver: /nowhere/libcuda.so" in done.stderr
