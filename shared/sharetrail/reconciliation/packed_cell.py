"""Cells into which the plugin Order Export & Order Import (WebToffee) packs several things, with
free text among them that it does not escape. Pure.

    refund_items   amount:5.00|reason:broken|date:2026-11-27 10:00:00;amount:…
    coupon_items   code:ANA10|amount:5.00;code:…
    fee_items      name:Points|total:-5.00|tax:0.00|tax_data:{…}||name:…
    line_item_1    name:Mug|product_id:7|sku:MUG|quantity:1|total:5.00|sub_total:5.00|…

A cell is read from its start to its end, and free text reaches to the first place where what is
left looks as the plugin writes it. So text that looks like a separator is text, and cannot make
money. Text that holds the whole of a further entry, its last field included, cannot be told from
one: what it says is bounded by the order's own totals, see woocommerce_export.py.
"""

import re
from dataclasses import dataclass

from sharetrail.reconciliation.export_row import EXCERPT, Unreadable

_DECIMAL = r"-?\d{1,15}(?:\.\d{1,15})?"
_DATE = r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?"
Fields = dict[str, str]


@dataclass(frozen=True)
class _Cell:
    entry: str
    """One entry, each of its fields a named group."""
    separator: str
    start: str
    """What every entry begins with."""

    def read(self, text: str) -> list[Fields] | None:
        """The entries; None where these are not all that there is."""
        end = rf"(?:{re.escape(self.separator)}(?={self.start})|\Z)"
        pattern = re.compile(self.entry + end, re.ASCII | re.DOTALL)
        entries, place = [], 0
        while place < len(text):
            if not (found := pattern.match(text, place)):
                return None
            entries.append(found.groupdict())
            place = found.end()
        return entries


_REFUNDS = _Cell(rf"amount:(?P<amount>{_DECIMAL})\|reason:.*?\|date:{_DATE}", ";", "amount:")
_COUPONS = _Cell(rf"code:(?P<code>.*?)\|amount:{_DECIMAL}", ";", "code:")
_FEES = _Cell(
    rf"name:.*?\|total:(?P<total>{_DECIMAL})\|tax:(?:{_DECIMAL})?\|tax_data:.*?", "||", "name:"
)
_LINE = re.compile(
    r"name:(?P<name>.*?)\|product_id:(?P<product_id>\d*)(?:\|sku:.*?)?"
    r"\|quantity:(?P<quantity>[^|]*)\|total:(?P<total>[^|]*)(?:\||\Z)",
    re.ASCII | re.DOTALL,
)


def refunds(text: str) -> list[str]:
    """Their amounts. Unreadable where the cell is not as the plugin writes it, as in `fees`."""
    return [each["amount"] for each in _all(_REFUNDS, text, "refund_items")]


def fees(text: str) -> list[str]:
    """Their totals, without tax; below zero what was taken off."""
    return [each["total"] for each in _all(_FEES, text, "fee_items")]


def coupons(text: str) -> list[str]:
    """Their codes; none where the cell cannot be read, since no money depends on it."""
    return [each["code"] for each in _COUPONS.read(text) or ()]


def line(text: str) -> Fields:
    """A line's name, product_id, quantity and total; empty where it cannot be read."""
    found = _LINE.match(text)
    return found.groupdict() if found else {}


def _all(cell: _Cell, text: str, column: str) -> list[Fields]:
    entries = cell.read(text)
    if entries is None:
        raise Unreadable(f"{column!r} is {text[:EXCERPT]!r}, not as the plugin writes it.")
    return entries
