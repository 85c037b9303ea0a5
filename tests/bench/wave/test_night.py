"""The simulated night: rounds, mails, and one shop that is in trouble."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bench.wave import night
from bench.wave.diary import EIGHT, MONDAY, START
from bench.wave.forecast import MAIL, Job
from bench.wave.measured import REPORT, Curve, Measured
from bench.wave.night import Night, Room, Trouble
from bench.wave.shops import Shop

MINUTES = {
    "sweep": (32,),
    "close_days": (12,),
    "score_influencers": (22,),
    "schedule_reports": (0, 15, 30, 45),
}
ROOM = Room(chores=20, builders=10, mailers=2, mails_a_second=14, cold=0)
REST: dict[str, Any] = {"firings": {}, "a_message": 0}
A_SECOND: dict[str, float] = {"totals Query": 100, "cpu": 0.5}
COSTS = Measured(
    jobs={
        (kind, None): Curve((1,), (A_SECOND if kind != MAIL else {"cpu": 0.01},))
        for kind in ("heal", "close", "score", REPORT, MAIL)
    },
    **REST,
)
SHOPS = [Shop(number=n, zone="America/New_York", rate=1) for n in range(200)]


def reports(trouble: Trouble | None = None) -> Night:
    jobs = [Job(kind=REPORT, shop=s, size=1, at=s.at(MONDAY, EIGHT)) for s in SHOPS]
    return night.live(jobs, COSTS, MINUTES, ROOM, trouble)


def last_mail(told: Night, but: str = "") -> float:
    """Seconds past eight."""
    eight = (SHOPS[0].at(MONDAY, EIGHT) - START).total_seconds()
    return max(mail.ended for mail in told.mails if mail.task.owner != but) - eight


def test_each_recipient_gets_one_mail_at_the_rate_of_ses() -> None:
    told = reports()
    assert len(told.mails) == 400
    assert last_mail(told) > 60 + 400 / 14
    assert last_mail(told) < 60 + 400 / 14 + 5


def test_a_days_report_is_one_mail_more_and_lets_the_weeks_go_first() -> None:
    daily = "report daily"
    costs = Measured(jobs={**COSTS.jobs, (daily, None): COSTS.jobs[REPORT, None]}, **REST)
    due = [Job(kind=REPORT, shop=s, size=1, at=s.at(MONDAY, EIGHT)) for s in SHOPS]
    due += [replace(job, kind=daily) for job in due[:20]]
    told = night.live(due, costs, MINUTES, ROOM)
    assert Counter(mail.task.kind for mail in told.mails) == {REPORT: 400, daily: 20}
    begun = {(done.task.kind, done.task.owner): done.begun for done in told.analyses}
    weeks = [begun[REPORT, shop.id] for shop in SHOPS]
    assert min(begun[daily, shop.id] for shop in SHOPS[:20]) > sorted(weeks)[-20]


def test_where_builds_are_slower_than_mails_the_mails_wait_for_them() -> None:
    slow = {"cpu": 10.0}
    jobs = {**COSTS.jobs, (REPORT, None): Curve((1,), (slow,))}
    costs = Measured(jobs=jobs, **REST)
    due = [Job(kind=REPORT, shop=s, size=1, at=s.at(MONDAY, EIGHT)) for s in SHOPS]
    assert last_mail(night.live(due, costs, MINUTES, ROOM)) > 60 + 200 / 10 * 10


@pytest.mark.parametrize("trouble", [{"seconds": 600.0}, {"fails": 10}])
def test_nobody_waits_for_a_shop_in_trouble(trouble: dict[str, float]) -> None:
    ill = SHOPS[3].id
    told = reports(Trouble(shop=ill, **trouble))
    assert last_mail(told, but=ill) < last_mail(reports()) + 1
    assert [mail.task.owner for mail in told.mails].count(ill) == 2


def test_a_round_takes_as_long_as_its_last_job() -> None:
    jobs = [Job(kind="close", shop=shop, size=1, at=START) for shop in SHOPS]
    told = night.live(jobs, COSTS, MINUTES, ROOM)
    (lap,) = told.rounds
    assert (lap.kind, lap.jobs, lap.fired) == ("close", 200, 13 * 60)
    assert lap.seconds == pytest.approx(200 / 20, abs=5)


def test_the_busiest_key_takes_a_write_for_each_job_that_begins() -> None:
    jobs = [Job(kind="close", shop=SHOPS[0], size=1, at=START) for _ in range(5)]
    assert night.live(jobs, COSTS, MINUTES, ROOM).busiest_key == 5


def test_a_schedule_fires_at_the_end_of_its_minute() -> None:
    early = Job(kind="heal", shop=SHOPS[0], size=1, at=START + timedelta(minutes=33))
    (lap,) = night.live([early], COSTS, MINUTES, ROOM).rounds
    assert lap.fired == (60 + 33) * 60
