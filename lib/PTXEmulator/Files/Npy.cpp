//===- Npy.cpp - Arrays in .npy files ---------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Npy.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

using namespace moa::ptx;

static constexpr ElementInfo elements[] = {
    {"i8", "|i1", 1},   {"i16", "<i2", 2},  {"i32", "<i4", 4},
    {"i64", "<i8", 8},  {"u8", "|u1", 1},   {"u16", "<u2", 2},
    {"u32", "<u4", 4},  {"u64", "<u8", 8},  {"f16", "<f2", 2},
    {"f32", "<f4", 4},  {"f64", "<f8", 8},  {"bf16", "<u2", 2},
    {"tf32", "<f4", 4}, {"e4m3", "|u1", 1}, {"e5m2", "|u1", 1},
};

const ElementInfo *moa::ptx::elementNamed(std::string_view name) {
  for (const ElementInfo &e : elements)
    if (e.name == name)
      return &e;
  return nullptr;
}

bool moa::ptx::fits(const ElementInfo &element, std::string_view descr) {
  bool bits = element.name == "bf16" || element.name[0] == 'e';
  if (bits)
    return descr.size() >= 2 && atoi(descr.data() + 2) == int(element.bytes);
  return descr == element.descr;
}

bool moa::ptx::readFile(const std::string &path, std::string &text,
                        std::string &error) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (in)
    out << in.rdbuf();
  if (!in || in.bad()) {
    error = "cannot read '" + path + "'";
    return false;
  }
  text = out.str();
  return true;
}

bool moa::ptx::canWrite(const std::string &path, std::string &error) {
  std::string temporary = path + ".part";
  bool ok = std::ofstream(temporary, std::ios::binary).is_open();
  std::remove(temporary.c_str());
  if (!ok)
    error = "cannot write '" + path + "'";
  return ok;
}

bool moa::ptx::writeFile(const std::string &path, const std::string &text,
                         std::string &error) {
  std::string temporary = path + ".part";
  {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
      std::remove(temporary.c_str());
      error = "cannot write '" + path + "'";
      return false;
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    error = "cannot write '" + path + "'";
    return false;
  }
  return true;
}

/// What follows `'key':` in the header.
static std::string_view after(std::string_view header, std::string_view key) {
  size_t at = header.find("'" + std::string(key) + "'");
  if (at == std::string_view::npos)
    return {};
  at = header.find(':', at);
  if (at == std::string_view::npos)
    return {};
  at = header.find_first_not_of(' ', at + 1);
  return at == std::string_view::npos ? std::string_view() : header.substr(at);
}

static bool parseShape(std::string_view text, std::vector<uint64_t> &shape) {
  if (text.empty() || text[0] != '(')
    return false;
  size_t close = text.find(')');
  if (close == std::string_view::npos)
    return false;
  std::string inside(text.substr(1, close - 1));
  std::istringstream in(inside);
  for (std::string part; std::getline(in, part, ',');) {
    char *end = nullptr;
    if (part.find_first_not_of(' ') == std::string::npos)
      continue;
    if (part.find('-') != std::string::npos)
      return false;
    shape.push_back(std::strtoull(part.c_str(), &end, 10));
    if (*end)
      return false;
  }
  return shape.size() <= 64;
}

bool moa::ptx::readNpy(const std::string &path, NpyArray &array,
                       std::string &error) {
  std::string text;
  if (!readFile(path, text, error))
    return false;
  auto bad = [&](const char *why) {
    error = "'" + path + "': " + why;
    return false;
  };
  if (text.size() < 10 || std::memcmp(text.data(), "\x93NUMPY", 6) != 0)
    return bad("not a .npy file");
  unsigned version = uint8_t(text[6]);
  size_t start = version == 1 ? 10 : 12, length = 0;
  if (version < 1 || version > 3 || text.size() < start)
    return bad("an unknown version of .npy");
  for (size_t i = start; i-- > 8;)
    length = length << 8 | uint8_t(text[i]);
  if (text.size() - start < length)
    return bad("the header is cut off");
  std::string_view header(text.data() + start, length);
  std::string_view descr = after(header, "descr");
  if (descr.size() < 4 || descr[0] != '\'' || descr.find('\'', 1) == descr.npos)
    return bad("no simple element type");
  array.descr = descr.substr(1, descr.find('\'', 1) - 1);
  if (array.descr.size() < 3 || array.descr[0] == '>')
    return bad("elements must be little-endian");
  if (after(header, "fortran_order").substr(0, 5) != "False")
    return bad("the array must be in C order");
  if (!parseShape(after(header, "shape"), array.shape))
    return bad("a malformed shape");
  uint64_t bytes = std::strtoull(array.descr.c_str() + 2, nullptr, 10);
  size_t have = text.size() - start - length;
  for (uint64_t extent : array.shape) {
    if (extent && bytes > have / extent)
      return bad("the data is cut off");
    bytes *= extent;
  }
  if (bytes != have)
    return bad("more data than the shape holds");
  array.data.assign(text.begin() + start + length, text.end());
  return true;
}

bool moa::ptx::writeNpy(const std::string &path, std::string_view descr,
                        const std::vector<uint64_t> &shape,
                        const std::vector<uint8_t> &data, std::string &error) {
  std::string dims;
  for (uint64_t extent : shape)
    dims += std::to_string(extent) + ",";
  std::string header = "{'descr': '" + std::string(descr) +
                       "', 'fortran_order': False, 'shape': (" + dims + "), }";
  header.resize((header.size() + 10 + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += char(header.size() & 0xff);
  text += char(header.size() >> 8);
  text += header;
  text.append(data.begin(), data.end());
  return writeFile(path, text, error);
}
