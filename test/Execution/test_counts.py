# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Closed forms against counting: `--moa-print-counts` and the interpreter.

Each program of test/Transforms and examples that can be executed is brought to
normal form, run by the reference interpreter with its counters, and counted in
closed forms. Evaluated at the extents of the run, these must be the counters.
"""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

EXPAND = "builtin.module(func.func(moa-expand,moa-psi-reduce))"
FUSED = (
    "builtin.module(func.func(moa-expand,moa-psi-reduce,moa-fuse-folds,"
    "canonicalize,cse))"
)


class Evaluator:
    """The value of forms, as the JSON output has them."""

    def __init__(self, counts, arguments):
        self.symbols = {}
        self.arrays = {}
        for number, argument in enumerate(arguments):
            name = f"arg{number}"
            self.arrays[name] = argument
            if np.ndim(argument) == 0:
                self.symbols[name] = int(argument) if argument == argument else 0
            for axis, extent in enumerate(np.shape(argument)):
                self.symbols[f"{name}.{axis}"] = extent
        for definition in counts["definitions"]:
            self.symbols[definition["name"]] = self.value(definition["meaning"]["terms"])

    def value(self, terms):
        total = Fraction(0)
        for term in terms:
            product = Fraction(term["coefficient"])
            for factor in term.get("factors", ()):
                if product == 0:
                    break
                product *= self.atom(factor) ** factor.get("power", 1)
            total += product
        assert total.denominator == 1
        return int(total)

    def atom(self, factor):
        if "symbol" in factor:
            return self.symbols[factor["symbol"]]
        if "positive" in factor:
            return int(self.value(factor["positive"]) > 0)
        if "floor" in factor:
            return self.value(factor["floor"]) // self.value(factor["by"])
        if "load" in factor:
            index = tuple(self.value(i) for i in factor["index"])
            return int(self.arrays[factor["load"]][index])
        total = 0
        for k in range(self.value(factor["from"]), self.value(factor["to"])):
            self.symbols[factor["axis"]] = k
            total += self.value(factor["sum"])
        return total

    def bounds(self, count):
        """(least, most), with most None where nothing bounds it."""
        if "terms" in count:
            return (self.value(count["terms"]),) * 2
        most = count["most"]
        return (
            self.value(count["least"]["terms"]),
            None if most is None else self.value(most["terms"]),
        )


def differences(counts, counters, arguments):
    """What the forms say that the counters do not, and how many of the forms
    are exact."""
    evaluator = Evaluator(counts, arguments)
    wrong, exact = [], 0

    def compare(what, count, counted):
        nonlocal exact
        least, most = evaluator.bounds(count) if count else (0, 0)
        exact += least == most
        if least > counted or (most is not None and most < counted):
            wrong.append((what, least, most, counted, count))

    total = counts["total"]
    for kinds in ("float_ops", "integer_ops"):
        for kind in {*total[kinds], *counters[kinds]}:
            compare(f"{kinds}.{kind}", total[kinds].get(kind), counters[kinds].get(kind, 0))
    arrays = {a["name"]: a for a in total["arrays"]}
    groups = {"arguments": "arg", "results": "result"}
    for group, prefix in groups.items():
        for entry in counters[group]:
            forms = arrays.pop(f"{prefix}{entry['index']}", {})
            for field in ("read", "read_distinct", "written"):
                compare(f"{group} {entry['index']} {field}", forms.get(field), entry[field])
    others = [a for a in arrays.values() if "argument" not in a]
    made = [a for a in counters["intermediates"] if a["read"] or not a["name"].startswith("tensor.empty")]
    for forms, entry in zip(others, made, strict=False):
        for field in ("read", "read_distinct", "written"):
            compare(f"{entry['name']} {field}", forms.get(field), entry[field])
    return wrong, exact


SIGNATURE = re.compile(r"func\.func (?:public )?@(\w+)\(([^)]*)\)", re.DOTALL)
DTYPES = {
    "f64": np.float64, "f32": np.float32, "i32": np.int32, "i64": np.int64,
    "i8": np.int8, "i16": np.int16, "i1": np.bool_, "index": np.int64,
}


def make_argument(kind, extent, rng):
    """A random argument of an MLIR type, or None if there is none."""
    match = re.fullmatch(r"tensor<((?:[\d?]+x)*)(\w+)>", kind)
    element = match[2] if match else kind
    if element not in DTYPES:
        return None
    shape = ()
    if match:
        shape = tuple(extent if n == "?" else int(n) for n in match[1].split("x")[:-1])
    if element.startswith("f"):
        return rng.standard_normal(shape).astype(DTYPES[element])
    high = 2 if element == "i1" else max(1, min(extent, 3))
    return rng.integers(0, high, shape).astype(DTYPES[element])


def pass_argument(folder, number, kind, array):
    if not kind.startswith("tensor"):
        if kind.startswith("f"):
            return f"--arg={kind}:{float(array)}"
        return f"--arg={kind}:{int(array)}"
    path = folder / f"{number}.npy"
    np.save(path, array)
    return f"--arg={path}"


def count(moa, path, pipeline):
    """{function: counts} of a file in normal form; None if it has none."""
    pipeline = pipeline[:-1] + ",moa-print-counts{json=1})"
    done = moa.run(
        "moa-opt", path, f"--pass-pipeline={pipeline}", "-o", "/dev/null", check=False
    )
    if done.returncode != 0:
        return None
    return {entry["function"]: entry for entry in json.loads(done.stdout)}


def programs(source):
    """(file, text of the part) of all parts of the test programs."""
    files = sorted((source / "test" / "Transforms").glob("*.mlir"))
    files += sorted((source / "examples").glob("*.mlir"))
    for path in files:
        if "invalid" in path.name or "Inputs" in path.parts:
            continue
        for part in path.read_text().split("// -----"):
            yield path, part


def argument_types(text):
    return [a.split(":", 1)[1].split("{")[0].strip() for a in text.split(",%") if ":" in a]


@pytest.mark.parametrize("pipeline", (EXPAND, FUSED), ids=("reduced", "fused"))
def test_counts_of_test_programs(moa, tmp_path, pipeline):
    rng = np.random.default_rng(7)
    compared, exact, wrong, unexecuted = 0, 0, [], []
    for path, part in programs(moa.source):
        file = tmp_path / "part.mlir"
        file.write_text(part)
        forms = count(moa, file, pipeline)
        if not forms:
            continue
        for name, signature in SIGNATURE.findall(part):
            types = argument_types("," + re.sub(r",\s+%", ",%", signature))
            for extent in (6, 0):
                arguments = [make_argument(kind, extent, rng) for kind in types]
                if any(a is None for a in arguments):
                    break
                counters = tmp_path / "counters.json"
                counters.unlink(missing_ok=True)
                given = [
                    pass_argument(tmp_path, number, kind, array)
                    for number, (kind, array) in enumerate(zip(types, arguments))
                ]
                done = moa.run(
                    "moa-run", file, f"--entry={name}", *given,
                    f"--pass-pipeline={pipeline}", f"--counters={counters}", check=False,
                )
                if done.returncode != 0:
                    unexecuted.append((path.name, name, extent, done.stderr[:200]))
                    continue
                different, same = differences(
                    forms[name], json.loads(counters.read_text()), arguments
                )
                wrong += [(path.name, name, extent, *entry) for entry in different]
                compared += 1
                exact += same
    assert not wrong, "\n".join(map(str, wrong[:20]))
    # Programs are left out only where they do not run on such arguments.
    assert compared >= 200, unexecuted
    assert exact >= 1500


def test_a_wrong_count_is_noticed(moa, tmp_path):
    """The comparison itself: counters that are off by one disagree."""
    file = tmp_path / "sum.mlir"
    file.write_text("""
func.func @f(%a: tensor<?x?xf64>) -> tensor<?xf64> {
  %0 = moa.reduce add %a axes [1] : tensor<?x?xf64> -> tensor<?xf64>
  return %0 : tensor<?xf64>
}
""")
    array = np.ones((3, 4))
    np.save(tmp_path / "a.npy", array)
    counters = tmp_path / "counters.json"
    moa.run("moa-run", file, f"--arg={tmp_path / 'a.npy'}", f"--counters={counters}",
            f"--pass-pipeline={EXPAND}")
    counted = json.loads(counters.read_text())
    forms = count(moa, file, EXPAND)["f"]
    assert differences(forms, counted, [array])[0] == []
    counted["float_ops"]["add"] += 1
    counted["arguments"][0]["read_distinct"] -= 1
    counted["results"][0]["written"] += 1
    counted["integer_ops"]["cmp"] = 1
    assert len(differences(forms, counted, [array])[0]) == 4
