"""What a route refuses, as its description says."""

from typing import Any

from sharetrail.problems import Problem

REFUSALS = "x-refusals"
Refusal = tuple[int, str, str]
"""Its status, its code, its title."""


def refusing(*problems: type[Problem]) -> dict[str, Any]:
    """For a route's `openapi_extensions`: what it refuses beside what every route does, which is a
    malformed request, a bad key and, where its path names something, what is not there."""
    return {REFUSALS: refusals(*problems)}


def refusals(*problems: type[Problem]) -> list[Refusal]:
    return [(each.status, each.code, each.title) for each in problems]
