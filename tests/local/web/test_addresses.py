"""Where it listens, where it says it can be asked, and where the demo shop's `localhost` leads."""

import json
import secrets
import urllib.request

import pytest

from local.cloud import Cloud
from tests.local.conftest import TEMPLATE


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
    ],
)
def test_wherever_it_listens_it_is_heard_where_it_says_and_at_localhost(
    emulator, handlers, host, asked
):
    stack = f"test-{secrets.token_hex(4)}"
    with Cloud(
        host=host, path=TEMPLATE, stack=stack, load=handlers.load, emulator=emulator
    ) as cloud:
        assert cloud.url == f"http://{asked}:{cloud.server.port}"
        for url in (cloud.url, f"http://localhost:{cloud.server.port}"):
            with urllib.request.urlopen(f"{url}/_local/?format=json") as answer:
                assert json.load(answer)["status"] == "ready"
