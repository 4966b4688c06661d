#!/usr/bin/env bash
# Builds moa and runs all its tests: lit, unit and Python. The last line is
# `N passed, N failed`. Arguments go to run_tests.py (see its --help).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
export MOA_STEPS=8
"$here/build.sh" all moa-unittests moa-docs
exec "$MOA_VENV/bin/python" "$here/run_tests.py" --build "$MOA_BUILD" \
  --jobs "$MOA_JOBS" "$@"
