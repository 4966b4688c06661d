# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The examples of the operations in ODS are whole programs, and run."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "dialect" / "operations.md"
OPERATION = re.compile(r"^### `(moa\.\w+)` \(::moa::\w+\)$", re.MULTILINE)
EXAMPLE = re.compile(r"^```mlir\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def operations():
    """Yields (name, its section of the page)."""
    parts = OPERATION.split(PAGE.read_text())
    yield from zip(parts[1::2], parts[2::2])


OPERATIONS = dict(operations())
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name, section in OPERATIONS.items()
    for number, example in enumerate(EXAMPLE.findall(section))
]


def test_operations_are_found():
    assert {"moa.iota", "moa.attention", "moa.fold"} <= set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_documented(name):
    section = OPERATIONS[name]
    assert re.search(r"^_\w.*_$", section, re.MULTILINE), "no summary"
    assert EXAMPLE.search(section), "no example"
    if name != "moa.yield":
        assert re.search(r"Source:", section), "no source"


@pytest.mark.parametrize("name, example", EXAMPLES)
def test_example_runs(moa, tmp_path, name, example):
    path = tmp_path / "example.mlir"
    path.write_text(example)
    printed = moa.run("moa-opt", path, "--verify-roundtrip").stdout
    assert name in printed


@pytest.mark.parametrize(
    "name, example", [each for each in EXAMPLES if "memref" not in each[1]]
)
def test_example_is_reduced(moa, tmp_path, name, example):
    """Level 0 and 1 reach the normal form. (Buffers have left it.)"""
    path = tmp_path / "example.mlir"
    path.write_text(example)
    passes = "builtin.module(func.func(moa-expand,moa-psi-reduce,moa-verify-dnf))"
    moa.run("moa-opt", path, f"--pass-pipeline={passes}")
