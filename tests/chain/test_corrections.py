"""What refunds change of days that were mailed: each change is told in the next mail, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.template.declarations import Template
from sharetrail import calendars
from sharetrail.aws.tables import REPORTS
from sharetrail.report import span
from sharetrail.report.keeping import reports
from sharetrail.report.report import Correction, Report, Restatement
from sharetrail.report.span import Span, SpanKind
from tests.chain.test_rhythms import choose
from tests.conftest import BRISK_MAIL
from tests.shops import Shop, monday

START = datetime(2026, 9, 2, 16, tzinfo=UTC)
"""A Wednesday."""


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "zone_names", lambda: {"America/New_York"})


@pytest.fixture
def shop(tables: Template, emulator: Emulator) -> Iterator[Shop]:
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=START) as cloud:
        yield Shop.onboard(cloud)


def sell(shop: Shop, order: str, price: str) -> None:
    assert shop.buy(order, price, shop.click(shop.share().json["code"])).status == 200
    assert shop.cloud.drain()["failed"] == []


def take_back(shop: Shop, order: str, amount: str, refund: str = "1") -> None:
    refund = f"{order}{refund}"
    assert shop.deliver("refunds/create", shop.a_refund(order, refund, amount)).status == 200
    assert shop.cloud.drain()["failed"] == []


def next_week(shop: Shop) -> Report:
    """Its report."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("schedule_reports") == []
    return newest(shop, "week")


def newest(shop: Shop, kind: SpanKind) -> Report:
    row = max(
        (row for row in REPORTS.query(shop.id, prefix=f"{kind}#") if "snapshot" in row),
        key=lambda row: row["sk"],
    )
    first = row["sk"].partition("#")[2]
    about = span.of_day(kind, calendars.moment(f"{first}T00Z").date())
    return reports.read(shop.id, about, row["snapshot"])


def correction(of: Span, mailed: int, now: int) -> Correction:
    return Correction(first=of.first, last=of.last, mailed=mailed, now=now)


def test_a_refund_of_the_week_before_is_told_in_the_next_mail_and_in_no_other(shop: Shop) -> None:
    sell(shop, "1001", "50.00")
    assert next_week(shop).earned.influenced == 5_000
    take_back(shop, "1001", "20.00")
    told = next_week(shop)
    assert (told.restatement, told.corrections) == (Restatement(mailed=5_000, now=3_000), ())
    after = next_week(shop)
    assert (after.restatement, after.corrections) == (None, ())


def test_a_refund_of_what_came_without_sharing_is_told_in_the_next_mail_too(shop: Shop) -> None:
    """The headline has it as part of the whole of the week before."""
    sell(shop, "1001", "50.00")
    assert shop.buy("1002", "90.00", "none").status == 200
    assert shop.cloud.drain()["failed"] == []
    assert next_week(shop).earned.rest == 9_000
    take_back(shop, "1002", "20.00")
    rest = {"rest_mailed": 9_000, "rest_now": 7_000}
    assert next_week(shop).restatement == Restatement(mailed=5_000, now=5_000, **rest)
    assert "Without sharing $70.00 came the week before, not $90.00." in plain(shop)
    assert next_week(shop).restatement is None


def test_a_refund_of_weeks_ago_is_told_too_once_and_so_is_the_next(shop: Shop) -> None:
    sell(shop, "1001", "50.00")
    week = next_week(shop).span
    next_week(shop)
    take_back(shop, "1001", "20.00")
    assert next_week(shop).corrections == (correction(week, 5_000, 3_000),)
    assert next_week(shop).corrections == ()
    take_back(shop, "1001", "30.00", "2")
    assert next_week(shop).corrections == (correction(week, 3_000, 0),)
    assert "1 older mail changed by -$30.00." in plain(shop)
    assert next_week(shop).corrections == ()


def plain(shop: Shop) -> str:
    """The newest mail's text, on one line."""
    return " ".join(shop.cloud.outbox.mails[0].text.split())


def test_what_the_next_mail_told_is_told_no_more_when_it_changes_back(shop: Shop) -> None:
    """Told of the week before, then of an older one: each from what was last told."""
    sell(shop, "1001", "50.00")
    week = next_week(shop).span
    take_back(shop, "1001", "20.00")
    assert next_week(shop).restatement == Restatement(mailed=5_000, now=3_000)
    take_back(shop, "1001", "10.00", "2")
    assert next_week(shop).corrections == (correction(week, 3_000, 2_000),)


def test_thirteen_weeks_are_looked_back_at(shop: Shop) -> None:
    sell(shop, "1001", "50.00")
    next_week(shop)
    sell(shop, "1002", "50.00")
    week = next_week(shop).span
    for _ in range(12):
        next_week(shop)
    take_back(shop, "1001", "10.00")
    take_back(shop, "1002", "10.00")
    assert next_week(shop).corrections == (correction(week, 5_000, 4_000),)


def test_days_tell_of_days_and_months_of_months(shop: Shop) -> None:
    choose(shop, "daily", "monthly", "weekly")
    sell(shop, "1001", "50.00")
    day = span.of_day("day", START.date())
    for days in range(1, 4):
        run(shop, START + timedelta(days=days))
    take_back(shop, "1001", "20.00")
    run(shop, START + timedelta(days=4))
    assert newest(shop, "day").corrections == (correction(day, 5_000, 3_000),)
    run(shop, START + timedelta(days=5))
    assert newest(shop, "day").corrections == ()
    assert newest(shop, "week").restatement is None, "what it says was so when it was built"
    run(shop, START + timedelta(days=30))
    take_back(shop, "1001", "5.00", "2")
    run(shop, START + timedelta(days=61))
    assert newest(shop, "month").restatement == Restatement(mailed=3_000, now=2_500)


def run(shop: Shop, at: datetime) -> None:
    shop.cloud.clock.set_forward(at)
    for _ in range(3):
        assert shop.run("schedule_reports") == []


def test_of_mails_in_another_currency_nothing_is_told(shop: Shop) -> None:
    sell(shop, "1001", "50.00")
    next_week(shop)
    next_week(shop)
    shop.onboarded(currency="EUR")
    take_back(shop, "1001", "20.00")
    told = next_week(shop)
    assert (told.restatement, told.corrections) == (None, ())


def test_a_day_of_more_than_a_fortnight_ago_is_told_of_by_the_next_sundays_report(
    shop: Shop,
) -> None:
    """Sold on Wednesday, 2 September, and sent back on Thursday, three weeks on."""
    choose(shop, "daily")
    sell(shop, "1001", "50.00")
    day = span.of_day("day", START.date())
    for days in range(1, 23):
        run(shop, START + timedelta(days=days))
    take_back(shop, "1001", "20.00")
    told = dict[str, tuple[Correction, ...]]()
    for days in range(23, 31):
        run(shop, START + timedelta(days=days))
        report = newest(shop, "day")
        told[report.first.isoformat()] = report.corrections
    sunday = told.pop("2026-09-27")
    assert sunday == (correction(day, 5_000, 3_000),)
    assert {*told.values()} == {()}, "before, and after"


def test_a_report_whose_forerunner_is_not_kept_any_more_is_built_all_the_same(shop: Shop) -> None:
    sell(shop, "1001", "50.00")
    next_week(shop)
    (bucket,) = (name for name in shop.cloud.template.buckets if "reports" in name)
    s3: Any = boto3.client("s3")
    for each in s3.list_objects_v2(Bucket=bucket, Prefix=shop.id)["Contents"]:
        s3.delete_object(Bucket=bucket, Key=each["Key"])
    sell(shop, "1002", "50.00")
    assert next_week(shop).earned.influenced == 5_000


def test_what_stands_of_days_and_of_mails_ends_after_400_days_and_of_weeks_after_two_years(
    shop: Shop,
) -> None:
    choose(shop, "daily", "weekly")
    for days in range(1, 6):
        run(shop, START + timedelta(days=days))
    days = [*REPORTS.query(shop.id, prefix="day#")]
    week, mail = REPORTS.query(shop.id, prefix="week#")
    end = shop.cloud.clock.now() + timedelta(days=400)
    lives = [datetime.fromtimestamp(row["expires"], UTC) for row in [*days, mail]]
    assert len(days) == 2 * 5, "the report and its mail"
    assert end - timedelta(days=5) < min(lives) <= max(lives) <= end
    assert "snapshot" in week
    built = datetime.fromisoformat(week["at"]).replace(microsecond=0)
    assert datetime.fromtimestamp(week["expires"], UTC) == built + timedelta(days=730)
