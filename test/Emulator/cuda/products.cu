// Matrix products: tiled, wmma, mma.sync with ldmatrix and cp.async, wgmma.
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_pipeline.h>
#include <mma.h>

using namespace nvcuda;

// C[m][n] = A[m][k] B[k][n], a warp for 16 x 16 of it.
extern "C" __global__ void product_wmma(const half *a, const half *b, float *c,
                                        int n, int k) {
  int row = 16 * blockIdx.y, column = 16 * blockIdx.x;
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> fb;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> fc;
  wmma::fill_fragment(fc, 0);
  for (int i = 0; i < k; i += 16) {
    wmma::load_matrix_sync(fa, a + row * k + i, k);
    wmma::load_matrix_sync(fb, b + i * n + column, n);
    wmma::mma_sync(fc, fa, fb, fc);
  }
  wmma::store_matrix_sync(c + row * n + column, fc, n, wmma::mem_row_major);
}

// Bytes: 32 x 8 x 16, columns of b.
extern "C" __global__ void product_wmma_int(const signed char *a,
                                            const signed char *b, int *c,
                                            int n, int k) {
  int row = 32 * blockIdx.y, column = 8 * blockIdx.x;
  wmma::fragment<wmma::matrix_a, 32, 8, 16, signed char, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 32, 8, 16, signed char, wmma::col_major> fb;
  wmma::fragment<wmma::accumulator, 32, 8, 16, int> fc;
  wmma::fill_fragment(fc, 0);
  for (int i = 0; i < k; i += 16) {
    wmma::load_matrix_sync(fa, a + row * k + i, k);
    wmma::load_matrix_sync(fb, b + column * k + i, k);
    wmma::mma_sync(fc, fa, fb, fc);
  }
  wmma::store_matrix_sync(c + row * n + column, fc, n, wmma::mem_row_major);
}

__device__ unsigned sharedAddress(const void *p) {
  return unsigned(__cvta_generic_to_shared(p));
}

// C[64][64] = A[64][k] B[64][k]^T in bf16: four warps, two stages of cp.async.
extern "C" __global__ void product_mma(const __nv_bfloat16 *a,
                                       const __nv_bfloat16 *b, float *c,
                                       int k) {
  constexpr int step = 32, pitch = step + 8;
  __shared__ alignas(16) __nv_bfloat16 sa[2][64][pitch], sb[2][64][pitch];
  int t = threadIdx.x, warp = t / 32, lane = t % 32;
  auto fetch = [&](int stage, int k0) {
    for (int i = t; i < 64 * step / 8; i += 128) {
      int row = i / (step / 8), column = i % (step / 8) * 8;
      __pipeline_memcpy_async(&sa[stage][row][column],
                              a + row * k + k0 + column, 16);
      __pipeline_memcpy_async(&sb[stage][row][column],
                              b + row * k + k0 + column, 16);
    }
    __pipeline_commit();
  };
  float sum[8][4] = {};
  fetch(0, 0);
  for (int k0 = 0, stage = 0; k0 < k; k0 += step, stage ^= 1) {
    if (k0 + step < k) {
      fetch(stage ^ 1, k0 + step);
      __pipeline_wait_prior(1);
    } else {
      __pipeline_wait_prior(0);
    }
    __syncthreads();
    for (int kk = 0; kk < step; kk += 16) {
      unsigned fa[4], fb[2];
      asm volatile(
          "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
          : "=r"(fa[0]), "=r"(fa[1]), "=r"(fa[2]), "=r"(fa[3])
          : "r"(sharedAddress(
              &sa[stage][16 * warp + lane % 16][kk + lane / 16 * 8])));
      for (int j = 0; j < 8; ++j) {
        asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0,%1}, [%2];"
                     : "=r"(fb[0]), "=r"(fb[1])
                     : "r"(sharedAddress(
                         &sb[stage][8 * j + lane % 8]
                            [kk + lane / 8 % 2 * 8])));
        asm volatile(
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
            "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
            : "+f"(sum[j][0]), "+f"(sum[j][1]), "+f"(sum[j][2]),
              "+f"(sum[j][3])
            : "r"(fa[0]), "r"(fa[1]), "r"(fa[2]), "r"(fa[3]), "r"(fb[0]),
              "r"(fb[1]));
      }
    }
    __syncthreads();
  }
  for (int j = 0; j < 8; ++j)
    for (int i = 0; i < 4; ++i)
      c[(16 * warp + lane / 4 + i / 2 * 8) * 64 + 8 * j + lane % 4 * 2 +
        i % 2] = sum[j][i];
}

// C[64][32] = A[64][64] B[32][64]^T with wgmma, both in the 128-byte swizzle.
extern "C" __global__ void product_wgmma(const half *a, const half *b,
                                         float *c) {
  __shared__ alignas(1024) unsigned char sa[64 * 128], sb[32 * 128];
  int t = threadIdx.x;
  auto place = [](unsigned char *to, int row, int column) -> half * {
    int chunk = column / 8 ^ row % 8;
    return (half *)(to + row * 128 + chunk * 16 + column % 8 * 2);
  };
  for (int i = t; i < 64 * 64; i += 128)
    *place(sa, i / 64, i % 64) = a[i];
  for (int i = t; i < 32 * 64; i += 128)
    *place(sb, i / 64, i % 64) = b[i];
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  __syncthreads();
  auto descriptor = [](const void *p) {
    uint64_t address = sharedAddress(p);
    return (address & 0x3ffff) >> 4 | uint64_t(1) << 16 |
           uint64_t(1024 >> 4) << 32 | uint64_t(1) << 62;
  };
  float d[16];
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
  for (int kk = 0; kk < 4; ++kk)
    asm volatile(
        "{.reg .pred p; setp.ne.b32 p, %18, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n32k16.f32.f16.f16 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15}, "
        "%16, %17, p, 1, 1, 0, 0;}\n"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]),
          "+f"(d[5]), "+f"(d[6]), "+f"(d[7]), "+f"(d[8]), "+f"(d[9]),
          "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]), "+f"(d[14]),
          "+f"(d[15])
        : "l"(descriptor(sa) + 2 * kk), "l"(descriptor(sb) + 2 * kk), "r"(kk));
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
  asm volatile("wgmma.wait_group.sync.aligned 0;"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]),
                 "+f"(d[5]), "+f"(d[6]), "+f"(d[7]), "+f"(d[8]), "+f"(d[9]),
                 "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]),
                 "+f"(d[14]), "+f"(d[15])::"memory");
  int warp = t / 32, lane = t % 32;
  for (int i = 0; i < 16; ++i)
    c[(16 * warp + lane / 4 + i % 4 / 2 * 8) * 32 + i / 4 * 8 + lane % 4 * 2 +
      i % 2] = d[i];
}
