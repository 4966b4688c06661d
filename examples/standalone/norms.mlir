// The square of the norm of each row: two operations of the algebra, which
// psi-reduction makes one array.
func.func @norms(%a: tensor<?x?xf32>) -> tensor<?xf32> {
  %squares = moa.map %a {
  ^bb0(%x: f32):
    %y = arith.mulf %x, %x : f32
    moa.yield %y : f32
  } : tensor<?x?xf32> -> tensor<?x?xf32>
  %sums = moa.reduce add %squares axes [1] : tensor<?x?xf32> -> tensor<?xf32>
  return %sums : tensor<?xf32>
}
