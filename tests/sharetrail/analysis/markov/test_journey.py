"""Journeys that ended, with an order or without: what Markov is told."""

import random
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sharetrail import base32
from sharetrail.analysis.markov.journey import (
    JourneyRecords,
    Step,
    WeekJourneys,
    add_weeks,
    ended_journeys,
    step_of,
)
from sharetrail.analysis.markov.markov import Outcome
from sharetrail.analysis.markov.removal_effects import NETWORKS, analysis_of
from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.calendars import Week
from sharetrail.clicks.click import mint_click_id, time_of_click
from sharetrail.clicks.page_event import PRIVATE, PageEvent
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale
from sharetrail.sharing.link import Link
from sharetrail.totals.trail_sample import (
    TRAILS_OF_AN_ADDRESS,
    Trail,
    TrailSample,
    merge_samples,
)
from tests.senders import a_merchant
from tests.visits import sample_trails, visit_with

MERCHANT = a_merchant(datetime(2026, 1, 1, tzinfo=UTC))
WEEK = Week(date(2026, 10, 26))
START = datetime(2026, 8, 31, 4, tzinfo=UTC)
"""New York's midnight, five weeks (a window of thirty days) before the four weeks up to WEEK."""
SPAN = START.date()
ANA, BEN = ("whatsapp", "ana"), ("x", "ben")
MANY = {ANA: 10, BEN: 10}


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
        sale=sale,
        placed_at=START + timedelta(days=30),
        paid_at=START + timedelta(days=30),
        net=net,
        refunded=0,
        fact_count=1,
    )
    ref = OrderRef(merchant="m", platform="shopify", id="1")
    return compute_credits(ref, order, OrderTouches(touches=touches), CreditRule())


def heard(
    *trails: Trail,
    orders: tuple[OrderCredits, ...] = (),
    clicked: dict[str, Step] | None = None,
    valid: dict[Step, int] | None = None,
    one_in: int = 1,
) -> JourneyRecords:
    ordered, ended = WeekJourneys(), WeekJourneys()
    for order in orders:
        ordered.add_order(order, order.details)
    ended.valid.update(valid or {})
    ended.trail_steps = clicked or {}
    told = add_weeks(MERCHANT, WEEK, [(SPAN, ended), (WEEK.first, ordered)])
    return replace(told, trails=TrailSample(one_in=one_in, trails=trails))


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
    assert [step_of(each) for each in links.values()] == [("other:Twitch", "ana"), ("x", "ana")]


def test_an_order_is_a_journey_through_the_touches_that_count() -> None:
    order = an_order(5_000, a_touch(a_click(10), ANA), a_touch(a_click(20), BEN))
    ended = ended_journeys(heard(orders=(order,)))
    assert ended == {(ANA, BEN): Outcome(conversions=1, value=5_000)}


STRANGER = ("x", "anon_00")


def test_whose_links_anybody_makes_comes_to_nothing_only_where_orders_came_by_them() -> None:
    one, other = a_click(3), a_click(5)
    clicked, valid = {one: ANA, other: STRANGER}, {ANA: 3, STRANGER: 200}
    told = heard((one, other), clicked=clicked, valid=valid)
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=3)}
    order = an_order(5_000, a_touch(a_click(20), STRANGER))
    seller = heard((one, other), clicked=clicked, valid=valid, orders=(order,))
    assert ended_journeys(seller) == {
        (STRANGER,): Outcome(conversions=1, nulls=198, value=5_000),
        (ANA, STRANGER): Outcome(nulls=1),
        (ANA,): Outcome(nulls=2),
    }


def test_what_anybody_could_say_of_a_buyer_is_no_journey_of_a_click() -> None:
    click = a_click(10)
    known = replace(a_touch(click, ANA), evidence="bare")
    told = heard(orders=(an_order(5_000, known, a_touch(a_click(20), BEN)),))
    assert told.orders.steps.keys() == {a_click(20)}
    assert ended_journeys(told) == {(BEN,): Outcome(conversions=1, value=5_000)}


def test_an_order_that_was_given_back_brought_nobody_to_anything() -> None:
    assert ended_journeys(heard(orders=(an_order(0, a_touch(a_click(10), ANA)),))) == {}


def test_an_order_that_nobody_paid_for_brought_nobody_to_anything() -> None:
    unpaid = replace(an_order(5_000, a_touch(a_click(10), ANA)), paid_at=None)
    assert ended_journeys(heard(orders=(unpaid,))) == {}


def test_a_trail_that_no_order_carried_is_a_journey_to_nothing() -> None:
    one, other = a_click(3), a_click(5)
    told = heard((one, other), clicked={one: ANA, other: BEN}, valid=MANY, one_in=4)
    assert ended_journeys(told)[ANA, BEN] == Outcome(nulls=4)


def test_a_trail_that_went_on_counts_once_and_at_its_end() -> None:
    one, other = a_click(3), a_click(5)
    told = heard((one,), (one, other), clicked={one: ANA, other: BEN}, valid={ANA: 1, BEN: 1})
    assert ended_journeys(told) == {(ANA, BEN): Outcome(nulls=1)}


def test_a_trail_whose_newest_click_is_younger_than_the_window_has_not_ended() -> None:
    young = a_click(28.5)
    assert ended_journeys(heard((young,), clicked={young: ANA})) == {}


def test_a_trail_that_led_to_an_order_is_no_null_journey() -> None:
    click = a_click(10)
    order = an_order(100, a_touch(click, ANA))
    told = heard((click,), orders=(order,), clicked={click: ANA}, valid={ANA: 1})
    assert ended_journeys(told) == {(ANA,): Outcome(conversions=1, value=100)}


def test_a_click_that_nobody_saw_again_is_a_journey_of_one_touch() -> None:
    click = a_click(10)
    told = heard((click,), clicked={click: ANA}, valid={ANA: 5, BEN: 2})
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=1 + 4), (BEN,): Outcome(nulls=2)}


def test_a_sample_stands_for_the_whole() -> None:
    click = a_click(10)
    told = heard((click,), clicked={click: ANA}, valid={ANA: 10}, one_in=4)
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=4 + 6)}


def test_a_click_stands_in_one_journey_however_many_trails_name_it() -> None:
    one, other, third = a_click(3), a_click(5), a_click(7)
    told = heard(
        (one, third),
        (one, other),
        (other, third),
        clicked={one: ANA, other: BEN, third: BEN},
        valid={ANA: 1, BEN: 2},
    )
    assert ended_journeys(told) == {(BEN, BEN): Outcome(nulls=1)}


def test_of_two_trails_with_a_click_in_common_the_newer_has_it() -> None:
    one, other, third = a_click(3), a_click(5), a_click(7)
    clicked, valid = {one: ANA, other: BEN, third: BEN}, {ANA: 1, BEN: 2}
    told = heard((one, other), (one, third), clicked=clicked, valid=valid)
    assert ended_journeys(told) == {(ANA, BEN): Outcome(nulls=1), (BEN,): Outcome(nulls=1)}


def test_a_trail_of_what_is_no_valid_click_is_no_journey() -> None:
    one, made_up = a_click(3), a_click(5)
    told = heard((one, made_up), (made_up,), clicked={one: ANA}, valid={ANA: 1})
    assert ended_journeys(told) == {(ANA,): Outcome(nulls=1)}


def test_a_sample_stands_for_no_more_clicks_than_there_were() -> None:
    pairs = [(a_click(3 + n / 100), a_click(5 + n / 100)) for n in range(10)]
    clicked = {click: step for pair in pairs for click, step in zip(pair, (ANA, BEN), strict=True)}
    told = heard(*pairs, clicked=clicked, valid={ANA: 25, BEN: 90}, one_in=4)
    nulls = {path: outcome.nulls for path, outcome in ended_journeys(told).items()}
    assert nulls == {(ANA, BEN): 25, (BEN,): 50}


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=12),
    st.sampled_from([1, 4]),
    st.randoms(use_true_random=False),
)
def test_no_trails_make_more_of_a_step_than_its_clicks(
    told: list[list[int]], one_in: int, dice: random.Random
) -> None:
    ids = [a_click(3 + n, n) for n in range(10)]
    clicked = {click: (ANA, BEN)[n % 2] for n, click in enumerate(ids)}
    trails = [tuple(sorted({ids[n] for n in each})) for each in told]
    valid = {ANA: 5, BEN: 5}
    made = ended_journeys(heard(*trails, clicked=clicked, valid=valid, one_in=one_in))
    for step in (ANA, BEN):
        assert sum(each.nulls * path.count(step) for path, each in made.items()) <= valid[step]
    dice.shuffle(trails)
    assert ended_journeys(heard(*trails, clicked=clicked, valid=valid, one_in=one_in)) == made


def test_effects_need_journeys_that_came_to_nothing() -> None:
    order = an_order(100, a_touch(a_click(10), ANA))
    assert analysis_of(heard(orders=(order,)))["networks"] == {}
    told = analysis_of(heard(orders=(order,), valid={ANA: 9, BEN: 10}))
    assert told["networks"]["1"]["whatsapp"][:2] == [1.0, 1.0]
    assert told["networks"]["1"]["x"][:2] == [0.0, 0.0]
    assert set(told["networks"]) == {"1", "2", "3"}
    assert told["influencers"]["1"].keys() == {"ana", "ben"}


# ── the sample ───────────────────────────────────────────────────────────────────────────────────
def a_visit(*ids: str, n: int = 1, address: str | None = None) -> PageEvent:
    by_trail = base32.encode(zlib.crc32(ids[0].encode()) if ids else 0, 8)
    return visit_with(ids, address or by_trail, START, n)


def test_a_days_trails_are_kept_once_each_and_all_of_few() -> None:
    one, other = a_click(1), a_click(2)
    events = [a_visit(one), a_visit(one, n=3), a_visit(other, one), a_visit()]
    sample = sample_trails(events)
    assert sample.one_in == 1
    assert sample.trails == ((one,), (one, other))


def test_one_machine_cannot_thin_the_sample_out_for_all() -> None:
    honest = [a_visit(a_click(n / 100, n)) for n in range(300)]
    forged = [a_visit(a_click(n / 100, 1_000 + n), n=100, address="a") for n in range(2_000)]
    sample = sample_trails([*forged, *honest])
    assert (sample.one_in, len(sample.trails)) == (1, 300 + TRAILS_OF_AN_ADDRESS)
    assert sample_trails([*honest, *forged[::-1]]) == sample


def test_a_visit_of_nobody_in_particular_is_in_no_sample() -> None:
    private = replace(a_visit(a_click(1)), address=PRIVATE)
    assert sample_trails([private]).trails == ()
    assert sample_trails([replace(private, address=None)]).trails, "of before addresses were kept"


def test_of_many_browsers_all_of_some_are_kept_and_the_sample_says_how_many() -> None:
    events = [a_visit(a_click(n / 1_000, n), a_click(2 + n / 1_000, n)) for n in range(900)]
    sample = sample_trails(events, most=100)
    assert sample.one_in in (8, 16, 32)
    assert 20 < len(sample.trails) <= 100
    kept = {trail[0] for trail in sample.trails}
    again = sample_trails([a_visit(a_click(n / 1_000, n)) for n in range(900)], most=100)
    assert {trail[0] for trail in again.trails} == kept, "another day keeps the same browsers"


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
