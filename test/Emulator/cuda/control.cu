// Divergence, recursion, function pointers, printf, local arrays, switch.
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
#include <cstdint>
#include <cstdio>

__device__ __noinline__ unsigned fibonacci(unsigned n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
extern "C" __global__ void recursion(unsigned *out) {
  out[threadIdx.x] = fibonacci(threadIdx.x % 12);
}

typedef float (*Function)(float);
__device__ __noinline__ float twice(float x) { return 2 * x; }
__device__ __noinline__ float square(float x) { return x * x; }
__device__ __noinline__ float minus(float x) { return -x; }
__device__ Function functions[3] = {twice, square, minus};
extern "C" __global__ void pointers(float *data) {
  data[threadIdx.x] = functions[threadIdx.x % 3](data[threadIdx.x]);
}

extern "C" __global__ void hello(int value) {
  if (threadIdx.x == 3)
    printf("thread %d says %d %s %.2f\n", threadIdx.x, value, "text", 0.5);
}

extern "C" __global__ void choose(const int *in, int *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  int local[16], v = in[i];
  for (int k = 0; k < 16; ++k)
    local[k] = k * v;
  int r;
  switch (v & 7) {
  case 0: r = local[v & 15]; break;
  case 1: r = v / 3; break;
  case 2: r = v % 7; break;
  case 3: r = v << 3; break;
  case 4: r = __popc(v); break;
  case 5: r = __clz(v); break;
  case 6: r = __brev(v); break;
  default: r = -v; break;
  }
  while (r > 100000)
    r = (r >> 1) ^ (r & 1);
  out[i] = r;
}

// A lock that lanes of one warp fight for.
extern "C" __global__ void spin(int *lock, int *count) {
  for (bool done = false; !done;) {
    if (atomicCAS(lock, 0, 1) == 0) {
      *(volatile int *)count = *(volatile int *)count + 1;
      __threadfence();
      atomicExch(lock, 0);
      done = true;
    }
  }
}

struct Pair {
  int a;
  double b;
  char c[5];
};
extern "C" __global__ void byvalue(Pair p, double *out) {
  out[threadIdx.x] = p.a + p.b * threadIdx.x + p.c[threadIdx.x % 5];
}
