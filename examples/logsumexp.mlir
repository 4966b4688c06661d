// The log-sum-exp of each row, in plain algebra. Rows stand last where they meet
// a statistic of each row, so that it broadcasts.
func.func @logsumexp(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %columns = moa.transpose %x permutation [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %m = moa.reduce max %columns axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  %p = moa.map %columns, %m {
  ^bb0(%a: f32, %b: f32):
    %d = arith.subf %a, %b : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  } : tensor<?x?xf32>, tensor<?xf32> -> tensor<?x?xf32>
  %l = moa.reduce add %p axes [0] : tensor<?x?xf32> -> tensor<?xf32>
  %lse = moa.map %m, %l {
  ^bb0(%a: f32, %b: f32):
    %log = math.log %b : f32
    %sum = arith.addf %a, %log : f32
    moa.yield %sum : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %lse : tensor<?xf32>
}
