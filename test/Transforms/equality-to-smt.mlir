// Queries whether two functions are one: in upstream's dialect, and as SMT-LIB.

// RUN: moa-opt %s --moa-psi-reduce --canonicalize --cse --moa-equality-to-smt | FileCheck %s
// RUN: moa-opt %s --moa-psi-reduce --canonicalize --cse --moa-equality-to-smt | mlir-translate --export-smtlib | FileCheck %s --check-prefix=LIB

// CHECK:       smt.solver() : () -> () {
// CHECK:         smt.declare_fun "arg0" : !smt.func<(!smt.int) !smt.sort<"Element_f32">>
// CHECK:         %[[N:.*]] = smt.declare_fun "arg0_extent0" : !smt.int
// CHECK:         smt.int.cmp le %{{.*}}, %[[N]]
// CHECK:         smt.assert
// CHECK:         smt.check
// CHECK-NOT:   func.func
// LIB:         (declare-sort Element_f32 0)
// LIB:         (declare-const arg0_extent0 Int)
// LIB:         (check-sat)
func.func @twice(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @once, moa.assume = @some} {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  %1 = moa.reverse %0 axes [0] : tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @once(%a: tensor<?xf32>) -> tensor<?xf32> {
  return %a : tensor<?xf32>
}
func.func @some(%a: tensor<?xf32>) -> i1 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %some = arith.cmpi sgt, %n, %c0 : index
  return %some : i1
}
