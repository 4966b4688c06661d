// Naive programs whose folds cannot all share a pass: what is in each pass, and
// the reason in the remark.

// RUN: moa-opt %s --moa-fuse-folds --moa-check-folds 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=WHY < %t.err

// WHY: remark: {{.*}}round
// CHECK-LABEL: func.func @quantize_by_absmax_then_sum(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @quantize_by_absmax_then_sum(%x: tensor<?xf64>, %W: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %c0 = arith.constant 127.0 : f64
  %a = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    %2 = math.absf %1 : f64
    moa.yield %2 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.mulf %3, %c0 : f64
    %5 = arith.divf %4, %a : f64
    %6 = math.roundeven %5 : f64
    %7 = moa.psi %W[%k] : tensor<?xf64>
    %8 = arith.mulf %6, %7 : f64
    moa.yield %8 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}exponent
// CHECK-LABEL: func.func @layer_norm_then_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64, {{.*}}: max f64, {{.*}}: min f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @layer_norm_then_softmax(%x: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %M2 = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = arith.mulf %4, %4 : f64
    moa.yield %5 : f64
  }
  %8 = arith.divf %M2, %nf : f64
  %9 = math.sqrt %8 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %10 = arith.divf %7, %9 : f64
    moa.yield %10 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %11 = moa.psi %x[%k] : tensor<?xf64>
    %12 = arith.subf %11, %3 : f64
    %13 = arith.divf %12, %9 : f64
    %14 = arith.subf %13, %m : f64
    %15 = math.exp %14 : f64
    moa.yield %15 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %16 = moa.psi %x[%k] : tensor<?xf64>
    %17 = arith.subf %16, %3 : f64
    %18 = arith.divf %17, %9 : f64
    %19 = arith.subf %18, %m : f64
    %20 = math.exp %19 : f64
    %21 = arith.divf %20, %l : f64
    %22 = moa.psi %v[%k] : tensor<?xf64>
    %23 = arith.mulf %21, %22 : f64
    moa.yield %23 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}exponent
// CHECK-LABEL: func.func @softmax_of_s_s(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: max f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_of_s_s(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    %2 = arith.mulf %1, %1 : f64
    moa.yield %2 : f64
  }
  %4 = math.sqrt %S : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %3 = moa.psi %s[%k] : tensor<?xf64>
    %5 = arith.divf %3, %4 : f64
    moa.yield %5 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %s[%k] : tensor<?xf64>
    %7 = arith.divf %6, %4 : f64
    %8 = arith.subf %7, %m : f64
    %9 = math.exp %8 : f64
    moa.yield %9 : f64
  }
  return %l : f64
}

// WHY: remark: {{.*}}max
// CHECK-LABEL: func.func @sum_of_max_x_mean_0(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @sum_of_max_x_mean_0(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 0.0 : f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = arith.maximumf %4, %c0 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}abs
// CHECK-LABEL: func.func @mean_absolute_deviation(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @mean_absolute_deviation(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = math.absf %4 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}tanh
// CHECK-LABEL: func.func @tanh_of_centered(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @tanh_of_centered(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = math.tanh %4 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}divisor
// CHECK-LABEL: func.func @sum_of_1_x_s(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @sum_of_1_x_s(%xp: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %xp, %zero : tensor<?xf64>
  %c0 = arith.constant 1.0 : f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %xp[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %xp[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = arith.addf %4, %S : f64
    %6 = arith.divf %c0, %5 : f64
    moa.yield %6 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}log
// CHECK-LABEL: func.func @sum_of_log_x_s(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @sum_of_log_x_s(%xp: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %xp, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %xp[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %xp[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = arith.addf %4, %S : f64
    %6 = math.log %5 : f64
    moa.yield %6 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}sel
// CHECK-LABEL: func.func @sum_above_the_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @sum_above_the_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 0.0 : f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %2 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.cmpf olt, %2, %3 : f64
    %5 = arith.select %4, %3, %c0 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}sel
// CHECK-LABEL: func.func @softmax_cut_below_max_2(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_cut_below_max_2(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c0 = arith.constant 2.0 : f64
  %c1 = arith.constant 0.0 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %2 = arith.subf %m, %c0 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %s[%k] : tensor<?xf64>
    %4 = arith.cmpf olt, %2, %3 : f64
    %5 = arith.subf %3, %m : f64
    %6 = math.exp %5 : f64
    %7 = arith.select %4, %6, %c1 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}exponent
// CHECK-LABEL: func.func @exp_x_max(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @exp_x_max(%xp: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %xp, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %xp[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %xp[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = arith.mulf %4, %m : f64
    %6 = arith.negf %5 : f64
    %7 = math.exp %6 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}exponent
// CHECK-LABEL: func.func @gaussian_kernel_at_the_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @gaussian_kernel_at_the_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = arith.mulf %4, %4 : f64
    %6 = arith.negf %5 : f64
    %7 = math.exp %6 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}one way
// CHECK-LABEL: func.func @exponential_sum_about_the_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @exponential_sum_about_the_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = math.exp %4 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}far
// CHECK-LABEL: func.func @squares_about_a_signed_sum(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @squares_about_a_signed_sum(%x: tensor<?xf64>, %y: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %y[%k] : tensor<?xf64>
    %3 = arith.subf %2, %S : f64
    %4 = arith.mulf %3, %3 : f64
    moa.yield %4 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}product
// CHECK-LABEL: func.func @product_of_x_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: mul f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @product_of_x_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %o = moa.fold %k = %zero to %n (%acc: mul f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    moa.yield %4 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}max
// CHECK-LABEL: func.func @max_of_x_s_y(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @max_of_x_s_y(%x: tensor<?xf64>, %y: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: max f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %3 = arith.mulf %2, %S : f64
    %4 = moa.psi %y[%k] : tensor<?xf64>
    %5 = arith.subf %3, %4 : f64
    moa.yield %5 : f64
  }
  return %o : f64
}

// WHY: remark: {{.*}}subtracting
// CHECK-LABEL: func.func @regression_residual(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @regression_residual(%x: tensor<?xf64>, %y: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %Y = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %y[%k] : tensor<?xf64>
    moa.yield %2 : f64
  }
  %4 = arith.divf %S, %nf : f64
  %A = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %5 = arith.subf %3, %4 : f64
    %6 = arith.mulf %5, %5 : f64
    moa.yield %6 : f64
  }
  %10 = arith.divf %Y, %nf : f64
  %C = moa.fold %k = %zero to %n (%acc: add f64) {
    %7 = moa.psi %x[%k] : tensor<?xf64>
    %8 = arith.subf %7, %4 : f64
    %9 = moa.psi %y[%k] : tensor<?xf64>
    %11 = arith.subf %9, %10 : f64
    %12 = arith.mulf %8, %11 : f64
    moa.yield %12 : f64
  }
  %15 = arith.divf %C, %A : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %13 = moa.psi %y[%k] : tensor<?xf64>
    %14 = arith.subf %13, %10 : f64
    %16 = moa.psi %x[%k] : tensor<?xf64>
    %17 = arith.subf %16, %4 : f64
    %18 = arith.mulf %15, %17 : f64
    %19 = arith.subf %14, %18 : f64
    %20 = arith.mulf %19, %19 : f64
    moa.yield %20 : f64
  }
  return %o : f64
}
