"""A merchant's keys: what is listed works, what works is listed, whoever was faster."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.aws.tables import MERCHANTS, Table
from sharetrail.merchants.keys import api_keys, key_rings
from sharetrail.merchants.keys.api_keys import BadKey
from sharetrail.merchants.keys.key_ring import KeyNeeded
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
"""When instances have forgotten what they knew."""


def works(key: str, at: datetime = LATER) -> bool:
    try:
        return api_keys.check(key, at).merchant == "m_1"
    except BadKey:
        return False


def test_a_first_run_makes_one_of_each_kind_and_the_next_none() -> None:
    made = key_rings.begin("m_1", (), NOW)
    assert made.keys() == {"publishable", "secret"}
    assert all(map(works, made.values()))
    assert key_rings.begin("m_1", (), NOW) == {}


def test_a_rotated_secret_key_ends_at_once_and_a_publishable_one_after_a_day() -> None:
    before = key_rings.begin("m_1", (), NOW)
    after = key_rings.begin("m_1", ("publishable", "secret"), NOW)
    assert not works(before["secret"])
    assert works(before["publishable"])
    assert not works(before["publishable"], NOW + api_keys.GRACE)
    assert all(map(works, after.values()))


def test_the_last_secret_key_stays_and_any_other_goes() -> None:
    key_rings.begin("m_1", (), NOW)
    listed, key = key_rings.add("m_1", "another", NOW)
    key_rings.revoke("m_1", listed.id, NOW)
    assert not works(key)
    (last,) = key_rings.read("m_1").of("secret")
    with pytest.raises(KeyNeeded):
        key_rings.revoke("m_1", last.id, NOW)


def test_who_was_slower_begins_anew_from_what_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    key_rings.begin("m_1", (), NOW)
    write, raced = Table.write_together, []

    def overtaken(table: Table, changes: list[object]) -> list[int]:
        if not raced:
            raced.append(True)
            raced.append(key_rings.add("m_1", "faster", NOW)[1])
        return write(table, changes)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "write_together", overtaken)
    _, key = key_rings.add("m_1", "slower", NOW)
    names = [each.name for each in key_rings.read("m_1").of("secret")]
    assert names == ["first", "faster", "slower"]
    assert works(key)
    assert works(str(raced[1]))


def test_a_key_tells_on_which_day_it_was_last_used() -> None:
    key = key_rings.begin("m_1", (), NOW)["secret"]
    for hours in (0, 30, 24):
        api_keys.use(key, NOW + timedelta(hours=hours))
    digest = api_keys.hashed(key)
    assert api_keys.last_used([digest, "unknown"]) == {digest: (NOW + timedelta(hours=30)).date()}
    assert len(list(MERCHANTS.query(f"key#{digest}"))) == 1
