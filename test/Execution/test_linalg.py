# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of linalg and tensor compute the same as arrays of moa and as
upstream's loops.

The programs are those of test/Conversion/linalg-to-moa*.mlir, and what
torch-mlir exports (test/Conversion/Inputs). Each runs in the reference
interpreter and on the CPU after the conversion, and on the CPU without it:
bufferized and made loops of by upstream's passes.
"""

import re

import numpy as np
import pytest

FILES = ("linalg-to-moa.mlir", "linalg-to-moa-tensor.mlir")
FUNCTION = re.compile(r"^func\.func @(\w+)\((.*?)\)\s*->\s*(.*?) \{$",
                      re.MULTILINE | re.DOTALL)
DTYPES = {"f64": np.float64, "f32": np.float32, "i64": np.int64, "i1": np.bool_}
# What an argument of type index is where 6 does not fit.
INDICES = {"reshape_dynamic": 18}
# Without the conversion upstream has no loops for these.
CONVERTED_ONLY = ("softmax", "concat", "reshape_dynamic")
WAYS = {
    "reference": ["--target=reference"],
    "cpu": ["--target=cpu"],
    "upstream": ["--target=cpu", "--convert-linalg=false"],
}


def programs(source):
    """(file, function, argument types, number of results) of every program."""
    for name in FILES:
        path = source / "test" / "Conversion" / name
        for function, arguments, results in FUNCTION.findall(path.read_text()):
            types = [a.split(": ")[1] for a in arguments.split(", ")]
            yield path, function, types, results.count("tensor<")


def write_arguments(folder, function, types, extent, rng):
    """Random arguments as moa-run takes them; dynamic extents are `extent`."""
    given = []
    for number, kind in enumerate(types):
        if kind == "index":
            given.append(f"--arg=index:{INDICES.get(function, extent)}")
        elif not kind.startswith("tensor"):
            given.append(f"--arg={kind}:1.5")
        else:
            *shape, element = kind[len("tensor<"):-1].split("x")
            shape = [extent if n == "?" else int(n) for n in shape]
            array = 3 * rng.standard_normal(shape)
            path = folder / f"{number}.npy"
            np.save(path, array.astype(DTYPES[element]) if element != "i1" else array > 0)
            given.append(f"--arg={path}")
    return given


def run(moa, folder, path, function, given, count, way):
    outs = [folder / f"out{i}.npy" for i in range(count)]
    moa.run("moa-run", path, f"--entry={function}", *given,
            *(f"--out={out}" for out in outs), *WAYS[way])
    return [np.load(out) for out in outs]


def test_programs_agree(moa, tmp_path):
    rng = np.random.default_rng(5)
    compared = 0
    for path, function, types, count in programs(moa.source):
        given = write_arguments(tmp_path, function, types, 6, rng)
        wanted = run(moa, tmp_path, path, function, given, count, "reference")
        for way in ("cpu", "upstream"):
            if way == "upstream" and function in CONVERTED_ONLY:
                continue
            got = run(moa, tmp_path, path, function, given, count, way)
            for x, y in zip(wanted, got):
                np.testing.assert_allclose(y, x, rtol=1e-12, atol=1e-12,
                                           err_msg=f"{function} {way}")
                compared += x.size
    assert compared > 500


def test_empty_extents(moa, tmp_path):
    """Dynamic extents of 0: empty results, and start values of empty sums."""
    rng = np.random.default_rng(6)
    for path, function, types, count in programs(moa.source):
        if function in ("slice", "reshape_dynamic"):
            continue
        given = [g.replace("index:6", "index:0") for g in
                 write_arguments(tmp_path, function, types, 0, rng)]
        wanted = run(moa, tmp_path, path, function, given, count, "reference")
        got = run(moa, tmp_path, path, function, given, count, "cpu")
        for x, y in zip(wanted, got):
            np.testing.assert_array_equal(y, x, err_msg=function)


def attention(query, key, value, scale, mask=0):
    scores = scale * (query.astype(float) @ key.astype(float).swapaxes(-1, -2)) + mask
    p = np.exp(scores - scores.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True) @ value


CAUSAL = np.where(np.tril(np.ones((5, 7))), 0, -np.inf)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name, rows, keys, scale, mask", [
    ("naive", 5, 7, 0.125, 0),
    ("dynamic", 9, 4, 0.125, 0),
    ("causal", 5, 7, 8**-0.5, CAUSAL),
])
def test_exported_attention(moa, tmp_path, name, rows, keys, scale, mask, way):
    rng = np.random.default_rng(7)
    path = moa.source / "test" / "Conversion" / "Inputs" / f"torch_{name}.mlir"
    arrays = [3 * rng.standard_normal((2, 3, n, 8)).astype(np.float32)
              for n in (rows, keys, keys)]
    given = []
    for number, array in enumerate(arrays):
        np.save(tmp_path / f"{number}.npy", array)
        given.append(f"--arg={tmp_path / f'{number}.npy'}")
    (got,) = run(moa, tmp_path, path, name, given, 1, way)
    wanted = attention(*arrays, scale, mask)
    np.testing.assert_allclose(got, wanted, rtol=3e-5, atol=3e-6)


def test_what_stays_runs(moa, tmp_path):
    """A function of which a part does not convert: both live together."""
    rng = np.random.default_rng(8)
    path = moa.source / "test" / "Conversion" / "Inputs" / "torch_block.mlir"
    arrays = [rng.standard_normal(s).astype(np.float32)
              for s in ((2, 5, 8), (8, 8), (5, 5))]
    given = []
    for number, array in enumerate(arrays):
        np.save(tmp_path / f"{number}.npy", array)
        given.append(f"--arg={tmp_path / f'{number}.npy'}")
    outs, where = run(moa, tmp_path, path, "block", given, 2, "cpu")
    x, w, bias = arrays
    heads = (x @ w).reshape(2, 5, 2, 4).swapaxes(1, 2)
    y = attention(heads, heads, heads, 1, bias).swapaxes(1, 2).reshape(2, 5, 8)
    np.testing.assert_allclose(outs, np.concatenate([x, y], 1), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(where, y.argmax(-1))


def test_extents_are_checked(moa, tmp_path):
    """Shapes that do not fit are reported, by target and interpreter."""
    path = moa.source / "test" / "Conversion" / "linalg-to-moa.mlir"
    np.save(tmp_path / "a.npy", np.ones(3))
    np.save(tmp_path / "b.npy", np.ones(4))
    for way in WAYS:
        done = moa.run("moa-run", path, "--entry=agree", f"--arg={tmp_path / 'a.npy'}",
                       f"--arg={tmp_path / 'b.npy'}", *WAYS[way], check=False)
        assert done.returncode == 1
        assert "'linalg.generic' op" in done.stderr


def test_compile_takes_linalg(moa, tmp_path):
    """An object file and PTX straight from an exported program."""
    path = moa.source / "test" / "Conversion" / "Inputs" / "torch_causal.mlir"
    moa.run("moa-compile", path, "--target=cpu", "-o", tmp_path / "f.o")
    assert (tmp_path / "f.o").stat().st_size > 0
    moa.run("moa-compile", path, "--chip=sm_80", "-o", tmp_path / "f.ptx")
    assert ".visible .entry causal_kernel0(" in (tmp_path / "f.ptx").read_text()
