//===- TensorMapArgument.cpp - Tensor maps of launch files ------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/PTXEmulator/Files/Json.h"
#include "Session.h"

#include <cstdlib>
#include <type_traits>

using namespace moa::ptx;

namespace {
class Reader {
public:
  Reader(const Json &v, std::string &error) : v(v), error(error) {}

  bool read(Argument &a);

private:
  bool fail(const std::string &why) {
    if (error.empty())
      error = why;
    return false;
  }
  /// The integers of a list; nothing if the key is not there.
  template <class T>
  bool numbers(const char *key, std::vector<T> &into, bool needed) {
    const Json *m = v.get(key);
    if (!m)
      return !needed || fail(std::string("'") + key + "' is missing");
    bool ok = m->kind == Json::Kind::Array;
    for (const Json &item : m->items) {
      char *end = nullptr;
      long long value = std::strtoll(item.text.c_str(), &end, 10);
      ok &= item.kind == Json::Kind::Number && !*end &&
            (value >= 0 || std::is_signed_v<T>)&&static_cast<long long>(
                static_cast<T>(value)) == value;
      into.push_back(static_cast<T>(value));
    }
    return ok || fail(std::string("'") + key +
                      "' must be a list of numbers that "
                      "fit");
  }
  bool number(const char *key, uint32_t &value) {
    uint64_t wide = 0;
    const Json *m = v.get(key);
    if (!m || m->kind != Json::Kind::Number || !parseUnsigned(m->text, wide) ||
        wide >> 32)
      return fail(std::string("'") + key + "' must be a number");
    value = uint32_t(wide);
    return true;
  }
  bool text(const char *key, std::string &into) {
    const Json *m = v.get(key);
    if (!m || m->kind != Json::Kind::String)
      return fail(std::string("'") + key + "' must be a string");
    into = m->text;
    return true;
  }
  /// The place of the word of `key` among `words`; the first if it is absent.
  template <class T>
  bool word(const char *key, std::initializer_list<const char *> words,
            T &value) {
    const Json *m = v.get(key);
    if (!m)
      return true;
    unsigned i = 0;
    std::string all;
    for (const char *w : words) {
      if (m->kind == Json::Kind::String && m->text == w) {
        value = T(i);
        return true;
      }
      all += (i++ ? ", " : "") + std::string(w);
    }
    return fail(std::string("'") + key + "' must be one of " + all);
  }

  const Json &v;
  std::string &error;
};
} // namespace

bool Reader::read(Argument &a) {
  TensorMap &map = a.map;
  for (const auto &[key, value] : v.members) {
    bool known = false;
    for (const char *k : {"kind", "of", "elem", "dims", "strides", "box",
                          "elem_strides", "interleave", "swizzle", "oob", "l2",
                          "lower", "upper", "channels", "pixels"})
      known |= key == k;
    if (!known)
      return fail("unknown key '" + key + "' of a tensor map");
  }
  std::string element;
  unsigned l2 = 0; // of no effect here
  map.im2col = v.get("pixels");
  if (!text("of", a.name) || !text("elem", element) ||
      !numbers("dims", map.dims, true) ||
      !numbers("strides", map.strides, map.dims.size() > 1) ||
      !numbers("elem_strides", map.elementStrides, false) ||
      !word("interleave", {"none", "16B", "32B"}, map.interleave) ||
      !word("swizzle", {"none", "32B", "64B", "128B"}, map.swizzle) ||
      !word("oob", {"zero", "nan"}, map.fill) ||
      !word("l2", {"none", "64B", "128B", "256B"}, l2))
    return false;
  if (!elementNamed(element, map.element))
    return fail("a tensor map has no elements of type '" + element + "'");
  if (!map.im2col)
    return numbers("box", map.box, true);
  return numbers("lower", map.lowerCorner, true) &&
         numbers("upper", map.upperCorner, true) &&
         number("channels", map.channels) && number("pixels", map.pixels);
}

bool moa::ptx::readTensorMap(const Json &json, Argument &argument,
                             std::string &error) {
  return Reader(json, error).read(argument);
}
