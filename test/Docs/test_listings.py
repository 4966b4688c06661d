# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The listings of README.md and docs/*.md are true.

A fenced block behind a comment is checked:

    <!-- file: PATH -->     the block stands in that file, line for line
    <!-- output: COMMAND --> the command, run in the root of the sources with
                             moa's and LLVM's tools on the PATH, prints the block

A line `...` in a block stands for any lines. Blanks at the ends of lines do not
count; in outputs neither does indentation.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LISTING = re.compile(
    r"^<!-- (file|output): ([^\n]+?) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def listings(kind):
    for page in PAGES:
        if not page.exists():
            continue
        for match in LISTING.finditer(page.read_text()):
            if match.group(1) == kind:
                line = page.read_text()[: match.start()].count("\n") + 1
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


@pytest.mark.parametrize("path, block", listings("file"))
def test_listing_stands_in_file(path, block):
    missing = missing_part(block, (ROOT / path).read_text(), str.rstrip)
    assert missing is None, f"not in {path}:\n{missing}"


@pytest.mark.parametrize("command, block", listings("output"))
def test_listing_is_printed(moa, command, block):
    path = f"{moa.bin}{os.pathsep}{moa.llvm}/bin{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "MOA_BUILD": str(moa.build)},
        capture_output=True,
        text=True,
    )
    printed = done.stdout + done.stderr
    missing = missing_part(block, printed, str.strip)
    assert missing is None, f"not printed:\n{missing}\n\nbut:\n{printed[-4000:]}"


def test_listings_are_found():
    assert list(listings("file")) and list(listings("output"))
