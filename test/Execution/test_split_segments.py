# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Folds over concatenations in segments: test/Transforms/split-segments.mlir
against NumPy in float64, in the reference interpreter, also in random parts, and
on the CPU."""

import numpy as np
import pytest

PASSES = ("builtin.module(func.func(moa-expand,moa-psi-reduce,moa-fuse-folds,"
          "moa-split-segments,moa-tighten-bounds))")
FORMS = {
    "as written": [],
    "reference": [f"--pass-pipeline={PASSES}"],
    "parts": [f"--pass-pipeline={PASSES}", "--partition-seed=3"],
    "cpu": ["--target=cpu"],
}


@pytest.fixture(scope="module")
def programs(moa, tmp_path_factory):
    """Each function in a file of its own."""
    folder = tmp_path_factory.mktemp("programs")
    text = (moa.source / "test" / "Transforms" / "split-segments.mlir").read_text()
    files = {}
    for part in text.split("// -----"):
        name = part.split("func.func @")[-1].split("(")[0]
        files[name] = folder / f"{name}.mlir"
        files[name].write_text(part)
    return files


def check(moa, folder, programs, form, name, arguments, wanted):
    command = [programs[name], f"--entry={name}", *FORMS[form]]
    for number, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            np.save(folder / f"in{number}.npy", argument)
            argument = folder / f"in{number}.npy"
        command.append(f"--arg={argument}")
    outs = [folder / f"out{number}.npy" for number in range(len(wanted))]
    moa.run("moa-run", *command, *(f"--out={out}" for out in outs))
    for out, want in zip(outs, wanted):
        np.testing.assert_allclose(np.load(out), want, rtol=1e-12, atol=1e-12)


def sink_and_window(q, k, v):
    """The first 4 keys and 100 before the query."""
    out = np.zeros((len(q), v.shape[1]))
    for i in range(len(q)):
        keys = [j for j in range(len(k)) if (j < 4 or j >= i - 100) and j <= i]
        if keys:
            p = np.exp(k[keys] @ q[i] / np.sqrt(8))
            out[i] = p @ v[keys] / p.sum()
    return out


def attention(q, k, v, causal):
    n, m = len(q), len(k)
    out, lse = np.zeros((n, v.shape[1])), np.full(n, -np.inf)
    for i in range(n):
        end = min(m, max(0, i + m - n + 1)) if causal else m
        if end:
            s = k[:end] @ q[i] / np.sqrt(8)
            lse[i] = s.max() + np.log(np.exp(s - s.max()).sum())
            out[i] = np.exp(s - lse[i]) @ v[:end]
    return out, lse


@pytest.mark.parametrize("form", FORMS)
def test_segments(moa, tmp_path, programs, form):
    rng = np.random.default_rng(2)

    def arrays(*shapes):
        return [rng.standard_normal(shape) for shape in shapes]

    for n, m in ((5, 6), (1, 0), (9, 1)):
        q, k1, k2, v1, v2 = given = arrays((n, 8), (4, 8), (m, 8), (4, 5), (m, 5))
        wanted = attention(q, np.concatenate([k1, k2]), np.concatenate([v1, v2]), False)
        check(moa, tmp_path, programs, form, "two_segments", given, wanted[:1])
    # Scores of 1e4: the state is rescaled where a segment has larger ones.
    q, k1, k2, v1, v2 = given = arrays((3, 8), (4, 8), (6, 8), (4, 5), (6, 5))
    given[2] *= 1e4
    wanted = attention(q, np.concatenate([k1, k2]), np.concatenate([v1, v2]), False)
    check(moa, tmp_path, programs, form, "two_segments", given, wanted[:1])

    for n in (17, 4, 25):
        q, dense, all, short, v1, v2 = given = arrays(
            (n, 8), (6, 8), (9, 8), (7, 3), (10, 5), (7, 5))
        chosen = rng.integers(0, 9, 4).astype(np.int32)
        long = np.pad(short, ((0, 0), (0, 5)))
        k, v = np.concatenate([dense, all[chosen], long]), np.concatenate([v1, v2])
        check(moa, tmp_path, programs, form, "tiers", [*given, chosen],
              attention(q, k, v, True)[:1])

    for lengths in ((3, 4, 3, 4), (2, 5, 6, 1), (6, 1, 2, 5), (0, 4, 4, 0), (0, 0, 0, 0)):
        a, b, c, d = lengths
        q, k1, k2, v1, v2 = given = arrays((6, 8), (a, 8), (b, 8), (c, 5), (d, 5))
        check(moa, tmp_path, programs, form, "ragged", given,
              attention(q, np.concatenate([k1, k2]), np.concatenate([v1, v2]), True))

    for n, m in ((5, 7), (0, 3), (4, 0)):
        a, b = arrays(n, m)
        x = np.concatenate([a, b])
        last = 0.5
        for e in x:
            last = e - last
        check(moa, tmp_path, programs, form, "others", [a, b, "f64:0.5"], [x.var(), last])
    q, a, b = arrays(8, (6, 3), (6, 5))
    check(moa, tmp_path, programs, form, "nested", [q, a, b],
          [(np.concatenate([a, b], 1) @ q).max()])
    for n in (0, 5):
        a, b = arrays(n, 3)
        check(moa, tmp_path, programs, form, "naive_tower", [a, b],
              [np.log(np.exp(np.concatenate([b, a])).sum())])
    for n, m in ((150, 160), (3, 2), (2, 0)):
        q, k, v = given = arrays((n, 8), (m, 8), (m, 5))
        check(moa, tmp_path, programs, form, "sink_and_window", given,
              [sink_and_window(q, k, v)])
