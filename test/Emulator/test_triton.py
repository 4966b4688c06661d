# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels that Triton compiled for sm_90, run on the emulator with all checks on,
against NumPy."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import HERE, InOut, Out, run  # noqa: E402

KERNELS = json.loads((HERE / "triton" / "kernels.json").read_text())
F32, I32 = np.float32, np.int32


@pytest.fixture
def rng():
    return np.random.default_rng(12)


@pytest.fixture
def go(tmp_path):
    """Runs a kernel that must run clean; its outputs."""

    def call(name, grid, *args, **options):
        kernel = KERNELS[name]
        assert len(args) == len(kernel["parameters"])
        # Two scratch buffers that these kernels do not use.
        args = [*args, np.uint64(0), np.uint64(0)]
        ptx = HERE / "triton" / f"{name}.ptx"
        result = run(tmp_path, ptx, kernel["kernel"], grid, [kernel["threads"]], args,
                     smem=kernel["shared"], **options)  # fmt: skip
        assert result.code == 0, result.stderr
        return result.outputs

    return call


@pytest.mark.parametrize("n", [1, 256, 1000])
def test_add(go, rng, n):
    x, y = rng.standard_normal((2, n)).astype(F32)
    (out,) = go("add", [-(-n // 256)], x, y, Out((n,), F32), I32(n))
    assert (out == x + y).all()


@pytest.mark.parametrize("columns", [1, 77, 256])
def test_softmax(go, rng, columns):
    x = rng.standard_normal((3, columns)).astype(F32)
    (out,) = go("softmax", [3], x, Out(x.shape, F32), I32(columns))
    e = np.exp(x.astype(np.float64) - x.max(1, keepdims=True))
    assert np.allclose(out, e / e.sum(1, keepdims=True), rtol=1e-5, atol=1e-7)


def test_layer_norm(go, rng):
    x = rng.standard_normal((4, 100)).astype(F32)
    w, b = rng.standard_normal((2, 100)).astype(F32)
    (out,) = go("layer_norm", [4], x, w, b, Out(x.shape, F32), I32(100), F32(1e-5))
    d = x.astype(np.float64) - x.mean(1, keepdims=True, dtype=np.float64)
    want = d / np.sqrt((d * d).mean(1, keepdims=True) + 1e-5) * w + b
    assert np.allclose(out, want, rtol=1e-4, atol=1e-5)


def test_gelu(go, rng):
    x = (rng.standard_normal(700) * 2).astype(np.float16)
    (out,) = go("gelu", [3], x, Out(x.shape, np.float16), I32(x.size))
    want = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in x.astype(np.float64)]
    assert np.allclose(out.astype(np.float64), want, rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("m,n,k", [(64, 64, 32), (100, 80, 112)])
def test_matmul(go, rng, m, n, k):
    a = (rng.integers(-8, 8, (m, k)) / 4).astype(np.float16)
    b = (rng.integers(-8, 8, (k, n)) / 4).astype(np.float16)
    (c,) = go("matmul", [-(-m // 64), -(-n // 64)], a, b, Out((m, n), F32),
              I32(m), I32(n), I32(k))  # fmt: skip
    assert (c == a.astype(F32) @ b.astype(F32)).all()


@pytest.mark.parametrize("k", [64, 192])
def test_matmul_int(go, rng, k):
    a, b = (rng.integers(-128, 128, (s, k)).astype(np.int8) for s in (64, 32))
    (c,) = go("matmul_int", [1], a, b, Out((64, 32), I32), I32(k))
    assert (c == a.astype(I32) @ b.astype(I32).T).all()


@pytest.mark.parametrize("n", [64, 130])
def test_attention(go, rng, n):
    q, k, v = (rng.standard_normal((3, n, 64)) * 0.5).astype(np.float16)
    scale = 0.125
    (out,) = go("attention", [-(-n // 64)], q, k, v, Out((n, 64), F32),
                I32(n), I32(n), F32(scale))  # fmt: skip
    s = q.astype(np.float64) @ k.astype(np.float64).T * scale
    s = np.where(np.tri(n, dtype=bool), s, -np.inf)
    p = np.exp(s - s.max(1, keepdims=True))
    want = p @ v.astype(np.float64) / p.sum(1, keepdims=True)
    assert np.allclose(out, want, rtol=1e-2, atol=2e-3)


def test_scan(go, rng):
    x = rng.integers(-99, 99, (2, 512)).astype(I32)
    (out,) = go("scan", [2], x, Out(x.shape, I32))
    assert (out == np.cumsum(x, axis=1)).all()


def test_sort(go, rng):
    x = rng.integers(-(1 << 31), 1 << 31, 256).astype(I32)
    (out,) = go("sort", [1], x, Out(x.shape, I32))
    assert (out == np.sort(x)).all()


def test_histogram(go, rng):
    x = rng.integers(0, 64, 600).astype(I32)
    (out,) = go("histogram", [3], x, InOut(np.zeros(64, I32)), I32(x.size))
    assert (out == np.bincount(x, minlength=64)).all()


def test_transpose(go, rng):
    x = rng.standard_normal((64, 32)).astype(F32)
    (out,) = go("transpose", [1], x, Out((32, 64), F32))
    assert (out == x.T).all()


def philox(seed, counter):
    """The first word of Philox4x32-10 for each counter."""
    k = [seed & 0xFFFFFFFF, 0]
    c = [counter.astype(np.uint64)] + 3 * [np.zeros_like(counter, np.uint64)]
    mask = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        high = np.uint64(32)
        c = [(b >> high) ^ c[1] ^ np.uint64(k[0]), b & mask,
             (a >> high) ^ c[3] ^ np.uint64(k[1]), a & mask]  # fmt: skip
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c[0].astype(np.uint32)


def test_dropout(go, rng):
    x = (1 + rng.random(500)).astype(F32)
    (out,) = go("dropout", [2], x, Out(x.shape, F32), I32(500), F32(0.25), I32(42))
    bits = philox(42, np.arange(500)).view(I32).astype(np.int64)
    uniform = np.where(bits < 0, -bits - 1, bits).astype(F32) * F32(4.6566127342e-10)
    want = np.where(uniform > 0.25, x / F32(0.75), 0)
    assert ((out == 0) == (want == 0)).all()
    assert np.allclose(out, want, rtol=1e-6)


def test_argmax(go, rng):
    x = rng.standard_normal((5, 100)).astype(F32)
    (out,) = go("argmax", [5], x, Out((5,), I32), I32(100))
    assert (out == x.argmax(1)).all()
