# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each instruction of instructions.py on values of all sorts, against exact
arithmetic. One kernel has them all; a thread takes one set of values."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from emulator import Out, run  # noqa: E402
from instructions import FLOATS, TABLE  # noqa: E402

WIDTH = {"p": 1, "h": 16, "r": 32, "d": 64}
THREADS = 96


def values(kind, rng):
    """Values of a kind such as "ri" or "df64", as bits."""
    bits = WIDTH[kind[0]]
    what = kind[1:]
    if what == "s":
        return [rng.choice([0, 1, 5, 8, 16, 31, 32, 33, 63, 64, 65, 255, 300])
                for _ in range(THREADS)]  # fmt: skip
    if what == "i":
        edge = [0, 1, 2, 3, (1 << bits) - 1, (1 << bits) - 2, 1 << bits - 1,
                (1 << bits - 1) - 1, 0x55 << bits - 8, 255, 128]  # fmt: skip
        return [rng.choice(edge) if rng.random() < 0.4
                else rng.getrandbits(bits) >> rng.choice([0, 0, bits // 2])
                for _ in range(THREADS)]  # fmt: skip
    f = FLOATS[what]
    one, top = f.bias << f.mantissa, ((1 << f.exponent) - 1) << f.mantissa
    edge = [0, one, one + 1, one - 1, 1, 2, (1 << f.mantissa) - 1, 1 << f.mantissa,
            top, top - 1, top | 1 << f.mantissa - 1, one + (1 << f.mantissa - 1)]  # fmt: skip

    def one_value():
        how = rng.random()
        if how < 0.35:
            v = rng.choice(edge)
        elif how < 0.5:
            v = rng.getrandbits(bits - 1)
        else:  # near 1, so that sums and products meet
            e = f.bias + rng.randint(-min(20, f.bias - 1), min(20, f.bias))
            v = e << f.mantissa | rng.getrandbits(f.mantissa)
        return v | rng.getrandbits(1) << bits - 1

    return [one_value() for _ in range(THREADS)]


def kernel_text(rows):
    """Loads, the instruction and a store for each row; in[row][operand][thread]."""
    lines = []
    for number, (text, result, sources, _) in enumerate(rows):
        opcode, *tail = text.split()
        names = []
        for i, kind in enumerate(sources):
            at = 8 * THREADS * (4 * number + i)
            lines.append(f"ld.global.b64 %d{i}, [%in+{at}];")
            name = f"%{kind[0]}{i}"
            if kind[0] != "d":
                lines.append(f"cvt.u{WIDTH[kind[0]]}.u64 {name}, %d{i};")
            names.append(name)
        out = {"d": "%d9", "r": "%r9", "h": "%h9", "p": "%p9"}[result]
        lines.append(f"{opcode} {', '.join([out, *names, *tail])};")
        if result == "p":
            lines.append("selp.u64 %d9, 1, 0, %p9;")
        elif result != "d":
            lines.append(f"cvt.u64.u{WIDTH[result]} %d9, {out};")
        lines.append(f"st.global.b64 [%out+{8 * THREADS * number}], %d9;")
    body = "\n".join(lines)
    return f""".version 8.6
.target sm_90a
.address_size 64
.visible .entry all(.param .u64 pin, .param .u64 pout) {{
.reg .b64 %in, %out, %t, %d<10>;
.reg .b32 %r<10>;
.reg .b16 %h<10>;
.reg .pred %p<10>;
ld.param.u64 %in, [pin];
ld.param.u64 %out, [pout];
mov.u32 %r0, %tid.x;
mul.wide.u32 %t, %r0, 8;
add.u64 %in, %in, %t;
add.u64 %out, %out, %t;
{body}
ret;
}}
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructions")
    rng = random.Random(13)
    inputs = np.zeros((len(TABLE), 4, THREADS), np.uint64)
    for i, (_, _, sources, _) in enumerate(TABLE):
        for j, kind in enumerate(sources):
            inputs[i, j] = values(kind, rng)
    (folder / "all.ptx").write_text(kernel_text(TABLE))
    out = Out((len(TABLE), THREADS), np.uint64)
    result = run(folder, folder / "all.ptx", "all", [1], [THREADS], [inputs, out])
    assert result.code == 0, result.stderr
    return inputs, result.outputs[0]


def is_nan(bits, kind, text):
    """True if the result, a float of that instruction's type, is a NaN."""
    name = text.split(" ")[0].split(".")
    types = [t for t in name if t in FLOATS]
    f = FLOATS[types[0]]
    top = ((1 << f.exponent) - 1) << f.mantissa
    return bits & top == top and bits & ((1 << f.mantissa) - 1)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=lambda i: TABLE[i][0])
def test_instruction(outcome, number):
    text, result, sources, function = TABLE[number]
    inputs, outputs = outcome
    for thread in range(THREADS):
        args = [int(inputs[number, j, thread]) for j in range(len(sources))]
        want, got = function(*args), int(outputs[number, thread])
        shown = f"{text} of {[hex(a) for a in args]}: {got:#x}"
        if want is None:
            assert is_nan(got, result, text), f"{shown}, not a NaN"
        else:
            assert got == want, f"{shown}, not {want:#x}"


def test_there_are_many():
    assert len({text for text, *_ in TABLE}) == len(TABLE) >= 400
