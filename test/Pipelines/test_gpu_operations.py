# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every scalar operation of arith and math, on every element type that it takes,
becomes PTX and a cubin."""

import re
import subprocess

import pytest

FLOATS = {"f16": 16, "bf16": 16, "f32": 32, "f64": 64}
INTEGERS = {"i1": 1, "i8": 8, "i32": 32, "i64": 64}

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
arith.minsi arith.minui arith.ceildivsi arith.ceildivui arith.floordivsi
arith.shli arith.shrsi arith.shrui math.ipowi""".split()
INTEGER_COMPARISONS = "eq ne slt sle sgt sge ult ule ugt uge".split()


def float_operations(t):
    """(operand types, operation, result type); %0, %1, ... are the operands."""
    for op in FLOAT_UNARY:
        yield [t], f"{op} %0 : {t}", t
    for op in FLOAT_BINARY:
        yield [t, t], f"{op} %0, %1 : {t}", t
    for op in FLOAT_TESTS:
        yield [t], f"{op} %0 : {t}", "i1"
    for predicate in FLOAT_COMPARISONS:
        yield [t, t], f"arith.cmpf {predicate}, %0, %1 : {t}", "i1"
    yield [t] * 3, f"math.fma %0, %1, %2 : {t}", t
    yield [t] * 3, f"math.clampf %0 to [%1, %2] : {t}", t
    yield ["i1", t, t], f"arith.select %0, %1, %2 : {t}", t
    for i in ("i32", "i64"):
        yield [t, i], f"math.fpowi %0, %1 : {t}, {i}", t
    for other, width in FLOATS.items():
        if width > FLOATS[t]:
            yield [t], f"arith.extf %0 : {t} to {other}", other
            yield [other], f"arith.truncf %0 : {other} to {t}", t
    for i in INTEGERS:
        for op in ("arith.fptosi", "arith.fptoui"):
            yield [t], f"{op} %0 : {t} to {i}", i
        for op in ("arith.sitofp", "arith.uitofp"):
            yield [i], f"{op} %0 : {i} to {t}", t


def integer_operations(t):
    for op in INTEGER_UNARY:
        yield [t], f"{op} %0 : {t}", t
    for op in INTEGER_BINARY:
        yield [t, t], f"{op} %0, %1 : {t}", t
    for predicate in INTEGER_COMPARISONS:
        yield [t, t], f"arith.cmpi {predicate}, %0, %1 : {t}", "i1"
    yield ["i1", t, t], f"arith.select %0, %1, %2 : {t}", t
    if t == "index":
        for i in INTEGERS:
            for op in ("arith.index_cast", "arith.index_castui"):
                yield [t], f"{op} %0 : {t} to {i}", i
                yield [i], f"{op} %0 : {i} to {t}", t
        return
    for other, width in INTEGERS.items():
        if width > INTEGERS[t]:
            yield [t], f"arith.extsi %0 : {t} to {other}", other
            yield [t], f"arith.extui %0 : {t} to {other}", other
            yield [other], f"arith.trunci %0 : {other} to {t}", t


def operations():
    for t in FLOATS:
        yield from float_operations(t)
    for t in [*INTEGERS, "index"]:
        yield from integer_operations(t)
    for a, b in (("f32", "i32"), ("f64", "i64"), ("bf16", "f16")):
        yield [a], f"arith.bitcast %0 : {a} to {b}", b
        yield [b], f"arith.bitcast %0 : {b} to {a}", a


def layout(t):
    return f"memref<?x{t}, strided<[?], offset: ?>>"


def function(number, types, operation, result):
    """One operation for each element of its operands, in normal form."""
    arguments = [f"%a{i}: {layout(t)}" for i, t in enumerate(types)]
    loads = [
        f"    %{i} = memref.load %a{i}[%i] : {layout(t)}" for i, t in enumerate(types)
    ]
    return "\n".join(
        [
            f"func.func @f{number}({', '.join(arguments)}, %o: {layout(result)}) {{",
            "  %c0 = arith.constant 0 : index",
            f"  %n = memref.dim %o, %c0 : {layout(result)}",
            "  scf.forall (%i) in (%n) {",
            *loads,
            f"    %r = {operation}",
            f"    memref.store %r, %o[%i] : {layout(result)}",
            "  }",
            "  return",
            "}",
        ]
    )


@pytest.mark.parametrize("chip", ["sm_80", "sm_90a"])
def test_operations_compile(moa, tmp_path, chip):
    if not moa.cuda:
        pytest.skip("no CUDA toolkit")
    source = tmp_path / "operations.mlir"
    functions = [function(i, *op) for i, op in enumerate(operations())]
    assert len(functions) > 500
    source.write_text("\n".join(functions))
    done = moa.run("moa-opt", source, f"--moa-onf-to-gpu=chip={chip} format=ptx")
    text = re.search(r'assembly = "(.*)"', done.stdout).group(1)
    ptx = re.sub(r"\\([0-9A-F]{2})", lambda hex: chr(int(hex[1], 16)), text)
    ptx = ptx.rstrip("\0")
    assert ptx.count(".visible .entry") == len(functions)
    assert ".extern" not in ptx
    (tmp_path / "k.ptx").write_text(ptx)
    ptxas = [moa.cuda / "bin" / "ptxas", "-O1", "-arch", chip]
    subprocess.run([*ptxas, "k.ptx", "-o", "k.cubin"], cwd=tmp_path, check=True)
    assert (tmp_path / "k.cubin").read_bytes().startswith(b"\x7fELF")
