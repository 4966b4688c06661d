# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Listings of a page in Markdown: fenced blocks behind a comment that says what
they show.

    <!-- file: PATH -->       the block stands in that file, line for line
    <!-- output: COMMAND -->  the command prints the block
    <!-- tutorial: COMMAND -->  the same, with the tutorial's tool

A line `...` in a block stands for any lines. Blanks at the ends of lines do not
count; in outputs neither does indentation.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LISTING = re.compile(
    r"^<!-- (\w+): ([^\n]+?) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def listings(kind):
    """The listings of one kind on all pages, as pytest parameters (what the
    comment says, the block)."""
    for page in PAGES:
        text = page.read_text() if page.exists() else ""
        for match in LISTING.finditer(text):
            if match.group(1) == kind:
                line = text[: match.start()].count("\n") + 1
                name = f"{page.name}:{line}"
                yield pytest.param(match.group(2), match.group(3), id=name)


def parts_of(block):
    """The runs of lines between the lines `...`."""
    parts = [[]]
    for line in block.splitlines():
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in parts if part]


def missing_part(block, text, normalize):
    """The first part of `block` that does not follow the ones before it in
    `text`, or None."""
    lines = [normalize(line) for line in text.splitlines()]
    start = 0
    for part in parts_of(block):
        wanted = [normalize(line) for line in part]
        for at in range(start, len(lines) - len(wanted) + 1):
            if lines[at : at + len(wanted)] == wanted:
                start = at + len(wanted)
                break
        else:
            return "\n".join(part)
    return None


def check_printed(command, block, folders):
    """Runs `command` in the root of the sources, with `folders` before the PATH,
    and fails the test if it does not print the block."""
    path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    printed = done.stdout + done.stderr
    missing = missing_part(block, printed, str.strip)
    assert missing is None, f"not printed:\n{missing}\n\nbut:\n{printed[-4000:]}"
