# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Texts that the fuzzer found, or that are like them: moa-ptx ends in time, with an
exit code of its own."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("MOA_BUILD", HERE.parents[1] / "build"))
HEAD = ".version 8.0\n.target sm_90\n.address_size 64\n"
ENTRY = HEAD + ".visible .entry k() {\n"

TEXTS = {
    "a comment that does not end": HEAD + ".loc 1 /* ",
    "a section that does not end": HEAD + ".section .debug /* ",
    "signs": HEAD + ".global .u32 x = " + "-" * 100000 + "1;",
    "parentheses": HEAD + ".global .u32 x = " + "(" * 100000 + "1;",
    "braces": ENTRY + "{" * 100000,
    "lists": HEAD + ".global .u32 x[2] = " + "{" * 100000,
    "many registers": ENTRY + ".reg .b32 %r<18446744073709551615>;\nret;\n}",
    "much memory": HEAD + ".global .b8 x[9223372036854775807];\n"
    ".visible .entry k() {\nret;\n}",
    "much shared memory": ENTRY + ".shared .b8 x[4294967295];\nmov.u64 x, 0;\nret;\n}",
    "much local memory": ENTRY + ".local .b8 x[1099511627776];\nret;\n}",
    "an endless loop": ENTRY + "L:\nbra L;\n}",
    "endless recursion": HEAD + ".func f() {\ncall f, ();\nret;\n}\n"
    ".visible .entry k() {\ncall f, ();\nret;\n}",
}


def ends_well(path, *options):
    done = subprocess.run(
        [BUILD / "bin" / "moa-ptx", path, "--block=40", "--budget=20000", *options],
        capture_output=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1, 2)
    assert done.returncode == 0 or done.stderr
    return done


@pytest.mark.parametrize("path", sorted((HERE / "inputs").glob("*.ptx")), ids=lambda p: p.stem)
def test_found(path):
    ends_well(path)
    for number in range(4):
        ends_well(path, *(number * ["--arg", "scratch:4096"]), "--arg=u32:3")


@pytest.mark.parametrize("what", TEXTS)
def test_texts(tmp_path, what):
    (tmp_path / "k.ptx").write_text(TEXTS[what])
    done = ends_well(tmp_path / "k.ptx", "--kernel=k")
    assert done.returncode != 0
