#!/usr/bin/env python3
# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast the PTX emulator runs a product of half-precision matrices, tile by
tile of 128 x 128 x 64 with mma.sync (benchmarks/emulator/mma_tile.cu), on one
host thread, in millions of thread-instructions a second.

    benchmarks/bench_emulator.py [--build DIR] [--runs N] [--size M,N,K]

`wall` is by the time of the launch, without reading PTX and buffers; `CPU` by
the processor time of the whole process, which other work on the machine changes
less. Checks on and off are measured in turn, `best` is the fastest round. The
product is compared with sums of integers.
"""

import argparse
import json
import pathlib
import random
import resource
import statistics
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KERNEL = ROOT / "benchmarks" / "emulator" / "mma_tile.ptx"
TILE = 128
ROWS = {
    "all checks": "all",
    "all but races": "all,-races",
    "no checks": "none",
}


def write_npy(path, code, shape, values, letter):
    header = f"{{'descr': '{code}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = struct.pack(f"<{len(values)}{letter}", *values)
    path.write_bytes(
        b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data
    )


def read_floats(path):
    data = path.read_bytes()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    return struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


def make_launch(folder, m, n, k):
    """A and B with small integers, so that every sum is exact."""
    generator = random.Random(1)
    a = [generator.randint(-3, 3) for _ in range(m * k)]
    b = [generator.randint(-3, 3) for _ in range(n * k)]
    write_npy(folder / "a.npy", "<f2", (m, k), a, "e")
    write_npy(folder / "b.npy", "<f2", (n, k), b, "e")
    launch = {
        "ptx": str(KERNEL),
        "kernel": "mma_tile",
        "grid": [n // TILE, m // TILE, 1],
        "block": [256, 1, 1],
        "args": [
            {"kind": "in", "name": "a", "dtype": "f16", "shape": [m, k],
             "file": "a.npy"},
            {"kind": "in", "name": "b", "dtype": "f16", "shape": [n, k],
             "file": "b.npy"},
            {"kind": "out", "name": "c", "dtype": "f32", "shape": [m, n],
             "fill": "poison"},
            {"kind": "scalar", "type": "i32", "value": n},
            {"kind": "scalar", "type": "i32", "value": k},
        ],
    }
    (folder / "launch.json").write_text(json.dumps(launch))
    return a, b


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_once(tool, folder, checks):
    """The report, and the processor time."""
    report = folder / "report.json"
    before = processor_time()
    done = subprocess.run(
        [tool, "--launch", folder / "launch.json", "--out-dir", folder,
         "--report", report, "--threads", "1", f"--checks={checks}"],
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"moa-ptx: {done.stdout}{done.stderr}")
    return json.loads(report.read_text()), processor_time() - before


def check(folder, a, b, n, k):
    """A row and a column of the result."""
    c = read_floats(folder / "c.npy")
    m = len(c) // n
    for i, j in [(m // 2 + 1, x) for x in range(n)] + [(x, n // 3) for x in range(m)]:
        expected = sum(a[i * k + l] * b[j * k + l] for l in range(k))
        if c[i * n + j] != expected:
            sys.exit(f"wrong result: c[{i}][{j}] = {c[i * n + j]}, not {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", default="512,512,512")
    arguments = parser.parse_args()
    m, n, k = (int(x) for x in arguments.size.split(","))
    if m % TILE or n % TILE or k % 64 or min(m, n, k) <= 0:
        sys.exit("--size: multiples of 128, 128 and 64 are needed")
    tool = arguments.build / "bin" / "moa-ptx"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        a, b = make_launch(folder, m, n, k)
        speeds = {row: ([], []) for row in ROWS}
        for _ in range(arguments.runs):
            for row, checks in ROWS.items():
                report, processor = run_once(tool, folder, checks)
                count = report["counts"]["thread_instructions"]
                for list_, seconds in zip(speeds[row],
                                          (report["seconds"], processor)):
                    list_.append(count / seconds / 1e6)
        check(folder, a, b, n, k)
    print(f"{m} x {n} x {k}: {count} thread-instructions, "
          f"{report['counts']['tensor_operations']} multiply-adds")
    print("| checks | wall: best | median | CPU: best | median |")
    print("|---|---|---|---|---|")
    for row, lists in speeds.items():
        cells = [f"{f(l):.1f}" for l in lists for f in (max, statistics.median)]
        print(f"| {row} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
