# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Folds whose masks became bounds: test/Transforms/tighten-bounds.mlir against
NumPy in float64, in the reference interpreter, also in random parts, and on the
CPU."""

import json

import numpy as np
import pytest

PASSES = ("builtin.module(func.func(moa-expand,moa-psi-reduce,moa-fuse-folds,"
          "moa-tighten-bounds))")
FORMS = {
    "as written": [],
    "reference": [f"--pass-pipeline={PASSES}"],
    "parts": [f"--pass-pipeline={PASSES}", "--partition-seed=3"],
    "cpu": ["--target=cpu"],
}
# Queries and keys: as many, fewer, more (rows without keys), one, none.
SIZES = ((7, 7), (5, 9), (9, 5), (1, 6), (130, 133), (3, 0), (0, 4))


@pytest.fixture(scope="module")
def programs(moa, tmp_path_factory):
    """Each function in a file of its own."""
    folder = tmp_path_factory.mktemp("programs")
    text = (moa.source / "test" / "Transforms" / "tighten-bounds.mlir").read_text()
    files = {}
    for number, part in enumerate(text.split("// -----")):
        path = folder / f"{number}.mlir"
        path.write_text(part)
        for line in part.splitlines():
            if line.startswith("func.func @"):
                files[line[11:].split("(")[0]] = path
    return files


def run(moa, folder, path, entry, arguments, results, form):
    command = [path, f"--entry={entry}", *FORMS[form]]
    for number, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            np.save(folder / f"in{number}.npy", argument)
            argument = folder / f"in{number}.npy"
        command.append(f"--arg={argument}")
    outs = [folder / f"out{number}.npy" for number in range(results)]
    moa.run("moa-run", *command, *(f"--out={out}" for out in outs))
    return [np.load(out) for out in outs]


def attention(q, k, v, admissible):
    q, k, v = (a.astype(np.float64) for a in (q, k, v))
    out, lse = np.zeros((len(q), v.shape[1])), np.full(len(q), -np.inf)
    for i, row in enumerate(q):
        keep = [j for j in range(len(k)) if admissible(i, j)]
        if keep:
            s = k[keep] @ row / np.sqrt(8)
            lse[i] = s.max() + np.log(np.exp(s - s.max()).sum())
            out[i] = np.exp(s - lse[i]) @ v[keep]
    return out, lse


def masks(rng, n, m):
    """name: (more arguments, number of results, what is admissible)."""
    ends = np.sort(rng.integers(0, m + 1, 3)).astype(np.int32)
    offsets = np.concatenate([[0], ends, [m]]).astype(np.int32)
    document = rng.integers(0, 4, n).astype(np.int32)
    valid = rng.random(m) < 0.6
    return {
        "causal": ([], 2, lambda i, j: j <= i + m - n),
        "window": (["index:2"], 1, lambda i, j: i + m - n - 2 <= j <= i + m - n + 3),
        "prefix": (["index:3"], 1, lambda i, j: j <= i or j < 3),
        "documents": ([document, offsets], 1,
                      lambda i, j: offsets[document[i]] <= j < offsets[document[i] + 1]),
        "sink_and_window": ([valid], 1,
                            lambda i, j: (j < 4 or j >= i - 100) and valid[j] and j <= i),
    }


@pytest.mark.parametrize("name", list(masks(np.random.default_rng(0), 1, 1)))
def test_attention(moa, tmp_path, programs, name):
    rng = np.random.default_rng(7)
    for n, m in SIZES:
        more, results, admissible = masks(rng, n, m)[name]
        arrays = [rng.standard_normal(size).astype(np.float32)
                  for size in ((n, 8), (m, 8), (m, 4))]
        wanted = attention(*arrays, admissible)[:results]
        for form in FORMS:
            got = run(moa, tmp_path, programs[name], name, [*arrays, *more], results,
                      form)
            for array, want in zip(got, wanted):
                np.testing.assert_allclose(array, want, rtol=3e-5, atol=3e-6,
                                           err_msg=f"{form} {n} {m}")


@pytest.mark.parametrize("form", FORMS)
def test_folds(moa, tmp_path, programs, form):
    rng = np.random.default_rng(9)

    def compare(name, arguments, wanted):
        got = run(moa, tmp_path, programs[name], name, arguments, len(wanted), form)
        for array, want in zip(got, wanted):
            np.testing.assert_allclose(array, want, rtol=1e-12, err_msg=f"{name}")

    for n, m in ((130, 200), (3, 70), (70, 3), (2, 0)):
        a = rng.standard_normal((n, m))
        blocks = np.arange(m)[None] // 64 <= np.arange(n)[:, None] // 64
        compare("blocks", [a], [(a * blocks).sum(1)])
        compare("triangle", [a], [np.tril(a).sum()])
    q, k = rng.standard_normal((5, 8)), rng.standard_normal((6, 3))
    compare("truncated", [q, k], [q[:, :3] @ k.T])
    a, bits = rng.integers(-99, 99, 20), rng.random(20) < 0.5
    for n, i in ((20, 5), (20, 19), (7, 12), (20, 0)):
        seen = a[: min(n, i + 1)]
        compare("integers", [a, f"index:{n}", f"index:{i}", bits],
                [seen.max(), np.bitwise_and.reduce(seen), i < n and bits[i]])
    compare("integers", [a, "index:0", "index:3", bits],
            [np.iinfo(np.int64).min, -1, False])
    x = rng.standard_normal(20)
    for n, i in ((20, 5), (4, 9), (0, 0)):
        seen = x[: min(n, i + 1)]
        last = 1.0 if n == 0 else x[n - 1] if n - 1 <= i else 0.0
        product = seen.prod() if i + 1 >= n else 0.0
        compare("no_domain", [x, f"index:{n}", f"index:{i}"],
                [seen.sum(), n, product, last])


def test_masked_keys_are_not_read(moa, tmp_path, programs):
    """The loops of a causal row end at its diagonal, and ask for nothing."""
    done = moa.run("moa-opt", programs["causal"], "--moa-to-cpu",
                   "--mlir-disable-threading",
                   "--mlir-print-ir-after=convert-moa-to-onf", "-o", "/dev/null")
    loops = done.stderr.split("func.func @causal__contract")[0]
    assert loops.count("arith.cmpi") == 0
    done = moa.run("moa-opt", programs["causal"], "--moa-to-cpu=tighten-bounds=false",
                   "--mlir-disable-threading",
                   "--mlir-print-ir-after=convert-moa-to-onf", "-o", "/dev/null")
    loops = done.stderr.split("func.func @causal__contract")[0]
    assert loops.count("arith.cmpi") == 1


def test_counters_of_a_causal_mask(moa, tmp_path, programs):
    """A value is read once for each admissible key and each column."""
    for n, m in ((5, 7), (7, 7), (9, 4)):
        for number, size in enumerate(((n, 8), (m, 8), (m, 4))):
            np.save(tmp_path / f"{number}.npy", np.ones(size, np.float32))
        counters = tmp_path / "counters.json"
        moa.run("moa-run", programs["causal"], *FORMS["reference"],
                *(f"--arg={tmp_path / f'{i}.npy'}" for i in range(3)),
                f"--out={tmp_path / 'o.npy'}", f"--out={tmp_path / 'lse.npy'}",
                f"--counters={counters}")
        values = json.loads(counters.read_text())["arguments"][2]
        pairs = sum(max(0, i + m - n + 1) for i in range(n))
        assert values["read"] == 4 * pairs
