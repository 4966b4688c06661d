//===- DependenceTest.cpp - Tests of axis sets -----------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestProgram.h"

#include "moa/Dialect/Moa/IR/Dependence.h"

using namespace moa;

namespace {

/// Axes by their names here: those of the array are 0, 1, .., the indices of
/// folds 10, 11, .. in the order of the program.
class AxisNames {
public:
  explicit AxisNames(TestProgram &program) {
    int next = 10;
    program.module->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto array = dyn_cast<ArrayOp>(op))
        for (BlockArgument axis : array.getAxes())
          names[axis] = axis.getArgNumber();
      if (auto fold = dyn_cast<FoldOp>(op))
        names[fold.getIndex()] = next++;
    });
  }

  std::vector<int> of(const AxisSet &set) {
    std::vector<int> result;
    for (BlockArgument axis : set)
      result.push_back(names.at(axis));
    llvm::sort(result);
    return result;
  }

private:
  std::map<Value, int, bool (*)(Value, Value)> names{
      [](Value a, Value b) { return a.getImpl() < b.getImpl(); }};
};

using Axes = std::vector<int>;

TEST(DependenceTest, ScalarCode) {
  TestProgram program(R"mlir(
    func.func @f(%a: tensor<?x?xf32>, %n: index, %x: f32) -> tensor<?x?xf32> {
      %0 = moa.array (%i, %j) in (%n, %n) {
        %row = moa.psi %a[%i, %n] {tag = "row"} : tensor<?x?xf32>
        %whole = moa.psi %a[%j, %i] {tag = "whole"} : tensor<?x?xf32>
        %none = arith.addf %x, %x {tag = "none"} : f32
        %sum = arith.addf %row, %none {tag = "sum"} : f32
        moa.yield %sum : f32
      } : tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    })mlir");
  AxisNames names(program);
  AxisSets sets;
  auto axes = [&](StringRef tag) {
    return names.of(sets.get(program.find(tag)->getResult(0)));
  };
  EXPECT_EQ(axes("row"), Axes({0}));
  EXPECT_EQ(axes("whole"), Axes({0, 1}));
  EXPECT_EQ(axes("none"), Axes());
  EXPECT_EQ(axes("sum"), Axes({0}));
}

/// Each result of a tower has a set of its own; its index goes.
TEST(DependenceTest, Towers) {
  TestProgram program(R"mlir(
    func.func @f(%s: tensor<?x?xf32>, %v: tensor<?x?xf32>, %n: index) -> tensor<?x?xf32> {
      %c0 = arith.constant 0 : index
      %0 = moa.array (%i, %j) in (%n, %n) {
        %f:3 = moa.fold %k = %c0 to %n (%m: max f32, %l: add f32, %o: add f32)
            attributes {tag = "fold"} {
          %x = moa.psi %s[%i, %k] {tag = "score"} : tensor<?x?xf32>
          %d = arith.subf %x, %m {tag = "shifted"} : f32
          %p = math.exp %d : f32
          %y = moa.psi %v[%k, %j] : tensor<?x?xf32>
          %w = arith.mulf %p, %y {tag = "weighted"} : f32
          moa.yield %x, %p, %w : f32, f32, f32
        } correct (%m0, %l0, %o0) to (%m1, %l1, %o1) {
          %d = arith.subf %m0, %m1 {tag = "change"} : f32
          %e = math.exp %d : f32
          %lc = arith.mulf %l0, %e : f32
          %oc = arith.mulf %o0, %e {tag = "corrected"} : f32
          moa.yield %m0, %lc, %oc : f32, f32, f32
        }
        moa.yield %f#2 : f32
      } : tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    })mlir");
  AxisNames names(program);
  AxisSets sets;
  auto fold = cast<FoldOp>(program.find("fold"));
  auto axes = [&](StringRef tag) {
    return names.of(sets.get(program.find(tag)->getResult(0)));
  };
  EXPECT_EQ(names.of(sets.get(fold.getResult(0))), Axes({0}));
  EXPECT_EQ(names.of(sets.get(fold.getResult(1))), Axes({0}));
  EXPECT_EQ(names.of(sets.get(fold.getResult(2))), Axes({0, 1}));
  EXPECT_EQ(axes("score"), Axes({0, 10}));
  EXPECT_EQ(axes("shifted"), Axes({0, 10}));
  EXPECT_EQ(axes("weighted"), Axes({0, 1, 10}));
  // The state stands for the results.
  EXPECT_EQ(axes("change"), Axes({0}));
  EXPECT_EQ(axes("corrected"), Axes({0, 1}));
  EXPECT_EQ(names.of(sets.get(fold.getRunning()[2])), Axes({0, 1}));
}

/// Bounds, start values, combiners and conditions count.
TEST(DependenceTest, HiddenWays) {
  TestProgram program(R"mlir(
    func.func @f(%n: index, %x: f32, %a: tensor<?xf32>) -> tensor<?x?xf32> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %0 = moa.array (%i, %j) in (%n, %n) {
        %bound = moa.fold %k = %c0 to %i (%r: add f32) attributes {tag = "bound"} {
          moa.yield %x : f32
        }
        %y = moa.psi %a[%j] : tensor<?xf32>
        %start = moa.fold %k = %c0 to %n (%r: add f32) init(%y) attributes {tag = "start"} {
          moa.yield %x : f32
        }
        %combined = moa.fold %k = %c0 to %n (%r: custom f32 combine (%p, %q) {
          %t = arith.addf %q, %y : f32
          moa.yield %t : f32
        }) init(%x) attributes {tag = "combined"} {
          moa.yield %x : f32
        }
        %c = arith.cmpi slt, %i, %n : index
        %branch:2 = scf.if %c -> (f32, f32) {
          scf.yield %x, %y : f32, f32
        } else {
          scf.yield %x, %x : f32, f32
        } {tag = "branch"}
        %loop = scf.for %k = %c0 to %n step %c1 iter_args(%t = %y) -> f32 {
          %u = arith.addf %t, %x {tag = "carried"} : f32
          scf.yield %u : f32
        } {tag = "loop"}
        moa.yield %x : f32
      } : tensor<?x?xf32>
      return %0 : tensor<?x?xf32>
    })mlir");
  AxisNames names(program);
  AxisSets sets;
  auto axes = [&](StringRef tag, unsigned result = 0) {
    return names.of(sets.get(program.find(tag)->getResult(result)));
  };
  EXPECT_EQ(axes("bound"), Axes({0}));
  EXPECT_EQ(axes("start"), Axes({1}));
  EXPECT_EQ(axes("combined"), Axes({1}));
  EXPECT_EQ(axes("branch", 0), Axes({0}));
  EXPECT_EQ(axes("branch", 1), Axes({0, 1}));
  EXPECT_EQ(axes("loop"), Axes({1}));
  EXPECT_EQ(axes("carried"), Axes({1}));
}

/// Axes of another array are not those of the value that reads it.
TEST(DependenceTest, OtherArrays) {
  TestProgram program(R"mlir(
    func.func @f(%n: index) -> tensor<?xindex> {
      %0 = moa.array (%p) in (%n) {
        moa.yield %p : index
      } : tensor<?xindex>
      %1 = moa.array (%i) in (%n) {
        %x = moa.psi %0[%i] {tag = "read"} : tensor<?xindex>
        moa.yield %x : index
      } : tensor<?xindex>
      return %1 : tensor<?xindex>
    })mlir");
  AxisSets sets;
  Operation *read = program.find("read");
  const AxisSet &set = sets.get(read->getResult(0));
  ASSERT_EQ(set.size(), 1u);
  EXPECT_EQ(set.front().getOwner()->getParentOp(), read->getParentOp());
}

/// Long chains need no deep stack, and known sets stay where they are.
TEST(DependenceTest, LongChains) {
  std::string text = "func.func @f(%n: index) -> tensor<?xindex> {\n"
                     "%0 = moa.array (%i) in (%n) attributes {tag = \"array\"} "
                     "{\n%v0 = arith.addi %i, %n : index\n";
  const int length = 100000;
  for (int k = 1; k <= length; ++k)
    text += "%v" + std::to_string(k) + " = arith.addi %v" +
            std::to_string(k - 1) + ", %n : index\n";
  text += "moa.yield %v" + std::to_string(length) +
          " : index\n} : tensor<?xindex>\nreturn %0 : tensor<?xindex>\n}";
  TestProgram program(text);
  auto array = cast<ArrayOp>(program.find("array"));
  AxisSets sets;
  Value last = array.getYieldedValues()[0];
  const AxisSet &first = sets.get(last.getDefiningOp()->getOperand(0));
  const AxisSet *place = &first;
  EXPECT_EQ(sets.get(last).size(), 1u);
  EXPECT_EQ(place, &sets.get(last.getDefiningOp()->getOperand(0)));
  EXPECT_EQ(place->size(), 1u);
}

TEST(DependenceTest, UsedArguments) {
  TestProgram program(R"mlir(
    func.func @f(%n: index, %x: f32) -> (f32, f32) {
      %c0 = arith.constant 0 : index
      %0:2 = moa.fold %k = %c0 to %n (%r: add f32, %s: add f32) {
        %inner = moa.fold %l = %k to %n (%t: add f32) attributes {tag = "inner"} {
          %e = arith.addf %r, %x : f32
          moa.yield %e : f32
        }
        moa.yield %x, %inner : f32, f32
      }
      return %0#0, %0#1 : f32, f32
    })mlir");
  Operation *inner = program.find("inner");
  auto fold = cast<FoldOp>(inner->getParentOp());
  Block &body = fold.getBody().front();
  auto used = getUsedArguments(fold.getElements()[1], body);
  EXPECT_EQ(used.size(), 2u);
  EXPECT_TRUE(used.contains(fold.getIndex()));
  EXPECT_TRUE(used.contains(fold.getRunning()[0]));
  EXPECT_TRUE(getUsedArguments(fold.getElements()[0], body).empty());
}

} // namespace
