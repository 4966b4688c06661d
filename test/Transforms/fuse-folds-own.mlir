// Programs of our own, as far as they fuse into one tower: ranks, pairs of axes,
// start values, towers that are there already, branches, integers.

// RUN: moa-opt %s --moa-fuse-folds --moa-check-folds 2>%t.err | FileCheck %s
// RUN: count 0 < %t.err

// The two largest probabilities: the second maximum is that of what is less than
// the first, and takes its place when a larger one comes.

// CHECK-LABEL: func.func @top_2_of_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: max f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @top_2_of_softmax(%s: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %ninf = arith.constant 0xFFF0000000000000 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %m2 = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf olt, %x, %m : f64
    %z = arith.select %c, %x, %ninf : f64
    moa.yield %z : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %one = arith.constant 1.0 : f64
  %p1 = arith.divf %one, %l : f64
  %d2 = arith.subf %m2, %m : f64
  %e2 = math.exp %d2 : f64
  %p2 = arith.divf %e2, %l : f64
  return %p1, %p2 : f64, f64
}

// Ranks of any number, and where the third is: the places of the ranks before it
// are carried with it.

// CHECK-LABEL: func.func @four_largest(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: max f64, {{.*}}: max f64, {{.*}}: max f64, {{.*}}: min index, {{.*}}: min index, {{.*}}: min index) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @four_largest(%s: tensor<?xf64>) -> (f64, f64, f64, f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %ninf = arith.constant 0xFFF0000000000000 : f64
  %big = arith.constant 9223372036854775807 : index
  %m1 = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %m2 = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf olt, %x, %m1 : f64
    %z = arith.select %c, %x, %ninf : f64
    moa.yield %z : f64
  }
  %m3 = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf olt, %x, %m2 : f64
    %z = arith.select %c, %x, %ninf : f64
    moa.yield %z : f64
  }
  %m4 = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf olt, %x, %m3 : f64
    %z = arith.select %c, %x, %ninf : f64
    moa.yield %z : f64
  }
  %i3 = moa.fold %k = %zero to %n (%acc: min index) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf oeq, %x, %m3 : f64
    %z = arith.select %c, %k, %big : index
    moa.yield %z : index
  }
  %w = arith.index_cast %i3 : index to i64
  %f = arith.sitofp %w : i64 to f64
  return %m1, %m2, %m3, %m4, %f : f64, f64, f64, f64, f64
}

// The second smallest, as what is not equal to the smallest, and the sum of what
// lies there.

// CHECK-LABEL: func.func @gap_of_two_smallest(
// CHECK:         moa.fold %{{.*}}({{.*}}: min f64, {{.*}}: min f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @gap_of_two_smallest(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %none = arith.constant 0.0 : f64
  %inf = arith.constant 0x7FF0000000000000 : f64
  %m = moa.fold %k = %zero to %n (%acc: min f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %m2 = moa.fold %k = %zero to %n (%acc: min f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %c = arith.cmpf oeq, %m, %x : f64
    %z = arith.select %c, %inf, %x : f64
    moa.yield %z : f64
  }
  %p = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %g = moa.psi %v[%k] : tensor<?xf64>
    %c = arith.cmpf oeq, %m2, %x : f64
    %z = arith.select %c, %g, %none : f64
    moa.yield %z : f64
  }
  %gap = arith.subf %m2, %m : f64
  return %gap, %p : f64, f64
}

// Attention over a grid of keys: folds over rows and columns are one fold over
// pairs, and the tower is that of one axis.

// CHECK-LABEL: func.func @softmax_over_a_grid(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @softmax_over_a_grid(%s: tensor<?x3xf64>, %v: tensor<?x3xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %s, %zero : tensor<?x3xf64>
  %m = moa.fold %i = %zero to %n (%acc: max f64) {
    %row = moa.fold %j = %zero to %three (%sub: max f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      moa.yield %x : f64
    }
    moa.yield %row : f64
  }
  %l = moa.fold %i = %zero to %n (%acc: add f64) {
    %row = moa.fold %j = %zero to %three (%sub: add f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      %d = arith.subf %x, %m : f64
      %e = math.exp %d : f64
      moa.yield %e : f64
    }
    moa.yield %row : f64
  }
  %o = moa.fold %i = %zero to %n (%acc: add f64) {
    %row = moa.fold %j = %zero to %three (%sub: add f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      %d = arith.subf %x, %m : f64
      %e = math.exp %d : f64
      %g = moa.psi %v[%i, %j] : tensor<?x3xf64>
      %p = arith.mulf %e, %g : f64
      moa.yield %p : f64
    }
    moa.yield %row : f64
  }
  %out = arith.divf %o, %l : f64
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  return %out, %lse : f64, f64
}

// Mean and variance of a matrix, with the count as a fold.

// CHECK-LABEL: func.func @variance_over_a_grid(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f64, {{.*}}: add i64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @variance_over_a_grid(%s: tensor<?x3xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %s, %zero : tensor<?x3xf64>
  %t = moa.fold %i = %zero to %n (%acc: add f64) {
    %row = moa.fold %j = %zero to %three (%sub: add f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      moa.yield %x : f64
    }
    moa.yield %row : f64
  }
  %one = arith.constant 1.0 : f64
  %c = moa.fold %i = %zero to %n (%acc: add f64) {
    %row = moa.fold %j = %zero to %three (%sub: add f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      moa.yield %one : f64
    }
    moa.yield %row : f64
  }
  %mean = arith.divf %t, %c : f64
  %q = moa.fold %i = %zero to %n (%acc: add f64) {
    %row = moa.fold %j = %zero to %three (%sub: add f64) {
      %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
      %d = arith.subf %x, %mean : f64
      %dd = arith.mulf %d, %d : f64
      moa.yield %dd : f64
    }
    moa.yield %row : f64
  }
  %variance = arith.divf %q, %c : f64
  return %variance : f64
}

// Bounds that are equal only once they are simplified.

// CHECK-LABEL: func.func @ranges_equal_after_simplification(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @ranges_equal_after_simplification(%s: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %one = arith.constant 1 : index
  %more = affine.apply affine_map<(d0) -> (d0 + 3)>(%n)
  %less = affine.apply affine_map<(d0) -> (d0 - 3)>(%more)
  %begin = affine.apply affine_map<(d0)[s0] -> (d0 - s0)>(%n)[%n]
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %l = moa.fold %k = %begin to %less (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  return %lse : f64
}

// A learned sink as start values of the maximum and the sum.

// CHECK-LABEL: func.func @sink_as_start_values(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @sink_as_start_values(%s: tensor<?xf64>, %v: tensor<?xf64>, %sink: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %none = arith.constant 0.0 : f64
  %m = moa.fold %k = %zero to %n (%acc: max f64) init(%sink) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %ds = arith.subf %sink, %m : f64
  %es = math.exp %ds : f64
  %l = moa.fold %k = %zero to %n (%acc: add f64) init(%es) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    %g = moa.psi %v[%k] : tensor<?xf64>
    %p = arith.mulf %e, %g : f64
    moa.yield %p : f64
  }
  %out = arith.divf %o, %l : f64
  return %out : f64
}

// A tower that has its correction already takes in the fold that uses it.

// CHECK-LABEL: func.func @tower_with_a_fold_behind_it(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @tower_with_a_fold_behind_it(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m, %l = moa.fold %k = %zero to %n (%rm: max f64, %rl: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %rm : f64
    %e = math.exp %d : f64
    moa.yield %x, %e : f64, f64
  } correct (%m0, %l0) to (%m1, %l1) {
    %d = arith.subf %m0, %m1 : f64
    %f = math.exp %d : f64
    %c = arith.mulf %l0, %f : f64
    moa.yield %m0, %c : f64, f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    %g = moa.psi %v[%k] : tensor<?xf64>
    %w = arith.divf %e, %l : f64
    %p = arith.mulf %w, %g : f64
    moa.yield %p : f64
  }
  return %o : f64
}

// A branch that uses an earlier result and reads nothing is a choice.

// CHECK-LABEL: func.func @branch_in_the_element(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @branch_in_the_element(%s: tensor<?xf64>, %cut: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %near = arith.cmpf ogt, %x, %cut : f64
    %e = scf.if %near -> (f64) {
      %d = arith.subf %x, %m : f64
      %t = math.exp %d : f64
      scf.yield %t : f64
    } else {
      %none = arith.constant 0.0 : f64
      scf.yield %none : f64
    }
    moa.yield %e : f64
  }
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  return %lse : f64
}

// Integers: how often the maximum is there, and where it is last.

// CHECK-LABEL: func.func @ties_counted_as_integers(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add i64, {{.*}}: max index) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @ties_counted_as_integers(%s: tensor<?xf64>) -> (f64, f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %c1 = arith.constant 1 : i64
  %c0 = arith.constant 0 : i64
  %least = arith.constant -9223372036854775808 : index
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %c = moa.fold %k = %zero to %n (%acc: add i64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %t = arith.cmpf oeq, %x, %m : f64
    %z = arith.select %t, %c1, %c0 : i64
    moa.yield %z : i64
  }
  %i = moa.fold %k = %zero to %n (%acc: max index) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %t = arith.cmpf oeq, %x, %m : f64
    %z = arith.select %t, %k, %least : index
    moa.yield %z : index
  }
  %a = arith.sitofp %c : i64 to f64
  %w = arith.index_cast %i : index to i64
  %b = arith.sitofp %w : i64 to f64
  return %a, %b : f64, f64
}

// A cross-entropy against soft targets, from logits.

// CHECK-LABEL: func.func @weighted_log_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @weighted_log_softmax(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %g = moa.psi %v[%k] : tensor<?xf64>
    %d = arith.subf %x, %lse : f64
    %p = arith.mulf %d, %g : f64
    moa.yield %p : f64
  }
  return %o : f64
}

// Sums of exp(x - m) and of its square: one maximum for both.

// CHECK-LABEL: func.func @two_temperatures(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @two_temperatures(%s: tensor<?xf64>, %t: f64) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %h = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %z = arith.addf %d, %d : f64
    %e = math.exp %z : f64
    moa.yield %e : f64
  }
  %q = arith.mulf %l, %l : f64
  %r = arith.divf %h, %q : f64
  return %r : f64
}

// The root of a mean square under softmax weights.

// CHECK-LABEL: func.func @mean_square_under_softmax(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @mean_square_under_softmax(%s: tensor<?xf64>, %v: tensor<?xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf64>
  %m = moa.fold %k = %zero to %n (%acc: max f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    moa.yield %x : f64
  }
  %l = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    moa.yield %e : f64
  }
  %o = moa.fold %k = %zero to %n (%acc: add f64) {
    %x = moa.psi %s[%k] : tensor<?xf64>
    %d = arith.subf %x, %m : f64
    %e = math.exp %d : f64
    %g = moa.psi %v[%k] : tensor<?xf64>
    %w = arith.divf %e, %l : f64
    %gg = arith.mulf %g, %g : f64
    %p = arith.mulf %w, %gg : f64
    moa.yield %p : f64
  }
  %r = math.sqrt %o : f64
  return %r : f64
}

// Three axes.

// CHECK-LABEL: func.func @maximum_and_sum_over_three_axes(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f64, {{.*}}: add f64) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @maximum_and_sum_over_three_axes(%s: tensor<?x3xf64>) -> (f64) {
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %s, %zero : tensor<?x3xf64>
  %two = arith.constant 2 : index
  %m = moa.fold %h = %zero to %two (%a: max f64) {
    %plane = moa.fold %i = %zero to %n (%b: max f64) {
      %row = moa.fold %j = %zero to %three (%c: max f64) {
        %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
        %w = arith.index_cast %h : index to i64
        %f = arith.sitofp %w : i64 to f64
        %t = arith.mulf %x, %f : f64
        moa.yield %t : f64
      }
      moa.yield %row : f64
    }
    moa.yield %plane : f64
  }
  %l = moa.fold %h = %zero to %two (%a: add f64) {
    %plane = moa.fold %i = %zero to %n (%b: add f64) {
      %row = moa.fold %j = %zero to %three (%c: add f64) {
        %x = moa.psi %s[%i, %j] : tensor<?x3xf64>
        %w = arith.index_cast %h : index to i64
        %f = arith.sitofp %w : i64 to f64
        %t = arith.mulf %x, %f : f64
        %d = arith.subf %t, %m : f64
        %e = math.exp %d : f64
        moa.yield %e : f64
      }
      moa.yield %row : f64
    }
    moa.yield %plane : f64
  }
  %log = math.log %l : f64
  %lse = arith.addf %m, %log : f64
  return %lse : f64
}

// Scores and values of 16 bits, sums in f32.

// CHECK-LABEL: func.func @half_precision_attention(
// CHECK:         moa.fold %{{.*}}({{.*}}: max f32, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @half_precision_attention(%s: tensor<?xf16>, %v: tensor<?xbf16>) -> (f32) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xf16>
  %m = moa.fold %k = %zero to %n (%acc: max f32) {
    %h = moa.psi %s[%k] : tensor<?xf16>
    %x = arith.extf %h : f16 to f32
    moa.yield %x : f32
  }
  %l = moa.fold %k = %zero to %n (%acc: add f32) {
    %h = moa.psi %s[%k] : tensor<?xf16>
    %x = arith.extf %h : f16 to f32
    %d = arith.subf %x, %m : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  }
  %o = moa.fold %k = %zero to %n (%acc: add f32) {
    %h = moa.psi %s[%k] : tensor<?xf16>
    %x = arith.extf %h : f16 to f32
    %d = arith.subf %x, %m : f32
    %e = math.exp %d : f32
    %w = arith.divf %e, %l : f32
    %b = moa.psi %v[%k] : tensor<?xbf16>
    %g = arith.extf %b : bf16 to f32
    %p = arith.mulf %w, %g : f32
    moa.yield %p : f32
  }
  return %o : f32
}

// CHECK-LABEL: func.func @bf16_mean_and_variance(
// CHECK:         moa.fold %{{.*}}({{.*}}: add f32, {{.*}}: add i64, {{.*}}: add f32) {
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @bf16_mean_and_variance(%s: tensor<?xbf16>) -> (f32, f32) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %s, %zero : tensor<?xbf16>
  %wide = arith.index_cast %n : index to i64
  %count = arith.sitofp %wide : i64 to f32
  %sum = moa.fold %k = %zero to %n (%acc: add f32) {
    %b = moa.psi %s[%k] : tensor<?xbf16>
    %x = arith.extf %b : bf16 to f32
    moa.yield %x : f32
  }
  %mean = arith.divf %sum, %count : f32
  %squares = moa.fold %k = %zero to %n (%acc: add f32) {
    %b = moa.psi %s[%k] : tensor<?xbf16>
    %x = arith.extf %b : bf16 to f32
    %d = arith.subf %x, %mean : f32
    %p = arith.mulf %d, %d : f32
    moa.yield %p : f32
  }
  %variance = arith.divf %squares, %count : f32
  return %mean, %variance : f32, f32
}
