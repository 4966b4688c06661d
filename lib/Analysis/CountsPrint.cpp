//===- CountsPrint.cpp - Counts as text and as JSON -------------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "moa/Analysis/Counts.h"

#include <set>

using namespace moa;

/// What stands before the name of a definition that `counts` use.
static std::vector<AtomId> definitionsIn(FunctionCounts &counts) {
  std::set<AtomId> seen;
  std::vector<AtomId> found;
  std::function<void(const Form &)> visit = [&](const Form &form) {
    for (const auto &[monomial, coefficient] : form.terms())
      for (auto [id, power] : monomial) {
        if (!seen.insert(id).second)
          continue;
        const FormAtom &atom = form.space().atom(id);
        for (const Form &operand : atom.operands)
          visit(operand);
        if (atom.kind != FormAtom::Kind::Symbol || atom.meaning.empty())
          continue;
        visit(atom.meaning.front());
        found.push_back(id);
      }
  };
  auto visitRange = [&](const CountRange &range) {
    visit(range.least);
    if (range.most)
      visit(*range.most);
  };
  auto visitPart = [&](const PartCounts &part) {
    for (const CountsByKind *kinds : {&part.floatOps, &part.integerOps})
      for (const auto &[kind, count] : *kinds)
        visitRange(count);
    for (const TrafficForms &traffic : part.traffic) {
      visitRange(traffic.read);
      visitRange(traffic.distinct);
      visitRange(traffic.written);
    }
  };
  for (const PartCounts &part : counts.parts)
    visitPart(part);
  visitPart(counts.total);
  return found;
}

static FormSpace &spaceOf(const PartCounts &part) {
  if (!part.traffic.empty())
    return part.traffic.front().read.least.space();
  const CountsByKind &kinds =
      part.floatOps.empty() ? part.integerOps : part.floatOps;
  return kinds.begin()->second.least.space();
}

static bool isEmpty(const PartCounts &part) {
  return part.traffic.empty() && part.floatOps.empty() &&
         part.integerOps.empty();
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static void printPart(const PartCounts &part, raw_ostream &os) {
  for (const auto &[title, kinds] :
       {std::pair("float", &part.floatOps), {"integer", &part.integerOps}})
    for (const auto &[kind, count] : *kinds)
      if (!count.isZero())
        os << "    " << title << " " << kind << ": " << count.str() << "\n";
  for (const TrafficForms &traffic : part.traffic) {
    if (!traffic.read.isZero())
      os << "    read " << traffic.name << ": " << traffic.read.str()
         << ", distinct: " << traffic.distinct.str() << "\n";
    if (!traffic.written.isZero())
      os << "    write " << traffic.name << ": " << traffic.written.str()
         << "\n";
  }
}

static void printTitle(const PartCounts &part, raw_ostream &os) {
  if (!part.op) {
    os << "  outside of arrays:\n";
    return;
  }
  os << "  moa.array";
  if (auto location = dyn_cast<FileLineColLoc>(part.op->getLoc()))
    os << " of line " << location.getLine();
  os << ":\n";
}

void moa::printCounts(FunctionCounts &counts, raw_ostream &os) {
  os << "counts of @" << counts.function.getName() << "\n";
  if (!isEmpty(counts.total)) {
    FormSpace &space = spaceOf(counts.total);
    for (AtomId id : definitionsIn(counts))
      os << "  where " << space.atom(id).name << " = "
         << space.atom(id).meaning.front().str() << "\n";
  }
  for (const PartCounts &part : counts.parts) {
    printTitle(part, os);
    printPart(part, os);
  }
  if (counts.parts.size() == 1)
    return;
  os << "  in all:\n";
  printPart(counts.total, os);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static void writeForm(llvm::json::OStream &json, StringRef name,
                      const Form &form) {
  json.attributeObject(name, [&] {
    json.attribute("text", form.str());
    json.attributeBegin("terms");
    form.writeJSON(json);
    json.attributeEnd();
  });
}

static void writeRange(llvm::json::OStream &json, StringRef name,
                       const CountRange &range) {
  if (range.isExact()) {
    writeForm(json, name, range.least);
    return;
  }
  json.attributeObject(name, [&] {
    writeForm(json, "least", range.least);
    if (range.most)
      writeForm(json, "most", *range.most);
    else
      json.attribute("most", nullptr);
  });
}

static void writePart(llvm::json::OStream &json, const PartCounts &part) {
  for (const auto &[title, kinds] : {std::pair("float_ops", &part.floatOps),
                                     {"integer_ops", &part.integerOps}})
    json.attributeObject(title, [&, kinds = kinds] {
      for (const auto &[kind, count] : *kinds)
        if (!count.isZero())
          writeRange(json, kind, count);
    });
  json.attributeArray("arrays", [&] {
    for (const TrafficForms &traffic : part.traffic)
      json.object([&] {
        json.attribute("name", traffic.name);
        if (auto argument = dyn_cast<BlockArgument>(traffic.array))
          json.attribute("argument", argument.getArgNumber());
        writeRange(json, "read", traffic.read);
        writeRange(json, "read_distinct", traffic.distinct);
        writeRange(json, "written", traffic.written);
      });
  });
}

void moa::writeCounts(FunctionCounts &counts, llvm::json::OStream &json) {
  json.object([&] {
    json.attribute("function", counts.function.getName());
    json.attributeArray("definitions", [&] {
      if (isEmpty(counts.total))
        return;
      FormSpace &space = spaceOf(counts.total);
      for (AtomId id : definitionsIn(counts))
        json.object([&] {
          json.attribute("name", space.atom(id).name);
          writeForm(json, "meaning", space.atom(id).meaning.front());
        });
    });
    json.attributeArray("parts", [&] {
      for (const PartCounts &part : counts.parts)
        json.object([&] {
          json.attribute("operation", part.op ? "moa.array" : "");
          writePart(json, part);
        });
    });
    json.attributeObject("total", [&] { writePart(json, counts.total); });
  });
}
