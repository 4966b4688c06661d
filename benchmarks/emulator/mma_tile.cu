// A product of half-precision matrices, C = A B with B in columns: blocks of
// 128 by 128, steps of 64 in k, mma.sync on fragments from ldmatrix. Eight
// warps, each 64 by 32. The PTX beside it comes from
//   nvcc -arch=sm_90 -O3 -ptx mma_tile.cu
// It is the kernel by which the emulator's speed is measured.

#include <cuda_fp16.h>

#include <cstdint>

namespace {

constexpr int tile = 128, depth = 64, warps = 8;

/// Rows of 128 bytes; the 16-byte pieces of a row change places with its number
/// so that eight rows of one column are in different banks.
__device__ uint32_t offsetOf(int row, int piece) {
  return row * (depth * 2) + ((piece ^ (row & 7)) << 4);
}

__device__ void fill(char *shared, const __half *from, int first, int k,
                     int step) {
  for (int i = threadIdx.x; i < tile * depth / 8; i += warps * 32) {
    int row = i / 8, piece = i % 8;
    *reinterpret_cast<uint4 *>(shared + offsetOf(row, piece)) =
        *reinterpret_cast<const uint4 *>(from + size_t(first + row) * k + step +
                                         piece * 8);
  }
}

__device__ void loadFour(uint32_t (&r)[4], uint32_t base, int row, int piece) {
  asm volatile(
      "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
      : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
      : "r"(base + offsetOf(row, piece)));
}

} // namespace

extern "C" __global__ void __launch_bounds__(warps * 32)
    mma_tile(const __half *a, const __half *b, float *c, int n, int k) {
  __shared__ __align__(128) char left[tile * depth * 2];
  __shared__ __align__(128) char right[tile * depth * 2];
  uint32_t leftBase = __cvta_generic_to_shared(left);
  uint32_t rightBase = __cvta_generic_to_shared(right);
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  int warpRow = warp / 4 * 64, warpColumn = warp % 4 * 32;
  float sum[4][4][4] = {};
  for (int step = 0; step < k; step += depth) {
    fill(left, a, blockIdx.y * tile, k, step);
    fill(right, b, blockIdx.x * tile, k, step);
    __syncthreads();
#pragma unroll
    for (int kk = 0; kk < depth / 16; ++kk) {
      uint32_t fa[4][4], fb[2][4];
#pragma unroll
      for (int i = 0; i < 4; ++i)
        loadFour(fa[i], leftBase, warpRow + 16 * i + lane % 16,
                 2 * kk + lane / 16);
#pragma unroll
      for (int j = 0; j < 2; ++j)
        loadFour(fb[j], rightBase,
                 warpColumn + 16 * j + lane % 8 + lane / 16 * 8,
                 2 * kk + lane / 8 % 2);
#pragma unroll
      for (int i = 0; i < 4; ++i)
#pragma unroll
        for (int j = 0; j < 4; ++j)
          asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
                       "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                       "{%0, %1, %2, %3};"
                       : "+f"(sum[i][j][0]), "+f"(sum[i][j][1]),
                         "+f"(sum[i][j][2]), "+f"(sum[i][j][3])
                       : "r"(fa[i][0]), "r"(fa[i][1]), "r"(fa[i][2]),
                         "r"(fa[i][3]), "r"(fb[j / 2][j % 2 * 2]),
                         "r"(fb[j / 2][j % 2 * 2 + 1]));
    }
    __syncthreads();
  }
  int row = blockIdx.y * tile + warpRow + lane / 4;
  int column = blockIdx.x * tile + warpColumn + lane % 4 * 2;
#pragma unroll
  for (int i = 0; i < 4; ++i)
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
      for (int half = 0; half < 2; ++half)
        *reinterpret_cast<float2 *>(
            c + size_t(row + 16 * i + 8 * half) * n + column + 8 * j) =
            make_float2(sum[i][j][2 * half], sum[i][j][2 * half + 1]);
}
