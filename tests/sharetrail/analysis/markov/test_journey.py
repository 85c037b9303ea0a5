"""Journeys that ended, with an order or without: what Markov is told."""

from datetime import UTC, date, datetime, timedelta

from sharetrail.analysis.markov.journey import (
    JourneyRecords,
    OrderJourneys,
    Step,
    ended_journeys,
)
from sharetrail.analysis.markov.markov import Outcome
from sharetrail.analysis.markov.removal_effects import NETWORKS, analysis_of
from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.calendars import Week
from sharetrail.clicks.click import mint_click_id, time_of_click
from sharetrail.clicks.page_event import PageEvent
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import Tally
from sharetrail.totals.trail_sample import TrailSample, VisitTrail, merge_samples, sample_trails
from tests.senders import a_merchant

MERCHANT = a_merchant(datetime(2026, 1, 1, tzinfo=UTC))
WEEK = Week(date(2026, 10, 26))
START = datetime(2026, 9, 5, 4, tzinfo=UTC)
"""New York's midnight, a window of thirty days before the four weeks up to WEEK."""
ANA, BEN = ("whatsapp", "ana"), ("x", "ben")


def a_click(day: float, n: int = 0) -> str:
    return mint_click_id(START + timedelta(days=day), 0, n)


def a_touch(click: str, step: Step) -> Touch:
    return Touch(
        id=click,
        at=time_of_click(click),
        link="0123456789",
        influencer=step[1],
        name=step[1],
        network=step[0],
        evidence="trail",
        verdict="human",
        reason="",
        verdict_version=1,
    )


def an_order(net: int, *touches: Touch) -> OrderCredits:
    sale = Sale(name="#1", currency="USD", lines=(), net=net, total=net)
    order = Order(
        sale=sale, placed_at=START + timedelta(days=30), net=net, refunded=0, fact_count=1
    )
    ref = OrderRef(merchant="m", platform="shopify", id="1")
    return compute_credits(ref, order, OrderTouches(touches=touches), CreditRule())


def heard(
    *trails: VisitTrail,
    orders: tuple[OrderCredits, ...] = (),
    clicked: dict[str, Step] | None = None,
    valid: dict[Step, int] | None = None,
    one_in: int = 1,
) -> JourneyRecords:
    journeys = OrderJourneys(MERCHANT, WEEK)
    for order in orders:
        journeys.add_order(order, order.details)
    journeys.valid.update(valid or {})
    trails_kept = TrailSample(one_in=one_in, trails=trails)
    return JourneyRecords(orders=journeys, trails=trails_kept, trail_steps=clicked or {})


def test_a_click_on_a_network_of_another_name_is_a_step_on_it() -> None:
    links = {
        code: Link(
            code=code,
            merchant="m",
            influencer="ana",
            url="https://shop.example/",
            network=network,
            label="Twitch",
            created_at=START,
        )
        for code, network in (("c", "other"), ("d", "x"))
    }
    journeys = OrderJourneys(MERCHANT, WEEK)
    journeys.add_day(START.date(), Tally(links={"c": {"human": 3}, "d": {"human": 1}}), links)
    assert journeys.valid == {("other:Twitch", "ana"): 3, ("x", "ana"): 1}


def test_an_order_is_a_journey_through_the_touches_that_count() -> None:
    order = an_order(5_000, a_touch(a_click(10), ANA), a_touch(a_click(20), BEN))
    ended = ended_journeys(heard(orders=(order,)))
    assert ended == {(ANA, BEN): Outcome(conversions=1, value=5_000)}


def test_an_order_that_was_given_back_brought_nobody_to_anything() -> None:
    assert ended_journeys(heard(orders=(an_order(0, a_touch(a_click(10), ANA)),))) == {}


def test_a_trail_that_no_order_carried_is_a_journey_to_nothing() -> None:
    one, other = a_click(3), a_click(5)
    told = heard(VisitTrail(ids=(one, other), n=10), clicked={one: ANA, other: BEN}, one_in=4)
    assert ended_journeys(told) == {(ANA, BEN): Outcome(nulls=40)}


def test_a_trail_that_went_on_counts_once_and_at_its_end() -> None:
    one, other = a_click(3), a_click(5)
    told = heard(
        VisitTrail(ids=(one,)), VisitTrail(ids=(one, other)), clicked={one: ANA, other: BEN}
    )
    assert ended_journeys(told) == {(ANA, BEN): Outcome(nulls=1)}


def test_a_trail_whose_newest_click_is_younger_than_the_window_has_not_ended() -> None:
    young = a_click(28.5)
    assert ended_journeys(heard(VisitTrail(ids=(young,)), clicked={young: ANA})) == {}


def test_a_trail_that_led_to_an_order_is_no_null_journey() -> None:
    click = a_click(10)
    order = an_order(100, a_touch(click, ANA))
    told = heard(VisitTrail(ids=(click,)), orders=(order,), clicked={click: ANA}, valid={ANA: 1})
    assert ended_journeys(told) == {(ANA,): Outcome(conversions=1, value=100)}


def test_a_click_that_nobody_saw_again_is_a_journey_of_one_touch() -> None:
    click = a_click(10)
    told = heard(VisitTrail(ids=(click,)), clicked={click: ANA}, valid={ANA: 5, BEN: 2})
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=1 + 4), (BEN,): Outcome(nulls=2)}


def test_a_sample_stands_for_the_whole() -> None:
    click = a_click(10)
    told = heard(VisitTrail(ids=(click,)), clicked={click: ANA}, valid={ANA: 10}, one_in=4)
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=4 + 6)}


def test_effects_need_journeys_that_came_to_nothing() -> None:
    order = an_order(100, a_touch(a_click(10), ANA))
    assert analysis_of(heard(orders=(order,)))["networks"] == {}
    told = analysis_of(heard(orders=(order,), valid={ANA: 9, BEN: 10}))
    assert told["networks"]["1"]["whatsapp"][:2] == [1.0, 1.0]
    assert told["networks"]["1"]["x"][:2] == [0.0, 0.0]
    assert set(told["networks"]) == {"1", "2", "3"}
    assert told["influencers"]["1"].keys() == {"ana", "ben"}


# ── the sample ───────────────────────────────────────────────────────────────────────────────────
def a_visit(*ids: str, n: int = 1) -> PageEvent:
    return PageEvent(
        id="a-visit", merchant="m", type="visit", at=START, timed=True, page="p", trail=ids, n=n
    )


def test_a_days_trails_are_kept_once_each_and_all_of_few() -> None:
    one, other = a_click(1), a_click(2)
    events = [a_visit(one), a_visit(one, n=3), a_visit(other, one), a_visit()]
    sample = sample_trails(events)
    assert sample.one_in == 1
    assert sample.trails == (VisitTrail(ids=(one,), n=3), VisitTrail(ids=(one, other)))


def test_of_many_browsers_all_of_some_are_kept_and_the_sample_says_how_many() -> None:
    events = [a_visit(a_click(n / 1_000, n), a_click(2 + n / 1_000, n)) for n in range(900)]
    sample = sample_trails(events, most=100)
    assert sample.one_in in (8, 16, 32)
    assert 20 < len(sample.trails) <= 100
    kept = {trail.ids[0] for trail in sample.trails}
    again = sample_trails([a_visit(a_click(n / 1_000, n)) for n in range(900)], most=100)
    assert {trail.ids[0] for trail in again.trails} == kept, "another day keeps the same browsers"


def test_days_are_merged_at_the_sparsest() -> None:
    dense = sample_trails([a_visit(a_click(n / 100, n)) for n in range(300)], most=500)
    sparse = sample_trails([a_visit(a_click(n / 100, n)) for n in range(300)], most=50)
    merged = merge_samples([dense, sparse])
    assert merged == sparse


def test_of_networks_of_any_name_those_that_few_journeys_met_are_one() -> None:
    order = an_order(100, a_touch(a_click(10), ANA), a_touch(a_click(20), ("other:n99", "ana")))
    named = {(f"other:n{n}", "ana"): 100 - n for n in range(40)}
    told = analysis_of(heard(orders=(order,), valid={ANA: 200, **named}))
    assert len(told["networks"]["1"]) == NETWORKS + 1
    assert {"whatsapp", "other:n0", "others"} <= told["networks"]["1"].keys()
    assert "other:n39" not in told["networks"]["1"]
    assert told["pooled_networks"] == 42 - NETWORKS
    assert told["networks"]["1"]["others"][0] > 0, "an order went through one of them"
