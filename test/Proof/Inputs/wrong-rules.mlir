// Laws that do not hold, each an error that is easily made: the query for each
// pair must have a counterexample (test/Proof/test_simplify.py).

// The union of the axes instead of those of one of the two.
func.func @reverse_union(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {moa.equals = @reverse_union_wrong} {
  %0 = moa.reverse %a axes [1] : tensor<?x?xf32>
  %1 = moa.reverse %0 axes [0, 1] : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}
func.func @reverse_union_wrong(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.reverse %a axes [0, 1] : tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// The product in the other order.
func.func @transpose_order(%a: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> attributes {moa.equals = @transpose_order_wrong} {
  %0 = moa.transpose %a permutation [1, 2, 0] : tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  %1 = moa.transpose %0 permutation [2, 1, 0] : tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  return %1 : tensor<?x?x?xf32>
}
func.func @transpose_order_wrong(%a: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %0 = moa.transpose %a permutation [1, 0, 2] : tensor<?x?x?xf32> -> tensor<?x?x?xf32>
  return %0 : tensor<?x?x?xf32>
}

// The difference of the counts.
func.func @rotate_difference(%a: tensor<?xf32>, %c: index, %d: index) -> tensor<?xf32> attributes {moa.equals = @rotate_difference_wrong} {
  %0 = moa.rotate %a[%c] : tensor<?xf32>
  %1 = moa.rotate %0[%d] : tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @rotate_difference_wrong(%a: tensor<?xf32>, %c: index, %d: index) -> tensor<?xf32> {
  %e = arith.subi %c, %d : index
  %0 = moa.rotate %a[%e] : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Without the premise that the outer count is not the larger one.
func.func @take_larger(%a: tensor<?xf32>) -> tensor<5xf32> attributes {moa.equals = @take_larger_wrong} {
  %0 = moa.take %a[3] : tensor<?xf32> -> tensor<3xf32>
  %1 = moa.take %0[5] : tensor<3xf32> -> tensor<5xf32>
  return %1 : tensor<5xf32>
}
func.func @take_larger_wrong(%a: tensor<?xf32>) -> tensor<5xf32> {
  %0 = moa.take %a[5] : tensor<?xf32> -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// Without the premise that counts are not negative.
func.func @drop_signs(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @drop_signs_wrong} {
  %0 = moa.drop %a[3] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.drop %0[-2] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @drop_signs_wrong(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.drop %a[1] : tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// The take forgets what was dropped.
func.func @drop_take_count(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @drop_take_count_wrong} {
  %0 = moa.take %a[5] : tensor<?xf32> -> tensor<5xf32>
  %1 = moa.drop %0[2] : tensor<5xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @drop_take_count_wrong(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.drop %a[2] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.take %0[5] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// One more than the first part has.
func.func @take_cat_more(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @take_cat_more_wrong} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n1 = arith.addi %n, %c1 : index
  %0 = moa.cat %a, %b axis 0 : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %1 = moa.take %0[%n1] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @take_cat_more_wrong(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n1 = arith.addi %n, %c1 : index
  %0 = moa.take %a[%n1] : tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// One less than the first part has.
func.func @drop_cat_less(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @drop_cat_less_wrong} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %n1 = arith.addi %n, %c1 : index
  %0 = moa.cat %a, %b axis 0 : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  %1 = moa.drop %0[%n1] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @drop_cat_less_wrong(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  return %b : tensor<?xf32>
}

// The parts in the other order.
func.func @cat_order(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @cat_order_wrong} {
  %0 = moa.drop %a[1] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.take %a[1] : tensor<?xf32> -> tensor<1xf32>
  %2 = moa.cat %0, %1 axis 0 : tensor<?xf32>, tensor<1xf32> -> tensor<?xf32>
  return %2 : tensor<?xf32>
}
func.func @cat_order_wrong(%a: tensor<?xf32>) -> tensor<?xf32> {
  return %a : tensor<?xf32>
}

// Right unless the array has no element: then the first part overtakes.
func.func @cat_overtake(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @cat_overtake_wrong} {
  %0 = moa.take %a[1] : tensor<?xf32> -> tensor<1xf32>
  %1 = moa.drop %a[1] : tensor<?xf32> -> tensor<?xf32>
  %2 = moa.cat %0, %1 axis 0 : tensor<1xf32>, tensor<?xf32> -> tensor<?xf32>
  return %2 : tensor<?xf32>
}
func.func @cat_overtake_wrong(%a: tensor<?xf32>) -> tensor<?xf32> {
  return %a : tensor<?xf32>
}

// The drop on the wrong end.
func.func @drop_reverse_end(%a: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @drop_reverse_end_wrong} {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  %1 = moa.drop %0[2] : tensor<?xf32> -> tensor<?xf32>
  return %1 : tensor<?xf32>
}
func.func @drop_reverse_end_wrong(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.drop %a[2] : tensor<?xf32> -> tensor<?xf32>
  %1 = moa.reverse %0 axes [0] : tensor<?xf32>
  return %1 : tensor<?xf32>
}

// A reverse along another axis than the drop's.
func.func @drop_reverse_axis(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {moa.equals = @drop_reverse_axis_wrong} {
  %0 = moa.reverse %a axes [1] : tensor<?x?xf32>
  %1 = moa.drop %0[2] : tensor<?x?xf32> -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}
func.func @drop_reverse_axis_wrong(%a: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = moa.drop %a[-2] : tensor<?x?xf32> -> tensor<?x?xf32>
  %1 = moa.reverse %0 axes [1] : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// The take on the wrong end.
func.func @take_reverse_end(%a: tensor<?xf32>) -> tensor<2xf32> attributes {moa.equals = @take_reverse_end_wrong} {
  %0 = moa.reverse %a axes [0] : tensor<?xf32>
  %1 = moa.take %0[2] : tensor<?xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}
func.func @take_reverse_end_wrong(%a: tensor<?xf32>) -> tensor<2xf32> {
  %0 = moa.take %a[2] : tensor<?xf32> -> tensor<2xf32>
  %1 = moa.reverse %0 axes [0] : tensor<2xf32>
  return %1 : tensor<2xf32>
}

// The order of the elements in column-major order.
func.func @reshape_order(%a: tensor<4x6xf32>) -> tensor<6x4xf32> attributes {moa.equals = @reshape_order_wrong} {
  %0 = moa.reshape %a[6, 4] : tensor<4x6xf32> -> tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}
func.func @reshape_order_wrong(%a: tensor<4x6xf32>) -> tensor<6x4xf32> {
  %0 = moa.transpose %a permutation [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}

// A gather from the second row on.
func.func @gather_shift(%a: tensor<8xf32>) -> tensor<4xf32> attributes {moa.equals = @gather_shift_wrong} {
  %0 = moa.iota : tensor<4xindex>
  %1 = moa.gather %a[%0] axis 0 : tensor<8xf32>, tensor<4xindex> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func @gather_shift_wrong(%a: tensor<8xf32>) -> tensor<4xf32> {
  %0 = moa.drop %a[1] : tensor<8xf32> -> tensor<7xf32>
  %1 = moa.take %0[4] : tensor<7xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Something else is done with the elements.
func.func @other_function(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> attributes {moa.equals = @other_function_wrong} {
  %0 = moa.map %a, %b {
  ^bb0(%x: f32, %y: f32):
    %z = arith.subf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
func.func @other_function_wrong(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %0 = moa.map %b, %a {
  ^bb0(%x: f32, %y: f32):
    %z = arith.subf %x, %y : f32
    moa.yield %z : f32
  } : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
