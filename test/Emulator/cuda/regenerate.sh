#!/bin/sh
# Makes the .ptx files beside the .cu files again. Needs nvcc of CUDA 12 or 13.
set -eu
cd "$(dirname "$0")"
nvcc=${CUDA_HOME:-/usr/local/cuda}/bin/nvcc
for source in *.cu; do
  "$nvcc" -arch=sm_90a -O3 --ptx -o "${source%.cu}.ptx" "$source"
done
