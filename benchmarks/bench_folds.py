#!/usr/bin/env python3
# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What folds cost: the time of --moa-fuse-folds, --moa-split-segments and
--moa-tighten-bounds for each test program, and the memory that attention over many
keys takes on the CPU.

    benchmarks/bench_folds.py [--build DIR] [--runs N] [--rows N ...] [--json FILE]

Times are those of -mlir-timing, the best of the runs, in milliseconds, with one
program in a module. Memory is the largest resident size of moa-run, its compiler
included, in MiB, less the arrays.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSES = ("MoaFuseFolds", "MoaSplitSegments", "MoaTightenBounds")
ATTENTION = """
func.func @attention(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>,
                     %v: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %o = moa.attention %q, %k, %v
    : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32> -> tensor<?x64xf32>
  return %o : tensor<?x64xf32>
}
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rows", type=int, nargs="*", default=[1024, 4096])
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


def programs():
    """name: text, one function each."""
    found = {"attention": ATTENTION}
    for path in sorted((ROOT / "test" / "Transforms").glob("fuse-folds-*.mlir")):
        for match in re.finditer(r"^func\.func @(\w+)\(.*?^\}", path.read_text(),
                                 re.M | re.S):
            found[match[1]] = match[0]
    return found


def time_passes(opt, text, runs):
    best = dict.fromkeys(PASSES, float("inf"))
    for _ in range(runs):
        done = subprocess.run(
            [opt, "--moa-expand", "--moa-psi-reduce", "--moa-fuse-folds",
             "--moa-split-segments", "--moa-tighten-bounds", "-mlir-timing",
             "-mlir-disable-threading", "-o", "/dev/null"],
            input=text, capture_output=True, text=True, check=True)
        for name in PASSES:
            seconds = re.search(rf"([\d.]+) \( *[\d.]+%\) +{name}", done.stderr)[1]
            best[name] = min(best[name], 1e3 * float(seconds))
    return best


def measure_memory(build, rows):
    """(seconds, largest resident MiB less four arrays) of one run."""
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "attention.mlir").write_text(ATTENTION)
        rng = np.random.default_rng(0)
        arrays = [rng.standard_normal((rows, 64)).astype(np.float32) for _ in "qkv"]
        for name, array in zip("qkv", arrays):
            np.save(folder / f"{name}.npy", array)
        start = time.monotonic()
        child = subprocess.Popen(
            [build / "bin" / "moa-run", folder / "attention.mlir", "--target=cpu",
             *(f"--arg={folder / name}.npy" for name in "qkv"),
             f"--out={folder / 'o.npy'}"])
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        if status != 0:
            sys.exit(f"moa-run failed with {status}")
        got = np.load(folder / "o.npy")
        q, k, v = (a.astype(np.float64) for a in arrays)
        sample = rng.integers(0, rows, 16)
        s = q[sample] @ k.T / 8
        p = np.exp(s - s.max(1, keepdims=True))
        want = p / p.sum(1, keepdims=True) @ v
        error = np.linalg.norm(got[sample] - want) / np.linalg.norm(want)
    return seconds, usage.ru_maxrss / 1024 - 4 * rows * 64 * 4 / 2**20, error


def main():
    options = parse_arguments()
    report = {"machine": platform.processor() or platform.machine(), "passes": {},
              "memory": {}}
    opt = options.build / "bin" / "moa-opt"
    for name, text in programs().items():
        report["passes"][name] = time_passes(opt, text, options.runs)
    print("milliseconds: fuse, split, tighten; the slowest programs and attention")
    slow = sorted(report["passes"].items(), key=lambda row: -row[1]["MoaFuseFolds"])
    for name, best in slow[:5] + [row for row in slow[5:] if row[0] == "attention"]:
        print(f"  {name:36}" + "".join(f"{best[p]:8.1f}" for p in PASSES))
    for rows in options.rows:
        seconds, extra, error = measure_memory(options.build, rows)
        report["memory"][rows] = {"seconds": seconds, "extra_mib": extra, "error": error}
        print(f"attention, {rows} keys: {seconds:.1f} s, {extra:.0f} MiB besides the "
              f"arrays, relative error {error:.1e}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
