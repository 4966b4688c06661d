//===- Json.h - Reader of JSON ----------------------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MOA_LIB_PTXEMULATOR_FILES_JSON_H
#define MOA_LIB_PTXEMULATOR_FILES_JSON_H

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace moa::ptx {

struct Json {
  enum class Kind { Null, Bool, Number, String, Array, Object };
  Kind kind = Kind::Null;
  bool boolean = false;
  std::string text; ///< of a string; a number as it was written
  std::vector<Json> items;
  std::map<std::string, Json, std::less<>> members;

  const Json *get(std::string_view key) const {
    auto it = members.find(key);
    return it == members.end() ? nullptr : &it->second;
  }
};

/// False, and `error` says where, if `text` is not one JSON value.
bool parseJson(std::string_view text, Json &value, std::string &error);

} // namespace moa::ptx

#endif // MOA_LIB_PTXEMULATOR_FILES_JSON_H
