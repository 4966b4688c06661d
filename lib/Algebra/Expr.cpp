//===- Expr.cpp - Scalar expressions, hash-consed ---------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Algebra/Expr.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace moa::algebra;

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

static Expr proto(Op op, uint8_t type = 0) {
  Expr e{};
  e.op = op;
  e.type = type;
  return e;
}

Ex Context::make(Expr e, llvm::ArrayRef<Ex> args, llvm::StringRef name) {
  std::vector<uint64_t> key{
      uint64_t(e.op) | uint64_t(e.type) << 8 | uint64_t(e.predicate) << 16 |
          uint64_t(e.flag) << 24 | uint64_t(e.pivotsInfinity) << 25 |
          uint64_t(e.id) << 32,
      uint64_t(e.value.numerator()), uint64_t(e.value.denominator()),
      uint64_t(reinterpret_cast<uintptr_t>(e.tag))};
  for (Ex arg : args)
    key.push_back(arg->serial);
  // Atoms without an owner are told apart by their names.
  if (!e.tag && !name.empty())
    for (char c : name)
      key.push_back(uint64_t(uint8_t(c)) << 40);
  auto [it, isNew] = known.try_emplace(std::move(key), nullptr);
  if (!isNew)
    return it->second;
  auto *storage = allocator.Allocate<Ex>(args.size());
  std::uninitialized_copy(args.begin(), args.end(), storage);
  e.args = llvm::ArrayRef<Ex>(storage, args.size());
  e.context = this;
  e.serial = nextSerial++;
  for (Ex arg : args) {
    e.dependsOnIndex |= arg->dependsOnIndex;
    e.dependsOnResults |= arg->dependsOnResults;
  }
  const Expr *made = new (allocator.Allocate<Expr>()) Expr(e);
  if (!name.empty()) {
    nameNumber[made] = names.size();
    names.push_back(name.str());
  }
  return it->second = made;
}

llvm::StringRef Context::nameOf(const Expr &expr) const {
  auto it = nameNumber.find(&expr);
  return it == nameNumber.end() ? llvm::StringRef("?")
                                : llvm::StringRef(names[it->second]);
}

Ex Context::constant(Rational value, uint8_t type) {
  Expr e = proto(Op::Const, type);
  e.value = value;
  return make(e, {});
}

Ex Context::infinity(int sign, uint8_t type) {
  Expr e = proto(Op::Infinity, type);
  e.value = Rational(sign);
  return make(e, {});
}

Ex Context::leaf(llvm::StringRef name, const void *tag, uint8_t type,
                 bool positive) {
  Expr e = proto(Op::Leaf, type);
  e.tag = tag;
  e.flag = positive;
  e.dependsOnIndex = true;
  return make(e, {}, name);
}

Ex Context::parameter(llvm::StringRef name, const void *tag, uint8_t type,
                      bool positive) {
  Expr e = proto(Op::Par, type);
  e.tag = tag;
  e.flag = positive;
  return make(e, {}, name);
}

Ex Context::extent(uint8_t type) {
  Expr e = proto(Op::Extent, type);
  e.dependsOnResults = true;
  return make(e, {}, "N");
}

Ex Context::freshResult(llvm::StringRef name, uint8_t type) {
  Expr e = proto(Op::Res, type);
  e.id = nextResult++;
  e.dependsOnResults = true;
  return make(e, {}, name);
}

Ex Context::state(Op when, Ex result) {
  assert(result->op == Op::Res && (when == Op::Old || when == Op::New));
  Expr e = proto(when, result->type);
  e.id = result->id;
  e.tag = result.get();
  return make(e, {}, nameOf(*result).str() + (when == Op::Old ? "'" : "\""));
}

Ex Context::unary(Op op, Ex a) {
  if (op == Op::Neg && a->isConst())
    return constant(-a->value, a->type);
  return make(proto(op, a->type), a);
}

Ex Context::binary(Op op, Ex a, Ex b) {
  return make(proto(op, std::max(a->type, b->type)), {a, b});
}

Ex Context::pow(Ex a, Rational exponent) {
  Expr e = proto(Op::Pow, a->type);
  e.value = exponent;
  return make(e, a);
}

Ex Context::compare(Predicate predicate, Ex a, Ex b, unsigned spelling) {
  Expr e = proto(Op::Cmp, booleanType);
  e.predicate = predicate;
  e.id = spelling;
  return make(e, {a, b});
}

Ex Context::select(Ex condition, Ex yes, Ex no) {
  return make(proto(Op::Select, std::max(yes->type, no->type)),
              {condition, yes, no});
}

Ex Context::indicator(Ex condition) {
  return make(proto(Op::Indicator), condition);
}

Ex Context::pivot(Ex a, Rational bad, bool infinite, Ex good) {
  Expr e = proto(Op::Pivot, a->type);
  e.value = bad;
  e.pivotsInfinity = infinite;
  return make(e, {a, good});
}

Ex Context::innerSum(Ex element, const void *tag) {
  Expr e = proto(Op::InnerSum, element->type);
  e.tag = tag;
  return make(e, element);
}

Ex Context::cast(Ex a, uint8_t type) {
  if (a->type == type)
    return a;
  return make(proto(Op::Cast, type), a);
}

Ex Context::call(llvm::StringRef name, const void *tag, llvm::ArrayRef<Ex> args,
                 uint8_t type, bool monotone) {
  Expr e = proto(Op::Call, type);
  e.tag = tag;
  e.flag = monotone;
  return make(e, args, name);
}

Ex Context::rebuild(Ex like, llvm::ArrayRef<Ex> args) {
  if (args.empty() || llvm::equal(args, like->args))
    return like;
  Expr e = *like;
  e.dependsOnIndex = e.dependsOnResults = false;
  if (like->op >= Op::Add && like->op <= Op::Min) {
    e.type = 0;
    for (Ex arg : args)
      e.type = std::max(e.type, arg->type);
  }
  return make(e, args, nameNumber.contains(like.get()) ? nameOf(*like) : "");
}

Ex moa::algebra::operator+(Ex a, Ex b) {
  return a->context->binary(Op::Add, a, b);
}
Ex moa::algebra::operator-(Ex a, Ex b) {
  return a->context->binary(Op::Sub, a, b);
}
Ex moa::algebra::operator*(Ex a, Ex b) {
  return a->context->binary(Op::Mul, a, b);
}
Ex moa::algebra::operator/(Ex a, Ex b) {
  return a->context->binary(Op::Div, a, b);
}
Ex moa::algebra::operator-(Ex a) { return a->context->unary(Op::Neg, a); }
Ex moa::algebra::exp(Ex a) { return a->context->unary(Op::Exp, a); }
Ex moa::algebra::log(Ex a) { return a->context->unary(Op::Log, a); }
Ex moa::algebra::sqrt(Ex a) { return a->context->unary(Op::Sqrt, a); }
Ex moa::algebra::pow(Ex a, Rational n) { return a->context->pow(a, n); }

//===----------------------------------------------------------------------===//
// Traversal
//===----------------------------------------------------------------------===//

static Ex substituteMemo(Ex e, llvm::function_ref<Ex(Ex)> replace,
                         llvm::DenseMap<Ex, Ex> &memo) {
  if (Ex done = memo.lookup(e))
    return done;
  Ex result = replace(e);
  if (!result) {
    llvm::SmallVector<Ex, 4> args;
    for (Ex arg : e->args)
      args.push_back(substituteMemo(arg, replace, memo));
    result = e->context->rebuild(e, args);
  }
  return memo[e] = result;
}

Ex moa::algebra::substitute(Ex e, llvm::function_ref<Ex(Ex)> replace) {
  llvm::DenseMap<Ex, Ex> memo;
  return substituteMemo(e, replace, memo);
}

void moa::algebra::walk(Ex e, llvm::function_ref<void(Ex)> visit) {
  llvm::DenseMap<Ex, bool> seen;
  llvm::SmallVector<Ex> stack{e};
  while (!stack.empty()) {
    Ex next = stack.pop_back_val();
    if (!seen.try_emplace(next, true).second)
      continue;
    visit(next);
    llvm::append_range(stack, next->args);
  }
}

Ex moa::algebra::atState(Ex e, Op when) {
  return substitute(e, [when](Ex n) {
    return n->op == Op::Res ? n->context->state(when, n) : Ex();
  });
}

//===----------------------------------------------------------------------===//
// Linear combinations
//===----------------------------------------------------------------------===//

static void flattenInto(Ex e, Rational c, Linear &parts, bool isRoot = false) {
  if (!isRoot && e->dependsOnIndex && !e->dependsOnResults)
    return parts.push_back({c, e});
  switch (e->op) {
  case Op::Add:
  case Op::Sub:
    flattenInto(e->args[0], c, parts);
    flattenInto(e->args[1], e->op == Op::Add ? c : -c, parts);
    return;
  case Op::Neg:
    return flattenInto(e->args[0], -c, parts);
  case Op::Mul:
    for (unsigned i : {0, 1})
      if (e->args[i]->isConst() && (c * e->args[i]->value).isValid())
        return flattenInto(e->args[1 - i], c * e->args[i]->value, parts);
    break;
  default:
    break;
  }
  parts.push_back({c, e});
}

Linear moa::algebra::flatten(Ex e) {
  Linear parts;
  flattenInto(e, Rational(1), parts, /*isRoot=*/true);
  return parts;
}

Ex moa::algebra::buildLinear(Context &context, const Linear &parts) {
  Ex sum;
  for (int sign : {1, -1}) {
    for (const auto &[c, e] : parts) {
      if ((c.sign() < 0) != (sign < 0))
        continue;
      Ex part = e;
      if (c.abs() != Rational(1))
        part = e->isConst(1) ? context.constant(c.abs(), e->type)
                             : context.constant(c.abs()) * e;
      if (sum)
        sum = sign < 0 ? sum - part : sum + part;
      else
        sum = sign < 0 ? -part : part;
    }
  }
  return sum ? sum : context.constant(0);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static llvm::StringRef nameOfOp(Op op) {
  switch (op) {
  case Op::Sqrt:
    return "sqrt";
  case Op::Exp:
    return "exp";
  case Op::Log:
    return "log";
  case Op::Tanh:
    return "tanh";
  case Op::Abs:
    return "abs";
  case Op::Max:
    return "max";
  case Op::Min:
    return "min";
  case Op::Select:
    return "select";
  case Op::Indicator:
    return "indicator";
  case Op::InnerSum:
    return "sum";
  case Op::Cast:
    return "cast";
  default:
    return "";
  }
}

static llvm::StringRef symbolOf(const Expr &e) {
  switch (e.op) {
  case Op::Add:
    return " + ";
  case Op::Sub:
    return " - ";
  case Op::Mul:
    return " * ";
  case Op::Div:
    return " / ";
  default:
    break;
  }
  static const char *const predicates[] = {" == ", " != ", " < ",
                                           " <= ", " > ",  " >= "};
  return predicates[unsigned(e.predicate)];
}

/// Text of bounded length: a graph may be a huge tree.
static void print(const Expr &e, std::string &out) {
  if (out.size() > 200)
    return;
  auto arg = [&](unsigned i) { print(*e.args[i], out); };
  switch (e.op) {
  case Op::Const:
    out += e.value.str();
    return;
  case Op::Infinity:
    out += e.value.sign() < 0 ? "-inf" : "inf";
    return;
  case Op::Leaf:
  case Op::Par:
  case Op::Extent:
  case Op::Res:
  case Op::Old:
  case Op::New:
    out += e.context->nameOf(e);
    return;
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::Cmp:
    out += "(";
    arg(0);
    out += symbolOf(e);
    arg(1);
    out += ")";
    return;
  case Op::Neg:
    out += "-";
    return arg(0);
  case Op::Pow:
    arg(0);
    out += "^" + e.value.str();
    return;
  case Op::Pivot:
    out += "ref(";
    arg(0);
    out += ")";
    return;
  case Op::Cast:
    return arg(0);
  default:
    break;
  }
  out += e.op == Op::Call ? e.context->nameOf(e) : nameOfOp(e.op);
  out += "(";
  for (unsigned i = 0; i < e.args.size(); ++i) {
    if (i)
      out += ", ";
    arg(i);
  }
  out += ")";
}

std::string Expr::str() const {
  std::string out;
  print(*this, out);
  if (out.size() > 200)
    out = out.substr(0, 197) + "...";
  return out;
}
