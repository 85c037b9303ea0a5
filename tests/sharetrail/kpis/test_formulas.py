"""What a key figure says where its parts are odd: not known, and never a zero that is none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sharetrail.costs.cost import Cost
from sharetrail.kpis import formulas
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.figure import (
    NO_COSTS,
    NO_DISCOUNTS,
    NO_RATE,
    NO_VISITS,
    OTHER_DAYS,
    Figure,
    Unknown,
)
from sharetrail.kpis.funnel import Funnel, Outlay, Pages, Sales
from sharetrail.kpis.network_figure import NetworkFigure, spans_of
from sharetrail.kpis.scorecard import Funnels, Scorecard, scorecard_of
from sharetrail.report.page.figures import pillar_cards
from sharetrail.report.page.figures.figure_words import FigureWords
from sharetrail.words.writing import Writing

FIRST = date(2026, 11, 16)
LAST = date(2026, 11, 22)


def a_funnel(**told: Any) -> Funnel:
    return Funnel(first=FIRST, last=LAST, currency="USD", **told)


def test_an_order_by_a_code_alone_converts_no_click() -> None:
    by_code = Sales(orders=10, journeys=0)
    assert formulas.conversion(a_funnel(clicks=5, sales=by_code)) == Figure(0, 5, (0, 5))
    assert formulas.conversion(a_funnel(clicks=40, sales=Sales(orders=9, journeys=2))) == Figure(
        2, 40, (2, 40)
    )


def test_visits_are_not_known_where_people_came_and_no_page_told_of_one() -> None:
    """Nobody was asked whether they may be counted, or the buttons' pages alone have the script."""
    views = Pages(views=5, all_leads=2, leads=1)
    assert formulas.visits(a_funnel(pages=views, clicks=3)) is NO_VISITS
    assert formulas.lead_rate(a_funnel(pages=views, clicks=3)) is NO_VISITS
    assert formulas.visits(a_funnel(pages=views)) == Figure(0, 1, (0,)), "nobody came"
    seen = Pages(views=5, visits=2)
    assert formulas.visits(a_funnel(pages=seen, clicks=3)) == Figure(2, 1, (2,))


@pytest.mark.parametrize(
    ("outlay", "why"),
    [
        (None, NO_COSTS),
        (
            Outlay(
                spent=0,
                orders=3,
                earned=900,
                apart=(
                    Cost(
                        id="fee",
                        kind="fee",
                        amount=50_000,
                        currency="EUR",
                        first=FIRST,
                        last=LAST,
                        entered_at=datetime(2026, 11, 16, tzinfo=UTC),
                    ),
                ),
            ),
            NO_RATE,
        ),
        (Outlay(spent=0, orders=3, earned=900, untold=2), NO_DISCOUNTS),
    ],
)
def test_why_a_cost_is_not_known_is_the_truth(outlay: Outlay | None, why: Unknown) -> None:
    funnel = a_funnel(outlay=outlay)
    assert formulas.cost_per_action(funnel) is formulas.return_on_spend(funnel) is why


# ── what networks were told of ───────────────────────────────────────────────────────────────────
def told(first: date, days: list[int], impressions: int = 1_000) -> list[NetworkFigure]:
    return [
        NetworkFigure(
            network="instagram",
            day=first + timedelta(days=day),
            impressions=impressions,
            told_at=datetime(2026, 11, 30, tzinfo=UTC),
        )
        for day in days
    ]


def a_card(now: list[int], before: list[int]) -> Scorecard:
    def funnel(first: date, days: list[int]) -> Funnel:
        last = first + timedelta(days=6)
        spans = spans_of(told(first, days), first, last)
        clicks = {"instagram": 90}
        return Funnel(
            first=first, last=last, currency="USD", networks=spans, clicks_by_network=clicks
        )

    funnels = Funnels(now=funnel(FIRST, now), before=funnel(FIRST - timedelta(days=7), before))
    return scorecard_of(funnels, LastYear(days=Days(first=FIRST, last=LAST)), ())


@pytest.mark.parametrize("kpi", ["impressions", "click_through"])
def test_days_that_are_told_in_part_are_not_judged_by_days_that_are_told_in_full(kpi: str) -> None:
    week = [*range(7)]
    card = a_card(now=week[:3], before=week)
    for line in (card.of(kpi), next(e for e in card.networks[0].lines if e.kpi.id == kpi)):
        assert line.figure
        assert line.before
        assert (line.before.reading, line.before.judgement) == (OTHER_DAYS, None)


def test_a_network_stands_beside_its_own_days_before() -> None:
    for card in (a_card(now=[*range(7)], before=[*range(7)]), a_card(now=[6], before=[6])):
        (network,) = card.networks
        line = next(each for each in network.lines if each.kpi.id == "impressions")
        assert line.before
        assert line.before.judgement == "unclear"


def test_the_page_says_why_days_that_were_told_in_part_do_not_compare() -> None:
    words = FigureWords(writing=Writing(zone="UTC", language="en_US", currency="USD"))
    (network,) = pillar_cards.networks(a_card(now=[0, 1], before=[*range(7)]), words)
    row = next(each for each in network.rows if each.name == "Post impressions")
    assert (row.value, row.before) == ("2,000", OTHER_DAYS.why)
