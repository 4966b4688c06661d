// REQUIRES: ptxas
// Every function of the example becomes a kernel that ptxas takes, for each
// family of chips.

// RUN: moa-opt %moa_src/examples/attention.mlir --moa-to-gpu="chip=sm_80 format=cubin" | FileCheck %s
// RUN: moa-opt %moa_src/examples/attention.mlir --moa-to-gpu="chip=sm_90a format=cubin" | FileCheck %s
// RUN: moa-compile %moa_src/examples/attention.mlir --chip=sm_100a --entry causal_bf16 --entry gqa_f32 -o %t.cubin
// RUN: moa-compile %moa_src/examples/attention.mlir --chip=sm_120a --entry causal_bf16 --entry gqa_f32 -o %t.fatbin

// CHECK-DAG: gpu.launch_func @moa_kernels::@attention_f32_kernel0
// CHECK-DAG: gpu.launch_func @moa_kernels::@attention_f64_kernel0
// CHECK-DAG: gpu.launch_func @moa_kernels::@attention_bf16_kernel0
// CHECK-DAG: gpu.launch_func @moa_kernels::@causal_f32_kernel0
// CHECK-DAG: gpu.launch_func @moa_kernels::@naive_f32_kernel0
// CHECK-DAG: gpu.binary @moa_kernels {{.*}} bin = "\7FELF
