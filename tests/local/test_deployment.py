"""What a deployment is made of: an upgrade that replaces nothing that holds data, a mark for each
build, a way back. The whole of it, in the emulator, is a proof of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.deployment import back, released, sizes, stamp
from local.emulator.environment import environment
from local.emulator.ministack import Emulator
from local.template import intrinsics, names
from local.template.reader import TEMPLATE

TODAY = intrinsics.read(TEMPLATE.read_text())["Resources"]
BEFORE = released.resources()
HOLDS_DATA = (names.TABLE, names.BUCKET, names.KEY, names.QUEUE)


# ── From the previous release ────────────────────────────────────────────────────────────────────
def of_type(*kinds: str) -> list[str]:
    return [name for name, each in BEFORE.items() if each["Type"] in kinds]


@pytest.mark.parametrize("name", of_type(*HOLDS_DATA))
def test_whatever_holds_data_is_what_it_was_in_the_previous_release(name: str) -> None:
    """A new name, in the template or of its own, would be a new one, without the data."""
    assert TODAY[name]["Type"] == BEFORE[name]["Type"]
    given = [*TODAY[name]["Properties"], *BEFORE[name]["Properties"]]
    assert [each for each in given if each.endswith("Name")] == []


@pytest.mark.parametrize("name", of_type(names.TABLE))
def test_a_table_has_the_keys_and_the_stream_that_it_had(name: str) -> None:
    """Another key is another table to CloudFormation, and another stream forgets what waits."""
    now, then = (each[name]["Properties"] for each in (TODAY, BEFORE))
    assert now["KeySchema"] == then["KeySchema"]
    assert types_of(now).items() >= types_of(then).items()
    assert now.get("StreamSpecification") == then.get("StreamSpecification")


@pytest.mark.parametrize("name", of_type(names.TABLE))
def test_of_a_tables_indexes_no_more_than_one_comes_or_goes_at_once(name: str) -> None:
    """DynamoDB refuses an update of two."""
    now, then = (indexes(each[name]["Properties"]) for each in (TODAY, BEFORE))
    assert len(now.keys() ^ then.keys()) <= 1
    assert {name: now[name] for name in now.keys() & then.keys()}.items() <= then.items()


def types_of(table: dict[str, Any]) -> dict[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}


def indexes(table: dict[str, Any]) -> dict[str, Any]:
    return {each["IndexName"]: each for each in table.get("GlobalSecondaryIndexes", ())}


def test_the_release_is_deployed_with_todays_code_and_layers(tmp_path: Path) -> None:
    layer = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "s3://l"}}
    code = {"Type": names.FUNCTION, "Properties": {"CodeUri": "s3://code"}}
    packaged = tmp_path / "packaged.yaml"
    resources = {"Redirect": code, **dict.fromkeys(sizes.LAYERS, layer)}
    packaged.write_text(json.dumps({"Resources": resources}))
    document = intrinsics.read(released.lay_out(packaged).read_text())
    functions = stamp.functions(document)
    assert {each["Properties"]["CodeUri"] for each in functions} == {"s3://code"}
    used = [{"Ref": name} for name in sizes.LAYERS]
    assert document["Globals"]["Function"]["Layers"] == used
    assert document["Resources"].keys() >= {*sizes.LAYERS, *of_type(*HOLDS_DATA)}


# ── What is built ────────────────────────────────────────────────────────────────────────────────
def test_every_function_of_a_build_has_the_same_mark_and_of_the_next_build_another(
    tmp_path: Path,
) -> None:
    """So that each deployment publishes a version of each."""
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.read_text())
    first = stamp.stamp(template)
    assert marks(template) == [first] * len(stamp.functions({"Resources": TODAY}))
    second = stamp.stamp(template)
    assert {*marks(template)} == {second} != {first}
    assert intrinsics.read(template.read_text())["Outputs"].keys() > {"Url"}


def marks(template: Path) -> list[str]:
    document = intrinsics.read(template.read_text())
    return [each["Properties"]["AutoPublishCodeSha256"] for each in stamp.functions(document)]


def test_a_build_says_what_its_layers_and_its_largest_function_weigh(tmp_path: Path) -> None:
    for name, size in {"Layer": 8_240_000, "Libraries": 21, "Small": 7, "Large": 61_900}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_bytes(b"#" * size)
    assert [*sizes.lines(tmp_path)] == [
        "build: Layer is 8.2 MB",
        "build: Libraries is 0.0 kB",
        "build: 2 functions, of which Large is 61.9 kB",
    ]


# ── The way back ─────────────────────────────────────────────────────────────────────────────────
STACK = "a-way-back"


@pytest.fixture
def stack(emulator: Emulator) -> Iterator[None]:
    """Of two functions: one that came first, and one that the second deployment brought."""
    with environment(emulator.environment):
        cloudformation = boto3.client("cloudformation")
        first = {"Resources": resources("Old", 1)}
        cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(first))
        cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK)
        second = {"Resources": resources("Old", 1, 2) | resources("New", 1)}
        cloudformation.update_stack(StackName=STACK, TemplateBody=json.dumps(second))
        cloudformation.get_waiter("stack_update_complete").wait(StackName=STACK)
        yield
        cloudformation.delete_stack(StackName=STACK)


def resources(name: str, *versions: int) -> dict[str, Any]:
    """A function as the last of these versions left it, with its alias there."""
    published = {
        f"{name}Version{number}": {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": name}, "Description": f"{number}"},
        }
        for number in versions
    }
    code = f"def handler(event, context):\n    return {versions[-1]}\n"
    return published | {
        name: {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": code},
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Role": "arn:aws:iam::000000000000:role/a-role",
            },
        },
        f"{name}Aliaslive": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "FunctionName": {"Ref": name},
                "FunctionVersion": {"Fn::GetAtt": [f"{name}Version{versions[-1]}", "Version"]},
                "Name": "live",
            },
        },
    }


def test_back_is_one_version_back_and_what_had_none_before_stays(
    stack: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["back", "--stack-name", STACK])
    back.main()
    assert at() == {"Old": 1, "New": 1}
    told = capsys.readouterr().out
    assert "2 → 1" in told
    assert "1 → the same: it is new" in told
    with pytest.raises(SystemExit, match="no function has a version before"):
        back.main()


def at() -> dict[str, int]:
    """At which version each function's alias is."""
    steps = back.plan(STACK)
    return {"Old" if "-Old-" in step.function else "New": step.version for step in steps}
