//===- LaunchFile.cpp - Launch files ----------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/PTXEmulator/Files/Json.h"
#include "../../lib/PTXEmulator/Files/Npy.h"
#include "Session.h"

using namespace moa::ptx;

namespace {
class LaunchReader {
public:
  LaunchReader(std::string folder, std::string &error)
      : folder(std::move(folder)), error(error) {}

  bool read(const Json &root, Job &job) {
    if (root.kind != Json::Kind::Object)
      return fail("expected an object");
    if (!known(root, {"ptx", "kernel", "grid", "block", "cluster",
                      "dynamic_smem", "args", "buffers"}))
      return false;
    if (!string(root, "ptx", job.ptx, true) ||
        !string(root, "kernel", job.launch.kernel, false) ||
        !dim(root, "grid", job.launch.grid) ||
        !dim(root, "block", job.launch.block) ||
        !dim(root, "cluster", job.launch.cluster))
      return false;
    job.ptx = resolve(job.ptx);
    uint64_t bytes = 0;
    if (!number(root, "dynamic_smem", bytes))
      return false;
    if (bytes > (1u << 30))
      return fail("'dynamic_smem' is too large");
    job.launch.dynamicShared = uint32_t(bytes);
    return list(root, "args", job.arguments) &&
           list(root, "buffers", job.buffers);
  }

private:
  static bool isWord(const Json &v) {
    return v.kind == Json::Kind::Number || v.kind == Json::Kind::String;
  }
  bool fail(const std::string &why) {
    if (error.empty())
      error = why;
    return false;
  }
  std::string resolve(const std::string &path) {
    return path.empty() || path[0] == '/' ? path : folder + path;
  }
  bool known(const Json &v, std::initializer_list<std::string_view> keys) {
    for (const auto &[key, member] : v.members) {
      bool found = false;
      for (std::string_view k : keys)
        found |= k == key;
      if (!found)
        return fail("unknown key '" + key + "'");
    }
    return true;
  }
  bool string(const Json &v, const char *key, std::string &text, bool needed) {
    const Json *m = v.get(key);
    if (!m)
      return !needed || fail(std::string("'") + key + "' is missing");
    if (m->kind != Json::Kind::String)
      return fail(std::string("'") + key + "' must be a string");
    text = m->text;
    return true;
  }
  bool number(const Json &v, const char *key, uint64_t &value) {
    const Json *m = v.get(key);
    if (!m)
      return true;
    return (m->kind == Json::Kind::Number && parseUnsigned(m->text, value)) ||
           fail(std::string("'") + key + "' must be a number, not negative");
  }
  bool numbers(const Json &m, const char *key, std::vector<uint64_t> &values) {
    if (m.kind != Json::Kind::Array)
      return fail(std::string("'") + key + "' must be a list of numbers");
    for (const Json &item : m.items) {
      uint64_t value;
      if (item.kind != Json::Kind::Number || !parseUnsigned(item.text, value))
        return fail(std::string("'") + key + "' must be a list of numbers");
      values.push_back(value);
    }
    return true;
  }
  bool dim(const Json &v, const char *key, std::optional<Dim3> &into) {
    const Json *m = v.get(key);
    if (!m || m->kind == Json::Kind::Null)
      return true;
    std::vector<uint64_t> values;
    if (!numbers(*m, key, values))
      return false;
    if (values.empty() || values.size() > 3)
      return fail(std::string("'") + key + "' must have 1 to 3 numbers");
    into = Dim3{1, 1, 1};
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] > 0x7fffffff)
        return fail(std::string("'") + key + "' is too large");
      (*into)[i] = uint32_t(values[i]);
    }
    return true;
  }
  bool list(const Json &v, const char *key, std::vector<Argument> &into) {
    const Json *m = v.get(key);
    if (!m)
      return true;
    if (m->kind != Json::Kind::Array)
      return fail(std::string("'") + key + "' must be a list");
    for (const Json &item : m->items) {
      into.emplace_back();
      if (!argument(item, into.back()))
        return fail("in '" + std::string(key) + "'");
    }
    return true;
  }
  bool argument(const Json &v, Argument &a) {
    if (v.kind != Json::Kind::Object)
      return fail("an argument must be an object");
    if (!string(v, "kind", a.kind, true))
      return false;
    if (a.kind == "tensormap")
      return readTensorMap(v, a, error);
    bool buffer = a.kind == "in" || a.kind == "inout" || a.kind == "out";
    if (!known(v, {"kind", "name", "type", "dtype", "shape", "file", "value",
                   "fill", "bytes", "align", "hex"}) ||
        !string(v, "name", a.name, buffer) ||
        !string(v, "type", a.type, a.kind == "scalar") ||
        !string(v, "dtype", a.type, buffer) ||
        !string(v, "file", a.file, a.kind == "in" || a.kind == "inout") ||
        !string(v, "hex", a.hex, a.kind == "bytes") ||
        !number(v, "bytes", a.bytes) || !number(v, "align", a.align))
      return false;
    a.file = resolve(a.file);
    if (const Json *shape = v.get("shape");
        shape && !numbers(*shape, "shape", a.shape))
      return false;
    if (const Json *value = v.get("value")) {
      if (value->kind != Json::Kind::Bool && !isWord(*value))
        return fail("'value' must be a number");
      a.value = value->kind == Json::Kind::Bool ? std::to_string(value->boolean)
                                                : value->text;
    }
    if (const Json *fill = v.get("fill")) {
      if (!isWord(*fill))
        return fail("'fill' must be a number or \"poison\"");
      a.fill = fill->text;
    }
    return true;
  }

  std::string folder;
  std::string &error;
};
} // namespace

bool moa::ptx::parseLaunchFile(const std::string &path, Job &job,
                               std::string &error) {
  std::string text, why;
  if (!readFile(path, text, error))
    return false;
  Json root;
  size_t slash = path.find_last_of('/');
  std::string folder =
      slash == std::string::npos ? "" : path.substr(0, slash + 1);
  if (!parseJson(text, root, why) || !LaunchReader(folder, why).read(root, job))
    error = "'" + path + "': " + why;
  return error.empty();
}
