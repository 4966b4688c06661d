// RUN: moa-opt %s --moa-psi-reduce --split-input-file --verify-diagnostics

func.func @variant(%q: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'moa.attention' op is a variant, which psi-reduction does not know; run 'moa-expand' before it}}
  %o = moa.attention %q, %q, %q : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  return %o : tensor<4x8xf32>
}

// -----

// An extent along an axis that is not known keeps the array itself alive.
func.func @unknown_axis(%a: tensor<?x?xf32>, %axis: index) -> index {
  // expected-error @+1 {{'moa.transpose' op could not be eliminated by psi-reduction}}
  %0 = moa.transpose %a permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = tensor.dim %0, %axis : tensor<?x?xf32>
  return %1 : index
}
