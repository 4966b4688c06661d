// CUB's block and device algorithms, cooperative groups.
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include <cub/cub.cuh>

namespace cg = cooperative_groups;

template <int threads, class T>
__device__ void blockReduce(const T *in, T *out, int n) {
  using Reduce = cub::BlockReduce<T, threads>;
  __shared__ typename Reduce::TempStorage storage;
  T sum = 0;
  for (int i = threadIdx.x; i < n; i += threads)
    sum += in[i];
  sum = Reduce(storage).Sum(sum);
  if (threadIdx.x == 0)
    *out = sum;
}
extern "C" __global__ void cub_block_reduce(const float *in, float *out,
                                            int n) {
  blockReduce<128>(in, out, n);
}
extern "C" __global__ void cub_block_reduce_max(const int *in, int *out,
                                                int n) {
  using Reduce = cub::BlockReduce<int, 96, cub::BLOCK_REDUCE_RAKING>;
  __shared__ typename Reduce::TempStorage storage;
  int most = INT_MIN;
  for (int i = threadIdx.x; i < n; i += 96)
    most = max(most, in[i]);
  most = Reduce(storage).Reduce(most, cuda::maximum<>{});
  if (threadIdx.x == 0)
    *out = most;
}

extern "C" __global__ void cub_block_scan(const int *in, int *out) {
  using Load = cub::BlockLoad<int, 64, 4, cub::BLOCK_LOAD_TRANSPOSE>;
  using Store = cub::BlockStore<int, 64, 4, cub::BLOCK_STORE_TRANSPOSE>;
  using Scan = cub::BlockScan<int, 64>;
  __shared__ union {
    typename Load::TempStorage load;
    typename Store::TempStorage store;
    typename Scan::TempStorage scan;
  } storage;
  int items[4];
  Load(storage.load).Load(in + 256 * blockIdx.x, items);
  __syncthreads();
  Scan(storage.scan).ExclusiveSum(items, items);
  __syncthreads();
  Store(storage.store).Store(out + 256 * blockIdx.x, items);
}

extern "C" __global__ void cub_block_sort(const unsigned *in, unsigned *out) {
  using Sort = cub::BlockRadixSort<unsigned, 64, 4>;
  __shared__ typename Sort::TempStorage storage;
  unsigned keys[4];
  for (int i = 0; i < 4; ++i)
    keys[i] = in[4 * threadIdx.x + i];
  Sort(storage).Sort(keys);
  for (int i = 0; i < 4; ++i)
    out[4 * threadIdx.x + i] = keys[i];
}

extern "C" __global__ void cub_block_histogram(const unsigned char *in,
                                               unsigned *out) {
  using Histogram = cub::BlockHistogram<unsigned char, 64, 4, 64>;
  __shared__ typename Histogram::TempStorage storage;
  __shared__ unsigned bins[64];
  unsigned char items[4];
  for (int i = 0; i < 4; ++i)
    items[i] = in[256 * blockIdx.x + 4 * threadIdx.x + i];
  Histogram(storage).Histogram(items, bins);
  __syncthreads();
  atomicAdd(&out[threadIdx.x], bins[threadIdx.x]);
}

extern "C" __global__ void cub_warp_scan(const float *in, float *out) {
  using Scan = cub::WarpScan<float>;
  __shared__ typename Scan::TempStorage storage[4];
  int i = threadIdx.x;
  float v;
  Scan(storage[i / 32]).InclusiveSum(in[i], v);
  out[i] = v;
}

// Device-wide: the scan with decoupled look-back of one pass.
extern "C" __global__ void lookback_scan(const int *in, int *out, int n,
                                         unsigned long long *states,
                                         unsigned *counter) {
  using Scan = cub::BlockScan<int, 128>;
  __shared__ typename Scan::TempStorage storage;
  __shared__ unsigned tile;
  __shared__ int before;
  if (threadIdx.x == 0)
    tile = atomicAdd(counter, 1);
  __syncthreads();
  int i = tile * 128 + threadIdx.x, sum, all;
  Scan(storage).InclusiveSum(i < n ? in[i] : 0, sum, all);
  if (threadIdx.x == 0) {
    // Flag in the high half: 1 for the sum of the tile, 2 with all before it.
    auto publish = [&](unsigned flag, int value) {
      atomicExch(&states[tile],
                 ((unsigned long long)flag << 32) | unsigned(value));
    };
    publish(tile ? 1 : 2, all);
    int prefix = 0;
    for (int t = int(tile) - 1; t >= 0;) {
      unsigned long long state = atomicAdd(&states[t], 0ull);
      if (state >> 32 == 0)
        continue;
      prefix += int(unsigned(state));
      if (state >> 32 == 2)
        break;
      --t;
    }
    if (tile)
      publish(2, prefix + all);
    before = prefix;
  }
  __syncthreads();
  if (i < n)
    out[i] = before + sum;
}

extern "C" __global__ void groups_reduce(const int *in, int *out) {
  auto block = cg::this_thread_block();
  auto tile = cg::tiled_partition<8>(block);
  int v = in[block.thread_rank()];
  int sum = cg::reduce(tile, v, cg::plus<int>());
  int most = cg::reduce(tile, v, cg::greater<int>());
  if (tile.thread_rank() == 0) {
    out[2 * tile.meta_group_rank()] = sum;
    out[2 * tile.meta_group_rank() + 1] = most;
  }
}

extern "C" __global__ void groups_scan(const int *in, int *out) {
  auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  int i = threadIdx.x;
  out[i] = cg::exclusive_scan(tile, in[i]);
}

// Lanes that are together by what they hold.
extern "C" __global__ void groups_labeled(const int *in, int *out) {
  int i = threadIdx.x;
  auto active = cg::coalesced_threads();
  auto group = cg::labeled_partition(active, in[i]);
  out[i] = group.size() * 100 + group.thread_rank();
}

extern "C" __global__ void groups_coalesced(const int *in, unsigned *count,
                                            int *out) {
  int v = in[threadIdx.x];
  if (v % 3 == 0) {
    auto active = cg::coalesced_threads();
    unsigned first = 0;
    if (active.thread_rank() == 0)
      first = atomicAdd(count, active.size());
    first = active.shfl(first, 0);
    out[first + active.thread_rank()] = v;
  }
}

// Blocks that wait for each other.
extern "C" __global__ void grid_barrier(int *data, unsigned *arrived) {
  int blocks = gridDim.x, b = blockIdx.x;
  for (int round = 0; round < 3; ++round) {
    if (threadIdx.x == 0) {
      data[round * blocks + b] =
          round ? data[(round - 1) * blocks + (b + 1) % blocks] + 1 : b;
      __threadfence();
      atomicAdd(arrived, 1);
      while (atomicAdd(arrived, 0) < unsigned(blocks * (round + 1)))
        ;
      __threadfence();
    }
    __syncthreads();
  }
}
