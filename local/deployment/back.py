"""The way back: every function's alias to the version before the one that it is at, `make back`.

In whichever account the environment leads to. Nothing is built and nothing deployed; the next
deployment goes on from there.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3

_ALIAS = "AWS::Lambda::Alias"


@dataclass(frozen=True, kw_only=True)
class Step:
    function: str
    alias: str
    version: int
    """At which it is."""
    before: int | None
    """None where there is none: it came with the last deployment, and stays."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make back", description=__doc__)
    parser.add_argument("--stack-name", default="sharetrail")
    steps = plan(parser.parse_args().stack_name)
    if not any(step.before for step in steps):
        sys.exit("back: no function has a version before the one that it is at")
    for step in steps:
        print(f"back: {step.function} {step.version} → {step.before or 'the same: it is new'}")
    go(steps)


def plan(stack: str) -> list[Step]:
    """Asked of all before any is changed."""
    return [_step(*alias.split(":")[-2:]) for alias in _aliases(stack)]


def go(steps: list[Step]) -> None:
    for step in steps:
        if step.before is not None:
            boto3.client("lambda").update_alias(
                FunctionName=step.function, Name=step.alias, FunctionVersion=f"{step.before}"
            )


def _aliases(stack: str) -> Iterator[str]:
    """Their ARNs."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=stack):
        for each in page["StackResourceSummaries"]:
            if each["ResourceType"] == _ALIAS:
                yield each["PhysicalResourceId"]


def _step(function: str, alias: str) -> Step:
    lambdas = boto3.client("lambda")
    version = int(lambdas.get_alias(FunctionName=function, Name=alias)["FunctionVersion"])
    pages: Any = lambdas.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    published = [each["Version"] for page in pages for each in page["Versions"]]
    earlier = [int(each) for each in published if each.isdigit() and int(each) < version]
    return Step(function=function, alias=alias, version=version, before=max(earlier, default=None))


if __name__ == "__main__":
    main()
