//===- Ptxas.cpp - PTX to cubin and fatbin ----------------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/PTX/Ptxas.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace moa;

namespace {
/// A file in the temporary folder that goes with this object.
class TemporaryFile {
public:
  static llvm::Expected<TemporaryFile> create(llvm::StringRef suffix,
                                              llvm::StringRef content = "") {
    TemporaryFile file;
    int descriptor;
    if (std::error_code code = llvm::sys::fs::createTemporaryFile(
            "moa", suffix, descriptor, file.path))
      return llvm::createStringError(code, "cannot create a temporary file: " +
                                               code.message());
    file.remover = std::make_unique<llvm::FileRemover>(file.path);
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    stream << content;
    stream.close();
    if (std::error_code code = stream.error()) {
      stream.clear_error();
      return llvm::createStringError(code, "cannot write to " + file.path +
                                               ": " + code.message());
    }
    return file;
  }

  llvm::Expected<std::string> read() const {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer)
      return llvm::createStringError(buffer.getError(),
                                     "cannot read " + path + ": " +
                                         buffer.getError().message());
    return (*buffer)->getBuffer().str();
  }

  llvm::StringRef name() const { return path; }

private:
  llvm::SmallString<128> path;
  std::unique_ptr<llvm::FileRemover> remover;
};
} // namespace

/// Runs a program and returns all that it wrote, or an error with it.
static llvm::Expected<std::string>
runProgram(llvm::StringRef program, llvm::ArrayRef<std::string> args) {
  auto log = TemporaryFile::create("log");
  if (!log)
    return log.takeError();
  llvm::SmallVector<llvm::StringRef> words{program};
  words.append(args.begin(), args.end());
  std::optional<llvm::StringRef> redirects[] = {"", log->name(), log->name()};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(program, words, std::nullopt,
                                         redirects, 0, 0, &message);
  auto text = log->read();
  if (!text || status == 0)
    return text;
  return llvm::createStringError(program + " failed: " + message +
                                 llvm::StringRef(*text).rtrim());
}

/// The first number in `text` before `unit`, as in "used 23 registers".
static unsigned numberBefore(llvm::StringRef text, llvm::StringRef unit) {
  llvm::StringRef before = text.substr(0, text.find(unit)).rtrim();
  unsigned value = 0;
  if (before.size() < text.size())
    before.substr(before.find_last_not_of("0123456789") + 1)
        .getAsInteger(10, value);
  return value;
}

llvm::SmallVector<KernelUsage> moa::parsePtxasOutput(llvm::StringRef text) {
  llvm::SmallVector<KernelUsage> usage;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    if (line.contains("Compiling entry function '")) {
      usage.emplace_back();
      usage.back().kernel = line.split('\'').second.split('\'').first.str();
    } else if (usage.empty()) {
      continue;
    } else if (line.contains(" bytes stack frame")) {
      usage.back().stack = numberBefore(line, " bytes stack frame");
      usage.back().spillStores = numberBefore(line, " bytes spill stores");
      usage.back().spillLoads = numberBefore(line, " bytes spill loads");
    } else if (line.contains(" registers")) {
      usage.back().registers = numberBefore(line, " registers");
      usage.back().sharedMemory = numberBefore(line, " bytes smem");
    }
  }
  return usage;
}

llvm::Expected<std::string>
moa::assemblePtx(llvm::StringRef ptx, llvm::StringRef chip,
                 const CudaToolkit &toolkit,
                 llvm::SmallVectorImpl<KernelUsage> *usage) {
  auto ptxas = toolkit.ptxas();
  if (!ptxas)
    return ptxas.takeError();
  auto input = TemporaryFile::create("ptx", ptx);
  if (!input)
    return input.takeError();
  auto output = TemporaryFile::create("cubin");
  if (!output)
    return output.takeError();
  auto text =
      runProgram(*ptxas, {"-v", "-arch", chip.str(), "-O3", input->name().str(),
                          "-o", output->name().str()});
  if (!text)
    return text.takeError();
  if (usage)
    *usage = parsePtxasOutput(*text);
  return output->read();
}

llvm::Expected<std::string> moa::makeFatbin(llvm::StringRef ptx,
                                            llvm::StringRef cubin,
                                            llvm::StringRef chip,
                                            const CudaToolkit &toolkit) {
  auto fatbinary = toolkit.fatbinary();
  if (!fatbinary)
    return fatbinary.takeError();
  auto ptxFile = TemporaryFile::create("ptx", ptx);
  if (!ptxFile)
    return ptxFile.takeError();
  auto cubinFile = TemporaryFile::create("cubin", cubin);
  if (!cubinFile)
    return cubinFile.takeError();
  auto output = TemporaryFile::create("fatbin");
  if (!output)
    return output.takeError();
  std::string number = chip.drop_front(strlen("sm_")).str();
  auto image = [&](llvm::StringRef kind, llvm::StringRef file) {
    return ("--image3=kind=" + kind + ",sm=" + number + ",file=" + file).str();
  };
  auto text = runProgram(*fatbinary, {"-64", "--create", output->name().str(),
                                      image("elf", cubinFile->name()),
                                      image("ptx", ptxFile->name())});
  if (!text)
    return text.takeError();
  return output->read();
}
