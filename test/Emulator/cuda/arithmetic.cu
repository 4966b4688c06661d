// Arithmetic of all widths, the mathematical functions, a softmax, a product.
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

extern "C" __global__ void functions(const float *in, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  float x = in[i];
  out[0 * n + i] = expf(x);
  out[1 * n + i] = logf(fabsf(x) + 1e-3f);
  out[2 * n + i] = sinf(x);
  out[3 * n + i] = tanhf(x);
  out[4 * n + i] = sqrtf(fabsf(x));
  out[5 * n + i] = 1.0f / (1.0f + x * x);
  out[6 * n + i] = erff(x);
  out[7 * n + i] = powf(fabsf(x) + 0.1f, 1.5f);
}

extern "C" __global__ void doubles(const double *in, double *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  double x = in[i];
  out[0 * n + i] = exp(x);
  out[1 * n + i] = log(fabs(x) + 1e-3);
  out[2 * n + i] = x / 3.0;
  out[3 * n + i] = sqrt(fabs(x));
}

extern "C" __global__ void halves(const __half *a, const __half *b, __half *out,
                                  int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  out[i] = __hfma(a[i], b[i], __hadd(a[i], b[i]));
}

extern "C" __global__ void bfloats(const __nv_bfloat16 *a, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    out[i] = __bfloat162float(__float2bfloat16(__bfloat162float(a[i]) * 3.0f));
}

extern "C" __global__ void integers(const int64_t *a, const int64_t *b,
                                    int64_t *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  int64_t x = a[i], y = b[i];
  out[0 * n + i] = x / y;
  out[1 * n + i] = x % y;
  out[2 * n + i] = __mul64hi(x, y);
  out[3 * n + i] = (int64_t)(uint32_t)x * (uint32_t)y;
  out[4 * n + i] = (int16_t)x >> 3;
  out[5 * n + i] = (int64_t)((double)x * 0.5);
}

extern "C" __global__ void softmax(const float *in, float *out, int columns) {
  __shared__ float part[32];
  const float *row = in + blockIdx.x * columns;
  float most = -INFINITY;
  for (int i = threadIdx.x; i < columns; i += 32)
    most = fmaxf(most, row[i]);
  for (int d = 16; d; d /= 2)
    most = fmaxf(most, __shfl_xor_sync(0xffffffff, most, d));
  float sum = 0;
  for (int i = threadIdx.x; i < columns; i += 32)
    sum += __expf(row[i] - most);
  part[threadIdx.x] = sum;
  __syncwarp();
  for (int d = 16; d; d /= 2) {
    if (threadIdx.x < d)
      part[threadIdx.x] += part[threadIdx.x + d];
    __syncwarp();
  }
  for (int i = threadIdx.x; i < columns; i += 32)
    out[blockIdx.x * columns + i] = __expf(row[i] - most) / part[0];
}

extern "C" __global__ void matmul(const float *a, const float *b, float *c,
                                  int m, int n, int k) {
  __shared__ float sa[16][16], sb[16][16];
  int row = blockIdx.y * 16 + threadIdx.y, col = blockIdx.x * 16 + threadIdx.x;
  float sum = 0;
  for (int t = 0; t < k; t += 16) {
    sa[threadIdx.y][threadIdx.x] =
        row < m && t + threadIdx.x < k ? a[row * k + t + threadIdx.x] : 0;
    sb[threadIdx.y][threadIdx.x] =
        t + threadIdx.y < k && col < n ? b[(t + threadIdx.y) * n + col] : 0;
    __syncthreads();
    for (int i = 0; i < 16; ++i)
      sum += sa[threadIdx.y][i] * sb[i][threadIdx.x];
    __syncthreads();
  }
  if (row < m && col < n)
    c[row * n + col] = sum;
}
