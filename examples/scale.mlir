// The smallest kernel: every element of an array times a number.
func.func @scale(%a: tensor<?xf32>, %s: f32) -> tensor<?xf32> {
  %0 = moa.map %a {
  ^bb0(%x: f32):
    %y = arith.mulf %x, %s : f32
    moa.yield %y : f32
  } : tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
