// RUN: moa-run %s --entry main | FileCheck %s
// RUN: moa-run %s --entry masked | FileCheck %s --check-prefix=MASKED
// RUN: moa-run %s --entry grouped | FileCheck %s --check-prefix=GROUPED
// RUN: moa-run %s --entry windows | FileCheck %s --check-prefix=WINDOWS
// RUN: not moa-run %s --entry keys 2>&1 | FileCheck %s --check-prefix=KEYS
// RUN: not moa-run %s --entry heads 2>&1 | FileCheck %s --check-prefix=HEADS
// RUN: not moa-run %s --entry window 2>&1 | FileCheck %s --check-prefix=WINDOW

// Scores 0 and log 3: weights 1/4 and 3/4, lse = log 4.
func.func @main() -> (tensor<1x2xf64>, tensor<1xf64>) {
  %q = arith.constant dense<[[1.0, 0.0]]> : tensor<1x2xf64>
  %k = arith.constant dense<[[0.0, 5.0], [1.0986122886681098, 7.0]]> : tensor<2x2xf64>
  %v = arith.constant dense<[[4.0, 0.0], [8.0, 1.0]]> : tensor<2x2xf64>
  %one = arith.constant 1.0 : f64
  // CHECK: result #0: 1x2xf64 = {{\[\[}}{{7|6\.99999[0-9]*|7\.00000[0-9]*}}, {{0\.75|0\.74999[0-9]*|0\.75000[0-9]*}}]]
  // CHECK-NEXT: result #1: 1xf64 = [1.38629436111989{{[0-9]*}}]
  %o, %lse = moa.attention %q, %k, %v scale(%one : f64)
      : tensor<1x2xf64>, tensor<2x2xf64>, tensor<2x2xf64> -> tensor<1x2xf64>, tensor<1xf64>
  return %o, %lse : tensor<1x2xf64>, tensor<1xf64>
}

// More queries than keys: the first two rows have no admissible key. Equal
// scores: the mean of the admissible values.
func.func @masked() -> (tensor<4x1xf32>, tensor<4xf32>) {
  %q = arith.constant dense<0.0> : tensor<4x3xf32>
  %k = arith.constant dense<0.0> : tensor<2x3xf32>
  %v = arith.constant dense<[[3.0], [5.0]]> : tensor<2x1xf32>
  // MASKED: result #0: 4x1xf32 = {{\[\[}}0], [0], [3], [4]]
  // MASKED-NEXT: result #1: 4xf32 = [-inf, -inf, 0, 0.69314{{[0-9]*}}]
  %o, %lse = moa.attention %q, %k, %v causal
      : tensor<4x3xf32>, tensor<2x3xf32>, tensor<2x1xf32> -> tensor<4x1xf32>, tensor<4xf32>
  return %o, %lse : tensor<4x1xf32>, tensor<4xf32>
}

// Query heads 0 and 1 read key head 0. The mask leaves one key, j == h; a score
// of -inf takes away a key as well.
func.func @grouped() -> (tensor<2x1x1xbf16>, tensor<2x1x1xbf16>) {
  %q = arith.constant dense<1.0> : tensor<2x1x1xbf16>
  %k = arith.constant dense<1.0> : tensor<1x2x1xbf16>
  %v = arith.constant dense<[[[3.0], [5.0]]]> : tensor<1x2x1xbf16>
  // GROUPED: result #0: 2x1x1xbf16 = {{\[\[\[}}3]], {{\[\[}}5]]]
  %0 = moa.attention %q, %k, %v mask {
  ^bb0(%h: index, %i: index, %j: index):
    %same = arith.cmpi eq, %h, %j : index
    moa.yield %same : i1
  } : tensor<2x1x1xbf16>, tensor<1x2x1xbf16>, tensor<1x2x1xbf16> -> tensor<2x1x1xbf16>
  // GROUPED-NEXT: result #1: 2x1x1xbf16 = {{\[\[\[}}5]], {{\[\[}}0]]]
  %ninf = arith.constant 0xFF800000 : f32
  %1 = moa.attention %q, %k, %v score {
  ^bb0(%s: f32, %h: index, %i: index, %j: index):
    %out = arith.cmpi sge, %h, %j : index
    %t = arith.select %out, %ninf, %s : f32
    moa.yield %t : f32
  } : tensor<2x1x1xbf16>, tensor<1x2x1xbf16>, tensor<1x2x1xbf16> -> tensor<2x1x1xbf16>
  return %0, %1 : tensor<2x1x1xbf16>, tensor<2x1x1xbf16>
}

// The mean of the admissible keys' numbers, around the diagonal c = i + 1.
func.func @windows() -> (tensor<3x1xf32>, tensor<3x1xf32>) {
  %q = arith.constant dense<0.0> : tensor<3x1xf32>
  %k = arith.constant dense<0.0> : tensor<4x1xf32>
  %v = moa.iota : tensor<4x1xf32>
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  // WINDOWS: result #0: 3x1xf32 = {{\[\[}}0.5], [1.5], [2.5]]
  %0 = moa.attention %q, %k, %v causal window_left(%one)
      : tensor<3x1xf32>, tensor<4x1xf32>, tensor<4x1xf32> -> tensor<3x1xf32>
  // WINDOWS-NEXT: result #1: 3x1xf32 = {{\[\[}}1.5], [2.5], [3]]
  %1 = moa.attention %q, %k, %v window_left(%zero) window_right(%one)
      : tensor<3x1xf32>, tensor<4x1xf32>, tensor<4x1xf32> -> tensor<3x1xf32>
  return %0, %1 : tensor<3x1xf32>, tensor<3x1xf32>
}

// KEYS: error: 'moa.attention' op number of keys and values differs: 2 and 3
func.func @keys() -> tensor<?x?xf32> {
  %n = arith.constant 2 : index
  %m = arith.constant 3 : index
  %k = moa.iota(%n, %n) : tensor<?x?xf32>
  %v = moa.iota(%m, %n) : tensor<?x?xf32>
  %0 = moa.attention %k, %k, %v
      : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32> -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// HEADS: error: 'moa.attention' op number of query heads (3) must be a multiple of the key heads (2)
func.func @heads() -> tensor<?x?x?xf32> {
  %n = arith.constant 2 : index
  %m = arith.constant 3 : index
  %q = moa.iota(%m, %n, %n) : tensor<?x?x?xf32>
  %k = moa.iota(%n, %n, %n) : tensor<?x?x?xf32>
  %0 = moa.attention %q, %k, %k
      : tensor<?x?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  return %0 : tensor<?x?x?xf32>
}

// WINDOW: error: 'moa.attention' op window_left is -1, but must not be negative
func.func @window() -> tensor<2x2xf32> {
  %w = arith.constant -1 : index
  %q = moa.iota : tensor<2x2xf32>
  %0 = moa.attention %q, %q, %q window_left(%w)
      : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
