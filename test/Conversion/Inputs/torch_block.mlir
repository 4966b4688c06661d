#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map1 = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
#map2 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#map3 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>
#map4 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map5 = affine_map<(d0, d1, d2) -> (d0, d1)>
module {
  func.func @block(%arg0: tensor<2x5x8xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<5x5xf32>) -> (tensor<2x10x8xf32>, tensor<2x5xi64>) {
    %cst = arith.constant 0.000000e+00 : f32
    %c0_i64 = arith.constant 0 : i64
    %cst_0 = arith.constant 0xFF800000 : f32
    %collapsed = tensor.collapse_shape %arg0 [[0, 1], [2]] : tensor<2x5x8xf32> into tensor<10x8xf32>
    %0 = tensor.empty() : tensor<10x8xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %2 = linalg.matmul ins(%collapsed, %arg1 : tensor<10x8xf32>, tensor<8x8xf32>) outs(%1 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %expanded = tensor.expand_shape %2 [[0, 1], [2, 3]] output_shape [2, 5, 2, 4] : tensor<10x8xf32> into tensor<2x5x2x4xf32>
    %3 = tensor.empty() : tensor<2x2x5x4xf32>
    %transposed = linalg.transpose ins(%expanded : tensor<2x5x2x4xf32>) outs(%3 : tensor<2x2x5x4xf32>) permutation = [0, 2, 1, 3] 
    %4 = tensor.empty() : tensor<2x2x4x5xf32>
    %transposed_1 = linalg.transpose ins(%expanded : tensor<2x5x2x4xf32>) outs(%4 : tensor<2x2x4x5xf32>) permutation = [0, 2, 3, 1] 
    %collapsed_2 = tensor.collapse_shape %transposed [[0, 1], [2], [3]] : tensor<2x2x5x4xf32> into tensor<4x5x4xf32>
    %collapsed_3 = tensor.collapse_shape %transposed_1 [[0, 1], [2], [3]] : tensor<2x2x4x5xf32> into tensor<4x4x5xf32>
    %5 = tensor.empty() : tensor<4x5x5xf32>
    %6 = linalg.fill ins(%cst : f32) outs(%5 : tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %7 = linalg.batch_matmul ins(%collapsed_2, %collapsed_3 : tensor<4x5x4xf32>, tensor<4x4x5xf32>) outs(%6 : tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %expanded_4 = tensor.expand_shape %7 [[0, 1], [2], [3]] output_shape [2, 2, 5, 5] : tensor<4x5x5xf32> into tensor<2x2x5x5xf32>
    %8 = tensor.empty() : tensor<2x2x5x5xf32>
    %9 = linalg.generic {indexing_maps = [#map, #map1, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_4, %arg2 : tensor<2x2x5x5xf32>, tensor<5x5xf32>) outs(%8 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_10: f32, %out: f32):
      %30 = arith.addf %in, %in_10 : f32
      linalg.yield %30 : f32
    } -> tensor<2x2x5x5xf32>
    %10 = tensor.empty() : tensor<2x2x5xi64>
    %11 = linalg.fill ins(%c0_i64 : i64) outs(%10 : tensor<2x2x5xi64>) -> tensor<2x2x5xi64>
    %12 = tensor.empty() : tensor<2x2x5xf32>
    %13 = linalg.fill ins(%cst_0 : f32) outs(%12 : tensor<2x2x5xf32>) -> tensor<2x2x5xf32>
    %14:2 = linalg.generic {indexing_maps = [#map, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%9 : tensor<2x2x5x5xf32>) outs(%13, %11 : tensor<2x2x5xf32>, tensor<2x2x5xi64>) {
    ^bb0(%in: f32, %out: f32, %out_10: i64):
      %30 = linalg.index 3 : index
      %31 = arith.index_cast %30 : index to i64
      %32 = arith.maximumf %in, %out : f32
      %33 = arith.cmpf ogt, %in, %out : f32
      %34 = arith.select %33, %31, %out_10 : i64
      linalg.yield %32, %34 : f32, i64
    } -> (tensor<2x2x5xf32>, tensor<2x2x5xi64>)
    %expanded_5 = tensor.expand_shape %14#0 [[0], [1], [2, 3]] output_shape [2, 2, 5, 1] : tensor<2x2x5xf32> into tensor<2x2x5x1xf32>
    %15 = linalg.generic {indexing_maps = [#map, #map3, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%9, %expanded_5 : tensor<2x2x5x5xf32>, tensor<2x2x5x1xf32>) outs(%8 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_10: f32, %out: f32):
      %30 = arith.subf %in, %in_10 : f32
      linalg.yield %30 : f32
    } -> tensor<2x2x5x5xf32>
    %16 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%15 : tensor<2x2x5x5xf32>) outs(%8 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %30 = math.exp %in : f32
      linalg.yield %30 : f32
    } -> tensor<2x2x5x5xf32>
    %17 = tensor.empty() : tensor<2x2x5x1xf32>
    %18 = linalg.fill ins(%cst : f32) outs(%17 : tensor<2x2x5x1xf32>) -> tensor<2x2x5x1xf32>
    %19 = linalg.generic {indexing_maps = [#map, #map3], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%16 : tensor<2x2x5x5xf32>) outs(%18 : tensor<2x2x5x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %30 = arith.addf %in, %out : f32
      linalg.yield %30 : f32
    } -> tensor<2x2x5x1xf32>
    %20 = linalg.generic {indexing_maps = [#map, #map3, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%16, %19 : tensor<2x2x5x5xf32>, tensor<2x2x5x1xf32>) outs(%8 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_10: f32, %out: f32):
      %30 = arith.divf %in, %in_10 : f32
      linalg.yield %30 : f32
    } -> tensor<2x2x5x5xf32>
    %collapsed_6 = tensor.collapse_shape %20 [[0, 1], [2], [3]] : tensor<2x2x5x5xf32> into tensor<4x5x5xf32>
    %21 = tensor.empty() : tensor<4x5x4xf32>
    %22 = linalg.fill ins(%cst : f32) outs(%21 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %23 = linalg.batch_matmul ins(%collapsed_6, %collapsed_2 : tensor<4x5x5xf32>, tensor<4x5x4xf32>) outs(%22 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %expanded_7 = tensor.expand_shape %23 [[0, 1], [2], [3]] output_shape [2, 2, 5, 4] : tensor<4x5x4xf32> into tensor<2x2x5x4xf32>
    %24 = tensor.empty() : tensor<2x5x2x4xf32>
    %transposed_8 = linalg.transpose ins(%expanded_7 : tensor<2x2x5x4xf32>) outs(%24 : tensor<2x5x2x4xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_9 = tensor.collapse_shape %transposed_8 [[0], [1], [2, 3]] : tensor<2x5x2x4xf32> into tensor<2x5x8xf32>
    %concat = tensor.concat dim(1) %arg0, %collapsed_9 : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> tensor<2x10x8xf32>
    %25 = tensor.empty() : tensor<2x5xi64>
    %26 = linalg.fill ins(%c0_i64 : i64) outs(%25 : tensor<2x5xi64>) -> tensor<2x5xi64>
    %27 = tensor.empty() : tensor<2x5xf32>
    %28 = linalg.fill ins(%cst_0 : f32) outs(%27 : tensor<2x5xf32>) -> tensor<2x5xf32>
    %29:2 = linalg.generic {indexing_maps = [#map4, #map5, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%collapsed_9 : tensor<2x5x8xf32>) outs(%28, %26 : tensor<2x5xf32>, tensor<2x5xi64>) {
    ^bb0(%in: f32, %out: f32, %out_10: i64):
      %30 = linalg.index 2 : index
      %31 = arith.index_cast %30 : index to i64
      %32 = arith.maximumf %in, %out : f32
      %33 = arith.cmpf ogt, %in, %out : f32
      %34 = arith.select %33, %31, %out_10 : i64
      linalg.yield %32, %34 : f32, i64
    } -> (tensor<2x5xf32>, tensor<2x5xi64>)
    return %concat, %29#1 : tensor<2x10x8xf32>, tensor<2x5xi64>
  }
}
