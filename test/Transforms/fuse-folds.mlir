// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce --moa-fuse-folds --moa-check-folds 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=WHY < %t.err
// RUN: moa-opt %s --split-input-file --moa-expand --moa-psi-reduce "--moa-fuse-folds=moments=exact approximate=roundeven" 2>/dev/null | FileCheck %s --check-prefix=OPT
// RUN: not moa-opt %s --split-input-file --moa-fuse-folds=moments=wrong 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: unknown value 'wrong' of the option 'moments'

// Attention from its definition: one array with one tower.

// CHECK-LABEL: func.func @attention(
// CHECK:         moa.array
// CHECK:           %[[R:.*]]:3 = moa.fold {{.*}}: max f32, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK:             moa.fold {{.*}}: add f32) {
// CHECK-NOT:         moa.fold
// CHECK:           } correct
// CHECK-NOT:       moa.fold
// CHECK:           moa.yield
func.func @attention(%q: tensor<?x?x?x64xbf16>, %k: tensor<?x?x?x64xbf16>,
                     %v: tensor<?x?x?x64xbf16>)
    -> (tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>) {
  %o, %lse = moa.attention %q, %k, %v causal
    : tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>
   -> tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>
  return %o, %lse : tensor<?x?x?x64xbf16>, tensor<?x?x?xf32>
}

// -----

// An index as payload: kept while the maximum stands.

// CHECK-LABEL: func.func @argmax(
// CHECK:         moa.fold {{.*}}: max f32, {{.*}}: min index) {
// CHECK:         } correct (%[[M0:.*]], %[[I0:.*]]) to (%[[M1:.*]], %{{.*}}) {
// CHECK:           %[[SAME:.*]] = arith.cmpf oeq, %[[M0]], %[[M1]]
// CHECK:           arith.select %[[SAME]], %[[I0]],
func.func @argmax(%a: tensor<?xf32>) -> index {
  %c0 = arith.constant 0 : index
  %big = arith.constant 9223372036854775807 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %i = moa.fold %k = %c0 to %n (%acc: min index) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %hit = arith.cmpf oeq, %x, %m : f32
    %c = arith.select %hit, %k, %big : index
    moa.yield %c : index
  }
  return %i : index
}

// -----

// Ranges that are equal only after simplification.

// CHECK-LABEL: func.func @equal_ranges(
// CHECK:         moa.fold {{.*}}: max f32, {{.*}}: add f32) {
// CHECK-NOT:     moa.fold
// CHECK:         return
func.func @equal_ranges(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n1 = affine.apply affine_map<(d0) -> (d0 + 3)>(%n)
  %n2 = affine.apply affine_map<(d0) -> (d0 - 3)>(%n1)
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %l = moa.fold %k = %c0 to %n2 (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.subf %x, %m : f32
    %e = math.exp %d : f32
    moa.yield %e : f32
  }
  return %l : f32
}

// -----

// Different ranges never share a tower; nor do folds with another one between
// them.

// CHECK-LABEL: func.func @other_range(
// CHECK:         moa.fold {{.*}}: max f32) {
// CHECK:         moa.fold {{.*}}: add f32) {
// CHECK:         moa.fold {{.*}}: add f32) {
func.func @other_range(%a: tensor<?xf32>, %b: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n2 = tensor.dim %b, %c0 : tensor<?xf32>
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %s = moa.fold %k = %c0 to %n2 (%acc: add f32) {
    %x = moa.psi %b[%k] : tensor<?xf32>
    %d = arith.subf %x, %m : f32
    moa.yield %d : f32
  }
  %l = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.mulf %x, %s : f32
    moa.yield %d : f32
  }
  return %l : f32
}

// -----

// The element of a fold is a chain of its own over a second axis.

// CHECK-LABEL: func.func @two_axes(
// CHECK:         moa.fold {{.*}}: add f32) {
// CHECK:           moa.fold {{.*}}: max f32, {{.*}}: add f32) {
// CHECK:           } correct
// CHECK-NOT:       moa.fold
// CHECK:         return
func.func @two_axes(%a: tensor<?x?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %p = tensor.dim %a, %c1 : tensor<?x?xf32>
  %sum = moa.fold %i = %c0 to %n (%acc: add f32) {
    %m = moa.fold %k = %c0 to %p (%acc2: max f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
      moa.yield %x : f32
    }
    %l = moa.fold %k = %c0 to %p (%acc2: add f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
      %d = arith.subf %x, %m : f32
      %e = math.exp %d : f32
      moa.yield %e : f32
    }
    %log = math.log %l : f32
    %lse = arith.addf %m, %log : f32
    moa.yield %lse : f32
  }
  return %sum : f32
}

// -----

// A sum over a second axis uses the mean of the first: it comes out by
// linearity.

// CHECK-LABEL: func.func @inner_sum(
// CHECK:         moa.fold {{.*}}: add f32, {{.*}}: add i64, {{.*}}: add f32, {{.*}}: add f32) {
// CHECK:         return
func.func @inner_sum(%a: tensor<?x?xf32>, %w: tensor<?xf32>, %y: tensor<?xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %p = tensor.dim %a, %c1 : tensor<?x?xf32>
  %ni = arith.index_cast %n : index to i64
  %nf = arith.sitofp %ni : i64 to f32
  %s = moa.fold %i = %c0 to %n (%acc: add f32) {
    %x = moa.psi %y[%i] : tensor<?xf32>
    moa.yield %x : f32
  }
  %mean = arith.divf %s, %nf : f32
  %o = moa.fold %i = %c0 to %n (%acc: add f32) {
    %dot = moa.fold %d = %c0 to %p (%acc2: add f32) {
      %x = moa.psi %a[%i, %d] : tensor<?x?xf32>
      %u = moa.psi %w[%d] : tensor<?xf32>
      %c = arith.subf %x, %mean : f32
      %e = arith.mulf %c, %u : f32
      moa.yield %e : f32
    }
    moa.yield %dot : f32
  }
  return %s, %o : f32, f32
}

// -----

// 16-bit elements, 32-bit sums; a static extent is a constant divisor.

// CHECK-LABEL: func.func @f16_variance(
// CHECK:         moa.fold {{.*}}: add f32, {{.*}}: add i64, {{.*}}: add f32) {
// CHECK:           arith.extf
// CHECK:         } correct
// CHECK-NOT:     moa.fold
// CHECK:         return
// OPT-LABEL: func.func @f16_variance(
// OPT:         moa.fold {{.*}}: add f32, {{.*}}: add i64, {{.*}}: add f32, {{.*}}: add f32) {
func.func @f16_variance(%a: tensor<64xf16>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = arith.constant 64 : index
  %nf = arith.constant 64.0 : f32
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<64xf16>
    %w = arith.extf %x : f16 to f32
    moa.yield %w : f32
  }
  %mean = arith.divf %s, %nf : f32
  %v = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<64xf16>
    %w = arith.extf %x : f16 to f32
    %d = arith.subf %w, %mean : f32
    %e = arith.mulf %d, %d : f32
    moa.yield %e : f32
  }
  return %v : f32
}

// -----

// Rounding between the index and a result: two passes, unless the user allows
// to take it for the identity.

// WHY: remark: not in the pass of what it uses: 'roundeven' of a value that mixes the index and an earlier result: roundeven(
// CHECK-LABEL: func.func @quantize(
// CHECK:         moa.fold {{.*}}: max f32) {
// CHECK:         moa.fold {{.*}}: add f32) {
// OPT-LABEL: func.func @quantize(
// OPT:         moa.fold {{.*}}: max f32, {{.*}}: add f32) {
// OPT-NOT:     moa.fold
// OPT:         return
func.func @quantize(%a: tensor<?xf32>, %b: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %q = arith.constant 127.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %y = math.absf %x : f32
    moa.yield %y : f32
  }
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %w = moa.psi %b[%k] : tensor<?xf32>
    %y = arith.mulf %x, %q : f32
    %z = arith.divf %y, %m : f32
    %r = math.roundeven %z : f32
    %e = arith.mulf %r, %w : f32
    moa.yield %e : f32
  }
  return %s : f32
}

// -----

// Integers are taken as they are.

// WHY: remark: not in the pass of what it uses: integer arithmetic on an earlier result:
// CHECK-LABEL: func.func @integers(
// CHECK-COUNT-2: moa.fold
func.func @integers(%a: tensor<?xi32>) -> i32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xi32>
  %m = moa.fold %k = %c0 to %n (%acc: max i32) {
    %x = moa.psi %a[%k] : tensor<?xi32>
    moa.yield %x : i32
  }
  %s = moa.fold %k = %c0 to %n (%acc: add i32) {
    %x = moa.psi %a[%k] : tensor<?xi32>
    %d = arith.subi %m, %x : i32
    moa.yield %d : i32
  }
  return %s : i32
}

// -----

// A guard keeps what it guards inside; what reads a result in it is refused.

// WHY: remark: not in the pass of what it uses: 'if' of a value
// CHECK-LABEL: func.func @guarded(
// CHECK-COUNT-2: moa.fold
func.func @guarded(%a: tensor<?xf32>, %p: index) -> f32 {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %in = arith.cmpi slt, %k, %p : index
    %e = scf.if %in -> f32 {
      %x = moa.psi %a[%k] : tensor<?xf32>
      %d = arith.subf %x, %m : f32
      scf.yield %d : f32
    } else {
      scf.yield %zero : f32
    }
    moa.yield %e : f32
  }
  return %s : f32
}

// -----

// Independent folds that read the same array share the pass, and equal ones become
// one; a start value joins behind it. Custom reducers are left alone.

// CHECK-LABEL: func.func @independent(
// CHECK:         moa.fold {{.*}}: max f32, {{.*}}: min f32, {{.*}}: add f32) {
// CHECK-NOT:     correct
// CHECK:         arith.addf %{{.*}}#2, %{{.*}} : f32
// CHECK:         moa.fold {{.*}}: custom f32
func.func @independent(%a: tensor<?xf32>) -> (f32, f32, f32, f32, f32) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = moa.fold %k = %c0 to %n (%acc: max f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %l = moa.fold %k = %c0 to %n (%acc: min f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %t = moa.fold %k = %c0 to %n (%acc: add f32) init(%one) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  %u = moa.fold %k = %c0 to %n (%acc: custom f32 combine (%x, %y) {
    %z = arith.subf %y, %x : f32
    moa.yield %z : f32
  }) init(%one) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  return %m, %l, %s, %t, %u : f32, f32, f32, f32, f32
}

// -----

// A tower without `correct`, as the user wrote it, gets one.

// CHECK-LABEL: func.func @naive_tower(
// CHECK:         moa.fold {{.*}}: max f32, {{.*}}: add f32) {
// CHECK:         } correct
func.func @naive_tower(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m, %l = moa.fold %k = %c0 to %n (%rm: max f32, %rl: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    %d = arith.subf %x, %rm : f32
    %e = math.exp %d : f32
    moa.yield %x, %e : f32, f32
  }
  return %l : f32
}
