//===- Place.cpp - Where a kernel runs --------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Place.h"

#include "moa-runtime/launch.h"

#include <algorithm>

using namespace moa::ptx;

namespace {
class EmulatedPlace : public Place {
public:
  explicit EmulatedPlace(std::unique_ptr<Emulator> emulator)
      : emulator(std::move(emulator)) {}

  uint64_t allocate(uint64_t bytes, const std::string &name, uint64_t align,
                    std::string &error) override {
    uint64_t address =
        emulator->allocate(bytes, Fill::Uninitialized, name, align);
    if (!address)
      error = "'" + name + "': there is no memory for " +
              std::to_string(bytes) + " bytes";
    return address;
  }
  bool write(uint64_t address, const void *from, uint64_t bytes,
             std::string &) override {
    return emulator->write(address, from, bytes);
  }
  bool read(uint64_t address, void *to, uint64_t bytes,
            std::string &) override {
    return emulator->read(address, to, bytes);
  }
  bool encode(const TensorMap &map, TensorMapBytes &bytes,
              std::string &error) override {
    return encodeTensorMap(map, bytes, error);
  }
  bool launch(const LaunchConfig &config, const Options &options,
              Report &report, std::string &error) override {
    return emulator->launch(config, options, report, error);
  }

private:
  std::unique_ptr<Emulator> emulator;
};

class DevicePlace : public Place {
public:
  DevicePlace(const moa_provider *provider, moa_device *device)
      : provider(provider), device(device) {}
  ~DevicePlace() override {
    for (moa_address address : addresses)
      provider->free(device, address);
    if (module)
      provider->unload(device, module);
    provider->close(device);
  }

  bool load(const std::string &ptx, std::string &error) {
    return ok(provider->load(device, ptx.data(), ptx.size(), &module), error);
  }
  uint64_t allocate(uint64_t bytes, const std::string &, uint64_t align,
                    std::string &error) override {
    moa_address address = 0;
    // Devices align to 256 bytes.
    uint64_t more = align > 256 ? align : 0;
    if (!ok(provider->alloc(device, bytes + more, &address), error))
      return 0;
    addresses.push_back(address);
    return more ? (address + align - 1) / align * align : address;
  }
  bool write(uint64_t address, const void *from, uint64_t bytes,
             std::string &error) override {
    return ok(provider->to_device(device, nullptr, address, from, bytes),
              error);
  }
  bool read(uint64_t address, void *to, uint64_t bytes,
            std::string &error) override {
    return ok(provider->to_host(device, nullptr, to, address, bytes), error);
  }
  bool encode(const TensorMap &map, TensorMapBytes &bytes,
              std::string &error) override;
  bool launch(const LaunchConfig &config, const Options &options,
              Report &report, std::string &error) override;

private:
  bool ok(moa_status status, std::string &error) {
    if (status != MOA_OK)
      error = provider->last_error();
    return status == MOA_OK;
  }

  const moa_provider *provider;
  moa_device *device;
  moa_module *module = nullptr;
  std::vector<moa_address> addresses;
};
} // namespace

bool DevicePlace::encode(const TensorMap &map, TensorMapBytes &bytes,
                         std::string &error) {
  static constexpr moa_tensor_element elements[] = {
      MOA_TENSOR_U8,      MOA_TENSOR_U16, MOA_TENSOR_U32,
      MOA_TENSOR_I32,     MOA_TENSOR_U64, MOA_TENSOR_I64,
      MOA_TENSOR_F16,     MOA_TENSOR_F32, MOA_TENSOR_F32_FTZ,
      MOA_TENSOR_F64,     MOA_TENSOR_BF16, MOA_TENSOR_TF32,
      MOA_TENSOR_TF32_FTZ};
  error = map.im2col ? "maps for im2col are for the emulator only"
                     : map.invalid();
  if (!error.empty())
    return false;
  moa_tensor tensor = {};
  tensor.element = elements[unsigned(map.element)];
  tensor.rank = uint32_t(map.dims.size());
  tensor.address = map.address;
  std::copy(map.dims.begin(), map.dims.end(), tensor.dims);
  std::copy(map.strides.begin(), map.strides.end(), tensor.strides);
  std::copy(map.box.begin(), map.box.end(), tensor.box);
  std::fill(tensor.element_strides, tensor.element_strides + 5, 1);
  std::copy(map.elementStrides.begin(), map.elementStrides.end(),
            tensor.element_strides);
  tensor.interleave = uint32_t(map.interleave);
  tensor.swizzle = uint32_t(map.swizzle);
  tensor.fill_nan = map.fill == TensorFill::Nan;
  moa_tensor_map encoded;
  if (!ok(provider->tensor_map(device, &tensor, &encoded), error))
    return false;
  const uint8_t *from = reinterpret_cast<const uint8_t *>(encoded.opaque);
  std::copy(from, from + bytes.size(), bytes.begin());
  return true;
}

bool DevicePlace::launch(const LaunchConfig &config, const Options &,
                         Report &report, std::string &error) {
  if (config.kernel.empty() || !config.block) {
    error = "on a device the kernel and its block must be given";
    return false;
  }
  moa_kernel *kernel;
  if (!ok(provider->kernel(device, module, config.kernel.c_str(), &kernel),
          error))
    return false;
  moa_launch_shape shape = {};
  Dim3 grid = config.grid.value_or(Dim3{1, 1, 1}), block = *config.block,
       cluster = config.cluster.value_or(Dim3{0, 0, 0});
  std::copy(grid.begin(), grid.end(), shape.grid);
  std::copy(block.begin(), block.end(), shape.block);
  std::copy(cluster.begin(), cluster.end(), shape.cluster);
  shape.shared_bytes = config.dynamicShared;
  std::vector<void *> params;
  for (const std::vector<uint8_t> &argument : config.arguments)
    params.push_back(const_cast<uint8_t *>(argument.data()));
  report.kernel = config.kernel;
  report.grid = grid, report.block = block;
  report.cluster = config.cluster.value_or(Dim3{1, 1, 1});
  return ok(provider->launch(device, nullptr, kernel, &shape, params.data(),
                             uint32_t(params.size())),
            error);
}

std::unique_ptr<Place> moa::ptx::openPlace(const std::string &name,
                                           std::string ptx,
                                           std::string &error) {
  if (name == "emulator") {
    auto emulator = Emulator::create(std::move(ptx), error);
    if (!emulator)
      return nullptr;
    return std::make_unique<EmulatedPlace>(std::move(emulator));
  }
  char text[256];
  moa_device *device = nullptr;
  moa_register_provider(moa_provider_emulator());
  const moa_provider *provider =
      moa_find_provider(name.c_str(), text, sizeof text);
  if (!provider || provider->open(0, &device) != MOA_OK) {
    error = provider ? provider->last_error() : text;
    return nullptr;
  }
  auto place = std::make_unique<DevicePlace>(provider, device);
  if (!place->load(ptx, error))
    return nullptr;
  return place;
}
