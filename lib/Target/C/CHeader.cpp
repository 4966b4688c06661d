//===- CHeader.cpp - C headers for compiled functions -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Target/C/CHeader.h"
#include "HostCode.h"

#include "moa-runtime/abi.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <array>

using namespace moa;

namespace {
/// Writes what belongs to one function.
class FunctionWriter {
public:
  FunctionWriter(func::FuncOp function, raw_indented_ostream &os);
  LogicalResult write(func::FuncOp contract);

private:
  LogicalResult checkSignature();
  void writeDescription();
  LogicalResult writeContract(func::FuncOp contract);
  void writeMessages(ArrayAttr messages);
  LogicalResult writeLaunch(gpu::LaunchFuncOp launch, unsigned number);
  void writeLaunchBody(gpu::LaunchFuncOp launch, const HostCode &code);
  std::string writeResultType();
  void writePrototype();
  std::string parameter(unsigned argument, bool forCpu = false);
  std::string parameters(unsigned count);
  void writeUnused(unsigned count);

  func::FuncOp function;
  raw_indented_ostream &os;
  std::string name;
  SmallVector<std::string> names;
  /// The number of arguments before the destinations.
  unsigned numInputs = 0;
};
} // namespace

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

FunctionWriter::FunctionWriter(func::FuncOp function, raw_indented_ostream &os)
    : function(function), os(os), name(function.getName().str()) {
  unsigned numOutputs = 0;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (function.getArgAttr(i, "moa.destination"))
      names.push_back("out" + std::to_string(numOutputs++));
    else
      names.push_back("arg" + std::to_string(numInputs++));
}

LogicalResult FunctionWriter::checkSignature() {
  if (!isIdentifier(name))
    return function.emitOpError("has a name that is no identifier in C");
  for (Type type : function.getResultTypes())
    if (cTypeOf(type).empty())
      return function.emitOpError("has a result of type ")
             << type << ", which has no form in C";
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto memref = dyn_cast<MemRefType>(type);
    Type element = memref ? memref.getElementType() : type;
    if (cTypeOf(element).empty() || isa<TensorType>(type))
      return function.emitOpError("has argument ")
             << i << " of type " << type << ", which has no form in C";
    if (memref && memref.getRank() > 8)
      return function.emitOpError("has argument ")
             << i << " of rank " << memref.getRank() << "; the limit is 8";
  }
  return success();
}

/// The C type of a scalar that a compiled function takes or gives. Those of 16
/// bits are numbers there; kernels take their bits.
static StringRef cpuTypeOf(Type type) {
  if (type.isF16())
    return "_Float16";
  if (type.isBF16())
    return "__bf16";
  return type.isInteger(1) ? "_Bool" : cTypeOf(type);
}

/// The declaration of an argument.
std::string FunctionWriter::parameter(unsigned argument, bool forCpu) {
  Type type = function.getArgumentTypes()[argument];
  if (auto memref = dyn_cast<MemRefType>(type))
    return "const moa_array" + std::to_string(memref.getRank()) + " *" +
           names[argument];
  return ((forCpu ? cpuTypeOf(type) : cTypeOf(type)) + " " + names[argument])
      .str();
}

std::string FunctionWriter::parameters(unsigned count) {
  SmallVector<std::string> all;
  for (unsigned i = 0; i < count; ++i)
    all.push_back(parameter(i));
  return llvm::join(all, ", ");
}

void FunctionWriter::writeUnused(unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    os << (i ? ", " : "") << "(void)" << names[i];
  os << (count ? ";\n" : "");
}

void FunctionWriter::writeDescription() {
  os << "/*===-- " << name << " --===\n *\n";
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    os << " *   " << names[i] << ": ";
    auto memref = dyn_cast<MemRefType>(type);
    if (!memref) {
      os << type << "\n";
      continue;
    }
    os << memref.getElementType() << " [";
    llvm::interleaveComma(memref.getShape(), os, [&](int64_t extent) {
      if (ShapedType::isDynamic(extent))
        os << "?";
      else
        os << extent;
    });
    os << "]" << (i >= numInputs ? ", a destination\n" : "\n");
  }
  os << " */\n\n";
}

/// A string literal.
static std::string quoted(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os << '"';
  for (char c : text) {
    if (c == '"' || c == '\\')
      os << '\\' << c;
    else if (llvm::isPrint(c))
      os << c;
    else
      os << llvm::format("\\%03o", static_cast<unsigned char>(c));
  }
  os << '"';
  return result;
}

void FunctionWriter::writeMessages(ArrayAttr messages) {
  os << "/* What does not hold where the contract gives i, at i - 1. */\n";
  os << "#define " << name << "_MESSAGES " << messages.size() << "\n";
  if (messages.empty()) {
    os << "\n";
    return;
  }
  os << "static const char *const " << name << "_messages[] = {\n";
  os.indent();
  for (StringAttr message : messages.getAsRange<StringAttr>())
    os << quoted(message.getValue()) << ",\n";
  os.unindent() << "};\n\n";
}

LogicalResult FunctionWriter::writeContract(func::FuncOp contract) {
  auto messages = contract->getAttrOfType<ArrayAttr>("moa.messages");
  writeMessages(messages ? messages
                         : ArrayAttr::get(contract.getContext(), {}));
  ValueRange results =
      contract.getBody().front().getTerminator()->getOperands();
  os << "/* 0 if the preconditions on the arguments hold, else 1 + the number "
        "of "
        "the\n * message. Then the extents of the results, in order, are in "
        "`extents`. */\n";
  os << "#define " << name << "_EXTENTS " << results.size() - 1 << "\n";
  os << "static inline int64_t " << name << "_contract("
     << parameters(numInputs) << (numInputs ? ", " : "")
     << "int64_t *extents) {\n";
  os.indent();
  writeUnused(numInputs);
  os << "(void)extents;\n";
  HostCode code(contract, ArrayRef(names).take_front(numInputs), os);
  if (failed(code.write(results)))
    return failure();
  for (auto [i, extent] : llvm::enumerate(results.drop_front()))
    os << "extents[" << i << "] = " << code.get(extent) << ";\n";
  os << "return " << code.get(results.front()) << ";\n";
  os.unindent() << "}\n\n";
  return success();
}

/// The member of `moa_param` for a parameter.
static StringRef memberFor(Type type) {
  if (isa<MemRefType>(type))
    return "pointer";
  if (type.isF32())
    return "f32";
  if (type.isF64())
    return "f64";
  if (type.isF16() || type.isBF16())
    return "bits16";
  if (type.isInteger(1) || type.isInteger(8))
    return "i8";
  return type.isInteger(32) ? "i32" : "i64";
}

void FunctionWriter::writeLaunchBody(gpu::LaunchFuncOp launch,
                                     const HostCode &code) {
  for (auto [i, operand] : llvm::enumerate(launch.getKernelOperands())) {
    StringRef member = memberFor(operand.getType());
    os << "params[" << i << "]." << member << " = ";
    if (member == "i8")
      os << "(int8_t)";
    os << code.get(operand) << ";\n";
  }
  auto writeSize = [&](StringRef member, gpu::KernelDim3 size) {
    for (auto [i, value] : llvm::enumerate(std::array{size.x, size.y, size.z}))
      os << "launch->" << member << "[" << i
         << "] = " << (getConstantIntValue(value) ? "" : "(uint32_t)")
         << code.get(value) << ";\n";
  };
  os << "launch->version = MOA_ABI_VERSION;\n";
  os << "launch->num_params = " << launch.getNumKernelOperands() << ";\n";
  os << "launch->kernel = " << quoted(launch.getKernelName().getValue())
     << ";\n";
  writeSize("grid", launch.getGridSizeOperandValues());
  writeSize("block", launch.getBlockSizeOperandValues());
  os << "launch->shared_bytes = 0;\nlaunch->reserved = 0;\n";
  os << "launch->params = params;\nreturn 1;\n";
}

LogicalResult FunctionWriter::writeLaunch(gpu::LaunchFuncOp launch,
                                          unsigned number) {
  std::string title = name + "_launch" + std::to_string(number);
  os << "#define " << title << "_KERNEL "
     << quoted(launch.getKernelName().getValue()) << "\n";
  os << "#define " << title << "_PARAMS " << launch.getNumKernelOperands()
     << "\n";
  os << "static inline int " << title << "(" << parameters(names.size())
     << (names.empty() ? "" : ", ")
     << "moa_param *params, moa_launch *launch) {\n";
  os.indent();
  writeUnused(names.size());
  HostCode code(function, names, os);
  if (failed(code.writeUpTo(launch, [&] { writeLaunchBody(launch, code); })))
    return failure();
  if (launch->getParentOp() != function)
    os << "return 0;\n";
  os.unindent() << "}\n\n";
  return success();
}

/// What a compiled function returns: nothing or a scalar; of several scalars
/// the type of a structure that its first argument points to.
std::string FunctionWriter::writeResultType() {
  TypeRange types = function.getResultTypes();
  if (types.empty())
    return "void";
  if (types.size() == 1)
    // Of an i1 the lowest bit counts.
    return types[0].isInteger(1) ? "int8_t" : cpuTypeOf(types[0]).str();
  os << "typedef struct " << name << "_results {\n";
  os.indent();
  for (auto [i, type] : llvm::enumerate(types))
    os << cpuTypeOf(type) << " result" << i << ";\n";
  os.unindent() << "} " << name << "_results;\n\n";
  return "void";
}

void FunctionWriter::writePrototype() {
  std::string result = writeResultType();
  SmallVector<std::string> all;
  if (function.getNumResults() > 1)
    all.push_back(name + "_results *results");
  for (unsigned i = 0; i < names.size(); ++i)
    all.push_back(parameter(i, /*forCpu=*/true));
  os << "/* The compiled function. Its contract must hold. */\n";
  os << result << " _mlir_ciface_" << name << "("
     << (all.empty() ? "void" : llvm::join(all, ", ")) << ");\n\n";
}

LogicalResult FunctionWriter::write(func::FuncOp contract) {
  if (failed(checkSignature()))
    return failure();
  writeDescription();
  if (contract && failed(writeContract(contract)))
    return failure();
  SmallVector<gpu::LaunchFuncOp> launches;
  function.walk([&](gpu::LaunchFuncOp op) { launches.push_back(op); });
  bool hasKernels =
      function->getParentOfType<ModuleOp>()->hasAttr("gpu.container_module");
  if (!hasKernels) {
    writePrototype();
    return success();
  }
  os << "/* Launch these one after the other, in one stream. Each function "
        "fills "
        "in what\n * cuLaunchKernel takes; it gives 0 where there is nothing "
        "to "
        "launch, else 1.\n * Arrays are in device memory. `params` has room "
        "for "
        "the kernel's parameters. */\n";
  os << "#define " << name << "_LAUNCHES " << launches.size() << "\n\n";
  for (auto [number, launch] : llvm::enumerate(launches))
    if (failed(writeLaunch(launch, number)))
      return failure();
  return success();
}

LogicalResult moa::writeCHeader(ModuleOp module, StringRef title,
                                StringRef guard, raw_ostream &stream) {
  std::string macro = "MOA_GENERATED_";
  for (char c : guard)
    macro += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  raw_indented_ostream os(stream);
  os << "/* " << title << "\n * Written by moa-compile. */\n\n";
  os << "#ifndef " << macro << "\n#define " << macro << "\n\n";
  os << "#include \"moa-runtime/abi.h\"\n\n";
  os << "#if MOA_ABI_VERSION != " << MOA_ABI_VERSION << "\n"
     << "#error \"this header is for version " << MOA_ABI_VERSION
     << " of moa-runtime/abi.h\"\n#endif\n\n";
  os << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  SymbolTable symbols(module);
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal() || !function.isPublic() ||
        function->hasAttr("moa.messages"))
      continue;
    auto contract =
        symbols.lookup<func::FuncOp>((function.getName() + "__contract").str());
    if (failed(FunctionWriter(function, os).write(contract)))
      return failure();
  }
  os << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << macro << " */\n";
  return success();
}
