"""What is held of an order, in parts that add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.fraud_rules import Decision, Effect
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale
from sharetrail.report import held_parts
from sharetrail.report.building import held_orders
from sharetrail.report.held import HeldOrder, HeldSum
from sharetrail.report.page.acts import release
from sharetrail.report.page.evidence import order_lines
from tests.reports import an_influencer

PLACED = datetime(2026, 11, 22, 15, tzinfo=UTC)
NOW, LATER = PLACED + timedelta(days=1), PLACED + timedelta(days=31)
REF = OrderRef(merchant="m_1", platform="shopify", id="1234")
FOUR = ("ana", "enamel", "mina", "theo")
_RULES = {"wait": "repeat_buyer", "doubt": "last_second", "withhold": "thin_evidence"}


def a_touch(who: str) -> Touch:
    return Touch(
        id=f"click-of-{who}",
        at=PLACED - timedelta(days=1),
        link=f"link-of-{who}",
        influencer=who.rstrip("0123456789"),
        name=who.capitalize(),
        network="whatsapp",
        evidence="trail",
        verdict="human",
        reason="",
        verdict_version=1,
    )


def holding(effect: Effect, who: str | None = None) -> Decision:
    days = 30 if effect == "wait" else 182
    return Decision(
        rule=_RULES[effect],
        effect=effect,
        influencer=who and who.rstrip("0123456789"),
        touch=who and f"click-of-{who}",
        inputs={"seconds": 2},
        sentence="It is odd.",
        until=PLACED + timedelta(days=days),
    )


WAIT = holding("wait")


def an_order(*people: str, net: int = 8_200, decisions: tuple[Decision, ...] = ()) -> OrderCredits:
    made = Sale(name="#1234", currency="USD", lines=(), net=net, total=net)
    order = Order(sale=made, placed_at=PLACED, paid_at=PLACED, net=net, refunded=0, fact_count=1)
    touches = OrderTouches(touches=tuple(map(a_touch, people)))
    return compute_credits(REF, order, touches, CreditRule(), decisions=decisions)


def parts_of(order: OrderCredits, now: datetime = NOW) -> tuple[HeldOrder, ...]:
    return held_parts.of_order(order, order, now)


def told(order: OrderCredits, now: datetime = NOW) -> list[tuple[str, int, list[str]]]:
    rules = [[id_.partition(":")[0] for id_ in each.decisions] for each in parts_of(order, now)]
    return [
        (each.influencer, each.amount, by)
        for each, by in zip(parts_of(order, now), rules, strict=True)
    ]


def test_what_is_withheld_of_three_and_waits_with_a_fourth_adds_up_to_the_order() -> None:
    withheld = tuple(holding("withhold", who) for who in FOUR[:3])
    order = an_order(*FOUR, decisions=(WAIT, *withheld))
    assert [each.amount for each in order.details.lines("linear")] == [8_200], "theo's, by now"
    both = ["thin_evidence", "repeat_buyer"]
    assert told(order) == [
        ("ana", 2_050, both),
        ("enamel", 2_050, both),
        ("mina", 2_050, both),
        ("theo", 2_050, ["repeat_buyer"]),
    ]
    (first, *_) = parts_of(order)
    assert (first.asks, first.waits, first.in_all) == (6_150, 2_050, 8_200)


def test_what_is_released_of_several_leaves_the_others_figures_as_they_were() -> None:
    released = replace(holding("withhold", "ana"), verdict="released")
    withheld = tuple(holding("withhold", who) for who in FOUR[1:3])
    order = an_order(*FOUR, decisions=(WAIT, released, *withheld))
    assert sorted(amount for _, amount, _ in told(order)) == [2_050, 2_050, 4_100]
    (first, *_) = parts_of(order)
    assert (first.asks, first.in_all) == (4_100, 8_200)


def test_what_was_rejected_waits_no_more_whatever_else_is_said_of_it() -> None:
    rejected = replace(holding("doubt", "ana"), verdict="upheld")
    order = an_order("ana", "cove", net=9_600, decisions=(WAIT, rejected))
    assert told(order) == [("cove", 4_800, ["repeat_buyer"])]
    ana, cove = order_lines.people_of(order, NOW)
    assert (ana.held, cove.held) == (None, cove.amount)
    whole = replace(WAIT, verdict="upheld")
    assert told(an_order("ana", decisions=(whole, holding("doubt", "ana")))) == []


def test_a_date_that_is_over_leaves_what_waits_for_a_word() -> None:
    order = an_order("ana", "cove", net=9_600, decisions=(WAIT, holding("doubt", "ana")))
    assert told(order, LATER) == [("ana", 4_800, ["last_second"])]


def test_what_several_people_wait_for_alike_is_one_part_and_nobody_s() -> None:
    order = an_order("ana", "cove", decisions=(WAIT,))
    assert told(order) == [("", 8_200, ["repeat_buyer"])]


def test_what_of_somebody_s_waits_for_a_word_counts_each_order_once() -> None:
    """Two clicks, each in doubt."""
    decisions = (holding("doubt", "ana1"), holding("doubt", "ana2"))
    parts = parts_of(an_order("ana1", "ana2", decisions=decisions))
    assert len(parts) == 2
    (line,) = held_orders.asking((an_influencer(0, id="ana"),), parts)
    assert line.asking == HeldSum(orders=1, amount=8_200)


_VERDICTS = st.sampled_from([None, "released", "upheld"])
_SAID = st.lists(
    st.tuples(st.sampled_from(["wait", "doubt", "withhold"]), st.sampled_from(FOUR), _VERDICTS),
    max_size=6,
    unique_by=lambda each: each[:2],
)


@given(net=st.integers(1, 99_999), said=_SAID)
def test_parts_add_up_to_what_is_held_and_never_to_more_than_the_order(
    net: int, said: list[tuple[Effect, str, None]]
) -> None:
    decisions = tuple(
        replace(holding(effect, None if effect == "wait" else who), verdict=verdict)
        for effect, who, verdict in said
    )
    parts = parts_of(an_order(*FOUR, net=net, decisions=decisions))
    sums = held_orders.add_up(parts)
    assert sum(each.amount for each in parts) == sums.asking.amount + sums.waiting.amount <= net
    for each in parts:
        assert each.in_all == sums.asking.amount + sums.waiting.amount
        assert each.waits_for_a_word == (each.effect != "wait")


# ── in lists ─────────────────────────────────────────────────────────────────────────────────────
def test_of_two_clicks_the_one_that_is_held_is_told_apart() -> None:
    order = an_order("ana1", "ana2", net=1_200, decisions=(holding("doubt", "ana1"),))
    (ana,) = order_lines.people_of(order, NOW)
    assert (str(ana.amount), str(ana.held)) == ("12.00", "6.00")


def test_what_nobody_brought_waits_for_nothing() -> None:
    order = an_order(decisions=(WAIT,))
    assert not order_lines.is_waiting(order, NOW)
    assert "held" not in order_lines.line_of(order, NOW).remarks
    assert order_lines.is_waiting(an_order("ana", decisions=(WAIT,)), NOW)
    assert order_lines.is_waiting(an_order("ana", decisions=(holding("withhold", "ana"),)), NOW)


# ── released ─────────────────────────────────────────────────────────────────────────────────────
def test_who_releases_a_wait_is_told_what_still_waits_for_another_word() -> None:
    order = an_order("ana", "cove", net=9_600, decisions=(WAIT, holding("doubt", "ana")))
    fates = {each.name: (each.amount, each.fate) for each in release.parts_of(order, WAIT, NOW)}
    assert fates == {"Ana": (4_800, "asks"), "Cove": (4_800, "free")}
    doubt = holding("doubt", "ana")
    (part,) = release.parts_of(order, doubt, NOW)
    assert (part.fate, part.waits_until) == ("waits", WAIT.until)
    (part,) = release.parts_of(order, doubt, LATER)
    assert part.fate == "free"


def test_of_many_people_the_least_are_told_together() -> None:
    many = an_order("a", "b", "c", "d", "e", "f", net=6_000, decisions=(WAIT,))
    parts = release.parts_of(many, WAIT, NOW)
    assert [(each.name, each.amount) for each in parts][-1] == ("", 2_000)
    assert len(parts) == 5


def test_who_releases_one_of_several_withheld_is_told_what_all_would_leave_of_it() -> None:
    withheld = tuple(holding("withhold", who) for who in FOUR[:3])
    order = an_order(*FOUR, decisions=withheld)
    assert sum(each.amount for each in release.parts_of(order, withheld[0], NOW)) == 4_100
    assert release.with_others(order, withheld[0], NOW) == 2_050
    waits = an_order(*FOUR, decisions=(WAIT, *withheld))
    assert sum(each.amount for each in release.parts_of(waits, WAIT, NOW)) == 8_200
    assert release.with_others(waits, WAIT, NOW) == 2_050, "theo's, who has all of it by now"
    assert release.with_others(an_order(*FOUR, decisions=withheld[:1]), withheld[0], NOW) is None
