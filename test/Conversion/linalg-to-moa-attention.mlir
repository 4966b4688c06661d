// RUN: moa-opt %S/Inputs/torch_naive.mlir --convert-linalg-to-moa --moa-psi-reduce --moa-fuse-folds --canonicalize --cse --moa-verify-dnf | FileCheck %s --check-prefixes=TOWER,STATIC
// RUN: moa-opt %S/Inputs/torch_dynamic.mlir --convert-linalg-to-moa --moa-psi-reduce --moa-fuse-folds --canonicalize --cse --moa-verify-dnf | FileCheck %s --check-prefixes=TOWER,DYNAMIC
// RUN: moa-opt %S/Inputs/torch_causal.mlir --convert-linalg-to-moa --moa-psi-reduce --moa-fuse-folds --canonicalize --cse --moa-verify-dnf | FileCheck %s --check-prefix=CAUSAL
// RUN: moa-opt %S/Inputs/torch_block.mlir --convert-linalg-to-moa --moa-psi-reduce --moa-fuse-folds --canonicalize --cse --moa-verify-dnf | FileCheck %s --check-prefix=BLOCK

// Attention as torch-mlir exports it becomes one array with one tower: row
// maximum, row sum and output. Inputs/export_torch.py made the programs.

// TOWER-LABEL: func.func @
// STATIC: moa.array (%[[B:.*]], %[[H:.*]], %[[I:.*]], %[[E:.*]]) in (2, 3, 5, 8) {
// DYNAMIC: moa.array (%[[B:.*]], %[[H:.*]], %[[I:.*]], %[[E:.*]]) in (2, 3, %{{.*}}, 8) {
// TOWER: %[[S:.*]]:3 = moa.fold %[[K:.*]] = %{{.*}} to %{{.*}} (%{{.*}}: max f32, %{{.*}}: add f32, %{{.*}}: add f32) {
// TOWER:   moa.fold %[[D:.*]] = %{{.*}} to %{{.*}} (%{{.*}}: add f32) {
// TOWER:     moa.psi %{{.*}}[%[[B]], %[[H]], %[[I]], %[[D]]]
// STATIC:    moa.psi %{{.*}}[%[[B]], %[[H]], %[[K]], %[[D]]]
// TOWER:   math.exp
// TOWER:   moa.psi %{{.*}}[%[[B]], %[[H]], %[[K]], %[[E]]]
// TOWER: } correct (
// TOWER: arith.divf
// TOWER-NOT: moa.{{array|fold}}

// With a mask: one tower as well. Its first state says whether a row has no
// key; a condition on it leaves the fold.
// CAUSAL-LABEL: func.func @causal
// CAUSAL: moa.array
// CAUSAL: moa.fold %{{.*}} = %{{.*}} to %{{.*}} (%{{.*}}: and i1, %{{.*}}: max f32, %{{.*}}: add f32, %{{.*}}: add f32) {
// CAUSAL:   moa.fold
// CAUSAL: } correct (
// CAUSAL-NOT: moa.{{array|fold}}

// The array that the unconverted operation reads is stored.
// BLOCK-LABEL: func.func @block
// BLOCK: moa.array
// BLOCK: linalg.generic
// BLOCK-SAME: ins(%{{[0-9]+}}
// BLOCK: return
