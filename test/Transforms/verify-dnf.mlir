// RUN: moa-opt %s --moa-verify-dnf | FileCheck %s

// CHECK-LABEL: func.func @accepted(
func.func @accepted(%a: tensor<5xf32>) -> tensor<5xf32> {
  %c0 = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  // CHECK: moa.array
  %0 = moa.array (%i) in (5) {
    %s = moa.fold %k = %c0 to %c5 (%acc: add f32) {
      %in = arith.cmpi sle, %k, %i : index
      %y = scf.if %in -> (f32) {
        %x = moa.psi %a[%k] : tensor<5xf32>
        %e = math.exp %x : f32
        scf.yield %e : f32
      } else {
        %zero = arith.constant 0.0 : f32
        scf.yield %zero : f32
      }
      moa.yield %y : f32
    }
    moa.yield %s : f32
  } : tensor<5xf32>
  return %0 : tensor<5xf32>
}
