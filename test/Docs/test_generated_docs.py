# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The committed pages docs/dialect/*.md are what the sources say now."""


def test_pages_are_up_to_date(moa):
    committed = {p.name: p.read_text() for p in moa.source.glob("docs/dialect/*.md")}
    made = {p.name: p.read_text() for p in moa.build.glob("docs/dialect/*.md")}
    assert made, "no page was made: build the target moa-docs"
    stale = [
        name
        for name in sorted(committed | made)
        if committed.get(name) != made.get(name)
    ]
    assert not stale, f"run `make docs` and commit docs/dialect: {', '.join(stale)}"
