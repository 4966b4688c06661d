// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// CHECK-LABEL: @plain(
// CHECK-SAME: %[[Q:.*]]: tensor<?x64xf32>, %[[K:.*]]: tensor<?x64xf32>, %[[V:.*]]: tensor<?x32xf32>
func.func @plain(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>,
                 %v: tensor<?x32xf32>) -> tensor<?x32xf32> {
  // CHECK: %output = moa.attention %[[Q]], %[[K]], %[[V]] : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x32xf32> -> tensor<?x32xf32>
  %o = moa.attention %q, %k, %v
    : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x32xf32> -> tensor<?x32xf32>
  // CHECK: return %output
  return %o : tensor<?x32xf32>
}

// CHECK-LABEL: @everything(
// CHECK-SAME: %[[W:[^ ]*]]: index
func.func @everything(%q: tensor<2x8x?x64xbf16>, %k: tensor<2x2x?x64xbf16>,
                      %v: tensor<?x2x?x64xbf16>, %slopes: tensor<8xf32>,
                      %scale: f32, %w: index)
    -> (tensor<2x8x?x64xbf16>, tensor<2x8x?xf32>) {
  // CHECK: %output, %lse = moa.attention
  // CHECK-SAME: scale(%{{.*}} : f32) causal window_left(%{{.*}}) window_right(%{{.*}}) score {
  // CHECK-NEXT: ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
  // CHECK-NEXT:   moa.psi %{{.*}}[%h] : tensor<8xf32>
  // CHECK: } mask {
  // CHECK-NEXT: ^bb0(%b: index, %h: index, %i: index, %j: index):
  // CHECK: } {test.note} : tensor<2x8x?x64xbf16>, tensor<2x2x?x64xbf16>, tensor<?x2x?x64xbf16> -> tensor<2x8x?x64xbf16>, tensor<2x8x?xf32>
  %o, %l = moa.attention %q, %k, %v scale(%scale : f32) causal
      window_left(%w) window_right(%w) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %slope = moa.psi %slopes[%h] : tensor<8xf32>
    %y = arith.addf %x, %slope : f32
    moa.yield %y : f32
  } mask {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %same = arith.cmpi eq, %i, %j : index
    moa.yield %same : i1
  } {test.note}
    : tensor<2x8x?x64xbf16>, tensor<2x2x?x64xbf16>, tensor<?x2x?x64xbf16>
   -> tensor<2x8x?x64xbf16>, tensor<2x8x?xf32>
  // CHECK: return %output, %lse
  return %o, %l : tensor<2x8x?x64xbf16>, tensor<2x8x?xf32>
}

// CHECK-LABEL: @heads_without_batch(
func.func @heads_without_batch(%q: tensor<?x?x?xf64>, %s: f64) {
  // CHECK: moa.attention {{.*}} scale(%{{.*}} : f64) mask {
  // CHECK-NEXT: ^bb0(%h: index, %i: index, %j: index):
  // CHECK: } : tensor<?x?x?xf64>, tensor<?x?x?xf64>, tensor<?x?x?xf64> -> tensor<?x?x?xf64>, tensor<?x?xf64>
  %o, %l = moa.attention %q, %q, %q scale(%s : f64) mask {
  ^bb0(%h: index, %i: index, %j: index):
    %true = arith.constant true
    moa.yield %true : i1
  } : tensor<?x?x?xf64>, tensor<?x?x?xf64>, tensor<?x?x?xf64>
   -> tensor<?x?x?xf64>, tensor<?x?xf64>
  return
}

// No head at all, no key at all.
// CHECK-LABEL: @nothing(
func.func @nothing(%q: tensor<0x3x0xf16>, %k: tensor<0x0x0xf16>) {
  // CHECK: moa.attention
  %o = moa.attention %q, %k, %k causal
    : tensor<0x3x0xf16>, tensor<0x0x0xf16>, tensor<0x0x0xf16> -> tensor<0x3x0xf16>
  return
}
