// RUN: moa-opt %s --split-input-file --verify-diagnostics --moa-drop-destination-results

// expected-error @+1 {{'func.func' op returns as result #1 a buffer that is not one of its destinations}}
func.func @f(%a: memref<?xf32>, %o: memref<?xf32> {moa.destination}) -> (memref<?xf32>, memref<?xf32>) {
  return %o, %a : memref<?xf32>, memref<?xf32>
}

// -----

// expected-error @+1 {{'func.func' op has several blocks and destinations}}
func.func @g(%c: i1, %o: memref<?xf32> {moa.destination}) -> memref<?xf32> {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  return %o : memref<?xf32>
^bb2:
  return %o : memref<?xf32>
}
