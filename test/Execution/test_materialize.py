# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs with stored arrays: in the interpreter and on the CPU."""

import json

import numpy as np
import pytest

REDUCE = "builtin.module(func.func(moa-psi-reduce))"
NEVER = "builtin.module(func.func(moa-psi-reduce{materialize=never}))"


def run(moa, folder, function, arrays, *more):
    path = moa.source / "test" / "Transforms" / "materialize.mlir"
    given = []
    for number, array in enumerate(arrays):
        np.save(folder / f"{number}.npy", array)
        given.append(f"--arg={folder / f'{number}.npy'}")
    out = folder / "out.npy"
    moa.run("moa-run", path, f"--entry={function}", *given, f"--out={out}", *more)
    return np.load(out)


def arrays_of(function, n, rng):
    shapes = {
        "projection": [(2, n, 3), (n + 1, 5), (5, 3)],
        "once": [(n, n + 2)],
        "pinned": [(n,)],
        "argument": [(n,)],
    }[function]
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


EXPECTED = {
    "projection": lambda q, x, w: q @ (x @ w).T,
    "once": lambda a: np.exp(a).sum(1),
    "pinned": lambda a: np.roll(a[::-1], -1),
    "argument": lambda a: a[::-1],
}


@pytest.mark.parametrize("function", EXPECTED)
def test_stored_arrays(moa, tmp_path, function):
    rng = np.random.default_rng(2)
    for n in (7, 1, 0):
        arrays = arrays_of(function, n, rng)
        wanted = EXPECTED[function](*(a.astype(np.float64) for a in arrays))
        for more in ([], [f"--pass-pipeline={REDUCE}"], [f"--pass-pipeline={NEVER}"],
                     ["--target=cpu"]):
            got = run(moa, tmp_path, function, arrays, *more)
            np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)


def test_storing_saves_work(moa, tmp_path):
    """The projection is computed once for each key, not once for each query."""
    rng = np.random.default_rng(3)
    arrays = arrays_of("projection", 6, rng)
    counters = tmp_path / "counters.json"
    adds = {}
    for name, pipeline in (("stored", REDUCE), ("recomputed", NEVER)):
        run(moa, tmp_path, "projection", arrays, f"--pass-pipeline={pipeline}",
            f"--counters={counters}")
        adds[name] = json.loads(counters.read_text())["float_ops"]["add"]
    keys, queries = 7, 12
    assert adds["stored"] == keys * 3 * 5 + queries * keys * 3
    assert adds["recomputed"] == queries * keys * 3 * 5 + queries * keys * 3


def test_temporaries_are_freed(moa, tmp_path):
    """Every allocation of the CPU pipeline has its free."""
    path = moa.source / "test" / "Transforms" / "materialize.mlir"
    text = moa.run("moa-opt", path, "--moa-to-cpu").stdout
    allocated = text.count("llvm.call @malloc")
    assert allocated >= 2
    assert text.count("llvm.call @free") == allocated


def test_kernels_refuse_temporaries(moa, tmp_path):
    """On GPUs nothing is stored on its own account, and what is pinned is an error."""
    path = tmp_path / "pinned.mlir"
    path.write_text("""
func.func @pinned(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  %1 = moa.materialize %0 : tensor<?xf32>
  %2 = moa.rotate %1[1] : tensor<?xf32>
  return %2 : tensor<?xf32>
}
""")
    done = moa.run("moa-opt", path, "--moa-to-gpu=chip=sm_80 format=ptx", check=False)
    assert done.returncode == 1
    assert "stands for a temporary array, which kernels have none" in done.stderr
