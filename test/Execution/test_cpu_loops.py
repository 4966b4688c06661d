# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs in normal form give the same on the CPU, in loops, as by the reference
interpreter: whatever order --convert-moa-to-onf chooses for the axes."""

import numpy as np
import pytest

# Entry: the shapes of its arguments ("n" and "m" are the large extents that a
# case sets, strings with a colon are scalars) and the number of results.
PROGRAMS = {
    "matmul": (["nk", "km"], 1),
    "layer_norm": (["nm"], 2),
    "double_centering": (["nm"], 1),
    "share_of_total": (["nm"], 1),
    "attention": (["nk", "mk", "mvn"], 2),
    "passes": (["nk", "mk", "mv"], 1),
    "normalized_keys": (["n5", "m5", "m3"], 1),
    "nested_rows": (["nk", "kv"], 1),
    "row_branch": (["nk", "kv", "index:2"], 1),
    "column_branch": (["nk", "kv", "index:1", "index:9"], 1),
    "margins": (["nm"], 3),
    "custom": (["n", "index:1", "index:3", "f64:0.25"], 2),
    "custom_rows": (["nk", "kv"], 1),
    "argmax": (["nm", "m"], 3),
    "moments": (["nm"], 2),
}

CASES = {
    "ragged": {"n": 7, "m": 11, "k": 5, "v": 3},
    "one": {"n": 1, "m": 1, "k": 1, "v": 1},
    "columns": {"n": 3, "m": 4, "k": 3, "v": 1031},
    "no_columns": {"n": 3, "m": 4, "k": 2, "v": 0},
    "no_rows": {"n": 0, "m": 4, "k": 2, "v": 3},
    "no_terms": {"n": 3, "m": 0, "k": 0, "v": 2},
}

# What reads element 0 of an array without elements, or gathers there.
NEED_TERMS = {"argmax", "row_branch", "custom_rows"}


def arguments(spec, sizes, folder):
    rng = np.random.default_rng(7)
    for number, text in enumerate(spec):
        if ":" in text:
            yield text
            continue
        shape = [int(c) if c.isdigit() else sizes[c] for c in text]
        path = folder / f"in{number}.npy"
        np.save(path, rng.standard_normal(shape))
        yield path


def run(moa, folder, target, entry, flags, number_of_results):
    program = moa.source / "test" / "Execution" / "Inputs" / "normal_form.mlir"
    outs = [folder / f"{target}{number}.npy" for number in range(number_of_results)]
    flags = [*flags, *(f"--out={out}" for out in outs)]
    moa.run("moa-run", program, "--entry", entry, f"--target={target}", *flags)
    return [np.load(out) for out in outs]


RUNS = [
    (entry, case)
    for entry in PROGRAMS
    for case in CASES
    if case != "no_terms" or entry not in NEED_TERMS
]


@pytest.mark.parametrize("entry, case", RUNS)
def test_loops_keep_values(moa, tmp_path, entry, case):
    spec, number_of_results = PROGRAMS[entry]
    flags = []
    for argument in arguments(spec, CASES[case], tmp_path):
        flags += ["--arg", argument]
    wanted = run(moa, tmp_path, "reference", entry, flags, number_of_results)
    got = run(moa, tmp_path, "cpu", entry, flags, number_of_results)
    for have, want in zip(got, wanted):
        assert have.dtype == want.dtype and have.shape == want.shape
        np.testing.assert_allclose(have, want, rtol=1e-12, atol=1e-13)
