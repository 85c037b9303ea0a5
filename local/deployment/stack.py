"""A stack as `sam deploy` makes it, and what CloudFormation says of it."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from local.emulator.clients import client
from local.template import names

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".cache/sam/bin/sam"
BUCKET = "sharetrail-artifacts"
"""Where `sam deploy` puts what it deploys."""


class Failed(Exception):
    """A deployment did not come to its end; the message is the end of what was said."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    name: str
    environment: Mapping[str, str] = field(repr=False)
    """Which leads the SAM CLI to the emulator."""

    def deploy(self, template: Path, parameters: Mapping[str, str]) -> None:
        """Makes it, or brings it to where this template is."""
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        said = subprocess.run(
            [
                *(SAM, "deploy", "--template-file", template, "--stack-name", self.name),
                *("--s3-bucket", BUCKET, "--region", names.REGION),
                *("--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"),
                *("--no-progressbar", "--parameter-overrides", *overrides),
            ],
            cwd=template.parent,
            env={**self.environment, "SAM_CLI_TELEMETRY": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        self.__dict__.pop("resources", None)
        if said.returncode:
            raise Failed((said.stdout + said.stderr)[-3000:])

    @cached_property
    def resources(self) -> dict[str, dict[str, str]]:
        """By their names in the template."""
        pages = client("cloudformation").get_paginator("list_stack_resources")
        found: list[Any] = [
            each
            for page in pages.paginate(StackName=self.name)
            for each in page["StackResourceSummaries"]
        ]
        return {each["LogicalResourceId"]: each for each in found}

    def named(self, logical: str) -> str:
        """What a resource is called in the account."""
        return self.resources[logical]["PhysicalResourceId"]

    def of_type(self, kind: str) -> dict[str, str]:
        return {
            logical: each["PhysicalResourceId"]
            for logical, each in self.resources.items()
            if each["ResourceType"] == kind
        }

    @property
    def outputs(self) -> dict[str, str]:
        (found,) = client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    def delete(self) -> None:
        client("cloudformation").delete_stack(StackName=self.name)
        client("cloudformation").get_waiter("stack_delete_complete").wait(
            StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
