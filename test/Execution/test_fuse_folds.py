# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What fused folds compute, and that wrong corrections are rejected.

The programs are those of test/Transforms/fuse-folds-*.mlir. Each runs in the
reference interpreter as written, which is its meaning, and fused: in order, and
in random parts that are merged by `correct`.
"""

import random
import re

import ml_dtypes
import numpy as np
import pytest

FUSE = "builtin.module(func.func(moa-fuse-folds))"
EXACT = "builtin.module(func.func(moa-fuse-folds{moments=exact}))"
FILES = ("fuse-folds-programs.mlir", "fuse-folds-own.mlir",
         "fuse-folds-refused.mlir")
HALVES = {"bf16": ml_dtypes.bfloat16, "f16": np.float16}
SIGNATURE = re.compile(r"^func\.func @(\w+)\((.*?)\) ->", re.MULTILINE)


def programs(source):
    """(file, function, [argument types]) of every program."""
    for name in FILES:
        path = source / "test" / "Transforms" / name
        for function, arguments in SIGNATURE.findall(path.read_text()):
            types = [a.split(": ")[1] for a in arguments.split(", ")]
            yield path, function, types


def write_arguments(folder, types, length, scale, rng):
    """Random arguments as moa-run takes them."""
    given = []
    for number, kind in enumerate(types):
        if not kind.startswith("tensor"):
            given.append(f"--arg={kind}:1.0")
            continue
        shape = (length, 3) if "x3x" in kind else (length,)
        path = folder / f"{number}.npy"
        array = scale * rng.standard_normal(shape)
        for element, dtype in HALVES.items():
            if kind.endswith(f"x{element}>"):
                array = array.astype(dtype)
        np.save(path, array)
        given.append(f"--arg={path}")
    return given


def run(moa, folder, path, function, given, *more):
    """The results of a function, as one vector."""
    count = len(re.search(rf"@{function}\(.*-> \((.*)\) {{", path.read_text())[1].split(","))
    outs = [folder / f"out{i}.npy" for i in range(count)]
    moa.run("moa-run", path, f"--entry={function}", *given,
            *(f"--out={out}" for out in outs), *more)
    return np.array([np.load(out) for out in outs], dtype=np.float64).ravel()


def test_fused_programs_agree(moa, tmp_path):
    rng = np.random.default_rng(3)
    wrong, compared = [], 0
    for path, function, types in programs(moa.source):
        given = write_arguments(tmp_path, types, 37, 1.0, rng)
        wanted = run(moa, tmp_path, path, function, given)
        for more in ([f"--pass-pipeline={FUSE}"],
                     [f"--pass-pipeline={EXACT}", "--partition-seed=5"]):
            got = run(moa, tmp_path, path, function, given, *more)
            compared += 1
            halves = any("f16" in kind for kind in types)
            near = 1e-6 if halves else 1e-10
            if not np.allclose(got, wanted, rtol=near, atol=1e-11, equal_nan=True):
                wrong.append((function, more, wanted, got))
    assert not wrong
    assert compared >= 100


def test_fused_programs_on_the_cpu(moa, tmp_path):
    """The CPU pipeline fuses folds by itself."""
    rng = np.random.default_rng(12)
    wrong, compared = [], 0
    for path, function, types in programs(moa.source):
        given = write_arguments(tmp_path, types, 37, 1.0, rng)
        wanted = run(moa, tmp_path, path, function, given)
        got = run(moa, tmp_path, path, function, given, "--target=cpu")
        compared += 1
        # Sums are in f32 then.
        near, zero = (1e-5, 1e-6) if any("f16" in k for k in types) else (1e-9, 1e-11)
        if not np.allclose(got, wanted, rtol=near, atol=zero, equal_nan=True):
            wrong.append((function, wanted, got))
    assert not wrong
    assert compared >= 50


def test_attention_with_masked_rows(moa, tmp_path):
    """Queries before all keys see none: zeros and -inf, no NaN."""
    path = tmp_path / "attention.mlir"
    path.write_text("""
func.func @attention(%q: tensor<?x8xf64>, %k: tensor<?x8xf64>,
                     %v: tensor<?x4xf64>) -> (tensor<?x4xf64>, tensor<?xf64>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x8xf64>, tensor<?x8xf64>, tensor<?x4xf64>
   -> tensor<?x4xf64>, tensor<?xf64>
  return %o, %lse : tensor<?x4xf64>, tensor<?xf64>
}
""")
    rng = np.random.default_rng(4)
    pipeline = "builtin.module(func.func(moa-expand,moa-psi-reduce,moa-fuse-folds))"
    for rows, keys, scale in ((5, 9, 1.0), (9, 5, 1.0), (7, 7, 100.0), (3, 0, 1.0)):
        arrays = [scale * rng.standard_normal((rows, 8)),
                  rng.standard_normal((keys, 8)), rng.standard_normal((keys, 4))]
        given = []
        for number, array in enumerate(arrays):
            np.save(tmp_path / f"{number}.npy", array)
            given.append(f"--arg={tmp_path / f'{number}.npy'}")
        results = []
        for more in ([], [f"--pass-pipeline={pipeline}"],
                     [f"--pass-pipeline={pipeline}", "--partition-seed=9"]):
            outs = [tmp_path / "o.npy", tmp_path / "lse.npy"]
            moa.run("moa-run", path, *given, *(f"--out={o}" for o in outs), *more)
            results.append([np.load(o) for o in outs])
        for o, lse in results[1:]:
            assert not np.isnan(o).any() and not np.isnan(lse).any()
            np.testing.assert_allclose(o, results[0][0], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(lse, results[0][1], rtol=1e-12)


@pytest.mark.parametrize("parts", (1, 3, 50))
def test_split_folds_agree(moa, tmp_path, parts):
    """More parts than elements: the last ones are empty."""
    split = f"builtin.module(func.func(moa-fuse-folds,moa-split-fold{{parts={parts}}}))"
    twice = split.replace("))", ",moa-split-fold{parts=2}))")
    rng = np.random.default_rng(8)
    chosen = {"attention_with_lse", "softmax_weighted_skewness_depth_5",
              "layer_norm_contraction", "argmax_with_index", "max_of_x_mean_sd"}
    compared = 0
    for path, function, types in programs(moa.source):
        if function not in chosen:
            continue
        given = write_arguments(tmp_path, types, 37, 1.0, rng)
        wanted = run(moa, tmp_path, path, function, given)
        for pipeline in (split, twice):
            got = run(moa, tmp_path, path, function, given,
                      f"--pass-pipeline={pipeline}", "--partition-seed=2")
            np.testing.assert_allclose(got, wanted, rtol=1e-10, err_msg=function)
            compared += 1
    assert compared == 2 * len(chosen)


MUTATIONS = (("arith.subf", "arith.addf"), ("arith.mulf", "arith.addf"),
             ("arith.addf", "arith.subf"), ("arith.divf", "arith.mulf"),
             ("arith.mulf", "arith.subf"), ("math.exp", "math.sqrt"),
             ("cmpf olt", "cmpf ole"), ("cmpf olt", "cmpf ogt"),
             ("cmpf oeq", "cmpf one"), ("arith.maximumf", "arith.minimumf"))


def mutants(text):
    """Each correction of a function with one operation in it exchanged."""
    start = text.find("} correct")
    if start < 0:
        return
    end = text.index("moa.yield", start)
    for before, after in MUTATIONS:
        for match in re.finditer(re.escape(before) + r"\b", text[start:end]):
            at = start + match.start()
            yield text[:at] + after + text[at + len(before):]


def test_seeded_wrong_corrections_are_rejected(moa, tmp_path):
    wrong = []
    for name in FILES[:2]:
        path = moa.source / "test" / "Transforms" / name
        fused = moa.run("moa-opt", path, "--moa-fuse-folds").stdout
        functions = re.split(r"(?m)^  (?=func\.func)", fused)[1:]
        functions[-1] = functions[-1].rsplit("}", 1)[0]
        aliases = "\n".join(re.findall(r"(?m)^#map.*", fused)) + "\n"
        some = [aliases + m for f in functions for m in mutants(f)]
        random.Random(6).shuffle(some)
        wrong += some[:120]
    assert len(wrong) >= 150
    file = tmp_path / "wrong.mlir"
    file.write_text("\n// -----\n".join(wrong))
    done = moa.run("moa-opt", file, "--split-input-file", "--moa-check-folds",
                   check=False)
    assert done.returncode != 0
    rejected = re.findall(r"error: 'moa.fold' op does not obey the transport law",
                          done.stderr)
    assert len(rejected) == len(wrong), done.stderr
