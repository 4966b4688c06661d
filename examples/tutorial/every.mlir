// The sum of the squares of every third element of a vector.
func.func @energy(%a: tensor<?xf64>) -> tensor<f64> {
  %third = tutorial.every %a step 3 : tensor<?xf64> -> tensor<?xf64>
  %squares = moa.map %third {
  ^bb0(%x: f64):
    %xx = arith.mulf %x, %x : f64
    moa.yield %xx : f64
  } : tensor<?xf64> -> tensor<?xf64>
  %sum = moa.reduce add %squares axes [0] : tensor<?xf64> -> tensor<f64>
  return %sum : tensor<f64>
}

// Of 0, 1, .., 9: 0 + 9 + 36 + 81.
func.func @main() -> f32 {
  %a = moa.iota : tensor<10xf32>
  %third = tutorial.every %a step 3 : tensor<10xf32> -> tensor<4xf32>
  %energy = moa.inner add %third, %third {
  ^bb0(%x: f32, %y: f32):
    %xy = arith.mulf %x, %y : f32
    moa.yield %xy : f32
  } : tensor<4xf32>, tensor<4xf32> -> tensor<f32>
  %result = moa.psi %energy[] : tensor<f32>
  return %result : f32
}
