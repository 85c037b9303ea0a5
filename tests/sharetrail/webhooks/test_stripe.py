"""Stripe's events, read; and its signatures, with Stripe's own library as signer and verifier."""

import itertools
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe as library

from sharetrail.clicks.click import mint_click_id
from sharetrail.merchants import person_hashes, vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact, Sale
from sharetrail.webhooks import stripe
from sharetrail.webhooks.delivery import Delivery
from sharetrail.webhooks.signature import Unsigned
from tests.senders import (
    Payload,
    a_charge,
    a_dispute,
    a_merchant,
    a_session,
    a_stripe_refund,
    an_event,
    seconds,
    stripe_signature,
)
from tests.shops import STRIPE_SECRET

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
CLICK = mint_click_id(AT, 0, 0)
COMPLETED = "checkout.session.completed"
SUCCEEDED = "checkout.session.async_payment_succeeded"


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return a_merchant(AT)


def delivery(merchant: Merchant, event: Any) -> Delivery:
    return Delivery(platform="stripe", merchant=merchant, headers={}, payload=event, now=AT)


def read(merchant: Merchant, event: Any) -> Fact | None:
    told = stripe.read(delivery(merchant, event))
    return told[1] if told else None


def order_id(merchant: Merchant, event: Payload) -> str:
    told = stripe.read(delivery(merchant, event))
    assert told
    assert (told[0].merchant, told[0].platform) == (merchant.id, "stripe")
    return told[0].id


def sale(merchant: Merchant, **changes: Any) -> Sale:
    fact = read(merchant, an_event(COMPLETED, a_session(AT, **changes), AT))
    assert fact
    assert fact.sale
    return fact.sale


def order_of(merchant: Merchant, *events: Payload) -> Order:
    """The same in whatever order they come, and however often."""
    facts = [fact for event in events if (fact := read(merchant, event))]
    orders = {repr(fold_facts(each)) for each in itertools.permutations(facts)}
    assert len(orders) == 1
    order = fold_facts(facts)
    assert order
    return order


def refunded(amount: int, days: int = 1, **changes: Any) -> Payload:
    return an_event("charge.refunded", a_charge(amount, **changes), AT + timedelta(days=days))


def failed(amount: int, days: int, kind: str = "refund.failed", **changes: Any) -> Payload:
    return an_event(kind, a_stripe_refund(amount, **changes), AT + timedelta(days=days))


def disputed(kind: str, status: str, days: int = 1, **changes: Any) -> Payload:
    at = AT + timedelta(days=days)
    return an_event(f"charge.dispute.{kind}", a_dispute(status, **changes), at)


PLACED = an_event(COMPLETED, a_session(AT), AT)


# ── what a session is worth ──────────────────────────────────────────────────────────────────────
def test_net_is_the_total_without_tax_and_shipping(merchant: Merchant) -> None:
    told = sale(merchant)
    assert (told.net, told.discounts) == (4_500, 500)
    assert (told.total, told.tax, told.shipping) == (5_855, 855, 500)
    assert (told.currency, told.codes, told.test) == ("USD", ("promo_1Spring",), False)
    assert (told.customer, told.email) == (
        person_hashes.of_customer(merchant.id, "stripe", "cus_NeZwdNtLEOXuvB", AT),
        person_hashes.of_email(merchant.id, "buyer@example.com", AT),
    )
    assert "example.com" not in repr(read(merchant, PLACED))


def test_a_shipping_rate_that_carries_tax_is_not_taxed_twice(merchant: Merchant) -> None:
    shipping = {"amount_subtotal": 500, "amount_tax": 80, "amount_total": 500}
    told = sale(
        merchant,
        amount_total=5_500,
        shipping_cost=shipping,
        total_details={"amount_discount": 0, "amount_shipping": 500, "amount_tax": 880},
    )
    assert (told.net, told.shipping, told.tax) == (4_200, 420, 880)


def test_without_details_all_of_it_is_items(merchant: Merchant) -> None:
    assert sale(merchant, total_details=None, shipping_cost=None).net == 5_855


@pytest.mark.parametrize(
    ("currency", "sent", "minor"),
    [
        ("usd", 1_234, 1_234),
        ("jpy", 500, 500),
        ("krw", 500, 500),
        ("kwd", 5_120, 5_120),
        ("bhd", 5_120, 5_120),
        ("isk", 500, 5),
        ("ugx", 500, 5),
        ("mga", 5, 500),
        ("huf", 1_045, 1_045),
        ("twd", 80_045, 80_045),
        ("clp", 500, 500),
    ],
)
def test_stripes_minor_units_become_isos(
    merchant: Merchant, currency: str, sent: int, minor: int
) -> None:
    told = sale(
        merchant, currency=currency, amount_total=sent, total_details=None, shipping_cost=None
    )
    assert (told.net, told.total, told.currency) == (minor, minor, currency.upper())
    back = read(merchant, refunded(sent, currency=currency))
    assert back
    assert back.refund
    assert (back.refund.amount, back.refund.currency) == (minor, currency.upper())


def test_a_free_order_counts_and_is_worth_nothing(merchant: Merchant) -> None:
    free = {"amount_total": 0, "payment_status": "no_payment_required", "payment_intent": None}
    event = an_event(COMPLETED, a_session(AT, **free, total_details=None, shipping_cost=None), AT)
    assert order_id(merchant, event) == "cs_live_a1b2c3"
    order = order_of(merchant, event)
    assert (order.net, order.counts) == (0, True)


def test_what_is_not_live_is_a_test(merchant: Merchant) -> None:
    assert sale(merchant, livemode=False).test
    fact = read(merchant, an_event(COMPLETED, a_session(AT), AT, livemode=False))
    assert fact
    assert fact.sale
    assert fact.sale.test


def test_the_buyer_may_see_another_currency(merchant: Merchant) -> None:
    shown = {"presentment_amount": 5_300, "presentment_currency": "eur"}
    assert sale(merchant, presentment_details=shown).paid_in == "EUR"
    same = {"presentment_amount": 5_855, "presentment_currency": "usd"}
    assert sale(merchant, presentment_details=same).paid_in is None


# ── when it counts ───────────────────────────────────────────────────────────────────────────────
def test_a_payment_that_takes_days_is_placed_once_it_succeeds(merchant: Merchant) -> None:
    unpaid = a_session(AT, payment_status="unpaid")
    assert read(merchant, an_event(COMPLETED, unpaid, AT)) is None
    done = AT + timedelta(days=3)
    assert read(merchant, an_event("checkout.session.async_payment_failed", unpaid, done)) is None
    fact = read(merchant, an_event(SUCCEEDED, a_session(AT), done))
    assert fact
    assert fact.sale
    assert (fact.sk, fact.at) == ("placed", done)
    assert fact.sale.placed_at == AT - timedelta(minutes=10), "when its session was opened"


def test_a_session_that_only_sets_up_a_card_sells_nothing(merchant: Merchant) -> None:
    setup = a_session(
        AT,
        mode="setup",
        payment_status="no_payment_required",
        amount_total=None,
        currency=None,
        payment_intent=None,
    )
    assert read(merchant, an_event(COMPLETED, setup, AT)) is None


@pytest.mark.parametrize(
    "kind", ["invoice.paid", "customer.created", "payment_intent.succeeded", "v1.billing.x", ""]
)
def test_an_event_that_we_do_not_use_asks_for_nothing(merchant: Merchant, kind: str) -> None:
    assert read(merchant, {"type": kind}) is None


def test_charges_outside_of_checkout_belong_to_no_order(merchant: Merchant) -> None:
    assert read(merchant, refunded(500, payment_intent=None)) is None
    assert read(merchant, failed(500, 1, payment_intent=None)) is None
    assert read(merchant, failed(500, 1, charge=None)) is None
    assert read(merchant, disputed("created", "needs_response", payment_intent=None)) is None


def test_an_order_is_its_payment_intent_spelt_out_or_not(merchant: Merchant) -> None:
    events = [
        PLACED,
        an_event(COMPLETED, a_session(AT, payment_intent={"id": "pi_1001", "amount": 1}), AT),
        refunded(500),
        failed(500, 2),
        disputed("created", "needs_response"),
    ]
    assert {order_id(merchant, event) for event in events} == {"pi_1001"}


# ── refunds ──────────────────────────────────────────────────────────────────────────────────────
def test_a_refund_that_grows_is_told_as_a_sum_and_counted_once(merchant: Merchant) -> None:
    grown = [PLACED, refunded(1_171, 1), refunded(2_342, 2)]
    assert order_of(merchant, *grown[:2]).refunded == 900
    assert order_of(merchant, *grown, grown[1]).refunded == 1_800
    order = order_of(merchant, *grown, refunded(5_855, 3))
    assert (order.net, order.refunded) == (0, 4_500)


def test_a_refund_that_fails_gives_the_revenue_back(merchant: Merchant) -> None:
    known = [PLACED, refunded(1_171, 1), refunded(2_342, 2), failed(1_171, 4)]
    assert order_of(merchant, *known).refunded == 900
    anew = refunded(2_342, 5)  # Stripe's sum has left out what failed; this one went through
    assert order_of(merchant, *known, anew).refunded == 1_800


def test_one_failure_is_one_fact_whichever_events_tell_it(merchant: Merchant) -> None:
    told = [
        failed(1_171, 3, kind)
        for kind in ("refund.failed", "refund.updated", "charge.refund.updated")
    ]
    keys = {fact.sk for event in told if (fact := read(merchant, event))}
    assert keys == {"refund#ch_1001#failed-re_1"}
    two = [PLACED, refunded(2_342), failed(1_171, 3), failed(1_171, 3, id="re_2")]
    assert order_of(merchant, *two).refunded == 0


@pytest.mark.parametrize("status", ["succeeded", "pending", "requires_action", None])
def test_a_refund_that_does_not_fail_is_told_by_its_charge(
    merchant: Merchant, status: str | None
) -> None:
    assert read(merchant, failed(500, 1, "refund.updated", status=status)) is None


def test_a_cancelled_refund_is_a_failed_one(merchant: Merchant) -> None:
    known = [PLACED, refunded(1_171), failed(1_171, 2, "refund.updated", status="canceled")]
    assert order_of(merchant, *known).refunded == 0


def test_a_refund_in_another_currency_takes_nothing(merchant: Merchant) -> None:
    order = order_of(merchant, PLACED, refunded(500, currency="eur"))
    assert (order.net, order.apart) == (4_500, ("ch_1001",))


# ── disputes ─────────────────────────────────────────────────────────────────────────────────────
def test_a_dispute_takes_its_part_until_the_shop_wins_it(merchant: Merchant) -> None:
    opened = [disputed("created", "needs_response"), disputed("funds_withdrawn", "needs_response")]
    order = order_of(merchant, PLACED, *opened, disputed("updated", "under_review", 2))
    assert (order.net, order.charged_back) == (0, 4_500)
    assert order_of(merchant, PLACED, *opened, disputed("closed", "lost", 3)).net == 0
    won = [disputed("closed", "won", 3), disputed("funds_reinstated", "won", 3)]
    assert order_of(merchant, PLACED, *opened, *won).net == 4_500


def test_a_dispute_of_a_part_counts_pro_rata(merchant: Merchant) -> None:
    part = disputed("created", "needs_response", amount=1_171)
    assert order_of(merchant, PLACED, part).charged_back == 900


@pytest.mark.parametrize(
    "status", ["warning_needs_response", "warning_under_review", "warning_closed"]
)
def test_an_inquiry_moves_no_money(merchant: Merchant, status: str) -> None:
    assert read(merchant, disputed("created", status)) is None


def test_a_prevented_dispute_takes_nothing_beside_the_refund_that_prevented_it(
    merchant: Merchant,
) -> None:
    order = order_of(merchant, PLACED, disputed("closed", "prevented"), refunded(5_855))
    assert (order.refunded, order.charged_back) == (4_500, 0)


# ── the trail ────────────────────────────────────────────────────────────────────────────────────
def test_the_trail_is_in_the_metadata(merchant: Merchant) -> None:
    told = sale(merchant, metadata={"sharetrail": f"{CLICK},{CLICK}", "sharetrail_visit": "other"})
    assert (told.trail, told.visit) == (f"{CLICK},{CLICK}", "other")
    assert sale(merchant, metadata=None).trail is None


def test_a_single_click_may_be_the_client_reference(merchant: Merchant) -> None:
    told = sale(merchant, client_reference_id=CLICK)
    assert (told.trail, told.name) == (CLICK, "pi_1001")
    own = sale(merchant, client_reference_id="ORDER-17")
    assert (own.trail, own.name) == (None, "ORDER-17")
    both = sale(merchant, client_reference_id=CLICK, metadata={"sharetrail": "none"})
    assert both.trail == "none"


# ── what is none of Stripe's ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "x",
        {},
        {"type": 7},
        {"type": COMPLETED},
        an_event(COMPLETED, a_charge(1), AT),
        an_event("charge.refunded", a_session(AT), AT),
        an_event(COMPLETED, a_session(AT, amount_total=-1), AT),
        an_event(COMPLETED, a_session(AT, amount_total=12.5), AT),
        an_event(COMPLETED, a_session(AT, amount_total="1250"), AT),
        an_event(COMPLETED, a_session(AT, amount_total=True), AT),
        an_event(COMPLETED, a_session(AT, amount_total=10**400), AT),
        an_event(COMPLETED, a_session(AT, currency="dollars"), AT),
        an_event(COMPLETED, a_session(AT, currency=None), AT),
        an_event(COMPLETED, a_session(AT, payment_intent="p" * 101, id=""), AT),
        an_event(COMPLETED, a_session(AT), AT, created="soon"),
        an_event(COMPLETED, a_session(AT), AT, created=10**15),
        an_event("charge.refunded", a_charge(-1), AT),
    ],
)
def test_what_does_not_fit_its_type_is_refused(merchant: Merchant, event: Any) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        read(merchant, event)
    assert getattr(raised.value, "status", 500) == 422


# ── signatures ───────────────────────────────────────────────────────────────────────────────────
BODY = json.dumps(PLACED).encode()
SECRETS = (b"whsec_the_next", STRIPE_SECRET.encode())


def is_accepted(header: str, body: bytes = BODY, now: datetime = AT) -> bool:
    try:
        stripe.verify({"stripe-signature": header}, body, SECRETS, now)
    except Unsigned:
        return False
    return True


def test_what_stripes_library_signs_is_accepted() -> None:
    assert is_accepted(stripe_signature(BODY, AT))
    assert is_accepted(stripe_signature(BODY, AT, "whsec_the_next"))
    assert not is_accepted(stripe_signature(BODY, AT, "whsec_another"))
    assert not is_accepted(stripe_signature(BODY, AT), BODY + b" ")


def test_what_we_accept_stripes_library_accepts() -> None:
    now = datetime.fromtimestamp(int(time.time()), UTC)
    v1 = stripe_signature(BODY, now).partition(",v1=")[2]
    for header in (
        f"t={seconds(now)},v1={v1}",
        f"t={seconds(now)},v1={'0' * 64},v1={v1},v0={'0' * 64}",
        f"v0=x,v1={v1},t={seconds(now)}",
    ):
        assert is_accepted(header, now=now)
        event = library.Webhook.construct_event(BODY, header, STRIPE_SECRET)
        assert event.type == COMPLETED


@pytest.mark.parametrize(
    ("off", "accepted"),
    [(-300, True), (300, True), (-301, False), (301, False), (365 * 86_400, False)],
)
def test_a_time_five_minutes_off_is_too_far(off: int, accepted: bool) -> None:
    header = stripe_signature(BODY, AT + timedelta(seconds=off))
    assert is_accepted(header) is accepted


V1 = stripe_signature(BODY, AT).partition(",v1=")[2]


@pytest.mark.parametrize(
    "header",
    [
        "",
        ",",
        "=",
        "t,v1",
        f"v1={V1}",
        f"t={seconds(AT)}",
        f"t={seconds(AT)},v0={V1}",
        f"t={seconds(AT)},v1=",
        f"t={seconds(AT)},v1=é",
        f"t={seconds(AT)},v1={V1[:-1]}é",
        f"t={seconds(AT)},v1= {V1}",
        f"t={seconds(AT)};v1={V1}",
        f"t=soon,v1={V1}",
        f"t={'9' * 400},v1={V1}",
        f"t=١٧,v1={V1}",
        f"t=-{seconds(AT)},v1={V1}",
        f"t={seconds(AT)}.0,v1={V1}",
        f"t=1,t={seconds(AT)},v1={V1}",
        f"t={seconds(AT)}," + "v1=00," * 5 + f"v1={V1}",
        "a," * 4_096 + f"t={seconds(AT)},v1={V1}",
        "," * 8_192,
        "v1=" * 3_000,
    ],
)
def test_a_header_that_is_none_is_unsigned(header: str) -> None:
    assert not is_accepted(header)


def test_no_secret_signs_nothing() -> None:
    with pytest.raises(Unsigned):
        stripe.verify({"stripe-signature": stripe_signature(BODY, AT)}, BODY, (), AT)
