"""Whether the shop's script has stopped, as paid orders tell."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sharetrail.analysis.period import Period
from sharetrail.analysis.visits import Visits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.clicks.trail import TrailState
from sharetrail.installation import script_silence
from sharetrail.installation.script_silence import Silence
from sharetrail.totals.tally import Tally

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def an_order(day: int, said: TrailState = "none", *, is_paid: bool = True) -> OrderFigures:
    at = MONDAY + timedelta(days=day)
    return OrderFigures(
        platform="shopify",
        order=f"{day}",
        name="",
        placed_at=at,
        currency="USD",
        net=100,
        paid_at=at if is_paid else None,
        refunded=0,
        influence="none",
        packed="",
        trail_state=said,
    )


def silence_of(*orders: OrderFigures) -> Silence:
    return script_silence.of(
        Period(
            first=MONDAY.date(),
            last=MONDAY.date() + timedelta(days=6),
            as_of=MONDAY + timedelta(days=7),
            tally=Tally(),
            visits=Visits(zone=ZoneInfo("America/New_York")),
            links={},
            orders=orders,
            foreign=(),
        )
    )


def test_the_newest_paid_orders_of_a_page_in_a_row_are_counted() -> None:
    silent = [an_order(day, "absent") for day in (4, 3)]
    unpaid, by_hand = an_order(5, is_paid=False), replace(an_order(6), origin="hand")
    found = silence_of(*silent, an_order(0, "absent"), an_order(2, "denied"), unpaid, by_hand)
    assert found == Silence(orders=2, since=date(2026, 11, 19), earlier=2, earlier_silent=1)


def test_a_row_goes_back_into_the_span_before() -> None:
    before = silence_of(an_order(-5), an_order(-4, "absent"), an_order(-3), an_order(-1, "absent"))
    silent = silence_of(an_order(1, "absent"), an_order(2, "absent"))
    assert script_silence.since(before, silent) == Silence(
        orders=3, since=date(2026, 11, 15), earlier=3, earlier_silent=1
    )
    heard = silence_of(an_order(1), an_order(2, "absent"))
    assert script_silence.since(before, heard) == Silence(
        orders=1, since=date(2026, 11, 18), earlier=5, earlier_silent=2
    )


def test_orders_that_allow_nothing_are_counted_until_one_does() -> None:
    assert silence_of(an_order(1), an_order(2, "denied"), an_order(3, "denied")).denied == 2
    before = silence_of(an_order(-4), an_order(-3, "denied"))
    refused = silence_of(an_order(1, "denied"), an_order(2, "denied"))
    assert script_silence.since(before, refused).denied == 3
    assert script_silence.since(before, silence_of(an_order(1), an_order(2, "denied"))).denied == 1
    assert script_silence.since(before, silence_of(an_order(1, "absent"))).denied == 0
    assert script_silence.since(before, Silence()).denied == 1, "days without an order"


@pytest.mark.parametrize(
    ("orders", "earlier", "earlier_silent", "is_break"),
    [
        (3, 3, 0, True),
        (2, 900, 0, False),
        (3, 9, 5, False),
        (8, 9, 5, True),
        (90, 0, 0, False),
        (3, 1, 0, False),
    ],
)
def test_a_script_has_stopped_where_chance_would_hardly_have_so_many_orders_without_it(
    orders: int, earlier: int, earlier_silent: int, is_break: bool
) -> None:
    silence = Silence(
        orders=orders, since=MONDAY.date(), earlier=earlier, earlier_silent=earlier_silent
    )
    assert script_silence.is_break(silence) == is_break
