# Part of the moa project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The driver of the tests counts truly: scripts/run_tests.py on a build folder
whose lit and unit tests are stand-ins with known outcomes."""

import json
import subprocess
import sys

import pytest


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def stand_in_for_lit(build, codes, status=0):
    """A lit whose report has one test for each of `codes`; None: no report."""
    report = build / "lit-report.json"
    if codes is not None:
        tests = [{"name": c, "code": c, "output": f"says {c}"} for c in codes]
        report.write_text(json.dumps({"tests": tests}))
    script(build / "lit", f'cp {report} "$4"\nexit {status}\n')
    (build / "CMakeCache.txt").write_text(f"MOA_LIT:FILEPATH={build}/lit\n")


def stand_in_for_unit(build, name, outcomes, status=0):
    """A unit-test binary with one test for each of `outcomes`."""
    tests = []
    for number, outcome in enumerate(outcomes):
        test = {"name": f"t{number}", "status": "RUN", "result": "COMPLETED"}
        if outcome == "failed":
            test["failures"] = [{"failure": "one is not two"}]
        elif outcome == "skipped":
            test["result"] = "SKIPPED"
        elif outcome == "disabled":
            test["status"] = "NOTRUN"
        tests.append(test)
    suites = {"testsuites": [{"name": "S", "testsuite": tests}]}
    report = build / f"{name}-report.json"
    report.write_text(json.dumps(suites))
    text = f'cp {report} "${{1#--gtest_output=json:}}"\nexit {status}\n'
    script(build / "test" / "unit" / name, text)


@pytest.fixture
def drive(moa, tmp_path):
    """Runs the driver on tmp_path: gives its status and its last line."""

    def run(*groups):
        command = [sys.executable, moa.source / "scripts" / "run_tests.py"]
        command += ["--build", tmp_path]
        for group in groups:
            command += ["--only", group]
        done = subprocess.run(
            [str(word) for word in command], text=True, capture_output=True
        )
        return done.returncode, done.stdout.splitlines()[-1], done.stdout

    return run


def test_adds_up_both_groups(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS", "XFAIL", "UNSUPPORTED"])
    stand_in_for_unit(tmp_path, "ATests", ["passed", "skipped", "disabled"])
    stand_in_for_unit(tmp_path, "BTests", ["passed"])
    status, last, _ = drive("lit", "unit")
    assert (status, last) == (0, "4 passed, 0 failed, 3 skipped")


def test_says_nothing_of_skipped_where_none_is(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS"])
    assert drive("lit")[:2] == (0, "1 passed, 0 failed")


def test_failures_are_counted_and_shown(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS", "FAIL", "XPASS", "UNRESOLVED"], status=1)
    stand_in_for_unit(tmp_path, "ATests", ["passed", "failed"], status=1)
    status, last, said = drive("lit", "unit")
    assert (status, last) == (1, "2 passed, 4 failed")
    assert "says XPASS" in said and "one is not two" in said


def test_a_crash_is_a_failure(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS"])
    text = "echo '[       OK ] S.one (0 ms)'\nkill -SEGV $$\n"
    script(tmp_path / "test" / "unit" / "ATests", text)
    status, last, said = drive("lit", "unit")
    assert (status, last) == (1, "2 passed, 1 failed")
    assert "ATests ended with -11" in said


def test_a_bad_status_without_a_failed_test_is_a_failure(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS"], status=2)
    assert drive("lit")[0] == 1
    stand_in_for_unit(tmp_path, "ATests", ["passed"], status=1)
    assert drive("unit")[:2] == (1, "1 passed, 1 failed")


def test_a_group_without_tests_is_an_error(drive, tmp_path):
    stand_in_for_lit(tmp_path, ["PASS"])
    status, last, said = drive("lit", "unit")
    assert (status, last) == (1, "1 passed, 0 failed")
    assert "error: the unit group ran no test" in said


def test_no_report_is_an_error(drive, tmp_path):
    stand_in_for_lit(tmp_path, None, status=1)
    stand_in_for_unit(tmp_path, "ATests", ["passed"])
    status, last, said = drive("lit", "unit")
    assert (status, last) == (1, "1 passed, 0 failed")
    assert "error: the lit tests did not run to their end" in said
