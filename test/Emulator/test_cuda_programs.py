# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CUDA programs that nvcc compiled, run on the emulator, against NumPy."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import HERE, InOut, Out, needs_emulator, run  # noqa: E402

RNG = np.random.default_rng(5)
I32 = np.int32


def go(tmp_path, program, kernel, grid, block, args, **options):
    result = run(
        tmp_path, HERE / "cuda" / f"{program}.ptx", kernel, grid, block, args, **options
    )
    assert result.code == 0, result.stderr
    return result


@pytest.mark.parametrize("n", [1, 31, 1000, 5000])
def test_reduce(tmp_path, n):
    x = RNG.standard_normal(n).astype(np.float32)
    r = go(tmp_path, "reductions", "reduce_sum", [4], [128],
           [x, InOut(np.zeros(1, np.float32)), I32(n)])  # fmt: skip
    assert np.allclose(r.outputs[0][0], x.sum(dtype=np.float64), atol=1e-3)


@pytest.mark.parametrize("block", [32, 96, 256, 1024])
def test_scan(tmp_path, block):
    x = RNG.integers(-9, 9, (3, block)).astype(np.int32)
    r = go(tmp_path, "reductions", "scan_block", [3], [block],
           [x, Out(x.shape, np.int32)], smem=4 * block)  # fmt: skip
    assert (r.outputs[0] == np.cumsum(x, axis=1)).all()


@needs_emulator
def test_unique_bytes(tmp_path):
    x = np.ones((3, 96), np.int32)
    r = go(tmp_path, "reductions", "scan_block", [3], [96],
           [x, Out(x.shape, np.int32)], smem=4 * 96)  # fmt: skip
    assert r.report["counts"]["unique_bytes"]["arg0"]["read"] == x.nbytes


@needs_emulator
def test_scan_without_a_barrier_races(tmp_path):
    x = np.ones((1, 256), np.int32)
    r = run(tmp_path, HERE / "cuda" / "reductions.ptx", "scan_race", [1], [256],
            [x, Out(x.shape, np.int32)], smem=1024)  # fmt: skip
    assert r.code == 2
    assert r.kinds() == {"shared-race"}
    assert len(r.report["diagnostics"][0]["others"]) == 1


def test_histogram(tmp_path):
    x = RNG.integers(0, 256, 3000).astype(np.uint8)
    r = go(tmp_path, "reductions", "histogram", [3], [96],
           [x, InOut(np.zeros(256, np.uint32)), I32(x.size)])  # fmt: skip
    assert (r.outputs[0] == np.bincount(x, minlength=256)).all()


@pytest.mark.parametrize("shape", [(32, 32), (33, 70), (1, 5)])
def test_transpose(tmp_path, shape):
    x = RNG.standard_normal(shape).astype(np.float32)
    rows, columns = shape
    grid = [-(-columns // 32), -(-rows // 32)]
    r = go(tmp_path, "reductions", "transpose", grid, [32, 8],
           [x, Out((columns, rows), np.float32), I32(rows), I32(columns)])  # fmt: skip
    assert (r.outputs[0] == x.T).all()


def test_recursion(tmp_path):
    r = go(tmp_path, "control", "recursion", [1], [50], [Out((50,), np.uint32)])
    fib = [0, 1]
    while len(fib) < 12:
        fib.append(fib[-1] + fib[-2])
    assert r.outputs[0].tolist() == [fib[i % 12] for i in range(50)]


def test_function_pointers(tmp_path):
    x = RNG.standard_normal(64).astype(np.float32)
    r = go(tmp_path, "control", "pointers", [1], [64], [InOut(x)])
    k = np.arange(64) % 3
    assert (r.outputs[0] == np.where(k == 0, 2 * x, np.where(k == 1, x * x, -x))).all()


def test_printf(tmp_path):
    r = go(tmp_path, "control", "hello", [2], [32], [I32(-7)])
    assert r.stdout == 2 * "thread 3 says -7 text 0.50\n"


def chosen(v):
    local = [k * v for k in range(16)]
    if v & 7 == 0:
        r = local[v & 15]
    elif v & 7 == 1:
        r = v // 3
    elif v & 7 == 2:
        r = v % 7
    elif v & 7 == 3:
        r = v << 3
    elif v & 7 == 4:
        r = bin(v).count("1")
    elif v & 7 == 5:
        r = 32 - v.bit_length()
    elif v & 7 == 6:
        r = int(f"{v:032b}"[::-1], 2)
        r -= (r >> 31) << 32
    else:
        r = -v
    while r > 100000:
        r = (r >> 1) ^ (r & 1)
    return r


def test_divergence(tmp_path):
    x = RNG.integers(0, 1 << 20, 500).astype(np.int32)
    r = go(tmp_path, "control", "choose", [4], [128],
           [x, Out(x.shape, np.int32), I32(x.size)])  # fmt: skip
    assert r.outputs[0].tolist() == [chosen(int(v)) for v in x]


def test_spin_lock(tmp_path):
    zero = np.zeros(1, np.int32)
    r = go(tmp_path, "control", "spin", [3], [64], [InOut(zero), InOut(zero)])
    assert r.outputs[1][0] == 3 * 64


def test_struct_by_value(tmp_path):
    pair = struct.pack("<i4xd5s3x", 4, 0.25, bytes([1, 2, 3, 4, 5]))
    r = go(tmp_path, "control", "byvalue", [1], [10], [pair, Out((10,), np.float64)])
    assert r.outputs[0].tolist() == [4 + 0.25 * i + 1 + i % 5 for i in range(10)]


def test_functions(tmp_path):
    x = np.concatenate([RNG.standard_normal(300) * 4, [0, -1, 1]]).astype(np.float32)
    n = x.size
    r = go(tmp_path, "arithmetic", "functions", [3], [128],
           [x, Out((8, n), np.float32), I32(n)])  # fmt: skip
    from math import erf

    d = x.astype(np.float64)
    expected = [np.exp(d), np.log(np.abs(d) + 1e-3), np.sin(d), np.tanh(d),
                np.sqrt(np.abs(d)), 1 / (1 + d * d), [erf(v) for v in d],
                (np.abs(d) + 0.1) ** 1.5]  # fmt: skip
    for got, want in zip(r.outputs[0], expected):
        assert np.allclose(got, want, rtol=1e-5, atol=1e-6)


def test_doubles(tmp_path):
    x = RNG.standard_normal(100) * 3
    r = go(tmp_path, "arithmetic", "doubles", [1], [128],
           [x, Out((4, 100), np.float64), I32(100)])  # fmt: skip
    expected = [np.exp(x), np.log(np.abs(x) + 1e-3), x / 3, np.sqrt(np.abs(x))]
    assert np.allclose(r.outputs[0], expected, rtol=1e-14)
    assert (r.outputs[0][2:] == np.array(expected[2:])).all()


def test_halves(tmp_path):
    a, b = (RNG.standard_normal(200).astype(np.float16) for _ in range(2))
    r = go(tmp_path, "arithmetic", "halves", [2], [128],
           [a, b, Out(a.shape, np.float16), I32(200)])  # fmt: skip
    s = (a + b).astype(np.float64)
    want = (a.astype(np.float64) * b + s).astype(np.float16)
    assert (r.outputs[0] == want).all()


def test_bfloats(tmp_path):
    x = RNG.standard_normal(64).astype(np.float32)
    bits = (x.view(np.uint32) >> 16).astype(np.uint16)
    r = go(tmp_path, "arithmetic", "bfloats", [1], [64],
           [bits, Out((64,), np.float32), I32(64)])  # fmt: skip
    v = (bits.astype(np.uint32) << 16).view(np.float32) * np.float32(3)
    u = v.view(np.uint32).astype(np.uint64)
    want = ((u + 0x7FFF + ((u >> 16) & 1)) >> 16 << 16).astype(np.uint32)
    assert (r.outputs[0].view(np.uint32) == want).all()


def test_integers(tmp_path):
    a = RNG.integers(-(1 << 62), 1 << 62, 100)
    b = RNG.integers(1, 1 << 40, 100)
    r = go(tmp_path, "arithmetic", "integers", [1], [128],
           [a, b, Out((6, 100), np.int64), I32(100)])  # fmt: skip
    for i, (x, y) in enumerate(zip(a.tolist(), b.tolist())):
        q = abs(x) // y * (1 if x >= 0 else -1)
        short = (x & 0xFFFF) - (x >> 15 & 1) * 0x10000
        product = (x & 0xFFFFFFFF) * (y & 0xFFFFFFFF)
        product -= (product >> 63) << 64
        want = [q, x - q * y, x * y >> 64, product, short >> 3, int(float(x) * 0.5)]
        assert r.outputs[0][:, i].tolist() == want


@pytest.mark.parametrize("columns", [1, 32, 77])
def test_softmax(tmp_path, columns):
    x = RNG.standard_normal((3, columns)).astype(np.float32)
    r = go(tmp_path, "arithmetic", "softmax", [3], [32],
           [x, Out(x.shape, np.float32), I32(columns)])  # fmt: skip
    e = np.exp(x - x.max(axis=1, keepdims=True))
    assert np.allclose(r.outputs[0], e / e.sum(axis=1, keepdims=True), rtol=1e-5)


@pytest.mark.parametrize("m,n,k", [(16, 16, 16), (17, 30, 40), (1, 1, 1)])
def test_matmul(tmp_path, m, n, k):
    a = RNG.standard_normal((m, k)).astype(np.float32)
    b = RNG.standard_normal((k, n)).astype(np.float32)
    grid = [-(-n // 16), -(-m // 16)]
    r = go(tmp_path, "arithmetic", "matmul", grid, [16, 16],
           [a, b, Out((m, n), np.float32), I32(m), I32(n), I32(k)])  # fmt: skip
    assert np.allclose(r.outputs[0], a @ b, rtol=1e-5, atol=1e-5)
