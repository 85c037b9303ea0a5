"""The way back: every function's alias to the version before the one that it is at, `make back`.

In whichever account the environment leads to. Nothing is built and nothing deployed; the next
deployment goes on from there.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import boto3

from local.operations import stack

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


def plan(name: str) -> list[Step]:
    """Asked of all of a stack before any is changed."""
    aliases = stack.of_type(stack.resources(boto3.client("cloudformation"), name), _ALIAS)
    return [_step(*arn.split(":")[-2:]) for arn in aliases.values()]


def go(steps: list[Step]) -> None:
    for step in steps:
        if step.before is not None:
            boto3.client("lambda").update_alias(
                FunctionName=step.function, Name=step.alias, FunctionVersion=f"{step.before}"
            )


def _step(function: str, alias: str) -> Step:
    lambdas = boto3.client("lambda")
    version = int(lambdas.get_alias(FunctionName=function, Name=alias)["FunctionVersion"])
    pages: Any = lambdas.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    published = [each["Version"] for page in pages for each in page["Versions"]]
    earlier = [int(each) for each in published if each.isdigit() and int(each) < version]
    return Step(function=function, alias=alias, version=version, before=max(earlier, default=None))


if __name__ == "__main__":
    main()
