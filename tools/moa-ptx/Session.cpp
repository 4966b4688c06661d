//===- Session.cpp - One launch and its files -------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include "Place.h"

#include "../../lib/PTXEmulator/Files/Npy.h"

#include <cstdio>
#include <cstring>
#include <map>

using namespace moa::ptx;

namespace {
/// A buffer that is written to a file after the launch.
struct Output {
  std::string name;
  const ElementInfo *element;
  std::vector<uint64_t> shape;
  uint64_t address, bytes;
};

class Session {
public:
  explicit Session(Job &job) : job(job) {}
  ExitCode run();

private:
  bool prepare();
  bool buffer(const Argument &a, uint64_t &address);
  bool filled(const Argument &a, const ElementInfo &e, uint64_t address,
              uint64_t bytes);
  bool argument(const Argument &a, std::vector<uint8_t> &bytes);
  bool tensorMap(const Argument &a, std::vector<uint8_t> &bytes);
  bool checkFiles();
  bool writeOutputs();
  bool fail(const std::string &why) {
    error = why;
    return false;
  }

  Job &job;
  std::unique_ptr<Place> place;
  std::vector<Output> outputs;
  std::map<std::string, uint64_t> buffers; ///< addresses by name
  std::string error;
};
} // namespace

static bool hexBytes(const std::string &text, std::vector<uint8_t> &bytes) {
  if (text.size() % 2)
    return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned value;
    if (!isxdigit((unsigned char)text[i]) ||
        !isxdigit((unsigned char)text[i + 1]))
      return false;
    std::sscanf(text.c_str() + i, "%2x", &value);
    bytes.push_back(uint8_t(value));
  }
  return true;
}

static std::vector<uint8_t> pointer(uint64_t address) {
  std::vector<uint8_t> bytes(8);
  std::memcpy(bytes.data(), &address, 8);
  return bytes;
}

/// Every element of the buffer is the number a.fill.
bool Session::filled(const Argument &a, const ElementInfo &e, uint64_t address,
                     uint64_t bytes) {
  Argument scalar;
  scalar.type = e.name;
  scalar.value = a.fill;
  std::vector<uint8_t> element(e.bytes), all;
  bool zero = a.fill.find_first_not_of("0.") == std::string::npos;
  if (!zero && !scalarBytes(scalar, element, error))
    return false;
  while (all.size() < bytes)
    all.insert(all.end(), element.begin(), element.end());
  return place->write(address, all.data(), bytes, error);
}

bool Session::buffer(const Argument &a, uint64_t &address) {
  NpyArray array;
  bool fromFile = a.kind != "out";
  if (fromFile && !readNpy(a.file, array, error))
    return false;
  std::string type = a.type;
  const ElementInfo *e = elementNamed(type);
  if (fromFile && type.empty())
    for (const char *name : {"i8", "i16", "i32", "i64", "u8", "u16", "u32",
                             "u64", "f16", "f32", "f64"})
      if (elementNamed(name)->descr == array.descr)
        e = elementNamed(name);
  if (!e)
    return fail("'" + a.name + "': unknown dtype '" + type + "'");
  if (fromFile && !fits(*e, array.descr))
    return fail("'" + a.file + "' holds " + array.descr + ", not " + type);
  if (fromFile && !a.shape.empty() && a.shape != array.shape)
    return fail("'" + a.file + "' has another shape than the launch says");
  const std::vector<uint64_t> &shape = fromFile ? array.shape : a.shape;
  uint64_t bytes = e->bytes;
  for (uint64_t extent : shape) {
    if (extent && bytes > (uint64_t(1) << 36) / extent)
      return fail("'" + a.name + "' is larger than 64 GiB");
    bytes *= extent;
  }
  address = place->allocate(bytes, a.name, 256, error);
  // Two of one name have no address that a tensor map could mean.
  if (!buffers.emplace(a.name, address).second)
    buffers[a.name] = 0;
  if (!address)
    return false;
  if (fromFile) {
    if (!place->write(address, array.data.data(), bytes, error))
      return false;
  } else if (a.fill != "poison" && !filled(a, *e, address, bytes))
    return false;
  if (a.kind != "in")
    outputs.push_back({a.name, e, shape, address, bytes});
  return true;
}

bool Session::argument(const Argument &a, std::vector<uint8_t> &bytes) {
  uint64_t address = 0;
  if (a.kind == "scalar")
    return scalarBytes(a, bytes, error);
  if (a.kind == "bytes")
    return hexBytes(a.hex, bytes) || fail("'" + a.hex + "' is not hexadecimal");
  if (a.kind == "scratch") {
    address = place->allocate(a.bytes, "scratch", a.align, error);
    if (!address)
      return false;
  } else if (a.kind == "in" || a.kind == "inout" || a.kind == "out") {
    if (!buffer(a, address))
      return false;
  } else if (a.kind != "null")
    return fail("unknown kind of argument '" + a.kind + "'");
  bytes = pointer(address);
  return true;
}

/// The map of a buffer, which may be any of the launch.
bool Session::tensorMap(const Argument &a, std::vector<uint8_t> &bytes) {
  auto it = buffers.find(a.name);
  if (it == buffers.end())
    return fail("a tensor map of '" + a.name + "', and no buffer is called so");
  if (!it->second)
    return fail("a tensor map of '" + a.name +
                "', as several buffers are called");
  TensorMap map = a.map;
  map.address = it->second;
  TensorMapBytes encoded;
  std::string why;
  if (!place->encode(map, encoded, why))
    return fail("the tensor map of '" + a.name + "': " + why);
  bytes.assign(encoded.begin(), encoded.end());
  return true;
}

bool Session::prepare() {
  std::string text;
  if (!readFile(job.ptx, text, error))
    return false;
  place = openPlace(job.provider, std::move(text), error);
  if (!place)
    return fail("'" + job.ptx + "': " + error);
  uint64_t address;
  for (const Argument &a : job.buffers)
    if (!buffer(a, address))
      return false;
  for (const Argument &a : job.arguments) {
    job.launch.arguments.emplace_back();
    if (a.kind != "tensormap" && !argument(a, job.launch.arguments.back()))
      return false;
  }
  for (size_t i = 0; i < job.arguments.size(); ++i)
    if (job.arguments[i].kind == "tensormap" &&
        !tensorMap(job.arguments[i], job.launch.arguments[i]))
      return false;
  return true;
}

static std::string fileOf(const Job &job, const Output &o) {
  return job.outDir + "/" + o.name + ".npy";
}

/// Before anything runs, so that not some of the files are written.
bool Session::checkFiles() {
  for (const Output &o : outputs)
    if (!canWrite(fileOf(job, o), error))
      return false;
  return job.reportFile.empty() || canWrite(job.reportFile, error);
}

bool Session::writeOutputs() {
  for (const Output &o : outputs) {
    std::vector<uint8_t> data(o.bytes);
    if (!place->read(o.address, data.data(), o.bytes, error) ||
        !writeNpy(fileOf(job, o), o.element->descr, o.shape, data, error))
      return false;
  }
  return true;
}

ExitCode Session::run() {
  Report report;
  if (!prepare() || !checkFiles() ||
      !place->launch(job.launch, job.options, report, error) ||
      !writeOutputs() ||
      (!job.reportFile.empty() &&
       !writeFile(job.reportFile, report.json(), error))) {
    std::fprintf(stderr, "moa-ptx: error: %s\n", error.c_str());
    return BadInput;
  }
  for (const std::string &text : report.output)
    std::fputs(text.c_str(), stdout);
  for (const std::string &text : report.warnings)
    std::fprintf(stderr, "moa-ptx: warning: %s\n", text.c_str());
  for (const Diagnostic &d : report.diagnostics)
    std::fprintf(stderr, "moa-ptx: %s\n", d.format().c_str());
  return report.clean() ? Clean : CheckFired;
}

ExitCode moa::ptx::runJob(Job &job) { return Session(job).run(); }
