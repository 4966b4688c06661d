# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `make demo` runs: compiles examples/attention.mlir for the CPU, runs it
on random arrays and compares with NumPy in float64; then compiles it for a GPU
and shows what ptxas says of each kernel. Needs no GPU."""

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import ml_dtypes
import numpy as np

SOURCE = Path(__file__).resolve().parent
BATCH, HEADS, KV_HEADS, LENGTH, DIM = 1, 4, 2, 512, 64
WINDOW = 100
DTYPES = {"f32": np.float32, "bf16": ml_dtypes.bfloat16}
TOLERANCE = {"f32": 1e-5, "bf16": 2e-2}


@dataclass(frozen=True)
class Case:
    """A function of attention.mlir and what it computes."""

    entry: str
    dtype: str = "f32"
    kv_heads: int = HEADS
    causal: bool = False
    window: int | None = None
    naive: bool = False  # one head, in plain algebra, its scale an argument


CASES = [
    Case("attention_f32"),
    Case("attention_bf16", "bf16"),
    Case("causal_f32", causal=True),
    Case("causal_bf16", "bf16", causal=True),
    Case("gqa_f32", kv_heads=KV_HEADS, causal=True, window=WINDOW),
    Case("naive_f32", naive=True),
]


def attention(q, k, v, causal=False, window=None):
    """Attention by its definition, in float64, on [.., length, dim]."""
    q, k, v = (np.asarray(x, np.float64) for x in (q, k, v))
    if q.ndim == 4:
        group = q.shape[1] // k.shape[1]
        k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    n, m = s.shape[-2:]
    behind = (np.arange(n)[:, None] + m - n) - np.arange(m)
    if causal:
        s = np.where(behind >= 0, s, -np.inf)
    if window is not None:
        s = np.where(behind <= window, s, -np.inf)
    p = np.exp(s - s.max(axis=-1, keepdims=True))
    return p @ v / p.sum(axis=-1, keepdims=True)


def inputs(case, rng):
    """Q, K and V of a case, rounded to its element type."""
    shapes = [(BATCH, heads, LENGTH, DIM) for heads in (HEADS, case.kv_heads)]
    shapes = [shapes[0], shapes[1], shapes[1]]
    if case.naive:
        shapes = [(LENGTH, DIM)] * 3
    return [rng.standard_normal(s).astype(DTYPES[case.dtype]) for s in shapes]


class Demo:
    def __init__(self, build, chip):
        self.bin, self.chip = build / "bin", chip
        self.out = build / "demo"
        self.out.mkdir(parents=True, exist_ok=True)

    def tool(self, name, *args):
        """Runs a tool and gives what it said; stops the demo when it fails."""
        command = [str(self.bin / name), *map(str, args)]
        done = subprocess.run(command, text=True, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\nfailed:\n{done.stderr}")
        return done.stdout + done.stderr

    def run_on_cpu(self, case):
        """Runs a case and gives its relative error (Frobenius norm)."""
        arrays = inputs(case, np.random.default_rng(0))
        args = []
        for name, array in zip("qkv", arrays):
            path = self.out / f"{case.entry}.{name}.npy"
            np.save(path, array)
            args += ["--arg", path]
        if case.window is not None:
            args += ["--arg", f"index:{case.window}"]
        if case.naive:
            args += ["--arg", f"f32:{DIM ** -0.5}"]
        result = self.out / f"{case.entry}.o.npy"
        self.tool(
            "moa-run",
            SOURCE / "attention.mlir",
            "--entry",
            case.entry,
            *args,
            "--out",
            result,
            "--target=cpu",
        )
        got = np.load(result)
        if case.dtype == "bf16":
            got = got.view(ml_dtypes.bfloat16)
        got = got.astype(np.float64)
        want = attention(*arrays, causal=case.causal, window=case.window)
        return np.linalg.norm(got - want) / np.linalg.norm(want)

    def compile_for_gpu(self, case, emit):
        """Writes the kernels of a case and gives the file and ptxas' words."""
        path = self.out / f"{case.entry}.{self.chip}.{emit}"
        said = self.tool(
            "moa-compile",
            SOURCE / "attention.mlir",
            "--target=cuda",
            f"--chip={self.chip}",
            "--entry",
            case.entry,
            "-o",
            path,
            "--verbose",
        )
        return path, said


def show_cpu(demo):
    shape = f"B={BATCH} H={HEADS} N={LENGTH} D={DIM}"
    print(f"\nOn the CPU, {shape}, against NumPy in float64:")
    good = True
    for case in CASES:
        error = demo.run_on_cpu(case)
        limit = TOLERANCE[case.dtype]
        good &= bool(error <= limit)
        verdict = "ok" if error <= limit else f"above {limit:g}"
        print(f"  {case.entry:<16} relative error {error:.1e}  {verdict}")
    return good


def show_gpu(demo, emit):
    print(f"\nFor {demo.chip}:")
    for case in CASES:
        path, said = demo.compile_for_gpu(case, emit)
        line = f"  {case.entry:<16} {emit} {path.stat().st_size} bytes"
        for registers in re.findall(r"^kernel .*: (\d+) registers", said, re.M):
            line += f", {registers} registers"
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--build", type=Path, default=SOURCE.parent / "build")
    parser.add_argument("--chip", default="sm_90a")
    args = parser.parse_args()
    demo = Demo(args.build.resolve(), args.chip)
    good = show_cpu(demo)
    # Without ptxas there are no cubins; PTX needs nothing.
    emit = "cubin" if os.environ.get("MOA_CUDA_ROOT") else "ptx"
    show_gpu(demo, emit)
    print(f"\nThe arrays and the kernels lie in {demo.out}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
