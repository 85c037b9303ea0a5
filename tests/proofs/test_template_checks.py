"""What other people's programs have against template.yaml: nothing, but for what is excepted, with
its reason."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.deployment import checks
from local.deployment.stack import ROOT, SAM
from tests import builds

pytestmark = pytest.mark.slow


def test_sam_has_nothing_against_the_template() -> None:
    builds.with_sam()
    said = subprocess.run(
        [SAM, "validate", "--lint", "--region", "us-east-1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_cfn_lint_has_nothing_against_what_sam_makes_of_it() -> None:
    checks.write()
    linter = Path(sys.executable).with_name("cfn-lint")
    said = subprocess.run([linter, checks.TARGET], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_checkov_would_have_what_is_excepted_and_nothing_else() -> None:
    """An exception that stands for nothing is none."""
    builds.with_checkov()
    results = json.loads(checks.run(everything=True).stdout)["results"]
    assert {each["check_id"] for each in results["failed_checks"]} == everywhere()
    left_out = {(each["check_id"], of(each)) for each in results["skipped_checks"]}
    assert left_out == {*excepted_alone()} == {("CKV_AWS_28", "SaltsTable")}


def of(check: dict[str, Any]) -> str:
    return str(check["resource"].rpartition(".")[2])


def everywhere() -> set[str]:
    return {*yaml.safe_load(checks.CONFIG.read_text())["skip-check"]}


def excepted_alone() -> Iterator[tuple[str, str]]:
    """In the template, of one resource each."""
    for name, each in checks.transformed()["Resources"].items():
        for skip in each.get("Metadata", {}).get("checkov", {}).get("skip", ()):
            assert skip["comment"]
            yield skip["id"], name


def test_each_exception_of_checkov_has_its_reason_before_it() -> None:
    lines = checks.CONFIG.read_text().splitlines()
    skipped = [number for number, line in enumerate(lines) if re.match(r" +- CKV", line)]
    assert len(skipped) == len(everywhere())
    assert [lines[number] for number in skipped if "#" not in lines[number - 1]] == []
