"""From days and orders to the records that scoring reads: what counts, for whom, in which week."""

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sharetrail.analysis.score.expectation import InfluencerWeek, Record
from sharetrail.analysis.score.history import Histories, records_of
from sharetrail.attribution.credit import CreditLine
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import Tally
from tests.senders import a_merchant

SUNDAY = date(2026, 11, 22)
WEEKS = 26
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MERCHANT = a_merchant(datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Line:
    """As much of a credit line as records look at."""

    influencer: str = "ana"
    network: str = "x"
    share: float = 1.0
    amount: int = 5_000
    is_in_doubt: bool = False
    is_undecided: bool = True
    human: bool = True

    @property
    def touch(self) -> "Line":
        return self

    @property
    def is_human_click(self) -> bool:
        return self.human


@dataclass(frozen=True, kw_only=True)
class Order:
    """As much of an order's figures as a history looks at."""

    platform: str = "shopify"
    order: str = "1"
    refunded: int = 0
    charged_back: int = 0
    cancelled: bool = False
    net: int = 5_000
    placed_at: datetime = NOON
    paid_at: datetime | None = NOON
    decisions: tuple[()] = ()
    models: dict[str, tuple[Line, ...]] = field(default_factory=dict)

    def lines(self, model: str) -> tuple[Line, ...]:
        """As its details tell them."""
        return self.models[model]


def an_order(*lines: Line, first: Line | None = None, last: Line | None = None, **said: Any):
    """The first and the last touch take all, as they do."""
    net = sum(line.amount for line in lines)
    models = {"linear": lines, "first": (first or lines[0],), "last": (last or lines[-1],)}
    return Order(models=models, **{"net": net, **said})


def week_of(*orders: Order, clicks: int = 10, who: str = "ana") -> InfluencerWeek:
    """The newest week of an influencer with these clicks on Friday."""
    week = {each.influencer: each for each in records(*orders, clicks=clicks)}[who].weeks[0]
    return InfluencerWeek(
        **{each.name: getattr(week, each.name) for each in fields(InfluencerWeek)}
    )


def records(*orders: Order, clicks: int = 10) -> list[Record]:
    return records_of(histories(*orders, clicks=clicks).by_influencer)


def histories(*orders: Order, clicks: int = 10, embedded: int = 0) -> Any:
    made = Link(
        code="0" * 10,
        merchant="m",
        influencer="ana",
        url="https://shop.example/",
        network="whatsapp",
        created_at=NOON,
    )
    counts = {"human": clicks, "bot": 90, "embedded": embedded, "followed": 2}
    told: Any = Histories(MERCHANT, SUNDAY, WEEKS)
    told.add_day(SUNDAY - timedelta(days=2), Tally(links={made.code: counts}), {made.code: made})
    for order in orders:
        told.add_order(order, order)
    return told


def test_an_order_counts_with_its_shares_and_its_clicks_are_peoples() -> None:
    half = Line(share=0.5, amount=2_500)
    bens = Line(influencer="ben", share=0.5, amount=2_500)
    order = an_order(half, bens, first=Line(amount=5_000), last=Line(influencer="ben"))
    assert week_of(order) == InfluencerWeek(
        clicks=10, orders=0.5, squares=0.25, revenue=2_500, shares=1, first=5_000, last=0
    )
    assert week_of(order, who="ben").last == 5_000


def test_what_is_in_doubt_is_left_out_of_everything_but_what_is_doubted() -> None:
    doubted = an_order(Line(is_in_doubt=True, human=False))
    assert week_of(doubted) == InfluencerWeek(
        clicks=10, orders=0, squares=0, revenue=0, shares=1, first=0, last=0, doubted=5_000
    )
    clean = an_order(Line(amount=300))
    both = week_of(doubted, clean)
    assert (both.orders, both.revenue, both.first, both.last) == (1, 300, 300, 300)
    assert both.doubted == 5_000


def test_a_doubt_about_one_partners_credit_leaves_the_others_alone() -> None:
    order = an_order(
        Line(share=0.5, amount=2_000, is_in_doubt=True),
        Line(influencer="ben", share=0.5, amount=3_000),
    )
    ana, ben = week_of(order), week_of(order, who="ben")
    assert (ana.revenue, ana.doubted, ana.first) == (0, 2_000, 0)
    assert (ben.revenue, ben.doubted, ben.last) == (3_000, 0, 3_000)


@pytest.mark.parametrize("is_in_doubt", [False, True])
def test_an_order_that_nobody_paid_for_proves_nothing_and_doubts_nobody(is_in_doubt: bool) -> None:
    line = Line(is_in_doubt=is_in_doubt, amount=10**9)
    assert week_of(an_order(line, paid_at=None)) == week_of()
    told = an_order(line, paid_at=None, platform="standard")
    assert week_of(told) != week_of(), "of a contract of ours, the shop's word is enough"


def test_someone_with_nothing_but_doubted_orders_has_a_record_all_the_same() -> None:
    order = an_order(Line(influencer="cem", is_in_doubt=True, network="coupon"))
    (cem,) = (each for each in records(order) if each.influencer == "cem")
    assert (cem.network, cem.weeks[0].doubted, cem.weeks[0].clicks) == ("coupon", 5_000, 0)


def test_what_was_upheld_earns_nothing_and_leaves_nobody_under_review() -> None:
    assert week_of(an_order(Line(is_in_doubt=True, is_undecided=False))) == week_of()


@pytest.mark.parametrize(
    ("marks", "is_in_doubt", "is_undecided"),
    [
        ((), False, False),
        (("flag:paid_ad", "wait:repeat_buyer"), False, False),
        (("flag:paid_ad", "doubt:self_email"), True, True),
        (("upheld:self_email",), True, False),
        (("upheld:self_email", "doubt:last_second"), True, True),
    ],
)
def test_a_doubt_takes_a_credit_out_and_no_flag_and_no_wait_does(
    marks: tuple[str, ...], is_in_doubt: bool, is_undecided: bool
) -> None:
    touch: Any = None
    line = CreditLine(touch=touch, share=1.0, amount=1, marks=marks)
    assert (line.is_in_doubt, line.is_undecided) == (is_in_doubt, is_undecided)


def test_weeks_are_observed_from_the_first_of_somebody_whom_the_merchant_knows() -> None:
    def lengths(stranger: str, *orders: Order) -> set[int]:
        told = histories(*orders)
        told.by_influencer[stranger].weeks[9].clicks = 1.0
        told.by_influencer[stranger].networks["x"] += 1
        return {len(each.weeks) for each in records_of(told.by_influencer)}

    assert lengths("ben") == {10}
    assert lengths("anon_1") == {1}, "anybody can have been clicked long ago"
    assert lengths("anon_1", an_order(Line(influencer="anon_1"))) == {10}


def test_a_refunded_order_proves_nothing_and_a_partly_refunded_one_what_is_left() -> None:
    gone = an_order(Line(amount=0, human=False), net=0)
    doubted = an_order(Line(amount=0, is_in_doubt=True), net=0)
    assert week_of(gone, doubted) == week_of()
    left = week_of(an_order(Line(amount=2_000)))
    assert (left.orders, left.revenue) == (1, 2_000)


def test_a_touch_that_is_no_click_of_peoples_counts_one() -> None:
    assert week_of(an_order(Line(human=False))).clicks == 11
    assert week_of(an_order(Line())).clicks == 10


def test_an_order_stands_in_the_local_week_it_was_placed_in() -> None:
    last_second = datetime(2026, 11, 16, 4, 59, 59, tzinfo=UTC)  # Sunday in New York
    (ana,) = records(an_order(Line(), placed_at=last_second))
    assert [week.orders for week in ana.weeks] == [0, 1]


def test_a_link_that_a_page_loads_as_its_picture_hides_no_bots() -> None:
    for embedded in (0, 900):
        theirs = histories(clicks=10, embedded=embedded).by_influencer["ana"]
        assert (theirs.clicks, theirs.bots) == (100, 90)
