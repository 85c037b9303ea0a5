"""What a shop's visits lead to: which jobs, when, how large."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bench.wave import forecast, measured, shops
from bench.wave.diary import END, START, Diary, Visit
from bench.wave.forecast import Job
from bench.wave.ledger import Run
from bench.wave.measured import Curve, Measured
from bench.wave.shops import Shop
from sharetrail.report.span import Rhythm

SHOP = Shop(number=1, zone="America/New_York", rate=1.0)
MINUTES = {
    "sweep": (32,),
    "close_days": (12,),
    "score_influencers": (22,),
    "schedule_reports": (0, 15, 30, 45),
}


def story(*hours: float, buys: bool = False) -> Diary:
    """A click so many hours after the start: Sunday noon of UTC, seven in the morning there."""
    at = (START + timedelta(hours=each) for each in hours)
    return Diary(tuple(Visit(at=each, shop=SHOP, link=0, buys=buys) for each in at))


def jobs(told: Diary, kind: str) -> list[Job]:
    return [job for job in forecast.jobs_of([SHOP], told, MINUTES) if job.kind == kind]


def due(told: Diary, kind: str) -> list[datetime]:
    return [job.at for job in jobs(told, kind)]


def test_an_hour_with_clicks_is_healed_once_it_is_over() -> None:
    (job,) = jobs(story(0.1, 0.2), "heal")
    assert (job.at, job.size) == (START + timedelta(hours=1), 2)


def test_a_local_day_with_clicks_is_closed_at_its_end() -> None:
    assert due(story(0.1, 3), "close") == [START + timedelta(hours=17)]


def test_a_week_with_clicks_is_scored_on_monday_at_two() -> None:
    assert due(story(0.1), "score") == [START + timedelta(hours=19)]
    assert due(story(20), "score") == []


def test_everybody_has_a_report_and_a_mail_a_recipient() -> None:
    assert due(story(), "report") == [START + timedelta(hours=25)]
    assert len(jobs(story(), forecast.MAIL)) == SHOP.recipients


@pytest.mark.parametrize(("rhythm", "mornings"), [("daily", 2), ("monthly", 1), ("quarterly", 1)])
def test_who_chose_more_than_the_weeks_has_a_report_and_a_mail_more(
    rhythm: Rhythm, mornings: int
) -> None:
    """It is eight there an hour after the diary begins, and a day later."""
    shop = replace(SHOP, beside=rhythm)
    found = [*forecast.jobs_of([shop], story(0.1, 0.2, 20), MINUTES)]
    reports = [job for job in found if job.kind == f"report {rhythm}"]
    assert [job.at for job in reports][-mornings:] == [
        START + timedelta(hours=each) for each in (1, 25)[-mornings:]
    ]
    assert reports[-1].size == 2, "of Sunday"
    assert sum(job.kind == forecast.MAIL for job in found) == shop.recipients + mornings


@pytest.mark.parametrize(("hours", "ago"), [((), None), ((1,), 1), ((13,), 0), ((1, 13, 26), 0)])
def test_a_report_looks_for_the_last_click_before_it(hours: tuple[float, ...], ago: int) -> None:
    (job,) = jobs(story(*hours), "report")
    assert job.ago == ago


@pytest.mark.parametrize(("hour", "times"), [(0.1, 4), (0.9, 3)])
def test_an_order_is_looked_at_by_the_sweeps_of_its_hour_and_of_three_more(
    hour: float, times: int
) -> None:
    assert len(jobs(story(hour, buys=True), "attribute")) == times


def test_what_is_due_at_one_firing_is_found_together_and_nothing_after_the_end() -> None:
    told = story(0.1, 0.2, 1.5, 29.9)
    found = forecast.firings_of(forecast.jobs_of([SHOP], told, MINUTES), MINUTES)
    heals = sorted(firing.at for firing in found if firing.kind == "heal")
    assert [each - START for each in heals] == [timedelta(minutes=92), timedelta(minutes=152)]
    assert all(firing.at < END for firing in found)


def test_costs_lie_on_a_line_between_what_was_measured_and_go_on_as_it_ends() -> None:
    curve = Curve((1, 3, 7), ({"a": 1}, {"a": 2, "b": 4}, {"a": 6}))
    assert curve.at(1) == {"a": 1, "b": 0}
    assert curve.at(2) == {"a": 1.5, "b": 2}
    assert curve.at(9) == {"a": 8, "b": 0}
    assert curve.at(0) == curve.at(1)


def test_a_week_as_large_as_one_that_was_measured_takes_its_time() -> None:
    curve = Curve((1, 3), ({"a": 1, "cpu": 1}, {"a": 2, "cpu": 1.5}))
    small = Measured(jobs={("score", None): curve, ("heal", None): curve}, firings={}, a_message=0)
    costs = measured.with_big_week(small, {"score": 15.0})
    size = shops.BIG * 7 * 24
    assert costs.cost("score", size)["cpu"] == 15
    assert costs.cost("score", size)["a"] == costs.cost("heal", size)["a"]
    assert costs.cost("score", 2)["cpu"] == 1.25


def run(kind: str, merchant: str = "", cpu: float = 0, **more: int) -> Run:
    made = Run(kind=kind, merchant=merchant, abouts=("2026-11-29T12",), cpu=cpu)
    made.requests.update({("totals", name): number for name, number in more.items()})
    return made


def test_a_message_costs_what_runs_of_its_size_asked() -> None:
    runs = [run("heal", SHOP.id, Query=12), run("heal", SHOP.id, Query=14), run("sweep")]
    sent = run("sweep", cpu=0.5)
    sent.sent["heal"] = 5
    costs = measured.of_runs([*runs, sent], [SHOP], story(0.1))
    assert costs.cost("heal", 1)["totals Query"] == 13
    assert costs.a_message == 0.1
    assert costs.knows("heal")
    assert not costs.knows("score")


def test_the_model_adds_up_its_jobs_and_what_sends_them() -> None:
    costs = Measured(
        jobs={("heal", None): Curve((1,), ({"totals Query": 12, "cpu": 1},))},
        firings={"sweep": {"agenda Query": 4}},
        a_message=0,
    )
    tally = forecast.forecast(costs, [SHOP], story(0.1, 1.1), MINUTES)
    assert tally.messages == {"heal": 2}
    assert tally.requests["heal"] == {"totals Query": 24}
    assert tally.requests["sweep"] == {"sqs SendMessageBatch": 2, "agenda Query": 120}
