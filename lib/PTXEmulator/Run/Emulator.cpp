//===- Emulator.cpp - The device and its launches ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/PTXEmulator/Emulator.h"

#include "Link.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

using namespace moa::ptx;

struct Emulator::Impl {
  std::unique_ptr<Module> module;
  GlobalMemory memory;
  Layout layout;
  std::map<std::string, std::unique_ptr<Program>> programs;

  const Function *kernel(const std::string &name, std::string &error) const;
  bool prepare(const LaunchConfig &config, const Options &options,
               const Function &f, Launch &launch, std::string &error);
  bool pack(const LaunchConfig &config, const Function &f, Launch &launch,
            std::string &error);
};

static constexpr uint32_t maxBlockThreads = 1024, maxClusterBlocks = 16;
static constexpr uint64_t maxShared = 227 * 1024;
/// Warp-instructions of one cluster before another one may start, and how many
/// a host thread keeps going at the same time.
static constexpr uint64_t clusterTurn = 1 << 20;
static constexpr size_t maxResident = 512;

bool Checks::set(const std::string &name, bool on) {
  const std::pair<const char *, bool Checks::*> names[] = {
      {"bounds", &Checks::bounds},
      {"alignment", &Checks::alignment},
      {"uninitialized", &Checks::uninitialized},
      {"races", &Checks::races},
      {"global-races", &Checks::globalRaces},
      {"convergence", &Checks::convergence},
      {"async", &Checks::async}};
  bool found = name == "all";
  for (auto [text, member] : names)
    if (name == "all" || name == text) {
      this->*member = on;
      found = true;
    }
  return found;
}

Emulator::Emulator(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Emulator::~Emulator() = default;

std::unique_ptr<Emulator> Emulator::create(std::string ptx,
                                           std::string &error) {
  SyntaxError syntax;
  auto impl = std::make_unique<Impl>();
  impl->module = parseModule(std::move(ptx), syntax);
  if (!impl->module) {
    error = "line " + std::to_string(syntax.line) + ": " + syntax.message;
    return nullptr;
  }
  if (!placeGlobals(*impl->module, impl->memory, impl->layout, error))
    return nullptr;
  return std::unique_ptr<Emulator>(new Emulator(std::move(impl)));
}

std::vector<std::string> Emulator::kernels() const {
  std::vector<std::string> names;
  for (const auto &f : impl->module->functions)
    if (f->isEntry && f->hasBody)
      names.push_back(f->name);
  return names;
}

std::vector<uint64_t> Emulator::parameterSizes(const std::string &name) const {
  std::vector<uint64_t> sizes;
  if (const Function *f = impl->module->function(name); f && f->isEntry)
    for (const Variable &v : f->params)
      sizes.push_back(v.bytes);
  return sizes;
}

uint64_t Emulator::allocate(uint64_t bytes, Fill fill, const std::string &name,
                            uint64_t align) {
  Allocation &a = impl->memory.allocate(bytes, std::max<uint64_t>(align, 256),
                                        name, fill == Fill::Zero);
  a.user = true;
  return a.base;
}

bool Emulator::write(uint64_t address, const void *from, uint64_t bytes) {
  if (bytes == 0)
    return true;
  Allocation *a = impl->memory.find(address);
  if (!a || a->size - (address - a->base) < bytes)
    return false;
  std::memcpy(a->data.get() + (address - a->base), from, bytes);
  std::memset(a->state.get() + (address - a->base), Defined, bytes);
  return true;
}

bool Emulator::read(uint64_t address, void *to, uint64_t bytes) const {
  if (bytes == 0)
    return true;
  Allocation *a = impl->memory.find(address);
  if (!a || a->size - (address - a->base) < bytes)
    return false;
  std::memcpy(to, a->data.get() + (address - a->base), bytes);
  return true;
}

bool Emulator::release(uint64_t address) {
  Allocation *a = impl->memory.find(address);
  return a && a->base == address && a->user && impl->memory.release(address);
}

const Function *Emulator::Impl::kernel(const std::string &name,
                                       std::string &error) const {
  std::string known;
  std::vector<const Function *> found;
  for (const auto &f : module->functions)
    if (f->isEntry && f->hasBody) {
      known += (known.empty() ? "" : ", ") + f->name;
      if (name.empty() || f->name == name)
        found.push_back(f.get());
    }
  if (found.size() == 1)
    return found[0];
  error = found.empty() ? "no kernel '" + name + "'; there are: " + known
                        : "several kernels, name one of: " + known;
  return nullptr;
}

static std::string text(const Dim3 &d) {
  return std::to_string(d[0]) + "," + std::to_string(d[1]) + "," +
         std::to_string(d[2]);
}

static uint64_t volume(const Dim3 &d) { return uint64_t(d[0]) * d[1] * d[2]; }

/// The bytes of the parameters, each at its offset.
bool Emulator::Impl::pack(const LaunchConfig &config, const Function &f,
                          Launch &launch, std::string &error) {
  if (config.arguments.size() != f.params.size()) {
    error = "kernel '" + f.name + "' takes " + std::to_string(f.params.size()) +
            " arguments, there are " + std::to_string(config.arguments.size());
    return false;
  }
  uint64_t at = 0;
  for (size_t i = 0; i < f.params.size(); ++i) {
    const Variable &v = f.params[i];
    const std::vector<uint8_t> &bytes = config.arguments[i];
    if (bytes.size() != v.bytes) {
      error = "argument " + std::to_string(i) + " of '" + f.name + "' has " +
              std::to_string(v.bytes) + " bytes, given are " +
              std::to_string(bytes.size());
      return false;
    }
    at = (at + v.align - 1) / v.align * v.align;
    launch.params.resize(at + v.bytes);
    std::copy(bytes.begin(), bytes.end(), launch.params.begin() + at);
    at += v.bytes;
  }
  return true;
}

bool Emulator::Impl::prepare(const LaunchConfig &config, const Options &options,
                             const Function &f, Launch &launch,
                             std::string &error) {
  launch.memory = &memory;
  launch.options = options;
  launch.grid = config.grid.value_or(Dim3{1, 1, 1});
  if (!config.block && !f.requiredThreads) {
    error = "the size of the block is not given";
    return false;
  }
  launch.block = config.block ? *config.block : Dim3(*f.requiredThreads);
  launch.cluster = config.cluster ? *config.cluster
                   : f.cluster    ? Dim3(*f.cluster)
                                  : Dim3{1, 1, 1};
  launch.explicitCluster = config.cluster || f.cluster;
  launch.dynamicShared = config.dynamicShared;
  if (f.requiredThreads && launch.block != Dim3(*f.requiredThreads))
    error = "the block " + text(launch.block) + " contradicts .reqntid " +
            text(*f.requiredThreads);
  else if (f.cluster && launch.cluster != Dim3(*f.cluster))
    error = "the cluster " + text(launch.cluster) +
            " contradicts .reqnctapercluster " + text(*f.cluster);
  else if (f.maxThreads && volume(launch.block) > volume(*f.maxThreads))
    error = "the block " + text(launch.block) + " is larger than .maxntid " +
            text(*f.maxThreads);
  else if (!volume(launch.block) || volume(launch.block) > maxBlockThreads)
    error = "a block of " + std::to_string(volume(launch.block)) +
            " threads; there must be 1 to 1024";
  else if (!volume(launch.grid))
    error = "an empty grid";
  else if (!volume(launch.cluster) || volume(launch.cluster) > maxClusterBlocks)
    error = "a cluster of " + std::to_string(volume(launch.cluster)) +
            " blocks; there must be 1 to 16";
  for (unsigned i = 0; i < 3 && error.empty(); ++i)
    if (launch.grid[i] % launch.cluster[i])
      error = "the grid " + text(launch.grid) +
              " is no multiple of the cluster " + text(launch.cluster);
  if (error.empty() &&
      launch.program->sharedStatic + launch.dynamicShared > maxShared)
    error =
        std::to_string(launch.program->sharedStatic + launch.dynamicShared) +
        " bytes of shared memory; there are " + std::to_string(maxShared);
  if (!error.empty())
    return false;
  launch.threadsPerBlock = volume(launch.block);
  launch.warpsPerBlock = (launch.threadsPerBlock + warpSize - 1) / warpSize;
  return pack(config, f, launch, error);
}

namespace {
/// One host thread: takes clusters in order and runs them in turns, so that
/// blocks that wait for others of the grid do not block it.
class Worker {
public:
  Worker(Launch &launch, std::atomic<uint64_t> &next, uint64_t count)
      : launch(launch), next(next), count(count) {
    counters.opcodes.resize(launch.program->opcodes.size());
    counters.tensorKinds.resize(launch.program->tensorKinds.size());
  }

  void run() {
    std::vector<std::unique_ptr<Cluster>> resident;
    // The last cluster that ended stays until the next one does: the allocator
    // then never gives all of its memory back, only to ask for it again.
    std::unique_ptr<Cluster> ended;
    bool more = true;
    while (!launch.stop && (more || !resident.empty())) {
      if (more && resident.size() < maxResident) {
        uint64_t index = next++;
        if ((more = index < count))
          resident.push_back(
              std::make_unique<Cluster>(launch, &counters, index));
      }
      for (size_t i = 0; i < resident.size();) {
        uint64_t before = counters.threadInstructions;
        bool done = resident[i]->run(clusterTurn);
        launch.executed += counters.threadInstructions - before;
        if (done) {
          ended = std::move(resident[i]);
          resident.erase(resident.begin() + i);
        } else {
          ++i;
        }
        if (launch.executed > launch.options.budget && !resident.empty() &&
            !launch.stop)
          resident[0]->reportBudget();
      }
    }
  }

  Counters counters;

private:
  Launch &launch;
  std::atomic<uint64_t> &next;
  uint64_t count;
};
} // namespace

/// What instructions that met in banks needed, the worst first.
static void addConflicts(Report &report,
                         const std::vector<std::unique_ptr<Worker>> &workers) {
  std::map<const Inst *, BankConflict> all;
  for (const auto &w : workers)
    for (const auto &[in, counts] : w->counters.conflicts) {
      BankConflict &c = all[in];
      c.line = in->line;
      c.text = in->text;
      c.wavefronts += counts[0];
      c.minimum += counts[1];
    }
  for (auto &[in, conflict] : all)
    report.bankConflicts.push_back(std::move(conflict));
  auto excess = [](const BankConflict &c) { return c.wavefronts - c.minimum; };
  std::sort(report.bankConflicts.begin(), report.bankConflicts.end(),
            [&](const BankConflict &a, const BankConflict &b) {
              return std::pair(excess(b), a.line) <
                     std::pair(excess(a), b.line);
            });
}

static void addCounts(Report &report, const Launch &launch,
                      const std::vector<std::unique_ptr<Worker>> &workers) {
  static constexpr const char *names[] = {
      "generic", "register", "const", "global", "local", "param", "shared"};
  const Program &program = *launch.program;
  std::vector<std::array<uint64_t, 2>> opcodes(program.opcodes.size());
  std::vector<std::array<uint64_t, 2>> kinds(program.tensorKinds.size());
  SpaceCounts spaces[7];
  static constexpr const char *copyNames[] = {"cp_async",    "bulk_load",
                                              "bulk_store",  "bulk_move",
                                              "tensor_load", "tensor_store"};
  for (unsigned k = 0; k < copyKindCount; ++k) {
    std::array<uint64_t, 2> sums{};
    for (const auto &w : workers) {
      sums[0] += w->counters.copies[k];
      sums[1] += w->counters.copiedBytes[k];
    }
    if (sums[0])
      report.copies.emplace_back(copyNames[k], sums);
  }
  for (const auto &w : workers) {
    const Counters &c = w->counters;
    for (unsigned k = 0; k < 2; ++k) {
      for (size_t i = 0; i < opcodes.size(); ++i)
        opcodes[i][k] += c.opcodes[i][k];
      for (size_t i = 0; i < kinds.size(); ++i)
        kinds[i][k] += c.tensorKinds[i][k];
    }
    for (unsigned s = 0; s < 7; ++s)
      for (auto member :
           {&SpaceCounts::loadInstructions, &SpaceCounts::storeInstructions,
            &SpaceCounts::loadBytes, &SpaceCounts::storeBytes,
            &SpaceCounts::loadSectors, &SpaceCounts::storeSectors,
            &SpaceCounts::loadRequests, &SpaceCounts::storeRequests})
        spaces[s].*member += c.spaces[s].*member;
    report.threadInstructions += c.threadInstructions;
    report.sharedWavefronts += c.sharedWavefronts;
    report.sharedMinimum += c.sharedMinimum;
    report.tensorOperations += c.tensorOperations;
    report.specialOperations += c.specialOperations;
    report.barriers += c.barriers;
  }
  addConflicts(report, workers);
  for (size_t i = 0; i < opcodes.size(); ++i)
    if (opcodes[i][0]) {
      report.opcodes.emplace_back(program.opcodes[i], opcodes[i]);
      report.warpInstructions += opcodes[i][0];
    }
  std::sort(report.opcodes.begin(), report.opcodes.end());
  for (size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i][0])
      report.tensorKinds.emplace_back(program.tensorKinds[i], kinds[i]);
  std::sort(report.tensorKinds.begin(), report.tensorKinds.end());
  for (unsigned s = 0; s < 7; ++s)
    if (spaces[s].loadRequests || spaces[s].storeRequests)
      report.spaces.emplace_back(names[s], spaces[s]);
}

static void addUniqueBytes(Report &report, GlobalMemory &memory) {
  memory.forEach([&](Allocation &a) {
    std::array<uint64_t, 2> unique{};
    for (uint64_t i = 0; i < a.size; ++i) {
      unique[0] += (a.state[i] & WasRead) != 0;
      unique[1] += (a.state[i] & WasWritten) != 0;
      a.state[i] &= Defined;
    }
    if (unique[0] || unique[1])
      report.uniqueBytes.emplace_back(a.name, unique);
  });
}

bool Emulator::launch(const LaunchConfig &config, const Options &options,
                      Report &report, std::string &error) {
  error.clear();
  report = {};
  const Function *f = impl->kernel(config.kernel, error);
  if (!f)
    return false;
  std::unique_ptr<Program> &program = impl->programs[f->name];
  if (!program)
    program = link(*impl->module, *f, impl->layout, error);
  if (!program)
    return false;
  Launch launch;
  launch.program = program.get();
  if (!impl->prepare(config, options, *f, launch, error))
    return false;
  auto start = std::chrono::steady_clock::now();
  uint64_t count = volume(launch.grid) / volume(launch.cluster);
  if (options.checks.globalRaces && count > 1)
    launch.globalRaces =
        std::make_unique<GlobalRaces>(uint32_t(volume(launch.cluster)));
  uint64_t threads =
      options.threads ? options.threads : std::thread::hardware_concurrency();
  threads = std::clamp<uint64_t>(threads, 1, count);
  std::atomic<uint64_t> next{0};
  std::vector<std::unique_ptr<Worker>> workers;
  for (uint64_t i = 0; i < threads; ++i)
    workers.push_back(std::make_unique<Worker>(launch, next, count));
  std::vector<std::thread> pool;
  for (uint64_t i = 1; i < threads; ++i)
    pool.emplace_back([&, i] { workers[i]->run(); });
  workers[0]->run();
  for (std::thread &t : pool)
    t.join();
  report.kernel = f->name;
  report.grid = launch.grid, report.block = launch.block,
  report.cluster = launch.cluster;
  report.warnings = impl->module->warnings;
  report.diagnostics = std::move(launch.diagnostics);
  report.output = std::move(launch.output);
  report.sharedBytes = program->sharedStatic + launch.dynamicShared;
  for (const Register &r : f->registers)
    report.declaredRegisters +=
        (bitsOf(r.type) + 31) / 32 * (r.type != Type::Pred);
  addCounts(report, launch, workers);
  addUniqueBytes(report, impl->memory);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  report.seconds = took.count();
  return true;
}
