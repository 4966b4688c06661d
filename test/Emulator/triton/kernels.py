# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Triton kernels for the tests of the emulator."""

import triton
import triton.language as tl


@triton.jit
def add(x, y, out, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    keep = i < n
    tl.store(out + i, tl.load(x + i, keep) + tl.load(y + i, keep), keep)


@triton.jit
def softmax(x, out, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    j = tl.arange(0, BLOCK)
    v = tl.load(x + row * columns + j, j < columns, float("-inf"))
    e = tl.exp(v - tl.max(v, 0))
    tl.store(out + row * columns + j, e / tl.sum(e, 0), j < columns)


@triton.jit
def layer_norm(x, w, b, out, columns, eps, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    j = tl.arange(0, BLOCK)
    keep = j < columns
    v = tl.load(x + row * columns + j, keep, 0.0)
    mean = tl.sum(v, 0) / columns
    d = tl.where(keep, v - mean, 0.0)
    scale = tl.rsqrt(tl.sum(d * d, 0) / columns + eps)
    y = d * scale * tl.load(w + j, keep) + tl.load(b + j, keep)
    tl.store(out + row * columns + j, y, keep)


@triton.jit
def gelu(x, out, n, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    v = tl.load(x + i, i < n).to(tl.float32)
    y = 0.5 * v * (1 + tl.erf(v * 0.7071067811865476))
    tl.store(out + i, y.to(tl.float16), i < n)


@triton.jit
def matmul(
    a, b, c, M, N, K,
    BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr,
):  # fmt: skip
    i = tl.program_id(0) * BM + tl.arange(0, BM)
    j = tl.program_id(1) * BN + tl.arange(0, BN)
    k = tl.arange(0, BK)
    sum = tl.zeros((BM, BN), tl.float32)
    for k0 in range(0, K, BK):
        kk = k0 + k
        fa = tl.load(a + i[:, None] * K + kk[None, :],
                     (i[:, None] < M) & (kk[None, :] < K), 0.0)  # fmt: skip
        fb = tl.load(b + kk[:, None] * N + j[None, :],
                     (kk[:, None] < K) & (j[None, :] < N), 0.0)  # fmt: skip
        sum = tl.dot(fa, fb, sum)
    tl.store(c + i[:, None] * N + j[None, :], sum,
             (i[:, None] < M) & (j[None, :] < N))  # fmt: skip


@triton.jit
def matmul_int(a, b, c, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    i, j, k = tl.arange(0, BM), tl.arange(0, BN), tl.arange(0, BK)
    sum = tl.zeros((BM, BN), tl.int32)
    for k0 in range(0, K, BK):
        fa = tl.load(a + i[:, None] * K + k0 + k[None, :])
        fb = tl.load(b + j[None, :] * K + k0 + k[:, None])
        sum = tl.dot(fa, fb, sum)
    tl.store(c + i[:, None] * BN + j[None, :], sum)


@triton.jit
def attention(
    q, k, v, out, N, M, scale,
    D: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr,
):  # fmt: skip
    i = tl.program_id(0) * BM + tl.arange(0, BM)
    d = tl.arange(0, D)
    fq = tl.load(q + i[:, None] * D + d[None, :], i[:, None] < N, 0.0)
    most = tl.full((BM,), float("-inf"), tl.float32)
    total = tl.zeros((BM,), tl.float32)
    sum = tl.zeros((BM, D), tl.float32)
    for j0 in range(0, M, BN):
        j = j0 + tl.arange(0, BN)
        fk = tl.load(k + j[None, :] * D + d[:, None], j[None, :] < M, 0.0)
        s = tl.dot(fq, fk) * scale
        s = tl.where((j[None, :] <= i[:, None]) & (j[None, :] < M), s, float("-inf"))
        new = tl.maximum(most, tl.max(s, 1))
        p = tl.exp(s - new[:, None])
        correction = tl.exp(most - new)
        total = total * correction + tl.sum(p, 1)
        fv = tl.load(v + j[:, None] * D + d[None, :], j[:, None] < M, 0.0)
        sum = tl.dot(p.to(tl.float16), fv, sum * correction[:, None])
        most = new
    tl.store(out + i[:, None] * D + d[None, :], sum / total[:, None], i[:, None] < N)


@triton.jit
def scan(x, out, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + i, tl.cumsum(tl.load(x + i), 0))


@triton.jit
def sort(x, out, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    tl.store(out + i, tl.sort(tl.load(x + i)))


@triton.jit
def histogram(x, out, n, BLOCK: tl.constexpr, BINS: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    h = tl.histogram(tl.load(x + i, i < n, 0), BINS, i < n)
    tl.atomic_add(out + tl.arange(0, BINS), h)


@triton.jit
def transpose(x, out, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    i, j = tl.arange(0, ROWS), tl.arange(0, COLUMNS)
    v = tl.load(x + i[:, None] * COLUMNS + j[None, :])
    tl.store(out + j[:, None] * ROWS + i[None, :], tl.trans(v))


@triton.jit
def dropout(x, out, n, p, seed, BLOCK: tl.constexpr):
    i = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    keep = tl.rand(seed, i) > p
    v = tl.load(x + i, i < n)
    tl.store(out + i, tl.where(keep, v / (1 - p), 0.0), i < n)


@triton.jit
def argmax(x, out, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    j = tl.arange(0, BLOCK)
    v = tl.load(x + row * columns + j, j < columns, float("-inf"))
    tl.store(out + row, tl.argmax(v, 0))


F32, F16, I32, I8 = "*fp32", "*fp16", "*i32", "*i8"
# name: (types, constants, pointers and numbers that are multiples of 16, options)
COMPILED = {
    "add": ({"x": F32, "y": F32, "out": F32, "n": "i32"}, {"BLOCK": 256},
            ("x", "y", "out"), {}),
    "softmax": ({"x": F32, "out": F32, "columns": "i32"}, {"BLOCK": 256},
                ("x", "out"), {}),
    # With fused multiply-adds the lanes of a warp come to sums that differ in the
    # last bit, and all store theirs to one place: a race, which is reported.
    "layer_norm": ({"x": F32, "w": F32, "b": F32, "out": F32, "columns": "i32",
                    "eps": "fp32"}, {"BLOCK": 128}, ("x", "w", "b", "out"),
                   {"enable_fp_fusion": False}),
    "gelu": ({"x": F16, "out": F16, "n": "i32"}, {"BLOCK": 256}, ("x", "out"), {}),
    "matmul": ({"a": F16, "b": F16, "c": F32, "M": "i32", "N": "i32", "K": "i32"},
               {"BM": 64, "BN": 64, "BK": 32}, ("a", "b", "c", "N", "K"),
               {"num_stages": 3}),
    "matmul_int": ({"a": I8, "b": I8, "c": I32, "K": "i32"},
                   {"BM": 64, "BN": 32, "BK": 64}, ("a", "b", "c", "K"), {}),
    "attention": ({"q": F16, "k": F16, "v": F16, "out": F32, "N": "i32", "M": "i32",
                   "scale": "fp32"}, {"D": 64, "BM": 64, "BN": 32},
                  ("q", "k", "v", "out"), {"num_stages": 2}),
    "scan": ({"x": I32, "out": I32}, {"BLOCK": 512}, ("x", "out"), {}),
    "sort": ({"x": I32, "out": I32}, {"BLOCK": 256}, ("x", "out"), {}),
    "histogram": ({"x": I32, "out": I32, "n": "i32"}, {"BLOCK": 256, "BINS": 64},
                  ("x", "out"), {}),
    "transpose": ({"x": F32, "out": F32}, {"ROWS": 64, "COLUMNS": 32}, ("x", "out"), {}),
    "dropout": ({"x": F32, "out": F32, "n": "i32", "p": "fp32", "seed": "i32"},
                {"BLOCK": 256}, ("x", "out"), {}),
    "argmax": ({"x": F32, "out": I32, "columns": "i32"}, {"BLOCK": 128}, ("x", "out"), {}),
}  # fmt: skip
