# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""examples/attention.mlir on the CPU against NumPy in float64: over shapes that are
ragged, prime, of one element, or empty, and for every type."""

import ml_dtypes
import numpy as np
import pytest

# B, Hq, Hkv, N, M, dk, dv
SHAPES = [
    (1, 1, 1, 1, 1, 1, 1),
    (2, 4, 2, 7, 11, 5, 3),  # grouped queries, dk != dv, fewer queries than keys
    (1, 6, 1, 13, 6, 17, 19),  # rows without any key under a causal mask
    (1, 2, 2, 64, 64, 64, 64),
    (3, 3, 3, 31, 37, 29, 23),
    (1, 1, 1, 2, 3, 4, 1030),  # more columns than a block
    (1, 3, 3, 0, 4, 2, 2),
    (1, 2, 2, 3, 0, 2, 3),
    (0, 1, 1, 2, 2, 2, 2),
    (1, 1, 1, 2, 3, 0, 2),
    (1, 1, 1, 5, 4, 2, 0),
]

TYPES = {
    "f64": (np.float64, 1e-12),
    "f32": (np.float32, 1e-5),
    "bf16": (ml_dtypes.bfloat16, 2e-2),
    "f16": (np.float16, 2e-2),
}


def attention(q, k, v, admissible=None, score=lambda s, *_: s):
    """Row by row, in float64: outputs, and log-sum-exps of scores."""
    q, k, v = (a.astype(np.float64) for a in (q, k, v))
    b, hq, n, dk = q.shape
    hkv, m, dv = k.shape[1], k.shape[2], v.shape[3]
    out, lse = np.zeros((b, hq, n, dv)), np.full((b, hq, n), -np.inf)
    for at in np.ndindex(b, hq, n):
        head = (at[0], at[1] * hkv // hq)
        keys = np.arange(m)
        keep = keys if admissible is None else keys[admissible(at[2], keys)]
        if len(keep) == 0:
            continue
        s = k[head][keep] @ q[at] / np.sqrt(max(1, dk))
        s = score(s, at[1], at[2], keep)
        lse[at] = np.max(s) + np.log(np.sum(np.exp(s - np.max(s))))
        out[at] = np.exp(s - lse[at]) @ v[head][keep]
    return out, lse


def random_arrays(shape, dtype, seed):
    b, hq, hkv, n, m, dk, dv = shape
    rng = np.random.default_rng(seed)
    sizes = (b, hq, n, dk), (b, hkv, m, dk), (b, hkv, m, dv)
    return [rng.standard_normal(size).astype(dtype) for size in sizes]


def run(moa, folder, entry, arguments, number_of_results):
    command = [moa.source / "examples" / "attention.mlir"]
    command += ["--entry", entry, "--target=cpu"]
    for number, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            np.save(folder / f"in{number}.npy", argument)
            argument = folder / f"in{number}.npy"
        command += ["--arg", argument]
    outs = [folder / f"out{number}.npy" for number in range(number_of_results)]
    moa.run("moa-run", *command, *(f"--out={out}" for out in outs))
    return [np.load(out) for out in outs]


def check(got, want, dtype, tolerance):
    """The relative error in the Frobenius norm; infinities must agree."""
    # NumPy does not know the name of bf16.
    got = got.view(dtype) if got.dtype.kind == "V" else got
    assert got.dtype == dtype and got.shape == want.shape
    got, finite = got.astype(np.float64), np.isfinite(want)
    np.testing.assert_array_equal(got[~finite], want[~finite])
    error = np.linalg.norm(got[finite] - want[finite])
    assert error <= tolerance * np.linalg.norm(want[finite])


def causal(shape, window=None):
    """Which keys query `i` admits."""
    ahead = shape[4] - shape[3]
    first = -np.inf if window is None else -window
    return lambda i, j: (j <= i + ahead) & (j >= i + ahead + first)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))
@pytest.mark.parametrize("name", TYPES)
def test_attention(moa, tmp_path, name, shape):
    dtype, tolerance = TYPES[name]
    inputs = random_arrays(shape, dtype, 1)
    (out,) = run(moa, tmp_path, f"attention_{name}", inputs, 1)
    check(out, attention(*inputs)[0], dtype, tolerance)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))
@pytest.mark.parametrize("name", ["f64", "f32", "bf16"])
def test_causal_with_log_sum_exp(moa, tmp_path, name, shape):
    dtype, tolerance = TYPES[name]
    inputs = random_arrays(shape, dtype, 2)
    out, lse = run(moa, tmp_path, f"causal_{name}", inputs, 2)
    want = attention(*inputs, causal(shape))
    check(out, want[0], dtype, tolerance)
    check(lse, want[1], np.float64 if name == "f64" else np.float32, tolerance)


@pytest.mark.parametrize("window", [0, 3])
def test_window(moa, tmp_path, window):
    shape = (2, 6, 2, 9, 7, 5, 4)
    inputs = random_arrays(shape, np.float32, 3)
    arguments = [*inputs, f"index:{window}"]
    (out,) = run(moa, tmp_path, "gqa_f32", arguments, 1)
    check(out, attention(*inputs, causal(shape, window))[0], np.float32, 1e-5)


def test_score_and_mask(moa, tmp_path):
    shape = (2, 3, 3, 8, 13, 4, 5)
    inputs = random_arrays(shape, np.float32, 4)
    rng = np.random.default_rng(5)
    slopes = rng.standard_normal(3).astype(np.float32)
    # Document 4 has queries only.
    mine = rng.integers(0, 5, 8).astype(np.int32)
    its = rng.integers(0, 4, 13).astype(np.int32)
    arguments = [*inputs, slopes, "f32:2.5", mine, its]
    (out,) = run(moa, tmp_path, "documents_f32", arguments, 1)
    want, _ = attention(
        *inputs,
        admissible=lambda i, j: mine[i] == its[j],
        score=lambda s, h, i, j: 2.5 * np.tanh((s + slopes[h] * (j - i)) / 2.5),
    )
    check(out, want, np.float32, 1e-5)


@pytest.mark.parametrize("shape", [(7, 11, 5, 3), (1, 1, 1, 1), (0, 3, 2, 2)])
def test_plain_algebra(moa, tmp_path, shape):
    n, m, dk, dv = shape
    inputs = random_arrays((1, 1, 1, n, m, dk, dv), np.float32, 6)
    scale = f"f32:{1 / np.sqrt(dk)}"
    arguments = [*(a[0, 0] for a in inputs), scale]
    (out,) = run(moa, tmp_path, "naive_f32", arguments, 1)
    check(out, attention(*inputs)[0][0, 0], np.float32, 1e-5)


def test_large_scores(moa, tmp_path):
    """Scores of thousands: neither overflow nor NaN."""
    inputs = random_arrays((1, 1, 1, 5, 9, 16, 4), np.float64, 7)
    inputs[0] *= 1000
    (out,) = run(moa, tmp_path, "attention_f64", inputs, 1)
    check(out, attention(*inputs)[0], np.float64, 1e-11)


def test_bad_shapes_are_refused(moa, tmp_path):
    q, k, v = random_arrays((1, 2, 2, 3, 4, 5, 6), np.float32, 8)
    paths = [tmp_path / f"in{i}.npy" for i in range(3)]
    for path, array in zip(paths, (q, k[:, :, :, :4], v)):
        np.save(path, array)
    done = moa.run(
        "moa-run",
        moa.source / "examples" / "attention.mlir",
        "--entry=attention_f32",
        "--target=cpu",
        *(f"--arg={path}" for path in paths),
        f"--out={tmp_path / 'out.npy'}",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("moa-run: error: 'attention_f32': ")
    assert not (tmp_path / "out.npy").exists()
