# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs moa-ptx on arrays. With MOA_PTX_PROVIDER=cuda in the environment, on a GPU:
there are no counts and no checks then."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("MOA_BUILD", HERE.parents[1] / "build"))
TOOL = BUILD / "bin" / "moa-ptx"
PROVIDER = os.environ.get("MOA_PTX_PROVIDER", "emulator")

needs_emulator = pytest.mark.skipif(
    PROVIDER != "emulator", reason="about checks and counts"
)

NAMES = {
    "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64",
    "float16": "f16", "float32": "f32", "float64": "f64",
}  # fmt: skip


class Out:
    """An output: shape, dtype, and what it holds at first."""

    def __init__(self, shape, dtype, fill="poison"):
        self.shape, self.dtype, self.fill = shape, np.dtype(dtype), fill


class InOut:
    def __init__(self, array):
        self.array = array


class TensorMap:
    """A tiled tensor map of an argument, given by its index among the arguments;
    `dims` and `box` innermost first, `strides` in bytes."""

    def __init__(self, of, elem, dims, strides, box, **more):
        self.spec = {"kind": "tensormap", "of": f"arg{of}", "elem": elem}
        self.spec |= {"dims": list(dims), "strides": list(strides)}
        self.spec |= {"box": list(box), **more}


class Through:
    """A buffer that kernels reach through tensor maps only."""

    def __init__(self, array):
        self.array = array


class Result:
    def __init__(self, code, report, outputs, stderr, stdout):
        self.code, self.report, self.outputs = code, report, outputs
        self.stderr, self.stdout = stderr, stdout

    def kinds(self):
        return {d["kind"] for d in self.report["diagnostics"]}


def run(folder, ptx, kernel, grid, block, args, smem=0, options=(), cluster=None):
    """Runs `kernel` of the file `ptx`; the outputs are in the order of args."""
    folder = Path(folder)
    launch = {
        "ptx": str(ptx),
        "kernel": kernel,
        "grid": list(grid),
        "block": list(block),
        "dynamic_smem": smem,
        "args": [],
        "buffers": [],
        "cluster": cluster and list(cluster),
    }
    names = []
    for i, arg in enumerate(args):
        name = f"arg{i}"
        if isinstance(arg, Out):
            spec = {"kind": "out", "shape": list(arg.shape), "fill": arg.fill}
            spec |= {"name": name, "dtype": NAMES[arg.dtype.name]}
            names.append(name)
        elif isinstance(arg, TensorMap):
            spec = arg.spec
        elif isinstance(arg, (InOut, Through, np.ndarray)):
            array = arg if isinstance(arg, np.ndarray) else arg.array
            kind = "in" if isinstance(arg, np.ndarray) else "inout"
            np.save(folder / f"{name}-in.npy", np.ascontiguousarray(array))
            spec = {"kind": kind, "name": name, "dtype": NAMES[array.dtype.name]}
            spec |= {"shape": list(array.shape), "file": f"{name}-in.npy"}
            if kind == "inout":
                names.append(name)
        elif isinstance(arg, bytes):
            spec = {"kind": "bytes", "hex": arg.hex()}
        else:
            value = np.asarray(arg)
            spec = {"kind": "scalar", "type": NAMES[value.dtype.name]}
            spec |= {"value": value.item()}
        launch["buffers" if isinstance(arg, Through) else "args"].append(spec)
    (folder / "launch.json").write_text(json.dumps(launch))
    command = [TOOL, "--launch", folder / "launch.json", "--out-dir", folder]
    command += ["--report", folder / "report.json", *options]
    command += [f"--provider={PROVIDER}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = {}
    outputs = []
    if done.returncode != 1:
        report = json.loads((folder / "report.json").read_text())
        outputs = [np.load(folder / f"{name}.npy") for name in names]
    return Result(done.returncode, report, outputs, done.stderr, done.stdout)
