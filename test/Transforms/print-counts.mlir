// Closed forms of what arrays cost. That they are what runs is checked by
// test/Execution/test_counts.py; here, how they are written.

// RUN: moa-opt %s --moa-print-counts -o /dev/null | FileCheck %s
// RUN: moa-opt %s --moa-print-counts=nonempty=1 -o /dev/null | FileCheck %s --check-prefix=NONEMPTY
// RUN: moa-opt %s --moa-print-counts=json=1 -o /dev/null | %python -c "import json, sys; print(len(json.load(sys.stdin)))" | FileCheck %s --check-prefix=JSON
// JSON: {{^}}9{{$}}

// A bound that depends on an outer axis: n(n + 1)/2, not n^2.
// CHECK-LABEL: counts of @triangle
// CHECK-NEXT:    moa.array of line [[#@LINE+9]]:
// CHECK-NEXT:      float add: arg0.0*(arg0.0 + 1)/2
// CHECK-NEXT:      integer add: arg0.0
// CHECK-NEXT:      read arg0: arg0.0*(arg0.0 + 1)/2, distinct: arg0.0*(arg0.0 + 1)/2
// CHECK-NEXT:      write result0: arg0.0
func.func @triangle(%a: tensor<?x?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %0 = moa.array (%i) in (%n) {
    %end = arith.addi %i, %c1 : index
    %s = moa.fold %k = %c0 to %end (%acc: add f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf32>
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Causal and aligned to the end of the keys: where there are fewer keys than
// queries, the first queries see none.
// CHECK-LABEL: counts of @causal
// CHECK:         float max_min: arg0.0*(-arg0.0 + 2*arg1.0 + 1)/2 + ((-2*arg0.0*arg1.0 + arg0.0^2 + arg1.0^2 - arg0.0 + arg1.0)/2)*[arg0.0 > arg1.0]
// CHECK:         read arg1: {{.*}}, distinct: arg1.0*[arg0.0 > 0]
func.func @causal(%q: tensor<?xf32>, %k: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %q, %c0 : tensor<?xf32>
  %m = tensor.dim %k, %c0 : tensor<?xf32>
  %0 = moa.array (%i) in (%n) {
    %e = affine.apply affine_map<(i)[n, m] -> (i + m - n + 1)>(%i)[%n, %m]
    %end = arith.minsi %e, %m : index
    %s = moa.fold %j = %c0 to %end (%acc: max f32) {
      %x = moa.psi %k[%j] : tensor<?xf32>
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// What depends on no index of the fold runs once, if there is any index; what
// depends on the first axis only, once for each of its values.
// CHECK-LABEL: counts of @levels
// CHECK:         float exp: arg0.0*[arg1.0 > 0]
// CHECK:         float mul: arg0.0*arg1.0
// NONEMPTY-LABEL: counts of @levels
// NONEMPTY:       float exp: arg0.0
// NONEMPTY:       float mul: arg0.0*arg1.0
func.func @levels(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = tensor.dim %b, %c0 : tensor<?xf32>
  %0 = moa.array (%i, %j) in (%n, %m) {
    %x = moa.psi %a[%i] : tensor<?xf32>
    %e = math.exp %x : f32
    %y = moa.psi %b[%j] : tensor<?xf32>
    %z = arith.mulf %e, %y : f32
    moa.yield %z : f32
  } : tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// A branch on indices is exact: a concatenation reads each part once.
// CHECK-LABEL: counts of @parts
// CHECK:         integer cmp: arg0.0 + arg1.0
// CHECK:         read arg0: arg0.0, distinct: arg0.0
// CHECK:         read arg1: arg1.0, distinct: arg1.0
func.func @parts(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %m = tensor.dim %b, %c0 : tensor<?xf32>
  %all = arith.addi %n, %m : index
  %0 = moa.array (%i) in (%all) {
    %first = arith.cmpi slt, %i, %n : index
    %x = scf.if %first -> f32 {
      %y = moa.psi %a[%i] : tensor<?xf32>
      scf.yield %y : f32
    } else {
      %k = arith.subi %i, %n : index
      %y = moa.psi %b[%k] : tensor<?xf32>
      scf.yield %y : f32
    }
    moa.yield %x : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// A branch on floats is a range.
// CHECK-LABEL: counts of @data
// CHECK:         float exp: from 0 to arg0.0
// CHECK:         read arg0: from arg0.0 to 2*arg0.0, distinct: arg0.0
func.func @data(%a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %0 = moa.array (%i) in (%n) {
    %x = moa.psi %a[%i] : tensor<?xf32>
    %positive = arith.cmpf ogt, %x, %zero : f32
    %y = scf.if %positive -> f32 {
      %again = moa.psi %a[%i] : tensor<?xf32>
      %e = math.exp %again : f32
      scf.yield %e : f32
    } else {
      scf.yield %zero : f32
    }
    moa.yield %y : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Bounds that are loaded stay in the form.
// CHECK-LABEL: counts of @documents
// CHECK:         float add: sum(0 <= i < (arg1.0 - 1)*[arg1.0 > 1]: (-arg1[i] + arg1[i + 1])*[arg1[i + 1] > arg1[i]])*[arg1.0 > 1]
// CHECK:         read arg0: {{.*}}, distinct: from 0 to arg0.0
func.func @documents(%a: tensor<?xf32>, %offsets: tensor<?xindex>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %offsets, %c0 : tensor<?xindex>
  %rows = arith.subi %n, %c1 : index
  %0 = moa.array (%i) in (%rows) {
    %next = arith.addi %i, %c1 : index
    %from = moa.psi %offsets[%i] : tensor<?xindex>
    %to = moa.psi %offsets[%next] : tensor<?xindex>
    %s = moa.fold %k = %from to %to (%acc: add f32) {
      %x = moa.psi %a[%k] : tensor<?xf32>
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Heads in groups: a number outside of arrays gets a name.
// CHECK-LABEL: counts of @groups
// CHECK-NEXT:    where c0 =
// CHECK:         read arg1: arg0.0, distinct: (floor((arg0.0 - 1)/c1) + 1)*[arg0.0 > 0]
func.func @groups(%q: tensor<?xf32>, %k: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %h = tensor.dim %q, %c0 : tensor<?xf32>
  %g = tensor.dim %k, %c0 : tensor<?xf32>
  %some = arith.maxsi %g, %c1 : index
  %ratio = arith.divui %h, %some : index
  %group = arith.maxsi %ratio, %c1 : index
  %0 = moa.array (%i) in (%h) {
    %head = arith.divui %i, %group : index
    %x = moa.psi %k[%head] : tensor<?xf32>
    moa.yield %x : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Elements read at least once: two windows that overlap are counted together.
// CHECK-LABEL: counts of @windows
// CHECK:         read arg0: 2*(arg0.0 - 4)*[arg0.0 > 4], distinct: 2*(arg0.0 - 4)*[arg0.0 > 4] + (-arg0.0 + 8)*[arg0.0 > 8]
func.func @windows(%a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %rows = arith.subi %n, %c4 : index
  %0 = moa.array (%i) in (%rows) {
    %late = arith.addi %i, %c4 : index
    %x = moa.psi %a[%i] : tensor<?xf32>
    %y = moa.psi %a[%late] : tensor<?xf32>
    %z = arith.addf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// A fold outside of all arrays.
// CHECK-LABEL: counts of @number
// CHECK-NEXT:    outside of arrays:
// CHECK-NEXT:      float add: arg0.0
// CHECK-NEXT:      read arg0: arg0.0, distinct: arg0.0
func.func @number(%a: tensor<?xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %s = moa.fold %k = %c0 to %n (%acc: add f32) {
    %x = moa.psi %a[%k] : tensor<?xf32>
    moa.yield %x : f32
  }
  return %s : f32
}
