// RUN: moa-opt %s --split-input-file --verify-diagnostics \
// RUN:   --one-shot-bufferize=bufferize-function-boundaries

func.func @partial(%a: tensor<?x4xf32>, %i: index) -> tensor<4xf32> {
  // expected-error @+2 {{'moa.psi' op with a partial index has no buffer form; --moa-psi-reduce removes it}}
  // expected-error @+1 {{failed to bufferize op}}
  %0 = moa.psi %a[%i] : tensor<?x4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @algebra(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{op was not bufferized}}
  %0 = moa.reverse %a axes [0] : tensor<4xf32>
  return %0 : tensor<4xf32>
}
