//===- Emulator.h - Runs PTX kernels on the host ----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device without a GPU: PTX text is parsed, kernels run on host threads, and
// what a kernel does wrong is reported. Needs the C++ standard library only.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_PTXEMULATOR_EMULATOR_H
#define MOA_PTXEMULATOR_EMULATOR_H

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moa::ptx {

using Dim3 = std::array<uint32_t, 3>;

/// What is looked for while a kernel runs.
struct Checks {
  bool bounds = true;        ///< access outside of every buffer or variable
  bool alignment = true;     ///< address not a multiple of the access size
  bool uninitialized = true; ///< read of memory or registers never written
  bool races = true;         ///< unordered accesses to shared memory
  bool globalRaces = true;   ///< unordered accesses of blocks to global memory
  bool convergence = true;   ///< divergent .aligned, lanes outside of masks
  bool async = true;         ///< use of data or registers in flight

  /// Sets the check called `name` ("all" for each of them); false if there is
  /// no such check.
  bool set(const std::string &name, bool on);
};

/// A thread at an instruction.
struct Site {
  uint32_t line = 0;
  std::string text;
  Dim3 block{};
  int warp = -1, lane = -1;
};

/// Something a kernel did wrong. `kind` is one of those in docs/emulator.md.
struct Diagnostic {
  std::string kind, kernel, message;
  Site site;
  std::optional<uint64_t> address;
  std::vector<Site> others; ///< second site of a race; waiting warps
  bool fatal = false;       ///< the kernel was stopped

  std::string format() const;
};

struct Options {
  Checks checks;
  unsigned threads = 0;         ///< host threads; 0: as many as there are cores
  uint64_t budget = 1ull << 36; ///< thread-instructions before a launch is
                                ///< taken for an endless loop
  unsigned maxDiagnostics = 50;
};

struct LaunchConfig {
  std::string kernel; ///< may be empty where the module has one kernel
  std::optional<Dim3> grid, block, cluster;
  uint32_t dynamicShared = 0;
  std::vector<std::vector<uint8_t>> arguments; ///< bytes of each parameter
};

/// Loads and stores of one space.
struct SpaceCounts {
  uint64_t loadInstructions = 0, storeInstructions = 0;
  uint64_t loadBytes = 0, storeBytes = 0;
  uint64_t loadSectors = 0, storeSectors = 0;   ///< 32 bytes each; global only
  uint64_t loadRequests = 0, storeRequests = 0; ///< by a warp
};

/// An instruction whose accesses of shared memory met in banks.
struct BankConflict {
  uint32_t line = 0;
  std::string text;
  uint64_t wavefronts = 0, minimum = 0; ///< of those accesses
};

struct Report {
  std::string kernel;
  Dim3 grid{}, block{}, cluster{};
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings, output; ///< output: of printf
  std::vector<std::pair<std::string, std::array<uint64_t, 2>>>
      opcodes; ///< by warps, by threads
  uint64_t warpInstructions = 0, threadInstructions = 0;
  std::vector<std::pair<std::string, SpaceCounts>> spaces;
  std::vector<std::pair<std::string, std::array<uint64_t, 2>>>
      uniqueBytes; ///< of each buffer: read, written
  uint64_t sharedWavefronts = 0, sharedMinimum = 0;
  std::vector<BankConflict> bankConflicts; ///< the worst first
  std::vector<std::pair<std::string, std::array<uint64_t, 2>>>
      copies; ///< asynchronous ones by kind: how many, bytes
  /// tensorOperations: multiply-adds of matrix products.
  uint64_t tensorOperations = 0, specialOperations = 0, barriers = 0;
  /// By shape and type: products, multiply-adds.
  std::vector<std::pair<std::string, std::array<uint64_t, 2>>> tensorKinds;
  uint64_t declaredRegisters = 0; ///< in 32-bit units
  uint64_t sharedBytes = 0;
  double seconds = 0;

  bool clean() const { return diagnostics.empty(); }
  std::string json() const;
};

/// What new device memory holds.
enum class Fill { Uninitialized, Zero };

class Emulator {
public:
  /// Parses `ptx`; null, and `error` says what and where, if it is malformed.
  static std::unique_ptr<Emulator> create(std::string ptx, std::string &error);
  ~Emulator();

  /// The kernels of the module, in the order of the text.
  std::vector<std::string> kernels() const;
  /// Sizes in bytes of the parameters of a kernel; empty if it is unknown.
  std::vector<uint64_t> parameterSizes(const std::string &kernel) const;

  /// Device memory; the address is a multiple of `align` (at least 256).
  uint64_t allocate(uint64_t bytes, Fill fill, const std::string &name,
                    uint64_t align = 256);
  /// Copies between host and device memory; false if out of bounds.
  bool write(uint64_t address, const void *from, uint64_t bytes);
  bool read(uint64_t address, void *to, uint64_t bytes) const;
  bool release(uint64_t address);

  /// Runs a kernel to its end. False, and `error` set, if the launch itself is
  /// wrong or an instruction is not supported; what the kernel did wrong is in
  /// the report.
  bool launch(const LaunchConfig &config, const Options &options,
              Report &report, std::string &error);

private:
  struct Impl;
  explicit Emulator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace moa::ptx

#endif // MOA_PTXEMULATOR_EMULATOR_H
