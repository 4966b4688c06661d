# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CUDA programs on CUB, cooperative groups, libcu++, tensor cores and TMA, run on
the emulator with all checks on, against NumPy."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import HERE, InOut, Out, TensorMap, Through, run  # noqa: E402

I32 = np.int32


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture
def go(tmp_path):
    """Runs a kernel that must run clean; its outputs."""

    def call(program, kernel, grid, block, args, **options):
        ptx = HERE / "cuda" / f"{program}.ptx"
        result = run(tmp_path, ptx, kernel, grid, block, args, **options)
        assert result.code == 0, result.stderr
        return result.outputs

    return call


# CUB


@pytest.mark.parametrize("n", [1, 100, 1000])
def test_cub_block_reduce(go, rng, n):
    x = rng.standard_normal(n).astype(np.float32)
    (out,) = go("collectives", "cub_block_reduce", [1], [128],
                [x, Out((1,), np.float32), I32(n)])  # fmt: skip
    assert np.isclose(out[0], x.sum(dtype=np.float64), rtol=1e-4, atol=1e-4)


def test_cub_block_reduce_max(go, rng):
    x = rng.integers(-1000, 1000, 777).astype(I32)
    (out,) = go("collectives", "cub_block_reduce_max", [1], [96],
                [x, Out((1,), I32), I32(x.size)])  # fmt: skip
    assert out[0] == x.max()


def test_cub_block_scan(go, rng):
    x = rng.integers(-9, 9, (3, 256)).astype(I32)
    (out,) = go("collectives", "cub_block_scan", [3], [64], [x, Out(x.shape, I32)])
    assert (out == np.cumsum(x, axis=1) - x).all()


def test_cub_block_sort(go, rng):
    x = rng.integers(0, 1 << 32, 256, dtype=np.uint32)
    (out,) = go("collectives", "cub_block_sort", [1], [64], [x, Out(x.shape, np.uint32)])
    assert (out == np.sort(x)).all()


def test_cub_block_histogram(go, rng):
    x = rng.integers(0, 64, 512).astype(np.uint8)
    (out,) = go("collectives", "cub_block_histogram", [2], [64],
                [x, InOut(np.zeros(64, np.uint32))])  # fmt: skip
    assert (out == np.bincount(x, minlength=64)).all()


def test_cub_warp_scan(go, rng):
    x = rng.integers(-50, 50, 128).astype(np.float32)
    (out,) = go("collectives", "cub_warp_scan", [1], [128], [x, Out(x.shape, np.float32)])
    assert (out == np.cumsum(x.reshape(4, 32), axis=1).ravel()).all()


@pytest.mark.parametrize("n", [1, 128, 1000])
def test_lookback_scan(go, rng, n):
    x = rng.integers(-9, 9, n).astype(I32)
    blocks = -(-n // 128)
    outs = go("collectives", "lookback_scan", [blocks], [128],
              [x, Out((n,), I32), I32(n), InOut(np.zeros(blocks, np.uint64)),
               InOut(np.zeros(1, np.uint32))])  # fmt: skip
    assert (outs[0] == np.cumsum(x)).all()


# Cooperative groups


def test_groups_reduce(go, rng):
    x = rng.integers(-99, 99, 64).astype(I32)
    (out,) = go("collectives", "groups_reduce", [1], [64], [x, Out((8, 2), I32)])
    tiles = x.reshape(8, 8)
    assert (out == np.stack([tiles.sum(1), tiles.max(1)], 1)).all()


def test_groups_scan(go, rng):
    x = rng.integers(-99, 99, 64).astype(I32)
    (out,) = go("collectives", "groups_scan", [1], [64], [x, Out((64,), I32)])
    tiles = x.reshape(4, 16)
    assert (out == (np.cumsum(tiles, 1) - tiles).ravel()).all()


def test_groups_labeled(go, rng):
    x = rng.integers(0, 5, 32).astype(I32)
    (out,) = go("collectives", "groups_labeled", [1], [32], [x, Out((32,), I32)])
    want = [100 * (x == v).sum() + (x[:i] == v).sum() for i, v in enumerate(x)]
    assert out.tolist() == want


def test_groups_coalesced(go, rng):
    x = rng.integers(0, 99, 64).astype(I32)
    count, out = go("collectives", "groups_coalesced", [1], [64],
                    [x, InOut(np.zeros(1, np.uint32)), InOut(np.zeros(64, I32))])  # fmt: skip
    chosen = x[x % 3 == 0]
    assert count[0] == chosen.size
    assert sorted(out[: chosen.size]) == sorted(chosen)


@pytest.mark.parametrize("blocks", [2, 7])
def test_grid_barrier(go, blocks):
    data, _ = go("collectives", "grid_barrier", [blocks], [32],
                 [Out((3, blocks), I32), InOut(np.zeros(1, np.uint32))])  # fmt: skip
    want = [np.arange(blocks)]
    for _ in range(2):
        want.append(np.roll(want[-1], -1) + 1)
    assert (data == want).all()


# Matrix products


def test_product_wmma(go, rng):
    a = rng.standard_normal((32, 48)).astype(np.float16)
    b = rng.standard_normal((48, 64)).astype(np.float16)
    (c,) = go("products", "product_wmma", [4, 2], [32],
              [a, b, Out((32, 64), np.float32), I32(64), I32(48)])  # fmt: skip
    assert np.allclose(c, a.astype(np.float64) @ b.astype(np.float64), atol=1e-4)


def test_product_wmma_int(go, rng):
    a = rng.integers(-128, 128, (64, 32)).astype(np.int8)
    b = rng.integers(-128, 128, (16, 32)).astype(np.int8)
    (c,) = go("products", "product_wmma_int", [2, 2], [32],
              [a, b, Out((64, 16), I32), I32(16), I32(32)])  # fmt: skip
    assert (c == a.astype(I32) @ b.astype(I32).T).all()


def bfloat(x):
    """The bits of x, a multiple of 1/4 that bf16 holds exactly."""
    return (x.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


@pytest.mark.parametrize("k", [32, 96])
def test_product_mma(go, rng, k):
    a, b = (rng.integers(-8, 8, (64, k)) / 4 for _ in range(2))
    (c,) = go("products", "product_mma", [1], [128],
              [bfloat(a), bfloat(b), Out((64, 64), np.float32), I32(k)])  # fmt: skip
    assert (c == a @ b.T).all()


def test_product_wgmma(go, rng):
    a, b = (rng.integers(-8, 8, (n, 64)) / 4 for n in (64, 32))
    (c,) = go("products", "product_wgmma", [1], [128],
              [a.astype(np.float16), b.astype(np.float16),
               Out((64, 32), np.float32)])  # fmt: skip
    assert (c == a @ b.T).all()


# Copies and clusters


@pytest.mark.parametrize("shape", [(16, 64), (11, 60)])
def test_tma(go, rng, shape):
    rows, columns = shape
    x = rng.standard_normal(shape).astype(np.float32)
    args = [
        *(TensorMap(i, "f32", [columns, rows], [4 * columns], [32, 8]) for i in (2, 3)),
        Through(x),
        Through(np.zeros(shape, np.float32)),
    ]
    grid = [-(-columns // 32), -(-rows // 8)]
    before, after = go("copies", "tma_negate", grid, [64], args)
    assert (before == x).all() and (after == -x).all()


def test_bulk_sum(go, rng):
    x = rng.integers(-99, 99, (3, 256)).astype(I32)
    (out,) = go("copies", "bulk_sum", [3], [96], [x, InOut(np.zeros(3, I32))])
    assert (out == x.sum(axis=1)).all()


@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_warp_specialized(go, rng, rounds):
    x = rng.integers(-9, 9, (rounds, 96)).astype(np.float32)
    (out,) = go("copies", "warp_specialized", [1], [128],
                [x, Out((96,), np.float32), I32(rounds)])  # fmt: skip
    assert (out == (x * np.arange(1, rounds + 1)[:, None]).sum(0)).all()


def test_barrier_phases(go, rng):
    x = rng.integers(-9, 9, 64).astype(I32)
    (out,) = go("copies", "barrier_phases", [1], [64], [InOut(x)])
    assert (out == np.roll(x, -3) + 3).all()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_pipeline_copy(go, rng, count):
    x = rng.integers(-99, 99, (count, 128)).astype(I32)
    (out,) = go("copies", "pipeline_copy", [1], [32],
                [x, Out(x.shape, I32), I32(count)])  # fmt: skip
    assert (out == 2 * x).all()


def test_cluster_histogram(go, rng):
    x = rng.integers(0, 256, 2000).astype(np.uint8)
    (out,) = go("copies", "cluster_histogram", [8], [96],
                [x, InOut(np.zeros(256, np.uint32)), I32(x.size)])  # fmt: skip
    assert (out == np.bincount(x, minlength=256)).all()


def test_cluster_exchange(go, rng):
    x = rng.integers(0, 256, (6, 32)).astype(I32)
    (out,) = go("copies", "cluster_exchange", [6], [32], [x, Out(x.shape, I32)])
    assert (out == x.reshape(3, 2, 32)[:, ::-1].reshape(6, 32)).all()
