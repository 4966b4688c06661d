// Naive programs that become one tower: each fold as a user or an expansion
// would write it. The states of each tower are checked here, what the towers
// compute in test/Execution.

// RUN: moa-opt %s --moa-fuse-folds --moa-check-folds 2>%t.err | FileCheck %s
// RUN: count 0 < %t.err

// CHECK-LABEL: func.func @softmax_attention(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_attention(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = moa.psi %v[%k] : tensor<?xf64>
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @attention_with_lse(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @attention_with_lse(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = moa.psi %v[%k] : tensor<?xf64>
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  %11 = math.log %l : f64
  %12 = arith.addf %m, %11 : f64
  return %o, %12 : f64, f64
}

// CHECK-LABEL: func.func @attention_through_exp_s_lse(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @attention_through_exp_s_lse(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %6 = math.log %l : f64
  %7 = arith.addf %m, %6 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %8 = arith.subf %5, %7 : f64
    %9 = math.exp %8 : f64
    %10 = moa.psi %v[%k] : tensor<?xf64>
    %11 = arith.mulf %9, %10 : f64
    moa.yield %11 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @attention_two_exps_as_written(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @attention_two_exps_as_written(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %7 = arith.negf %m : f64
  %8 = math.exp %7 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = math.exp %5 : f64
    %9 = arith.mulf %6, %8 : f64
    %10 = moa.psi %v[%k] : tensor<?xf64>
    %11 = arith.mulf %9, %10 : f64
    %12 = arith.divf %11, %l : f64
    moa.yield %12 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @softmax_without_max(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_without_max(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %s[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = arith.divf %4, %l : f64
    %6 = moa.psi %v[%k] : tensor<?xf64>
    %7 = arith.mulf %5, %6 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @nested_dot_softcap_alibi_mask(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @nested_dot_softcap_alibi_mask(%msk: tensor<?xf64>, %q: tensor<?x3xf64>, %kk: tensor<?x3xf64>, %v: tensor<?xf64>, %slope: f64) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %msk, %zero : tensor<?xf64>
  %c0 = arith.constant 0.0 : f64
  %c1 = arith.constant 50.0 : f64
  %c2 = arith.constant 0xFFF0000000000000 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %msk[%k] : tensor<?xf64>
    %2 = arith.cmpf olt, %c0, %1 : f64
    %3 = moa.fold %d = %zero to %three (%dot: add f64) {
      %4 = moa.psi %q[%k, %d] : tensor<?x3xf64>
      %5 = moa.psi %kk[%k, %d] : tensor<?x3xf64>
      %6 = arith.mulf %4, %5 : f64
      moa.yield %6 : f64
    }
    %7 = arith.divf %3, %c1 : f64
    %8 = math.tanh %7 : f64
    %9 = arith.mulf %c1, %8 : f64
    %10 = arith.index_cast %k : index to i64
    %11 = arith.sitofp %10 : i64 to f64
    %12 = arith.mulf %slope, %11 : f64
    %13 = arith.addf %9, %12 : f64
    %14 = arith.select %2, %13, %c2 : f64
    moa.yield %14 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %15 = moa.psi %msk[%k] : tensor<?xf64>
    %16 = arith.cmpf olt, %c0, %15 : f64
    %17 = moa.fold %d = %zero to %three (%dot: add f64) {
      %18 = moa.psi %q[%k, %d] : tensor<?x3xf64>
      %19 = moa.psi %kk[%k, %d] : tensor<?x3xf64>
      %20 = arith.mulf %18, %19 : f64
      moa.yield %20 : f64
    }
    %21 = arith.divf %17, %c1 : f64
    %22 = math.tanh %21 : f64
    %23 = arith.mulf %c1, %22 : f64
    %24 = arith.index_cast %k : index to i64
    %25 = arith.sitofp %24 : i64 to f64
    %26 = arith.mulf %slope, %25 : f64
    %27 = arith.addf %23, %26 : f64
    %28 = arith.select %16, %27, %c2 : f64
    %29 = arith.subf %28, %m : f64
    %30 = math.exp %29 : f64
    moa.yield %30 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %31 = moa.psi %msk[%k] : tensor<?xf64>
    %32 = arith.cmpf olt, %c0, %31 : f64
    %33 = moa.fold %d = %zero to %three (%dot: add f64) {
      %34 = moa.psi %q[%k, %d] : tensor<?x3xf64>
      %35 = moa.psi %kk[%k, %d] : tensor<?x3xf64>
      %36 = arith.mulf %34, %35 : f64
      moa.yield %36 : f64
    }
    %37 = arith.divf %33, %c1 : f64
    %38 = math.tanh %37 : f64
    %39 = arith.mulf %c1, %38 : f64
    %40 = arith.index_cast %k : index to i64
    %41 = arith.sitofp %40 : i64 to f64
    %42 = arith.mulf %slope, %41 : f64
    %43 = arith.addf %39, %42 : f64
    %44 = arith.select %32, %43, %c2 : f64
    %45 = arith.subf %44, %m : f64
    %46 = math.exp %45 : f64
    %47 = arith.divf %46, %l : f64
    %48 = moa.psi %v[%k] : tensor<?xf64>
    %49 = arith.mulf %47, %48 : f64
    moa.yield %49 : f64
  }
  return %o, %m : f64, f64
}

// CHECK-LABEL: func.func @learned_sink(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @learned_sink(%s: tensor<?xf64>, %v: tensor<?xf64>, %sink: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.maximumf %m, %sink : f64
  %l0 = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    %5 = math.exp %4 : f64
    moa.yield %5 : f64
  }
  %9 = arith.subf %sink, %3 : f64
  %10 = math.exp %9 : f64
  %11 = arith.addf %l0, %10 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %s[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %8 = math.exp %7 : f64
    %12 = arith.divf %8, %11 : f64
    %13 = moa.psi %v[%k] : tensor<?xf64>
    %14 = arith.mulf %12, %13 : f64
    moa.yield %14 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @temperature_parameter(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @temperature_parameter(%s: tensor<?xf64>, %v: tensor<?xf64>, %t: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = arith.divf %3, %t : f64
    %5 = math.exp %4 : f64
    moa.yield %5 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %s[%k] : tensor<?xf64>
    %7 = arith.subf %6, %m : f64
    %8 = arith.divf %7, %t : f64
    %9 = math.exp %8 : f64
    %10 = arith.divf %9, %l : f64
    %11 = moa.psi %v[%k] : tensor<?xf64>
    %12 = arith.mulf %10, %11 : f64
    moa.yield %12 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @log_sum_exp(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @log_sum_exp(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %5 = math.log %l : f64
  %6 = arith.addf %m, %5 : f64
  return %6 : f64
}

// CHECK-LABEL: func.func @cross_entropy_from_logits(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @cross_entropy_from_logits(%s: tensor<?xf64>, %label: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c0 = arith.constant 0.0 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %t = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = arith.index_cast %k : index to i64
    %6 = arith.sitofp %5 : i64 to f64
    %7 = arith.cmpf oeq, %6, %label : f64
    %8 = moa.psi %s[%k] : tensor<?xf64>
    %9 = arith.select %7, %8, %c0 : f64
    moa.yield %9 : f64
  }
  %10 = math.log %l : f64
  %11 = arith.addf %m, %10 : f64
  %12 = arith.subf %11, %t : f64
  return %12 : f64
}

// CHECK-LABEL: func.func @entropy_of_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @entropy_of_softmax(%s2: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s2, %zero : tensor<?xf64>
  %m2 = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s2[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l2 = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s2[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m2 : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %h = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s2[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m2 : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l2 : f64
    %9 = math.log %8 : f64
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  %11 = arith.negf %h : f64
  return %11 : f64
}

// CHECK-LABEL: func.func @entropy_of_masked_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @entropy_of_masked_softmax(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c0 = arith.constant 0xFFF0000000000000 : f64
  %c1 = arith.constant 0.0 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %h = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.cmpf olt, %c0, %5 : f64
    %7 = arith.subf %5, %m : f64
    %8 = math.exp %7 : f64
    %9 = arith.divf %8, %l : f64
    %10 = math.log %9 : f64
    %11 = arith.mulf %9, %10 : f64
    %12 = arith.select %6, %11, %c1 : f64
    moa.yield %12 : f64
  }
  %13 = arith.negf %h : f64
  return %13 : f64
}

// CHECK-LABEL: func.func @kl_of_two_softmaxes(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @kl_of_two_softmaxes(%s2: tensor<?xf64>, %x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s2, %zero : tensor<?xf64>
  %m2 = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s2[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l2 = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s2[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m2 : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %mx = moa.fold %k = %zero to %n (%acc: max f64) {
    %5 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %5 : f64
  }
  %lx = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %mx : f64
    %8 = math.exp %7 : f64
    moa.yield %8 : f64
  }
  %kl = moa.fold %k = %zero to %n (%acc: add f64) {
    %9 = moa.psi %s2[%k] : tensor<?xf64>
    %10 = arith.subf %9, %m2 : f64
    %11 = math.exp %10 : f64
    %12 = arith.divf %11, %l2 : f64
    %13 = math.log %12 : f64
    %14 = moa.psi %x[%k] : tensor<?xf64>
    %15 = arith.subf %14, %mx : f64
    %16 = math.exp %15 : f64
    %17 = arith.divf %16, %lx : f64
    %18 = math.log %17 : f64
    %19 = arith.subf %13, %18 : f64
    %20 = arith.mulf %12, %19 : f64
    moa.yield %20 : f64
  }
  return %kl : f64
}

// CHECK-LABEL: func.func @participation_ratio_sum_p_2(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @participation_ratio_sum_p_2(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %r = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = arith.mulf %8, %8 : f64
    moa.yield %9 : f64
  }
  return %r : f64
}

// CHECK-LABEL: func.func @softmax_weighted_mean_variance(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_weighted_mean_variance(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %mu = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = moa.psi %v[%k] : tensor<?xf64>
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  %var = moa.fold %k = %zero to %n (%acc: add f64) {
    %11 = moa.psi %s[%k] : tensor<?xf64>
    %12 = arith.subf %11, %m : f64
    %13 = math.exp %12 : f64
    %14 = arith.divf %13, %l : f64
    %15 = moa.psi %v[%k] : tensor<?xf64>
    %16 = arith.subf %15, %mu : f64
    %17 = arith.mulf %16, %16 : f64
    %18 = arith.mulf %14, %17 : f64
    moa.yield %18 : f64
  }
  return %mu, %var : f64, f64
}

// CHECK-LABEL: func.func @softmax_weighted_skewness_depth_5(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_weighted_skewness_depth_5(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %mu = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = moa.psi %v[%k] : tensor<?xf64>
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  %var = moa.fold %k = %zero to %n (%acc: add f64) {
    %11 = moa.psi %s[%k] : tensor<?xf64>
    %12 = arith.subf %11, %m : f64
    %13 = math.exp %12 : f64
    %14 = arith.divf %13, %l : f64
    %15 = moa.psi %v[%k] : tensor<?xf64>
    %16 = arith.subf %15, %mu : f64
    %17 = arith.mulf %16, %16 : f64
    %18 = arith.mulf %14, %17 : f64
    moa.yield %18 : f64
  }
  %25 = math.sqrt %var : f64
  %sk = moa.fold %k = %zero to %n (%acc: add f64) {
    %19 = moa.psi %s[%k] : tensor<?xf64>
    %20 = arith.subf %19, %m : f64
    %21 = math.exp %20 : f64
    %22 = arith.divf %21, %l : f64
    %23 = moa.psi %v[%k] : tensor<?xf64>
    %24 = arith.subf %23, %mu : f64
    %26 = arith.divf %24, %25 : f64
    %27 = arith.mulf %26, %26 : f64
    %28 = arith.mulf %27, %26 : f64
    %29 = arith.mulf %22, %28 : f64
    moa.yield %29 : f64
  }
  return %sk : f64
}

// CHECK-LABEL: func.func @soft_argmin(
// CHECK:         moa.fold %{{.*}}({{.*}}: min f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @soft_argmin(%c: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %c, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: min f64) {
    %1 = moa.psi %c[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %c[%k] : tensor<?xf64>
    %3 = arith.subf %m, %2 : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %5 = moa.psi %c[%k] : tensor<?xf64>
    %6 = arith.subf %m, %5 : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = arith.index_cast %k : index to i64
    %10 = arith.sitofp %9 : i64 to f64
    %11 = arith.mulf %8, %10 : f64
    moa.yield %11 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @mean_and_variance(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @mean_and_variance(%x: tensor<?xf64>) -> (f64, f64) {
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
  %6 = arith.divf %M2, %nf : f64
  return %3, %6 : f64, f64
}

// CHECK-LABEL: func.func @standardized_moments_3_and_4(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @standardized_moments_3_and_4(%x: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 3.0 : f64
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
  %k3 = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %10 = arith.divf %7, %9 : f64
    %11 = arith.mulf %10, %10 : f64
    %12 = arith.mulf %11, %10 : f64
    moa.yield %12 : f64
  }
  %k4 = moa.fold %k = %zero to %n (%acc: add f64) {
    %13 = moa.psi %x[%k] : tensor<?xf64>
    %14 = arith.subf %13, %3 : f64
    %15 = arith.divf %14, %9 : f64
    %16 = arith.mulf %15, %15 : f64
    %17 = arith.mulf %16, %15 : f64
    %18 = arith.mulf %17, %15 : f64
    moa.yield %18 : f64
  }
  %19 = arith.divf %k3, %nf : f64
  %20 = arith.addf %19, %c0 : f64
  %21 = arith.divf %k4, %nf : f64
  return %20, %21 : f64, f64
}

// CHECK-LABEL: func.func @weighted_mean_variance(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @weighted_mean_variance(%wp: tensor<?xf64>, %x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %wp, %zero : tensor<?xf64>
  %Z = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %wp[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %A = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %wp[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = moa.psi %x[%k] : tensor<?xf64>
    %6 = arith.mulf %4, %5 : f64
    moa.yield %6 : f64
  }
  %10 = arith.divf %A, %Z : f64
  %V = moa.fold %k = %zero to %n (%acc: add f64) {
    %7 = moa.psi %wp[%k] : tensor<?xf64>
    %8 = math.exp %7 : f64
    %9 = moa.psi %x[%k] : tensor<?xf64>
    %11 = arith.subf %9, %10 : f64
    %12 = arith.mulf %11, %11 : f64
    %13 = arith.mulf %8, %12 : f64
    moa.yield %13 : f64
  }
  %14 = arith.divf %V, %Z : f64
  return %14 : f64
}

// CHECK-LABEL: func.func @covariance(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @covariance(%x: tensor<?xf64>, %y: tensor<?xf64>) -> (f64) {
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
  %7 = arith.divf %Y, %nf : f64
  %C = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %5 = arith.subf %3, %4 : f64
    %6 = moa.psi %y[%k] : tensor<?xf64>
    %8 = arith.subf %6, %7 : f64
    %9 = arith.mulf %5, %8 : f64
    moa.yield %9 : f64
  }
  %10 = arith.divf %C, %nf : f64
  return %10 : f64
}

// CHECK-LABEL: func.func @layer_norm_contraction(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @layer_norm_contraction(%x: tensor<?xf64>, %g: tensor<?xf64>, %b: tensor<?xf64>, %W: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 1.0e-05 : f64
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
  %9 = arith.addf %8, %c0 : f64
  %10 = math.sqrt %9 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %11 = arith.divf %7, %10 : f64
    %12 = moa.psi %g[%k] : tensor<?xf64>
    %13 = arith.mulf %11, %12 : f64
    %14 = moa.psi %b[%k] : tensor<?xf64>
    %15 = arith.addf %13, %14 : f64
    %16 = moa.psi %W[%k] : tensor<?xf64>
    %17 = arith.mulf %15, %16 : f64
    moa.yield %17 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @rms_norm_contraction(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @rms_norm_contraction(%x: tensor<?xf64>, %g: tensor<?xf64>, %W: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 1.0e-06 : f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    %2 = arith.mulf %1, %1 : f64
    moa.yield %2 : f64
  }
  %4 = arith.divf %S, %nf : f64
  %5 = arith.addf %4, %c0 : f64
  %6 = math.sqrt %5 : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.divf %3, %6 : f64
    %8 = moa.psi %g[%k] : tensor<?xf64>
    %9 = arith.mulf %7, %8 : f64
    %10 = moa.psi %W[%k] : tensor<?xf64>
    %11 = arith.mulf %9, %10 : f64
    moa.yield %11 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @l2_normalize_dot(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @l2_normalize_dot(%x: tensor<?xf64>, %w: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    %2 = arith.mulf %1, %1 : f64
    moa.yield %2 : f64
  }
  %4 = math.sqrt %S : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %5 = arith.divf %3, %4 : f64
    %6 = moa.psi %w[%k] : tensor<?xf64>
    %7 = arith.mulf %5, %6 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @gaussian_log_likelihood(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @gaussian_log_likelihood(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %c0 = arith.constant 2.0 : f64
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
  %10 = arith.divf %M2, %nf : f64
  %11 = arith.mulf %c0, %10 : f64
  %13 = math.log %10 : f64
  %14 = arith.divf %13, %c0 : f64
  %ll = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %8 = arith.mulf %7, %7 : f64
    %9 = arith.negf %8 : f64
    %12 = arith.divf %9, %11 : f64
    %15 = arith.subf %12, %14 : f64
    moa.yield %15 : f64
  }
  return %ll : f64
}

// CHECK-LABEL: func.func @min_max_scaling_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: min f64, {{.*}}: max f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @min_max_scaling_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %lo = moa.fold %k = %zero to %n (%acc: min f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %hi = moa.fold %k = %zero to %n (%acc: max f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %2 : f64
  }
  %5 = arith.subf %hi, %lo : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %3 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %3, %lo : f64
    %6 = arith.divf %4, %5 : f64
    moa.yield %6 : f64
  }
  %7 = arith.divf %o, %nf : f64
  return %7 : f64
}

// CHECK-LABEL: func.func @absmax_scale_scaled_contraction(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @absmax_scale_scaled_contraction(%x: tensor<?xf64>, %W: tensor<?xf64>) -> (f64) {
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
    %6 = moa.psi %W[%k] : tensor<?xf64>
    %7 = arith.mulf %5, %6 : f64
    moa.yield %7 : f64
  }
  return %o : f64
}

// CHECK-LABEL: func.func @argmax_with_index(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: min f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @argmax_with_index(%s: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c0 = arith.constant 0x7FF0000000000000 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %i = moa.fold %k = %zero to %n (%acc: min f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.cmpf oeq, %2, %m : f64
    %4 = arith.index_cast %k : index to i64
    %5 = arith.sitofp %4 : i64 to f64
    %6 = arith.select %3, %5, %c0 : f64
    moa.yield %6 : f64
  }
  return %m, %i : f64, f64
}

// CHECK-LABEL: func.func @values_at_the_maximum_count_of_maxima(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @values_at_the_maximum_count_of_maxima(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c0 = arith.constant 0.0 : f64
  %c1 = arith.constant 1.0 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.cmpf oeq, %2, %m : f64
    %4 = moa.psi %v[%k] : tensor<?xf64>
    %5 = arith.select %3, %4, %c0 : f64
    moa.yield %5 : f64
  }
  %c = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %s[%k] : tensor<?xf64>
    %7 = arith.cmpf oeq, %6, %m : f64
    %8 = arith.select %7, %c1, %c0 : f64
    moa.yield %8 : f64
  }
  return %o, %c : f64, f64
}

// CHECK-LABEL: func.func @max_of_x_mean(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: max f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @max_of_x_mean(%x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?xf64>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f64
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %x[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %3 = arith.divf %S, %nf : f64
  %a = moa.fold %k = %zero to %n (%acc: max f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %4 = arith.subf %2, %3 : f64
    moa.yield %4 : f64
  }
  return %a : f64
}

// CHECK-LABEL: func.func @max_of_x_mean_sd(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64, {{.*}}: max f64, {{.*}}: min f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @max_of_x_mean_sd(%x: tensor<?xf64>) -> (f64) {
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
  %a = moa.fold %k = %zero to %n (%acc: max f64) {
    %6 = moa.psi %x[%k] : tensor<?xf64>
    %7 = arith.subf %6, %3 : f64
    %10 = arith.divf %7, %9 : f64
    %11 = math.absf %10 : f64
    moa.yield %11 : f64
  }
  return %a : f64
}

// CHECK-LABEL: func.func @min_of_x_s_sign_unknown(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: max f64, {{.*}}: min f64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @min_of_x_s_sign_unknown(%y: tensor<?xf64>, %x: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %y, %zero : tensor<?xf64>
  %S = moa.fold %k = %zero to %n (%acc: add f64) {
    %1 = moa.psi %y[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %a = moa.fold %k = %zero to %n (%acc: min f64) {
    %2 = moa.psi %x[%k] : tensor<?xf64>
    %3 = arith.mulf %2, %S : f64
    moa.yield %3 : f64
  }
  return %a : f64
}

// CHECK-LABEL: func.func @max_of_weighted_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: max f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @max_of_weighted_softmax(%s: tensor<?xf64>, %w: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %a = moa.fold %k = %zero to %n (%acc: max f64) {
    %5 = moa.psi %s[%k] : tensor<?xf64>
    %6 = arith.subf %5, %m : f64
    %7 = math.exp %6 : f64
    %8 = arith.divf %7, %l : f64
    %9 = moa.psi %w[%k] : tensor<?xf64>
    %10 = arith.mulf %8, %9 : f64
    moa.yield %10 : f64
  }
  return %a : f64
}

// CHECK-LABEL: func.func @product_of_x_max(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: mul f64, {{.*}}: add i64) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @product_of_x_max(%xp: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %xp, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %xp[%k] : tensor<?xf64>
    %2 = math.exp %1 : f64
    moa.yield %2 : f64
  }
  %a = moa.fold %k = %zero to %n (%acc: mul f64) {
    %3 = moa.psi %xp[%k] : tensor<?xf64>
    %4 = math.exp %3 : f64
    %5 = arith.divf %4, %m : f64
    moa.yield %5 : f64
  }
  return %a : f64
}

// CHECK-LABEL: func.func @differential_attention(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @differential_attention(%s: tensor<?xf64>, %s2: tensor<?xf64>, %v: tensor<?xf64>, %slope: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %1 = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %1 : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %2 = moa.psi %s[%k] : tensor<?xf64>
    %3 = arith.subf %2, %m : f64
    %4 = math.exp %3 : f64
    moa.yield %4 : f64
  }
  %m2 = moa.fold %k = %zero to %n (%acc: max f64) {
    %5 = moa.psi %s2[%k] : tensor<?xf64>
    moa.yield %5 : f64
  }
  %l2 = moa.fold %k = %zero to %n (%acc: add f64) {
    %6 = moa.psi %s2[%k] : tensor<?xf64>
    %7 = arith.subf %6, %m2 : f64
    %8 = math.exp %7 : f64
    moa.yield %8 : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %9 = moa.psi %s[%k] : tensor<?xf64>
    %10 = arith.subf %9, %m : f64
    %11 = math.exp %10 : f64
    %12 = arith.divf %11, %l : f64
    %13 = moa.psi %v[%k] : tensor<?xf64>
    %14 = arith.mulf %12, %13 : f64
    moa.yield %14 : f64
  }
  %o2 = moa.fold %k = %zero to %n (%acc: add f64) {
    %15 = moa.psi %s2[%k] : tensor<?xf64>
    %16 = arith.subf %15, %m2 : f64
    %17 = math.exp %16 : f64
    %18 = arith.divf %17, %l2 : f64
    %19 = moa.psi %v[%k] : tensor<?xf64>
    %20 = arith.mulf %18, %19 : f64
    moa.yield %20 : f64
  }
  %21 = arith.mulf %slope, %o2 : f64
  %22 = arith.subf %o, %21 : f64
  return %22 : f64
}
