// RUN: moa-opt %s --moa-outline-contract --split-input-file --verify-diagnostics

// expected-error @+1 {{'func.func' op cannot have a contract: the name 'f__contract' is taken}}
func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func private @f__contract()

// -----

// expected-error @+1 {{'func.func' op has several blocks; a contract needs one}}
func.func @blocks(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  cf.cond_br %c, ^one, ^two
^one:
  return %a : tensor<4xf32>
^two:
  return %b : tensor<4xf32>
}
