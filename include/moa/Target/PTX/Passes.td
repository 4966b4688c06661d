//===- Passes.td - The chip of kernels, and what it takes --*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_TARGET_PTX_PASSES_TD
#define MOA_TARGET_PTX_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttachChip : Pass<"moa-attach-chip", "::mlir::ModuleOp"> {
  let summary = "Say for which NVIDIA chip the GPU modules are";
  let description = [{
    Attaches a `#nvvm.target` with the chip, the PTX version that fits it (both
    LLVM and ptxas know them) and optimization level 3 to each `gpu.module`, and
    the data layout of its code. An unknown chip is an error that lists the
    known ones.

    Example:

    ```mlir
    gpu.module @moa_kernels { ... }
    ```

    becomes, with `chip=sm_120a`,

    ```mlir
    gpu.module @moa_kernels
        [#nvvm.target<O = 3, chip = "sm_120a", features = "+ptx87">]
        attributes {llvm.data_layout = "e-p6:32:32-..."} { ... }
    ```
  }];
  let options = [Option<"chip", "chip", "std::string", "\"sm_80\"",
                        "The chip: sm_80, sm_90a, ...">];
  let dependentDialects = [
    "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::NVVM::NVVMDialect"
  ];
}

def CheckCudaToolkit : Pass<"moa-check-cuda-toolkit", "::mlir::ModuleOp"> {
  let summary = "Check that the CUDA toolkit has what the kernels need";
  let description = [{
    Run before `gpu-module-to-binary`. Emits an error where a kernel calls a
    function of libdevice and libdevice cannot be found, where it calls any
    other function that is not defined, and where `format` asks for a binary and
    the program that makes it cannot be found. The error names what was looked
    for, and where.
  }];
  let options = [
    Option<"cudaRoot", "cuda-root", "std::string", "\"\"",
           "Folder of the CUDA toolkit; if empty $MOA_CUDA_ROOT, $CUDA_ROOT, "
           "$CUDA_HOME, $CUDA_PATH, /usr/local/cuda">,
    Option<"format", "format", "::moa::BinaryFormat",
           "::moa::BinaryFormat::Ptx", "What the kernels will be written as",
           "::moa::binaryFormatValues()">,
  ];
}

#endif // MOA_TARGET_PTX_PASSES_TD
