// RUN: moa-opt %s --moa-verify-dnf --split-input-file --verify-diagnostics

func.func @algebra(%a: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{'moa.reverse' op is not allowed in normal form}}
  %0 = moa.reverse %a axes [0] : tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

func.func @intermediate(%a: tensor<5xf32>) -> tensor<5xf32> {
  // expected-note @+1 {{computed here}}
  %0 = moa.array (%i) in (5) {
    %x = moa.psi %a[%i] : tensor<5xf32>
    moa.yield %x : f32
  } : tensor<5xf32>
  %1 = moa.array (%i) in (5) {
    // expected-error @+1 {{'moa.psi' op reads an intermediate array in normal form}}
    %x = moa.psi %0[%i] : tensor<5xf32>
    moa.yield %x : f32
  } : tensor<5xf32>
  return %1 : tensor<5xf32>
}

// -----

func.func @partial(%a: tensor<5x3xf32>, %i: index) -> tensor<3xf32> {
  // expected-error @+1 {{'moa.psi' op has a partial index in normal form}}
  %0 = moa.psi %a[%i] : tensor<5x3xf32>
  return %0 : tensor<3xf32>
}

// -----

func.func @foreign(%a: tensor<5xf32>) -> tensor<5xf32> {
  %0 = moa.array (%i) in (5) {
    // expected-error @+1 {{'tensor.extract' op is not allowed in a body in normal form}}
    %x = tensor.extract %a[%i] : tensor<5xf32>
    moa.yield %x : f32
  } : tensor<5xf32>
  return %0 : tensor<5xf32>
}
