//===- Arguments.cpp - Arguments of a launch --------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/PTXEmulator/Files/Npy.h"
#include "Session.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace moa::ptx;

bool moa::ptx::parseUnsigned(const std::string &text, uint64_t &value) {
  char *end = nullptr;
  errno = 0;
  value = std::strtoull(text.c_str(), &end, 0);
  return !text.empty() && std::isdigit((unsigned char)text[0]) && !*end &&
         !errno;
}

bool moa::ptx::parseExtents(const std::string &text,
                            std::vector<uint64_t> &extents) {
  extents.clear();
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find_first_of("x,", at), text.size());
    uint64_t value;
    if (!parseUnsigned(text.substr(at, end - at), value))
      return false;
    extents.push_back(value);
    at = end + 1;
  }
  return !extents.empty();
}

static std::vector<std::string> split(const std::string &text, size_t most) {
  std::vector<std::string> parts;
  size_t at = 0;
  while (parts.size() + 1 < most) {
    size_t colon = text.find(':', at);
    if (colon == std::string::npos)
      break;
    parts.push_back(text.substr(at, colon - at));
    at = colon + 1;
  }
  parts.push_back(text.substr(at));
  return parts;
}

bool moa::ptx::parseArgument(const std::string &spec, Argument &a,
                             std::string &error) {
  std::vector<std::string> p = split(spec, 5);
  auto bad = [&](const char *why) {
    error = "argument '" + spec + "': " + why;
    return false;
  };
  a.kind = p[0];
  if (a.kind == "null")
    return p.size() == 1 || bad("'null' takes nothing");
  if (p.size() < 2)
    return bad("expected KIND:..., see --help");
  if (a.kind == "in" || a.kind == "inout") {
    a.file = spec.substr(a.kind.size() + 1);
    size_t slash = a.file.find_last_of('/');
    a.name = a.file.substr(slash == std::string::npos ? 0 : slash + 1);
    if (a.name.size() > 4 && a.name.substr(a.name.size() - 4) == ".npy")
      a.name.resize(a.name.size() - 4);
    return true;
  }
  if (a.kind == "out") {
    if (p.size() < 4 || !parseExtents(p[3], a.shape))
      return bad("expected out:NAME:DTYPE:EXTENTS");
    a.name = p[1], a.type = p[2];
    if (p.size() == 5)
      a.fill = p[4];
    return true;
  }
  if (a.kind == "scratch")
    return parseUnsigned(p[1], a.bytes) || bad("expected scratch:BYTES");
  if (a.kind == "hex") {
    a.kind = "bytes";
    a.hex = p[1];
    return true;
  }
  a.type = p[0], a.kind = "scalar";
  a.value = p[1];
  return elementNamed(a.type) || bad("unknown kind or type");
}

static bool integerBytes(const Argument &a, unsigned bytes, uint64_t &bits,
                         std::string &error) {
  char *end = nullptr;
  errno = 0;
  bool isU = a.type[0] == 'u', minus = a.value[0] == '-';
  unsigned width = 8 * bytes;
  bits = minus ? uint64_t(std::strtoll(a.value.c_str(), &end, 0))
               : std::strtoull(a.value.c_str(), &end, 0);
  bool fits = !errno && !*end && !(minus && isU);
  uint64_t magnitude = minus ? 0 - bits : bits;
  if (width < 64 || !isU)
    fits &= magnitude <= (uint64_t(1) << (width - !isU)) - !minus;
  if (!fits)
    error = "'" + a.value + "' is no " + a.type;
  return fits;
}

bool moa::ptx::scalarBytes(const Argument &a, std::vector<uint8_t> &out,
                           std::string &error) {
  const ElementInfo *e = elementNamed(a.type);
  if (!e || (a.type[0] != 'i' && a.type[0] != 'u' && a.type[0] != 'f') ||
      a.value.empty()) {
    error = "a scalar of type '" + a.type + "' is not supported";
    return false;
  }
  uint64_t bits = 0;
  if (a.type[0] != 'f') {
    if (!integerBytes(a, e->bytes, bits, error))
      return false;
  } else {
    char *end = nullptr;
    double value = std::strtod(a.value.c_str(), &end);
    if (*end) {
      error = "'" + a.value + "' is no " + a.type;
      return false;
    }
    if (a.type == "f16") {
      error = "a scalar of type 'f16' is given as u16 bits";
      return false;
    }
    float single = float(value);
    std::memcpy(&bits, e->bytes == 4 ? (void *)&single : (void *)&value,
                e->bytes);
  }
  out.resize(e->bytes);
  std::memcpy(out.data(), &bits, e->bytes);
  return true;
}
