"""Reports of days, months and quarters: by themselves, each once, to whoever chose them."""

import json
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
from sharetrail.aws.tables import AGENDA, REPORTS
from sharetrail.merchants import profiles
from sharetrail.report import choices, span
from sharetrail.report.building import build_report
from sharetrail.report.issuing import issue_reports, rhythms
from sharetrail.report.span import Rhythm
from tests import calls
from tests.calls import Calls
from tests.chain.test_monday import received, send
from tests.conftest import BRISK_MAIL
from tests.shops import Shop

HOUR, DAY = calendars.HOUR, calendars.DAY
NEW_YORK, LOS_ANGELES, AUCKLAND = "America/New_York", "America/Los_Angeles", "Pacific/Auckland"
OWNER = "owner@shop.example"
WEDNESDAY = datetime(2026, 11, 25, 17, tzinfo=UTC)
"""Noon in New York."""


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "zone_names", lambda: {NEW_YORK, LOS_ANGELES, AUCKLAND})


@pytest.fixture(autouse=True)
def counted() -> Iterator[Calls]:
    """Before the cloud, whose clients know of it."""
    with calls.noted() as counted:
        yield counted


@pytest.fixture
def shop(tables: Template, emulator: Emulator) -> Iterator[Shop]:
    """Four weeks old, on a Wednesday at noon."""
    start = WEDNESDAY - timedelta(weeks=4)
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=start) as cloud:
        shop = Shop.onboard(cloud)
        cloud.clock.set_forward(WEDNESDAY)
        shop.run("schedule_reports")
        yield shop


def choose(shop: Shop, *chosen: Rhythm, to: str = OWNER) -> None:
    """As the page where a recipient chooses does it."""
    merchant, now = profiles.read(shop.id), shop.cloud.clock.now()
    assert merchant
    choices.choose(merchant, to, chosen, now)
    for each in chosen:
        rhythms.start(merchant, each, now)


def go_to(shop: Shop, at: datetime) -> None:
    if at > shop.cloud.clock.now():
        shop.cloud.clock.set_forward(at)
    assert shop.run("schedule_reports") == []


def eight(day: int, zone: str = NEW_YORK, month: int = 11) -> datetime:
    return datetime(2026, month, day, 8, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def reported(shop: Shop) -> list[str]:
    """Which days' reports were built, as addresses name them."""
    rows = [row for row in REPORTS.query(shop.id) if "snapshot" in row]
    parts = [row["sk"].split("#") for row in rows]
    return [span.of_day(kind, calendars.moment(f"{d}T00Z").date()).key for kind, d in parts]


def mailed(shop: Shop) -> Counter[str]:
    """To whom, and when."""
    return Counter(f"{mail.to} {mail.sent_at[:16]}" for mail in shop.cloud.outbox.mails)


def due(shop: Shop) -> list[str]:
    """What stands on the agenda."""
    return [row["sk"] for row in AGENDA.query(shop.id, prefix="report#") if "due" in row]


# ── a chain ──────────────────────────────────────────────────────────────────────────────────────
def test_whoever_chose_a_report_a_day_has_one_at_eight_of_each_day_from_the_next(
    shop: Shop,
) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26) - timedelta(minutes=1))
    assert mailed(shop) == Counter()
    for day in (26, 27, 28):
        go_to(shop, eight(day))
        go_to(shop, eight(day) + HOUR)
    assert reported(shop) == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert mailed(shop) == Counter(f"{OWNER} 2026-11-{day}T13:00" for day in (26, 27, 28))


def test_a_month_and_a_quarter_have_theirs_on_the_day_after_and_a_week_as_ever(shop: Shop) -> None:
    choose(shop, "monthly", "quarterly", "weekly")
    for day in (26, 30):
        go_to(shop, eight(day))
    assert reported(shop) == ["2026-W48"]
    go_to(shop, eight(1, month=12) - HOUR)
    assert reported(shop) == ["2026-W48"]
    go_to(shop, eight(1, month=12))
    assert reported(shop) == ["2026-11", "2026-W48"]
    go_to(shop, datetime(2027, 1, 1, 13, tzinfo=UTC))
    assert [each for each in reported(shop) if "W" not in each] == ["2026-11", "2026-12", "2026-Q4"]
    choose(shop, "quarterly")
    for month in range(2, 13):
        go_to(shop, datetime(2027, month, 2, 13, tzinfo=UTC))
    assert [each for each in reported(shop) if "Q" in each] == [
        "2026-Q4",
        "2027-Q1",
        "2027-Q2",
        "2027-Q3",
    ]


def test_each_recipient_gets_what_they_chose(shop: Shop) -> None:
    both = ["other@shop.example", OWNER]
    shop.onboarded(recipients=both)
    choose(shop, "daily", to="other@shop.example")
    for day in (26, 27, 30):
        go_to(shop, eight(day))
    go_to(shop, eight(30) + HOUR)
    got = Counter(mail.to for mail in shop.cloud.outbox.mails)
    assert got == {"other@shop.example": 4, OWNER: 1}, "until Sunday's; and one of the week"


def test_nobody_who_chose_nothing_has_a_job(shop: Shop) -> None:
    choose(shop, "weekly")
    for day in (26, 30):
        go_to(shop, eight(day))
    assert due(shop) == []
    assert reported(shop) == ["2026-W48"]


def test_a_chain_ends_with_the_last_who_wants_it_and_begins_again_with_the_next(
    shop: Shop,
) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    choose(shop, "weekly")
    go_to(shop, eight(27))
    assert (due(shop), reported(shop)) == ([], ["2026-11-25"])
    shop.cloud.clock.set_forward(eight(27) + 2 * HOUR)
    choose(shop, "daily")
    for day in (28, 29):
        go_to(shop, eight(day))
    assert reported(shop) == ["2026-11-25", "2026-11-27", "2026-11-28"]


def test_who_wants_no_mail_ends_it_and_onboarding_that_gives_it_back_begins_it(shop: Shop) -> None:
    choose(shop, "daily")
    choose(shop)
    go_to(shop, eight(26))
    assert (due(shop), reported(shop)) == ([], [])
    shop.onboarded(resubscribe=[OWNER])
    assert due(shop) == ["report#daily#2026-11-26"]
    go_to(shop, eight(27))
    assert reported(shop) == ["2026-11-26"]


def test_a_bounce_that_onboarding_lifts_costs_the_days_in_between_and_no_other(shop: Shop) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    (mail,) = shop.cloud.outbox.mails
    assert shop.ask("POST", f"/_local/outbox/{mail.number}/bounce").status == 200
    assert shop.cloud.drain()["failed"] == []
    for day in (27, 28):
        go_to(shop, eight(day))
    assert due(shop) == []
    shop.onboarded(resubscribe=[OWNER])
    forget_facts()
    for day in (29, 30):
        go_to(shop, eight(day))
    days = [each for each in reported(shop) if "W" not in each]
    assert days == ["2026-11-25", "2026-11-28", "2026-11-29"]


def test_who_is_taken_out_of_the_recipients_and_put_back_has_the_next_day(shop: Shop) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    shop.onboarded(recipients=["other@shop.example"])
    forget_facts()
    go_to(shop, eight(27))
    assert due(shop) == []
    shop.onboarded(recipients=[OWNER])
    forget_facts()
    go_to(shop, eight(28))
    assert reported(shop) == ["2026-11-25", "2026-11-27"]


def test_once_a_week_every_chain_that_is_wanted_is_noted(shop: Shop) -> None:
    choose(shop, "daily")
    (lost,) = due(shop)
    AGENDA.delete(shop.id, lost)
    go_to(shop, eight(26))
    assert (due(shop), reported(shop)) == ([], [])
    go_to(shop, eight(30))
    assert due(shop) == ["report#daily#2026-11-30"]


def test_who_chooses_after_a_report_was_built_gets_the_next(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, "other@shop.example"])
    choose(shop, "daily")
    go_to(shop, eight(26))
    choose(shop, "daily", to="other@shop.example")
    go_to(shop, eight(26) + HOUR)
    assert [mail.to for mail in shop.cloud.outbox.mails] == [OWNER]
    go_to(shop, eight(27))
    assert len(shop.cloud.outbox.mails) == 3


def test_who_chose_otherwise_or_is_no_recipient_any_more_when_a_mail_is_to_leave_gets_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.onboarded(recipients=[OWNER, "gone@shop.example", "other@shop.example"])
    for to in (OWNER, "gone@shop.example", "other@shop.example"):
        choose(shop, "daily", to=to)
    shop.cloud.clock.set_forward(eight(26))
    assert shop.cloud.schedule("schedule_reports").error is None
    real = build_report.build

    def meanwhile(*asked: Any) -> Any:
        choose(shop, "weekly")
        shop.onboarded(recipients=[OWNER, "other@shop.example"])
        return real(*asked)

    monkeypatch.setattr(build_report, "build", meanwhile)
    assert shop.cloud.drain()["failed"] == []
    assert [mail.to for mail in shop.cloud.outbox.mails] == ["other@shop.example"]


# ── late, twice, and dying ───────────────────────────────────────────────────────────────────────
def test_schedules_that_were_away_for_days_leave_no_day_out(shop: Shop) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    for _ in range(6):
        go_to(shop, eight(29) + 2 * HOUR)
    assert reported(shop) == [f"2026-11-{day}" for day in (25, 26, 27, 28)]
    assert due(shop) == ["report#daily#2026-11-29"]


def test_after_a_month_away_a_week_of_days_is_made_up_for_and_the_newest_month(shop: Shop) -> None:
    choose(shop, "daily", "monthly")
    go_to(shop, eight(26))
    for _ in range(12):
        go_to(shop, eight(30, month=12))
    days = [each for each in reported(shop) if len(each) == 10]
    assert days == ["2026-11-25", *(f"2026-12-{day}" for day in range(22, 30))]
    assert [each for each in reported(shop) if len(each) == 7] == ["2026-11"]
    assert due(shop) == ["report#daily#2026-12-30", "report#monthly#2026-12-01"]


def test_rounds_at_once_and_messages_that_come_again_make_one_of_each(shop: Shop) -> None:
    choose(shop, "daily")
    for day in (26, 27):
        shop.cloud.clock.set_forward(eight(day))
        for _ in range(3):
            assert shop.cloud.schedule("schedule_reports").error is None
        assert shop.cloud.drain()["failed"] == []
    assert len(shop.cloud.outbox.mails) == 2
    assert due(shop) == ["report#daily#2026-11-27"]


@pytest.mark.parametrize("after", [False, True])
def test_whoever_issues_one_and_dies_at_any_write_breaks_no_chain(
    shop: Shop, counted: Calls, after: bool
) -> None:
    """A day for each: the job taken, the next one noted, the snapshot, its row, the mail queued."""
    counted.watch(shop.cloud)
    choose(shop, "daily")
    for write in range(5):
        counted.die("analyse_merchant", write, after=after)
        go_to(shop, eight(26) + write * DAY)
        assert counted.dying == ""
    go_to(shop, eight(26) + 5 * DAY)
    mails = Counter(mail.subject for mail in shop.cloud.outbox.mails)
    assert (len(mails), {*mails.values()}) == (6, {1})
    assert due(shop) == ["report#daily#2026-12-01"]


def test_a_day_whose_report_cannot_be_built_keeps_no_other_from_coming(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(shop, "daily")
    with monkeypatch.context() as broken:
        broken.setattr(build_report, "build", None)
        shop.cloud.clock.set_forward(eight(26))
        assert shop.run("schedule_reports")
    go_to(shop, eight(27))
    assert reported(shop) == ["2026-11-26"]


def failed_report(shop: Shop, monkeypatch: pytest.MonkeyPatch, at: datetime) -> dict[str, Any]:
    """The message of a report that could not be built, as its failure queue has it."""
    with monkeypatch.context() as broken:
        broken.setattr(build_report, "build", None)
        shop.cloud.clock.set_forward(at)
        assert shop.run("schedule_reports")
    (letter,) = received(shop, "failed-analyses")
    return {name: letter[name] for name in ("job", "merchant", "about", "round")}


def test_a_day_that_is_sent_back_is_mailed_to_who_wanted_it_then_and_no_later_day_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.onboarded(recipients=[OWNER, "two@shop.example"])
    choose(shop, "daily")
    letter = failed_report(shop, monkeypatch, eight(26))
    go_to(shop, eight(27))
    choose(shop, "daily", to="two@shop.example")
    go_to(shop, eight(28))
    before, standing = mailed(shop), due(shop)
    send(shop, "ANALYSES", letter)
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) - before == Counter([f"{OWNER} 2026-11-28T13:00"])
    assert (due(shop), reported(shop)[0]) == (standing, "2026-11-25")


def test_who_had_enough_of_mails_in_between_gets_none_that_waited_meanwhile(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.onboarded(recipients=[OWNER, "two@shop.example"])
    for to in (OWNER, "two@shop.example"):
        choose(shop, "daily", to=to)
    with monkeypatch.context() as broken:
        broken.setattr(issue_reports, "MAILS", None)
        shop.cloud.clock.set_forward(eight(26))
        assert shop.run("schedule_reports")
    (letter,) = received(shop, "failed-analyses")
    assert reported(shop) == ["2026-11-25"]
    choose(shop, to="two@shop.example")
    go_to(shop, eight(27))
    choose(shop, "daily", to="two@shop.example")
    go_to(shop, eight(28))
    before = mailed(shop)
    send(shop, "ANALYSES", {name: letter[name] for name in ("job", "merchant", "about", "round")})
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop) - before == Counter([f"{OWNER} 2026-11-28T13:00"])


def test_a_day_that_is_sent_back_too_late_is_not_mailed_and_the_log_says_why(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(shop, "daily")
    letter = failed_report(shop, monkeypatch, eight(26))
    go_to(shop, eight(5, month=12))
    before = mailed(shop)
    capsys.readouterr()
    send(shop, "ANALYSES", letter)
    assert shop.cloud.drain()["failed"] == []
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    (said,) = (line for line in lines if line["message"] == "a report is not issued")
    why = "it is older than what is made up for"
    assert (said["about"], said["why"]) == ("2026-11-25", why)
    assert mailed(shop) == before


# ── who changes zones ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("zone", [LOS_ANGELES, AUCKLAND])
@pytest.mark.parametrize("before", [timedelta(minutes=30), 10 * HOUR, 18 * HOUR])
def test_whoever_moves_has_every_day_once_and_none_before_their_own_eight(
    shop: Shop, zone: str, before: timedelta
) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    shop.cloud.clock.set_forward(eight(27) - before)
    shop.onboarded(zone=zone)
    forget_facts()
    for hours in range(4 * 24):
        go_to(shop, eight(27) - before + hours * HOUR + timedelta(minutes=1))
    rows = [row for row in REPORTS.query(shop.id, prefix="day#") if "snapshot" in row]
    days = [span.read(row["sk"].removeprefix("day#")) for row in rows]
    built = [calendars.moment(row["at"]) for row in rows]
    assert all(one.after() == next_one for one, next_one in pairwise(days)), "none is left out"
    late = [at - span.due_at(day, ZoneInfo(zone)) for day, at in zip(days, built, strict=True)][1:]
    assert min(late) >= timedelta()
    assert max(late[1:]) < HOUR, "soon at eight again"
    assert len(shop.cloud.outbox.mails) == len(days), "and none twice"


def test_a_report_that_is_taken_too_early_is_noted_again_for_its_time(shop: Shop) -> None:
    choose(shop, "daily")
    shop.cloud.clock.set_forward(eight(26))
    assert shop.cloud.schedule("schedule_reports").error is None
    shop.onboarded(zone=LOS_ANGELES)
    forget_facts()
    assert shop.cloud.drain()["failed"] == []
    assert reported(shop) == []
    assert "report#daily#2026-11-25" in due(shop)
    go_to(shop, eight(26, LOS_ANGELES))
    assert reported(shop) == ["2026-11-25"]


def test_in_a_zone_further_east_what_is_due_there_does_not_wait_for_the_old_eight(
    shop: Shop,
) -> None:
    choose(shop, "daily")
    go_to(shop, eight(26))
    shop.cloud.clock.set_forward(WEDNESDAY + DAY)
    shop.onboarded(zone=AUCKLAND)
    forget_facts()
    go_to(shop, WEDNESDAY + DAY + HOUR)
    go_to(shop, eight(27, AUCKLAND))
    assert reported(shop) == ["2026-11-25", "2026-11-26"]
