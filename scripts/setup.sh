#!/usr/bin/env bash
# Sets up what moa is built and tested with: the Debian packages that are
# missing, a Python virtual environment under the build folder, and the CUDA
# assembler. Does nothing that is done already, and asks for nothing then.
# Leaves what it found in $MOA_BUILD/setup.env.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
MOA_STEPS=${MOA_STEPS:-3}

# The first Python 3.11 or later that can make virtual environments, if any.
find_python() {
  local python
  for python in "${MOA_PYTHON:-}" /usr/bin/python3 python3; do
    if [ -n "$python" ] && "$python" -c \
      'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
      >/dev/null 2>&1; then
      command -v "$python"
      return 0
    fi
  done
  return 1
}

# The packages of debian-packages.txt that are not installed, and Debian's
# Python where no Python will do, one a line.
missing_packages() {
  local wanted
  mapfile -t wanted < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' \
    "$here/debian-packages.txt")
  find_python >/dev/null || wanted+=(python3 python3-venv)
  # dpkg-query's status is 1 when it knows nothing of one of them: no matter.
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" \
      2>/dev/null | sed -n 's/ installed$//p' | sort)
}

# as_root COMMAND...: runs COMMAND as root, through sudo where that is needed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Stops with one clear error unless packages can be installed.
require_root() {
  [ "$(id -u)" -eq 0 ] && return
  local -a advice=("Ask an administrator to run:"
    "  apt-get install --no-install-recommends $*")
  command -v sudo >/dev/null ||
    fail "packages are missing, and you are neither root nor have sudo." \
      "${advice[@]}"
  sudo -n true 2>/dev/null && return
  [ -t 0 ] || fail "packages are missing, and sudo wants a password here." \
    "${advice[@]}"
  note "sudo may ask for your password."
  sudo -v || fail "packages are missing, and sudo did not let you install." \
    "${advice[@]}"
}

install_packages() {
  note "installing: $*"
  require_root "$@"
  mkdir -p "$MOA_LOGS"
  # A foreign package source that does not answer must not stop us here: what
  # matters is whether the packages can be had, which is asked next.
  as_root apt-get update >"$MOA_LOGS/apt-update.log" 2>&1 </dev/null || true
  local package
  local -a unknown=()
  for package in "$@"; do
    apt-cache show "$package" >/dev/null 2>&1 || unknown+=("$package")
  done
  if [ ${#unknown[@]} -gt 0 ]; then
    fail "apt knows no package ${unknown[*]}." \
      "moa needs Debian 12 with the suite bookworm-security; see /etc/apt/." \
      "The log of apt-get update is $MOA_LOGS/apt-update.log"
  fi
  quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

setup_packages() {
  command -v dpkg-query >/dev/null ||
    fail "this is no Debian system: dpkg-query was not found." \
      "Install the tools that scripts/debian-packages.txt names, then build" \
      "with cmake as README.md says."
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then
    step 1 "Debian packages: all there"
  else
    step 1 "Debian packages: ${#missing[@]} missing"
    install_packages "${missing[@]}"
  fi
}

setup_python() {
  local python wanted hash
  python=$(find_python) || fail "no Python 3.11 or later with venv was found." \
    "Set MOA_PYTHON to one."
  wanted=$MOA_SOURCE/python/requirements-test.txt
  hash=$({
    "$python" -c 'import sys; print(sys.version, sys.executable)'
    echo "$MOA_VENV"
    cat "$wanted"
  } | digest)
  if stamped "$MOA_VENV/.stamp" "$hash"; then
    step 2 "Python environment: up to date"
    return
  fi
  step 2 "Python environment: making $MOA_VENV"
  rm -rf "$MOA_VENV"
  quietly venv "$python" -m venv "$MOA_VENV"
  quietly pip "$MOA_VENV/bin/python" -m pip install --no-input --no-deps \
    --disable-pip-version-check --only-binary :all: -r "$wanted"
  echo "$hash" >"$MOA_VENV/.stamp"
}

# cuda_usable DIR: is DIR a CUDA toolkit with ptxas 12.8 (sm_120a) or later?
cuda_usable() {
  [ -x "$1/bin/ptxas" ] && [ -f "$1/nvvm/libdevice/libdevice.10.bc" ] ||
    return 1
  local release
  release=$("$1/bin/ptxas" --version 2>/dev/null |
    sed -n 's/.*release \([0-9.]*\).*/\1/p')
  [ -n "$release" ] &&
    [ "$(printf '%s\n' 12.8 "$release" | sort -V | head -n 1)" = 12.8 ]
}

# The CUDA toolkit of the wheels in the virtual environment, if installed.
wheel_cuda_root() {
  local root
  for root in "$MOA_VENV"/lib/python3*/site-packages/nvidia/cu*; do
    cuda_usable "$root" && echo "$root" && return
  done
  return 1
}

# Sets cuda_root to the toolkit to use; empty where there is none.
setup_cuda() {
  local dir wanted=$MOA_SOURCE/python/requirements-cuda.txt
  cuda_root=
  if [ "${MOA_CUDA_ROOT:-}" = none ]; then
    step 3 "CUDA assembler: none, as MOA_CUDA_ROOT says"
    return
  elif [ -n "${MOA_CUDA_ROOT:-}" ]; then
    cuda_usable "$MOA_CUDA_ROOT" ||
      fail "MOA_CUDA_ROOT=$MOA_CUDA_ROOT is no CUDA toolkit 12.8 or later:" \
        "bin/ptxas and nvvm/libdevice/libdevice.10.bc are looked for in it."
    cuda_root=$MOA_CUDA_ROOT
  else
    for dir in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda; do
      if [ -n "$dir" ] && cuda_usable "$dir"; then
        cuda_root=$dir
        break
      fi
    done
  fi
  if [ -z "$cuda_root" ] && ! cuda_root=$(wheel_cuda_root); then
    step 3 "CUDA assembler: fetching ptxas and libdevice into $MOA_VENV"
    mkdir -p "$MOA_LOGS"
    if "$MOA_VENV/bin/python" -m pip install --no-input --no-deps \
      --disable-pip-version-check --only-binary :all: -r "$wanted" \
      >"$MOA_LOGS/cuda.log" 2>&1 </dev/null; then
      cuda_root=$(wheel_cuda_root) ||
        fail "the CUDA wheels hold no usable ptxas; see $MOA_LOGS/cuda.log"
    else
      cuda_root=
      note "not to be had here (see $MOA_LOGS/cuda.log): PTX works, but"
      note "cubins need a CUDA toolkit 12.8 or later in CUDA_HOME."
    fi
    return
  fi
  step 3 "CUDA assembler: $cuda_root"
}

[ -d "$MOA_LLVM/bin" ] || [ "$MOA_LLVM" = /usr/lib/llvm-22 ] ||
  fail "MOA_LLVM=$MOA_LLVM holds no LLVM: there is no folder bin in it."
setup_packages
setup_python
setup_cuda
mkdir -p "$MOA_BUILD"
printf 'MOA_CUDA_ROOT=%q\nMOA_VENV_PYTHON=%q\n' \
  "${cuda_root:-}" "$MOA_VENV/bin/python" >"$MOA_BUILD/setup.env"
