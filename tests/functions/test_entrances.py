"""Every function begins where its lines are given a request, and its failures lose their words."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.runtime.handlers import load_handler
from local.runtime.memories import forget_clients
from sharetrail import logs

FOLDERS = sorted(path.parent.name for path in Path("functions").glob("*/app.py"))
BROKEN: dict[str, dict[str, Any]] = {
    "serve_script": {"rawQueryString": 5},
    "onboard_merchant": {"time": 5},
    "erase_person": {"Records": 5},
}
"""What a function that makes do without its event stumbles over."""


@pytest.fixture(autouse=True)
def nobodys_clients() -> Iterator[None]:
    """Here nothing says where AWS is: whoever came next would ask at its own address."""
    forget_clients()
    yield
    forget_clients()


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_that_fails_says_so_by_its_request(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    context = SimpleNamespace(aws_request_id="lambdas-own", function_name=folder)
    with pytest.raises(logs.Failed):
        load_handler(folder)(BROKEN.get(folder, {}), context)
    (line,) = (json.loads(said) for said in capsys.readouterr().out.splitlines())
    assert (line["request_id"], line["function"]) == ("lambdas-own", folder)
    assert line["failure"]["at"]
