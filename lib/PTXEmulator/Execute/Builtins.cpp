//===- Builtins.cpp - Functions of the device runtime -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"

#include <cstring>

using namespace moa::ptx;

namespace {

uint64_t argument(Warp &w, const BuiltinCall &call, size_t i, unsigned lane) {
  const BuiltinCall::Passed &p = call.arguments[i];
  if (!p.isVariable)
    return w.src(p.slot)[lane];
  uint64_t value = 0;
  std::memcpy(&value, &w.local[lane][w.frame().localBase[lane] + p.offset],
              std::min<uint64_t>(p.bytes, 8));
  return value;
}

void setResult(Warp &w, const BuiltinCall &call, unsigned lane,
               uint64_t value) {
  if (call.results.empty())
    return;
  const BuiltinCall::Passed &p = call.results[0];
  if (!p.isVariable) {
    w.dst(p.slot)[lane] = value;
    return;
  }
  uint64_t at = w.frame().localBase[lane] + p.offset;
  std::memcpy(&w.local[lane][at], &value, std::min<uint64_t>(p.bytes, 8));
  std::memset(&w.localState[lane][at], 1, p.bytes);
}

/// Reads bytes at a generic address; false after a fault.
bool readBytes(Warp &w, const Inst &in, unsigned lane, uint64_t address,
               void *to, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) {
    Access a;
    a.bytes = 1;
    a.address[lane] = address + i;
    if (!w.access(in, 1u << lane, a))
      return false;
    static_cast<uint8_t *>(to)[i] = *a.data[lane];
  }
  return true;
}

bool readString(Warp &w, const Inst &in, unsigned lane, uint64_t address,
                std::string &text) {
  for (char c; text.size() < 65536; text += c) {
    if (!readBytes(w, in, lane, address++, &c, 1))
      return false;
    if (!c)
      return true;
  }
  return true;
}

/// One conversion of printf: its text and, in `c`, its letter.
std::string conversion(const std::string &format, size_t &at, char &c,
                       bool &isLong) {
  size_t start = at++;
  while (at < format.size() && std::strchr("-+ #0123456789.*", format[at]))
    ++at;
  std::string spec = format.substr(start, at - start);
  isLong = false;
  while (at < format.size() && std::strchr("hlLzjt", format[at])) {
    isLong |= format[at] != 'h';
    ++at;
  }
  c = at < format.size() ? format[at++] : '%';
  return spec;
}

std::string formatted(Warp &w, const Inst &in, unsigned lane,
                      const std::string &format, uint64_t arguments) {
  std::string out;
  uint64_t offset = 0;
  auto next = [&](unsigned bytes) {
    offset = (offset + bytes - 1) / bytes * bytes;
    uint64_t value = 0;
    readBytes(w, in, lane, arguments + offset, &value, bytes);
    offset += bytes;
    return value;
  };
  for (size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      out += format[at++];
      continue;
    }
    char c, buffer[512];
    bool isLong;
    std::string spec = conversion(format, at, c, isLong);
    if (c == '%') {
      out += '%';
      continue;
    }
    if (spec.find('*') != std::string::npos) {
      for (size_t star; (star = spec.find('*')) != std::string::npos;)
        spec.replace(star, 1, std::to_string(int(next(4))));
    }
    if (spec.size() > 20) {
      out += spec + c;
      continue;
    }
    if (std::strchr("eEfFgGaA", c)) {
      uint64_t bits = next(8);
      double value;
      std::memcpy(&value, &bits, 8);
      std::snprintf(buffer, sizeof buffer, (spec + c).c_str(), value);
    } else if (c == 's') {
      std::string text;
      readString(w, in, lane, next(8), text);
      std::snprintf(buffer, sizeof buffer, (spec + c).c_str(), text.c_str());
    } else if (c == 'p') {
      std::snprintf(buffer, sizeof buffer, "0x%llx",
                    (unsigned long long)next(8));
    } else if (c == 'd' || c == 'i') {
      long long v = isLong ? (long long)next(8) : int(next(4));
      std::snprintf(buffer, sizeof buffer, (spec + "ll" + c).c_str(), v);
    } else if (c == 'c') {
      std::snprintf(buffer, sizeof buffer, (spec + c).c_str(), int(next(4)));
    } else if (std::strchr("uxXo", c)) {
      unsigned long long v = next(isLong ? 8 : 4);
      std::snprintf(buffer, sizeof buffer, (spec + "ll" + c).c_str(), v);
    } else {
      std::snprintf(buffer, sizeof buffer, "%s%c", spec.c_str(), c);
    }
    out += buffer;
  }
  return out;
}

void runPrintf(Warp &w, const Inst &in, Lanes lanes) {
  const auto &call = static_cast<const BuiltinCall &>(*in.extra);
  forLanes(lanes, [&](unsigned l) {
    std::string format;
    if (!readString(w, in, l, argument(w, call, 0, l), format))
      return;
    std::string text = formatted(w, in, l, format, argument(w, call, 1, l));
    setResult(w, call, l, text.size());
    std::lock_guard<std::mutex> lock(w.launch->reportMutex);
    w.launch->output.push_back(std::move(text));
  });
}

/// __assertfail(message, file, line, function, size of a character)
void runAssert(Warp &w, const Inst &in, Lanes lanes) {
  const auto &call = static_cast<const BuiltinCall &>(*in.extra);
  unsigned l = std::countr_zero(lanes);
  std::string message, file, function;
  readString(w, in, l, argument(w, call, 0, l), message);
  readString(w, in, l, argument(w, call, 1, l), file);
  readString(w, in, l, argument(w, call, 3, l), function);
  w.fault(in, l, "assertion",
          file + ":" + std::to_string(uint32_t(argument(w, call, 2, l))) +
              ": " + function + ": assertion '" + message + "' failed",
          true);
}

void runMalloc(Warp &w, const Inst &in, Lanes lanes) {
  const auto &call = static_cast<const BuiltinCall &>(*in.extra);
  forLanes(lanes, [&](unsigned l) {
    uint64_t bytes = argument(w, call, 0, l);
    uint64_t address = 0;
    if (bytes <= (uint64_t(8) << 20))
      if (Allocation *a =
              w.launch->memory->allocate(bytes, 16, "malloc", false))
        address = a->base;
    setResult(w, call, l, address);
  });
}

void runFree(Warp &w, const Inst &in, Lanes lanes) {
  const auto &call = static_cast<const BuiltinCall &>(*in.extra);
  forLanes(lanes, [&](unsigned l) {
    uint64_t address = argument(w, call, 0, l);
    if (!address)
      return;
    Allocation *a = w.launch->memory->find(address);
    if (!a || a->base != address || a->name != "malloc")
      w.fault(in, l, "bad-free", "not an address that malloc gave", true,
              &address);
    else
      w.launch->memory->release(address);
  });
}

} // namespace

Handler moa::ptx::builtinNamed(const std::string &name,
                               const BuiltinCall &call) {
  size_t count = call.arguments.size();
  if (name == "vprintf" && count == 2)
    return runPrintf;
  if (name == "__assertfail" && count == 5)
    return runAssert;
  if (name == "malloc" && count == 1)
    return runMalloc;
  if (name == "free" && count == 1)
    return runFree;
  return nullptr;
}
