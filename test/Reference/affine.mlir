// RUN: moa-run %s --entry main --counters - | FileCheck %s
// RUN: not moa-run %s --entry zero 2>&1 | FileCheck %s --check-prefix=ZERO

// CHECK: result #0: 6xindex = [-6, -3, -2, 2, -7, 5]
// CHECK: "affine": 6
func.func @main() -> tensor<6xindex> {
  %a = arith.constant -7 : index
  %b = arith.constant 5 : index
  %0 = affine.apply affine_map<(d0)[s0] -> (2 * d0 + s0 + 3)>(%a)[%b]
  %1 = affine.apply affine_map<(d0) -> (d0 floordiv 3)>(%a)
  %2 = affine.apply affine_map<(d0) -> (d0 ceildiv 3)>(%a)
  %3 = affine.apply affine_map<(d0) -> (d0 mod 3)>(%a)
  %4 = affine.min affine_map<(d0, d1) -> (d0, d1, 9)>(%a, %b)
  %5 = affine.max affine_map<(d0, d1) -> (d0, d1, 1)>(%a, %b)
  %l = tensor.from_elements %0, %1, %2, %3, %4, %5 : tensor<6xindex>
  return %l : tensor<6xindex>
}

// ZERO: error: 'affine.apply' op divides by a number that is not positive
func.func @zero() -> index {
  %a = arith.constant -7 : index
  %b = arith.constant 0 : index
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 mod s0)>(%a)[%b]
  return %0 : index
}
