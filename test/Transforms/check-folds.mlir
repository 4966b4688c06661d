// RUN: moa-opt %s --split-input-file --verify-diagnostics --moa-check-folds

// The scale, in two spellings; the second is as right as the first.

func.func @right(%a: tensor<?xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %ninf = arith.constant 0xFF800000 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m, %l, %l2 = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32, %rl2: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %dead = arith.cmpf oeq, %rm, %ninf : f32
    %ref = arith.select %dead, %zero, %rm : f32
    %d = arith.subf %x, %ref : f32
    %e = math.exp %d : f32
    moa.yield %x, %e, %e : f32, f32, f32
  } correct (%m0, %l0, %k0) to (%m1, %l1, %k1) {
    %d = arith.subf %m0, %m1 : f32
    %f = math.exp %d : f32
    %lc = arith.mulf %l0, %f : f32
    %g = arith.subf %m1, %m0 : f32
    %h = math.exp %g : f32
    %kc = arith.divf %k0, %h : f32
    moa.yield %m0, %lc, %kc : f32, f32, f32
  }
  return %l, %l2 : f32, f32
}

// -----

func.func @wrong_way(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  // expected-error @+1 {{does not obey the transport law at result #1: the corrected sum is not provably the sum of the elements at the new results}}
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.subf %x, %rm : f32
    %e = math.exp %d : f32
    moa.yield %x, %e : f32, f32
  } correct (%m0, %l0) to (%m1, %l1) {
    %d = arith.subf %m1, %m0 : f32
    %f = math.exp %d : f32
    %lc = arith.mulf %l0, %f : f32
    moa.yield %m0, %lc : f32, f32
  }
  return %l : f32
}

// -----

func.func @not_total(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  // expected-warning @+1 {{element #1 has no proper value at the empty state: r0}}
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.subf %x, %rm : f32
    %e = math.exp %d : f32
    moa.yield %x, %e : f32, f32
  } correct (%m0, %l0) to (%m1, %l1) {
    %d = arith.subf %m0, %m1 : f32
    %f = math.exp %d : f32
    %lc = arith.mulf %l0, %f : f32
    moa.yield %m0, %lc : f32, f32
  }
  return %l : f32
}

// -----

func.func @changed_for_nothing(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  // expected-error @+1 {{at result #0: the element does not depend on results, but its old value is changed}}
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x, %x : f32, f32
  } correct (%m0, %l0) to (%m1, %l1) {
    %mc = arith.addf %m0, %one : f32
    moa.yield %mc, %l0 : f32, f32
  }
  return %l : f32
}

// -----

// Under max a factor must be positive.

func.func @negative_factor(%a: tensor<?xf32>, %b: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  // expected-error @+1 {{at result #1: the factor of the old value is not provably positive}}
  %s, %l = moa.fold %k = %c0 to %n (%rs: add f32, %rl: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %y = moa.psi %b[%k] : tensor<?xf32>
    %e = arith.mulf %y, %rs : f32
    moa.yield %x, %e : f32, f32
  } correct (%s0, %l0) to (%s1, %l1) {
    %f = arith.divf %s1, %s0 : f32
    %lc = arith.mulf %l0, %f : f32
    moa.yield %s0, %lc : f32, f32
  }
  return %l : f32
}

// -----

// Keep or void: only for the maximum of the very expression.

func.func @keep(%a: tensor<?xf32>, %b: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  // expected-error @+1 {{does not obey the transport law at result #1}}
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %y = moa.psi %b[%k] : tensor<?xf32>
    %hit = arith.cmpf oeq, %y, %rm : f32
    %e = arith.select %hit, %y, %zero : f32
    moa.yield %x, %e : f32, f32
  } correct (%m0, %l0) to (%m1, %l1) {
    %same = arith.cmpf oeq, %m0, %m1 : f32
    %lc = arith.select %same, %l0, %zero : f32
    moa.yield %m0, %lc : f32, f32
  }
  return %l : f32
}
