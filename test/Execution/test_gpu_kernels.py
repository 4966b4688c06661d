# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What GPU kernels compute, without a GPU.

moa-compile writes the kernels as LLVM IR and the C header that computes their
launches. The IR is compiled for the CPU, with thread and block numbers read from
variables and libdevice's functions taken from libm; a C program that includes
the header runs all threads of each launch, one after the other. So the header,
the parameters, the grid and the code of the kernels are checked together.
"""

import ctypes
import re
import subprocess

import numpy as np
import pytest

SPECIAL = r"@llvm\.nvvm\.read\.ptx\.sreg\.(\w+)\.x"
C_TYPES = {"ptr": "void *", "i64": "int64_t", "i32": "int32_t", "i8": "int8_t"}
C_TYPES |= {"i1": "_Bool", "float": "float", "double": "double"}
MEMBERS = {"ptr": "pointer", "i64": "i64", "i32": "i32", "i8": "i8", "i1": "i8"}
MEMBERS |= {"float": "f32", "double": "f64"}


def on_cpu(ir):
    """The device code as code for the CPU."""
    ir = re.sub(r"(?m)^target .*$", "", ir)
    ir = ir.replace("ptx_kernel ", "")
    ir = re.sub(SPECIAL, r"@special_\1", ir)
    return re.sub(r"@__nv_(\w+)", r"@\1", ir)


def kernels_of(ir):
    """{kernel: types of its parameters}"""
    found = re.findall(r"(?m)^define ptx_kernel void @(\w+)\((.*?)\) #", ir)
    return {name: re.findall(r"(\w+) %\d+", params) for name, params in found}


def driver(header, kernels, functions):
    """C code with a function `run_F` for each function F. It launches F's kernels
    on at most `max_blocks` blocks of at most `max_threads` threads and gives the
    number of threads that ran."""
    lines = [f'#include "{header}"']
    lines += [f"static int {name};" for name in ("tid", "ctaid", "ntid", "nctaid")]
    lines += [
        f"int special_{name}(void) {{ return {name}; }}"
        for name in ("tid", "ctaid", "ntid", "nctaid")
    ]
    for name, types in kernels.items():
        lines.append(f"void {name}({', '.join(C_TYPES[t] for t in types)});")
    for name, (num_arguments, launches) in functions.items():
        arguments = [f"a[{i}]" for i in range(num_arguments)]
        lines.append(f"int64_t run_{name}(void **a, int max_blocks, int max_threads) {{")
        lines.append("  int64_t count = 0; moa_launch l;")
        for n in range(launches):
            kernel = f"{name}_kernel{n}"
            values = [f"p[{i}].{MEMBERS[t]}" for i, t in enumerate(kernels[kernel])]
            lines += [
                f"  {{ moa_param p[{name}_launch{n}_PARAMS];",
                f"  if ({name}_launch{n}({', '.join([*arguments, 'p', '&l'])})) {{",
                f"    if (l.num_params != {len(values)}) return -1;",
                "    nctaid = l.grid[0] < max_blocks ? l.grid[0] : max_blocks;",
                "    ntid = l.block[0] < max_threads ? l.block[0] : max_threads;",
                "    for (ctaid = 0; ctaid < nctaid; ++ctaid)",
                "      for (tid = 0; tid < ntid; ++tid, ++count)",
                f"        {kernel}({', '.join(values)});",
                "  } }",
            ]
        lines += ["  return count;", "}"]
    for name, (num_arguments, _) in functions.items():
        contract = [f"a[{i}]" for i in range(num_arguments)]
        lines += [
            f"int64_t contract_{name}(void **a, int64_t *extents) {{",
            f"  return {name}_contract({', '.join(contract[:-1])}, extents);",
            "}",
        ]
    return "\n".join(lines) + "\n"


class Kernels:
    """Functions with arrays as arguments and one array as result."""

    def __init__(self, moa, folder, source, num_arguments):
        folder.mkdir()
        (folder / "source.mlir").write_text(source)
        outputs = ["-o", folder / "k.h", "-o", folder / "k.ll"]
        moa.run("moa-compile", folder / "source.mlir", "--chip=sm_80", *outputs)
        ir = (folder / "k.ll").read_text()
        kernels = kernels_of(ir)
        assert kernels
        header = (folder / "k.h").read_text()
        launches = dict(re.findall(r"#define (\w+)_LAUNCHES (\d+)", header))
        functions = {
            name: (num_arguments[name] + 1, int(count))
            for name, count in launches.items()
        }
        (folder / "cpu.ll").write_text(on_cpu(ir))
        (folder / "driver.c").write_text(driver("k.h", kernels, functions))
        library = folder / "k.so"
        clang = [moa.llvm / "bin" / "clang", "-O1", "-fPIC", "-shared"]
        flags = ["-Wno-override-module", "-Wno-sign-compare", "-Werror"]
        flags += [f"-I{moa.source}/include", f"-I{folder}"]
        files = [folder / "cpu.ll", folder / "driver.c"]
        subprocess.run([*clang, *flags, *files, "-o", library, "-lm"], check=True)
        self.library = ctypes.CDLL(str(library))

    def run(self, name, arrays, dtype, grid=(2**31 - 1, 1024)):
        """The result, and the number of threads that ran."""
        descriptors = [descriptor(a) for a in arrays]
        extents = (ctypes.c_int64 * 16)()
        contract = getattr(self.library, f"contract_{name}")
        contract.restype = ctypes.c_int64
        rank = arrays[0].ndim
        status = contract(pointers([*descriptors, None]), extents)
        assert status == 0
        result = np.full(list(extents[:rank]), np.nan, dtype)
        run = getattr(self.library, f"run_{name}")
        run.restype = ctypes.c_int64
        count = run(pointers([*descriptors, descriptor(result)]), *grid)
        assert count >= 0
        return result, count


def descriptor(array):
    """A moa_arrayN, with the strides of the array."""
    words = [array.ctypes.data, array.ctypes.data, 0, *array.shape]
    words += [stride // array.itemsize for stride in array.strides]
    return (ctypes.c_int64 * len(words))(*words)


def pointers(descriptors):
    addresses = [d and ctypes.addressof(d) for d in descriptors]
    array = (ctypes.c_void_p * len(addresses))(*addresses)
    array.descriptors = descriptors  # live as long as what points to them
    return array


@pytest.fixture(scope="module")
def kernels(moa, tmp_path_factory):
    source = (moa.source / "examples" / "attention.mlir").read_text()
    wanted = ("attention_f32", "attention_f64", "attention_f16")
    functions = re.split(r"(?m)^(?=func\.func)", source)
    picked = [f for f in functions if re.match(rf"func\.func @({'|'.join(wanted)})\(", f)]
    assert len(picked) == len(wanted)
    folder = tmp_path_factory.mktemp("kernels")
    return Kernels(moa, folder / "a", "\n".join(picked), dict.fromkeys(wanted, 3))


def attention(q, k, v):
    q, k, v = (x.astype(np.float64) for x in (q, k, v))
    group = q.shape[1] // max(k.shape[1], 1) if k.shape[1] else 1
    k, v = (np.repeat(x, group, axis=1) for x in (k, v))
    if k.shape[2] == 0:
        return np.zeros((*q.shape[:3], v.shape[3]))
    s = q @ k.swapaxes(2, 3) / np.sqrt(max(q.shape[3], 1))
    p = np.exp(s - s.max(axis=3, keepdims=True))
    return p @ v / p.sum(axis=3, keepdims=True)


def error(result, expected):
    norm = np.linalg.norm(expected.astype(np.float64).ravel())
    difference = result.astype(np.float64).ravel() - expected.ravel()
    return np.linalg.norm(difference) / (norm if norm else 1.0)


# batch, query heads, key heads, queries, keys, dimension, value dimension
SHAPES = [
    (1, 1, 1, 1, 1, 1, 1),
    (2, 3, 3, 7, 5, 4, 6),
    (1, 4, 2, 13, 17, 8, 3),
    (1, 2, 1, 3, 31, 5, 130),
    (1, 1, 1, 129, 2, 3, 1),
    (0, 2, 2, 3, 4, 5, 6),
    (2, 2, 2, 0, 4, 5, 6),
    (1, 2, 2, 3, 0, 5, 6),
    (1, 2, 2, 3, 4, 5, 0),
]
LIMITS = {"f32": (np.float32, 1e-5), "f64": (np.float64, 1e-12), "f16": (np.float16, 2e-2)}


@pytest.mark.parametrize("element", LIMITS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_attention(kernels, shape, element):
    batch, heads, key_heads, queries, keys, dim, value_dim = shape
    dtype, limit = LIMITS[element]
    random = np.random.default_rng(7)
    q = random.standard_normal((batch, heads, queries, dim)).astype(dtype)
    k = random.standard_normal((batch, key_heads, keys, dim)).astype(dtype)
    v = random.standard_normal((batch, key_heads, keys, value_dim)).astype(dtype)
    result, count = kernels.run(f"attention_{element}", [q, k, v], dtype)
    assert result.shape == (batch, heads, queries, value_dim)
    # 64 columns of a row are one cell.
    cells = batch * heads * queries * max(1, -(-value_dim // 64))
    assert count == -(-cells // 128) * 128
    assert error(result, attention(q, k, v)) <= limit


def test_any_grid_is_right(kernels):
    random = np.random.default_rng(8)
    q, k, v = random.standard_normal((3, 2, 3, 11, 4))
    expected = attention(q, k, v)
    for grid in ((1, 1), (1, 32), (3, 7)):
        result, count = kernels.run("attention_f64", [q, k, v], np.float64, grid)
        assert 0 < count <= grid[0] * grid[1]
        assert error(result, expected) <= 1e-12


def test_strides(kernels):
    """Transposed, reversed and broadcast arrays."""
    random = np.random.default_rng(9)
    q = random.standard_normal((5, 2, 4, 3)).transpose(3, 1, 0, 2)
    k = random.standard_normal((3, 2, 7, 4))[:, :, ::-1, :]
    v = np.broadcast_to(random.standard_normal((1, 2, 7, 3)), (3, 2, 7, 3))
    result, _ = kernels.run("attention_f64", [q, k, v], np.float64)
    assert error(result, attention(q, k, v)) <= 1e-12


ALGEBRA = """
func.func @columns(%a: tensor<?x?xf64>) -> tensor<?xf64> {
  %0 = moa.transpose %a permutation [1, 0] : tensor<?x?xf64> -> tensor<?x?xf64>
  %1 = moa.reduce add %0 axes [1] : tensor<?x?xf64> -> tensor<?xf64>
  return %1 : tensor<?xf64>
}
func.func @total(%a: tensor<?x?xf64>) -> tensor<f64> {
  %0 = moa.reduce add %a axes [0, 1] : tensor<?x?xf64> -> tensor<f64>
  return %0 : tensor<f64>
}
func.func @same(%a: tensor<?x?xf64>) -> tensor<?x?xf64> {
  return %a : tensor<?x?xf64>
}
"""


def test_algebra(moa, tmp_path):
    names = {"columns": 1, "total": 1, "same": 1}
    kernels = Kernels(moa, tmp_path / "a", ALGEBRA, names)
    for shape in ((3, 5), (1, 1), (200, 3), (0, 4), (4, 0)):
        a = np.random.default_rng(3).standard_normal(shape)
        for name, rank, expected in (
            ("columns", 1, a.sum(axis=0)),
            ("total", 0, a.sum()),
            ("same", 2, a),
        ):
            result = np.full(expected.shape, np.nan)
            run = getattr(kernels.library, f"run_{name}")
            run.restype = ctypes.c_int64
            count = run(pointers([descriptor(a), descriptor(result)]), 99, 128)
            assert count >= 0 and result.ndim == rank
            np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)
