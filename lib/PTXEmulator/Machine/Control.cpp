//===- Control.cpp - Lanes that go different ways ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A warp is a set of splits. The deepest call runs first, then the lowest
// address, so that lanes meet again behind structured code; lanes at the same
// instruction of the same frame become one split. Each split gets its turn, so
// a lane that spins does not starve the lane it waits for.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

#include <algorithm>

using namespace moa::ptx;

static constexpr uint64_t turn = 4096;
static constexpr uint32_t maxDepth = 1000;

Frame &Warp::newFrame(const Code &code, Frame *parent, Lanes lanes) {
  std::unique_ptr<Frame> frame;
  if (!freeFrames.empty()) {
    frame = std::move(freeFrames.back());
    freeFrames.pop_back();
  } else {
    frame = std::make_unique<Frame>();
  }
  if (frame->capacity < code.registers) {
    frame->registers =
        std::make_unique<uint64_t[]>(size_t(code.registers) * warpSize);
    frame->defined = std::make_unique<Lanes[]>(code.registers);
    frame->capacity = code.registers;
  } else {
    std::fill_n(frame->registers.get(), size_t(code.registers) * warpSize, 0);
    std::fill_n(frame->defined.get(), code.registers, 0);
  }
  if (wgmma.watched)
    frame->uses = std::make_unique<RegisterUse[]>(code.registers);
  frame->code = &code;
  frame->parent = parent;
  frame->call = nullptr;
  frame->depth = parent ? parent->depth + 1 : 0;
  frame->live = lanes;
  forLanes(lanes, [&](unsigned l) {
    uint64_t base = local[l].size();
    base = (base + code.frameAlign - 1) / code.frameAlign * code.frameAlign;
    frame->localBase[l] = base;
    local[l].resize(base + code.frameBytes);
    localState[l].resize(base + code.frameBytes, 0);
  });
  frames.push_back(std::move(frame));
  return *frames.back();
}

void Warp::start(const Code &code, Lanes lanes) {
  // Address 0 of local memory belongs to nobody.
  forLanes(lanes, [&](unsigned l) {
    local[l].assign(16, 0);
    localState[l].assign(16, 0);
  });
  present = lanes;
  wgmma.watched = launch->program->usesWgmma && launch->options.checks.async;
  Frame &frame = newFrame(code, nullptr, lanes);
  splits.push_back({lanes, &frame, 0, Split::State::Ready, 0, 0, 0});
  pick();
}

void Warp::branch(Lanes taken, uint32_t target) {
  Split &s = split();
  if (taken == s.lanes) {
    s.pc = target;
    reschedule |= splits.size() > 1;
    return;
  }
  ++s.pc;
  if (!taken)
    return;
  Split other = s;
  other.lanes = taken;
  other.pc = target;
  s.lanes &= ~taken;
  splits.push_back(other);
  reschedule = true;
}

void Warp::enter(const Code &code, const Inst &call, Lanes lanes) {
  Split &s = split();
  if (s.frame->depth >= maxDepth) {
    fault(call, std::countr_zero(lanes), "call-depth",
          "more than 1000 calls deep", true);
    return;
  }
  uint32_t after = s.pc + 1;
  Frame *parent = s.frame;
  if (lanes != s.lanes) {
    Split rest = s;
    rest.lanes &= ~lanes;
    rest.pc = after;
    s.lanes = lanes;
    splits.push_back(rest);
  }
  Frame &frame = newFrame(code, parent, lanes);
  frame.call = &call;
  frame.returnPc = after;
  split().frame = &frame;
  split().pc = 0;
  reschedule = true;
}

/// The lanes go back to the caller; the frame goes when the last lane has left.
void Warp::leave(Lanes lanes) {
  Split &s = split();
  Frame *frame = s.frame;
  Frame *parent = frame->parent;
  forLanes(lanes, [&](unsigned l) {
    local[l].resize(frame->localBase[l]);
    localState[l].resize(frame->localBase[l]);
  });
  frame->live &= ~lanes;
  if (lanes != s.lanes) {
    Split rest = s;
    rest.lanes &= ~lanes;
    ++rest.pc;
    s.lanes = lanes;
    splits.push_back(rest);
  }
  split().frame = parent;
  split().pc = frame->returnPc;
  if (!frame->live) {
    auto it = std::find_if(frames.begin(), frames.end(),
                           [&](auto &f) { return f.get() == frame; });
    freeFrames.push_back(std::move(*it));
    frames.erase(it);
  }
  reschedule = true;
}

void Warp::exit(Lanes lanes) {
  if (copies) {
    checkUnfinished(lanes);
    forLanes(lanes, [&](unsigned l) {
      makeSmallCopies(l, copies[l].small.issued, false);
      makeBulkCopies(l, copies[l].bulk.issued, false);
    });
  }
  exited |= lanes;
  Split &s = split();
  for (Frame *f = s.frame; f; f = f->parent)
    f->live &= ~lanes;
  s.lanes &= ~lanes;
  if (s.lanes)
    ++s.pc;
  else
    splits.erase(splits.begin() + current), current = 0;
  ++block->progress;
  reschedule = true;
}

/// Makes one of the splits that stand at the same place.
void Warp::merge() {
  for (unsigned i = 0; i < splits.size(); ++i) {
    if (splits[i].state == Split::State::Arrived || splits[i].step)
      continue;
    for (unsigned j = i + 1; j < splits.size();) {
      Split &a = splits[i], &b = splits[j];
      if (a.pc != b.pc || a.frame != b.frame || b.step ||
          b.state == Split::State::Arrived) {
        ++j;
        continue;
      }
      a.lanes |= b.lanes;
      a.state = Split::State::Ready;
      splits.erase(splits.begin() + j);
    }
  }
}

/// Chooses the split to run. Waiting ones are asked again in turn.
void Warp::pick() {
  reschedule = false;
  if (splits.size() <= 1) {
    current = 0;
    return;
  }
  merge();
  int best = -1, oldest = -1;
  for (unsigned i = 0; i < splits.size(); ++i) {
    Split &s = splits[i];
    if (s.state != Split::State::Ready)
      continue;
    if (oldest < 0 || s.lastRun < splits[oldest].lastRun)
      oldest = i;
    if (best < 0 || s.frame->depth > splits[best].frame->depth ||
        (s.frame->depth == splits[best].frame->depth && s.pc < splits[best].pc))
      best = i;
  }
  if (best < 0) {
    current = 0;
    return;
  }
  if (clock - splits[oldest].lastRun > turn) {
    best = oldest;
    splits[oldest].lastRun = clock;
  }
  current = best;
}

bool Warp::run(uint64_t budget) {
  if (splits.empty())
    return false;
  // Every waiting split gets to look whether it may go on.
  for (Split &s : splits)
    s.state = Split::State::Ready;
  pick();
  bool checks = launch->options.checks.uninitialized;
  uint64_t before = block->progress;
  bool moved = false;
  while (budget-- && !splits.empty() && !launch->stop) {
    Split &s = splits[current];
    if (s.state != Split::State::Ready)
      break;
    const Inst &in = s.frame->code->insts[s.pc];
    Lanes lanes = s.lanes;
    if (in.guard != noSlot) {
      Lanes guard = static_cast<Lanes>(src(in.guard)[0]);
      lanes &= in.guardNegated ? ~guard : guard;
    }
    ++clock;
    if (splits.size() > 1)
      s.lastRun = clock;
    bool first = !s.step;
    if (checks && first)
      checkDefined(in, lanes);
    if (wgmma.watched && lanes && !(in.flags & OwnRegisters))
      noteRegisters(in);
    if (lanes && first) {
      auto &count = counters->opcodes[in.opcode];
      count[0] += 1;
      count[1] += std::popcount(lanes);
      counters->threadInstructions += std::popcount(lanes);
    }
    ++counters->warpInstructions;
    if (in.flags & Control) {
      in.run(*this, in, lanes);
    } else {
      if (lanes || (in.flags & EvenIfEmpty))
        in.run(*this, in, lanes);
      ++splits[current].pc;
    }
    moved |= !reschedule || splits.empty() ||
             splits[current].state == Split::State::Ready;
    if (reschedule || splits.size() > 1)
      pick();
  }
  return moved || block->progress != before;
}

/// Registers read must have been written, by each lane. Moves pass on what is
/// undefined.
void Warp::checkDefined(const Inst &in, Lanes lanes) {
  Frame &f = frame();
  Lanes known = allLanes;
  for (Slot slot : in.reads)
    known &= f.defined[slot];
  Lanes missing = lanes & ~known;
  if (in.guard >= 0)
    if (Lanes unset = split().lanes & ~f.defined[in.guard])
      fault(in, std::countr_zero(unset), "uninitialized-register",
            "the predicate of this instruction was never written", false);
  if (missing && !(in.flags & Propagates)) {
    fault(in, std::countr_zero(missing), "uninitialized-register",
          "a register read here was never written", false);
    missing = 0;
  }
  for (Slot slot : in.writes)
    f.defined[slot] = (f.defined[slot] | lanes) & ~missing;
}

const uint64_t *Warp::outside(Slot slot) const {
  if (slot < specialBase + Slot(specialCount))
    return special[slot - specialBase];
  return launch->program->constants[~slot].lanes;
}

Site Warp::site(const Inst &in, int lane) const {
  return {in.line, std::string(in.text), block->index, int(id), lane};
}

void Warp::fault(const Inst &in, int lane, const char *kind,
                 std::string message, bool fatal, const uint64_t *address) {
  Diagnostic d;
  d.kind = kind;
  d.kernel = launch->program->kernel;
  d.message = std::move(message);
  d.site = site(in, lane);
  if (address)
    d.address = *address;
  d.fatal = fatal;
  launch->report(std::move(d));
}

void Launch::report(Diagnostic d) {
  std::lock_guard<std::mutex> lock(reportMutex);
  if (d.fatal)
    stop = true;
  if (seen[{d.kind, d.site.line}]++ ||
      diagnostics.size() >= options.maxDiagnostics)
    return;
  diagnostics.push_back(std::move(d));
}

uint32_t Block::liveThreads() const {
  uint32_t count = 0;
  for (const auto &warp : warps)
    count += std::popcount(warp->alive());
  return count;
}

bool Block::hasEnded() const {
  for (const auto &warp : warps)
    if (warp->alive())
      return false;
  return true;
}

Block *Block::peer(uint64_t rank) const {
  return rank < cluster->blocks.size() ? cluster->blocks[rank].get() : nullptr;
}

uint32_t Warp::thread(unsigned lane) const {
  return block->rank * launch->threadsPerBlock + id * warpSize + lane;
}

ThreadClocks *Warp::clocks() const { return block->cluster->clocks.get(); }
