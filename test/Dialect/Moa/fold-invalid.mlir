// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @no_result(%lo: index, %hi: index) {
  // expected-error @+1 {{'moa.fold' op needs at least one result}}
  moa.fold %k = %lo to %hi () {
    moa.yield
  }
  return
}

// -----

func.func @unknown_reducer(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{unknown reducer 'sum'}}
  %0 = moa.fold %k = %lo to %hi (%r: sum f32) {
    moa.yield %x : f32
  }
  return
}

// -----

func.func @start_values(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{has 1 start values for 2 results}}
  %0:2 = moa.fold %k = %lo to %hi (%r: add f32, %s: add f32) init(%x) {
    moa.yield %x, %x : f32, f32
  }
  return
}

// -----

// expected-note @+1 {{prior use here}}
func.func @start_value_type(%lo: index, %hi: index, %x: f64, %y: f32) {
  // expected-error @+1 {{use of value '%x' expects different type than prior uses: 'f32' vs 'f64'}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) init(%x) {
    moa.yield %y : f32
  }
  return
}

// -----

func.func @reducer_type(%lo: index, %hi: index, %x: i1) {
  // expected-error @+1 {{'moa.fold' op reducer 'add' is not defined on 'i1'}}
  %0 = moa.fold %k = %lo to %hi (%r: add i1) {
    moa.yield %x : i1
  }
  return
}

// -----

func.func @element_type(%lo: index, %hi: index, %x: i16) {
  // expected-error @+1 {{'moa.fold' op result #0 must be variadic of f16, bf16, f32, f64, i1, i8, i32, i64 or index, but got 'i16'}}
  %0 = moa.fold %k = %lo to %hi (%r: add i16) {
    moa.yield %x : i16
  }
  return
}

// -----

func.func @yields(%lo: index, %hi: index, %x: f64) {
  // expected-error @+1 {{'moa.fold' op region 'body' must yield 'f32' as value #0, but yields 'f64'}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    moa.yield %x : f64
  }
  return
}

// -----

func.func @own_running_value(%lo: index, %hi: index) {
  // expected-error @+1 {{'moa.fold' op element #0 depends on running value #0; it may use only those before it}}
  %0 = moa.fold %k = %lo to %hi (%r: add index) {
    %x = arith.addi %r, %k : index
    moa.yield %x : index
  }
  return
}

// -----

func.func @later_running_value(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op element #0 depends on running value #1; it may use only those before it}}
  %0:2 = moa.fold %k = %lo to %hi (%r: add f32, %s: add f32) {
    moa.yield %s, %x : f32, f32
  }
  return
}

// -----

// Within a nested fold, and through a branch.
func.func @nested_running_value(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op element #0 depends on running value #1; it may use only those before it}}
  %0:2 = moa.fold %k = %lo to %hi (%r: add f32, %s: add f32) {
    %e = moa.fold %l = %lo to %hi (%t: add f32) {
      moa.yield %s : f32
    }
    moa.yield %e, %x : f32, f32
  }
  return
}

// -----

func.func @running_value_in_branch(%lo: index, %hi: index, %c: i1, %x: f32) {
  // expected-error @+1 {{'moa.fold' op element #0 depends on running value #0; it may use only those before it}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    %e = scf.if %c -> f32 {
      scf.yield %r : f32
    } else {
      scf.yield %x : f32
    }
    moa.yield %e : f32
  }
  return
}

// -----

func.func @correct_arguments(%lo: index, %hi: index, %x: f32) {
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    moa.yield %x : f32
  // expected-error @+1 {{expected 1 arguments, one for each result}}
  } correct (%old, %more) to (%new) {
    moa.yield %old : f32
  }
  return
}

// -----

func.func @correct_yields(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op region 'correct' must yield 1 values, but yields 2}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    moa.yield %x : f32
  } correct (%old) to (%new) {
    moa.yield %old, %old : f32, f32
  }
  return
}

// -----

func.func @correct_by_later_old(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op corrected value #0 depends on old value #1; it may use only those up to its own}}
  %0:2 = moa.fold %k = %lo to %hi (%r: add f32, %s: add f32) {
    moa.yield %x, %x : f32, f32
  } correct (%o0, %o1) to (%n0, %n1) {
    moa.yield %o1, %o1 : f32, f32
  }
  return
}

// -----

func.func @correct_by_own_new(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op corrected value #1 depends on new value #1; it may use only those before it}}
  %0:2 = moa.fold %k = %lo to %hi (%r: add f32, %s: add f32) {
    moa.yield %x, %x : f32, f32
  } correct (%o0, %o1) to (%n0, %n1) {
    %c = arith.mulf %o1, %n1 : f32
    moa.yield %o0, %c : f32, f32
  }
  return
}

// -----

func.func @custom_without_init(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op reducer 'custom' needs a start value}}
  %0 = moa.fold %k = %lo to %hi (%r: custom f32 combine (%a, %b) {
    moa.yield %b : f32
  }) {
    moa.yield %x : f32
  }
  return
}

// -----

func.func @custom_without_combiner(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{expected 'combine'}}
  %0 = moa.fold %k = %lo to %hi (%r: custom f32) init(%x) {
    moa.yield %x : f32
  }
  return
}

// -----

func.func @combiner_arguments(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{expected 2 arguments, the accumulated and the next value}}
  %0 = moa.fold %k = %lo to %hi (%r: custom f32 combine (%a) {
    moa.yield %a : f32
  }) init(%x) {
    moa.yield %x : f32
  }
  return
}

// -----

func.func @combiner_yields(%lo: index, %hi: index, %x: f32) {
  // expected-error @+1 {{'moa.fold' op region 'combine' must yield 1 values, but yields 0}}
  %0 = moa.fold %k = %lo to %hi (%r: custom f32 combine (%a, %b) {
    moa.yield
  }) init(%x) {
    moa.yield %x : f32
  }
  return
}

// -----

func.func @array_code(%lo: index, %hi: index, %x: f32, %a: tensor<4x4xf32>) {
  // expected-error @+1 {{'moa.fold' op region 'body' must be scalar code, but 'moa.psi' in it yields 'tensor<4xf32>'}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    %row = moa.psi %a[%k] : tensor<4x4xf32>
    moa.yield %x : f32
  }
  return
}

// -----

func.func @bound_type(%lo: i64, %hi: index, %x: f32) {
  // expected-note @-1 {{prior use here}}
  // expected-error @+1 {{use of value '%lo' expects different type than prior uses: 'index' vs 'i64'}}
  %0 = moa.fold %k = %lo to %hi (%r: add f32) {
    moa.yield %x : f32
  }
  return
}
