#!/usr/bin/env bash
# Builds moa, then compiles examples/attention.mlir for the CPU and for sm_90a
# and runs it on the CPU. Arguments go to examples/demo.py.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
export MOA_STEPS=6
"$here/build.sh" moa-run moa-compile
step 6 "demo: examples/attention.mlir"
# shellcheck disable=SC1091 # written by setup.sh
. "$MOA_BUILD/setup.env"
export MOA_CUDA_ROOT
exec "$MOA_VENV/bin/python" "$MOA_SOURCE/examples/demo.py" \
  --build "$MOA_BUILD" "$@"
