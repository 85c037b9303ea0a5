"""A fact of an order as answers show it: what the shop said, its amounts as money. Pure."""

from typing import Literal

from typing_extensions import TypedDict

from sharetrail.calendars import iso
from sharetrail.money import Amount
from sharetrail.orders.order_fact import (
    Chargeback,
    Fact,
    FactKind,
    HowRead,
    LineItem,
    Origin,
    Refund,
    ReturnedLines,
    Sale,
    Snapshot,
)
from sharetrail.web.answers import Currency, Moment, Money, described, money


@described
class SoldLine(TypedDict):
    product_id: str
    title: str
    quantity: int
    net: Money
    """After discounts, without tax."""


@described
class SaleAnswer(TypedDict):
    name: str
    """How the merchant knows the order: `#1042`."""
    lines: list[SoldLine]
    net: Money
    """Items after discounts, without tax and shipping."""
    total: Money
    """What the buyer paid, tax and shipping included."""
    discounts: Money
    tax: Money
    shipping: Money
    tip: Money
    owing: Money | None
    """What the buyer still has to pay; below zero what the shop has to pay back."""
    paid_total: Money | None
    """`total` in the currency that the buyer saw, where that is another and the shop tells both."""
    tax_included: bool
    after_refunds: bool
    """Whether `net` and `total` are what refunds made until then left of it."""
    placed_at: Moment | None
    paid_at: Moment | None
    fulfilled_at: Moment | None
    origin: Origin
    trail: str | None
    """The click ids that the order carries."""
    visit: str | None
    """The click id that began the order's own visit, or `other`."""
    landing_click: str | None
    landing_code: str | None
    customer_hash: str | None
    """Customer, mailbox and address as keyed hashes alone."""
    email_hash: str | None
    address_hash: str | None
    codes: list[str]
    """Coupon codes that the buyer used."""
    test: bool
    ad: str | None
    """The parameter by which a paid search ad marked the landing page."""
    referrer: str | None


@described
class RefundAnswer(TypedDict):
    id: str
    currency: Currency | None
    """`null`, and so is every amount, before its order says what it was bought in."""
    returned_items: Money | None
    """What the refunded items take from the net revenue, before tax is looked at."""
    tax: Money | None
    paid_back: Money | None
    """The money returned, where only that is known: it counts pro rata."""
    failed: Money | None
    """Of it, what did not reach the buyer after all."""
    returned: dict[str, Money] | None
    """Where the shop tells lines and money apart: what came back, by name."""
    on_its_way: bool
    """Whether some of that money is still on its way."""
    read_as: HowRead


@described
class ChargebackAnswer(TypedDict):
    id: str
    taken_back: Money | None
    state: Literal["open", "won", "lost"]


@described
class SnapshotAnswer(TypedDict):
    state: Literal["pending", "placed", "cancelled"]
    refunds: list[RefundAnswer]
    refunded_whole: bool
    """Whether the shop says that all of it was refunded, and the refunds name no money."""


@described
class FactAnswer(TypedDict):
    fact: str
    """Its own key among the order's facts: `placed`, `refund#991`."""
    kind: FactKind
    at: Moment
    """The shop's own time of it; ours where it tells none."""
    received_at: Moment | None
    """When it first reached us."""
    source: str | None
    """What told it, where that was no webhook: `export`."""
    sale: SaleAnswer | None
    refund: RefundAnswer | None
    refunds: list[RefundAnswer]
    """Those that came along with a sale."""
    chargeback: ChargebackAnswer | None
    snapshot: SnapshotAnswer | None


def of(fact: Fact, currency: str) -> FactAnswer:
    """`currency` is the order's, for a fact that names none; empty where that is not known."""
    own = fact.sale.currency if fact.sale else currency
    return {
        "fact": fact.sk,
        "kind": fact.kind,
        "at": iso(fact.at),
        "received_at": iso(fact.received) if fact.received else None,
        "source": fact.source,
        "sale": _sale(fact.sale) if fact.sale else None,
        "refund": _refund(fact.refund, own) if fact.refund else None,
        "refunds": [_refund(each, own) for each in fact.refunds],
        "chargeback": _chargeback(fact.chargeback, own) if fact.chargeback else None,
        "snapshot": _snapshot(fact.snapshot, own) if fact.snapshot else None,
    }


def _sale(sale: Sale) -> SaleAnswer:
    def of(minor: int, currency: str = sale.currency) -> Money:
        return money(Amount(minor, currency))

    paid_total = None
    if sale.paid_in and sale.paid_total is not None:
        paid_total = of(sale.paid_total, sale.paid_in)
    return {
        "name": sale.name,
        "lines": [_line(each, sale.currency) for each in sale.lines],
        "net": of(sale.net),
        "total": of(sale.total),
        "discounts": of(sale.discounts),
        "tax": of(sale.tax),
        "shipping": of(sale.shipping),
        "tip": of(sale.tip),
        "owing": None if sale.owing is None else of(sale.owing),
        "paid_total": paid_total,
        "tax_included": sale.tax_included,
        "after_refunds": sale.after_refunds,
        "placed_at": iso(sale.placed_at) if sale.placed_at else None,
        "paid_at": iso(sale.paid_at) if sale.paid_at else None,
        "fulfilled_at": iso(sale.fulfilled_at) if sale.fulfilled_at else None,
        "origin": sale.origin,
        "trail": sale.trail,
        "visit": sale.visit,
        "landing_click": sale.landing_click,
        "landing_code": sale.landing_code,
        "customer_hash": sale.customer,
        "email_hash": sale.email,
        "address_hash": sale.address,
        "codes": list(sale.codes),
        "test": sale.test,
        "ad": sale.ad,
        "referrer": sale.referrer,
    }


def _line(line: LineItem, currency: str) -> SoldLine:
    return {
        "product_id": line.product,
        "title": line.title,
        "quantity": line.quantity,
        "net": money(Amount(line.net, currency)),
    }


def _refund(refund: Refund, currency: str) -> RefundAnswer:
    own = refund.currency or currency
    return {
        "id": refund.id,
        "currency": own or None,
        "returned_items": _known(refund.items, own),
        "tax": _known(refund.tax, own),
        "paid_back": _known(refund.amount, own),
        "failed": _known(refund.failed, own),
        "returned": _returned(refund.returned, own) if refund.returned and own else None,
        "on_its_way": refund.returned is not None and refund.returned.is_on_its_way,
        "read_as": refund.read_as,
    }


def _known(minor: int | None, currency: str) -> Money | None:
    return None if minor is None or not currency else money(Amount(minor, currency))


def _returned(returned: ReturnedLines, currency: str) -> dict[str, Money]:
    """Decimal text as it was told, in the shop's currency; the money in its own."""
    told = {name: getattr(returned, name) for name in _RETURNED}
    amounts: dict[str, Money] = {
        name: {"amount": text, "currency": currency} for name, text in told.items()
    }
    if returned.money is not None:
        amounts["money"] = {"amount": returned.money, "currency": returned.currency or currency}
    return amounts


_RETURNED = ("lines", "tax", "beside", "beside_tax", "adjusted", "waiting", "arrived")


def _chargeback(chargeback: Chargeback, currency: str) -> ChargebackAnswer:
    taken = _known(chargeback.amount, chargeback.currency or currency)
    return {"id": chargeback.id, "taken_back": taken, "state": chargeback.state}


def _snapshot(snapshot: Snapshot, currency: str) -> SnapshotAnswer:
    return {
        "state": snapshot.state,
        "refunds": [_refund(each, currency) for each in snapshot.refunds],
        "refunded_whole": snapshot.is_refunded,
    }
