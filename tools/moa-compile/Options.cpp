//===- Options.cpp - The command line of moa-compile ------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "moa/Target/PTX/Chips.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace moa;
namespace cl = llvm::cl;

LogicalResult moa::reportError(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "moa-compile") << message << '\n';
  return failure();
}

namespace {
/// The flags as written.
struct Flags {
  cl::OptionCategory category{"moa-compile options"};
  cl::opt<std::string> file{cl::Positional, cl::Required,
                            cl::desc("<file.mlir, - for standard input>"),
                            cl::cat(category)};
  cl::opt<CompileTarget> target{
      "target", cl::desc("For whom; needless where the outputs tell"),
      cl::init(CompileTarget::Any),
      cl::values(clEnumValN(CompileTarget::Cpu, "cpu", "the CPU"),
                 clEnumValN(CompileTarget::Cuda, "cuda", "an NVIDIA GPU")),
      cl::cat(category)};
  cl::list<std::string> entries{
      "entry", cl::desc("Function to compile; without, all public ones"),
      cl::value_desc("name"), cl::cat(category)};
  cl::list<std::string> outputs{
      "o", cl::desc("Output, may be repeated; - for standard output"),
      cl::value_desc("file"), cl::cat(category)};
  cl::list<OutputKind> kinds{
      "emit",
      cl::desc("What the outputs hold, one for each; without, their suffixes "
               "tell"),
      cl::values(clEnumValN(OutputKind::Ptx, "ptx", "PTX text (.ptx)"),
                 clEnumValN(OutputKind::Cubin, "cubin",
                            "machine code of the chip "
                            "(.cubin)"),
                 clEnumValN(OutputKind::Fatbin, "fatbin", "both (.fatbin)"),
                 clEnumValN(OutputKind::Object, "obj", "object file (.o)"),
                 clEnumValN(OutputKind::Header, "header", "C header (.h)"),
                 clEnumValN(OutputKind::Llvm, "llvm", "LLVM IR (.ll)"),
                 clEnumValN(OutputKind::Mlir, "mlir",
                            "MLIR that is lowered to the "
                            "target (.mlir)")),
      cl::cat(category)};
  cl::opt<bool> verbose{"verbose",
                        cl::desc("Tell sizes, and what ptxas says of kernels"),
                        cl::cat(category)};
  cl::alias verboseAlias{"v", cl::desc("Alias for --verbose"),
                         cl::aliasopt(verbose), cl::cat(category)};
  cl::opt<std::string> chip{"chip", cl::desc("NVIDIA chip: sm_80, sm_90a, ..."),
                            cl::init("sm_80"), cl::cat(category)};
  cl::opt<std::string> cudaRoot{
      "cuda-root",
      cl::desc("Folder of the CUDA toolkit; without, $MOA_CUDA_ROOT, "
               "$CUDA_ROOT, $CUDA_HOME, $CUDA_PATH, /usr/local/cuda"),
      cl::value_desc("folder"), cl::cat(category)};
  cl::opt<int64_t> blockSize{"block-size",
                             cl::desc("Threads of a block (default 128)"),
                             cl::init(128), cl::cat(category)};
  cl::opt<std::string> triple{"triple",
                              cl::desc("CPU: LLVM's name of the target machine "
                                       "(default: this one)"),
                              cl::cat(category)};
  cl::opt<std::string> processor{
      "cpu", cl::desc("CPU: processor; native for this one (default: generic)"),
      cl::cat(category)};
  cl::opt<unsigned> optLevel{"O", cl::desc("CPU: optimization level, 0 to 3"),
                             cl::init(2), cl::Prefix, cl::cat(category)};
  cl::opt<int64_t> columnBlock{
      "column-block",
      cl::desc("Columns in scratch at a time (default: of the target)"),
      cl::init(0), cl::cat(category)};
};
} // namespace

static std::optional<OutputKind> kindOfSuffix(StringRef path) {
  return llvm::StringSwitch<std::optional<OutputKind>>(
             llvm::sys::path::extension(path))
      .Case(".ptx", OutputKind::Ptx)
      .Case(".cubin", OutputKind::Cubin)
      .Case(".fatbin", OutputKind::Fatbin)
      .Case(".o", OutputKind::Object)
      .Case(".h", OutputKind::Header)
      .Case(".ll", OutputKind::Llvm)
      .Case(".mlir", OutputKind::Mlir)
      .Default(std::nullopt);
}

/// The target that a kind of output belongs to, if it is one only.
static CompileTarget targetOf(OutputKind kind) {
  switch (kind) {
  case OutputKind::Ptx:
  case OutputKind::Cubin:
  case OutputKind::Fatbin:
    return CompileTarget::Cuda;
  case OutputKind::Object:
    return CompileTarget::Cpu;
  case OutputKind::Header:
  case OutputKind::Llvm:
  case OutputKind::Mlir:
    return CompileTarget::Any;
  }
  llvm_unreachable("unknown kind");
}

static LogicalResult readOutputs(const Flags &flags, CompileOptions &options) {
  if (flags.outputs.empty())
    return reportError("no output; give one with -o");
  if (!flags.kinds.empty() && flags.kinds.size() != flags.outputs.size())
    return reportError("there are " + llvm::Twine(flags.outputs.size()) +
                       " outputs, but " + llvm::Twine(flags.kinds.size()) +
                       " times --emit");
  llvm::StringSet<> seen;
  for (size_t i = 0; i < flags.outputs.size(); ++i) {
    const std::string &path = flags.outputs[i];
    if (path.empty())
      return reportError("an output has no name");
    if (!seen.insert(path).second)
      return reportError("'" + path + "' is given for two outputs");
    std::optional<OutputKind> kind = kindOfSuffix(path);
    if (!flags.kinds.empty())
      kind = flags.kinds[i];
    if (!kind)
      return reportError("the suffix of '" + path +
                         "' does not tell what to write; name it .ptx, .cubin, "
                         ".fatbin, .o, .h, .ll or .mlir, or give --emit");
    options.outputs.push_back({path, *kind});
  }
  return success();
}

/// One target for all outputs.
static LogicalResult chooseTarget(const Flags &flags, CompileOptions &options) {
  if (options.target == CompileTarget::Any &&
      flags.chip.getNumOccurrences() > 0)
    options.target = CompileTarget::Cuda;
  for (const Output &output : options.outputs) {
    CompileTarget wanted = targetOf(output.kind);
    if (wanted == CompileTarget::Any)
      continue;
    if (options.target == CompileTarget::Any)
      options.target = wanted;
    if (options.target != wanted)
      return reportError("'" + output.path + "' is an output of --target=" +
                         (wanted == CompileTarget::Cpu ? "cpu" : "cuda") +
                         "; compile for one target at a time");
  }
  if (options.target == CompileTarget::Any)
    return reportError("the outputs do not tell the target; give --target");
  return success();
}

/// Flags of one target are an error with the other.
static LogicalResult checkFlags(const Flags &flags,
                                const CompileOptions &options) {
  bool isCpu = options.target == CompileTarget::Cpu;
  const cl::Option *forCpu[] = {&flags.triple, &flags.processor,
                                &flags.optLevel};
  const cl::Option *forCuda[] = {&flags.chip, &flags.cudaRoot,
                                 &flags.blockSize};
  for (const cl::Option *flag : isCpu ? ArrayRef(forCuda) : ArrayRef(forCpu))
    if (flag->getNumOccurrences() > 0)
      return reportError(
          "--" + flag->ArgStr +
          " has no meaning with --target=" + (isCpu ? "cpu" : "cuda"));
  if (!isCpu) {
    auto chip = findChip(options.chip);
    if (!chip)
      return reportError(llvm::toString(chip.takeError()));
    if (options.blockSize < 32 || options.blockSize > 1024 ||
        options.blockSize % 32 != 0)
      return reportError("--block-size is " + llvm::Twine(options.blockSize) +
                         "; it must be a multiple of 32 from 32 to 1024");
  }
  if (isCpu && options.optLevel > 3)
    return reportError("-O is " + llvm::Twine(options.optLevel) +
                       "; the levels are 0 to 3");
  if (flags.columnBlock.getNumOccurrences() > 0 && options.columnBlock < 1)
    return reportError("--column-block is " + llvm::Twine(options.columnBlock) +
                       "; it must be at least 1");
  return success();
}

FailureOr<CompileOptions> moa::parseOptions(int argc, char **argv) {
  Flags flags;
  cl::HideUnrelatedOptions(flags.category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "moa-compile: compiles moa programs to GPU binaries, object files and C "
      "headers\n");
  CompileOptions options;
  options.file = flags.file;
  options.target = flags.target;
  options.entries.assign(flags.entries.begin(), flags.entries.end());
  options.verbose = flags.verbose;
  options.chip = flags.chip;
  options.cudaRoot = flags.cudaRoot;
  options.blockSize = flags.blockSize;
  options.triple = flags.triple;
  options.processor = flags.processor;
  options.optLevel = flags.optLevel;
  options.columnBlock = flags.columnBlock;
  if (failed(readOutputs(flags, options)) ||
      failed(chooseTarget(flags, options)) ||
      failed(checkFlags(flags, options)))
    return failure();
  return options;
}
