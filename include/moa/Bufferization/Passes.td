//===- Passes.td - Passes around bufferization ---------*- tablegen -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_BUFFERIZATION_PASSES_TD
#define MOA_BUFFERIZATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def MoaDropDestinationResults
    : Pass<"moa-drop-destination-results", "::mlir::ModuleOp"> {
  let summary = "Return no buffers that the caller has passed as destinations";
  let description = [{
    After `--moa-destination-passing` and bufferization a function returns the
    buffers of its destination arguments. This pass drops these results. It is
    the counterpart of upstream's `--drop-equivalent-buffer-results` for public
    functions, which that pass leaves alone. Scalar results stay. A function
    with destinations that returns any other buffer is an error: the caller has
    not allocated it.

    Example:

    ```mlir
    func.func @f(%a: memref<?xf32>, %out: memref<?xf32> {moa.destination})
        -> memref<?xf32> {
      moa.array (%i) in (%n) outs(%out : memref<?xf32>) { ... }
      return %out : memref<?xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%a: memref<?xf32>, %out: memref<?xf32> {moa.destination}) {
      moa.array (%i) in (%n) outs(%out : memref<?xf32>) { ... }
      return
    }
    ```
  }];
}

def MoaFreeArrays : Pass<"moa-free-arrays", "::mlir::ModuleOp"> {
  let summary = "Free the arrays that a program stores for itself";
  let description = [{
    Runs upstream's buffer deallocation pipeline on a module that holds a
    `memref.alloc`. In one where every array is a destination, as most are, there
    is nothing to free, and nothing is done.

    Example:

    ```mlir
    %a = memref.alloc(%n) : memref<?xf32>
    linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
    memref.copy %a, %out : memref<?xf32> to memref<?xf32>
    return
    ```

    becomes

    ```mlir
    %a = memref.alloc(%n) : memref<?xf32>
    linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
    memref.copy %a, %out : memref<?xf32> to memref<?xf32>
    memref.dealloc %a : memref<?xf32>
    return
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def MoaStructuredCopies : Pass<"moa-structured-copies", "::mlir::func::FuncOp"> {
  let summary = "Turn copies of buffers into structured operations";
  let description = [{
    `memref.copy` between buffers of any strides needs a runtime library when it
    is lowered to LLVM. As a `linalg.generic` it becomes loops instead, with
    upstream's `--convert-linalg-to-loops`.

    Example:

    ```mlir
    memref.copy %a, %b : memref<?xf32> to memref<?xf32, strided<[?]>>
    ```

    becomes

    ```mlir
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%a : memref<?xf32>) outs(%b : memref<?xf32, strided<[?]>>) {
    ^bb0(%x: f32, %y: f32):
      linalg.yield %x : f32
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // MOA_BUFFERIZATION_PASSES_TD
