"""What a function imports is what its cold start pays for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.cloud import Cloud
from tests.shops import Shop

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
MOST = 149
"""Modules in all, the interpreter's thirty or so among them. In December 2026: 149."""
MOST_OF_OURS = {"attribute_order": 52, "schedule_reports": 25}
SCRIPT = """
import sys
import functions.redirect.app
print(*sys.modules)
"""
HANDLED = """
import json, sys
from pathlib import Path
from functions.{folder}.app import handler
handler(json.loads(Path("events/{folder}.json").read_text()), None)
ours = [module for name, module in sys.modules.items() if name.startswith("sharetrail.")]
print(*[module.__name__ for module in ours if Path(module.__file__).stat().st_size])
"""


# ── The redirect ─────────────────────────────────────────────────────────────────────────────────
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


# ── Others, by what they have imported once they did their work ──────────────────────────────────
@pytest.mark.parametrize("folder", MOST_OF_OURS)
def test_a_function_that_did_its_work_knows_what_that_took_and_no_more(
    cloud: Cloud, folder: str
) -> None:
    shop = Shop.onboard(cloud)
    click = shop.click(shop.share("ana").json["code"])
    assert shop.buy("1001", "48.50", click, visit=click).status == 200
    run = subprocess.run(
        [sys.executable, "-c", HANDLED.format(folder=folder)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "FAST_PATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = run.stdout.splitlines()[-1].split()
    assert len(ours) <= MOST_OF_OURS[folder], sorted(ours)
    if folder == "attribute_order":
        assert cloud.drain()["failed"] == []
        assert shop.order("1001")["credits"]["last"], "the order had nothing to credit"
