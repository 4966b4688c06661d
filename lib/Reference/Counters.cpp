//===- Counters.cpp - Counts as JSON -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One object with the arrays and the scalar operations by kind.
//
//===----------------------------------------------------------------------===//

#include "moa/Reference/Counters.h"

#include "llvm/Support/JSON.h"

using namespace moa;

static void writeTraffic(llvm::json::OStream &json,
                         const ArrayTraffic &traffic) {
  json.attribute("name", traffic.name);
  json.attribute("read", traffic.read);
  json.attribute("read_distinct", traffic.distinct);
  json.attribute("written", traffic.written);
}

static void writeNumbered(llvm::json::OStream &json, llvm::StringRef name,
                          const std::map<unsigned, ArrayTraffic> &arrays) {
  json.attributeArray(name, [&] {
    for (const auto &[number, traffic] : arrays)
      json.object([&, number = number, &traffic = traffic] {
        json.attribute("index", number);
        writeTraffic(json, traffic);
      });
  });
}

static void writeList(llvm::json::OStream &json, llvm::StringRef name,
                      const std::deque<ArrayTraffic> &arrays) {
  json.attributeArray(name, [&] {
    for (const ArrayTraffic &traffic : arrays)
      json.object([&] { writeTraffic(json, traffic); });
  });
}

static void writeOps(llvm::json::OStream &json, llvm::StringRef name,
                     const std::map<std::string, uint64_t> &ops) {
  json.attributeObject(name, [&] {
    for (const auto &[kind, count] : ops)
      if (count != 0)
        json.attribute(kind, count);
  });
}

void Counters::writeJSON(llvm::raw_ostream &os) const {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    writeNumbered(json, "arguments", arguments);
    writeNumbered(json, "results", results);
    writeList(json, "constants", constants);
    writeList(json, "intermediates", intermediates);
    writeOps(json, "float_ops", floatOps);
    writeOps(json, "integer_ops", integerOps);
  });
  os << '\n';
}
