//===- Control.cpp - Branches, calls, the ends of threads -------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Families.h"

#include <algorithm>
#include <cstring>

using namespace moa::ptx;

namespace {

void runBra(Warp &w, const Inst &in, Lanes lanes) {
  w.branch(lanes, uint32_t(in.imm));
}

bool decodeBra(Decoder &d) {
  d.take("uni");
  d.in.run = runBra;
  d.in.flags |= Control;
  d.fixups.emplace_back(d.code.insts.size(), d.operand(0).index);
  return true;
}

struct BranchTable : InstExtra {
  std::vector<uint32_t> targets;
};

void runBrx(Warp &w, const Inst &in, Lanes lanes) {
  const auto &table = static_cast<const BranchTable &>(*in.extra).targets;
  const uint64_t *index = w.src(in.src[0]);
  Lanes left = lanes;
  Split &s = w.split();
  Lanes stay = s.lanes & ~lanes;
  std::vector<Split> made;
  while (left) {
    unsigned l = std::countr_zero(left);
    if (index[l] >= table.size()) {
      w.fault(in, l, "branch-index",
              "index " + std::to_string(index[l]) + " of a table of " +
                  std::to_string(table.size()),
              true);
      return;
    }
    Split other = s;
    other.lanes = 0;
    forLanes(left, [&](unsigned k) {
      other.lanes |= Lanes(index[k] == index[l]) << k;
    });
    other.pc = table[index[l]];
    made.push_back(other);
    left &= ~other.lanes;
  }
  if (stay) {
    Split rest = s;
    rest.lanes = stay;
    ++rest.pc;
    made.push_back(rest);
  }
  s = made[0];
  w.splits.insert(w.splits.end(), made.begin() + 1, made.end());
  w.reschedule |= w.splits.size() > 1;
}

bool decodeBrx(Decoder &d) {
  d.take("idx");
  d.take("uni");
  if (!d.operands(2, 2))
    return false;
  auto table = std::make_unique<BranchTable>();
  auto it = d.function.branchTargets.find(d.operand(1).name);
  if (it == d.function.branchTargets.end())
    return d.error("unknown list of targets");
  table->targets = it->second;
  d.tableFixups.push_back(&table->targets);
  d.in.run = runBrx;
  d.in.flags |= Control;
  d.in.src[0] = d.source(d.operand(0), Type::U32);
  d.in.extra = std::move(table);
  return !d.failed();
}

/// An argument or result of a call: a variable of the caller or a register.
struct Passed {
  bool isVariable = false;
  uint64_t offset = 0, bytes = 0;
  Slot slot = noSlot;
};

struct Call : InstExtra {
  Slot target = noSlot; ///< of an indirect call
  uint32_t code = 0;
  std::vector<Passed> arguments, results;
};

void copyLocal(Warp &w, Lanes lanes, const Frame &to, uint64_t toOffset,
               const Frame &from, uint64_t fromOffset, uint64_t bytes) {
  forLanes(lanes, [&](unsigned l) {
    uint64_t a = to.localBase[l] + toOffset, b = from.localBase[l] + fromOffset;
    std::memcpy(&w.local[l][a], &w.local[l][b], bytes);
    std::memcpy(&w.localState[l][a], &w.localState[l][b], bytes);
  });
}

void storeLocal(Warp &w, Lanes lanes, const Frame &f, const FrameVariable &v,
                const uint64_t *values) {
  forLanes(lanes, [&](unsigned l) {
    uint64_t at = f.localBase[l] + v.offset;
    std::memcpy(&w.local[l][at], &values[l], std::min<uint64_t>(v.bytes, 8));
    std::memset(&w.localState[l][at], 1, v.bytes);
  });
}

bool signatureFits(const Call &call, const Code &code) {
  if (call.arguments.size() > code.params.size() ||
      call.results.size() > code.returns.size())
    return false;
  for (size_t i = 0; i < call.arguments.size(); ++i)
    if (call.arguments[i].isVariable &&
        call.arguments[i].bytes > code.params[i].bytes)
      return false;
  for (size_t i = 0; i < call.results.size(); ++i)
    if (call.results[i].isVariable &&
        call.results[i].bytes > code.returns[i].bytes)
      return false;
  return true;
}

void enterCode(Warp &w, const Inst &in, Lanes lanes, const Code &code) {
  const Call &call = static_cast<const Call &>(*in.extra);
  if (!signatureFits(call, code)) {
    w.fault(in, std::countr_zero(lanes), "call-signature",
            "'" + code.name + "' has other parameters than this call", true);
    return;
  }
  Frame &from = w.frame();
  std::vector<std::array<uint64_t, warpSize>> values(call.arguments.size());
  for (size_t i = 0; i < values.size(); ++i)
    if (!call.arguments[i].isVariable)
      std::copy_n(w.src(call.arguments[i].slot), warpSize, values[i].data());
  w.enter(code, in, lanes);
  if (w.launch->stop)
    return;
  Frame &to = w.frame();
  for (size_t i = 0; i < values.size(); ++i) {
    const Passed &p = call.arguments[i];
    const FrameVariable &v = code.params[i];
    if (code.paramRegisters[i] >= 0) {
      uint64_t *d = w.dst(code.paramRegisters[i]);
      if (p.isVariable)
        forLanes(lanes, [&](unsigned l) {
          std::memcpy(&d[l], &w.local[l][from.localBase[l] + p.offset],
                      std::min<uint64_t>(p.bytes, 8));
        });
      else
        std::copy_n(values[i].data(), warpSize, d);
      w.setDefined(code.paramRegisters[i], lanes);
    } else if (p.isVariable) {
      copyLocal(w, lanes, to, v.offset, from, p.offset, p.bytes);
    } else {
      storeLocal(w, lanes, to, v, values[i].data());
    }
  }
}

void runCall(Warp &w, const Inst &in, Lanes lanes) {
  const Call &call = static_cast<const Call &>(*in.extra);
  if (!lanes)
    return w.advance();
  if (call.target == noSlot)
    return enterCode(w, in, lanes, w.launch->program->codes[call.code]);
  // Lanes with other targets stay here and call later.
  const uint64_t *target = w.src(call.target);
  uint64_t address = target[std::countr_zero(lanes)];
  Lanes same = 0;
  forLanes(lanes,
           [&](unsigned l) { same |= Lanes(target[l] == address) << l; });
  uint64_t index = (address - functionWindow) / 16 - 1;
  if (address < functionWindow + 16 || address % 16 ||
      index >= w.launch->program->codes.size()) {
    w.fault(in, std::countr_zero(lanes), "bad-call",
            "the address called is not that of a function", true, &address);
    return;
  }
  if (same != lanes) {
    Split rest = w.split();
    rest.lanes &= ~same;
    w.split().lanes &= same;
    w.splits.push_back(rest);
  }
  enterCode(w, in, same, w.launch->program->codes[index]);
}

bool decodePassed(Decoder &d, const Operand &o, std::vector<Passed> &into,
                  bool isResult) {
  Passed p;
  if (o.kind == Operand::Kind::Symbol && o.variable) {
    auto it = d.frameOffsets.find(o.variable);
    if (it == d.frameOffsets.end())
      return d.error("a .param variable is needed");
    p = {true, it->second, o.variable->bytes, noSlot};
  } else if (isResult) {
    p.slot = d.destination(o);
  } else {
    p.slot = d.source(o, Type::B64);
  }
  into.push_back(p);
  return !d.failed();
}

/// call (results), target, (arguments), prototype
bool decodeCall(Decoder &d) {
  d.take("uni");
  auto call = std::make_unique<Call>();
  size_t i = 0, count = d.operandCount();
  auto list = [&](std::vector<Passed> &into, bool isResult) {
    if (i < count && d.operand(i).kind == Operand::Kind::List) {
      for (const Operand &o : d.operand(i).elements)
        if (!decodePassed(d, o, into, isResult))
          return false;
      ++i;
    }
    return true;
  };
  if (!list(call->results, true) || i >= count)
    return d.error("a call without a target");
  const Operand &target = d.operand(i++);
  if (!list(call->arguments, false))
    return false;
  d.in.flags |= Control;
  d.in.run = runCall;
  if (target.kind == Operand::Kind::Register) {
    call->target = d.source(target, Type::B64);
    d.in.extra = std::move(call);
    return !d.failed();
  }
  const Function *f = d.module.function(target.name);
  if (!f)
    return d.error("unknown function '" + std::string(target.name) + "'");
  if (f->hasBody) {
    call->code = d.layout.codes.at(f);
    d.in.extra = std::move(call);
    return true;
  }
  auto builtin = std::make_unique<BuiltinCall>();
  for (const Passed &p : call->arguments)
    builtin->arguments.push_back({p.isVariable, p.offset, p.bytes, p.slot});
  for (const Passed &p : call->results)
    builtin->results.push_back({p.isVariable, p.offset, p.bytes, p.slot});
  d.in.flags &= ~Control;
  d.in.run = builtinNamed(f->name, *builtin);
  if (!d.in.run)
    return d.unsupported("external function '" + f->name + "'");
  d.in.extra = std::move(builtin);
  return true;
}

void runRet(Warp &w, const Inst &, Lanes lanes) {
  if (!lanes)
    return w.advance();
  Frame &f = w.frame();
  if (!f.parent)
    return w.exit(lanes);
  const Call &call = static_cast<const Call &>(*f.call->extra);
  const Code &code = *f.code;
  Frame &to = *f.parent;
  for (size_t i = 0; i < call.results.size(); ++i) {
    const Passed &p = call.results[i];
    int reg = code.returnRegisters[i];
    if (p.isVariable && reg < 0) {
      copyLocal(w, lanes, to, p.offset, f, code.returns[i].offset, p.bytes);
      continue;
    }
    uint64_t value[warpSize] = {};
    forLanes(lanes, [&](unsigned l) {
      if (reg >= 0)
        value[l] = w.src(reg)[l];
      else
        std::memcpy(&value[l],
                    &w.local[l][f.localBase[l] + code.returns[i].offset],
                    std::min<uint64_t>(code.returns[i].bytes, 8));
    });
    if (p.isVariable) {
      storeLocal(w, lanes, to, {p.offset, p.bytes}, value);
    } else {
      uint64_t *d = to.registers.get() + size_t(p.slot) * warpSize;
      forLanes(lanes, [&](unsigned l) { d[l] = value[l]; });
      to.defined[p.slot] |= lanes;
    }
  }
  w.leave(lanes);
}

void runExit(Warp &w, const Inst &, Lanes lanes) {
  if (!lanes)
    return w.advance();
  w.exit(lanes);
}

void runTrap(Warp &w, const Inst &in, Lanes lanes) {
  w.fault(in, std::countr_zero(lanes), "trap", "the kernel ended itself", true);
}

void runNothing(Warp &, const Inst &, Lanes) {}

template <Handler run, uint8_t flags> bool decodeEnd(Decoder &d) {
  d.take("uni");
  d.in.run = run;
  d.in.flags |= flags;
  return d.operands(0, 0);
}

/// Instructions that change nothing that can be seen.
bool decodeNothing(Decoder &d) {
  for (std::string_view m : d.ast->modifiers)
    d.take(m);
  d.in.run = runNothing;
  return true;
}

/// Register counts are not modelled; all lanes of the warp must come.
void runSetMaxRegisters(Warp &w, const Inst &in, Lanes lanes) {
  if (lanes != w.alive() && w.launch->options.checks.convergence)
    w.fault(in, std::countr_zero(lanes), "divergent-aligned",
            "only some lanes of the warp execute an aligned instruction", true);
}

bool decodeSetMaxRegisters(Decoder &d) {
  if (d.takeOne({"inc", "dec"}) < 0 || !d.take("sync") || !d.take("aligned") ||
      !d.take("u32"))
    return d.error("malformed 'setmaxnreg'");
  d.in.run = runSetMaxRegisters;
  if (!d.operands(1, 1) || !d.integer(d.operand(0), d.in.imm))
    return false;
  return (d.in.imm >= 24 && d.in.imm <= 256 && d.in.imm % 8 == 0) ||
         d.error("the number of registers must be a multiple of 8 from 24 to "
                 "256");
}

/// Launches do not overlap: the grid before this one has ended.
bool decodeGridControl(Decoder &d) {
  d.in.run = runNothing;
  return d.takeOne({"launch_dependents", "wait"}) >= 0
             ? d.operands(0, 0)
             : d.error("malformed 'griddepcontrol'");
}

} // namespace

void moa::ptx::addControl(InstructionTable &t) {
  t["bra"] = decodeBra;
  t["brx"] = decodeBrx;
  t["call"] = decodeCall;
  t["ret"] = decodeEnd<runRet, Control>;
  t["exit"] = decodeEnd<runExit, Control>;
  t["trap"] = decodeEnd<runTrap, 0>;
  t["setmaxnreg"] = decodeSetMaxRegisters;
  t["griddepcontrol"] = decodeGridControl;
  for (const char *name : {"brkpt", "nanosleep", "pmevent", "prefetch",
                           "prefetchu", "discard", "applypriority"})
    t[name] = decodeNothing;
}
