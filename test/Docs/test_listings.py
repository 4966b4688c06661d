# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The listings of README.md and docs/*.md are true (see test/doc_listings.py)."""

import pytest
from doc_listings import ROOT, check_printed, listings, missing_part


@pytest.mark.parametrize("path, block", listings("file"))
def test_listing_stands_in_file(path, block):
    missing = missing_part(block, (ROOT / path).read_text(), str.rstrip)
    assert missing is None, f"not in {path}:\n{missing}"


@pytest.mark.parametrize("command, block", listings("output"))
def test_listing_is_printed(moa, command, block):
    check_printed(command, block, [moa.bin, moa.llvm / "bin"])


def test_listings_are_found():
    assert list(listings("file")) and list(listings("output"))
