# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/setup.sh installs what is missing and nothing else, and says clearly
when it may not. apt-get, dpkg-query and id are stand-ins."""

import os
import shutil
import subprocess

import pytest

PROGRAMS = "bash cat chmod comm cut dirname env head mkdir nproc rm sed sha256sum sort tail"
INSTALLED = "clang-22 cmake lld-22 llvm-22-dev llvm-22-tools ninja-build"


class Machine:
    """A machine with the packages INSTALLED and no sudo."""

    def __init__(self, folder, setup):
        self.bin, self.setup = folder / "bin", setup
        self.build, self.calls = folder / "build", folder / "calls"
        # Python is there, so Debian's is not asked for.
        self.settings = {"MOA_PYTHON": shutil.which("python3")}
        self.bin.mkdir()
        for name in PROGRAMS.split():
            (self.bin / name).symlink_to(shutil.which(name))
        lines = "".join(f"echo '{name} installed'\n" for name in INSTALLED.split())
        self.script("dpkg-query", lines + "exit 1")
        self.script("apt-cache", "exit 0")
        self.script("apt-get", "echo no network today\nexit 100")

    def script(self, name, text):
        path = self.bin / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >>{self.calls}\n{text}\n')
        path.chmod(0o755)

    def run(self, user):
        self.script("id", f"echo {user}")
        env = {"PATH": str(self.bin), "MOA_BUILD": str(self.build)}
        env["HOME"] = os.environ.get("HOME", "/")
        env.update(self.settings)
        done = subprocess.run(
            [self.setup], text=True, capture_output=True, env=env,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        return done, [call for call in calls if call.startswith("apt-get")]


@pytest.fixture
def machine(moa, tmp_path):
    return Machine(tmp_path, moa.source / "scripts" / "setup.sh")


MISSING = "libbenchmark-dev libgtest-dev libmlir-22-dev mlir-22-tools"


def test_without_root_and_sudo(machine):
    done, calls = machine.run(user=1000)
    assert done.returncode == 1
    assert not calls
    assert "neither root nor have sudo" in done.stderr
    assert f"apt-get install --no-install-recommends {MISSING}\n" in done.stderr


def test_sudo_that_wants_a_password_without_a_terminal(machine):
    machine.script("sudo", "exit 1")
    done, calls = machine.run(user=1000)
    assert done.returncode == 1
    assert not calls
    assert "sudo wants a password" in done.stderr


def test_root_installs_what_is_missing_only(machine):
    done, calls = machine.run(user=0)
    assert "4 missing" in done.stdout and f"installing: {MISSING}" in done.stdout
    assert calls[0] == "apt-get update"
    assert calls[1].endswith(f"DPkg::Lock::Timeout=120 {MISSING}")
    # The install fails here: its log is shown, and set-up goes no further.
    assert done.returncode == 1
    assert "no network today" in done.stderr
    assert "Python environment" not in done.stdout


def test_package_that_apt_does_not_know(machine):
    machine.script("apt-cache", '[ "$2" != libmlir-22-dev ]')
    done, calls = machine.run(user=0)
    assert done.returncode == 1
    assert calls == ["apt-get update"]
    assert "apt knows no package libmlir-22-dev" in done.stderr
    assert "bookworm-security" in done.stderr


# A Python that can make an environment whose Python records what pip is asked.
PYTHON = """
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin"
  sed 's/^echo "python3/echo "venv/' "$0" >"$3/bin/python"
  chmod +x "$3/bin/python"
fi
"""


def test_second_set_up_does_nothing(machine):
    machine.script("dpkg-query", f"printf '%s installed\\n' {INSTALLED} {MISSING}")
    machine.script("python3", PYTHON)
    machine.settings = {
        "MOA_PYTHON": str(machine.bin / "python3"),
        "MOA_CUDA_ROOT": "none",
    }

    def pip_calls():
        return [c for c in machine.calls.read_text().splitlines() if "-m pip" in c]

    first, calls = machine.run(user=1000)
    assert first.returncode == 0, first.stderr
    assert not calls
    assert "Debian packages: all there" in first.stdout
    assert "Python environment: making" in first.stdout
    assert [call.split()[:4] for call in pip_calls()] == ["venv -m pip install".split()]

    second, calls = machine.run(user=1000)
    assert second.returncode == 0, second.stderr
    assert not calls
    assert "Python environment: up to date" in second.stdout
    assert len(pip_calls()) == 1
