"""A stack as `sam deploy` makes it, and what CloudFormation says of it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from local.emulator.clients import client
from local.operations import stack
from local.template import names

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".cache/sam/bin/sam"
BUCKET = "sharetrail-artifacts"
"""Where `sam deploy` puts what it deploys."""


class Failed(Exception):
    """A deployment did not come to its end; the message is the end of what was said."""


def package(build: Path) -> Path:
    """Puts functions and layers into the bucket, once for all stacks; the template that says where
    they are."""
    target = build / "packaged.yaml"
    _sam("package", "--template-file", build / "template.yaml", "--output-template-file", target)
    return target


@dataclass(frozen=True, kw_only=True)
class Stack:
    name: str

    def deploy(self, template: Path, parameters: Mapping[str, str]) -> None:
        """Makes it, or brings it to where this template is."""
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        unasked = ("--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset")
        said = ("--parameter-overrides", *overrides)
        self.__dict__.pop("resources", None)
        _sam("deploy", "--template-file", template, "--stack-name", self.name, *unasked, *said)

    @cached_property
    def resources(self) -> dict[str, dict[str, str]]:
        """By their names in the template."""
        found = stack.resources(client("cloudformation"), self.name)
        return {each["LogicalResourceId"]: each for each in found}

    def named(self, logical: str) -> str:
        """What a resource is called in the account."""
        return self.resources[logical]["PhysicalResourceId"]

    def of_type(self, kind: str) -> dict[str, str]:
        return stack.of_type([*self.resources.values()], kind)

    @property
    def outputs(self) -> dict[str, str]:
        (found,) = client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    def delete(self) -> None:
        client("cloudformation").delete_stack(StackName=self.name)
        client("cloudformation").get_waiter("stack_delete_complete").wait(
            StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )


def _sam(command: str, *arguments: str | Path) -> None:
    """Where the environment leads: to the emulator. Failed where it does not come to its end."""
    common = ("--s3-bucket", BUCKET, "--region", names.REGION, "--no-progressbar")
    said = subprocess.run(
        [SAM, command, *arguments, *common],
        env={**os.environ, "SAM_CLI_TELEMETRY": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if said.returncode:
        raise Failed((said.stdout + said.stderr)[-3000:])
