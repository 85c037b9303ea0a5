"""A week of seven shops in seven zones, with schedules that run twice, late, or not for a day,
workers that die, recipients who change their minds and shops that move: no report twice, and none
left out that somebody wanted."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.runtime.memories import forget_facts
from local.template.declarations import Template
from sharetrail import calendars
from sharetrail.aws.tables import REPORTS
from sharetrail.report import span
from sharetrail.report.span import OF_RHYTHM, Span, SpanKind
from tests import calls
from tests.calls import Calls
from tests.chain.test_rhythms import choose
from tests.conftest import BRISK_MAIL
from tests.sharetrail.report.test_span_zones import ZONES
from tests.shops import Shop

FEW = ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
START = datetime(2027, 3, 30, 0, tzinfo=UTC)
"""Before a quarter, a month and a week end, and clocks are turned back on Lord Howe."""


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "zone_names", lambda: ZONES)


@pytest.fixture
def counted() -> Iterator[Calls]:
    with calls.noted() as counted:
        yield counted


@pytest.fixture
def cloud(counted: Calls, tables: Template, emulator: Emulator) -> Iterator[Cloud]:
    started = START - timedelta(days=120)
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=started) as cloud:
        counted.watch(cloud)
        yield cloud


def shop_in(cloud: Cloud, zone: str) -> Shop:
    return Shop.onboard(cloud, **_facts(zone))


def _facts(zone: str) -> dict[str, Any]:
    """Of the shop that begins in this zone."""
    host = _owner(zone).replace("@owners", "")
    return {"shop_host": host, "recipients": [_owner(zone)], "zone": zone, "shopify_domain": None}


def _owner(zone: str) -> str:
    return f"{zone.rpartition('/')[2].replace('_', '-').lower()}@owners.example"


def reports_of(shop: Shop, kind: SpanKind) -> list[tuple[Span, datetime]]:
    """Which were built, and when."""
    rows = [row for row in REPORTS.query(shop.id, prefix=f"{kind}#") if "snapshot" in row]
    days = [calendars.moment(row["sk"].partition("#")[2] + "T00Z").date() for row in rows]
    built = [calendars.moment(row["at"]) for row in rows]
    return [(span.of_day(kind, day), at) for day, at in zip(days, built, strict=True)]


def run(cloud: Cloud, hours: int, chance: random.Random, counted: Calls) -> None:
    """A round every four hours, but when nothing runs for a day."""
    away = 0
    for n in range(0, hours, 4):
        cloud.clock.set_forward(START + timedelta(hours=n, minutes=1))
        away = 6 if not away and chance.random() < 0.04 else max(0, away - 1)
        if away:
            continue
        if chance.random() < 0.15:
            counted.die("analyse_merchant", chance.randrange(5), after=chance.random() < 0.5)
        for _ in range(chance.choice((1, 1, 2))):
            cloud.schedule("schedule_reports")
        forget_facts()
        assert cloud.drain()["failed"] == []


MONTHS = [pytest.param(seed, 70, marks=pytest.mark.slow) for seed in range(2, 5)]


@pytest.mark.parametrize(("seed", "days"), [(1, 7), *MONTHS])
def test_each_shop_has_each_report_once_at_its_own_eight_or_as_soon_as_schedules_run(
    cloud: Cloud, counted: Calls, seed: int, days: int
) -> None:
    """In three zones first: the proof has all, and ten weeks."""
    shops = {zone: shop_in(cloud, zone) for zone in (ZONES if days > 7 else FEW)}
    cloud.clock.set_forward(START)
    for zone, shop in shops.items():
        choose(shop, *OF_RHYTHM, to=_owner(zone))
    run(cloud, days * 24, random.Random(seed), counted)
    for zone, shop in shops.items():
        _check(shop, zone)
    subjects = Counter((mail.to, mail.eml) for mail in cloud.outbox.mails)
    assert {*subjects.values()} == {1}


def _check(shop: Shop, zone: str) -> None:
    tz, now = ZoneInfo(zone), shop.cloud.clock.now()
    for kind in OF_RHYTHM.values():
        built = reports_of(shop, kind)
        spans = [each for each, _ in built]
        newest = span.last_due(kind, now, tz)
        assert spans, (zone, kind)
        assert all(one.after() == other for one, other in pairwise(spans)), (zone, kind)
        assert spans[-1] in (newest, newest.before()), (zone, kind)
        assert all(at >= span.due_at(each, tz) for each, at in built), (zone, kind)
        sent = [row for row in REPORTS.query(shop.id, prefix=f"{kind}#") if "message" in row]
        assert len(sent) == len(spans), (zone, kind)


@pytest.mark.parametrize(("seed", "days"), [(1, 6), *MONTHS])
def test_whoever_moves_and_changes_their_mind_has_none_twice_and_none_too_early(
    cloud: Cloud, seed: int, days: int
) -> None:
    chance = random.Random(seed)
    zones = list(ZONES[:3])
    shops = [shop_in(cloud, zone) for zone in zones]
    cloud.clock.set_forward(START)
    moved = [[(START, zone)] for zone in zones]
    for n in range(0, days * 24, 5):
        cloud.clock.set_forward(START + timedelta(hours=n, minutes=2))
        for number, shop in enumerate(shops):
            if chance.random() < 0.1:
                zone = chance.choice(ZONES)
                answer = shop.onboarded(**_facts(zones[number]) | {"zone": zone})
                assert "error" not in answer
                moved[number].append((cloud.clock.now(), zone))
            if chance.random() < 0.2:
                wish = [each for each in OF_RHYTHM if chance.random() < 0.6] or ["weekly"]
                choose(shop, *wish, to=_owner(zones[number]))
        forget_facts()
        cloud.schedule("schedule_reports")
        assert cloud.drain()["failed"] == []
    for shop, moves in zip(shops, moved, strict=True):
        for kind in OF_RHYTHM.values():
            for each, at in reports_of(shop, kind):
                zone = [zone for since, zone in moves if since <= at][-1]
                assert at >= span.due_at(each, ZoneInfo(zone)), (kind, each)
    assert {*Counter(mail.eml for mail in cloud.outbox.mails).values()} == {1}
