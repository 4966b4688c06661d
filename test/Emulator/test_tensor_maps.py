# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensor maps of launch files: a tile is copied in and out."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import TOOL  # noqa: E402

PTX = """
.version 8.6
.target sm_90a
.address_size 64
.visible .entry tile(.param .align 64 .b8 x[128], .param .align 64 .b8 y[128],
                     .param .u32 c0, .param .u32 c1, .param .u32 bytes) {
  .reg .b32 %r<9>;
  .reg .b64 %d<9>;
  .reg .pred %p<9>;
  .shared .align 1024 .b8 box[16384];
  .shared .align 8 .b64 full;
  ld.param.u32 %r1, [c0];
  ld.param.u32 %r2, [c1];
  ld.param.u32 %r3, [bytes];
  mov.b64 %d1, x;
  cvta.param.u64 %d1, %d1;
  mov.b64 %d2, y;
  cvta.param.u64 %d2, %d2;
  mbarrier.init.shared::cta.b64 [full], 1;
  fence.mbarrier_init.release.cluster;
  mbarrier.arrive.expect_tx.shared::cta.b64 _, [full], %r3;
  cp.async.bulk.tensor.2d.shared::cta.global.tile.mbarrier::complete_tx::bytes
    [box], [%d1, {%r1, %r2}], [full];
wait:
  mbarrier.try_wait.parity.shared::cta.b64 %p1, [full], 0;
  @!%p1 bra wait;
  mov.u32 %r4, 0;
  cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group
    [%d2, {%r4, %r4}], [box];
  cp.async.bulk.commit_group;
  cp.async.bulk.wait_group 0;
  ret;
}
"""

DTYPES = {"f32": np.float32, "f16": np.float16, "i8": np.int8, "i64": np.int64}


def tensor(name, dtype, shape, box, **more):
    size = np.dtype(DTYPES[dtype]).itemsize
    return {
        "kind": "tensormap", "of": name, "elem": dtype, "dims": list(shape[::-1]),
        "strides": [size * shape[1]], "box": list(box[::-1]),
    } | more  # fmt: skip


def copy(tmp_path, dtype, shape, box, at, change=(), **more):
    """Copies the box at row at[0] and column at[1]; the result, and the tool."""
    kind = DTYPES[dtype]
    x = (np.arange(np.prod(shape)) % 120).astype(kind).reshape(shape)
    np.save(tmp_path / "x.npy", x)
    (tmp_path / "tile.ptx").write_text(PTX)
    maps = [tensor("x", dtype, shape, box, **more), tensor("y", dtype, box, box)]
    if "swizzle" in more:
        maps[1]["swizzle"] = more["swizzle"]
    maps[0] |= dict(change)
    nbytes = int(np.prod(box)) * x.itemsize
    launch = {
        "ptx": "tile.ptx", "kernel": "tile", "grid": [1], "block": [1],
        "args": [*maps] + [
            {"kind": "scalar", "type": "i32", "value": v} for v in (at[1], at[0], nbytes)
        ],
        "buffers": [
            {"kind": "in", "name": "x", "dtype": dtype, "shape": list(shape),
             "file": "x.npy"},
            {"kind": "out", "name": "y", "dtype": dtype, "shape": list(box),
             "fill": "poison"},
        ],
    }  # fmt: skip
    (tmp_path / "launch.json").write_text(json.dumps(launch))
    command = [TOOL, "--launch", tmp_path / "launch.json", "--out-dir", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return x, done


@pytest.mark.parametrize(
    "dtype, shape, box, at, more",
    [
        ("f32", (20, 40), (4, 16), (3, 8), {}),
        ("f32", (20, 40), (4, 16), (18, 32), {"oob": "zero", "l2": "128B"}),
        ("f32", (20, 40), (4, 16), (18, 32), {"oob": "nan"}),
        ("f16", (20, 128), (16, 64), (1, 64), {"swizzle": "128B"}),
        ("f16", (20, 128), (16, 32), (1, 96), {"swizzle": "64B"}),
        ("i8", (20, 128), (9, 32), (-2, 112), {"swizzle": "32B"}),
        ("i64", (20, 6), (5, 4), (0, 0), {"interleave": "none"}),
    ],
)
def test_tile(tmp_path, dtype, shape, box, at, more):
    x, done = copy(tmp_path, dtype, shape, box, at, **more)
    assert done.returncode == 0, done.stderr
    fill = np.nan if more.get("oob") == "nan" else 0
    wide = np.full([n + 2 * 128 for n in shape], fill, x.dtype)
    wide[128 : 128 + shape[0], 128 : 128 + shape[1]] = x
    rows, columns = 128 + at[0], 128 + at[1]
    want = wide[rows : rows + box[0], columns : columns + box[1]]
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), want)


@pytest.mark.parametrize(
    "change, part",
    [
        ({"of": "z"}, "no buffer is called so"),
        ({"elem": "f13"}, "no elements of type 'f13'"),
        ({"box": [3, 4]}, "a row of the box has 12 bytes"),
        ({"box": [16, 257]}, "box dimension 1 is 257"),
        ({"strides": [24]}, "stride 0 is 24"),
        ({"strides": []}, "0 strides for 2 dimensions"),
        ({"dims": [-1, 3]}, "'dims' must be a list of numbers"),
        ({"swizzle": "96B"}, "'swizzle' must be one of none, 32B, 64B, 128B"),
        ({"interleave": "16B"}, "interleaved layouts are not supported"),
        ({"colour": 3}, "unknown key 'colour'"),
        ({"pixels": 8}, "'lower' is missing"),
    ],
)
def test_refused(tmp_path, change, part):
    _, done = copy(tmp_path, "f32", (20, 40), (4, 16), (0, 0), change.items())
    assert done.returncode == 1
    assert part in done.stderr
    assert not (tmp_path / "y.npy").exists()
