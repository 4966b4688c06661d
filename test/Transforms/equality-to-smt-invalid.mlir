// RUN: moa-opt %s --moa-equality-to-smt --split-input-file --verify-diagnostics -o /dev/null

// expected-error@+1 {{attribute 'moa.equals' of 'f' names no function with a body: @nothing}}
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @nothing} {
  return %a : tensor<?xf32>
}

// -----

// expected-error@+1 {{'f' and 'g' cannot be compared: their types are}}
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @g} {
  return %a : tensor<?xf32>
}
func.func @g(%a: tensor<?xf64>) -> tensor<?xf64> {
  return %a : tensor<?xf64>
}

// -----

// expected-error@+1 {{'f' does not return one moa.array; run 'moa-psi-reduce' before}}
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @g} {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  return %0 : tensor<?xf32>
}
func.func @g(%a: tensor<?xf32>) -> tensor<?xf32> {
  return %a : tensor<?xf32>
}

// -----

func.func @f(%a: tensor<?x4xf32>) -> tensor<?xf32> attributes {moa.equals = @g} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xf32>
  %0 = moa.array (%i) in (%n) {
    // expected-error@+1 {{'moa.fold' op has no translation to SMT}}
    %s = moa.fold %k = %c0 to %c4 (%acc: add f32) {
      %x = moa.psi %a[%i, %k] : tensor<?x4xf32>
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}
func.func @g(%a: tensor<?x4xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xf32>
  %0 = moa.array (%i) in (%n) {
    %x = moa.psi %a[%i, %c0] : tensor<?x4xf32>
    moa.yield %x : f32
  } : tensor<?xf32>
  return %0 : tensor<?xf32>
}
