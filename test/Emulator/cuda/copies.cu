// Asynchronous copies: TMA with tensor maps, bulk copies, pipelines of warps with
// mbarriers, clusters.
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
#include <cooperative_groups.h>
#include <cstdint>
#include <cuda.h>
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cuda/ptx>

namespace cg = cooperative_groups;
namespace ptx = cuda::ptx;
using Barrier = cuda::barrier<cuda::thread_scope_block>;

// Each block moves a box of 8 x 32 floats to its transposed place.
extern "C" __global__ void
tma_negate(const __grid_constant__ CUtensorMap in,
           const __grid_constant__ CUtensorMap out) {
  __shared__ alignas(128) float tile[8][32];
  __shared__ uint64_t barrier;
  int32_t at[2] = {int(32 * blockIdx.x), int(8 * blockIdx.y)};
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(&barrier, 1);
    ptx::fence_proxy_async(ptx::space_shared);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    ptx::mbarrier_arrive_expect_tx(ptx::sem_release, ptx::scope_cta,
                                   ptx::space_shared, &barrier, sizeof tile);
    ptx::cp_async_bulk_tensor(ptx::space_cluster, ptx::space_global, tile, &in,
                              at, &barrier);
  }
  while (!ptx::mbarrier_try_wait_parity(&barrier, 0))
    ;
  for (int i = threadIdx.x; i < 256; i += blockDim.x)
    tile[i / 32][i % 32] = -tile[i / 32][i % 32];
  ptx::fence_proxy_async(ptx::space_shared);
  __syncthreads();
  if (threadIdx.x == 0) {
    ptx::cp_async_bulk_tensor(ptx::space_global, ptx::space_shared, &out, at,
                              tile);
    ptx::cp_async_bulk_commit_group();
    ptx::cp_async_bulk_wait_group_read(ptx::n32_t<0>{});
  }
}

// A bulk copy in, the sum of its elements out.
extern "C" __global__ void bulk_sum(const int *in, int *out) {
  __shared__ alignas(16) int data[256];
  __shared__ uint64_t barrier;
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(&barrier, blockDim.x);
    ptx::fence_proxy_async(ptx::space_shared);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    ptx::cp_async_bulk(ptx::space_cluster, ptx::space_global, data,
                       in + 256 * blockIdx.x, sizeof data, &barrier);
    ptx::mbarrier_arrive_expect_tx(ptx::sem_release, ptx::scope_cta,
                                   ptx::space_shared, &barrier, sizeof data);
  } else {
    ptx::mbarrier_arrive(&barrier);
  }
  while (!ptx::mbarrier_try_wait_parity(&barrier, 0))
    ;
  int sum = 0;
  for (int i = threadIdx.x; i < 256; i += blockDim.x)
    sum += data[i];
  atomicAdd(out + blockIdx.x, sum);
}

// One warp fetches, three compute; a ring of two stages.
extern "C" __global__ void warp_specialized(const float *in, float *out,
                                            int rounds) {
  constexpr int size = 96;
  __shared__ alignas(16) float ring[2][size];
  __shared__ uint64_t full[2], empty[2];
  int t = threadIdx.x;
  if (t == 0) {
    for (int i = 0; i < 2; ++i) {
      ptx::mbarrier_init(&full[i], 1);
      ptx::mbarrier_init(&empty[i], size);
    }
    ptx::fence_proxy_async(ptx::space_shared);
  }
  __syncthreads();
  if (t >= size) {
    if (t == size)
      for (int r = 0; r < rounds; ++r) {
        int stage = r % 2, phase = r / 2 % 2;
        while (!ptx::mbarrier_try_wait_parity(&empty[stage], phase ^ 1))
          ;
        ptx::mbarrier_arrive_expect_tx(ptx::sem_release, ptx::scope_cta,
                                       ptx::space_shared, &full[stage],
                                       sizeof ring[stage]);
        ptx::cp_async_bulk(ptx::space_cluster, ptx::space_global, ring[stage],
                           in + r * size, sizeof ring[stage], &full[stage]);
      }
    return;
  }
  float sum = 0;
  for (int r = 0; r < rounds; ++r) {
    int stage = r % 2, phase = r / 2 % 2;
    while (!ptx::mbarrier_try_wait_parity(&full[stage], phase))
      ;
    sum += ring[stage][t] * float(r + 1);
    ptx::mbarrier_arrive(&empty[stage]);
  }
  out[t] = sum;
}

// libcu++'s barrier: phases with tokens.
extern "C" __global__ void barrier_phases(int *data) {
  __shared__ Barrier barrier;
  __shared__ int values[64];
  int t = threadIdx.x;
  if (t == 0)
    init(&barrier, blockDim.x);
  __syncthreads();
  values[t] = data[t];
  for (int i = 0; i < 3; ++i) {
    barrier.arrive_and_wait();
    int next = values[(t + 1) % 64];
    barrier.arrive_and_wait();
    values[t] = next + 1;
  }
  data[t] = values[t];
}

// cuda::memcpy_async behind a pipeline.
extern "C" __global__ void pipeline_copy(const int *in, int *out, int count) {
  __shared__ alignas(16) int buffer[2][128];
  auto pipe = cuda::make_pipeline();
  int t = threadIdx.x;
  auto fetch = [&](int i) {
    pipe.producer_acquire();
    cuda::memcpy_async(&buffer[i % 2][4 * t], in + 128 * i + 4 * t,
                       cuda::aligned_size_t<16>(16), pipe);
    pipe.producer_commit();
  };
  fetch(0);
  for (int i = 0; i < count; ++i) {
    if (i + 1 < count)
      fetch(i + 1);
    if (i + 1 < count)
      cuda::pipeline_consumer_wait_prior<1>(pipe);
    else
      cuda::pipeline_consumer_wait_prior<0>(pipe);
    __syncwarp();
    for (int j = 0; j < 4; ++j)
      out[128 * i + 32 * j + t] = 2 * buffer[i % 2][32 * j + t];
    pipe.consumer_release();
    __syncwarp();
  }
}

// Blocks of a cluster read each other's shared memory.
extern "C" __global__ void __cluster_dims__(4, 1, 1)
    cluster_histogram(const unsigned char *in, unsigned *out, int n) {
  __shared__ unsigned bins[64];
  auto cluster = cg::this_cluster();
  int t = threadIdx.x, rank = cluster.block_rank();
  if (t < 64)
    bins[t] = 0;
  cluster.sync();
  // Block r of a cluster has the bins 64 r to 64 r + 63.
  for (int i = blockIdx.x * blockDim.x + t; i < n; i += gridDim.x * blockDim.x)
    atomicAdd(cluster.map_shared_rank(bins, in[i] / 64) + in[i] % 64, 1);
  cluster.sync();
  if (t < 64)
    atomicAdd(out + 64 * rank + t, bins[t]);
}

extern "C" __global__ void __cluster_dims__(2, 1, 1)
    cluster_exchange(const int *in, int *out) {
  __shared__ int mine[32];
  auto cluster = cg::this_cluster();
  int t = threadIdx.x;
  mine[t] = in[blockIdx.x * 32 + t];
  cluster.sync();
  out[blockIdx.x * 32 + t] =
      *cluster.map_shared_rank(mine + t, cluster.block_rank() ^ 1);
  cluster.sync();
}
