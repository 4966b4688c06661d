// RUN: moa-opt %s --moa-expand | FileCheck %s

// CHECK:       #[[$GROUP:.*]] = affine_map<(d0) -> (d0 floordiv 4)>

// One array for each formula: scores, row maxima, row sums, output.

// CHECK-LABEL: func.func @plain(
// CHECK-SAME:    %[[Q:.*]]: tensor<?x64xf32>, %[[K:.*]]: tensor<?x64xf32>, %[[V:.*]]: tensor<?x32xf32>)
// CHECK:         %[[SCALE:.*]] = arith.constant 1.250000e-01 : f32
// CHECK:         %[[S:.*]] = moa.array (%[[I:.*]], %[[J:.*]]) in
// CHECK:           %[[DOT:.*]] = moa.fold %[[D:.*]] = %{{.*}} to %{{.*}} (%{{.*}}: add f32) {
// CHECK-DAG:         moa.psi %[[Q]][%[[I]], %[[D]]]
// CHECK-DAG:         moa.psi %[[K]][%[[J]], %[[D]]]
// CHECK:           arith.mulf %[[DOT]], %[[SCALE]]
// CHECK:         } : tensor<?x?xf32>
// CHECK:         %[[M:.*]] = moa.array
// CHECK:           moa.fold %{{.*}}: max f32
// CHECK:             moa.psi %[[S]][
// CHECK:         } : tensor<?xf32>
// CHECK:         %[[L:.*]] = moa.array
// CHECK:           moa.fold %{{.*}}: add f32
// CHECK:             math.exp
// CHECK:         } : tensor<?xf32>
// CHECK:         %[[O:.*]] = moa.array
// CHECK:           moa.fold %{{.*}}: add f32
// CHECK:             moa.psi %[[V]][
// CHECK:           moa.psi %[[L]][
// CHECK:         } : tensor<?x32xf32>
// CHECK-NOT:     moa.attention
// CHECK:         return %[[O]]
func.func @plain(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x32xf32>)
    -> tensor<?x32xf32> {
  %o = moa.attention %q, %k, %v
    : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x32xf32> -> tensor<?x32xf32>
  return %o : tensor<?x32xf32>
}

// 16-bit arrays are accumulated in f32; grouped heads read h floordiv group; the
// log-sum-exp is an array of its own; the score code comes before the mask.

// CHECK-LABEL: func.func @grouped(
// CHECK:         affine.apply #[[$GROUP]]
// CHECK:         arith.extf %{{.*}} : bf16 to f32
// CHECK:         math.tanh
// CHECK:         %[[ADMITTED:.*]] = arith.andi
// CHECK:         arith.select %[[ADMITTED]], %{{.*}}, %{{.*}} : f32
// CHECK:         arith.truncf %{{.*}} : f32 to bf16
// CHECK:         math.log
// CHECK:         } : tensor<2x8x?xf32>
func.func @grouped(%q: tensor<2x8x?x16xbf16>, %k: tensor<2x2x?x16xbf16>,
                   %v: tensor<2x2x?x16xbf16>, %w: index)
    -> (tensor<2x8x?x16xbf16>, tensor<2x8x?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal window_left(%w) score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %t = math.tanh %s : f32
    moa.yield %t : f32
  } mask {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %differ = arith.cmpi ne, %i, %j : index
    moa.yield %differ : i1
  } : tensor<2x8x?x16xbf16>, tensor<2x2x?x16xbf16>, tensor<2x2x?x16xbf16>
   -> tensor<2x8x?x16xbf16>, tensor<2x8x?xf32>
  return %o, %lse : tensor<2x8x?x16xbf16>, tensor<2x8x?xf32>
}
