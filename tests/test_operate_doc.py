"""docs/operate.md: what its commands name is there, and AWS knows what they ask."""

import re
import subprocess
from importlib.util import find_spec

import botocore.session
import pytest
from botocore import xform_name

from local.operations import redrive
from tests.test_template import FUNCTIONS, QUEUES, RAW, ROOT

PAGES = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
ALL = "\n".join(page.read_text() for page in PAGES if page.name != "decisions.md")
TEXT = (ROOT / "docs/operate.md").read_text()
BLOCKS = re.findall(r"^ *```sh\n(.*?)^ *```$", TEXT, re.MULTILINE | re.DOTALL)
GIVEN = {"BASE", "SK"}
"""What the text before a block says is to be set."""
OF_THE_CLI = {"query", "output", "cli-binary-format", "cli-read-timeout", "group", "recursive"}
BY_THE_CLI_ALONE = {
    ("logs", "tail"),
    ("dynamodb", "wait"),
    ("s3", "ls"),
    ("s3", "cp"),
    ("s3", "rm"),
}
"""Commands that are no operation of AWS's."""


def named(by: str) -> set[str]:
    return set(re.findall(rf"(?<![\w-]){by} ([A-Z]\w+)\b(?!=)", ALL))


def test_every_resource_that_is_named_is_in_the_stack() -> None:
    assert len(named("named")) > 10
    assert named("named") <= {*RAW["Resources"]}
    assert {*re.findall(r"[Ll]og of `(\w+)`", ALL)} | named("said") <= {*FUNCTIONS}
    assert named("output") <= {*RAW["Outputs"]}
    failed = {name for name in QUEUES if name.startswith("Failed")}
    assert named("redrive") | named("held") | named("drop") <= failed | {redrive.SPILLED}


def test_every_target_and_every_module_that_is_run_is_there() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = re.findall(r"(?:`|^ *|&& |\{ )make ([a-z][\w-]*)", ALL, re.MULTILINE)
    assert {*asked} <= {*targets}
    for python, module in re.findall(r"(\S*python) -m ([\w.]+)", TEXT):
        assert python.endswith(".venv/bin/python"), f"another Python does not have {module}"
        assert find_spec(module)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_commands_is_one_and_sets_what_it_uses(block: str) -> None:
    said = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
    assert said.stderr == ""
    used = re.findall(r"(?<!\\)\$\{?([A-Za-z_]\w*)", re.sub(r"'[^']*'", "", block))
    made = re.findall(r"\b(\w+)=|\bfor (\w+) in|\bread -r (\w+)", block)
    assert {*used} <= {name for names in made for name in names} | GIVEN


def commands() -> list[list[str]]:
    """Each `aws …` up to where another begins, what it is given left out."""
    whole = re.sub(r"\\\n *", "", "\n".join(BLOCKS + re.findall(r"`(aws [^`]+)`", TEXT)))
    return [
        re.sub(r"'[^']*'", "''", each).split()
        for each in re.findall(r"\baws ((?!commands)[a-z0-9]+ [a-z][^|;\n]*)", whole)
    ]


def test_aws_knows_every_operation_and_each_of_its_options() -> None:
    assert len(commands()) > 25
    for service, command, *rest in commands():
        if (service, command) in BY_THE_CLI_ALONE:
            continue
        model = botocore.session.get_session().get_service_model(service)
        known = {xform_name(name, "-"): name for name in model.operation_names}
        assert command in known, (service, command)
        shape = model.operation_model(known[command]).input_shape
        options = {xform_name(name, "-") for name in shape.members} | OF_THE_CLI
        used = {each[2:].partition("=")[0] for each in rest if re.match(r"--[a-z]", each)}
        assert used <= options, (service, command, used - options)
