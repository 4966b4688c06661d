#!/usr/bin/env bash
# Removes what was built; with --all the virtual environment too.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
[ -d "$MOA_BUILD" ] || exit 0
# Only what is surely a build folder of ours is removed.
[ -d "$MOA_LOGS" ] || [ -f "$MOA_BUILD/CMakeCache.txt" ] ||
  [ -f "$MOA_VENV/.stamp" ] ||
  fail "$MOA_BUILD is no build folder of moa: nothing was removed"
if [ "${1:-}" = --all ]; then
  rm -rf "$MOA_BUILD"
else
  find "$MOA_BUILD" -mindepth 1 -maxdepth 1 ! -name venv -exec rm -rf {} +
fi
