// RUN: moa-opt %s --moa-annotate-gpu-loops --split-input-file | FileCheck %s

// Both loops of a nest, and nothing else.

// CHECK: #[[$UNROLL:.*]] = #llvm.loop_unroll<runtimeDisable = true>
// CHECK: #[[$LOOP:.*]] = #llvm.loop_annotation<unroll = #[[$UNROLL]]>
// CHECK-LABEL: llvm.func @nest
// CHECK:         llvm.br ^bb1({{[^{]*$}}
// CHECK:       ^bb1
// CHECK:         llvm.cond_br {{[^{]*$}}
// CHECK:       ^bb2
// CHECK:         llvm.br ^bb3({{[^{]*$}}
// CHECK:       ^bb3
// CHECK:         llvm.cond_br {{.*}}, ^bb3(%{{.*}} : i64), ^bb4 {loop_annotation = #[[$LOOP]]}
// CHECK:       ^bb4
// CHECK:         llvm.br ^bb1(%{{.*}} : i64) {loop_annotation = #[[$LOOP]]}
gpu.module @kernels {
  llvm.func @nest(%n: i64) {
    %zero = llvm.mlir.constant(0 : i64) : i64
    %one = llvm.mlir.constant(1 : i64) : i64
    llvm.br ^outer(%zero : i64)
  ^outer(%i: i64):
    %more = llvm.icmp "slt" %i, %n : i64
    llvm.cond_br %more, ^body, ^done
  ^body:
    llvm.br ^inner(%zero : i64)
  ^inner(%j: i64):
    %k = llvm.add %j, %one : i64
    %again = llvm.icmp "slt" %k, %n : i64
    llvm.cond_br %again, ^inner(%k : i64), ^next
  ^next:
    %l = llvm.add %i, %one : i64
    llvm.br ^outer(%l : i64)
  ^done:
    llvm.return
  }
}

// -----

// A declaration and a function without branches stay as they are.

// CHECK-NOT:   loop_annotation
// CHECK-LABEL: llvm.func @outside()
// CHECK-LABEL: llvm.func @straight()
gpu.module @kernels {
  llvm.func @outside()
  llvm.func @straight() {
    llvm.return
  }
}
