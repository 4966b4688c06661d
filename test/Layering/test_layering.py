# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order of the libraries: who may include and link whom.

Reads the includes of include/, lib/ and tools/ (C++ and TableGen) and the link
lists of the CMakeLists.txt files. Fails on a cycle between folders, on a use
against the order of USES, and on a folder that USES does not know.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]

# layer: the layers just below it. It may use those, and all that they may use.
USES = {
    "abi": [],
    "Support": ["abi"],
    "IR": ["Support"],
    "Algebra": ["Support"],
    "Reference": ["IR"],
    "Analysis": ["IR"],
    "Bufferization": ["IR"],
    "Transforms": ["Analysis", "Algebra"],
    "Conversion": ["Analysis"],
    "Target": ["Support"],
    "Pipelines": ["Transforms", "Bufferization", "Conversion", "Target"],
    "InitAll": ["Pipelines"],
    "Compiler": ["InitAll", "Runtime"],
    "Runtime": ["abi"],
    "PTXEmulator": ["Runtime"],
    "CAPI": ["Compiler", "PTXEmulator"],
    "tools": ["Compiler", "Reference", "PTXEmulator"],
}

# Where a layer's files lie: the longest prefix counts. A public header in
# include/moa/X belongs to the same layer as lib/X.
FOLDERS = {
    "include/moa-runtime": "abi",
    "include/moa-c": "CAPI",
    "lib/Dialect/Moa/IR": "IR",
    "tools": "tools",
    **{f"lib/{name}": name for name in USES if name not in ("abi", "IR", "tools")},
}

# These stand alone: usable in a program that has no MLIR and no LLVM.
WITHOUT_LLVM = ("abi", "Runtime", "PTXEmulator")

ROOTS = ("include", "lib", "tools")
SUFFIXES = (".h", ".cpp", ".td", ".inc", ".def", ".c")
INCLUDE = re.compile(r'^\s*#?\s*include\s+["<]([^">]+)[">]', re.MULTILINE)


def reach(layer, uses=None):
    """All layers that `layer` may use."""
    uses = uses or USES
    found = set()
    for below in uses[layer]:
        found |= {below} | reach(below, uses)
    return found


def folder_of(path):
    """The folder of a file, with a public header's taken for its library's."""
    folder = Path(path).parent.as_posix()
    return re.sub(r"^include/moa(?=/|$)", "lib", folder)


def layer_of(folder):
    """The layer of a folder, or None if it belongs to none."""
    fits = [f for f in FOLDERS if folder == f or folder.startswith(f + "/")]
    return FOLDERS[max(fits, key=len)] if fits else None


def includes(root):
    """Yields (file, included path) over the sources under `root`. Paths are
    relative to it; files of moa are resolved, other includes left as written."""
    for top in ROOTS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in SUFFIXES or not path.is_file():
                continue
            name = path.relative_to(root)
            for what in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if re.match(r"moa(-c|-runtime)?/", what):
                    yield name, Path("include") / what
                elif (path.parent / what).is_file():
                    inside = (path.parent / what).resolve().relative_to(root.resolve())
                    yield name, inside
                else:
                    yield name, Path(what)


def link_lists(root):
    """Yields (CMake file, library or tool, what it links), over moa's own."""
    calls = re.compile(r"moa_add_(?:library|tool|plugin)\s*\(([^)]*)\)")
    for top in ("lib", "tools"):
        for path in sorted((root / top).rglob("CMakeLists.txt")):
            text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
            for call in calls.findall(text):
                name, *rest = call.split()
                links = []
                if "LINK_LIBS" in rest:
                    links = rest[rest.index("LINK_LIBS") + 1 :]
                    stop = [i for i, word in enumerate(links) if word == "DEPENDS"]
                    links = links[: stop[0]] if stop else links
                yield path.relative_to(root), name, links


def find_cycle(edges):
    """A cycle of the graph {node: nodes} as a list, or None."""
    state, stack = {}, []

    def visit(node):
        state[node] = "open"
        stack.append(node)
        for after in sorted(edges.get(node, ())):
            if state.get(after) == "open":
                return stack[stack.index(after) :] + [after]
            if after not in state and (cycle := visit(after)):
                return cycle
        stack.pop()
        state[node] = "done"
        return None

    for node in sorted(edges):
        if node not in state and (cycle := visit(node)):
            return cycle
    return None


def include_problems(root):
    """What is wrong with the includes under `root`, one line each."""
    problems, edges, example = [], defaultdict(set), {}
    for user, used in includes(root):
        here, layer = folder_of(user), layer_of(folder_of(user))
        if layer is None:
            # The top folders hold nothing but build files.
            problems.append(f"{user}: folder {here} is in no layer of USES")
            continue
        if layer in WITHOUT_LLVM and re.match(r"(mlir|llvm)(-c)?/", used.as_posix()):
            problems.append(f"{user} includes {used}: {layer} stands alone")
        if used.parts[0] not in ROOTS:
            continue
        there, below = folder_of(used), layer_of(folder_of(used))
        if below is None:
            problems.append(f"{user} includes {used}, which is in no layer of USES")
        elif below != layer and below not in reach(layer):
            problems.append(f"{user} includes {used}: {layer} must not use {below}")
        if here != there:
            edges[here].add(there)
            example.setdefault((here, there), f"{user} includes {used}")
    if cycle := find_cycle(edges):
        steps = [example[pair] for pair in zip(cycle, cycle[1:])]
        problems.append("a cycle between folders:\n  " + "\n  ".join(steps))
    return problems


def link_problems(root):
    """What is wrong with the link lists under `root`, one line each."""
    problems, edges = [], defaultdict(set)
    lists = list(link_lists(root))
    home = {name: layer_of(path.parent.as_posix()) for path, name, _ in lists}
    for path, name, links in lists:
        layer = home[name]
        if layer is None:
            problems.append(f"{path}: {name} is in no layer of USES")
            continue
        for link in links:
            if link not in home:
                continue
            edges[name].add(link)
            if home[link] not in reach(layer) | {layer}:
                problems.append(f"{path}: {name} ({layer}) links {link} ({home[link]})")
    if cycle := find_cycle(edges):
        problems.append(f"{' links '.join(cycle)}: a cycle")
    return problems


def test_the_table_has_no_cycle():
    assert find_cycle({layer: set(below) for layer, below in USES.items()}) is None


def test_includes():
    assert list(includes(SOURCE)), "no include was found: is the reader broken?"
    assert not include_problems(SOURCE), "\n" + "\n".join(include_problems(SOURCE))


def test_link_lists():
    assert list(link_lists(SOURCE)), "no link list was found: is the reader broken?"
    assert not link_problems(SOURCE), "\n" + "\n".join(link_problems(SOURCE))


# The checks themselves, on small trees that break one rule each.

BAD_INCLUDES = {
    "against the order": (
        {"lib/Conversion/A.cpp": '#include "moa/Transforms/B.h"'},
        "Conversion must not use Transforms",
    ),
    "against the order in TableGen": (
        {"include/moa/Dialect/Moa/IR/A.td": 'include "moa/Transforms/B.td"'},
        "IR must not use Transforms",
    ),
    "through a relative path": (
        {
            "lib/Analysis/A.cpp": '#include "../Pipelines/P.h"',
            "lib/Pipelines/P.h": "",
        },
        "Analysis must not use Pipelines",
    ),
    "a cycle within a layer": (
        {
            "lib/Conversion/X/A.cpp": '#include "moa/Conversion/Y/B.h"',
            "include/moa/Conversion/Y/B.h": '#include "moa/Conversion/X/C.h"',
        },
        "a cycle between folders",
    ),
    "an unknown folder": (
        {"lib/Misc/A.cpp": '#include "moa/Support/LLVM.h"'},
        "is in no layer",
    ),
    "MLIR in a library that stands alone": (
        {"lib/Runtime/A.cpp": '#include "mlir/IR/Builders.h"'},
        "stands alone",
    ),
}

BAD_LINKS = {
    "against the order": (
        {
            "lib/Analysis/CMakeLists.txt": "moa_add_library(MoaAnalysis A.cpp\n"
            "  LINK_LIBS MoaPipelines)",
            "lib/Pipelines/CMakeLists.txt": "moa_add_library(MoaPipelines P.cpp)",
        },
        "MoaAnalysis (Analysis) links MoaPipelines (Pipelines)",
    ),
    "a cycle within a layer": (
        {
            "lib/Conversion/X/CMakeLists.txt": "moa_add_library(MoaX A.cpp LINK_LIBS MoaY)",
            "lib/Conversion/Y/CMakeLists.txt": "moa_add_library(MoaY B.cpp\n"
            "  LINK_LIBS MoaX DEPENDS MoaIncGen)",
        },
        "a cycle",
    ),
}


def write_tree(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize("what", BAD_INCLUDES)
def test_finds_bad_include(tmp_path, what):
    files, message = BAD_INCLUDES[what]
    write_tree(tmp_path, files)
    assert any(message in problem for problem in include_problems(tmp_path))


@pytest.mark.parametrize("what", BAD_LINKS)
def test_finds_bad_link(tmp_path, what):
    files, message = BAD_LINKS[what]
    write_tree(tmp_path, files)
    assert any(message in problem for problem in link_problems(tmp_path))


def test_accepts_what_is_right(tmp_path):
    write_tree(
        tmp_path,
        {
            "lib/Pipelines/A.cpp": '#include "moa/Transforms/B.h"\n#include <vector>\n',
            "include/moa/Transforms/B.h": '#include "moa/Dialect/Moa/IR/C.h"\n',
            "lib/Pipelines/CMakeLists.txt": "moa_add_library(MoaPipelines A.cpp\n"
            "  LINK_LIBS MoaTransforms MLIR)",
            "lib/Transforms/CMakeLists.txt": "moa_add_library(MoaTransforms B.cpp)",
        },
    )
    assert not include_problems(tmp_path)
    assert not link_problems(tmp_path)
