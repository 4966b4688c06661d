# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What moa-ptx refuses: exit code 1, one message that says what is wrong, and no
file written."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import TOOL  # noqa: E402

PTX = """.version 8.0
.target sm_90
.address_size 64
.visible .entry k(.param .u64 x, .param .u64 y, .param .f32 a) {
.reg .b64 %d<4>;
.reg .f32 %f<4>;
ld.param.u64 %d0, [x];
ld.param.u64 %d1, [y];
ld.param.f32 %f0, [a];
ld.global.f32 %f1, [%d0];
add.f32 %f1, %f1, %f0;
st.global.f32 [%d1], %f1;
ret;
}
"""
TWO = PTX + ".visible .entry other() {\nret;\n}\n"
LAUNCH = {
    "ptx": "k.ptx",
    "kernel": "k",
    "grid": [1, 1, 1],
    "block": [1, 1, 1],
    "args": [
        {"kind": "in", "name": "x", "dtype": "f32", "shape": [4], "file": "x.npy"},
        {"kind": "out", "name": "y", "dtype": "f32", "shape": [4], "fill": 0},
        {"kind": "scalar", "type": "f32", "value": 1.5},
    ],
}


@pytest.fixture
def folder(tmp_path):
    np.save(tmp_path / "x.npy", np.ones(4, np.float32))
    np.save(tmp_path / "wide.npy", np.ones(4, np.float64))
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f4'}")
    (tmp_path / "text.npy").write_text("no array")
    (tmp_path / "k.ptx").write_text(PTX)
    (tmp_path / "two.ptx").write_text(TWO)
    (tmp_path / "broken.ptx").write_text(PTX.replace("add.f32", "add.f31"))
    (tmp_path / "future.ptx").write_text(PTX.replace("add.f32", "tcgen05.add"))
    (tmp_path / "cut.ptx").write_text(PTX[:200])
    (tmp_path / "empty.ptx").write_text("")
    return tmp_path


def refused(folder, *args, message):
    before = sorted(p.name for p in folder.iterdir())
    done = subprocess.run(
        [TOOL, *(str(a) for a in args)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("moa-ptx: error: ")
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(p.name for p in folder.iterdir()) == before


GOOD = "--block=1 --arg in:x.npy --arg out:y:f32:4 --arg f32:1.5".split()
FLAGS = {
    "no file": (["--block=1"], "no PTX file"),
    "missing file": (["nothing.ptx", *GOOD], "nothing.ptx"),
    "two files": (["k.ptx", "k.ptx", *GOOD], "more than one PTX file"),
    "unknown option": (["k.ptx", "--speed=9"], "unknown option '--speed'"),
    "no value": (["k.ptx", "--grid"], "option '--grid' needs a value"),
    "grid of letters": (["k.ptx", "--grid=a", *GOOD], "bad value 'a' of option '--grid'"),
    "grid of four": (["k.ptx", "--grid=1,1,1,1", *GOOD], "'--grid'"),
    "negative grid": (["k.ptx", "--grid=-1", *GOOD], "'--grid'"),
    "large grid": (["k.ptx", "--grid=4294967296", *GOOD], "'--grid'"),
    "empty grid": (["k.ptx", "--grid=0", *GOOD], "an empty grid"),
    "large block": (["k.ptx", "--block=2048", *GOOD[1:]], "a block of 2048 threads"),
    "no block": (["k.ptx", *GOOD[1:]], "the size of the block is not given"),
    "cluster": (["k.ptx", "--cluster=2", *GOOD], "no multiple of the cluster"),
    "large cluster": (["k.ptx", "--cluster=32", "--grid=32", *GOOD], "a cluster of 32 blocks"),
    "shared memory": (["k.ptx", "--smem=300000", *GOOD], "bytes of shared memory"),
    "bad shared memory": (["k.ptx", "--smem=many", *GOOD], "'--smem'"),
    "unknown check": (["k.ptx", "--checks=sanity", *GOOD], "'--checks'"),
    "no check": (["k.ptx", "--checks=", *GOOD], "'--checks'"),
    "threads": (["k.ptx", "--threads=9999", *GOOD], "'--threads'"),
    "budget": (["k.ptx", "--budget=lots", *GOOD], "'--budget'"),
    "unknown kernel": (["k.ptx", "--kernel=f", *GOOD], "no kernel 'f'; there are: k"),
    "which kernel": (["two.ptx", *GOOD], "several kernels, name one of: k, other"),
    "too few arguments": (["k.ptx", *GOOD[:-2]], "takes 3 arguments, there are 2"),
    "too many arguments": (["k.ptx", *GOOD, "--arg", "null"], "takes 3 arguments, there are 4"),
    "wrong size": (["k.ptx", *GOOD[:-1], "f64:1"], "argument 2 of 'k' has 4 bytes, given are 8"),
    "no kind": (["k.ptx", *GOOD[:-1], "1.5"], "argument '1.5'"),
    "unknown type": (["k.ptx", *GOOD[:-1], "f12:1"], "unknown kind or type"),
    "no number": (["k.ptx", *GOOD[:-1], "f32:x"], "'x' is no f32"),
    "too large": (["k.ptx", *GOOD[:-1], "i8:128"], "'128' is no i8"),
    "negative unsigned": (["k.ptx", *GOOD[:-1], "u32:-1"], "'-1' is no u32"),
    "odd hex": (["k.ptx", *GOOD[:-1], "hex:012"], "'012' is not hexadecimal"),
    "no hex": (["k.ptx", *GOOD[:-1], "hex:zz"], "'zz' is not hexadecimal"),
    "missing array": (["k.ptx", "--block=1", "--arg", "in:z.npy", *GOOD[3:]], "z.npy"),
    "no array": (["k.ptx", "--block=1", "--arg", "in:text.npy", *GOOD[3:]], "text.npy"),
    "bad header": (["k.ptx", "--block=1", "--arg", "in:bad.npy", *GOOD[3:]], "bad.npy"),
    "no extents": (["k.ptx", "--block=1", "--arg", "out:y:f32"], "expected out:NAME:DTYPE:EXTENTS"),
    "bad extents": (["k.ptx", "--block=1", "--arg", "out:y:f32:a"], "expected out:NAME:DTYPE:EXTENTS"),
    "huge": (["k.ptx", "--block=1", "--arg", f"out:y:f32:{1 << 62}"], "larger than 64 GiB"),
    "scratch": (["k.ptx", "--block=1", "--arg", "scratch:lots"], "expected scratch:BYTES"),
    "unknown instruction": (["broken.ptx", *GOOD], "line 11: 'add' has no type"),
    "not supported": (["future.ptx", *GOOD], "tcgen05"),
    "cut": (["cut.ptx", *GOOD], "cut.ptx"),
    "empty": (["empty.ptx", *GOOD], "line 1: expected '.version'"),
    "no folder": (["k.ptx", *GOOD, "--out-dir=nowhere"], "nowhere"),
    "no report": (["k.ptx", *GOOD, "--report=nowhere/r.json"], "nowhere/r.json"),
    "launch and file": (["k.ptx", "--launch=l.json"], "--launch takes the PTX file"),
    "no launch file": (["--launch=l.json"], "l.json"),
}  # fmt: skip


@pytest.mark.parametrize("what", FLAGS)
def test_flags(folder, what):
    args, message = FLAGS[what]
    refused(folder, *args, message=message)


def changed(path, value):
    """LAUNCH with the value at the path, or without it."""
    launch = copy.deepcopy(LAUNCH)
    place = launch
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return launch


FIELDS = {
    "no ptx": (("ptx",), None, "'ptx' is missing"),
    "ptx is a number": (("ptx",), 3, "'ptx' must be a string"),
    "unknown key": (("speed",), 3, "unknown key 'speed'"),
    "kernel is a list": (("kernel",), [], "'kernel' must be a string"),
    "grid is a string": (("grid",), "1", "'grid' must be a list of numbers"),
    "grid of four": (("grid",), [1, 1, 1, 1], "'grid' must have 1 to 3 numbers"),
    "empty grid list": (("grid",), [], "'grid' must have 1 to 3 numbers"),
    "negative grid": (("grid",), [-1], "'grid' must be a list of numbers"),
    "fractional block": (("block",), [1.5], "'block' must be a list of numbers"),
    "large block": (("block",), [1 << 32], "'block' is too large"),
    "cluster is a number": (("cluster",), 2, "'cluster' must be a list of numbers"),
    "negative bytes": (("dynamic_smem",), -1, "'dynamic_smem' must be a number"),
    "many bytes": (("dynamic_smem",), 1 << 40, "'dynamic_smem' is too large"),
    "args is an object": (("args",), {}, "'args' must be a list"),
    "an argument is a number": (("args", 2), 3, ""),
    "no kind": (("args", 2, "kind"), None, "'kind'"),
    "unknown kind": (("args", 2, "kind"), "vector", "'vector'"),
    "unknown key of an argument": (("args", 2, "size"), 3, "unknown key 'size'"),
    "unknown scalar": (("args", 2, "type"), "f12", "f12"),
    "scalar is a list": (("args", 2, "value"), [1], "'value'"),
    "unknown dtype": (("args", 1, "dtype"), "f12", "f12"),
    "shape is a number": (("args", 1, "shape"), 4, "'shape' must be a list of numbers"),
    "unknown fill": (("args", 1, "fill"), "zero", "zero"),
    "another dtype": (("args", 0, "dtype"), "f64", "holds"),
    "another shape": (("args", 0, "shape"), [5], "another shape"),
    "missing array": (("args", 0, "file"), "z.npy", "z.npy"),
    "no file": (("args", 0, "file"), None, "'file'"),
}  # fmt: skip


@pytest.mark.parametrize("what", FIELDS)
def test_fields(folder, what):
    path, value, message = FIELDS[what]
    (folder / "l.json").write_text(json.dumps(changed(path, value)))
    refused(folder, "--launch=l.json", message=message)


TEXTS = {
    "nothing": "",
    "a list": "[]",
    "no end": json.dumps(LAUNCH)[:-3],
    "twice": json.dumps(LAUNCH) * 2,
    "a bare word": "launch",
    "deep": "[" * 100000,
    "bad escape": '{"ptx": "\\q"}',
    "bad number": '{"dynamic_smem": 1e}',
}


@pytest.mark.parametrize("what", TEXTS)
def test_texts(folder, what):
    (folder / "l.json").write_text(TEXTS[what])
    refused(folder, "--launch=l.json", message="l.json")


def test_good(folder):
    """What all of the above changes runs."""
    (folder / "l.json").write_text(json.dumps(LAUNCH))
    subprocess.run([TOOL, "--launch", "l.json"], cwd=folder, check=True)
    assert np.load(folder / "y.npy").tolist() == [2.5, 0, 0, 0]
    (folder / "y.npy").unlink()
    done = subprocess.run([TOOL, "k.ptx", *GOOD], cwd=folder, check=False)
    assert done.returncode == 0
    assert np.load(folder / "y.npy")[0] == 2.5
