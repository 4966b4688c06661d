# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit settings of moa's FileCheck tests.

Substitutions: the tools of moa and of LLVM by their plain names, and
  %shlibext        .so
  %python          the Python with NumPy, ml_dtypes and Hypothesis
  %moa_lib         the folder of moa's libraries and plugin
  %stock_mlir_opt  Debian's own mlir-opt, for the plugin tests
  %moa_src         the root of the sources
  %cuda_root       the CUDA toolkit (feature `ptxas` only)

Features: `ptxas` when cubins can be made, `cuda-device` when libcuda finds a
device.

MOA_CHECK_ROUNDTRIP=1 in the environment, or `--param roundtrip=1`, adds
--verify-roundtrip to every run of moa-opt.
"""

import ctypes
import os

import lit.formats

config.name = "moa"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "lib"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.moa_build_dir, "test")

bin_dir = os.path.join(config.moa_build_dir, "bin")
roundtrip = lit_config.params.get("roundtrip") or os.environ.get("MOA_CHECK_ROUNDTRIP")
checks_roundtrip = roundtrip not in (None, "", "0")


def count_cuda_devices():
    """How many devices the CUDA driver finds; 0 where there is no driver."""
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
        count = ctypes.c_int(0)
        if cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count)):
            return 0
        return count.value
    except OSError:
        return 0


def add_tool(folder, name, arguments=""):
    """Puts the full path for the plain word `name` in RUN lines: not for a part
    of a longer word or path."""
    path = os.path.join(folder, name)
    command = f"{path} {arguments}".rstrip()
    config.substitutions.append((rf"(?<![\w.%/=-]){name}(?![\w./=-])", command))


for tool in ("moa-run", "moa-compile", "moa-lsp-server", "moa-ptx"):
    add_tool(bin_dir, tool)
add_tool(bin_dir, "moa-opt", "--verify-roundtrip" if checks_roundtrip else "")
for tool in ("FileCheck", "not", "mlir-opt", "mlir-translate"):
    add_tool(config.llvm_tools_dir, tool)

config.substitutions += [
    ("%shlibext", config.shlibext),
    ("%python", config.moa_python),
    ("%moa_lib", os.path.join(config.moa_build_dir, "lib")),
    ("%moa_src", config.moa_source_dir),
    ("%stock_mlir_opt", config.stock_mlir_opt),
]

config.environment["PATH"] = os.pathsep.join(
    [bin_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
)
config.environment["FILECHECK_OPTS"] = "-enable-var-scope"
config.environment["PYTHONPATH"] = os.path.join(config.moa_source_dir, "python")
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
for name in ("LD_LIBRARY_PATH", "OMP_NUM_THREADS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# One CUDA toolkit, the one that the build found: MLIR looks for ptxas and
# libdevice under these names.
for name in ("CUDA_ROOT", "CUDA_HOME", "CUDA_PATH"):
    config.environment.pop(name, None)
if config.moa_cuda_root:
    config.environment["CUDA_ROOT"] = config.moa_cuda_root
    config.substitutions.append(("%cuda_root", config.moa_cuda_root))
    config.available_features.add("ptxas")
if count_cuda_devices() > 0:
    config.available_features.add("cuda-device")
