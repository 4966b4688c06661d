// RUN: moa-opt %s --moa-destination-passing --split-input-file --verify-diagnostics

// expected-error @+1 {{'func.func' op is called in the module, so its results cannot become destinations; make it private or inline it}}
func.func @called(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @caller(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  %0 = call @called(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-error @+1 {{'func.func' op has several blocks; destinations need one}}
func.func @blocks(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  cf.cond_br %c, ^one, ^two
^one:
  return %a : tensor<4xf32>
^two:
  return %b : tensor<4xf32>
}
