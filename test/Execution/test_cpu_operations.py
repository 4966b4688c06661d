# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every scalar operation of arith and math, on every element type that it takes,
gives on the CPU, and in kernels on the emulator, what the reference interpreter
gives."""

import ml_dtypes
import numpy as np
import pytest

FLOATS = {"f16": 16, "bf16": 16, "f32": 32, "f64": 64}
INTEGERS = {"i1": 1, "i8": 8, "i32": 32, "i64": 64}
DTYPES = {
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f32": np.float32,
    "f64": np.float64,
    "i1": np.bool_,
    "i8": np.int8,
    "i32": np.int32,
    "i64": np.int64,
    "index": np.int64,
}
# A few units in the last place: libm is not exact.
TOLERANCES = {"f16": 2e-3, "bf16": 1.6e-2, "f32": 1e-6, "f64": 4e-15}

FLOAT_UNARY = """math.absf math.acos math.acosh math.asin math.asinh math.atan
math.atanh math.cbrt math.ceil math.cos math.cosh math.erf math.erfc math.exp
math.exp2 math.expm1 math.floor math.log math.log10 math.log1p math.log2
math.round math.roundeven math.rsqrt math.sin math.sinh math.sqrt math.tan
math.tanh math.trunc arith.negf""".split()
FLOAT_BINARY = """math.atan2 math.copysign math.powf arith.addf arith.subf
arith.mulf arith.divf arith.remf arith.maximumf arith.minimumf arith.maxnumf
arith.minnumf""".split()
FLOAT_TESTS = "math.isfinite math.isinf math.isnan math.isnormal".split()
FLOAT_COMPARISONS = "oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno".split()
INTEGER_UNARY = "math.absi math.ctlz math.cttz math.ctpop".split()
INTEGER_BINARY = """arith.addi arith.subi arith.muli arith.divsi arith.divui
arith.remsi arith.remui arith.andi arith.ori arith.xori arith.maxsi arith.maxui
arith.minsi arith.minui arith.ceildivsi arith.ceildivui arith.floordivsi""".split()
SHIFTS = "arith.shli arith.shrsi arith.shrui".split()
INTEGER_COMPARISONS = "eq ne slt sle sgt sge ult ule ugt uge".split()


def float_operations(t):
    """(operation on %x, %y, %z and the condition %c, result type)."""
    for op in FLOAT_UNARY:
        yield f"{op} %x : {t}", t
    for op in FLOAT_BINARY:
        yield f"{op} %x, %y : {t}", t
    for op in FLOAT_TESTS:
        yield f"{op} %x : {t}", "i1"
    for predicate in FLOAT_COMPARISONS:
        yield f"arith.cmpf {predicate}, %x, %y : {t}", "i1"
    yield f"math.fma %x, %y, %z : {t}", t
    yield f"arith.select %c, %x, %y : {t}", t
    for other, width in FLOATS.items():
        if width > FLOATS[t]:
            yield f"arith.extf %x : {t} to {other}", other
        if width < FLOATS[t]:
            yield f"arith.truncf %x : {t} to {other}", other


def integer_operations(t):
    if t != "i1":
        for op in INTEGER_UNARY:
            yield f"{op} %x : {t}", t
        for op in SHIFTS:
            yield f"{op} %x, %z : {t}", t
    for op in INTEGER_BINARY:
        if t == "i1" and ("div" in op or "rem" in op):
            continue
        yield f"{op} %x, %y : {t}", t
    for predicate in INTEGER_COMPARISONS:
        yield f"arith.cmpi {predicate}, %x, %y : {t}", "i1"
    yield f"arith.select %c, %x, %y : {t}", t
    if t == "index":
        for other in INTEGERS:
            for op in ("arith.index_cast", "arith.index_castui"):
                yield f"{op} %x : {t} to {other}", other
        return
    for other, width in INTEGERS.items():
        if width > INTEGERS[t]:
            yield f"arith.extsi %x : {t} to {other}", other
            yield f"arith.extui %x : {t} to {other}", other
        if width < INTEGERS[t]:
            yield f"arith.trunci %x : {t} to {other}", other
    for op in ("arith.index_cast", "arith.index_castui"):
        yield f"{op} %x : {t} to index", "index"
    for f in FLOATS:
        yield f"arith.sitofp %x : {t} to {f}", f
        yield f"arith.uitofp %x : {t} to {f}", f


def conversion_operations(t):
    """On floats that all integers have: others have no defined result."""
    for i, width in INTEGERS.items():
        if width > 1:
            yield f"arith.fptosi %x : {t} to {i}", i
            yield f"arith.fptoui %y : {t} to {i}", i


def program(t, operations):
    """A function with one array result for each operation."""
    results = ", ".join(f"tensor<?x{result}>" for _, result in operations)
    lines = [
        f"func.func @f(%a: tensor<?x{t}>, %b: tensor<?x{t}>, %d: tensor<?x{t}>, "
        f"%e: tensor<?xi1>) -> ({results}) {{",
        "%c0 = arith.constant 0 : index",
        f"%n = tensor.dim %a, %c0 : tensor<?x{t}>",
        f"%r:{len(operations)} = moa.array (%i) in (%n) {{",
        *(
            f"%{name} = moa.psi %{source}[%i] : tensor<?x{kind}>"
            for name, source, kind in (
                ("x", "a", t),
                ("y", "b", t),
                ("z", "d", t),
                ("c", "e", "i1"),
            )
        ),
        *(f"%v{i} = {operation}" for i, (operation, _) in enumerate(operations)),
        "moa.yield "
        + ", ".join(f"%v{i}" for i in range(len(operations)))
        + " : "
        + ", ".join(result for _, result in operations),
        f"}} : {results}",
        "return "
        + ", ".join(f"%r#{i}" for i in range(len(operations)))
        + f" : {results}",
        "}",
    ]
    return "\n".join(lines)


def load(path, kind):
    array = np.load(path)
    return array.view(DTYPES[kind]) if array.dtype.kind == "V" else array


TARGETS = ("cpu", "emulator")


def compare(moa, folder, t, operations, arrays, compiled):
    operations = list(operations)
    source = folder / "operations.mlir"
    source.write_text(program(t, operations))
    flags = []
    for number, array in enumerate(arrays):
        np.save(folder / f"in{number}.npy", array)
        flags += ["--arg", folder / f"in{number}.npy"]
    for target in ("reference", compiled):
        outs = [f"--out={folder}/{target}{i}.npy" for i in range(len(operations))]
        moa.run("moa-run", source, f"--target={target}", *flags, *outs)
    for i, (operation, result) in enumerate(operations):
        want = load(folder / f"reference{i}.npy", result)
        got = load(folder / f"{compiled}{i}.npy", result)
        assert got.dtype == want.dtype == DTYPES[result]
        if result in FLOATS:
            np.testing.assert_allclose(
                got.astype(np.float64),
                want.astype(np.float64),
                rtol=TOLERANCES[result],
                atol=float(ml_dtypes.finfo(DTYPES[result]).smallest_subnormal),
                err_msg=operation,
            )
        else:
            np.testing.assert_array_equal(got, want, err_msg=operation)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("t", FLOATS)
def test_float_operations(moa, tmp_path, t, target):
    rng = np.random.default_rng(1)
    specials = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, 2.0])
    x, y = (a.ravel() for a in np.meshgrid(specials, specials))
    columns = [
        np.concatenate([rng.standard_normal(60), rng.uniform(-1, 1, 60), special])
        for special in (x, y, np.roll(x, 3))
    ]
    arrays = [column.astype(DTYPES[t]) for column in columns]
    arrays.append(rng.integers(0, 2, len(x) + 120).astype(bool))
    compare(moa, tmp_path, t, float_operations(t), arrays, target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("t", FLOATS)
def test_rounding(moa, tmp_path, t, target):
    """Values next to the middle of two 16-bit floats, large, and tiny."""
    operations = [
        (f"arith.truncf %x : {t} to {other}", other)
        for other, width in FLOATS.items()
        if width < FLOATS[t]
    ]
    operations.append((f"arith.addf %x, %y : {t}", t))
    rng = np.random.default_rng(2)
    values = []
    for half in (np.float16, ml_dtypes.bfloat16):
        bits = rng.integers(0, 2**16, 400).astype(np.uint16)
        below = bits.view(half).astype(np.float64)
        above = (bits + 1).astype(np.uint16).view(half).astype(np.float64)
        with np.errstate(all="ignore"):
            middle = (below + above) / 2
            values += [middle, np.nextafter(middle, 0), np.nextafter(middle, 1e9)]
            values.append(middle * (1 + 2.0**-40))
    x = np.concatenate(values)
    with np.errstate(all="ignore"):
        x = x.astype(DTYPES[t])
    arrays = [x, np.roll(x, 1), x, np.zeros(len(x), bool)]
    compare(moa, tmp_path, t, operations, arrays, target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("t", FLOATS)
def test_conversions_to_integers(moa, tmp_path, t, target):
    rng = np.random.default_rng(3)
    x = rng.uniform(-127, 127, 100).astype(DTYPES[t])
    y = rng.uniform(0, 127, 100).astype(DTYPES[t])
    arrays = [x, y, x, np.zeros(100, bool)]
    compare(moa, tmp_path, t, conversion_operations(t), arrays, target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("t", [*INTEGERS, "index"])
def test_integer_operations(moa, tmp_path, t, target):
    rng = np.random.default_rng(4)
    if t == "i1":
        arrays = [rng.integers(0, 2, 200).astype(bool) for _ in range(3)]
    else:
        info = np.iinfo(DTYPES[t])
        x = rng.integers(info.min, info.max, 200, dtype=DTYPES[t], endpoint=True)
        y = np.where(x % 3 == 0, rng.integers(1, 9, 200), x // 3)
        # Division by 0 and the quotient that overflows are undefined.
        y = np.where((y == 0) | (y == -1), 1, y).astype(DTYPES[t])
        z = rng.integers(0, info.bits, 200).astype(DTYPES[t])
        arrays = [x, y, z]
    arrays.append(rng.integers(0, 2, 200).astype(bool))
    compare(moa, tmp_path, t, integer_operations(t), arrays, target)
