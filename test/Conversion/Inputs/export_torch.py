# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes torch_*.mlir: attention of PyTorch, as torch-mlir exports it.

Made with torch 2.15.0 and torch-mlir 20261001 (pip install torch torch-mlir);
no test needs either. Usage: export_torch.py FOLDER
"""

import sys
from pathlib import Path

import torch
from torch_mlir import fx


class Naive(torch.nn.Module):
    """Attention as one writes it down."""

    def forward(self, q, k, v):
        scores = torch.matmul(q, k.transpose(-2, -1)) * 0.125
        return torch.matmul(torch.softmax(scores, dim=-1), v)


class Causal(torch.nn.Module):
    """PyTorch's own operator, which masks with -inf and guards empty rows."""

    def forward(self, q, k, v):
        return torch.nn.functional.scaled_dot_product_attention(
            q, k, v, is_causal=True
        )


class Block(torch.nn.Module):
    """Heads that are cut from one axis, a bias, and the index of a maximum,
    which does not convert."""

    def forward(self, x, w, bias):
        b, n, e = x.shape
        h = (x @ w).view(b, n, 2, e // 2).transpose(1, 2)
        p = torch.softmax(h @ h.transpose(-2, -1) + bias, dim=-1)
        y = (p @ h).transpose(1, 2).reshape(b, n, e)
        return torch.cat([x, y], 1), torch.argmax(y, dim=-1)


def export(folder, name, module, arguments, shapes=None):
    program = fx.export_and_import(
        module.eval(),
        *arguments,
        output_type="linalg-on-tensors",
        func_name=name,
        dynamic_shapes=shapes,
    )
    (folder / f"torch_{name}.mlir").write_text(str(program))


def main():
    folder = Path(sys.argv[1])
    n = torch.export.Dim("n", min=2)
    m = torch.export.Dim("m", min=2)
    query, key, value = (torch.randn(2, 3, s, 8) for s in (5, 7, 7))
    export(folder, "naive", Naive(), (query, key, value))
    export(folder, "causal", Causal(), (query, key, value))
    shapes = ({2: n}, {2: m}, {2: m})
    export(folder, "dynamic", Naive(), (query, key, value), shapes)
    block = (torch.randn(2, 5, 8), torch.randn(8, 8), torch.randn(5, 5))
    export(folder, "block", Block(), block)


if __name__ == "__main__":
    main()
