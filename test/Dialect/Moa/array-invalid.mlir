// RUN: moa-opt %s --split-input-file --verify-diagnostics

func.func @axes_and_extents(%n: index) {
  // expected-error @+1 {{has 2 axes, but 1 extents}}
  %0 = moa.array (%i, %j) in (%n) {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @negative_extent() {
  // expected-error @+1 {{'moa.array' op extent -3 is negative}}
  %0 = moa.array (%i) in (-3) {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @no_result(%n: index) {
  // expected-error @+1 {{'moa.array' op needs at least one result or buffer}}
  moa.array (%i) in (%n) {
    moa.yield
  }
  return
}

// -----

func.func @results_and_maps(%n: index) {
  // expected-error @+1 {{'moa.array' op has 1 maps for 2 results}}
  %0:2 = moa.array (%i) in (%n) maps [affine_map<(d0) -> (d0)>] {
    moa.yield %i, %i : index, index
  } : tensor<?xindex>, tensor<?xindex>
  return
}

// -----

func.func @maps_of_other_kind(%n: index) {
  // expected-error @+1 {{'moa.array' op attribute 'maps' failed to satisfy constraint: AffineMap array attribute}}
  %0 = moa.array (%i) in (%n) maps [1 : i64] {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @maps_no_list(%n: index) {
  // expected-error @+1 {{invalid kind of attribute specified}}
  %0 = moa.array (%i) in (%n) maps affine_map<(d0) -> (d0)> {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @map_of_other_dims(%n: index) {
  // expected-error @+1 {{'moa.array' op map #0 must be a projected permutation of 1 axes, but is affine_map<(d0, d1) -> (d0)>}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0, d1) -> (d0)>] {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @map_with_symbol(%n: index) {
  // expected-error @+1 {{'moa.array' op map #0 must be a projected permutation of 1 axes, but is affine_map<(d0)[s0] -> (d0)>}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0)[s0] -> (d0)>] {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @map_no_permutation(%n: index) {
  // expected-error @+1 {{'moa.array' op map #0 must be a projected permutation of 1 axes, but is affine_map<(d0) -> (d0, d0)>}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> (d0, d0)>] {
    moa.yield %i : index
  } : tensor<?x?xindex>
  return
}

// -----

func.func @map_with_constant(%n: index) {
  // expected-error @+1 {{'moa.array' op map #0 must be a projected permutation of 1 axes, but is affine_map<(d0) -> (0)>}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> (0)>] {
    moa.yield %i : index
  } : tensor<1xindex>
  return
}

// -----

func.func @result_shape(%n: index) {
  // expected-error @+1 {{'moa.array' op result #0 must be 'tensor<?x4xindex>' or compatible, but is 'tensor<?x5xindex>'}}
  %0 = moa.array (%i, %j) in (%n, 4) maps [affine_map<(d0, d1) -> (d0, d1)>] {
    moa.yield %i : index
  } : tensor<?x5xindex>
  return
}

// -----

func.func @result_rank(%n: index) {
  // expected-error @+1 {{'moa.array' op result #0 must be 'tensor<?xindex>' or compatible, but is 'tensor<?x?xindex>'}}
  %0 = moa.array (%i) in (%n) {
    moa.yield %i : index
  } : tensor<?x?xindex>
  return
}

// -----

func.func @result_element(%n: index, %x: f64) {
  // expected-error @+1 {{'moa.array' op region 'body' must yield 'f32' as value #0, but yields 'f64'}}
  %0 = moa.array (%i) in (%n) {
    moa.yield %x : f64
  } : tensor<?xf32>
  return
}

// -----

func.func @yields_too_few(%n: index) {
  // expected-error @+1 {{'moa.array' op region 'body' must yield 2 values, but yields 1}}
  %0:2 = moa.array (%i) in (%n) {
    moa.yield %i : index
  } : tensor<?xindex>, tensor<?xindex>
  return
}

// -----

func.func @varies_along_missing_axis(%n: index) {
  // expected-error @+1 {{'moa.array' op result #1 depends on axis 1, which its map leaves out}}
  %0:2 = moa.array (%i, %j) in (%n, 4)
      maps [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>] {
    %x = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%i, %j)
    moa.yield %x, %x : index, index
  } : tensor<?x4xindex>, tensor<?xindex>
  return
}

// -----

// Through the bounds of a fold, a branch and a loop.
func.func @varies_through_fold(%n: index, %x: f32) {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{'moa.array' op result #0 depends on axis 0, which its map leaves out}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    %s = moa.fold %k = %c0 to %i (%r: add f32) {
      moa.yield %x : f32
    }
    moa.yield %s : f32
  } : tensor<f32>
  return
}

// -----

func.func @varies_through_branch(%n: index, %x: f32, %y: f32) {
  // expected-error @+1 {{'moa.array' op result #0 depends on axis 0, which its map leaves out}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    %c = arith.cmpi slt, %i, %n : index
    %s = scf.if %c -> f32 {
      scf.yield %x : f32
    } else {
      scf.yield %y : f32
    }
    moa.yield %s : f32
  } : tensor<f32>
  return
}

// -----

func.func @varies_through_loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{'moa.array' op result #0 depends on axis 0, which its map leaves out}}
  %0 = moa.array (%i) in (%n) maps [affine_map<(d0) -> ()>] {
    %s = scf.for %k = %c0 to %n step %c1 iter_args(%t = %i) -> index {
      scf.yield %t : index
    }
    moa.yield %s : index
  } : tensor<index>
  return
}

// -----

func.func @destination_count(%n: index, %o: tensor<?xindex>) {
  // expected-error @+1 {{'moa.array' op has 1 destinations for 2 results}}
  %0:2 = moa.array (%i) in (%n) outs(%o : tensor<?xindex>) {
    moa.yield %i, %i : index, index
  } : tensor<?xindex>, tensor<?xindex>
  return
}

// -----

func.func @destination_type(%n: index, %o: tensor<3xindex>) {
  // expected-error @+1 {{'moa.array' op destination #0 has type 'tensor<3xindex>', but its result has 'tensor<?xindex>'}}
  %0 = moa.array (%i) in (%n) outs(%o : tensor<3xindex>) {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @buffer_and_result(%n: index, %o: memref<?xindex>) {
  // expected-error @+1 {{'moa.array' op writes to buffers and has results as well}}
  %0 = moa.array (%i) in (%n) outs(%o : memref<?xindex>) {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @buffer_and_array(%n: index, %o: memref<?xindex>, %t: tensor<?xindex>) {
  // expected-error @+1 {{'moa.array' op mixes buffers and arrays as destinations}}
  moa.array (%i) in (%n) outs(%o, %t : memref<?xindex>, tensor<?xindex>) {
    moa.yield %i, %i : index, index
  }
  return
}

// -----

func.func @buffer_shape(%o: memref<4xindex>) {
  // expected-error @+1 {{'moa.array' op buffer #0 must be 'tensor<3xindex>' or compatible, but is 'memref<4xindex>'}}
  moa.array (%i) in (3) outs(%o : memref<4xindex>) {
    moa.yield %i : index
  }
  return
}

// -----

func.func @writes(%n: index, %o: memref<?xf32>, %x: f32) {
  // expected-error @+1 {{'moa.array' op region 'body' must be pure, but holds 'memref.store'}}
  %0 = moa.array (%i) in (%n) {
    memref.store %x, %o[%i] : memref<?xf32>
    moa.yield %x : f32
  } : tensor<?xf32>
  return
}

// -----

func.func @array_in_array(%n: index) {
  // expected-error @+1 {{'moa.array' op region 'body' must be scalar code, but 'moa.array' in it yields 'tensor<?xindex>'}}
  %0 = moa.array (%i) in (%n) {
    %t = moa.array (%j) in (%n) {
      moa.yield %j : index
    } : tensor<?xindex>
    moa.yield %i : index
  } : tensor<?xindex>
  return
}

// -----

func.func @yields_no_element(%n: index, %x: i16) {
  // expected-error @+1 {{'moa.array' op result #0 must be variadic of ranked tensor of}}
  %0 = moa.array (%i) in (%n) {
    moa.yield %x : i16
  } : tensor<?xi16>
  return
}

// -----

func.func @outs_without_type(%n: index, %o: tensor<?xindex>) {
  // expected-error @+1 {{expected ':'}}
  %0 = moa.array (%i) in (%n) outs(%o) {
    moa.yield %i : index
  } : tensor<?xindex>
  return
}
