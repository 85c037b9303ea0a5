"""What has changed since a report was sent."""

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.models import Influence
from sharetrail.report.keeping.sent_order import (
    NAMED,
    Difference,
    SentOrder,
    differences,
    whole_change,
)


def an_order(
    n: int, net: int = 4_800, influence: Influence = "last_click", currency: str = ""
) -> SentOrder:
    return SentOrder("shopify", f"{n}", f"#{n}", net, influence, currency)


def told(sent: list[SentOrder], now: list[SentOrder]) -> list[tuple[str, int, int, list[str]]]:
    return [
        (each.way, each.count, each.by, [order.name for order in each.named])
        for each in differences(sent, now)
    ]


def test_each_way_of_changing_is_told_apart() -> None:
    sent = [
        an_order(1),
        an_order(2, influence="none"),
        an_order(3),
        an_order(4),
        an_order(5),
        an_order(6),
        an_order(7),
        an_order(8, influence="none"),
    ]
    now = [
        an_order(1),
        an_order(2, influence="assisted"),
        an_order(3, net=5_000),
        an_order(4, net=0),
        an_order(5, influence="none"),
        an_order(7, influence="assisted"),
        an_order(8, net=1, influence="none"),
        an_order(9, net=2_000),
        an_order(10, influence="none"),
    ]
    assert told(sent, now) == [
        ("late", 1, 2_000, ["#9"]),
        ("found", 1, 4_800, ["#2"]),
        ("raised", 1, 200, ["#3"]),
        ("lowered", 1, -4_800, ["#4"]),
        ("lost", 1, -4_800, ["#5"]),
        ("gone", 1, -4_800, ["#6"]),
        ("moved", 1, 0, ["#7"]),
    ]


def test_all_orders_are_compared_too_be_they_through_sharing_or_not() -> None:
    sent = [an_order(1), an_order(2, influence="none"), an_order(3, currency="EUR")]
    now = [an_order(1), an_order(2, net=1_000, influence="none"), an_order(4, net=7)]
    assert whole_change(sent, now) == -3_800 + 7
    assert whole_change(sent, sent) == 0


def test_an_order_whose_exchange_rate_came_late_was_there_before() -> None:
    waiting = an_order(1, net=5_000, currency="EUR")
    assert told([waiting], [an_order(1, net=6_000)]) == [("rated", 1, 6_000, ["#1"])]
    assert told([waiting], [an_order(1, influence="none")]) == []
    assert told([waiting], [waiting._replace(net=4_000)]) == []
    assert told([], [waiting]) == told([waiting], []) == []
    assert told([an_order(1)], [waiting]) == [("gone", 1, -4_800, ["#1"])]


def test_what_was_kept_before_its_currency_was_is_read_as_the_reports() -> None:
    old = SentOrder(*["shopify", "1", "#1", 4_800, "last_click"])  # type: ignore[arg-type]
    assert told([old], [an_order(1)]) == []


def test_nothing_is_told_where_nothing_changed() -> None:
    assert told([an_order(1), an_order(2)], [an_order(2), an_order(1)]) == []


def test_the_twenty_largest_are_named_and_the_rest_are_summed() -> None:
    orders = [an_order(n, net=100 * n) for n in range(1, 31)]
    (difference,) = differences([], orders)
    assert len(difference.named) == NAMED
    assert difference.named[0].name == "#30"
    assert difference.unnamed_count == 10
    assert difference.unnamed_by == sum(100 * n for n in range(1, 11))


def test_of_each_way_one_is_named_however_small_it_is() -> None:
    sent = [an_order(n, net=5_000) for n in range(1, 40)]
    now = [*(an_order(n, net=0) for n in range(1, 40)), an_order(99, net=1)]
    late, lowered = differences(sent, now)
    assert [each.name for each in late.named] == ["#99"]
    assert len(lowered.named) == NAMED - 1


def test_an_order_of_another_platform_is_another() -> None:
    other = an_order(1)._replace(platform="stripe")
    assert [each[0] for each in told([an_order(1)], [other])] == ["late", "gone"]


ORDERS = st.lists(
    st.builds(
        an_order,
        st.integers(0, 30),
        st.integers(-100, 10_000),
        st.sampled_from(["none", "assisted", "last_click"]),
        st.sampled_from(["", "EUR"]),
    ),
    max_size=40,
    unique_by=lambda order: order.order,
)


@given(sent=ORDERS, now=ORDERS)
def test_the_differences_add_up_to_what_changed(
    sent: list[SentOrder], now: list[SentOrder]
) -> None:
    found: tuple[Difference, ...] = differences(sent, now)
    changed = sum(each.influenced for each in now) - sum(each.influenced for each in sent)
    assert sum(each.by for each in found) == changed
    for each in found:
        assert each.unnamed_by == each.by - sum(order.by for order in each.named)
    assert sum(len(each.named) for each in found) <= NAMED


@given(sent=ORDERS, now=ORDERS)
def test_whatever_order_they_are_read_in(sent: list[SentOrder], now: list[SentOrder]) -> None:
    assert differences(sent, now) == differences(sent[::-1], now[::-1])
