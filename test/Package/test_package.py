# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The outside projects examples/standalone and examples/tutorial build and run
with find_package(MOA), from an install tree and from the build tree."""

import re
import shutil
import subprocess

import pytest
from doc_listings import check_printed, listings

# They share folders, so one worker runs them all.
pytestmark = pytest.mark.xdist_group("package")


def run(*command, **kwargs):
    done = subprocess.run(
        [str(word) for word in command], text=True, capture_output=True, **kwargs
    )
    if done.returncode != 0:
        said = f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr}"
        pytest.fail(said, pytrace=False)
    return done


def cache_entry(build, name):
    cache = (build / "CMakeCache.txt").read_text()
    return re.search(rf"^{name}:\w+=(.*)$", cache, re.MULTILINE).group(1)


# Fixed folders, not pytest's: so a compiler cache finds the objects again.
@pytest.fixture(scope="module")
def work(moa):
    folder = moa.build / "test" / "package"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def install_tree(moa, work):
    prefix = work / "prefix"
    run("cmake", "--install", moa.build, "--prefix", prefix)
    return prefix


def build_outside(moa, example, folder, *settings, targets=()):
    """Configures and builds the outside project examples/`example` in `folder`."""
    arguments = list(settings)
    for name in ("CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER"):
        arguments.append(f"-D{name}={cache_entry(moa.build, name)}")
    if ccache := shutil.which("ccache"):
        arguments.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={ccache}")
    source = moa.source / "examples" / example
    run("cmake", "-G", "Ninja", "-S", source, "-B", folder, *arguments)
    run("ninja", "-C", folder, *targets)
    return folder


def test_install_tree_names_no_other_tree(moa, install_tree):
    files = list((install_tree / "lib" / "cmake" / "moa").glob("*.cmake"))
    assert files
    for file in files:
        text = file.read_text()
        for path in (moa.source, moa.build, install_tree):
            assert str(path) not in text, f"{file.name} names {path}"


def test_install_tree_has_all_headers(moa, install_tree):
    def headers(root, pattern):
        return {p.relative_to(root) for p in root.rglob(pattern)}

    installed = headers(install_tree / "include", "*")
    for pattern in ("*.h", "*.td"):
        assert headers(moa.source / "include", pattern) <= installed
    assert headers(moa.build / "include", "*.h.inc") <= installed


def test_outside_project_on_install_tree(moa, work, install_tree):
    folder = build_outside(
        moa, "standalone", work / "on-install", f"-DCMAKE_PREFIX_PATH={install_tree}"
    )
    program = moa.source / "examples" / "standalone" / "norms.mlir"
    done = run(
        folder / "standalone-opt",
        program,
        "--standalone-count-algebra",
        "--moa-psi-reduce",
        "--moa-verify-dnf",
    )
    assert "remark: holds 2 algebra operations" in done.stderr
    assert "moa.fold" in done.stdout and "moa.map" not in done.stdout
    # The rows 1 2 3 and 4 5 6.
    norms = run(folder / "run-norms", program).stdout.split()
    assert [float(norm) for norm in norms] == [14, 77]


def test_outside_project_on_build_tree(moa, work):
    folder = build_outside(
        moa,
        "standalone",
        work / "on-build",
        f"-DMOA_DIR={moa.build}/lib/cmake/moa",
        targets=["standalone-opt"],
    )
    done = run(folder / "standalone-opt", "--help")
    assert "--standalone-count-algebra" in done.stdout


@pytest.fixture(scope="module")
def tutorial(moa, work, install_tree):
    """The folder of tutorial-opt, built from the files that docs/tutorial.md shows."""
    prefix = f"-DCMAKE_PREFIX_PATH={install_tree}"
    return build_outside(moa, "tutorial", work / "tutorial", prefix)


@pytest.mark.parametrize("command, block", listings("tutorial"))
def test_tutorial(moa, tutorial, command, block):
    check_printed(command, block, [tutorial, moa.bin, moa.llvm / "bin"])


def test_tutorial_is_shown():
    assert len(list(listings("tutorial"))) == 2
