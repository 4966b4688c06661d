//===- TensorMapTest.cpp - Copies of boxes of tensors -----------*- C++ -*-===//
//
// Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodySetup.h"

using namespace moa::ptx;

namespace {

constexpr uint32_t tensorBytes = 32768; ///< then as much for results

/// A box of a tensor of 4-byte or 2-byte elements, and where it is copied from.
struct Case {
  std::string name;
  TensorMap map;
  std::vector<int> at;
  std::vector<int> offsets = {};
};

TensorMap tensor(TensorElement element, std::vector<uint64_t> dims,
                 std::vector<uint32_t> box) {
  TensorMap map;
  map.element = element;
  map.dims = dims;
  map.box = box;
  uint64_t stride = bytesOf(element);
  for (size_t i = 0; i + 1 < dims.size(); ++i) {
    stride = (stride * dims[i] + 15) / 16 * 16;
    map.strides.push_back(stride);
  }
  return map;
}
TensorMap with(TensorMap map, TensorSwizzle swizzle) {
  map.swizzle = swizzle;
  return map;
}
TensorMap strided(TensorMap map, std::vector<uint32_t> strides) {
  map.elementStrides = strides;
  return map;
}
TensorMap nan(TensorMap map) {
  map.fill = TensorFill::Nan;
  return map;
}
TensorMap pixels(TensorMap map, std::vector<int> lower, std::vector<int> upper,
                 uint32_t channels, uint32_t count) {
  map.box.clear();
  map.im2col = true;
  map.lowerCorner = lower;
  map.upperCorner = upper;
  map.channels = channels;
  map.pixels = count;
  return map;
}

using enum TensorElement;
using enum TensorSwizzle;

const Case cases[] = {
    {"Vector", tensor(F32, {100}, {32}), {8}},
    {"VectorEnd", tensor(F32, {100}, {32}), {92}},
    {"VectorBefore", tensor(F32, {100}, {32}), {-3}},
    {"Matrix", tensor(F32, {40, 30}, {8, 5}), {4, 7}},
    {"MatrixCorner", tensor(F32, {40, 30}, {8, 5}), {36, 28}},
    {"MatrixOutside", tensor(F32, {40, 30}, {8, 5}), {100, -40}},
    {"MatrixNan", nan(tensor(F32, {40, 30}, {8, 5})), {36, -2}},
    {"Half", tensor(F16, {72, 20}, {32, 4}), {60, 3}},
    {"HalfNan", nan(tensor(F16, {72, 20}, {32, 4})), {60, 18}},
    {"Bytes", tensor(U8, {200, 10}, {48, 4}), {180, 8}},
    {"Doubles", tensor(F64, {20, 10}, {4, 4}), {18, 8}},
    {"Swizzle128", with(tensor(F16, {128, 40}, {64, 24}), B128), {64, 3}},
    {"Swizzle128Edge", with(tensor(F16, {120, 40}, {64, 24}), B128), {64, 30}},
    {"Swizzle64", with(tensor(F16, {128, 40}, {32, 24}), B64), {32, 3}},
    {"Swizzle32", with(tensor(F32, {64, 40}, {8, 24}), B32), {16, 3}},
    {"Cube", tensor(F32, {16, 9, 7}, {8, 3, 4}), {4, 7, 5}},
    {"Four", tensor(F32, {16, 5, 4, 6}, {8, 2, 3, 2}), {8, 4, -1, 5}},
    {"Five", tensor(F32, {8, 5, 4, 3, 5}, {4, 2, 3, 2, 2}), {4, 4, -1, 2, 4}},
    {"Strided",
     strided(tensor(F32, {16, 40, 8}, {8, 8, 4}), {1, 3, 2}),
     {4, 30, 3}},
    {"Im2col3",
     pixels(tensor(F32, {8, 10, 4}, {}), {-1}, {-1}, 8, 16),
     {0, -1, 1},
     {2}},
    {"Im2col4",
     pixels(tensor(F16, {16, 7, 6, 3}, {}), {-1, -1}, {-1, -1}, 8, 60),
     {8, 2, -1, 0},
     {1, 2}},
    {"Im2col4Strided",
     strided(pixels(tensor(F32, {8, 9, 8, 3}, {}), {-1, -1}, {-1, -1}, 8, 40),
             {1, 2, 2, 1}),
     {0, -1, 3, 0},
     {2, 0}},
    {"Im2col5",
     pixels(tensor(F32, {4, 5, 4, 3, 2}, {}), {0, -1, -1}, {-2, -1, -1}, 4, 50),
     {0, 1, -1, 0, 0},
     {2, 1, 1}},
};

/// What is expected, told element by element.
class Expectation {
public:
  explicit Expectation(const Case &c)
      : c(c), size(bytesOf(c.map.element)), rank(c.map.dims.size()) {
    if (c.map.im2col)
      columns();
    else
      boxes();
  }

  /// Coordinates of each element, in the order of shared memory.
  std::vector<std::vector<int64_t>> elements;

  uint32_t bytes() const { return uint32_t(elements.size() * size); }
  bool isInside(size_t i) const {
    for (size_t k = 0; k < rank; ++k)
      if (elements[i][k] < 0 || elements[i][k] >= int64_t(c.map.dims[k]))
        return false;
    return true;
  }
  uint64_t globalOffset(size_t i) const {
    uint64_t offset = elements[i][0] * size;
    for (size_t k = 1; k < rank; ++k)
      offset += elements[i][k] * c.map.strides[k - 1];
    return offset;
  }
  uint64_t sharedOffset(size_t i) const {
    uint64_t offset = i * size, chunk = offset / 16;
    switch (c.map.swizzle) {
    case B128:
      chunk ^= offset / 128 % 8;
      break;
    case B64:
      chunk ^= offset / 128 % 4;
      break;
    case B32:
      chunk ^= offset / 128 % 2;
      break;
    default:
      break;
    }
    return chunk * 16 + offset % 16;
  }

private:
  int64_t step(size_t k) const {
    return c.map.elementStrides.empty() ? 1 : c.map.elementStrides[k];
  }
  void boxes() {
    size_t total = 1;
    std::vector<size_t> counts;
    for (size_t k = 0; k < rank; ++k) {
      counts.push_back((c.map.box[k] + step(k) - 1) / step(k));
      total *= counts[k];
    }
    for (size_t i = 0; i < total; ++i) {
      std::vector<int64_t> at;
      size_t rest = i;
      for (size_t k = 0; k < rank; ++k) {
        at.push_back(c.at[k] + int64_t(rest % counts[k]) * step(k));
        rest /= counts[k];
      }
      elements.push_back(at);
    }
  }
  void columns() {
    // The places of a bounding box that the walk can stop at, as one line.
    std::vector<std::vector<int64_t>> places(1);
    for (size_t k = rank - 1; k-- > 1;) {
      std::vector<std::vector<int64_t>> longer;
      for (auto &p : places) {
        int64_t from = c.map.lowerCorner[k - 1],
                end = int64_t(c.map.dims[k]) + c.map.upperCorner[k - 1];
        // The walk begins at the given place, not at the corner.
        for (int64_t x = from; x < end; x += step(k)) {
          auto q = p;
          q.insert(q.begin(), x);
          longer.push_back(q);
        }
      }
      places = longer;
    }
    std::vector<int64_t> start(c.at.begin() + 1, c.at.end() - 1);
    size_t position = 0;
    while (position < places.size() && places[position] != start)
      ++position;
    ASSERT_LT(position, places.size());
    for (uint32_t p = 0; p < c.map.pixels; ++p, ++position)
      for (uint32_t channel = 0; channel < c.map.channels; ++channel) {
        std::vector<int64_t> at = places[position % places.size()];
        for (size_t k = 0; k < at.size(); ++k)
          at[k] += c.offsets[k];
        at.insert(at.begin(), c.at[0] + int64_t(channel));
        at.push_back(c.at[rank - 1] + int64_t(position / places.size()));
        elements.push_back(at);
      }
  }

  const Case &c;
  unsigned size;
  size_t rank;
};

BodySetup setupOf(const Case &c, uint64_t offset = 0) {
  BodySetup setup;
  setup.bytes = 2 * tensorBytes;
  setup.map = [map = c.map, offset](uint64_t memory) mutable {
    TensorMapBytes bytes{};
    std::string error;
    map.address = memory + offset;
    EXPECT_TRUE(encodeTensorMap(map, bytes, error)) << error;
    return bytes;
  };
  return setup;
}

/// Constants are not allowed as coordinates everywhere: registers.
std::string coordinates(const Case &c, std::string &body) {
  std::string text = "{";
  for (size_t i = 0; i < c.at.size(); ++i) {
    std::string reg = "%r" + std::to_string(10 + i);
    body += "mov.b32 " + reg + ", " + std::to_string(c.at[i]) + ";";
    text += (i ? ", " : "") + reg;
  }
  return text + "}";
}

std::string mode(const Case &c, const char *direction) {
  return "." + std::to_string(c.at.size()) + "d." + direction +
         (!c.map.im2col                                 ? ".tile"
          : std::string(direction).find("global.") == 0 ? ".im2col_no_offs"
                                                        : ".im2col");
}

std::vector<uint32_t> filled() {
  std::vector<uint32_t> words(2 * tensorBytes / 4);
  for (uint32_t i = 0; i < tensorBytes / 4; ++i)
    words[i] = i * 2654435761u;
  return words;
}

/// Loads the box to s+1024 and copies `bytes` of it to the results, word by
/// word.
std::string loadBody(const Case &c, uint32_t bytes) {
  std::string body = "setp.eq.u32 %p0, %t, 0; mov.b64 %d1, m;"
                     "cvta.param.u64 %d1, %d1;"
                     "@%p0 mbarrier.init.shared::cta.b64 [s], 1;"
                     "@%p0 fence.mbarrier_init.release.cluster; bar.sync 0;"
                     "@%p0 prefetch.tensormap [%d1];"
                     "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], " +
                     std::to_string(bytes) + ";";
  std::string at = coordinates(c, body), offsets;
  for (size_t i = 0; i < c.offsets.size(); ++i) {
    std::string reg = "%h" + std::to_string(i);
    body += "mov.b16 " + reg + ", " + std::to_string(c.offsets[i]) + ";";
    offsets += (i ? ", " : ", {") + reg;
  }
  if (!offsets.empty())
    offsets += "}";
  body += "@%p0 cp.async.bulk.tensor" + mode(c, "shared::cluster.global") +
          ".mbarrier::complete_tx::bytes [s+1024], [%d1, " + at + "], [s]" +
          offsets +
          ";"
          "W: mbarrier.try_wait.parity.shared::cta.b64 %p7, [s], 0;"
          "@!%p7 bra W; mov.u32 %r1, %t; mov.u32 %r2, s;"
          "C: mad.lo.u32 %r3, %r1, 4, %r2; ld.shared.u32 %r4, [%r3+1024];"
          "mad.wide.u32 %d2, %r1, 4, %d0; st.global.u32 [%d2+" +
          std::to_string(tensorBytes) +
          "], %r4;"
          "add.u32 %r1, %r1, 32; setp.lt.u32 %p1, %r1, " +
          std::to_string(bytes / 4) + "; @%p1 bra C;";
  return body;
}

uint64_t nanOf(TensorElement element) {
  return element == F16 ? 0x7fff : element == F32 ? 0x7fffffff : 0;
}

class Boxes : public testing::TestWithParam<Case> {};

TEST_P(Boxes, AreLoaded) {
  const Case &c = GetParam();
  Expectation expected(c);
  unsigned size = bytesOf(c.map.element);
  std::vector<uint32_t> memory = filled();
  Report report = runBody(loadBody(c, expected.bytes()), setupOf(c), &memory);
  ASSERT_TRUE(report.clean()) << textOf(report);
  auto *bytes = reinterpret_cast<uint8_t *>(memory.data());
  for (size_t i = 0; i < expected.elements.size(); ++i) {
    uint64_t value = 0, wanted = 0;
    std::memcpy(&value, bytes + tensorBytes + expected.sharedOffset(i), size);
    if (expected.isInside(i))
      std::memcpy(&wanted, bytes + expected.globalOffset(i), size);
    else if (c.map.fill == TensorFill::Nan)
      wanted = nanOf(c.map.element);
    ASSERT_EQ(value, wanted) << "element " << i;
  }
}

/// The box is filled with words, and stored in the second half.
TEST_P(Boxes, AreStored) {
  const Case &c = GetParam();
  Case plain = c;
  std::fill(plain.offsets.begin(), plain.offsets.end(), 0);
  Expectation expected(plain);
  unsigned size = bytesOf(c.map.element);
  std::string body =
      "setp.eq.u32 %p0, %t, 0; mov.b64 %d1, m; cvta.param.u64 %d1, %d1;"
      "mov.u32 %r1, %t; mov.u32 %r2, s;"
      "C: mad.lo.u32 %r3, %r1, 4, %r2; mul.lo.u32 %r4, %r1, 0x9e3779b1;"
      "st.shared.u32 [%r3+1024], %r4; add.u32 %r1, %r1, 32;"
      "setp.lt.u32 %p1, %r1, " +
      std::to_string(expected.bytes() / 4) +
      "; @%p1 bra C; fence.proxy.async.shared::cta; bar.sync 0;";
  std::string at = coordinates(c, body);
  body += "@%p0 cp.async.bulk.tensor" + mode(c, "global.shared::cta") +
          ".bulk_group [%d1, " + at +
          "], [s+1024]; @%p0 cp.async.bulk.commit_group;"
          "@%p0 cp.async.bulk.wait_group.read 0;";
  std::vector<uint32_t> memory;
  Report report = runBody(body, setupOf(c, tensorBytes), &memory);
  ASSERT_TRUE(report.clean()) << textOf(report);
  auto *bytes = reinterpret_cast<uint8_t *>(memory.data());
  std::vector<uint32_t> box(expected.bytes() / 4);
  for (uint32_t i = 0; i < box.size(); ++i)
    box[i] = i * 0x9e3779b1u;
  std::vector<uint8_t> wanted(tensorBytes);
  for (size_t i = 0; i < expected.elements.size(); ++i)
    if (expected.isInside(i))
      std::memcpy(wanted.data() + expected.globalOffset(i),
                  reinterpret_cast<uint8_t *>(box.data()) +
                      expected.sharedOffset(i),
                  size);
  EXPECT_EQ(std::memcmp(bytes + tensorBytes, wanted.data(), tensorBytes), 0);
}

INSTANTIATE_TEST_SUITE_P(All, Boxes, testing::ValuesIn(cases),
                         [](const auto &info) { return info.param.name; });

TEST(TensorMap, MulticastToACluster) {
  Case c{"", with(tensor(F16, {128, 40}, {64, 8}), B128), {64, 8}};
  BodySetup setup = setupOf(c);
  setup.blocks = setup.cluster = 2;
  std::vector<uint32_t> memory = filled(), before = memory;
  Report report = runBody(
      "setp.eq.u32 %p0, %t, 0; mov.b64 %d1, m; cvta.param.u64 %d1, %d1;"
      "@%p0 mbarrier.init.shared::cta.b64 [s], 1;"
      "@%p0 fence.mbarrier_init.release.cluster;"
      "barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;"
      "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], 1024;"
      "mov.u32 %r1, %cluster_ctarank; mov.u16 %h1, 3; mov.u32 %r2, 64;"
      "shl.b32 %r3, %r1, 2; add.u32 %r3, %r3, 8;"
      // Each block fetches one half for both.
      "mov.u32 %r4, s; mad.lo.u32 %r4, %r1, 1024, %r4; setp.eq.u32 %p1, %r1, 0;"
      "and.pred %p2, %p1, %p0;"
      "@%p2 cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_"
      "tx::bytes.multicast::cluster [%r4+1024], [%d1, {%r2, %r3}], [s], %h1;"
      "W: mbarrier.try_wait.parity.shared::cta.b64 %p7, [s], 0; @!%p7 bra W;"
      "mad.wide.u32 %d2, %r1, 4, %d0; @%p0 ld.shared.u32 %r5, [s+1024];"
      "@%p0 st.global.u32 [%d2+32768], %r5;"
      "barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;",
      setup, &memory);
  EXPECT_TRUE(report.clean()) << textOf(report);
  uint32_t wanted = before[(8 * 256 + 128) / 4];
  EXPECT_EQ(memory[8192], wanted);
  EXPECT_EQ(memory[8193], wanted);
}

TEST(TensorMap, Reduces) {
  Case c{"", tensor(F32, {8, 6}, {4, 4}), {6, -1}};
  std::vector<uint32_t> memory(48, 0x3f800000); // 1.0
  Report report = runBody(
      "setp.eq.u32 %p0, %t, 0; mov.b64 %d1, m; cvta.param.u64 %d1, %d1;"
      "mov.u32 %r2, s; mad.lo.u32 %r3, %t, 4, %r2; mov.u32 %r4, 0x40000000;"
      "st.shared.u32 [%r3+1024], %r4; fence.proxy.async.shared::cta;"
      "bar.sync 0; mov.u32 %r5, 6; mov.u32 %r6, -1;"
      "@%p0 cp.reduce.async.bulk.tensor.2d.global.shared::cta.add.tile.bulk_"
      "group [%d1, {%r5, %r6}], [s+1024]; @%p0 cp.async.bulk.commit_group;"
      "@%p0 cp.async.bulk.wait_group 0;",
      setupOf(c), &memory);
  EXPECT_TRUE(report.clean()) << textOf(report);
  for (uint32_t i = 0; i < 48; ++i)
    EXPECT_EQ(memory[i], i % 8 >= 6 && i / 8 < 3 ? 0x40400000u : 0x3f800000u);
}

/// A map in global memory, made from a template by the kernel itself.
TEST(TensorMap, IsChangedOnTheDevice) {
  Case c{"", tensor(F32, {8, 8}, {4, 4}), {0, 0}};
  std::vector<uint32_t> memory = filled(), before = memory;
  Report report = runBody(
      "setp.eq.u32 %p0, %t, 0; mov.b64 %d1, m; cvta.param.u64 %d1, %d1;"
      "mov.u32 %r2, s; mad.lo.u32 %r3, %t, 4, %r2; mad.wide.u32 %d2, %t, 4, "
      "%d1; ld.u32 %r4, [%d2]; st.shared.u32 [%r3+128], %r4; bar.sync 0;"
      "add.u64 %d3, %d0, 1024; mov.u32 %r5, 40; mov.u64 %d4, 160;"
      "@%p0 tensormap.replace.tile.global_address.shared::cta.b1024.b64 "
      "[s+128], %d3;"
      "@%p0 tensormap.replace.tile.global_dim.shared::cta.b1024.b32 [s+128], "
      "0, %r5;"
      "@%p0 tensormap.replace.tile.global_stride.shared::cta.b1024.b64 [s+128],"
      " 0, %d4; mov.u32 %r8, 8;"
      "@%p0 tensormap.replace.tile.box_dim.shared::cta.b1024.b32 [s+128], 0, "
      "%r8; @%p0 tensormap.replace.tile.swizzle_mode.shared::cta.b1024.b32 "
      "[s+128], 1; bar.sync 0; add.u64 %d5, %d0, 40960;"
      "tensormap.cp_fenceproxy.global.shared::cta.tensormap::generic.release."
      "gpu.sync.aligned [%d5], [s+128], 128;"
      "fence.proxy.tensormap::generic.acquire.gpu [%d5], 128;"
      "@%p0 mbarrier.init.shared::cta.b64 [s], 1; bar.sync 0;"
      "@%p0 mbarrier.arrive.expect_tx.shared::cta.b64 _, [s], 128;"
      "mov.u32 %r6, 16; mov.u32 %r7, 2;"
      "@%p0 cp.async.bulk.tensor.2d.shared::cta.global.mbarrier::complete_tx::"
      "bytes [s+1024], [%d5, {%r6, %r7}], [s];"
      "W: mbarrier.try_wait.parity.shared::cta.b64 %p7, [s], 0; @!%p7 bra W;"
      "ld.shared.u32 %r9, [%r3+1024]; mad.wide.u32 %d6, %t, 4, %d0;"
      "st.global.u32 [%d6+32768], %r9;",
      setupOf(c), &memory);
  EXPECT_TRUE(report.clean()) << textOf(report);
  for (uint32_t i = 0; i < 32; ++i)
    EXPECT_EQ(memory[8192 + i], before[256 + (2 + i / 8) * 40 + 16 + i % 8]);
}

TEST(TensorMap, EncoderRefuses) {
  auto refuses = [](TensorMap map, const char *part) {
    TensorMapBytes bytes;
    std::string error;
    EXPECT_FALSE(encodeTensorMap(map, bytes, error));
    EXPECT_NE(error.find(part), std::string::npos) << error;
  };
  TensorMap good = tensor(F32, {40, 30}, {8, 5}), map;
  (map = good).address = 8, refuses(map, "no multiple of 16");
  (map = good).dims[1] = 0, refuses(map, "dimension 1 is 0");
  (map = good).strides[0] = 24, refuses(map, "stride 0 is 24");
  (map = good).strides.clear(), refuses(map, "0 strides for 2");
  (map = good).dims.clear(), refuses(map, "1 to 5 dimensions");
  (map = good).box[1] = 257, refuses(map, "box dimension 1 is 257");
  (map = good).box[0] = 3, refuses(map, "12 bytes");
  (map = good).box = {256, 256}, refuses(map, "has 262144 bytes");
  (map = good).box.pop_back(), refuses(map, "the box has 1");
  (map = good).elementStrides = {1, 9}, refuses(map, "element stride 1 is 9");
  (map = good).swizzle = B32, map.box[0] = 16, refuses(map, "may have 32");
  (map = good).swizzle = B128, refuses(map, "fewer than the 128");
  (map = good).interleave = TensorInterleave::B16,
         refuses(map, "interleaved layouts");
  refuses(pixels(good, {}, {}, 8, 8), "im2col needs 3");
  TensorMap image = tensor(F32, {8, 9, 8, 3}, {});
  refuses(pixels(image, {0}, {0}, 8, 8), "2 numbers");
  refuses(pixels(image, {0, 200}, {0, 0}, 8, 8), "corner at 200");
  refuses(pixels(image, {0, 0}, {0, 0}, 0, 8), "0 channels");
}

struct Defect {
  const char *name, *kind;
  std::string wrong;
  TensorMap map = tensor(F32, {40, 30}, {8, 4});
};

std::string copyTo(const std::string &to, const std::string &dims,
                   const std::string &at, const std::string &from = "%d1") {
  return "mov.b64 %d1, m; cvta.param.u64 %d1, %d1; mov.u32 %r1, 0;"
         "mbarrier.init.shared::cta.b64 [s], 1;"
         "cp.async.bulk.tensor." +
         dims + ".shared::cta.global.mbarrier::complete_tx::bytes [" + to +
         "], [" + from + ", " + at + "], [s];";
}

TensorMap beyond() {
  TensorMap map = tensor(F32, {40, 30}, {8, 4});
  map.strides[0] = 65536;
  return map;
}

const Defect defects[] = {
    {"WrongRank", "tensormap", copyTo("s+1024", "1d", "{%r1}")},
    {"Misaligned", "misaligned", copyTo("s+1040", "2d", "{%r1, %r1}")},
    {"NoMap", "tensormap", copyTo("s+1024", "2d", "{%r1, %r1}", "%d0")},
    {
        "NoMemory",
        "out-of-bounds",
        copyTo("s+1024", "2d", "{%r1, %r1}", "%d2") + "",
    },
    {"SharedBounds", "out-of-bounds", copyTo("s+16384", "2d", "{%r1, %r1}")},
    {"TensorBounds", "out-of-bounds", copyTo("s+1024", "2d", "{%r1, %r1}"),
     beyond()},
};

class TensorDefect : public testing::TestWithParam<Defect> {};

TEST_P(TensorDefect, IsReported) {
  const Defect &d = GetParam();
  Case c{"", d.map, {}};
  BodySetup setup = setupOf(c);
  setup.threads = 1;
  EXPECT_EQ(firstKind(runBody("mov.u64 %d2, 64;" + d.wrong, setup)), d.kind);
}

INSTANTIATE_TEST_SUITE_P(Defects, TensorDefect, testing::ValuesIn(defects),
                         [](const auto &info) { return info.param.name; });

} // namespace
