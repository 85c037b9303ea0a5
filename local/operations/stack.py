"""What a deployed stack's resources are called: by the names that template.yaml gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_QUEUE, _FUNCTION = "AWS::SQS::Queue", "AWS::Lambda::Function"
_BUCKET = "AWS::S3::Bucket"


@dataclass(frozen=True, kw_only=True)
class Stack:
    queues: Mapping[str, str]
    """The template's name → its address."""
    functions: Mapping[str, str]
    buckets: Mapping[str, str]


def read(cloudformation: Any, name: str) -> Stack:
    """Of the stack that is deployed under this name."""
    found = resources(cloudformation, name)
    return Stack(
        queues=of_type(found, _QUEUE),
        functions=of_type(found, _FUNCTION),
        buckets=of_type(found, _BUCKET),
    )


def resources(cloudformation: Any, name: str) -> list[Any]:
    """All of a deployed stack, as CloudFormation tells them."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return [each for page in pages for each in page["StackResourceSummaries"]]


def of_type(found: list[Any], kind: str) -> dict[str, str]:
    """The template's names of those of one type → what each is called in the account."""
    theirs = (each for each in found if each["ResourceType"] == kind)
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in theirs}
