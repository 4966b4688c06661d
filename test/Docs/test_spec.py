# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules that code cites stand in docs/spec.md, and the other way round."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A rule is introduced as **label** at the start of a line or a table cell.
RULE = re.compile(r"^(?:\| )?\*\*(\w+)\*\*", re.MULTILINE)
FAMILIES = ("psi", "shape", "fold", "element", "reducer", "broadcast", "domain",
            "attention", "linalg")
# Labels are snake_case, which nothing in the sources is but keywords and macros.
LABEL = re.compile(rf"(?<![\w.%@/\-:>\"'])((?:{'|'.join(FAMILIES)})_[a-z]\w*)\b(?!\()")
# In C++ only comments cite; elsewhere the word may be a name.
COMMENT = re.compile(r"//[^\n]*")
SUFFIXES = (".h", ".cpp", ".td")


def cited():
    """{label: a file that cites it}"""
    labels = {}
    for top in ("include", "lib"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            text = path.read_text()
            if path.suffix != ".td":
                text = "\n".join(COMMENT.findall(text))
            for label in LABEL.findall(text):
                labels.setdefault(label, path.relative_to(ROOT))
    return labels


def rules():
    return RULE.findall((ROOT / "docs" / "spec.md").read_text())


def test_rules_are_named_once():
    names = rules()
    assert len(names) > 30
    assert len(names) == len(set(names))
    assert all(name.split("_")[0] in FAMILIES for name in names)


def test_cited_rules_exist():
    missing = {label: str(at) for label, at in cited().items() if label not in rules()}
    assert not missing


def test_rules_are_cited():
    unused = sorted(set(rules()) - set(cited()))
    assert not unused, f"no code cites {', '.join(unused)}"
