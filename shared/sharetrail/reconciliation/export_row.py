"""A row of a shop's order export: its cells as text, amounts and times, refused where unclear. And
the order that rows tell. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sharetrail import money
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.orders.order_fact import MAX_LINES, Fact, LineItem, Refund, Sale
from sharetrail.problems import Problem

EXCERPT = 40
"""Of a cell, as an answer quotes it."""
_AMOUNT = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4}(?=\.))(?:\.\d{1,15})?", re.ASCII)
_THOUSANDS_OR_NOT = re.compile(r"-?\d{1,3}\.\d{3}", re.ASCII)
_TIME = re.compile(
    r"(20\d\d-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)  # fmt: skip

SOURCE = "export"
"""The id of the sum of refunds that an export told."""
State = Literal["sold", "cancelled", "unsold"]
"""Unsold: nobody has paid or promised to."""


class Unreadable(Problem):
    """A row that cannot be read without guessing: it becomes a BadRow."""


@dataclass(frozen=True, kw_only=True)
class ExportedOrder:
    """An order as the shop's export has it."""

    row: int
    """The row it begins in, as a spreadsheet numbers them: the header is 1."""
    id: str
    placed_at: datetime
    state: State = "sold"
    status: str = ""
    """The shop's own word for it."""
    cancelled_at: datetime | None = None
    sale: Sale
    """What was bought; by whom stands below, in the export's own words."""
    untold: tuple[Literal["net", "total"], ...] = ()
    """Amounts of the sale that the export leaves open: they are 0 there."""
    subtotal: int
    """Items after discounts as the export writes them: with tax where the prices carry it."""
    refunded: int | None = None
    """All the money that went back, tax and shipping included; None where it is not told."""
    refunded_net: bool = False
    """Whether `refunded` is what that took of the items alone."""
    more_refunds: bool = False
    """Whether there may be more, which the export leaves out: of other days than its own."""
    email: str | None = field(default=None, repr=False)
    customer: str | None = field(default=None, repr=False)
    address: DeliveryAddress | None = None

    def facts(self, now: datetime) -> list[Fact]:
        """As if the order's webhooks had come, in the order in which they are to be written: its
        sale comes last, since until that stands the order is still missing.

        - `placed`, at the order's own time. A webhook that tells it later is the same fact, and
          the first stands. `orders/paid` adds a fact and moves no money, since what was placed
          goes before what was paid. `orders/updated` and WooCommerce's snapshots are newer states
          of the order and take its place, be they told before or after.
        - `cancelled`, at the time the export names, or the order's where it names none. A webhook
          that tells it is the same fact.
        - a `refund` of all that went back, as of `now`. A webhook that tells one of these refunds
          later counts within the sum, and one of a later refund on top of it.
        """
        told: list[Fact] = []
        at = self.placed_at
        if self.refunded:
            told.append(refunded_in_all(self, now, received=now))
        if self.state == "cancelled":
            told.append(Fact(kind="cancelled", at=self.cancelled_at or at, received=now))
        sale = replace(self.sale, placed_at=at)
        return [*told, Fact(kind="placed", at=at, received=now, sale=sale)]


def refunded_in_all(
    exported: ExportedOrder, at: datetime, received: datetime, settles: bool = False
) -> Fact:
    """The export's sum of refunds as a fact. `settles` as Refund has it."""
    items, amount = exported.refunded, None
    if not exported.refunded_net:
        items, amount = None, exported.refunded
    refund = Refund(
        id=SOURCE,
        items=items,
        amount=amount,
        telling=f"{at:%Y%m%dT%H%M%S}",
        sum=True,
        settles=settles,
    )
    return Fact(kind="refund", at=at, received=received, refund=refund)


@dataclass(frozen=True, kw_only=True)
class BadRow:
    row: int
    order: str
    """Its name or id, as far as that can be read."""
    why: str


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]
    """By the header's names in lower case."""
    too_many: bool = False
    """Whether there are more cells than the header has names, so that none can be trusted."""

    def text(self, column: str) -> str:
        """A cell; the apostrophe that keeps spreadsheets from computing is taken off."""
        return self.cells.get(column, "").strip().removeprefix("'")

    def required(self, column: str) -> str:
        if self.too_many:
            raise Unreadable("The row has more cells than the header.")
        if text := self.text(column):
            return text
        raise Unreadable(f"{column!r} is empty.")

    def currency(self, column: str) -> str:
        money.digits(text := self.required(column))
        return text

    def amount(self, column: str, currency: str) -> int:
        """`1234.5` and `1,234.50`; 0 where the cell is empty.

        Unreadable for what another country reads otherwise: a comma without a point (`12,50`,
        `1,234`), a point before exactly three digits that may be thousands (`1.234`) in a currency
        that has not three decimals, and signs of any currency.
        """
        return amount(self.text(column) or "0", currency, column)

    def positive(self, column: str, currency: str) -> int:
        if (value := self.amount(column, currency)) < 0:
            raise Unreadable(f"{column!r} is negative.")
        return value

    def digits(self, column: str, most: int, otherwise: str) -> str:
        text = self.required(column)
        if not (text.isascii() and text.isdigit() and len(text) <= most):
            raise Unreadable(f"{column!r} is {text[:EXCERPT]!r}, {otherwise}")
        return text

    def time(self, column: str, zone: ZoneInfo | None = None) -> datetime:
        """`2026-11-02 10:00:00 -0500`; without an offset a time of `zone`, of the two in an hour
        that comes twice the first. Unreadable without either, and for any other way to write it.
        """
        text = self.required(column)
        found = _TIME.fullmatch(text)
        told = f"{column!r} is {text[:EXCERPT]!r}"
        if not found or not (found[3] or zone):
            wanted = "2026-11-02 10:00:00" + ("" if zone else " -0500")
            raise Unreadable(f"{told}, not a time such as {wanted!r}.")
        try:
            at = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
        except ValueError as error:
            raise Unreadable(f"{told}: there is no such time.") from error
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)

    def time_if_told(self, column: str, zone: ZoneInfo | None = None) -> datetime | None:
        """A time that no order stands or falls with: None where it is missing or unreadable."""
        try:
            return self.time(column, zone)
        except Unreadable:
            return None


def amount(text: str, currency: str, what: str) -> int:
    """See Row.amount."""
    digits = money.digits(currency)
    if not _AMOUNT.fullmatch(text) or (digits != 3 and _THOUSANDS_OR_NOT.fullmatch(text)):
        raise Unreadable(f"{what!r} is {text[:EXCERPT]!r}, not an amount such as '1234.50'.")
    return money.minor(text.replace(",", ""), currency)


def shared_lines(lines: Sequence[LineItem], net: int) -> tuple[LineItem, ...]:
    """Lines that came with what they cost: they share the order's net by that."""
    prices = [line.net for line in lines[:MAX_LINES]]
    nets = money.share_out(net, prices) if any(prices) else prices
    return tuple(replace(line, net=part) for line, part in zip(lines, nets, strict=False))
