# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Towers agree with the naive programs, evaluated in float64, within 16 eps (1 +
max |score|), relative, in f64 and f32: for scores up to 1e4, for some and for all
of them masked. There is no NaN that the mathematics does not have."""

import re

import numpy as np
import pytest

FILES = ("fuse-folds-programs.mlir", "fuse-folds-own.mlir")
# Softmax and its relatives: programs of scores `s` that may be masked by -inf.
MASKED = {
    "softmax_attention", "attention_with_lse", "attention_through_exp_s_lse",
    "attention_two_exps_as_written", "log_sum_exp", "participation_ratio_sum_p_2",
    "top_2_of_softmax", "two_temperatures", "mean_square_under_softmax",
    "ranges_equal_after_simplification", "sink_as_start_values",
    "tower_with_a_fold_behind_it",
}


def programs(source):
    """name: (text, [argument types], number of results)."""
    found = {}
    for file in FILES:
        text = (source / "test" / "Transforms" / file).read_text()
        for match in re.finditer(
                r"^func\.func @(\w+)\((.*?)\) -> \((.*?)\) \{.*?^\}", text, re.M | re.S):
            types = [a.split(": ")[1] for a in match[2].split(", ")]
            found[match[1]] = match[0], types, len(match[3].split(","))
    return found


def in_f32(text):
    text = text.replace("f64", "f32")
    return text.replace("0xFFF0000000000000", "0xFF800000").replace(
        "0x7FF0000000000000", "0x7F800000")


def run(moa, folder, text, types, arrays, results, dtype, *more):
    file = folder / "program.mlir"
    file.write_text(text)
    given = []
    for number, (kind, array) in enumerate(zip(types, arrays)):
        if kind == "f64":
            given.append(f"--arg={'f64' if dtype == np.float64 else 'f32'}:{array}")
        else:
            np.save(folder / f"{number}.npy", array.astype(dtype))
            given.append(f"--arg={folder / f'{number}.npy'}")
    outs = [folder / f"out{i}.npy" for i in range(results)]
    moa.run("moa-run", file, *given, *(f"--out={out}" for out in outs), *more)
    return np.array([np.load(out) for out in outs], dtype=np.float64).ravel()


def inputs(types, scale, mask, rng):
    """Representable in f32, so that both types see the same numbers."""
    arrays = []
    for kind in types:
        if kind == "f64":
            arrays.append(1.0)
            continue
        shape = (37, 3) if "x3x" in kind else (37,)
        factor = scale if not arrays else 1.0
        array = (factor * rng.standard_normal(shape)).astype(np.float32)
        if not arrays and mask is not None:
            array[mask] = -np.inf
        arrays.append(array.astype(np.float64))
    return arrays


def compare(moa, folder, program, arrays, label):
    text, types, results = program
    naive = run(moa, folder, text, types, arrays, results, np.float64)
    score = max(np.abs(a[np.isfinite(a)]).max(initial=0) for a in arrays[:1])
    fuse = "--pass-pipeline=builtin.module(func.func(moa-fuse-folds))"
    forms = [
        (np.float64, text, [fuse]),
        (np.float64, text, [fuse, "--partition-seed=4"]),
        (np.float64, text, ["--target=cpu"]),
        (np.float32, in_f32(text), ["--target=cpu"]),
    ]
    wrong = []
    for dtype, source, more in forms:
        got = run(moa, folder, source, types, arrays, results, dtype, *more)
        bound = 16 * np.finfo(dtype).eps * (1 + score)
        proper = ~np.isnan(naive)
        if np.isnan(got[proper]).any() or not np.allclose(
                got[proper], naive[proper], rtol=bound, atol=bound * 1e-3):
            wrong.append((label, dtype.__name__, more, naive, got))
    return wrong


@pytest.mark.parametrize("scale", (1.0, 100.0, 1e4))
def test_large_scores(moa, tmp_path, scale):
    rng = np.random.default_rng(int(scale))
    wrong, known = [], programs(moa.source)
    for name in sorted(MASKED | {"entropy_of_softmax", "learned_sink",
                                 "softmax_weighted_mean_variance", "soft_argmin",
                                 "argmax_with_index", "min_max_scaling_mean",
                                 "four_largest", "gap_of_two_smallest",
                                 "softmax_over_a_grid", "weighted_log_softmax",
                                 "maximum_and_sum_over_three_axes"}):
        arrays = inputs(known[name][1], scale, None, rng)
        wrong += compare(moa, tmp_path, known[name], arrays, name)
    assert not wrong


@pytest.mark.parametrize("share", (0.5, 1.0))
def test_masked_scores(moa, tmp_path, share):
    """Some masked: as the naive program. All masked: a sum over nothing is 0."""
    rng = np.random.default_rng(11)
    wrong, known = [], programs(moa.source)
    for name in sorted(MASKED):
        mask = rng.random(37) < share
        arrays = inputs(known[name][1], 1e4, mask, rng)
        wrong += compare(moa, tmp_path, known[name], arrays, name)
    assert not wrong


@pytest.mark.parametrize("dtype,eps", (("f64", 2.3e-16), ("f32", 1.2e-7)))
def test_attention_rows(moa, tmp_path, dtype, eps):
    """Rows without keys, with some, and with all, scores of 1e4: zeros and an lse
    of -inf, no NaN."""
    text = """
func.func @attention(%q: tensor<?x8xT>, %k: tensor<?x8xT>, %v: tensor<?x4xT>,
                     %seen: tensor<?x?xi1>) -> (tensor<?x4xT>, tensor<?xT>) {
  %o, %lse = moa.attention %q, %k, %v causal mask {
  ^bb0(%i: index, %j: index):
    %s = moa.psi %seen[%i, %j] : tensor<?x?xi1>
    moa.yield %s : i1
  } : tensor<?x8xT>, tensor<?x8xT>, tensor<?x4xT> -> tensor<?x4xT>, tensor<?xT>
  return %o, %lse : tensor<?x4xT>, tensor<?xT>
}
""".replace("T>", f"{dtype}>")
    rng = np.random.default_rng(21)
    n, m = 12, 9
    numpy = {"f64": np.float64, "f32": np.float32}[dtype]
    q, k, v = (rng.standard_normal(s).astype(np.float32) for s in ((n, 8), (m, 8), (m, 4)))
    q *= np.float32(1e4)
    seen = rng.random((n, m)) < 0.5
    seen[7] = False
    types = ["tensor", "tensor", "tensor"]
    np.save(tmp_path / "seen.npy", seen)
    file = tmp_path / "attention.mlir"
    file.write_text(text)
    for number, array in enumerate((q, k, v)):
        np.save(tmp_path / f"{number}.npy", array.astype(numpy))
    given = [f"--arg={tmp_path / f'{i}.npy'}" for i in range(len(types))]
    outs = [tmp_path / "o.npy", tmp_path / "lse.npy"]
    moa.run("moa-run", file, *given, f"--arg={tmp_path / 'seen.npy'}",
            *(f"--out={o}" for o in outs), "--target=cpu")
    out, lse = (np.load(o).astype(np.float64) for o in outs)
    s = q.astype(np.float64) @ k.astype(np.float64).T / np.sqrt(8)
    bound = 16 * eps * (1 + np.abs(s).max())
    dead = 0
    for i in range(n):
        keys = [j for j in range(m) if seen[i, j] and j <= i + m - n]
        if not keys:
            assert (out[i] == 0).all() and lse[i] == -np.inf
            dead += 1
            continue
        p = np.exp(s[i, keys] - s[i, keys].max())
        np.testing.assert_allclose(lse[i], s[i, keys].max() + np.log(p.sum()), rtol=bound)
        np.testing.assert_allclose(out[i], p / p.sum() @ v[keys], rtol=bound, atol=bound)
    assert dead >= 3
