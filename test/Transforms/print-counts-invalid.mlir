// RUN: moa-opt %s --moa-print-counts --split-input-file --verify-diagnostics -o /dev/null | count 0

func.func @algebra(%a: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error@+1 {{'moa.reverse' op is not in normal form, which counts are made of; run 'moa-psi-reduce' before}}
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

func.func private @other(%a: tensor<?xf32>)

func.func @call(%a: tensor<?xf32>) {
  // expected-error@+1 {{'func.call' op has no counts}}
  call @other(%a) : (tensor<?xf32>) -> ()
  return
}

// -----

// expected-error@+1 {{'blocks' has no counts: it is not one block of operations}}
func.func @blocks(%a: tensor<?xf32>) -> tensor<?xf32> {
  cf.br ^end
^end:
  return %a : tensor<?xf32>
}

// -----

func.func @buffers(%a: memref<?xf32>, %out: memref<?xf32>, %n: index) {
  // expected-error@+1 {{'moa.array' op writes to buffers; counts are made of arrays}}
  moa.array (%i) in (%n) outs(%out : memref<?xf32>) {
    %x = moa.psi %a[%i] : memref<?xf32>
    moa.yield %x : f32
  }
  return
}
