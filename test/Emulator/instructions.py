# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of instructions with their meaning: (text, kind of the result, kinds of
the sources, function of the sources' bits). A kind is p, h, r or d (a predicate, or
16, 32 or 64 bits) with the values that it is tried on: i integers, f32, f64, f16,
bf16, s small numbers. A result of None stands for any NaN."""

import exact as x
from exact import BF16, F16, F32, F64

FLOATS = {"f16": F16, "bf16": BF16, "f32": F32, "f64": F64}
REGISTER = {8: "r", 16: "h", 32: "r", 64: "d"}
MODES = ("rn", "rz", "rm", "rp")
TABLE = []


def row(text, result, sources, function):
    TABLE.append((text, result, sources, function))


def integer(name, signed, function, bits=(16, 32, 64), count=2):
    """A row for each type; the function is of Python integers."""
    for b in bits:
        for s in "us" if signed is None else "us"[signed]:
            k = REGISTER[b]
            read = x.to_signed if s == "s" else x.unsigned

            def f(*a, b=b, s=s, read=read):
                return x.unsigned(function(*(read(v, b) for v in a), b, s), b)

            row(f"{name}.{s}{b}", k, (k + "i",) * count, f)


def quotient(a, b, bits, _):
    if b == 0:
        return -1
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def remainder(a, b, bits, s):
    return a if b == 0 else a - b * quotient(a, b, bits, s)


integer("add", None, lambda a, b, *_: a + b)
integer("sub", None, lambda a, b, *_: a - b)
integer("mul.lo", None, lambda a, b, *_: a * b)
integer("mul.hi", None, lambda a, b, n, _: a * b >> n)
integer("mad.lo", None, lambda a, b, c, *_: a * b + c, count=3)
integer("mad.hi", None, lambda a, b, c, n, _: (a * b >> n) + c, count=3)
integer("div", None, quotient)
integer("rem", None, remainder)
integer("min", None, lambda a, b, *_: min(a, b))
integer("max", None, lambda a, b, *_: max(a, b))
integer("sad", None, lambda a, b, c, *_: c + abs(a - b), count=3)
integer("abs", True, lambda a, *_: abs(a), count=1)
integer("neg", True, lambda a, *_: -a, count=1)
for s in "us":
    read = x.to_signed if s == "s" else x.unsigned
    for b in (16, 32):
        wide = REGISTER[2 * b]
        row(f"mul.wide.{s}{b}", wide, (REGISTER[b] + "i",) * 2,
            lambda p, q, b=b, r=read: x.unsigned(r(p, b) * r(q, b), 2 * b))
        row(f"mad.wide.{s}{b}", wide, (REGISTER[b] + "i",) * 2 + (wide + "i",),
            lambda p, q, c, b=b, r=read: x.unsigned(r(p, b) * r(q, b) + c, 2 * b))
    for part, shift in (("lo", 0), ("hi", 16)):
        row(f"mul24.{part}.{s}32", "r", ("ri",) * 2,
            lambda p, q, h=shift, r=read: x.unsigned(r(p, 24) * r(q, 24) >> h, 32))
        row(f"mad24.{part}.{s}32", "r", ("ri",) * 3,
            lambda p, q, c, h=shift, r=read:
                x.unsigned((r(p, 24) * r(q, 24) >> h) + c, 32))  # fmt: skip
    for t in "us":
        other = x.to_signed if t == "s" else x.unsigned
        row(f"dp4a.{s}32.{t}32", "r", ("ri",) * 3,
            lambda p, q, c, r=read, o=other: x.unsigned(
                c + sum(r(p >> i, 8) * o(q >> i, 8) for i in (0, 8, 16, 24)), 32))
        for part, first in (("lo", 0), ("hi", 16)):
            row(f"dp2a.{part}.{s}32.{t}32", "r", ("ri",) * 3,
                lambda p, q, c, r=read, o=other, g=first: x.unsigned(
                    c + r(p, 16) * o(q >> g, 8) + r(p >> 16, 16) * o(q >> g + 8, 8),
                    32))  # fmt: skip


def sat32(v):
    return x.unsigned(x.clamp(v, -(1 << 31), (1 << 31) - 1), 32)


def s32(v):
    return x.to_signed(v, 32)


row("add.sat.s32", "r", ("ri",) * 2, lambda a, b: sat32(s32(a) + s32(b)))
row("sub.sat.s32", "r", ("ri",) * 2, lambda a, b: sat32(s32(a) - s32(b)))
row("mad.hi.sat.s32", "r", ("ri",) * 3,
    lambda a, b, c: sat32((s32(a) * s32(b) >> 32) + s32(c)))  # fmt: skip

# Bits.

for b in (16, 32, 64):
    k, all_ones = REGISTER[b], (1 << b) - 1
    row(f"and.b{b}", k, (k + "i",) * 2, lambda a, c: a & c)
    row(f"or.b{b}", k, (k + "i",) * 2, lambda a, c: a | c)
    row(f"xor.b{b}", k, (k + "i",) * 2, lambda a, c: a ^ c)
    row(f"not.b{b}", k, (k + "i",), lambda a, m=all_ones: a ^ m)
    row(f"cnot.b{b}", k, (k + "i",), lambda a: int(a == 0))
    row(f"shl.b{b}", k, (k + "i", "rs"), lambda a, n, b=b: x.unsigned(a << n, b))
    row(f"shr.u{b}", k, (k + "i", "rs"), lambda a, n: a >> n)
    row(f"shr.s{b}", k, (k + "i", "rs"),
        lambda a, n, b=b: x.unsigned(x.to_signed(a, b) >> n, b))  # fmt: skip
for wrap in (True, False):
    how = "wrap" if wrap else "clamp"

    def funnel(a, c, n, left, wrap=wrap):
        n = n & 31 if wrap else min(n, 32)
        v = c << 32 | a
        return x.unsigned(v << n >> 32 if left else v >> n, 32)

    row(f"shf.l.{how}.b32", "r", ("ri", "ri", "rs"), lambda a, c, n, f=funnel: f(a, c, n, True))
    row(f"shf.r.{how}.b32", "r", ("ri", "ri", "rs"), lambda a, c, n, f=funnel: f(a, c, n, False))

    def mask(a, n, wrap=wrap):
        a, n = (a & 31, n & 31) if wrap else (a, n)
        return x.unsigned(((1 << n) - 1) << a, 32)

    row(f"bmsk.{how}.b32", "r", ("rs", "rs"), mask)

    def extend(a, n, signed, wrap=wrap):
        n = n & 31 if wrap else min(n, 32)
        if n == 0:
            return 0
        return x.unsigned((x.to_signed if signed else x.unsigned)(a, n), 32)

    row(f"szext.{how}.u32", "r", ("ri", "rs"), lambda a, n, f=extend: f(a, n, False))
    row(f"szext.{how}.s32", "r", ("ri", "rs"), lambda a, n, f=extend: f(a, n, True))
for b in (32, 64):
    k = REGISTER[b]
    row(f"popc.b{b}", "r", (k + "i",), lambda a: bin(a).count("1"))
    row(f"clz.b{b}", "r", (k + "i",), lambda a, b=b: b - a.bit_length())
    row(f"brev.b{b}", k, (k + "i",), lambda a, b=b: int(f"{a:0{b}b}"[::-1], 2))
    for s in "us":

        def find(a, shift, b=b, s=s):
            if s == "s" and a >> (b - 1):
                a ^= (1 << b) - 1
            if a == 0:
                return 0xFFFFFFFF
            return b - a.bit_length() if shift else a.bit_length() - 1

        row(f"bfind.{s}{b}", "r", (k + "i",), lambda a, f=find: f(a, False))
        row(f"bfind.shiftamt.{s}{b}", "r", (k + "i",), lambda a, f=find: f(a, True))

        def field(a, at, n, b=b, s=s):
            at, n = at & 255, n & 255
            sign = a >> min(at + n - 1, b - 1) & 1 if s == "s" and n else 0
            bits = [(a >> at + i & 1 if at + i < b else sign) if i < n else sign
                    for i in range(b)]  # fmt: skip
            return sum(bit << i for i, bit in enumerate(bits))

        row(f"bfe.{s}{b}", k, (k + "i", "rs", "rs"), field)

    def insert(a, c, at, n, b=b):
        at, n = at & 255, n & 255
        m = x.unsigned(((1 << n) - 1) << at, b)
        return c & ~m | x.unsigned(a << at, b) & m

    row(f"bfi.b{b}", k, (k + "i", k + "i", "rs", "rs"), insert)
for table in (0x80, 0xFE, 0x96, 0xE8, 0xCA, 0x1B):
    row(f"lop3.b32 {table:#x}", "r", ("ri",) * 3,
        lambda a, c, d, t=table: sum(
            (t >> ((a >> i & 1) << 2 | (c >> i & 1) << 1 | d >> i & 1) & 1) << i
            for i in range(32)))  # fmt: skip


def byte(a, c, i):
    return (c << 32 | a) >> 8 * i & 255


def permute(a, c, how):
    out = 0
    for i in range(4):
        sel = how >> 4 * i & 15
        v = byte(a, c, sel & 7)
        out |= (255 * (v >> 7) if sel & 8 else v) << 8 * i
    return out


row("prmt.b32", "r", ("ri",) * 3, permute)
PICKS = {
    "f4e": lambda n: [n, n + 1, n + 2, n + 3],
    "b4e": lambda n: [n, n + 7, n + 6, n + 5],
    "rc8": lambda n: [n] * 4,
    "ecl": lambda n: [max(i, n) for i in range(4)],
    "ecr": lambda n: [min(i, n) for i in range(4)],
    "rc16": lambda n: [2 * (n & 1), 2 * (n & 1) + 1] * 2,
}
for name, pick in PICKS.items():
    row(f"prmt.b32.{name}", "r", ("ri",) * 3,
        lambda a, c, n, p=pick: sum(
            byte(a, c, i % 8) << 8 * k for k, i in enumerate(p(n & 3))))  # fmt: skip

# Comparison and choice.

INTEGER_TESTS = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


def order(bits, f):
    """A number to compare, or None for a NaN."""
    n = x.number(bits, f)
    if x.is_nan(n[1]):
        return None
    return -n[1] if n[0] else n[1]


for op, test in INTEGER_TESTS.items():
    for b in (16, 32, 64):
        for s in "us":
            read = x.to_signed if s == "s" else x.unsigned
            row(f"setp.{op}.{s}{b}", "p", (REGISTER[b] + "i",) * 2,
                lambda a, c, b=b, r=read, t=test: int(t(r(a, b), r(c, b))))  # fmt: skip
    for t, f in FLOATS.items():
        k = REGISTER[f.bits] + t

        def compare(a, c, f=f, test=test):
            a, c = order(a, f), order(c, f)
            return None if a is None or c is None else test(a, c)

        row(f"setp.{op}.{t}", "p", (k,) * 2, lambda a, c, g=compare: int(bool(g(a, c))))
        if f.bits > 16:
            row(f"setp.{op}u.{t}", "p", (k,) * 2,
                lambda a, c, g=compare: int(g(a, c) in (None, True)))  # fmt: skip
            row(f"set.{op}.u32.{t}", "r", (k,) * 2,
                lambda a, c, g=compare: 0xFFFFFFFF if g(a, c) else 0)  # fmt: skip
for t in ("f32", "f64"):
    f = FLOATS[t]
    k = REGISTER[f.bits] + t
    nan = lambda a, f=f: order(a, f) is None  # noqa: E731
    row(f"setp.num.{t}", "p", (k,) * 2, lambda a, c, n=nan: int(not (n(a) or n(c))))
    row(f"setp.nan.{t}", "p", (k,) * 2, lambda a, c, n=nan: int(n(a) or n(c)))
    row(f"testp.finite.{t}", "p", (k,), lambda a, f=f: int(not isinstance(x.number(a, f)[1], float)))
    row(f"testp.infinite.{t}", "p", (k,), lambda a, f=f: int(x.is_inf(x.number(a, f)[1])))
    row(f"testp.notanumber.{t}", "p", (k,), lambda a, n=nan: int(n(a)))
    top = 1 << (f.bits - 1)
    row(f"copysign.{t}", k[0], (k,) * 2, lambda a, c, m=top: a & m | c & (m - 1))
row("slct.s32.s32", "r", ("ri",) * 3, lambda a, c, d: a if s32(d) >= 0 else c)
row("slct.u64.s32", "d", ("di", "di", "ri"), lambda a, c, d: a if s32(d) >= 0 else c)

# Floating point.


def floating(name, t, count, function, modes=MODES):
    """`function(numbers, mode)` is exact; the result is rounded once."""
    f = FLOATS[t]
    k = REGISTER[f.bits]
    for mode in modes:
        row(f"{name}.{mode}.{t}", k, (k + t,) * count,
            lambda *a, f=f, m=mode: x.encode(
                *function([x.number(v, f) for v in a], m), f, m))  # fmt: skip


def fma(n, mode):
    return x.add(x.mul(n[0], n[1]), n[2], mode)


def sub(n, mode):
    return x.add(n[0], (not n[1][0], n[1][1]), mode)


for t in ("f32", "f64"):
    floating("add", t, 2, lambda n, m: x.add(*n, m))
    floating("sub", t, 2, sub)
    floating("mul", t, 2, lambda n, m: x.mul(*n))
    floating("fma", t, 3, fma)
    floating("div", t, 2, lambda n, m: x.div(*n))
    floating("rcp", t, 1, lambda n, m: x.div((False, x.Fraction(1)), n[0]))
    f = FLOATS[t]
    k = REGISTER[f.bits]
    for mode in MODES:
        row(f"sqrt.{mode}.{t}", k, (k + t,),
            lambda a, f=f, m=mode: x.sqrt_bits(x.number(a, f), f, m))  # fmt: skip
for t in ("f16", "bf16"):
    floating("fma", t, 3, fma, ("rn",))
    floating("add", t, 2, lambda n, m: x.add(*n, m), ("rn",))
    floating("sub", t, 2, sub, ("rn",))
    floating("mul", t, 2, lambda n, m: x.mul(*n), ("rn",))


def flushed(function):
    """f32 with denormals, in and out, as zeros."""

    def f(*a):
        n = function([x.flush(x.number(v, F32), F32) for v in a], "rn")
        bits = x.encode(*n, F32)
        if bits is None:
            return None
        return x.encode(*x.flush(x.number(bits, F32), F32), F32)

    return f


def saturated(function):
    def f(*a):
        n = function([x.number(v, F32) for v in a], "rn")
        if x.is_nan(n[1]) or n[0]:
            return 0
        return x.encode(False, min(n[1], x.Fraction(1)), F32)

    return f


for name, count, function in (("add", 2, lambda n, m: x.add(*n, m)), ("sub", 2, sub),
                              ("mul", 2, lambda n, m: x.mul(*n)), ("fma", 3, fma)):  # fmt: skip
    row(f"{name}.rn.ftz.f32", "r", ("rf32",) * count, flushed(function))
    row(f"{name}.rn.sat.f32", "r", ("rf32",) * count, saturated(function))


def least(a, c, f, most, keep):
    p, q = order(a, f), order(c, f)
    if p is None or q is None:
        return None if keep or (p is None and q is None) else (c if p is None else a)
    if p == q:  # -0 is less than +0
        return max(a, c) if (a != c) and not most else min(a, c)
    return (a if p > q else c) if most else (a if p < q else c)


for t, f in FLOATS.items():
    k = REGISTER[f.bits]
    for name, most in (("min", False), ("max", True)):
        row(f"{name}.{t}", k, (k + t,) * 2,
            lambda a, c, f=f, m=most: least(a, c, f, m, False))  # fmt: skip
        if t != "f64":
            row(f"{name}.NaN.{t}", k, (k + t,) * 2,
                lambda a, c, f=f, m=most: least(a, c, f, m, True))  # fmt: skip

for name, most in (("min", False), ("max", True)):

    def of_three(a, c, d, m=most, keep=False):
        first = least(a, c, F32, m, keep)
        if first is None:
            return None if keep or order(d, F32) is None else d
        return least(first, d, F32, m, keep)

    # The blank keeps the names of the two forms apart.
    row(f"{name}.f32 ", "r", ("rf32",) * 3, of_three)
    row(f"{name}.NaN.f32 ", "r", ("rf32",) * 3,
        lambda a, c, d, f=of_three: f(a, c, d, keep=True))  # fmt: skip
for t in ("f16", "bf16"):
    f = FLOATS[t]
    for mode in MODES:
        row(f"add.{mode}.f32.{t}", "r", ("h" + t, "rf32"),
            lambda a, c, f=f, m=mode: x.encode(
                *x.add(x.number(a, f), x.number(c, F32), m), F32, m))  # fmt: skip
        row(f"sub.{mode}.f32.{t}", "r", ("h" + t, "rf32"),
            lambda a, c, f=f, m=mode: x.encode(
                *sub([x.number(a, f), x.number(c, F32)], m), F32, m))  # fmt: skip
        row(f"fma.{mode}.f32.{t}", "r", ("h" + t, "h" + t, "rf32"),
            lambda a, c, d, f=f, m=mode: x.encode(
                *fma([x.number(a, f), x.number(c, f), x.number(d, F32)], m),
                F32, m))  # fmt: skip

# Conversion.


def to_integer(bits, f, mode, width, signed):
    n = x.number(bits, f)
    low, high = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    if x.is_nan(n[1]):
        # The manual: 0, but from f64 or to 64 bits the top bit alone.
        return 1 << width - 1 if width == 64 or f is F64 else 0
    if x.is_inf(n[1]):
        return x.unsigned(low if n[0] else high, width)
    value = x.round_integer(n[1], mode, n[0])
    return x.unsigned(x.clamp(-value if n[0] else value, low, high), width)


for t in ("f32", "f64", "f16"):
    f = FLOATS[t]
    for mode in MODES:
        for s, width in (("s", 32), ("u", 32), ("s", 64), ("u", 64)):
            row(f"cvt.{mode}i.{s}{width}.{t}", REGISTER[width], (REGISTER[f.bits] + t,),
                lambda a, f=f, m=mode, w=width, s=s: to_integer(a, f, m, w, s == "s"))  # fmt: skip
            if t == "f16":
                continue
            row(f"cvt.{mode}.{t}.{s}{width}", REGISTER[f.bits], (REGISTER[width] + "i",),
                lambda a, f=f, m=mode, w=width, s=s: (
                    lambda v: x.encode(v < 0, x.Fraction(abs(v)), f, m)
                )(x.to_signed(a, w) if s == "s" else a))  # fmt: skip


def convert(frm, to, mode="rn"):
    return lambda a: x.encode(*x.number(a, frm), to, mode)


for mode in MODES:
    row(f"cvt.{mode}.f32.f64", "r", ("df64",), convert(F64, F32, mode))
row("cvt.f64.f32", "d", ("rf32",), convert(F32, F64))
row("cvt.f32.f16", "r", ("hf16",), convert(F16, F32))
row("cvt.f32.bf16", "r", ("hbf16",), convert(BF16, F32))
for mode in ("rn", "rz"):
    row(f"cvt.{mode}.f16.f32", "h", ("rf32",), convert(F32, F16, mode))
    row(f"cvt.{mode}.bf16.f32", "h", ("rf32",), convert(F32, BF16, mode))


def whole(mode, f):
    def g(a):
        n = x.number(a, f)
        if isinstance(n[1], float):
            return x.encode(*n, f)
        return x.encode(n[0], x.Fraction(x.round_integer(n[1], mode, n[0])), f)

    return g


for mode in MODES:
    row(f"cvt.{mode}i.f32.f32", "r", ("rf32",), whole(mode, F32))
    row(f"cvt.{mode}i.f64.f64", "d", ("df64",), whole(mode, F64))
for frm, to in ((64, 32), (32, 16), (32, 64), (16, 32), (16, 64), (64, 16)):
    for s in "us":
        row(f"cvt.{s}{to}.{s}{frm}", REGISTER[to], (REGISTER[frm] + "i",),
            lambda a, f=frm, t=to, s=s: x.unsigned(
                x.to_signed(a, f) if s == "s" else a, t))  # fmt: skip
        if to < frm:
            low, high = (-(1 << to - 1), (1 << to - 1) - 1) if s == "s" else (0, (1 << to) - 1)
            row(f"cvt.sat.{s}{to}.{s}{frm}", REGISTER[to], (REGISTER[frm] + "i",),
                lambda a, f=frm, t=to, s=s, lo=low, hi=high: x.unsigned(
                    x.clamp(x.to_signed(a, f) if s == "s" else a, lo, hi), t))  # fmt: skip
