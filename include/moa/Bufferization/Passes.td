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

def MoaFreeTemporaries
    : Pass<"moa-free-temporaries", "::mlir::func::FuncOp"> {
  let summary = "Free stored arrays at the end of the function";
  let description = [{
    A `moa.array` without destination is an allocation after bufferization. The
    pass frees what a function of one block allocates and does not return, before
    it returns. (Upstream's ownership-based deallocation asks at run time whether
    buffers are the same; here it is known that they are not.)

    Example:

    ```mlir
    %0 = memref.alloc(%n) : memref<?xf32>
    ...
    return
    ```

    becomes

    ```mlir
    %0 = memref.alloc(%n) : memref<?xf32>
    ...
    memref.dealloc %0 : memref<?xf32>
    return
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

#endif // MOA_BUFFERIZATION_PASSES_TD
