// RUN: moa-opt %s | FileCheck %s
// RUN: moa-opt %s --mlir-print-op-generic | moa-opt | FileCheck %s
// RUN: moa-opt %s --emit-bytecode | moa-opt | FileCheck %s

// CHECK-LABEL: @naive(
// CHECK-SAME: %[[A:.*]]: tensor<?xf32>, %[[LO:.*]]: index, %[[HI:.*]]: index
func.func @naive(%a: tensor<?xf32>, %lo: index, %hi: index) -> f32 {
  // CHECK: %[[S:.*]] = moa.fold %k = %[[LO]] to %[[HI]] (%r: add f32) {
  // CHECK-NEXT:   %[[X:.*]] = moa.psi %[[A]][%k] : tensor<?xf32>
  // CHECK-NEXT:   moa.yield %[[X]] : f32
  // CHECK-NEXT: }
  %0 = moa.fold %q = %lo to %hi (%sum: add f32) {
    %x = moa.psi %a[%q] : tensor<?xf32>
    moa.yield %x : f32
  }
  // CHECK: return %[[S]]
  return %0 : f32
}

// CHECK-LABEL: @tower(
func.func @tower(%a: tensor<?xf32>, %lo: index, %hi: index, %m0: f32, %l0: f32) {
  // CHECK: %{{.*}}:2 = moa.fold %k = %{{.*}} to %{{.*}} (%r: max f32, %[[R1:.*]]: add f32) init(%{{.*}}, %{{.*}}) {
  // CHECK: moa.yield %{{.*}}, %{{.*}} : f32, f32
  // CHECK-NEXT: } correct (%old, %[[OLD1:.*]]) to (%new, %[[NEW1:.*]]) {
  // CHECK-NEXT:   arith.subf %old, %new : f32
  // CHECK: moa.yield %old, %{{.*}} : f32, f32
  %0:2 = moa.fold %k = %lo to %hi (%rm: max f32, %rl: add f32) init(%m0, %l0) {
    %s = moa.psi %a[%k] : tensor<?xf32>
    %t = arith.subf %s, %rm : f32
    %p = math.exp %t : f32
    moa.yield %s, %p : f32, f32
  } correct (%oldm, %oldl) to (%newm, %newl) {
    %t = arith.subf %oldm, %newm : f32
    %f = math.exp %t : f32
    %lc = arith.mulf %oldl, %f : f32
    moa.yield %oldm, %lc : f32, f32
  }
  return
}

// Two custom reducers with a named one between them.
// CHECK-LABEL: @custom(
func.func @custom(%lo: index, %hi: index, %x: i64, %y: index, %z: f16) {
  // CHECK: moa.fold %k = %{{.*}} to %{{.*}} (%r: custom i64 combine (%acc, %next) {
  // CHECK-NEXT:   moa.yield %next : i64
  // CHECK-NEXT: }, %{{.*}}: min index, %{{.*}}: custom f16 combine (%acc, %next) {
  // CHECK-NEXT:   %[[D:.*]] = arith.subf %acc, %next : f16
  // CHECK-NEXT:   moa.yield %[[D]] : f16
  // CHECK-NEXT: }) init(%{{.*}}, %{{.*}}, %{{.*}}) attributes {test.note} {
  %0:3 = moa.fold %k = %lo to %hi (%r0: custom i64 combine (%p, %q) {
    moa.yield %q : i64
  }, %r1: min index, %r2: custom f16 combine (%p, %q) {
    %d = arith.subf %p, %q : f16
    moa.yield %d : f16
  }) init(%x, %y, %z) attributes {test.note} {
    moa.yield %x, %k, %z : i64, index, f16
  }
  return
}

// Every reducer on a type it is defined on; a fold in a fold.
// CHECK-LABEL: @reducers(
func.func @reducers(%lo: index, %hi: index, %t: i1, %n: i32, %x: f64) {
  // CHECK: %{{.*}}: add f64, %{{.*}}: mul i32, %{{.*}}: max i32, %{{.*}}: min f64, %{{.*}}: and i1, %{{.*}}: or i32, %{{.*}}: xor index
  // CHECK: moa.fold
  %0:7 = moa.fold %k = %lo to %hi (%a: add f64, %b: mul i32, %c: max i32,
      %d: min f64, %e: and i1, %f: or i32, %g: xor index) {
    %s = moa.fold %l = %lo to %k (%r: add f64) {
      moa.yield %x : f64
    }
    moa.yield %s, %n, %n, %x, %t, %n, %k : f64, i32, i32, f64, i1, i32, index
  }
  return
}
