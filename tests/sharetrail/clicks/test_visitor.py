"""Who asks, as far as a day's hash can tell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sharetrail.clicks import daily_salts
from sharetrail.clicks.click import CLICK_SHARDS, time_of_click
from sharetrail.clicks.visitor import Visitor, address_hash, new_click, visitor_of
from sharetrail.web.http import Request

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUST_CLOUDFRONT", "no")
    monkeypatch.setattr(daily_salts, "of_day", lambda now: f"{now:%Y%m%d}".encode())


def a_request(ip: str = "192.0.2.1", now: datetime = NOON, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said: dict[str, Any] = {"method": "GET", "path": {}, "query": "", "body": b""}
    return Request(headers=named, ip=ip, now=now, **said)


def the_same(one: str, other: str) -> bool:
    return address_hash(a_request(one), "m") == address_hash(a_request(other), "m")


def test_an_address_is_the_same_with_every_agent_and_another_for_every_day_and_shop() -> None:
    one, other = (visitor_of(a_request(user_agent=agent), "m") for agent in ("a", "b"))
    assert one.address == other.address != one.hash != other.hash
    assert one.address != address_hash(a_request(), "another shop")
    assert one.address != address_hash(a_request(now=NOON.replace(day=3)), "m")


def test_of_ipv6_the_first_half_is_the_address() -> None:
    assert the_same("2001:db8:1:2::1", "2001:0db8:1:2:ffff:0:0:9")
    assert the_same("[2001:db8:1:2::1]", "2001:db8:1:2::2"), "as CloudFront writes it"
    assert not the_same("2001:db8:1:2::1", "2001:db8:1:3::1")


@pytest.mark.parametrize("other", ["192.0.2.2", "::ffff:192.0.2.2", "", "unknown", "fe80::1%eth0"])
def test_whatever_else_an_address_is_it_is_taken_whole(other: str) -> None:
    assert the_same(other, other)
    assert not the_same(other, "192.0.2.1")
    assert not the_same(other, "::ffff:192.0.2.1")


# ── CloudFront in front ──────────────────────────────────────────────────────────────────────────
SECRET = "s3cret_of-the-front"
FROM_JAPAN = {"cloudfront_viewer_address": "198.51.100.9:4711", "cloudfront_viewer_country": "jp"}


def seen(**headers: str) -> tuple[str | None, bool]:
    """The country, and whether the viewer is taken to be where CloudFront's header says."""
    visitor = visitor_of(a_request(**headers), "m")
    return visitor.country, visitor.address == address_hash(a_request("198.51.100.9"), "m")


@pytest.mark.parametrize("front", ["", "wrong", SECRET[:-1], f"{SECRET}x", "é", None])
def test_what_cloudfront_says_is_believed_of_who_knows_the_secret_alone(
    monkeypatch: pytest.MonkeyPatch, front: str | None
) -> None:
    monkeypatch.setenv("TRUST_CLOUDFRONT", "yes")
    monkeypatch.setenv("FRONT_SECRET", SECRET)
    assert seen(**FROM_JAPAN, x_sharetrail_front=SECRET) == ("JP", True)
    said = {} if front is None else {"x_sharetrail_front": front}
    assert seen(**FROM_JAPAN, **said) == (None, False)


def test_without_a_secret_whoever_calls_is_believed_to_be_the_front(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRUST_CLOUDFRONT", "yes")
    monkeypatch.setenv("FRONT_SECRET", "")
    assert seen(**FROM_JAPAN) == ("JP", True)


def test_without_a_front_nobody_is_believed_to_be_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONT_SECRET", SECRET)
    assert seen(**FROM_JAPAN, x_sharetrail_front=SECRET) == (None, False)


@pytest.mark.parametrize("signal", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_who_asks_not_to_be_tracked_has_no_hash_of_any_kind(signal: dict[str, str]) -> None:
    visitor = visitor_of(a_request(**signal), "m")
    assert (visitor.hash, visitor.address) == (None, None)
    assert address_hash(a_request(**signal), "m") is None


def test_without_the_days_salt_nobody_has_a_hash_and_that_is_no_wish_of_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(daily_salts, "of_day", lambda _: None)
    visitor = visitor_of(a_request(), "m")
    assert (visitor.hash, visitor.address, visitor.nameless) == (None, None, True)
    assert address_hash(a_request(), "m") is None
    assert not new_click("m", "c", visitor, NOON).is_private
    private = visitor_of(a_request(sec_gpc="1"), "m")
    assert not private.nameless
    assert new_click("m", "c", private, NOON).is_private


def test_an_addresss_clicks_share_a_shard_and_a_visitors_without_one_do() -> None:
    def shard(visitor: str | None, address: str | None) -> str:
        who = Visitor(hash=visitor, address=address, agent="", referrer="", country=None)
        click = new_click("m", "c", who, NOON)
        assert time_of_click(click.id) == NOON
        return click.id[9]

    assert {shard(f"{n:016x}", f"{3:016x}") for n in range(20)} == {"3"}
    assert shard(f"{5:016x}", None) == "5", "of a version that kept no address"
    assert len({shard(None, None) for _ in range(200)}) == CLICK_SHARDS
