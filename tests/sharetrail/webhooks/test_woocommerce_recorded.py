"""What a real WooCommerce sent: every order ends at its right net and state, whatever the
interleaving of its deliveries, however late the queue, and in whatever order they are worked off.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact
from sharetrail.webhooks import woocommerce
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from tests import recorded
from tests.recorded import Recorded
from tests.senders import a_merchant

# order → what is right, by hand from its lines: net, and whether it counts
RIGHT = {
    "22": (5_248, True),  # a kettle and a mug
    "23": (2_026, True),
    "26": (10_468, True),  # 10 % off each line
    "28": (3_798, True),  # two coupons
    "29": (1_249, True),  # a fee of 3.50 is no revenue
    "30": (749, True),  # a gift card of 5.00, as a fee below zero
    "33": (9_870, True),  # prices with tax
    "36": (550, True),
    "38": (2_498, True),  # the kettle was refunded by line
    "40": (5_716, True),  # 10.00 by amount, of 83.15: 64.97 − 7.81
    "42": (6_497, True),  # shipping alone
    "44": (0, True),  # all items, not the shipping
    "46": (0, True),
    "48": (0, True),
    "50": (6_497, True),  # cancelled, and taken back
    "52": (0, False),  # trashed, restored, trashed, restored, trashed
    "54": (6_497, True),  # trashed and restored in one run of the queue
    "57": (1_249, True),  # pending, failed, paid
    "59": (0, True),
    "61": (4_496, True),
    "63": (6_497, True),
    "67": (4_996, True),  # cancelled and taken back within a second
    "70": (1_249, True),
    "80": (45, True),  # yen
    "82": (45_240, True),  # dinars
    "604": (1_249, True),
    "609": (1_500, True),
    "611": (1_500, True),
    "627": (1_249, True),
    "23 of 7.9": (0, False),
}
TURNS = ("order.deleted", "order.restored")


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return a_merchant(_ALL[0].at, "localhost:18602", "localhost:18604")


_ALL = recorded.woocommerce()


def by_order() -> dict[str, list[Recorded]]:
    orders: dict[str, list[Recorded]] = defaultdict(list)
    for each in _ALL:
        if each.order:
            orders[each.order].append(each)
    return orders


def read(merchant: Merchant, delivery: Recorded, received: datetime) -> Fact:
    (_, fact) = woocommerce.read(
        Delivery(
            platform="woocommerce",
            merchant=merchant,
            headers=delivery.headers,
            payload=delivery.payload,
            now=received,
        )
    )
    return fact


def state(merchant: Merchant, told: Iterable[Recorded], late: timedelta, gap: timedelta) -> Order:
    """What deliveries come to that arrive in this order, the first so late."""
    told = list(told)
    facts: dict[str, Fact] = {}
    for n, delivery in enumerate(told):
        fact = read(merchant, delivery, told[0].at + late + n * gap)
        facts.setdefault(fact.sk, fact)
    order = fold_facts(facts.values())
    assert order
    assert order == fold_facts(list(facts.values())[::-1]), "worked off backwards"
    return order


def test_every_recorded_order_has_its_right_value_here() -> None:
    assert by_order().keys() == RIGHT.keys()
    assert len(_ALL) == 91


@pytest.mark.parametrize("order", RIGHT)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_recorded_order_ends_at_its_right_net_and_state(data: st.DataObject, order: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
        merchant = a_merchant(_ALL[0].at, "localhost:18602", "localhost:18604")
        told = interleaved(data, by_order()[order])
        late = data.draw(st.sampled_from([timedelta(), timedelta(minutes=3), timedelta(hours=9)]))
        gap = data.draw(st.sampled_from([timedelta(milliseconds=1), timedelta(seconds=40)]))
        found = state(merchant, told, late, gap)
    net, counts = RIGHT[order]
    assert (found.net, found.cancelled_at is None) == (net, counts)


def interleaved(data: st.DataObject, told: list[Recorded]) -> list[Recorded]:
    """Another order in which the queue may have sent them. A body is made when it is sent, so those
    of one second keep their order, as do deletions and restorations; the rest may overtake."""
    left, sent = list(told), []
    while left:
        free = [each for n, each in enumerate(left) if not any(_binds(b, each) for b in left[:n])]
        sent.append(data.draw(st.sampled_from(free)))
        left.remove(sent[-1])
    return sent


def _binds(before: Recorded, after: Recorded) -> bool:
    if before.topic in TURNS and after.topic in TURNS:
        return True
    times = [each.payload.get("date_modified_gmt") for each in (before, after)]
    return times[0] is not None and times[0] == times[1]


def test_a_refund_that_was_deleted_without_a_word_is_undone_by_the_next(
    merchant: Merchant,
) -> None:
    told = by_order()["38"]
    facts = [read(merchant, each, each.at) for each in told]
    last = told[-1].payload | {"date_modified_gmt": "2026-11-28T18:29:00", "refunds": []}
    body = Delivery(
        platform="woocommerce",
        merchant=merchant,
        headers=told[-1].headers,
        payload=last,
        now=told[-1].at + timedelta(minutes=5),
    )
    order = fold_facts([*facts, woocommerce.read(body)[1]])
    assert order
    assert order.net == 6_497


def test_what_is_paid_fulfilled_written_by_hand_and_renewed_is_told(merchant: Merchant) -> None:
    found = {
        name: state(merchant, told, timedelta(), timedelta(seconds=1))
        for name, told in by_order().items()
    }
    paid = {name for name, order in found.items() if order.paid_at}
    assert paid == {"52", "54", "57", "63", "70", "604", "609", "611", "627"}
    assert {name for name, order in found.items() if order.fulfilled_at} == {"63", "609"}
    assert {name: o.sale.origin for name, o in found.items() if o.sale.origin != "page"} == {
        "604": "hand",
        "611": "renewal",
    }


def test_an_error_that_stands_for_an_order_is_kept_with_what_mends_it(merchant: Merchant) -> None:
    errors = [each for each in _ALL if each.topic and not each.order]
    assert len(errors) == 3
    for each in errors:
        with pytest.raises(NotUnderstood) as raised:
            read(merchant, each, each.at)
        assert "WooCommerce sent an error instead of an order" in raised.value.detail
        asks_for = "save it again" if "cannot_view" in each.payload["code"] else "reconciliations"
        assert asks_for in raised.value.detail
