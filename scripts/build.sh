#!/usr/bin/env bash
# Sets up, configures and builds moa: tools in bin/, libraries in lib/ of the
# build folder. Arguments are the ninja targets to build (all).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
export MOA_STEPS=${MOA_STEPS:-5}

configure() {
  local -a args=(-G Ninja -S "$MOA_SOURCE" -B "$MOA_BUILD"
    -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_C_COMPILER="$MOA_LLVM/bin/clang"
    -DCMAKE_CXX_COMPILER="$MOA_LLVM/bin/clang++"
    -DMOA_WITH_MLIR=ON
    -DMLIR_DIR="$MOA_LLVM/lib/cmake/mlir"
    -DMOA_CUDA_ROOT="$MOA_CUDA_ROOT"
    -DMOA_PYTHON="$MOA_VENV_PYTHON")
  local -a more=()
  read -r -a more <<<"${MOA_CMAKE_ARGS:-}"
  args+=("${more[@]}")
  local hash cache=$MOA_BUILD/CMakeCache.txt
  hash=$(printf '%s\n' "${args[@]}" | digest)
  if [ -f "$MOA_BUILD/build.ninja" ] &&
    stamped "$MOA_BUILD/.configured" "$hash"; then
    step 4 "configure: up to date"
    return
  fi
  step 4 "configure"
  # A folder that was configured by hand with another compiler: CMake would
  # drop the other settings on meeting ours, so it starts afresh.
  if [ -f "$cache" ] && ! grep -qx \
    "CMAKE_CXX_COMPILER:[A-Z]*=$MOA_LLVM/bin/clang++" "$cache"; then
    rm -rf "$cache" "$MOA_BUILD/CMakeFiles"
  fi
  quietly configure cmake "${args[@]}"
  echo "$hash" >"$MOA_BUILD/.configured"
}

# Reads ninja's output and shows how far it is: one line that changes on a
# terminal, one line for each tenth elsewhere.
show_progress() {
  local tty=0
  [ -t 1 ] && tty=1
  awk -v tty="$tty" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), n, "/")
      if (tty) {
        printf "\r      %d of %d", n[1], n[2]
      } else if (n[2] >= 20 && int(10 * n[1] / n[2]) > tenth) {
        tenth = int(10 * n[1] / n[2])
        printf "      %d of %d\n", n[1], n[2]
      }
      fflush()
      seen = 1
    }
    END { if (tty && seen) printf "\r%40s\r", "" }'
}

build() {
  local log=$MOA_LOGS/build.log status=0
  mkdir -p "$MOA_LOGS"
  step 5 "build: ${*:-all}"
  NINJA_STATUS='[%f/%t] ' ninja -C "$MOA_BUILD" -j "$MOA_JOBS" "$@" \
    2>&1 </dev/null | tee "$log" | show_progress || status=$?
  if [ "$status" -ne 0 ]; then
    # From the first failed command on: the errors, not the progress.
    sed -n '/^FAILED:/,$p' "$log" | sed 100q >&2 || true
    grep -q '^FAILED:' "$log" || tail -n 20 "$log" >&2
    fail "the build failed; the whole log is $log"
  fi
}

"$here/setup.sh"
# shellcheck disable=SC1091 # written by setup.sh
. "$MOA_BUILD/setup.env"
configure
build "$@"
