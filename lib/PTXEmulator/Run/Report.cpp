//===- Report.cpp - Diagnostics and reports as text -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/PTXEmulator/Emulator.h"

#include <cstdio>

using namespace moa::ptx;

static std::string dims(const Dim3 &d) {
  return std::to_string(d[0]) + "," + std::to_string(d[1]) + "," +
         std::to_string(d[2]);
}

static std::string hex(uint64_t value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "0x%llx", (unsigned long long)value);
  return buffer;
}

static std::string place(const Site &s) {
  return "line " + std::to_string(s.line) + ": " + s.text + " (block " +
         dims(s.block) + ", warp " + std::to_string(s.warp) + ", lane " +
         std::to_string(s.lane) + ")";
}

std::string Diagnostic::format() const {
  std::string out = kind + " in " + kernel + ": " + message;
  if (address)
    out += " (address " + hex(*address) + ")";
  out += "\n  at " + place(site);
  for (const Site &s : others)
    out += "\n  and " + place(s);
  return out;
}

namespace {
/// Writes JSON, two spaces for each level.
class Writer {
public:
  std::string out;

  void key(const std::string &name) {
    item();
    string(name);
    out += ": ";
    fresh = true;
  }
  void open(char c) {
    item();
    out += c;
    ++depth;
    fresh = true;
    empty = true;
  }
  void close(char c) {
    --depth;
    if (!empty)
      newline();
    out += c;
    empty = fresh = false;
  }
  void value(uint64_t v) { raw(std::to_string(v)); }
  void value(const std::string &v) {
    item();
    string(v);
  }
  void raw(const std::string &v) {
    item();
    out += v;
  }
  template <class T> void field(const std::string &name, const T &v) {
    key(name);
    value(v);
  }
  void field(const std::string &name, const Dim3 &v) {
    key(name);
    raw("[" + std::to_string(v[0]) + ", " + std::to_string(v[1]) + ", " +
        std::to_string(v[2]) + "]");
  }

private:
  void newline() { out += "\n" + std::string(2 * depth, ' '); }
  /// A comma before all but the first, unless a key was just written.
  void item() {
    if (afterKey())
      return;
    if (!fresh)
      out += ",";
    if (depth)
      newline();
    fresh = empty = false;
  }
  bool afterKey() {
    bool is = out.size() >= 2 && out.compare(out.size() - 2, 2, ": ") == 0;
    fresh = false;
    if (is)
      empty = false;
    else
      fresh = out.empty() || out.back() == '{' || out.back() == '[';
    return is;
  }
  void string(const std::string &v) {
    out += '"';
    for (unsigned char c : v) {
      if (c == '"' || c == '\\')
        out += '\\', out += c;
      else if (c < 0x20) {
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
        out += buffer;
      } else
        out += c;
    }
    out += '"';
  }

  unsigned depth = 0;
  bool fresh = true, empty = true;
};
} // namespace

static void writeSite(Writer &w, const Site &s) {
  w.field("line", uint64_t(s.line));
  w.field("text", s.text);
  w.field("block", s.block);
  w.key("warp"), w.raw(std::to_string(s.warp));
  w.key("lane"), w.raw(std::to_string(s.lane));
}

static void writeDiagnostic(Writer &w, const Diagnostic &d) {
  w.open('{');
  w.field("kind", d.kind);
  w.field("kernel", d.kernel);
  w.field("message", d.message);
  writeSite(w, d.site);
  if (d.address)
    w.field("address", hex(*d.address));
  w.key("others");
  w.open('[');
  for (const Site &s : d.others) {
    w.open('{');
    writeSite(w, s);
    w.close('}');
  }
  w.close(']');
  w.close('}');
}

static void writeSpaces(Writer &w, const Report &r) {
  w.key("spaces");
  w.open('{');
  for (const auto &[name, c] : r.spaces) {
    w.key(name);
    w.open('{');
    w.field("load_instructions", c.loadInstructions);
    w.field("load_requests", c.loadRequests);
    w.field("load_bytes", c.loadBytes);
    w.field("load_sectors", c.loadSectors);
    w.field("store_instructions", c.storeInstructions);
    w.field("store_requests", c.storeRequests);
    w.field("store_bytes", c.storeBytes);
    w.field("store_sectors", c.storeSectors);
    w.close('}');
  }
  w.close('}');
}

static void writePairs(
    Writer &w, const char *name, const char *first, const char *second,
    const std::vector<std::pair<std::string, std::array<uint64_t, 2>>> &pairs) {
  w.key(name);
  w.open('{');
  for (const auto &[key, value] : pairs) {
    w.key(key);
    w.raw("{\"" + std::string(first) + "\": " + std::to_string(value[0]) +
          ", \"" + second + "\": " + std::to_string(value[1]) + "}");
  }
  w.close('}');
}

static void writeConflicts(Writer &w, const Report &r) {
  w.key("bank_conflicts");
  w.open('[');
  for (const BankConflict &c : r.bankConflicts) {
    w.open('{');
    w.field("line", uint64_t(c.line));
    w.field("text", c.text);
    w.field("wavefronts", c.wavefronts);
    w.field("minimum", c.minimum);
    w.close('}');
  }
  w.close(']');
}

std::string Report::json() const {
  Writer w;
  w.open('{');
  w.field("kernel", kernel);
  w.field("grid", grid);
  w.field("block", block);
  w.field("cluster", cluster);
  w.key("diagnostics");
  w.open('[');
  for (const Diagnostic &d : diagnostics)
    writeDiagnostic(w, d);
  w.close(']');
  for (auto [name, list] :
       {std::pair("warnings", &warnings), {"output", &output}}) {
    w.key(name);
    w.open('[');
    for (const std::string &s : *list)
      w.value(s);
    w.close(']');
  }
  w.key("counts");
  w.open('{');
  w.field("warp_instructions", warpInstructions);
  w.field("thread_instructions", threadInstructions);
  writePairs(w, "opcodes", "warps", "threads", opcodes);
  writeSpaces(w, *this);
  writePairs(w, "unique_bytes", "read", "written", uniqueBytes);
  writePairs(w, "async_copies", "copies", "bytes", copies);
  w.field("shared_wavefronts", sharedWavefronts);
  w.field("shared_wavefronts_minimum", sharedMinimum);
  writeConflicts(w, *this);
  w.field("tensor_operations", tensorOperations);
  writePairs(w, "tensor_kinds", "products", "multiply_adds", tensorKinds);
  w.field("special_operations", specialOperations);
  w.field("barriers", barriers);
  w.field("declared_registers", declaredRegisters);
  w.field("shared_bytes", sharedBytes);
  w.close('}');
  w.key("seconds"), w.raw(std::to_string(seconds));
  w.close('}');
  w.out += "\n";
  return w.out;
}
