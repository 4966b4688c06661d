# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes kernels.json and the .ptx files beside it from the kernels of kernels.py.
Needs Triton (pip install triton==3.9.0 numpy), and no GPU."""

import json
import os
from pathlib import Path

# Line tables would hold the path of this folder.
os.environ["TRITON_DISABLE_LINE_INFO"] = "1"

import kernels  # noqa: E402
import triton  # noqa: E402
from triton.backends.compiler import GPUTarget  # noqa: E402
from triton.compiler import ASTSource  # noqa: E402

HERE = Path(__file__).resolve().parent


def compile_kernel(name, signature, constants, aligned, options):
    function = getattr(kernels, name)
    names = function.arg_names
    types = {n: signature.get(n, "constexpr") for n in names}
    attrs = {(names.index(n),): [["tt.divisibility", 16]] for n in aligned}
    source = ASTSource(function, types, constants, attrs)
    made = triton.compile(source, target=GPUTarget("cuda", 90, 32), options=options)
    (HERE / f"{name}.ptx").write_text(made.asm["ptx"])
    meta = made.metadata
    return {
        "kernel": meta.name,
        "threads": 32 * meta.num_warps,
        "shared": meta.shared,
        "cluster": list(getattr(meta, "cluster_dims", (1, 1, 1))),
        "parameters": [n for n in names if n in signature],
    }


def main():
    table = {}
    for name, (signature, constants, aligned, options) in kernels.COMPILED.items():
        table[name] = compile_kernel(name, signature, constants, aligned, options)
        print(name, table[name])
    text = json.dumps(table, indent=1, sort_keys=True)
    (HERE / "kernels.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
