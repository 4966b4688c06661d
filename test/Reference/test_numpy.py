# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference interpreter against NumPy in float64: every operation of the
algebra and the variants of attention, on random arrays. Each program runs as it is
written, and once more after psi-reduction."""

import json

import numpy as np
import pytest

TYPES = {
    "float64": "f64",
    "float32": "f32",
    "int64": "i64",
    "int32": "i32",
    "int8": "i8",
    "bool": "i1",
}
LEVELS = {
    "written": [],
    "reduced": ["--pass-pipeline=builtin.module(func.func(moa-expand,moa-psi-reduce))"],
}


def array_type(rank, element):
    return "tensor<" + "?x" * rank + element + ">"


def run(moa, tmp_path, text, inputs, num_results=1, options=()):
    """Runs the only function of `text` on arrays and scalar arguments."""
    (tmp_path / "program.mlir").write_text(text)
    command = [tmp_path / "program.mlir", *options]
    for number, value in enumerate(inputs):
        if isinstance(value, str):
            command += ["--arg", value]
            continue
        np.save(tmp_path / f"in{number}.npy", value)
        command += ["--arg", tmp_path / f"in{number}.npy"]
    outs = [tmp_path / f"out{number}.npy" for number in range(num_results)]
    moa.run("moa-run", *command, *(f"--out={out}" for out in outs), "--f64-out")
    return [np.load(out) for out in outs]


# Operations: name, shapes of the arrays, rank of the result, text with the types
# A, B of the arrays and R of the result, what NumPy says.

BINARY = """ {{
  ^bb0(%x: {e}, %y: {e}):
    %z = arith.{op} %x, %y : {e}
    moa.yield %z : {e}
  }}"""
MUL, ADD, SUB = (
    BINARY.format(e="f64", op=op) for op in ("mulf", "addf", "subf")
)
KEEP = """ combine {
  ^bb0(%acc: f64, %x: f64):
    %h = arith.mulf %acc, %half : f64
    %z = arith.subf %x, %h : f64
    moa.yield %z : f64
  }"""


def keep(values, start=0.0):
    for x in values:
        start = x - 0.5 * start
    return start


def suffixes(function):
    return lambda a: np.array([function(a[i:]) for i in range(len(a))])


OPERATIONS = [
    ("reverse", [(3, 4)], 2, "moa.reverse %a axes [1] : {A}", lambda a: a[:, ::-1]),
    (
        "transpose",
        [(2, 3, 5)],
        3,
        "moa.transpose %a permutation [2, 0, 1] : {A} -> {R}",
        lambda a: a.transpose(2, 0, 1),
    ),
    (
        "reshape",
        [(4, 6)],
        2,
        "moa.reshape %a[3, 8] : {A} -> {R}",
        lambda a: a.reshape(3, 8),
    ),
    (
        "reshape repeats",
        [(2, 3)],
        2,
        "moa.reshape %a[4, 5] : {A} -> {R}",
        lambda a: np.resize(a, (4, 5)),
    ),
    ("ravel", [(2, 3)], 1, "moa.ravel %a : {A} -> {R}", np.ravel),
    (
        "cat",
        [(2, 3), (2, 4)],
        2,
        "moa.cat %a, %b, %a axis 1 : {A}, {B}, {A} -> {R}",
        lambda a, b: np.concatenate([a, b, a], axis=1),
    ),
    ("psi", [(4, 3)], 1, "moa.psi %a[%two] : {A}", lambda a: a[2]),
    (
        "take",
        [(4, 5)],
        2,
        "moa.take %a[2, -3] : {A} -> {R}",
        lambda a: a[:2, -3:],
    ),
    (
        "overtake",
        [(2, 3)],
        2,
        "moa.take %a[-3, 5] fill(%half : f64) : {A} -> {R}",
        lambda a: np.pad(a, ((1, 0), (0, 2)), constant_values=0.5),
    ),
    ("drop", [(4, 5)], 2, "moa.drop %a[1, -2] : {A} -> {R}", lambda a: a[1:, :-2]),
    (
        "rotate",
        [(4, 5)],
        2,
        "moa.rotate %a[-1, 7] : {A}",
        lambda a: np.roll(a, (1, -7), axis=(0, 1)),
    ),
    (
        "map",
        [(3, 4), (4,)],
        2,
        "moa.map %a, %b" + MUL + " : {A}, {B} -> {R}",
        lambda a, b: a * b,
    ),
    (
        "outer",
        [(3, 2), (4,)],
        3,
        "moa.outer %a, %b" + SUB + " : {A}, {B} -> {R}",
        np.subtract.outer,
    ),
    (
        "inner",
        [(2, 3, 4), (4, 5)],
        3,
        "moa.inner add %a, %b" + MUL + " : {A}, {B} -> {R}",
        lambda a, b: a @ b,
    ),
    (
        "inner max add",
        [(3, 4), (4, 5)],
        2,
        "moa.inner max %a, %b" + ADD + " : {A}, {B} -> {R}",
        lambda a, b: (a[:, :, None] + b[None]).max(axis=1),
    ),
    (
        "reduce",
        [(3, 4, 5)],
        1,
        "moa.reduce add %a axes [0, 2] : {A} -> {R}",
        lambda a: a.sum(axis=(0, 2)),
    ),
    (
        "reduce min",
        [(3, 4)],
        1,
        "moa.reduce min %a axes [0] init(%half : f64) : {A} -> {R}",
        lambda a: np.minimum(a.min(axis=0), 0.5),
    ),
    (
        "reduce custom",
        [(3, 4)],
        0,
        "moa.reduce custom %a axes [0, 1] init(%zero : f64)" + KEEP + " : {A} -> {R}",
        lambda a: np.array(keep(a.ravel())),
    ),
    (
        "scan",
        [(3, 4)],
        2,
        "moa.scan mul %a axis 1 : {A}",
        lambda a: np.cumprod(a, axis=1),
    ),
    (
        "scan exclusive",
        [(5, 2)],
        2,
        "moa.scan add %a axis 0 exclusive : {A}",
        lambda a: np.cumsum(a, axis=0) - a,
    ),
    (
        "scan reverse custom",
        [(6,)],
        1,
        "moa.scan custom %a axis 0 reverse init(%zero : f64)" + KEEP + " : {A}",
        suffixes(keep),
    ),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", OPERATIONS, ids=lambda case: case[0].replace(" ", "-"))
def test_operation(moa, tmp_path, case, level):
    _, shapes, rank, code, function = case
    rng = np.random.default_rng(7)
    inputs = [rng.standard_normal(shape) for shape in shapes]
    types = [array_type(len(shape), "f64") for shape in shapes]
    result = array_type(rank, "f64")
    names = dict(zip("AB", types), R=result)
    for name, value in names.items():
        code = code.replace("{" + name + "}", value)
    text = f"""
      func.func @f({", ".join(f"%{n}: {t}" for n, t in zip("ab", types))}) -> {result} {{
        %two = arith.constant 2 : index
        %zero = arith.constant 0.0 : f64
        %half = arith.constant 0.5 : f64
        %0 = {code}
        return %0 : {result}
      }}"""
    # What is rearranged is the same; sums may be taken in another order.
    (got,) = run(moa, tmp_path, text, inputs, options=LEVELS[level])
    want = function(*inputs)
    assert got.dtype == np.float64
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64"])
def test_gather_and_select(moa, tmp_path, dtype, level):
    rng = np.random.default_rng(3)
    a = rng.standard_normal((5, 4))
    where = rng.integers(0, 4, (2, 3)).astype(dtype)
    mask = rng.integers(0, 2, (2, 3)).astype(bool)
    text = f"""
      func.func @f(%a: tensor<?x?xf64>, %i: tensor<?x?x{TYPES[dtype]}>,
                   %m: tensor<?x?xi1>, %n: index) -> tensor<?x?x?xf64> {{
        %0 = moa.gather %a[%i] axis 1
            : tensor<?x?xf64>, tensor<?x?x{TYPES[dtype]}> -> tensor<?x?x?xf64>
        %1 = moa.iota(%n, %n, %n) axis 2 : tensor<?x?x?xf64>
        %2 = moa.take %1[5, 2] : tensor<?x?x?xf64> -> tensor<5x2x?xf64>
        %3 = moa.select %m, %0, %2
            : tensor<?x?xi1>, tensor<?x?x?xf64>, tensor<5x2x?xf64> -> tensor<?x?x?xf64>
        return %3 : tensor<?x?x?xf64>
      }}"""
    (got,) = run(moa, tmp_path, text, [a, where, mask, "index:3"], options=LEVELS[level])
    index = np.zeros((5, 2, 3))
    index[:3] = np.arange(3)
    np.testing.assert_array_equal(got, np.where(mask, a[:, where], index))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64"])
def test_integers_wrap(moa, tmp_path, dtype, level):
    e = TYPES[dtype]
    limits = np.iinfo(dtype)
    rng = np.random.default_rng(5)
    a, b = (rng.integers(limits.min, limits.max, 40, dtype, True) for _ in "ab")
    text = f"""
      func.func @f(%a: tensor<?x{e}>, %b: tensor<?x{e}>) -> (tensor<?x{e}>, tensor<{e}>) {{
        %0 = moa.map %a, %b {BINARY.format(e=e, op="muli")}
            : tensor<?x{e}>, tensor<?x{e}> -> tensor<?x{e}>
        %1 = moa.reduce add %0 axes [0] : tensor<?x{e}> -> tensor<{e}>
        return %0, %1 : tensor<?x{e}>, tensor<{e}>
      }}"""
    product, total = run(moa, tmp_path, text, [a, b], 2, LEVELS[level])
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(product, a * b)
        assert total == np.sum(a * b, dtype=dtype)


# Attention: rank, (B, Hq, Hkv, N, M, dk, dv).

SHAPES = {
    2: [(1, 1, 1, 5, 7, 3, 4), (1, 1, 1, 6, 2, 1, 3), (1, 1, 1, 1, 9, 4, 2)],
    3: [(1, 4, 2, 5, 5, 3, 4), (1, 3, 1, 2, 6, 2, 5)],
    4: [(2, 4, 1, 3, 5, 4, 2), (2, 2, 2, 7, 3, 3, 1)],
}


def attention(q, k, v, score, admissible):
    """The formula on arrays of rank 4, row by row."""
    group = q.shape[1] // k.shape[1]
    out = np.zeros((*q.shape[:3], v.shape[3]))
    lse = np.full(q.shape[:3], -np.inf)
    for b, h, i in np.ndindex(q.shape[:3]):
        keys = [j for j in range(k.shape[2]) if admissible(b, h, i, j)]
        if not keys:
            continue
        s = np.array(
            [score(q[b, h, i] @ k[b, h // group, j], b, h, i, j) for j in keys]
        )
        p = np.exp(s - s.max())
        out[b, h, i] = p @ v[b, h // group, keys] / p.sum()
        lse[b, h, i] = s.max() + np.log(p.sum())
    return out, lse


VARIANTS = {
    "plain": ("", None, None),
    "causal": ("causal", None, lambda c, i, j: j <= c),
    "window": (
        "window_left(%w) window_right(%w)",
        None,
        lambda c, i, j: c - 2 <= j <= c + 2,
    ),
    "causal window": ("causal window_left(%w)", None, lambda c, i, j: c - 2 <= j <= c),
    "scaled": ("scale(%x : f64)", lambda s, dk, i, j: 0.3 * s, None),
    "softcap and bias": (
        """scale(%x : f64) score {{
        ^bb0(%s: f64{indices}):
          %t = math.tanh %s : f64
          %e = moa.psi %bias[%i, %j] : tensor<?x?xf64>
          %u = arith.addf %t, %e : f64
          moa.yield %u : f64
        }}""",
        lambda s, dk, i, j: np.tanh(0.3 * s) + BIAS[i, j],
        None,
    ),
    "mask": (
        """causal mask {{
        ^bb0({mask}):
          %e = moa.psi %bias[%i, %j] : tensor<?x?xf64>
          %zero = arith.constant 0.0 : f64
          %p = arith.cmpf ogt, %e, %zero : f64
          moa.yield %p : i1
        }}""",
        None,
        lambda c, i, j: j <= c and BIAS[i, j] > 0,
    ),
}
BIAS = np.random.default_rng(11).standard_normal((9, 9))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.parametrize("rank", SHAPES)
def test_attention(moa, tmp_path, rank, variant, level):
    options, score, admits = VARIANTS[variant]
    names = ["%b", "%h", "%i", "%j"][4 - rank :]
    mask = ", ".join(f"{name}: index" for name in names)
    options = options.format(indices=", " + mask, mask=mask)
    array, sums = array_type(rank, "f64"), array_type(rank - 1, "f64")
    text = f"""
      func.func @f(%q: {array}, %k: {array}, %v: {array}, %bias: tensor<?x?xf64>,
                   %x: f64, %w: index) -> ({array}, {sums}) {{
        %o, %lse = moa.attention %q, %k, %v {options}
            : {array}, {array}, {array} -> {array}, {sums}
        return %o, %lse : {array}, {sums}
      }}"""
    for b, hq, hkv, n, m, dk, dv in SHAPES[rank]:
        rng = np.random.default_rng(n)
        full = [
            rng.standard_normal(shape)
            for shape in ((b, hq, n, dk), (b, hkv, m, dk), (b, hkv, m, dv))
        ]
        arrays = [a.reshape(a.shape[4 - rank :]) for a in full]
        out, lse = run(
            moa,
            tmp_path,
            text,
            [*arrays, BIAS, "f64:0.3", "index:2"],
            2,
            LEVELS[level],
        )
        want_out, want_lse = attention(
            *full,
            lambda s, b, h, i, j: score(s, dk, i, j) if score else s / np.sqrt(dk),
            lambda b, h, i, j: admits is None or admits(i + m - n, i, j),
        )
        np.testing.assert_allclose(out, want_out.reshape(out.shape), 1e-12, 1e-13)
        np.testing.assert_allclose(lse, want_lse.reshape(lse.shape), 1e-12, 1e-13)


def test_counts_of_attention(moa, tmp_path):
    """The counts that the interpreter's header gives for attention."""
    b, hq, hkv, n, m, dk, dv = 2, 4, 2, 3, 5, 7, 6
    text = """
      func.func @f(%q: tensor<?x?x?x?xf64>, %k: tensor<?x?x?x?xf64>, %v: tensor<?x?x?x?xf64>)
          -> (tensor<?x?x?x?xf64>, tensor<?x?x?xf64>) {
        %o, %lse = moa.attention %q, %k, %v
            : tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>
           -> tensor<?x?x?x?xf64>, tensor<?x?x?xf64>
        return %o, %lse : tensor<?x?x?x?xf64>, tensor<?x?x?xf64>
      }"""
    inputs = [np.ones((b, hq, n, dk)), np.ones((b, hkv, m, dk)), np.ones((b, hkv, m, dv))]
    counters = tmp_path / "counters.json"
    run(moa, tmp_path, text, inputs, 2, [f"--counters={counters}"])
    counts = json.loads(counters.read_text())
    rows, pairs = b * hq * n, b * hq * n * m
    assert counts["float_ops"] == {
        "add": pairs * (dk + 2 + dv) + rows,
        "mul": pairs * (dk + 1 + dv),
        "div": rows * dv,
        "max_min": pairs,
        "exp": pairs,
        "log": rows,
    }
    assert counts["integer_ops"] == {}
    reads = [(a["read"], a["read_distinct"]) for a in counts["arguments"]]
    assert reads == [
        (pairs * dk, inputs[0].size),
        (pairs * dk, inputs[1].size),
        (pairs * dv, inputs[2].size),
    ]
    assert [r["written"] for r in counts["results"]] == [rows * dv, rows]
    assert counts["intermediates"] == []


def test_counts_of_intermediates(moa, tmp_path):
    """Level 1 writes and reads an intermediate array, psi-reduction removes it."""
    text = """
      func.func @f(%a: tensor<?x?xf64>) -> tensor<?xf64> {
        %0 = moa.transpose %a permutation [1, 0] : tensor<?x?xf64> -> tensor<?x?xf64>
        %1 = moa.reduce add %0 axes [1] : tensor<?x?xf64> -> tensor<?xf64>
        return %1 : tensor<?xf64>
      }"""
    counters = tmp_path / "counters.json"
    for level, intermediates in (("written", 1), ("reduced", 0)):
        run(
            moa,
            tmp_path,
            text,
            [np.ones((3, 4))],
            options=[f"--counters={counters}", *LEVELS[level]],
        )
        counts = json.loads(counters.read_text())
        assert len(counts["intermediates"]) == intermediates
        for traffic in counts["intermediates"]:
            assert (traffic["written"], traffic["read"]) == (12, 12)
        assert counts["arguments"][0]["read"] == 12
        assert counts["results"][0]["written"] == 4
        assert counts["float_ops"] == {"add": 12}


def test_towers_in_parts(moa, tmp_path):
    """Variance by a tower with corrections: any partition gives the same."""
    text = """
      func.func @f(%a: tensor<?xf64>) -> (f64, f64) {
        %c0 = arith.constant 0 : index
        %n = tensor.dim %a, %c0 : tensor<?xf64>
        %one = arith.constant 1.0 : f64
        %s, %count, %m2 = moa.fold %k = %c0 to %n (%rs: add f64, %rn: add f64, %rq: add f64) {
          %x = moa.psi %a[%k] : tensor<?xf64>
          %mean = arith.divf %rs, %rn : f64
          %d = arith.subf %x, %mean : f64
          %dd = arith.mulf %d, %d : f64
          moa.yield %x, %one, %dd : f64, f64, f64
        } correct (%s0, %n0, %q0) to (%s1, %n1, %q1) {
          %a0 = arith.maximumf %n0, %one : f64
          %a1 = arith.maximumf %n1, %one : f64
          %m0 = arith.divf %s0, %a0 : f64
          %m1 = arith.divf %s1, %a1 : f64
          %d = arith.subf %m0, %m1 : f64
          %dd = arith.mulf %d, %d : f64
          %t = arith.mulf %n0, %dd : f64
          %q = arith.addf %q0, %t : f64
          moa.yield %s0, %n0, %q : f64, f64, f64
        }
        %variance = arith.divf %m2, %count : f64
        return %s, %variance : f64, f64
      }"""
    a = np.random.default_rng(2).standard_normal(37) + 3
    for options in ([], *([f"--partition-seed={seed}"] for seed in range(5))):
        total, variance = run(moa, tmp_path, text, [a], 2, options)
        np.testing.assert_allclose(total, a.sum(), rtol=1e-13)
        np.testing.assert_allclose(variance, a.var(), rtol=1e-12)
