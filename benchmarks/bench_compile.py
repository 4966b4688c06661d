#!/usr/bin/env python3
# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long the compiler takes: start of the tools, and each pipeline over
examples/attention.mlir, as wall time of whole processes.

    benchmarks/bench_compile.py [--build DIR] [--runs N] [--json FILE]

The rows are measured in turn, round after round, so that a busy moment of the
machine falls on all of them. `best` is the smallest and `median` the middle of
the rounds, in milliseconds. The peer of the first row is upstream's mlir-opt,
which registers the same dialects and passes but moa's.
"""

import argparse
import json
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


def find_rows(build):
    """The command of each row that can run here."""
    opt = str(build / "bin" / "moa-opt")
    program = str(ROOT / "examples" / "attention.mlir")
    to_dnf = "moa-expand moa-psi-reduce moa-verify-dnf".split()
    rows = {
        "moa-opt --version": [opt, "--version"],
        "parse and print": [opt, program],
        "to normal form": [opt, program, *(f"--{name}" for name in to_dnf)],
        "--moa-to-cpu": [opt, program, "--moa-to-cpu"],
        "--moa-to-gpu, PTX for sm_90a": [
            opt,
            program,
            "--moa-to-gpu=chip=sm_90a format=ptx",
        ],
    }
    stock = shutil.which("mlir-opt-22") or "/usr/lib/llvm-22/bin/mlir-opt"
    if pathlib.Path(stock).exists():
        rows["peer: mlir-opt --version"] = [stock, "--version"]
    return rows


def time_once(command):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    elapsed = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stderr.decode()[-2000:]}")
    return elapsed * 1e3


def measure(rows, runs):
    times = {name: [] for name in rows}
    for round_number in range(runs + 1):
        for name, command in rows.items():
            elapsed = time_once(command)
            if round_number > 0:  # The first one warms the disk cache.
                times[name].append(elapsed)
        print(f"\rround {round_number}/{runs}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {
        name: {"best": min(list_), "median": statistics.median(list_)}
        for name, list_ in times.items()
    }


def main():
    arguments = parse_arguments()
    results = measure(find_rows(arguments.build), arguments.runs)
    print("| what | best, ms | median, ms |\n|---|---|---|")
    for name, row in results.items():
        print(f"| {name} | {row['best']:.0f} | {row['median']:.0f} |")
    if arguments.json:
        document = {"machine": platform.processor() or platform.machine(),
                    "runs": arguments.runs, "milliseconds": results}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
