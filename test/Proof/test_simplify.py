# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The laws that `--moa-simplify` applies, proved for all shapes by z3.

The left sides are the functions of test/Transforms/simplify.mlir, the right
sides what the pass makes of them. Both are reduced by the psi-rules of their
operations, and `--moa-equality-to-smt` asks for extents, an index and arrays
for which they differ. There must be none; and for wrong laws there must be one.
"""

import re
import subprocess

import numpy as np
import pytest
import z3

REDUCE = "moa-psi-reduce{materialize=never},canonicalize,cse"
QUERY = f"builtin.module(func.func({REDUCE}),moa-equality-to-smt)"
FUNCTION = re.compile(r"^  func\.func @(\w+)\(.*?^  }\n", re.MULTILINE | re.DOTALL)
MILLISECONDS = 60_000


def functions(text):
    return {match[1]: match[0] for match in FUNCTION.finditer(text)}


def rules(moa, path=None):
    """{law: (left side, right side)} in the printed form."""
    path = path or moa.source / "test" / "Transforms" / "simplify.mlir"
    left = functions(moa.run("moa-opt", path, "--mlir-print-local-scope").stdout)
    right = functions(
        moa.run("moa-opt", path, "--moa-simplify", "--mlir-print-local-scope").stdout
    )
    return {name: (left[name], right[name]) for name in left}


def pair(name, left, right):
    """A module in which the one function is said to equal the other."""
    said = re.sub(r" {\n", f" attributes {{moa.equals = @{name}_rewritten}} {{\n", left, count=1)
    return said + right.replace(f"@{name}(", f"@{name}_rewritten(")


def ask(moa, folder, text):
    """What z3 says to each query of a module, in order."""
    path = folder / "pair.mlir"
    path.write_text(text)
    queries = moa.run("moa-opt", path, f"--pass-pipeline={QUERY}").stdout
    translated = subprocess.run(
        [moa.llvm / "bin" / "mlir-translate", "--export-smtlib"],
        input=queries, text=True, capture_output=True, check=True,
    ).stdout
    answers = []
    for query in re.split(r"; solver scope \d+", translated)[1:]:
        solver = z3.Solver()
        solver.set("timeout", MILLISECONDS)
        solver.from_string(re.sub(r"\((check-sat|reset)\)", "", query))
        answers.append(str(solver.check()))
    return answers


# A sum modulo an extent that is not known is beyond z3: this law is proved for
# all counts, but for single extents only.
BY_EXTENT = {"rotate_rotate"}


def test_laws_hold_for_all_shapes(moa, tmp_path):
    proved = {}
    for name, (left, right) in rules(moa).items():
        if name not in BY_EXTENT:
            proved[name] = ask(moa, tmp_path, pair(name, left, right))
    assert proved == {name: ["unsat"] for name in proved}
    assert len(proved) >= 15


@pytest.mark.parametrize("rows", (0, 1, 2, 3, 5, 8, 13))
@pytest.mark.parametrize("columns", (1, 4))
def test_laws_hold_by_extent(moa, tmp_path, rows, columns):
    text = rules(moa)["rotate_rotate"][0].replace("tensor<?x?x", f"tensor<{rows}x{columns}x")
    path = tmp_path / "static.mlir"
    path.write_text(text)
    left, right = rules(moa, path)["rotate_rotate"]
    assert left.count("moa.rotate") == 2 and right.count("moa.rotate") == 1
    assert ask(moa, tmp_path, pair("rotate_rotate", left, right)) == ["unsat"]


def test_the_pass_says_which_laws_it_has(moa):
    """Every law that its description lists has a left side here."""
    text = (moa.source / "include/moa/Transforms/Passes.td").read_text()
    listed = re.findall(r"^    \| (\w+) \| .* \|$", text[text.index("def MoaSimplify") :], re.MULTILINE)
    listed.remove("rule")
    assert len(listed) >= 14
    assert set(listed) <= set(rules(moa))


def test_wrong_laws_are_refuted(moa, tmp_path):
    text = (moa.source / "test/Proof/Inputs/wrong-rules.mlir").read_text()
    names = re.findall(r"moa\.equals = @(\w+)", text)
    answers = ask(moa, tmp_path, text)
    assert len(answers) == len(names) >= 16
    assert dict(zip(names, answers)) == {name: "sat" for name in names}


def mutants(text):
    """Copies of a right side with one number, one permutation or one operation
    changed, which is what a slip in a law would do."""
    for match in re.finditer(r"(?<=[\[ ])-?\d+(?=[\],])", text):
        for change in (1, -1):
            number = str(int(match[0]) + change)
            yield text[: match.start()] + number + text[match.end() :]
    for match in re.finditer(r"permutation \[([\d, ]+)\]", text):
        numbers = match[1].split(", ")
        swapped = ", ".join([numbers[1], numbers[0], *numbers[2:]])
        yield text[: match.start(1)] + swapped + text[match.end(1) :]
    for match in re.finditer(r"affine_map<.*?-> \((.*)\)>", text):
        yield text[: match.end(1)] + " + 1" + text[match.end(1) :]
    for match in re.finditer(r"%\w+ = moa\.reverse (%\w+) axes \[[\d, ]+\] : (.*)\n", text):
        unreversed = match[0].split(" = ")[0]
        yield text.replace(match[0], "").replace(unreversed + " ", match[1] + " ")


def test_slips_in_laws_are_refuted(moa, tmp_path):
    """Each right side, changed in one place: refuted, unless it is no program any
    more, or one that is equal after all (which is listed)."""
    refuted, equal, invalid = 0, [], 0
    for name, (left, right) in rules(moa).items():
        if name in BY_EXTENT:
            continue
        for number, mutant in enumerate(mutants(right)):
            path = tmp_path / "mutant.mlir"
            path.write_text(mutant)
            if mutant == right or moa.run("moa-opt", path, check=False).returncode != 0:
                invalid += 1
                continue
            answer = ask(moa, tmp_path, pair(name, left, mutant))
            if answer == ["sat"]:
                refuted += 1
            else:
                equal.append((name, number, answer))
    assert not equal
    assert refuted >= 15


def test_laws_keep_values(moa, tmp_path):
    """Both sides on arrays, in the interpreter."""
    path = moa.source / "test" / "Transforms" / "simplify.mlir"
    text = path.read_text()
    simplify = "builtin.module(func.func(moa-simplify))"
    rng = np.random.default_rng(5)
    compared = 0
    for name, signature in re.findall(r"^func\.func @(\w+)\((.*?)\) ->", text, re.MULTILINE):
        for extent in (6, 3, 0):
            given = []
            for number, argument in enumerate(signature.split(", %")):
                kind = argument.split(": ")[1]
                if not kind.startswith("tensor"):
                    given.append(f"--arg={kind}:{2 if kind == 'index' else 2.5}")
                    continue
                shape = [extent if n == "?" else int(n) for n in kind[7:-1].split("x")[:-1]]
                array = tmp_path / f"{number}.npy"
                np.save(array, rng.standard_normal(shape).astype(np.float32))
                given.append(f"--arg={array}")
            results = []
            for more in ([], [f"--pass-pipeline={simplify}"]):
                out = tmp_path / "out.npy"
                moa.run("moa-run", path, f"--entry={name}", *given, f"--out={out}", *more)
                results.append(np.load(out))
            np.testing.assert_array_equal(*results, err_msg=name)
            compared += 1
    assert compared >= 45
