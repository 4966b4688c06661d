# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The demo runs, its numbers are right, and it shows what ptxas says."""

import os
import re
import subprocess
import sys


def test_demo(moa):
    command = [sys.executable, str(moa.source / "examples" / "demo.py")]
    command += ["--build", str(moa.build)]
    env = dict(os.environ, MOA_CUDA_ROOT=str(moa.cuda or ""))
    done = subprocess.run(command, text=True, capture_output=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert len(re.findall(r"^  \w+ +relative error \S+  ok$", said, re.M)) == 6
    kind = r"cubin \d+ bytes, \d+ registers" if moa.cuda else r"ptx \d+ bytes"
    assert len(re.findall(rf"^  \w+ +{kind}", said, re.M)) == 6
    assert f"lie in {moa.build / 'demo'}" in said
