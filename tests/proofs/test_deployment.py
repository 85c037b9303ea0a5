"""What is built starts, and what is deployed works, is upgraded and taken back: in the emulator,
by AWS's own tools. None of it was run in a real account.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from local.artifacts.bytecode import BUILD
from local.deployment import runnable
from local.emulator.ministack import Emulator
from local.template import intrinsics
from local.template.declarations import Template
from local.template.reader import TEMPLATE, merge
from tests import builds, lambdas
from tests.test_events import FILES, folder_of

pytestmark = pytest.mark.slow
RAW = intrinsics.read(TEMPLATE.read_text())
FUNCTIONS = {
    Path(each["Properties"]["CodeUri"]).name: logical
    for logical, each in RAW["Resources"].items()
    if each["Type"] == "AWS::Serverless::Function"
}
"""Folders and names in the template."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build, as this machine can run it, with what Lambda's Python brings."""
    builds.built()
    folder = tmp_path_factory.mktemp("deployment")
    lambdas.runtime(folder / "runtime")
    return runnable.copy(BUILD, folder / "build").parent


@pytest.mark.parametrize("name", FILES)
def test_a_built_function_starts_under_lambdas_emulator_and_answers_its_recorded_event(
    name: str, ready: Path, tables: Template, emulator: Emulator
) -> None:
    folder = folder_of(name)
    function = tables.functions[folder]
    packages = [ready / "build" / layer / "python" for layer in layers_of(FUNCTIONS[folder])]
    told = emulator.environment | dict(function.environment)
    task = ready / "build" / FUNCTIONS[folder]
    answer = lambdas.answer(task, [*packages, ready / "runtime"], told, FILES[name])
    assert "errorType" not in f"{answer}"
    if function.routes:
        assert answer["statusCode"] < 500, answer


def layers_of(logical: str) -> list[str]:
    """The last one that a function names is looked into first."""
    own = merge(RAW["Globals"]["Function"], RAW["Resources"][logical]["Properties"])["Layers"]
    return [each["Ref"] for each in reversed(own)]


def test_a_stack_is_deployed_used_upgraded_taken_back_and_deleted(ready: Path) -> None:
    """`make deploy-local`, of what is built already."""
    rehearsed = [sys.executable, "-m", "local.deployment.rehearsal"]
    said = subprocess.run(rehearsed, cwd=TEMPLATE.parent, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "the chain runs against it" in said.stdout
    assert "it is upgraded, and its data are read" in said.stdout
    assert "it is taken back" in said.stdout
