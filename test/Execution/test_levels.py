# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every pass over levels 0 to 2 keeps the values of examples/attention.mlir: the
reference interpreter runs the program before and after it, and NumPy, in float64,
the formula."""

import numpy as np
import pytest

EXPAND = "moa-expand"
DNF = "moa-expand,moa-psi-reduce,moa-verify-dnf"
TIDY = "moa-expand,moa-psi-reduce,moa-verify-dnf,canonicalize,cse"

# B, Hq, Hkv, N, M, dk, dv: ordinary, ragged, empty, one element, more queries
# than keys (rows without a key under a causal mask).
SHAPES = [
    (2, 4, 2, 5, 7, 3, 4),
    (1, 2, 1, 1, 11, 8, 5),
    (1, 1, 1, 7, 3, 2, 1),
    (1, 3, 3, 0, 4, 2, 2),
    (1, 2, 2, 3, 0, 2, 3),
    (0, 1, 1, 2, 2, 2, 2),
    (1, 1, 1, 2, 3, 0, 2),
    (1, 1, 1, 2, 3, 2, 0),
]


def attention(q, k, v, admissible=None, score=lambda s: s):
    """softmax(score(q k^T / sqrt(dk))) v over the admissible keys, and the
    log-sum-exp. Rows without a key give zeros and -inf."""
    group = max(1, q.shape[1] // max(1, k.shape[1]))
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    s = score(np.einsum("bhid,bhjd->bhij", q, k) / np.sqrt(max(1, q.shape[3])))
    if admissible is not None:
        s = np.where(admissible, s, -np.inf)
    m = np.max(s, axis=-1, keepdims=True, initial=-np.inf)
    p = np.exp(s - np.where(np.isinf(m), 0, m))
    l = p.sum(axis=-1, keepdims=True)
    o = np.einsum("bhij,bhjv->bhiv", p, v) / np.where(l == 0, 1, l)
    with np.errstate(divide="ignore"):
        return o, (m + np.log(l))[..., 0]


def arrays(shape, dtype=np.float64, seed=1):
    b, hq, hkv, n, m, dk, dv = shape
    rng = np.random.default_rng(seed)
    return [
        rng.standard_normal(size).astype(dtype)
        for size in ((b, hq, n, dk), (b, hkv, m, dk), (b, hkv, m, dv))
    ]


def diagonal(shape):
    n, m = shape[3], shape[4]
    return np.arange(n)[:, None] + m - n


def expected(entry, shape, q, k, v):
    keys = np.arange(shape[4])
    if entry == "attention_f64":
        return attention(q, k, v)[:1]
    if entry == "causal_f64":
        return attention(q, k, v, keys <= diagonal(shape))
    assert entry == "gqa_f32"
    at = diagonal(shape)
    return attention(q, k, v, (keys <= at) & (keys >= at - 2))[:1]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))
@pytest.mark.parametrize("entry", ["attention_f64", "causal_f64", "gqa_f32"])
def test_passes_keep_values(moa, tmp_path, entry, shape):
    dtype = np.float32 if entry.endswith("f32") else np.float64
    inputs = arrays(shape, dtype)
    program = moa.source / "examples" / "attention.mlir"
    command = [program, "--entry", entry, "--target=reference", "--f64-out"]
    for number, array in enumerate(inputs):
        np.save(tmp_path / f"in{number}.npy", array)
        command += ["--arg", tmp_path / f"in{number}.npy"]
    if entry == "gqa_f32":
        command += ["--arg", "index:2"]
    wanted = expected(entry, shape, *(a.astype(np.float64) for a in inputs))
    for passes in (None, EXPAND, DNF, TIDY):
        outs = [tmp_path / f"out{number}.npy" for number in range(len(wanted))]
        pipeline = (
            [f"--pass-pipeline=builtin.module(func.func({passes}))"] if passes else []
        )
        moa.run("moa-run", *command, *pipeline, *(f"--out={out}" for out in outs))
        for out, want in zip(outs, wanted):
            got = np.load(out)
            assert got.shape == want.shape
            np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-12)
