#!/usr/bin/env bash
# Says what `make` can do.
cat <<'EOF'
make build      set up, configure and build into build/ (bin, lib)
make test       build, then run all tests; ends with `N passed, N failed`
make demo       build, then compile and run examples/attention.mlir
make docs       build, then write the reference pages in docs/ from the sources
make clean      remove what was built (the Python environment stays)
make distclean  remove build/ whole
make help       this text

Each target installs the Debian packages that are missing (with sudo, unless
you are root), and makes a Python environment in build/venv.

JOBS=n     parallel jobs          BUILD=dir  another build folder
MOA_CUDA_ROOT=dir|none            the CUDA toolkit to make cubins with
MOA_CMAKE_ARGS='-D...'            further arguments for cmake
MOA_CHECK_ROUNDTRIP=1             verify the round trip in each run of moa-opt
EOF
