//===- Expr.h - Scalar expressions, hash-consed -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalar code as the algebra sees it: a graph of operations over opaque atoms.
// Equal expressions are one object, so that comparing them costs nothing.
//
// Of a fold over an index an atom is a leaf (it varies with the index), a
// parameter (it does not), or a result of the tower. Of what is built from them
// the flags say whether it depends on the index and on results: an expression
// of both is mixed, one of neither neutral.
//
//===----------------------------------------------------------------------===//

#ifndef MOA_ALGEBRA_EXPR_H
#define MOA_ALGEBRA_EXPR_H

#include "moa/Algebra/Rational.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include <map>
#include <vector>

namespace moa::algebra {

enum class Op : uint8_t {
  // Atoms.
  Const,    // a rational number
  Infinity, // of the sign of `value`: the identity of max or min in any type
  Leaf,     // varies with the index
  Par,      // does not
  Extent,   // the number of indices of the range
  Res,      // a result of the tower
  Old,      // in a correction: the state so far,
  New,      // and the state after
  // Operations that the algebra knows.
  Add,
  Sub,
  Mul,
  Div,
  Neg,
  Pow, // to the rational power `value`
  Sqrt,
  Exp,
  Log,
  Tanh,
  Abs,
  Max,
  Min,
  Cmp,       // `predicate` of two values
  Select,    // (condition, then, else)
  Indicator, // 1 where the condition holds, else 0
  Pivot,     // (a, good): `good` where `a` is `value` or an infinity, else `a`
  InnerSum,  // the sum of its element over an axis of its own
  Cast,      // the same number in another type
  Call       // anything else
};

enum class Predicate : uint8_t { Eq, Ne, Lt, Le, Gt, Ge };

/// What a fold accumulates with. `Other` has no rules: it takes elements that
/// do not depend on results, and nothing else.
enum class Reducer : uint8_t { Add, Mul, Max, Min, Other };

/// The number of the type of truth values.
inline constexpr uint8_t booleanType = 1;

class Context;
struct Expr;

/// A reference to an expression; null by default.
class Ex {
public:
  Ex(const Expr *expr = nullptr) : expr(expr) {}
  const Expr *operator->() const { return expr; }
  const Expr &operator*() const { return *expr; }
  const Expr *get() const { return expr; }
  explicit operator bool() const { return expr; }
  bool operator==(const Ex &other) const = default;

private:
  const Expr *expr;
};

struct Expr {
  Context *context;
  llvm::ArrayRef<Ex> args;
  /// Const, Pow: the number. Infinity: its sign. Pivot: what is replaced (0),
  /// or the sign of the infinity that is.
  Rational value;
  /// Whose atom or operation this is: the algebra compares it and no more.
  const void *tag;
  /// Atoms: their number. Cmp: the predicate as the owner spells it.
  unsigned id;
  /// In the order of creation.
  unsigned serial;
  /// The owner's number of the type. Of two types the higher one is wider, 0 is
  /// that of a plain number.
  uint8_t type;
  Op op;
  Predicate predicate;
  bool dependsOnIndex;
  bool dependsOnResults;
  /// Atoms: known to be positive (or zero). Call: monotone, rising.
  bool flag;
  /// Pivot: it is an infinity that is replaced.
  bool pivotsInfinity;

  bool isMixed() const { return dependsOnIndex && dependsOnResults; }
  bool isConst() const { return op == Op::Const; }
  bool isConst(Rational number) const {
    return op == Op::Const && value == number;
  }
  /// As text, for remarks.
  std::string str() const;
};

/// Owns expressions, and makes each only once.
class Context {
public:
  Ex constant(Rational value, uint8_t type = 0);
  /// The identity of max (sign -1) or min (sign 1).
  Ex infinity(int sign, uint8_t type = 0);
  Ex leaf(llvm::StringRef name, const void *tag = nullptr, uint8_t type = 0,
          bool positive = false);
  Ex parameter(llvm::StringRef name, const void *tag = nullptr,
               uint8_t type = 0, bool positive = false);
  Ex extent(uint8_t type = 0);
  /// A new result: its number is its identity.
  Ex freshResult(llvm::StringRef name, uint8_t type = 0);
  /// The old (Op::Old) or new (Op::New) value of a result.
  Ex state(Op when, Ex result);
  Ex unary(Op op, Ex a);
  Ex binary(Op op, Ex a, Ex b);
  Ex pow(Ex a, Rational exponent);
  Ex compare(Predicate predicate, Ex a, Ex b, unsigned spelling = 0);
  Ex select(Ex condition, Ex yes, Ex no);
  Ex indicator(Ex condition);
  Ex pivot(Ex a, Rational bad, bool infinite, Ex good);
  Ex innerSum(Ex element, const void *tag);
  Ex cast(Ex a, uint8_t type);
  /// An operation without rules. `monotone`: it never falls in its operand.
  Ex call(llvm::StringRef name, const void *tag, llvm::ArrayRef<Ex> args,
          uint8_t type, bool monotone = false);
  /// `like` with other operands.
  Ex rebuild(Ex like, llvm::ArrayRef<Ex> args);

  llvm::StringRef nameOf(const Expr &expr) const;

private:
  friend struct Expr;
  struct Key;
  Ex make(Expr proto, llvm::ArrayRef<Ex> args, llvm::StringRef name = {});

  llvm::BumpPtrAllocator allocator;
  std::vector<std::string> names;
  std::map<std::vector<uint64_t>, const Expr *> known;
  llvm::DenseMap<const Expr *, unsigned> nameNumber;
  unsigned nextSerial = 0;
  unsigned nextResult = 0;
};

Ex operator+(Ex a, Ex b);
Ex operator-(Ex a, Ex b);
Ex operator*(Ex a, Ex b);
Ex operator/(Ex a, Ex b);
Ex operator-(Ex a);
Ex exp(Ex a);
Ex log(Ex a);
Ex sqrt(Ex a);
Ex pow(Ex a, Rational exponent);

/// Rebuilds `e` with `replace(n)` in place of each node `n` for which that is
/// not null; what replaces is not visited.
Ex substitute(Ex e, llvm::function_ref<Ex(Ex)> replace);

/// Calls `visit` on `e` and everything it consists of, each once.
void walk(Ex e, llvm::function_ref<void(Ex)> visit);

/// `e` over old (Op::Old) or new (Op::New) values in place of results.
Ex atState(Ex e, Op when);

/// A linear combination: coefficients and expressions that are none themselves.
using Linear = llvm::SmallVector<std::pair<Rational, Ex>, 4>;
/// Sums, differences, negations and constant multiples of `e` taken apart. What
/// depends on the index only is kept as written, unless it is `e` itself.
Linear flatten(Ex e);
/// The combination as an expression: positive parts first, so that differences
/// stay differences. `context` makes the empty one.
Ex buildLinear(Context &context, const Linear &parts);

} // namespace moa::algebra

template <> struct llvm::DenseMapInfo<moa::algebra::Ex> {
  using Pointer = llvm::DenseMapInfo<const moa::algebra::Expr *>;
  static moa::algebra::Ex getEmptyKey() { return Pointer::getEmptyKey(); }
  static moa::algebra::Ex getTombstoneKey() {
    return Pointer::getTombstoneKey();
  }
  static unsigned getHashValue(moa::algebra::Ex e) {
    return Pointer::getHashValue(e.get());
  }
  static bool isEqual(moa::algebra::Ex a, moa::algebra::Ex b) { return a == b; }
};

#endif // MOA_ALGEBRA_EXPR_H
