# shellcheck shell=bash
# What the scripts share: where things lie, how progress and failure are said.
# Sourced, never run.
#
# Environment (all optional):
#   MOA_BUILD      the build folder (build)
#   MOA_JOBS       parallel jobs (one for each processor)
#   MOA_LLVM       the LLVM 22 installation (/usr/lib/llvm-22)
#   MOA_PYTHON     the Python 3.11 or later to make the virtual environment with
#   MOA_CUDA_ROOT  the CUDA toolkit to use, or `none` for no CUDA
#   MOA_CMAKE_ARGS further arguments for cmake
set -euo pipefail

MOA_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MOA_BUILD=${MOA_BUILD:-$MOA_SOURCE/build}
MOA_JOBS=${MOA_JOBS:-$(nproc)}
MOA_LLVM=${MOA_LLVM:-/usr/lib/llvm-22}
MOA_VENV=$MOA_BUILD/venv
MOA_LOGS=$MOA_BUILD/logs
export MOA_SOURCE MOA_BUILD MOA_JOBS MOA_LLVM MOA_VENV MOA_LOGS

# step N TEXT: says that step N of MOA_STEPS begins.
step() {
  printf '[%s/%s] %s\n' "$1" "${MOA_STEPS:-$1}" "$2"
}

# note TEXT: one line of detail under a step.
note() {
  printf '      %s\n' "$1"
}

# fail TEXT...: says what went wrong, one line for each argument, and stops.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do
    printf '       %s\n' "$line" >&2
  done
  exit 1
}

# quietly NAME COMMAND...: runs COMMAND with its output in logs/NAME.log; when
# it fails, shows the end of that log and stops.
quietly() {
  local log=$MOA_LOGS/$1.log status=0
  shift
  mkdir -p "$MOA_LOGS"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 40 "$log" >&2
    fail "this command ended with status $status:" "$*" "The whole log is $log"
  fi
}

# digest: the hash of standard input, as one word.
digest() {
  sha256sum | cut -d ' ' -f 1
}

# stamped FILE HASH: does the stamp FILE say HASH?
stamped() {
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}
