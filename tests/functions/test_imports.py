"""What the redirect imports is what a cold start pays for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = [
    "asyncio",
    "aws_lambda_powertools",
    "babel",
    "boto3",
    "botocore",
    "dateutil",
    "email",
    "http",
    "jinja2",
    "jmespath",
    "logging",
    "pydantic",
    "s3transfer",
    "subprocess",
    "urllib.request",
    "urllib3",
]
MOST = 150
"""Modules in all, the interpreter's thirty or so among them. In November 2026: 146."""
SCRIPT = """
import sys
import functions.redirect.app
print(*sys.modules)
"""


@pytest.fixture(scope="module", params=["yes", "no"])
def imported(request: pytest.FixtureRequest) -> set[str]:
    """The client that FAST_PATH leaves unused is not there either way: boto3 comes on use."""
    run = subprocess.run(
        # Without site: an editable install brings finders along, which Lambda has not.
        [sys.executable, "-S", "-c", SCRIPT],
        cwd=ROOT,
        env={
            "PYTHONPATH": os.pathsep.join([str(ROOT / "shared"), str(ROOT)]),
            "FAST_PATH": request.param,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("name", HEAVY)
def test_the_redirect_imports_nothing_heavy(imported: set[str], name: str) -> None:
    assert not {each for each in imported if each == name or each.startswith(f"{name}.")}


def test_the_number_of_modules_is_bounded(imported: set[str]) -> None:
    assert "sharetrail.aws.fast.client" in imported
    assert len(imported) <= MOST, sorted(imported)
