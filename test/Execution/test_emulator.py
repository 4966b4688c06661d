# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels on the PTX emulator, launched by compiled host code, with all checks on:
examples/attention.mlir and programs of one operation each, against NumPy and the
reference interpreter."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from test_cpu_attention import (  # noqa: E402
    TYPES,
    attention,
    causal,
    check,
    random_arrays,
)

# B, Hq, Hkv, N, M, dk, dv
SHAPES = [
    (1, 1, 1, 1, 1, 1, 1),
    (2, 4, 2, 7, 11, 5, 3),  # grouped queries, dk != dv, fewer queries than keys
    (1, 6, 1, 13, 6, 17, 19),  # rows without any key under a causal mask
    (1, 1, 1, 2, 3, 4, 70),  # more columns than a block
    (1, 3, 3, 0, 4, 2, 2),
    (1, 2, 2, 3, 0, 2, 3),
    (0, 1, 1, 2, 2, 2, 2),
    (1, 1, 1, 2, 3, 0, 2),
    (1, 1, 1, 5, 4, 2, 0),
]


def run(moa, folder, source, entry, arguments, results, *flags, target="emulator"):
    command = [source, "--entry", entry, f"--target={target}", *flags]
    for number, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            np.save(folder / f"in{number}.npy", argument)
            argument = folder / f"in{number}.npy"
        command += ["--arg", argument]
    outs = [folder / f"{target}{number}.npy" for number in range(results)]
    moa.run("moa-run", *command, *(f"--out={out}" for out in outs))
    return [np.load(out) for out in outs]


@pytest.fixture
def attend(moa, tmp_path):
    """Runs a function of examples/attention.mlir."""
    source = moa.source / "examples" / "attention.mlir"

    def go(entry, arguments, results=1, *flags):
        return run(moa, tmp_path, source, entry, arguments, results, *flags)

    return go


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))
@pytest.mark.parametrize("name", TYPES)
def test_attention(attend, name, shape):
    dtype, tolerance = TYPES[name]
    inputs = random_arrays(shape, dtype, 1)
    (out,) = attend(f"attention_{name}", inputs)
    check(out, attention(*inputs)[0], dtype, tolerance)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))
@pytest.mark.parametrize("name", ["f64", "f32", "bf16"])
def test_causal_with_log_sum_exp(attend, name, shape):
    dtype, tolerance = TYPES[name]
    inputs = random_arrays(shape, dtype, 2)
    out, lse = attend(f"causal_{name}", inputs, 2)
    want = attention(*inputs, causal(shape))
    check(out, want[0], dtype, tolerance)
    check(lse, want[1], np.float64 if name == "f64" else np.float32, tolerance)


@pytest.mark.parametrize("chip", ["sm_80", "sm_90a"])
@pytest.mark.parametrize("window", [0, 3])
def test_window(attend, window, chip):
    shape = (2, 6, 2, 9, 7, 5, 4)
    inputs = random_arrays(shape, np.float32, 3)
    arguments = [*inputs, f"index:{window}"]
    (out,) = attend("gqa_f32", arguments, 1, f"--chip={chip}")
    check(out, attention(*inputs, causal(shape, window))[0], np.float32, 1e-5)


def test_score_and_mask(attend):
    shape = (2, 3, 3, 8, 13, 4, 5)
    inputs = random_arrays(shape, np.float32, 4)
    rng = np.random.default_rng(5)
    slopes = rng.standard_normal(3).astype(np.float32)
    mine = rng.integers(0, 5, 8).astype(np.int32)
    its = rng.integers(0, 4, 13).astype(np.int32)
    (out,) = attend("documents_f32", [*inputs, slopes, "f32:2.5", mine, its])
    want, _ = attention(
        *inputs,
        admissible=lambda i, j: mine[i] == its[j],
        score=lambda s, h, i, j: 2.5 * np.tanh((s + slopes[h] * (j - i)) / 2.5),
    )
    check(out, want, np.float32, 1e-5)


def test_plain_algebra(attend):
    inputs = random_arrays((1, 1, 1, 7, 11, 5, 3), np.float32, 6)
    arguments = [*(a[0, 0] for a in inputs), f"f32:{1 / np.sqrt(5)}"]
    (out,) = attend("naive_f32", arguments)
    check(out, attention(*inputs)[0][0, 0], np.float32, 1e-5)


def test_more_cells_than_a_block(moa, tmp_path):
    """Several blocks, the last of them in part; the counts know them."""
    shape = (1, 2, 2, 150, 9, 4, 3)
    inputs = random_arrays(shape, np.float32, 7)
    counts = tmp_path / "counts.json"
    source = moa.source / "examples" / "attention.mlir"
    (out,) = run(moa, tmp_path, source, "attention_f32", inputs, 1,
                 f"--counters={counts}")  # fmt: skip
    check(out, attention(*inputs)[0], np.float32, 1e-5)
    (report,) = json.loads(counts.read_text())
    assert report["kernel"] == "attention_f32_kernel0"
    assert report["grid"] == [3, 1, 1] and report["block"] == [128, 1, 1]
    assert report["diagnostics"] == []
    unique = report["counts"]["unique_bytes"].values()
    read, written = (sum(u[key] for u in unique) for key in ("read", "written"))
    assert read == sum(a.nbytes for a in inputs)
    assert written == out.nbytes


PROGRAMS = {
    # Scalars as arguments and results, and two kernels.
    "scalars": (
        """
func.func @f(%a: tensor<?x?xf32>, %s: f32, %t: i32)
    -> (tensor<?xf32>, f32, tensor<f32>, i32) {
  %0 = moa.reduce add %a axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  %1 = moa.reduce max %a axes [0, 1] : tensor<?x?xf32> -> tensor<f32>
  return %0, %s, %1, %t : tensor<?xf32>, f32, tensor<f32>, i32
}
""",
        lambda r: [r.standard_normal((5, 7)).astype(np.float32), "f32:2.5", "i32:-7"],
        lambda a, s, t: [a.sum(axis=1), np.float32(2.5), a.max(), np.int32(-7)],
    ),
    "transposed": (
        """
func.func @f(%a: tensor<?x?x?xf64>) -> tensor<?x?x?xf64> {
  %0 = moa.transpose %a permutation [2, 0, 1] : tensor<?x?x?xf64> -> tensor<?x?x?xf64>
  %1 = moa.reverse %0 axes [1] : tensor<?x?x?xf64>
  return %1 : tensor<?x?x?xf64>
}
""",
        lambda r: [r.standard_normal((3, 40, 5))],
        lambda a: [a.transpose(2, 0, 1)[:, ::-1]],
    ),
    "joined": (
        """
func.func @f(%a: tensor<?x?xi32>, %b: tensor<?x?xi32>) -> tensor<?x?xi32> {
  %0 = moa.cat %a, %b axis 0 : tensor<?x?xi32>, tensor<?x?xi32> -> tensor<?x?xi32>
  return %0 : tensor<?x?xi32>
}
""",
        lambda r: [r.integers(-9, 9, s).astype(np.int32) for s in ((20, 9), (3, 9))],
        lambda a, b: [np.concatenate([a, b])],
    ),
    "product": (
        """
func.func @f(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.inner add %a, %b {
  ^bb0(%x: f32, %y: f32):
    %2 = arith.mulf %x, %y : f32
    moa.yield %2 : f32
  } : tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
""",
        lambda r: [r.standard_normal(s).astype(np.float32) for s in ((13, 31), (31, 17))],
        lambda a, b: [a.astype(np.float64) @ b],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(moa, tmp_path, name):
    source, inputs, expected = PROGRAMS[name]
    (tmp_path / "f.mlir").write_text(source)
    arguments = inputs(np.random.default_rng(8))
    want = expected(*arguments)
    got = run(moa, tmp_path, tmp_path / "f.mlir", "f", arguments, len(want))
    for g, w in zip(got, want):
        np.testing.assert_allclose(g, w, rtol=1e-5, atol=1e-6)


def test_preconditions_are_checked(moa, tmp_path):
    q, k, v = random_arrays((1, 2, 2, 3, 4, 5, 6), np.float32, 8)
    paths = [tmp_path / f"in{i}.npy" for i in range(3)]
    for path, array in zip(paths, (q, k[:, :, :, :4], v)):
        np.save(path, array)
    done = moa.run(
        "moa-run",
        moa.source / "examples" / "attention.mlir",
        "--entry=attention_f32",
        "--target=emulator",
        *(f"--arg={path}" for path in paths),
        f"--out={tmp_path / 'out.npy'}",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("moa-run: error: 'attention_f32': ")
    assert not (tmp_path / "out.npy").exists()
