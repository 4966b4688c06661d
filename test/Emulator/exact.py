# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic as its definition says, on Python's integers and fractions: bits of a
format to a number, exact results, and one rounding back to bits."""

import math
from dataclasses import dataclass
from fractions import Fraction

NAN, INF = math.nan, math.inf


@dataclass(frozen=True)
class Format:
    bits: int
    mantissa: int  # stored bits

    @property
    def exponent(self):
        return self.bits - 1 - self.mantissa

    @property
    def bias(self):
        return (1 << (self.exponent - 1)) - 1


F64, F32 = Format(64, 52), Format(32, 23)
F16, BF16 = Format(16, 10), Format(16, 7)


class Zero:
    """A zero with a sign; other numbers are fractions, or a float inf or NaN."""

    def __init__(self, negative):
        self.negative = negative


def number(bits, f):
    """(is negative, magnitude): a Fraction, or inf or NaN as a float."""
    negative = bool(bits >> (f.bits - 1) & 1)
    e = bits >> f.mantissa & ((1 << f.exponent) - 1)
    m = bits & ((1 << f.mantissa) - 1)
    if e == (1 << f.exponent) - 1:
        return negative, (NAN if m else INF)
    if e == 0:
        return negative, Fraction(m) * Fraction(2) ** (1 - f.bias - f.mantissa)
    m |= 1 << f.mantissa
    return negative, Fraction(m) * Fraction(2) ** (e - f.bias - f.mantissa)


def is_nan(x):
    return isinstance(x, float) and math.isnan(x)


def is_inf(x):
    return isinstance(x, float) and math.isinf(x)


def round_integer(x, mode, negative):
    """The magnitude x as an integer; `mode` is rn, rz, rm or rp."""
    whole = x.numerator // x.denominator
    rest = x - whole
    if mode == "rn":
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    elif mode == "rna":
        up = rest >= Fraction(1, 2)
    else:
        up = rest > 0 and mode == ("rm" if negative else "rp")
    return whole + up


def encode(negative, x, f, mode="rn"):
    """Bits of the number, rounded once; NaN is the one that all NaNs count for."""
    sign = int(negative) << (f.bits - 1)
    top = ((1 << f.exponent) - 1) << f.mantissa
    if is_nan(x):
        return None
    if is_inf(x):
        return sign | top
    if x == 0:
        return sign
    e = max(x.numerator.bit_length() - x.denominator.bit_length(), 1 - f.bias)
    while Fraction(2) ** (e + 1) <= x:
        e += 1
    while e > 1 - f.bias and Fraction(2) ** e > x:
        e -= 1
    m = round_integer(x / Fraction(2) ** (e - f.mantissa), mode, negative)
    if m >> (f.mantissa + 1):
        m, e = m >> 1, e + 1
    biased = e + f.bias if m >> f.mantissa else 0
    if biased >= (1 << f.exponent) - 1:
        away = mode in ("rn", "rna") or mode == ("rm" if negative else "rp")
        return sign | (top if away else top - 1)
    return sign | biased << f.mantissa | m & ((1 << f.mantissa) - 1)


def signed(n):
    """(sign, magnitude) as a number with a sign, where it is finite."""
    return -n[1] if n[0] else n[1]


def add(a, b, mode="rn"):
    if is_nan(a[1]) or is_nan(b[1]):
        return False, NAN
    if is_inf(a[1]) or is_inf(b[1]):
        if is_inf(a[1]) and is_inf(b[1]) and a[0] != b[0]:
            return False, NAN
        return (a if is_inf(a[1]) else b)[0], INF
    s = signed(a) + signed(b)
    if s == 0:  # an exact zero is negative only from two negative ones, or by rm
        negative = a[0] if a[0] == b[0] else mode == "rm"
        return negative, Fraction(0)
    return s < 0, abs(s)


def mul(a, b):
    negative = a[0] != b[0]
    if is_nan(a[1]) or is_nan(b[1]):
        return False, NAN
    if is_inf(a[1]) or is_inf(b[1]):
        return (False, NAN) if a[1] == 0 or b[1] == 0 else (negative, INF)
    return negative, a[1] * b[1]


def div(a, b):
    negative = a[0] != b[0]
    if is_nan(a[1]) or is_nan(b[1]):
        return False, NAN
    if is_inf(a[1]):
        return (False, NAN) if is_inf(b[1]) else (negative, INF)
    if is_inf(b[1]):
        return negative, Fraction(0)
    if b[1] == 0:
        return (False, NAN) if a[1] == 0 else (negative, INF)
    return negative, a[1] / b[1]


def sqrt_bits(a, f, mode):
    """Bits of the root: of an integer with many more digits than the format."""
    if is_nan(a[1]) or (a[0] and a[1] != 0):
        return None
    if is_inf(a[1]) or a[1] == 0:
        return encode(*a, f, mode)
    scale = 2 * (f.mantissa + 16 + f.bias)
    n = a[1] * Fraction(2) ** scale
    root = math.isqrt(n.numerator // n.denominator)
    exact = Fraction(root) ** 2 == n
    x = Fraction(root) + (0 if exact else Fraction(1, 3))
    return encode(False, x / Fraction(2) ** (scale // 2), f, mode)


def flush(n, f):
    """A denormal number as a zero of its sign."""
    if not isinstance(n[1], float) and n[1] < Fraction(2) ** (1 - f.bias):
        return n[0], Fraction(0)
    return n


def unsigned(value, bits):
    return value & ((1 << bits) - 1)


def to_signed(value, bits):
    value &= (1 << bits) - 1
    return value - (value >> (bits - 1) << bits)


def clamp(value, low, high):
    return max(low, min(high, value))
