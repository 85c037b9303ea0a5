"""What the redirect's own client sends is taken and understood, by Amazon's own code too."""

from collections.abc import Callable

import pytest

from local.template.declarations import Template
from sharetrail.aws.tables import EVENTS, MERCHANTS, SALTS
from tests.client_behaviours import BEHAVIOURS
from tests.stores import on_both

pytestmark = on_both


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_the_redirects_own_client(tables: Template, behaviour: Callable[[str], None]) -> None:
    behaviour(EVENTS.name)


@pytest.mark.parametrize("fast", ["yes", "no"])
def test_a_table_is_the_same_by_either_client(
    tables: Template, monkeypatch: pytest.MonkeyPatch, fast: str
) -> None:
    monkeypatch.setenv("FAST_PATH", fast)
    salt = {"pk": f"2026-11-2{len(fast)}", "salt": b"\0" * 31 + b"\xff"}
    assert SALTS.get(salt["pk"]) is None
    assert SALTS.put_once(salt)
    assert not SALTS.put_once({**salt, "salt": b"other"})
    assert SALTS.get(salt["pk"]) == salt
    fact = {"pk": "m#1", "sk": "s", "n": 1, "x": 1.5, "flag": True, "list": ["ä", {"B": "b"}]}
    assert EVENTS.put_briskly(fact)
    assert not EVENTS.put_briskly(fact)
    assert EVENTS.get("m#1", "s") == fact
    assert MERCHANTS.get("x" * 3_000, "profile") is None
