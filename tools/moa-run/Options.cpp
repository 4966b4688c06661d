//===- Options.cpp - The command line of moa-run -*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flags, their checks, and the reading of arguments.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "moa/Reference/Interpreter.h"
#include "moa/Support/Npy.h"
#include "moa/Support/ScalarArg.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"

using namespace moa;
namespace cl = llvm::cl;

LogicalResult moa::reportError(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "moa-run") << message << '\n';
  return failure();
}

RunOptions moa::parseOptions(int argc, char **argv) {
  cl::OptionCategory category("moa-run options");
  cl::opt<std::string> file(cl::Positional, cl::Required,
                            cl::desc("<file.mlir, - for standard input>"),
                            cl::cat(category));
  cl::opt<std::string> entry(
      "entry", cl::desc("Function to run; needless where there is only one"),
      cl::value_desc("name"), cl::cat(category));
  cl::list<std::string> arguments(
      "arg", cl::desc("Next argument: a .npy file, or a scalar as f32:0.5"),
      cl::value_desc("file|type:value"), cl::cat(category));
  cl::list<std::string> outputs(
      "out",
      cl::desc("Write the next result to this .npy file; without, all "
               "results are printed"),
      cl::value_desc("file"), cl::cat(category));
  cl::opt<std::string> target(
      "target", cl::desc("Where to run: reference, cpu, cuda or emulator"),
      cl::init("reference"), cl::value_desc("name"), cl::cat(category));
  cl::opt<std::string> passPipeline(
      "pass-pipeline", cl::desc("Passes to run before, as moa-opt takes them"),
      cl::value_desc("builtin.module(...)"), cl::cat(category));
  cl::opt<std::string> counters(
      "counters", cl::desc("Write counts of accesses and operations, as JSON"),
      cl::value_desc("file|-"), cl::cat(category));
  cl::opt<std::string> chip(
      "chip", cl::desc("For cuda and emulator: chip to compile for (default: "
                       "that of the device; the emulator is an sm_90a)"),
      cl::value_desc("sm_90a"), cl::cat(category));
  cl::opt<std::string> checks(
      "checks", cl::desc("For the emulator: all, none, or names with a minus "
                         "for off, as all,-races"),
      cl::value_desc("list"), cl::cat(category));
  cl::opt<bool> f64Out("f64-out",
                       cl::desc("Do not round float results to their type"),
                       cl::cat(category));
  cl::opt<uint64_t> partitionSeed(
      "partition-seed", cl::desc("Run towers in random parts, by `correct`"),
      cl::value_desc("number"), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "moa-run: runs a function of a moa program on NumPy arrays\n");

  RunOptions options{file,         entry,    {},     {}, target,
                     passPipeline, counters, f64Out, chip,   checks, {}};
  options.arguments.assign(arguments.begin(), arguments.end());
  options.outputs.assign(outputs.begin(), outputs.end());
  if (partitionSeed.getNumOccurrences() > 0)
    options.partitionSeed = partitionSeed;
  return options;
}

LogicalResult moa::checkOptions(const RunOptions &options) {
  llvm::StringSet<> written;
  for (const std::string &output : options.outputs)
    if (!written.insert(output).second)
      return reportError("two results are to be written to '" + output + "'");
  if (!options.counters.empty() && !written.insert(options.counters).second)
    return reportError("a result and the counts are to be written to '" +
                       options.counters + "'");
  bool isReference = options.target == "reference";
  bool isEmulator = options.target == "emulator";
  bool isDevice = isEmulator || options.target == "cuda";
  struct Restriction {
    bool isGiven, isFine;
    const char *flag, *targets;
  };
  for (const Restriction &r : std::initializer_list<Restriction>{
           {!options.counters.empty(), isReference || isEmulator, "--counters",
            "--target=reference and --target=emulator"},
           {options.f64Out, isReference, "--f64-out", "--target=reference"},
           {options.partitionSeed.has_value(), isReference, "--partition-seed",
            "--target=reference"},
           {!options.checks.empty(), isEmulator, "--checks",
            "--target=emulator"},
           {!options.chip.empty(), isDevice, "--chip",
            "--target=cuda and --target=emulator"}})
    if (r.isGiven && !r.isFine)
      return reportError(llvm::Twine(r.flag) + " is for " + r.targets +
                         " only, not for '" + options.target + "'");
  return success();
}

FailureOr<SmallVector<HostArray>> moa::readArguments(const RunOptions &options,
                                                     func::FuncOp function) {
  size_t given = options.arguments.size(), taken = function.getNumArguments();
  if (given != taken)
    return reportError("'" + function.getName() + "' takes " +
                       llvm::Twine(taken) + " arguments, but " +
                       llvm::Twine(given) + " are given with --arg");
  SmallVector<HostArray> arrays;
  for (auto [number, text] : llvm::enumerate(options.arguments)) {
    Type type = function.getArgumentTypes()[number];
    auto tensor = dyn_cast<RankedTensorType>(type);
    llvm::Expected<HostArray> array =
        looksLikeScalarArg(text)
            ? parseScalarArg(text)
            : readNpy(text,
                      hostElementType(tensor ? tensor.getElementType() : type));
    if (!array)
      return reportError("argument #" + llvm::Twine(number) + ": " +
                         llvm::toString(array.takeError()));
    arrays.push_back(std::move(*array));
  }
  return arrays;
}
