//===- ProvidersTest.cpp - Providers of the launch table --------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same host program on each provider; what each refuses; and the calls of
// the CUDA provider, on a driver made for these tests.
//
//===----------------------------------------------------------------------===//

#include "moa-runtime/launch.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

static const char addOne[] = R"(.version 8.0
.target sm_90
.address_size 64
.global .u32 calls = 0;
.visible .entry add_one(.param .u64 array, .param .u32 n) {
.reg .b64 %d<4>;
.reg .b32 %r<8>;
.reg .pred %p;
ld.param.u64 %d0, [array];
ld.param.u32 %r0, [n];
mov.u32 %r1, %tid.x;
mov.u32 %r2, %ctaid.x;
mov.u32 %r3, %ntid.x;
mad.lo.u32 %r1, %r2, %r3, %r1;
setp.ge.u32 %p, %r1, %r0;
@%p ret;
mul.wide.u32 %d1, %r1, 4;
add.u64 %d0, %d0, %d1;
ld.global.u32 %r4, [%d0];
add.u32 %r4, %r4, 1;
st.global.u32 [%d0], %r4;
ret;
}
)";

namespace {
class Device : public testing::Test {
protected:
  /// Opens device 0 of the provider.
  void open(const moa_provider *which) {
    provider = which;
    ASSERT_EQ(provider->open(0, &device), MOA_OK) << provider->last_error();
  }
  void TearDown() override {
    if (device)
      provider->close(device);
  }
  moa_kernel *addOneKernel() {
    moa_kernel *kernel = nullptr;
    EXPECT_EQ(provider->load(device, addOne, sizeof addOne, &module), MOA_OK)
        << provider->last_error();
    EXPECT_EQ(provider->kernel(device, module, "add_one", &kernel), MOA_OK)
        << provider->last_error();
    return kernel;
  }
  /// Adds one to each of the n numbers at `array`.
  moa_status run(moa_kernel *kernel, moa_stream *stream, moa_address array,
                 int32_t n, moa_launch_shape shape = {
                                {4, 1, 1}, {32, 1, 1}, {0, 0, 0}, 0}) {
    void *params[] = {&array, &n};
    return provider->launch(device, stream, kernel, &shape, params, 2);
  }
  std::string error() { return provider->last_error(); }

  const moa_provider *provider = nullptr;
  moa_device *device = nullptr;
  moa_module *module = nullptr;
};

class Emulated : public Device {
protected:
  void SetUp() override { open(moa_provider_emulator()); }
};

class Cuda : public Device {
protected:
  void SetUp() override {
    setenv("MOA_LIBCUDA", MOA_FAKE_CUDA, 1);
    log = testing::TempDir() + "fake_cuda.log";
    std::remove(log.c_str());
    setenv("FAKE_CUDA_LOG", log.c_str(), 1);
    open(moa_provider_cuda());
  }
  void TearDown() override {
    unsetenv("FAKE_CUDA_FAIL");
    Device::TearDown();
    unsetenv("FAKE_CUDA_LOG");
  }
  /// The driver functions called since the last time, a blank after each.
  std::string calls() {
    std::ifstream in(log);
    std::string all, line;
    while (std::getline(in, line))
      all += line + " ";
    in.close();
    std::remove(log.c_str());
    return all;
  }
  std::string log;
};
} // namespace

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

TEST(Registry, FindsByName) {
  ASSERT_EQ(moa_register_provider(moa_provider_emulator()), MOA_OK);
  ASSERT_EQ(moa_register_provider(moa_provider_emulator()), MOA_OK);
  char error[256] = "";
  EXPECT_EQ(moa_find_provider("cuda", error, sizeof error),
            moa_provider_cuda());
  EXPECT_EQ(moa_find_provider("emulator", error, sizeof error),
            moa_provider_emulator());
  EXPECT_EQ(moa_find_provider("rocm", error, sizeof error), nullptr);
  EXPECT_STREQ(error, "there is no provider 'rocm'; there are: 'cuda', "
                      "'emulator', 'none'");
  char small[10] = "";
  EXPECT_EQ(moa_find_provider("rocm", small, sizeof small), nullptr);
  EXPECT_STREQ(small, "there is ");
}

TEST(Registry, RefusesOtherTables) {
  moa_provider other = *moa_provider_none();
  EXPECT_EQ(moa_register_provider(&other), MOA_BAD_ARGUMENT);
  EXPECT_STREQ(moa_provider_none()->last_error(),
               "there is a provider 'none' already");
  other.name = "other";
  other.version = MOA_PROVIDER_VERSION + 1;
  EXPECT_EQ(moa_register_provider(&other), MOA_BAD_ARGUMENT);
  EXPECT_STREQ(moa_provider_none()->last_error(),
               "the provider's table has another version");
}

TEST(None, Refuses) {
  const moa_provider *none = moa_provider_none();
  moa_device *device = nullptr;
  EXPECT_EQ(none->open(0, &device), MOA_UNAVAILABLE);
  EXPECT_EQ(device, nullptr);
  EXPECT_STREQ(none->last_error(), "provider 'none' runs no kernels; choose "
                                   "'emulator' or 'cuda'");
  EXPECT_EQ(none->is_device_address(nullptr, 1), 0);
  none->close(nullptr);
}

//===----------------------------------------------------------------------===//
// Emulator
//===----------------------------------------------------------------------===//

TEST_F(Emulated, RunsKernels) {
  moa_kernel *kernel = addOneKernel();
  int32_t numbers[100];
  for (int i = 0; i < 100; ++i)
    numbers[i] = i;
  moa_address array;
  ASSERT_EQ(provider->alloc(device, sizeof numbers, &array), MOA_OK);
  EXPECT_TRUE(provider->is_device_address(device, array + 399));
  EXPECT_FALSE(provider->is_device_address(device, array + 400));
  EXPECT_FALSE(provider->is_device_address(device, uint64_t(numbers)));
  ASSERT_EQ(provider->to_device(device, nullptr, array, numbers, 400), MOA_OK);
  ASSERT_EQ(run(kernel, nullptr, array, 100), MOA_OK) << error();
  ASSERT_EQ(provider->to_host(device, nullptr, numbers, array, 400), MOA_OK);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(numbers[i], i + 1);
  std::string reports = provider->take_reports(device);
  EXPECT_NE(reports.find("\"kernel\": \"add_one\""), std::string::npos)
      << reports.substr(0, 200);
  EXPECT_STREQ(provider->take_reports(device), "[]\n");
  EXPECT_EQ(provider->free(device, array), MOA_OK);
  EXPECT_EQ(provider->free(device, array), MOA_BAD_ARGUMENT);
  provider->unload(device, module);
}

TEST_F(Emulated, ModulesShareMemory) {
  moa_kernel *first = addOneKernel();
  moa_module *one = module;
  moa_kernel *second = addOneKernel();
  ASSERT_NE(one, module);
  moa_address array;
  ASSERT_EQ(provider->alloc(device, 4, &array), MOA_OK);
  ASSERT_EQ(provider->fill(device, nullptr, array, 40, 4, 1), MOA_OK);
  EXPECT_EQ(run(first, nullptr, array, 1), MOA_OK) << error();
  provider->unload(device, one);
  EXPECT_EQ(run(second, nullptr, array, 1), MOA_OK) << error();
  int32_t number = 0;
  ASSERT_EQ(provider->to_host(device, nullptr, &number, array, 4), MOA_OK);
  EXPECT_EQ(number, 42);
  provider->unload(device, module);
}

TEST_F(Emulated, ReportsWhatAKernelDoes) {
  moa_kernel *kernel = addOneKernel();
  moa_address array;
  ASSERT_EQ(provider->alloc(device, 40, &array), MOA_OK);
  ASSERT_EQ(provider->fill(device, nullptr, array, 0, 1, 40), MOA_OK);
  EXPECT_EQ(run(kernel, nullptr, array, 11), MOA_LAUNCH_FAILED);
  EXPECT_NE(error().find("out-of-bounds"), std::string::npos) << error();
  EXPECT_NE(error().find("ld.global.u32"), std::string::npos) << error();
  // Memory that nothing was written to, and the check off.
  moa_address fresh;
  ASSERT_EQ(provider->alloc(device, 40, &fresh), MOA_OK);
  EXPECT_EQ(run(kernel, nullptr, fresh, 10), MOA_LAUNCH_FAILED);
  EXPECT_NE(error().find("uninitialized"), std::string::npos) << error();
  ASSERT_EQ(provider->alloc(device, 40, &fresh), MOA_OK);
  ASSERT_EQ(provider->set_option(device, "checks", "all,-uninitialized"),
            MOA_OK);
  EXPECT_EQ(run(kernel, nullptr, fresh, 10), MOA_OK) << error();
  provider->unload(device, module);
}

TEST_F(Emulated, Options) {
  EXPECT_EQ(provider->set_option(device, "threads", "1"), MOA_OK);
  EXPECT_EQ(provider->set_option(device, "budget", "1000000"), MOA_OK);
  EXPECT_EQ(provider->set_option(device, "threads", "many"), MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(), "bad value 'many' of option 'threads'");
  EXPECT_EQ(provider->set_option(device, "checks", "sanity"),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(provider->set_option(device, "checks", ""), MOA_BAD_ARGUMENT);
  EXPECT_EQ(provider->set_option(device, "speed", "9"), MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(), "provider 'emulator' has no option 'speed'; there are "
                     "'checks', 'threads' and 'budget'");
}

TEST_F(Emulated, Refuses) {
  moa_device *other = nullptr;
  EXPECT_EQ(provider->open(1, &other), MOA_UNAVAILABLE);
  moa_module *bad = nullptr;
  EXPECT_EQ(provider->load(device, ".version x", 10, &bad), MOA_BAD_MODULE);
  EXPECT_NE(error().find("line 1"), std::string::npos) << error();
  EXPECT_EQ(provider->load(device, "\x7f" "ELF\0a", 6, &bad), MOA_BAD_MODULE);
  EXPECT_EQ(error(), "the emulator takes PTX text, not machine code");
  EXPECT_EQ(bad, nullptr);
  moa_kernel *kernel = addOneKernel(), *none = nullptr;
  EXPECT_EQ(provider->kernel(device, module, "add_two", &none),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(), "there is no kernel 'add_two'; there are: 'add_one'");
  moa_launch_shape shape = {{1, 1, 1}, {32, 1, 1}, {0, 0, 0}, 0};
  EXPECT_EQ(provider->launch(device, nullptr, kernel, &shape, nullptr, 0),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(), "kernel 'add_one' takes 2 arguments, there are 0");
  shape.block[0] = 2048;
  EXPECT_EQ(run(kernel, nullptr, 0, 0, shape), MOA_LAUNCH_FAILED);
  EXPECT_NE(error().find("a block of 2048 threads"), std::string::npos);
  moa_address address = 7;
  EXPECT_EQ(provider->alloc(device, size_t(1) << 60, &address),
            MOA_OUT_OF_MEMORY);
  EXPECT_EQ(address, 7u);
  char byte = 0;
  EXPECT_EQ(provider->to_host(device, nullptr, &byte, 64, 1),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(),
            "copying to the host: 1 bytes at 0x40 do not lie in one buffer");
  EXPECT_EQ(provider->fill(device, nullptr, 64, 0, 3, 1), MOA_BAD_ARGUMENT);
  provider->unload(device, module);
}

TEST_F(Emulated, StreamsEventsGraphs) {
  moa_kernel *kernel = addOneKernel();
  moa_stream *stream;
  moa_event *before, *after;
  ASSERT_EQ(provider->stream_create(device, &stream), MOA_OK);
  ASSERT_EQ(provider->event_create(device, &before), MOA_OK);
  ASSERT_EQ(provider->event_create(device, &after), MOA_OK);
  float time = -1;
  EXPECT_EQ(provider->event_milliseconds(device, before, after, &time),
            MOA_BAD_ARGUMENT);
  moa_address array, copy;
  void *host;
  ASSERT_EQ(provider->alloc(device, 8, &array), MOA_OK);
  ASSERT_EQ(provider->alloc(device, 8, &copy), MOA_OK);
  ASSERT_EQ(provider->host_alloc(device, 8, &host), MOA_OK);
  int32_t *numbers = static_cast<int32_t *>(host);
  numbers[0] = 5, numbers[1] = 50;

  EXPECT_EQ(provider->capture_begin(device, nullptr), MOA_BAD_ARGUMENT);
  ASSERT_EQ(provider->capture_begin(device, stream), MOA_OK);
  EXPECT_EQ(provider->capture_begin(device, stream), MOA_BAD_ARGUMENT);
  EXPECT_EQ(provider->stream_synchronize(device, stream), MOA_BAD_ARGUMENT);
  ASSERT_EQ(provider->event_record(device, before, stream), MOA_OK);
  ASSERT_EQ(provider->to_device(device, stream, array, numbers, 8), MOA_OK);
  ASSERT_EQ(run(kernel, stream, array, 2), MOA_OK);
  ASSERT_EQ(provider->copy(device, stream, copy, array, 8), MOA_OK);
  ASSERT_EQ(provider->to_host(device, stream, numbers, copy, 8), MOA_OK);
  ASSERT_EQ(provider->event_record(device, after, stream), MOA_OK);
  EXPECT_EQ(provider->stream_wait(device, nullptr, before), MOA_UNSUPPORTED);
  moa_graph *graph;
  ASSERT_EQ(provider->capture_end(device, stream, &graph), MOA_OK);
  EXPECT_EQ(numbers[0], 5); // nothing has run
  for (int i = 0; i < 3; ++i)
    ASSERT_EQ(provider->graph_launch(device, graph, stream), MOA_OK) << error();
  EXPECT_EQ(provider->stream_synchronize(device, stream), MOA_OK);
  EXPECT_EQ(numbers[0], 8);
  EXPECT_EQ(numbers[1], 53);
  EXPECT_EQ(provider->event_synchronize(device, after), MOA_OK);
  ASSERT_EQ(provider->event_milliseconds(device, before, after, &time), MOA_OK);
  EXPECT_GT(time, 0);
  provider->graph_destroy(device, graph);
  provider->event_destroy(device, before);
  provider->event_destroy(device, after);
  provider->stream_destroy(device, stream);
  provider->host_free(device, host);
  provider->unload(device, module);
}

//===----------------------------------------------------------------------===//
// CUDA
//===----------------------------------------------------------------------===//

TEST(CudaMissing, SaysSo) {
  // In a process of its own: the driver is opened once.
  EXPECT_EXIT(
      {
        setenv("MOA_LIBCUDA", "/nowhere/libcuda.so", 1);
        moa_device *device = nullptr;
        moa_status status = moa_provider_cuda()->open(0, &device);
        std::fputs(moa_provider_cuda()->last_error(), stderr);
        std::exit(status);
      },
      testing::ExitedWithCode(MOA_UNAVAILABLE),
      "there is no CUDA driver: /nowhere/libcuda.so: cannot open");
}

TEST(CudaMissing, NamesTheFunction) {
  EXPECT_EXIT(
      {
        setenv("MOA_LIBCUDA", "libm.so.6", 1);
        moa_device *device = nullptr;
        moa_status status = moa_provider_cuda()->open(0, &device);
        std::fputs(moa_provider_cuda()->last_error(), stderr);
        std::exit(status);
      },
      testing::ExitedWithCode(MOA_UNAVAILABLE),
      "the CUDA driver has no function cuInit \\('libm.so.6'\\)");
}

TEST_F(Cuda, RunsKernels) {
  EXPECT_STREQ(provider->device_name(device), "fake device");
  EXPECT_STREQ(provider->chip(device), "sm_90a");
  // cuInit comes before where no other test has opened the driver.
  EXPECT_NE(calls().find("cuDeviceGetCount cuDevicePrimaryCtxRetain "),
            std::string::npos);
  moa_kernel *kernel = addOneKernel();
  EXPECT_EQ(calls(), "cuModuleLoadDataEx cuModuleGetFunction ");
  int32_t numbers[3] = {1, 2, 3};
  moa_address array;
  ASSERT_EQ(provider->alloc(device, 12, &array), MOA_OK);
  ASSERT_EQ(provider->to_device(device, nullptr, array, numbers, 12), MOA_OK);
  EXPECT_EQ(calls(), "cuMemAlloc_v2 cuMemcpyHtoDAsync_v2 cuStreamSynchronize ");
  ASSERT_EQ(run(kernel, nullptr, array, 3), MOA_OK) << error();
  EXPECT_EQ(calls(), "cuLaunchKernel cuStreamSynchronize ");
  ASSERT_EQ(provider->to_host(device, nullptr, numbers, array, 12), MOA_OK);
  EXPECT_EQ(numbers[2], 4);
  ASSERT_EQ(provider->fill(device, nullptr, array, 0x10002, 4, 3), MOA_OK);
  ASSERT_EQ(provider->copy(device, nullptr, array, array + 4, 4), MOA_OK);
  EXPECT_TRUE(provider->is_device_address(device, array));
  EXPECT_EQ(provider->take_reports(device), nullptr);
  EXPECT_EQ(provider->free(device, array), MOA_OK);
  provider->unload(device, module);
  calls();
  provider->close(device);
  device = nullptr;
  EXPECT_EQ(calls(), "cuDevicePrimaryCtxRelease_v2 ");
}

TEST_F(Cuda, ClustersAndSharedMemory) {
  moa_kernel *kernel = addOneKernel();
  int32_t number = 1;
  calls();
  moa_launch_shape shape = {{2, 1, 1}, {32, 1, 1}, {2, 1, 1}, 100000};
  EXPECT_EQ(run(kernel, nullptr, moa_address(&number), 1, shape), MOA_OK)
      << error();
  EXPECT_EQ(number, 2);
  EXPECT_EQ(calls(),
            "cuFuncSetAttribute cuLaunchKernelEx cuStreamSynchronize ");
}

TEST_F(Cuda, StreamsEventsGraphs) {
  moa_stream *stream;
  moa_event *event;
  moa_graph *graph;
  float time = 0;
  calls();
  ASSERT_EQ(provider->stream_create(device, &stream), MOA_OK);
  ASSERT_EQ(provider->event_create(device, &event), MOA_OK);
  ASSERT_EQ(provider->event_record(device, event, stream), MOA_OK);
  ASSERT_EQ(provider->stream_wait(device, stream, event), MOA_OK);
  ASSERT_EQ(provider->event_synchronize(device, event), MOA_OK);
  ASSERT_EQ(provider->event_milliseconds(device, event, event, &time), MOA_OK);
  EXPECT_EQ(time, 1.5f);
  ASSERT_EQ(provider->capture_begin(device, stream), MOA_OK);
  char host[4] = {};
  ASSERT_EQ(provider->to_device(device, stream, moa_address(host), "abc", 4),
            MOA_OK);
  ASSERT_EQ(provider->capture_end(device, stream, &graph), MOA_OK);
  ASSERT_EQ(provider->graph_launch(device, graph, stream), MOA_OK);
  ASSERT_EQ(provider->stream_synchronize(device, stream), MOA_OK);
  provider->graph_destroy(device, graph);
  provider->event_destroy(device, event);
  provider->stream_destroy(device, stream);
  EXPECT_EQ(calls(),
            "cuStreamCreate cuEventCreate cuEventRecord cuStreamWaitEvent "
            "cuEventSynchronize cuEventElapsedTime cuStreamBeginCapture_v2 "
            "cuMemcpyHtoDAsync_v2 cuStreamEndCapture "
            "cuGraphInstantiateWithFlags cuGraphDestroy cuGraphLaunch "
            "cuStreamSynchronize cuGraphExecDestroy cuEventDestroy_v2 "
            "cuStreamDestroy_v2 ");
}

TEST_F(Cuda, PinnedMemoryAndTensorMaps) {
  calls();
  void *memory = nullptr;
  ASSERT_EQ(provider->host_alloc(device, 64, &memory), MOA_OK);
  ASSERT_EQ(provider->host_free(device, memory), MOA_OK);
  moa_tensor tensor = {};
  tensor.element = MOA_TENSOR_BF16;
  moa_tensor_map map;
  ASSERT_EQ(provider->tensor_map(device, &tensor, &map), MOA_OK) << error();
  EXPECT_EQ(map.opaque[15], 0x0909090909090909u);
  EXPECT_EQ(calls(), "cuMemHostAlloc cuMemFreeHost cuTensorMapEncodeTiled ");
}

TEST_F(Cuda, SaysWhatTheDriverSays) {
  moa_device *other = nullptr;
  EXPECT_EQ(provider->open(3, &other), MOA_UNAVAILABLE);
  EXPECT_EQ(error(), "there is no CUDA device 3; there are 1");
  moa_module *bad = nullptr;
  EXPECT_EQ(provider->load(device, "broken", 6, &bad), MOA_BAD_MODULE);
  EXPECT_EQ(error(), "loading a module: CUDA_ERROR_INVALID_IMAGE: as the test "
                     "wants\nptxas: line 1 is broken");
  moa_kernel *kernel = addOneKernel(), *none = nullptr;
  EXPECT_EQ(provider->kernel(device, module, "add_two", &none),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(error().substr(0, 18), "kernel 'add_two': ");
  moa_launch_shape shape = {{1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
  EXPECT_EQ(provider->launch(device, nullptr, kernel, &shape, nullptr, 1),
            MOA_BAD_ARGUMENT);
  EXPECT_EQ(error(), "the kernel does not take 1 arguments");
  moa_address address;
  EXPECT_EQ(provider->alloc(device, size_t(1) << 40, &address),
            MOA_OUT_OF_MEMORY);
  EXPECT_EQ(provider->set_option(device, "checks", "all"), MOA_BAD_ARGUMENT);
  setenv("FAKE_CUDA_FAIL", "cuLaunchKernel", 1);
  EXPECT_EQ(run(kernel, nullptr, 0, 0), MOA_LAUNCH_FAILED);
  EXPECT_EQ(error(), "launching: CUDA_ERROR_UNKNOWN: as the test wants");
}
