#!/usr/bin/env python3
# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the three groups of tests and adds up what really ran.

The groups are lit (FileCheck tests under test/), unit (the GoogleTest binaries
under build/test/unit) and python (pytest under test/ and python/tests). The
last line printed is `N passed, N failed`, with `, N skipped` after it when
something was skipped. The exit status is 0 only when nothing failed and each
group that was asked for ran at least one test.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
GROUPS = ("lit", "unit", "python")


@dataclass
class Result:
    """What one group did; `broken` says why its counts can't be trusted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)  # name, text
    broken: list[str] = field(default_factory=list)

    def add_failure(self, name, text):
        self.failed += 1
        self.failures.append((name, text))

    def summary(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


class Progress:
    """Shows how far a group is: a changing line on a terminal, elsewhere a line
    every ten seconds."""

    def __init__(self):
        self.tty = sys.stdout.isatty()
        self.said = time.monotonic()

    def show(self, text):
        if self.tty:
            print(f"\r      {text}", end="", flush=True)
        elif time.monotonic() - self.said > 10:
            self.said = time.monotonic()
            print(f"      {text}", flush=True)

    def clear(self):
        if self.tty:
            print("\r" + " " * 40 + "\r", end="", flush=True)


def stream(command, log, env, on_line=lambda line: None):
    """Runs `command` with its output going to the file `log` and, line by
    line, to `on_line`; gives its exit status."""
    with open(log, "w", encoding="utf-8", errors="replace") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=env,
        )
        for line in process.stdout:
            out.write(line)
            on_line(line)
        return process.wait()


def tail(path, lines=40):
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])


class Runner:
    def __init__(self, args):
        self.args = args
        self.build = Path(args.build).resolve()
        self.work = self.build / "test" / "results"
        self.logs = self.build / "logs"
        self.work.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(parents=True, exist_ok=True)
        self.env = dict(os.environ)
        self.env["MOA_BUILD"] = str(self.build)
        self.env["PYTHONPYCACHEPREFIX"] = str(self.build / "pycache")
        self.env["HYPOTHESIS_STORAGE_DIRECTORY"] = str(self.work / "hypothesis")

    def cache_entry(self, name):
        """The value of a CMake cache variable, or an empty string."""
        cache = (self.build / "CMakeCache.txt").read_text()
        match = re.search(rf"^{name}:\w+=(.*)$", cache, re.MULTILINE)
        return match.group(1) if match else ""

    # lit ------------------------------------------------------------------

    def run_lit(self):
        result, report = Result(), self.work / "lit.json"
        report.unlink(missing_ok=True)
        lit = self.cache_entry("MOA_LIT")
        command = [lit, "-j", self.args.jobs, "-o", report, "--no-progress-bar"]
        command += ["--filter", self.args.filter] if self.args.filter else []
        command += [self.build / "test"]
        progress = Progress()

        def on_line(line):
            if match := re.search(r"\((\d+) of (\d+)\)$", line.rstrip()):
                progress.show(f"{match.group(1)} of {match.group(2)}")

        log = self.logs / "lit.log"
        status = stream(command, log, self.env, on_line)
        progress.clear()
        if not report.exists():
            result.broken.append(f"lit wrote no report:\n{tail(log)}")
            return result
        for test in json.loads(report.read_text())["tests"]:
            code = test["code"]
            if code in ("PASS", "XFAIL", "FLAKYPASS"):
                result.passed += 1
            elif code in ("UNSUPPORTED", "SKIPPED"):
                result.skipped += 1
            elif code != "EXCLUDED":
                result.add_failure(f"{code}: {test['name']}", test["output"])
        if status != 0 and not result.failed:
            result.broken.append(f"lit ended with {status}:\n{tail(log)}")
        return result

    # GoogleTest -----------------------------------------------------------

    def run_unit(self):
        result = Result()
        folder = self.build / "test" / "unit"
        binaries = sorted(
            path
            for path in folder.rglob("*")
            if path.is_file()
            and os.access(path, os.X_OK)
            and path.name.endswith("Tests")
        )
        progress = Progress()
        for number, binary in enumerate(binaries, 1):
            self.run_unit_binary(binary, result)
            progress.show(f"{number} of {len(binaries)}")
        progress.clear()
        return result

    def run_unit_binary(self, binary, result):
        report = self.work / f"{binary.name}.json"
        report.unlink(missing_ok=True)
        log = self.logs / f"unit-{binary.name}.log"
        command = [binary, f"--gtest_output=json:{report}"]
        if self.args.filter:
            command.append(f"--gtest_filter=*{self.args.filter}*")
        status = stream(command, log, self.env)
        if not report.exists():  # it crashed: count what it said before that
            result.passed += len(re.findall(r"(?m)^\[       OK \]", log.read_text()))
            result.add_failure(f"{binary.name} ended with {status}", tail(log))
            return
        failed_before = result.failed
        for suite in json.loads(report.read_text())["testsuites"]:
            for test in suite["testsuite"]:
                name = f"{binary.name}: {suite['name']}.{test['name']}"
                if failures := test.get("failures"):
                    text = "\n".join(item["failure"] for item in failures)
                    result.add_failure(name, text)
                elif test["status"] == "NOTRUN" or test["result"] == "SKIPPED":
                    # A test that the filter left out is no skipped test.
                    result.skipped += not self.args.filter
                else:
                    result.passed += 1
        if status != 0 and result.failed == failed_before:
            result.add_failure(f"{binary.name} ended with {status}", tail(log))

    # pytest ---------------------------------------------------------------

    def run_python(self):
        result, report = Result(), self.work / "pytest.xml"
        report.unlink(missing_ok=True)
        folders = [SOURCE / "test", SOURCE / "python" / "tests"]
        command = [sys.executable, "-m", "pytest", "-v", "--tb=short"]
        command += ["-p", "no:cacheprovider", "-c", SOURCE / "pyproject.toml"]
        command += ["--rootdir", SOURCE, f"--junitxml={report}"]
        if int(self.args.jobs) > 1:
            command += ["-n", self.args.jobs, "--dist", "loadgroup"]
        command += ["-k", self.args.filter] if self.args.filter else []
        command += [folder for folder in folders if folder.is_dir()]
        progress = Progress()

        def on_line(line):
            if match := re.search(r"\[ *(\d+)%\]", line):
                progress.show(f"{match.group(1)} %")

        log = self.logs / "pytest.log"
        status = stream(command, log, self.env, on_line)
        progress.clear()
        if not report.exists():
            result.broken.append(f"pytest wrote no report:\n{tail(log)}")
            return result
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.get('classname')}::{case.get('name')}"
            bad = case.find("failure")
            bad = case.find("error") if bad is None else bad
            if bad is not None:
                result.add_failure(name, bad.text or bad.get("message", ""))
            elif case.find("skipped") is not None:
                result.skipped += 1
            else:
                result.passed += 1
        if status not in (0, 5) and not result.failed:  # 5: no tests collected
            result.broken.append(f"pytest ended with {status}:\n{tail(log)}")
        return result


def show_failures(result, limit=60):
    for name, text in result.failures:
        print(f"--- {name}")
        lines = text.strip().splitlines()
        if len(lines) > limit:
            lines = lines[: limit // 2] + ["  ..."] + lines[-limit // 2 :]
        print("\n".join(lines))
    for text in result.broken:
        print(f"--- {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=SOURCE / "build", help="build folder")
    parser.add_argument("--jobs", default=str(os.cpu_count()), help="parallel jobs")
    parser.add_argument("--only", action="append", choices=GROUPS, help="group")
    parser.add_argument("--filter", help="run only the tests whose name has this")
    args = parser.parse_args()
    if not (Path(args.build) / "CMakeCache.txt").exists():
        parser.error(f"{args.build} is not configured: run `make build` first")
    runner, total, problems = Runner(args), Result(), []
    groups = [group for group in GROUPS if not args.only or group in args.only]
    steps = int(os.environ.get("MOA_STEPS", len(groups)))
    for number, group in enumerate(groups, steps - len(groups) + 1):
        print(f"[{number}/{steps}] {group} tests", flush=True)
        begin = time.monotonic()
        result = getattr(runner, f"run_{group}")()
        show_failures(result)
        print(f"      {result.summary()} ({time.monotonic() - begin:.1f} s)")
        if result.broken:
            problems.append(f"the {group} tests did not run to their end")
        elif result.passed + result.failed == 0 and not args.filter:
            problems.append(f"the {group} group ran no test")
        total.passed += result.passed
        total.failed += result.failed
        total.skipped += result.skipped
    if total.passed + total.failed == 0:
        problems.append("no test ran")
    for problem in problems:
        print(f"error: {problem}")
    print(total.summary(), flush=True)
    return 1 if total.failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
