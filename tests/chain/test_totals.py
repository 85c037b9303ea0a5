"""Totals: by whatever a merchant asks, and anew when the rule of verdicts is better."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sharetrail import calendars
from sharetrail.aws.tables import TOTALS
from sharetrail.clicks import clicks, verdict
from sharetrail.clicks.verdict import Verdict
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.totals import (
    count_facts,
    five_minute_slots,
    local_days,
    shop_activity,
    tally,
    total_chunks,
)
from sharetrail.totals.tally import Tally
from tests.shops import BROWSER, PHONE, Shop


def test_peoples_clicks_are_told_by_device_and_referrer(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.follow(code, PHONE, referer="https://t.co/abc?x=1")
    shop.follow(code, BROWSER)
    shop.follow(code, "curl/8.9.1", referer="https://t.co/")
    shop.cloud.drain()
    assert shop.read("/v1/stats?by=device")["rows"] == [
        {"group": "desktop", "clicks": 1},
        {"group": "phone", "clicks": 1},
    ]
    assert shop.read("/v1/stats?by=referrer")["rows"] == [{"group": "t.co", "clicks": 1}]
    assert shop.read("/v1/stats?by=country")["rows"] == []


def test_unique_visitors_are_known_when_their_day_has_closed(shop: Shop) -> None:
    code = shop.share().json["code"]
    for agent in (PHONE, BROWSER, PHONE):
        shop.follow(code, agent)
    shop.cloud.drain()
    day = shop.cloud.clock.now().astimezone().date()
    path = f"/v1/stats?from={day - timedelta(days=1)}&to={day + timedelta(days=1)}"
    told = [shop.read(f"{path}&by={by}") for by in ("day", "network", "link")]
    rows = [row for each in told for row in each["rows"] if row["clicks"]]
    assert len(rows) == 3
    assert {row["unique"] for row in [*rows, *(each["totals"] for each in told)]} == {None}
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    shop.run("close_days")
    told = shop.read(path)["totals"]
    assert (told["raw_clicks"], told["clicks"], told["unique"]) == (3, 2, 2)


def test_links_followed_are_the_same_before_a_day_closes_and_after(shop: Shop) -> None:
    """One address is proof of three links of a day, however far apart it follows more."""
    codes = [shop.share(campaign=f"{n}").json["code"] for n in range(5)]
    noon = shop.cloud.clock.now().replace(hour=17, minute=0) + calendars.DAY
    for n, code in enumerate(codes):
        shop.cloud.clock.set_forward(noon + n * timedelta(minutes=7))
        shop.follow(code)
    shop.cloud.drain()
    path = f"/v1/stats?from={noon.date()}&to={noon.date()}&by=link"

    def followed() -> list[int]:
        return sorted(row["links_followed"] for row in shop.read(path)["rows"])

    assert followed() == [0, 0, 1, 1, 1]
    shop.cloud.clock.set_forward(noon + calendars.DAY)
    assert followed() == [0, 0, 1, 1, 1]
    shop.run("close_days")
    assert local_days.is_closed(shop.id, noon.date())
    assert followed() == [0, 0, 1, 1, 1]


def test_a_better_rule_judges_closed_days_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.follow(shop.share().json["code"])
    shop.cloud.drain()
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    shop.run("close_days")
    day = (shop.cloud.clock.now() - timedelta(days=2)).date()
    path = f"/v1/stats?from={day - timedelta(days=1)}&to={day + timedelta(days=1)}"

    def told() -> dict[str, int]:
        return shop.read(path)["totals"]["verdicts"]

    assert (told()["human"], told()["bot"]) == (1, 0)

    def stricter(clicks: Any) -> Any:
        return ((click, Verdict("bot", "the test says so")) for click in clicks)

    shop.run("close_days")  # what the first one noted, of this version
    monkeypatch.setattr(count_facts, "judge_clicks", stricter)
    shop.run("close_days")
    assert told()["human"] == 1  # the same version: nothing to judge again
    monkeypatch.setattr(verdict, "VERSION", verdict.VERSION + 1)
    shop.run("close_days")  # which notes it
    shop.run("close_days")
    assert (told()["human"], told()["bot"]) == (0, 1)


def test_an_older_rule_or_fewer_facts_never_replace_a_total(shop: Shop) -> None:
    from sharetrail.totals.total_chunks import put

    key = {"pk": f"{shop.id}#day", "sk": "2026-11-02#0#0"}
    put(key, Tally(fact_count=5, events={"view": 5}), 5)
    put(key, Tally(fact_count=4, events={"view": 4}), 4)
    with pytest.MonkeyPatch.context() as older:
        older.setattr(verdict, "VERSION", verdict.VERSION - 1)
        put(key, Tally(fact_count=5, events={"view": 9}), 5)
    assert (TOTALS.get(**key) or {})["events"] == {"view": 5}


def test_a_total_that_was_in_more_chunks_once_counts_what_was_written_last(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = shop.cloud.clock.now()
    day = calendars.local_day(now, NEW_YORK)
    slot = (f"{shop.id}#{now:%Y%m%d}", f"{now:%H}00#0")
    links = {code: {"human": 2} for code in ("a", "b", "c")}
    for pk, sk in (slot, (f"{shop.id}#day", f"{day}#0")):
        with monkeypatch.context() as small:
            small.setattr(total_chunks, "_CHUNK", 1)
            total_chunks.write(pk, sk, Tally(fact_count=6, links=links))
        assert len(list(TOTALS.query(pk, prefix=sk))) == 3
        total_chunks.write(pk, sk, Tally(fact_count=7, links={**links, "b": {"human": 3}}))
    merchant = profiles.find(shop.id, now)
    told = [
        local_days.open_tally(merchant, day),
        local_days.between(merchant, day, day, now)[day],
    ]
    sums = [tally.merge_counts(each.links.values()) for each in told]
    assert [each["human"] for each in sums] == [7, 7]
    assert [tally.unique_visitors(each) for each in sums] == [None, 0]


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_total_whose_writer_died_between_its_chunks_is_whole_after_the_next_sweep(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    monkeypatch.setattr(total_chunks, "_CHUNK", 1)
    now = shop.cloud.clock.now()
    merchant = profiles.find(shop.id, now)
    slot = five_minute_slots.start_of(now)
    who = Visitor(hash="0" * 16, agent=PHONE, referrer="", country=None)
    for code in ("a", "b", "c"):
        clicks.save(new_click(shop.id, code, who, slot))
    with pytest.MonkeyPatch.context() as dying:
        dying.setattr(total_chunks, "put", until(written, total_chunks.put))
        with pytest.raises(MemoryError):
            five_minute_slots.project(shop.id, "0", slot, now)
    assert five_minute_slots.heal(shop.id, calendars.hour_of(slot), now) == {slot}
    assert five_minute_slots.heal(shop.id, calendars.hour_of(slot), now) == set()
    told = local_days.open_tally(merchant, calendars.local_day(now, NEW_YORK))
    assert {code: counts["human"] for code, counts in told.links.items()} == dict.fromkeys("abc", 1)


def until(times: int, put: Any) -> Any:
    """What it does so many times, and then dies."""
    left = iter(range(times))

    def dies(*args: Any) -> None:
        if next(left, None) is None:
            raise MemoryError
        put(*args)

    return dies


def test_a_racer_that_had_not_read_the_late_click_before_its_slot_does_not_win(shop: Shop) -> None:
    start = five_minute_slots.start_of(shop.cloud.clock.now().replace(hour=12))
    who = Visitor(hash="0" * 16, agent=PHONE, referrer="", country=None)
    held: list[Any] = []

    def project(slot: Any) -> None:
        five_minute_slots.project(shop.id, "0", slot, slot)

    clicks.save(new_click(shop.id, "c", who, start + timedelta(seconds=5)))
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(type(TOTALS), "put_if", lambda _, *args, **named: held.append((args, named)))
        project(start)
    clicks.save(new_click(shop.id, "c", who, start - timedelta(seconds=10)))
    project(start)
    for args, named in held:
        assert not TOTALS.put_if(*args, **named)
    total = TOTALS.get(f"{shop.id}#{start:%Y%m%d}", f"{start:%H%M}#0#0") or {}
    assert total_chunks.read(total).links["c"] == {"repeat": 1}


NEW_YORK = ZoneInfo("America/New_York")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


@pytest.fixture
def nepal(shop: Shop) -> Shop:
    """A shop whose days end at 18:15 UTC, and its link."""
    local = Shop.onboard(
        shop.cloud,
        shop_host="other.example",
        shopify_domain=None,
        zone=KATHMANDU.key,
        webhook_secrets=None,
    )
    secret = {"authorization": f"Bearer {local.facts['secret_key']}"}
    wish = {"url": "https://other.example/", "network": "x", "influencer": {"id": "ana"}}
    local.facts["code"] = local.ask("POST", "/v1/links", wish, secret).json["code"]
    return local


def next_midnight(shop: Shop) -> datetime:
    """The end of a whole day that begins after now."""
    noon = shop.cloud.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=1, hours=6, minutes=15)


def followed(shop: Shop, *times: datetime) -> None:
    who = Visitor(hash="0" * 16, agent=PHONE, referrer="", country=None)
    for at in times:
        clicks.save(new_click(shop.id, shop.facts["code"], who, at))


def close_at(shop: Shop, at: datetime) -> None:
    shop.cloud.clock.set_forward(at)
    shop.run("close_days")


def test_a_day_that_ends_within_an_hour_closes_with_the_hour_and_again_for_its_late_clicks(
    nepal: Shop,
) -> None:
    midnight = next_midnight(nepal)
    day = calendars.local_day(midnight - timedelta(minutes=1), KATHMANDU)

    def valid() -> int:
        row = TOTALS.get(f"{nepal.id}#day", f"{day}#0#0")
        assert row
        return total_chunks.read(row).links[nepal.facts["code"]]["human"]

    followed(nepal, *[midnight - timedelta(minutes=1 + n) for n in range(10)])
    close_at(nepal, midnight + timedelta(minutes=20))
    assert not local_days.is_closed(nepal.id, day), "its last hour goes on"
    close_at(nepal, midnight + timedelta(minutes=46))
    assert local_days.is_closed(nepal.id, day)
    assert valid() == 10
    followed(nepal, *[midnight + timedelta(minutes=1 + n) for n in range(11)])
    nepal.cloud.drain()
    assert valid() == 1


def test_clicks_read_beside_a_day_leave_no_trace_in_it(nepal: Shop) -> None:
    midnight = next_midnight(nepal)
    first = midnight + timedelta(minutes=1)
    followed(nepal, first)
    nepal.cloud.drain()
    close_at(nepal, midnight + timedelta(days=2))
    assert len(list(TOTALS.query(f"{nepal.id}#day"))) == 1
    merchant = profiles.find(nepal.id, nepal.cloud.clock.now())
    assert shop_activity.first_click(merchant, nepal.cloud.clock.now()) == first
