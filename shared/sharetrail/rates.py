"""Rates of exchange: what the merchant says one unit of a currency is worth in the reports' own.

Table merchants: `merchant#id / rate#EUR#day`. None is invented: an order in another currency takes
the rate of its local day, or the newest of the six days before, and keeps it in a row of its own
(orders: `… / rate#USD`); without one it is listed apart and never added.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from sharetrail import money
from sharetrail.items import Item, dump, load
from sharetrail.ledger import Order
from sharetrail.orders import LineItem, OrderRef
from sharetrail.tables import MERCHANTS, ORDERS

PREFIX = "rate#"
HOLDS = timedelta(days=6)
"""How long after its day a rate may still be used: over a weekend and a holiday."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    currency: str
    to: str
    day: date
    rate: str
    """Decimal text: what one unit of `currency` is in `to`."""


def keep(merchant_id: str, rate: Rate) -> None:
    """The merchant's word for a day; orders that took an earlier word of it keep that."""
    MERCHANTS.put({"pk": f"merchant#{merchant_id}", "sk": key(rate), **dump(rate)})


def key(rate: Rate) -> str:
    """Its sort key among the merchant's."""
    return f"{PREFIX}{rate.currency}#{rate.day}"


def some(merchant_id: str, after: str, most: int) -> list[Rate]:
    """The next rates behind the sort key `after`, by currency and day."""
    low = f"{after}!" if after else PREFIX
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=(low, f"{PREFIX}~"))
    return [load(Rate, item) for item in islice(told, most)]


def of_day(merchant_id: str, currency: str, to: str, day: date) -> Rate | None:
    """The newest rate for the day that still holds; None where the merchant gave none."""
    days = (f"{PREFIX}{currency}#{day - HOLDS}", f"{PREFIX}{currency}#{day}")
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=days, backward=True)
    return next((rate for rate in (load(Rate, item) for item in told) if rate.to == to), None)


def fix(ref: OrderRef, rate: Rate) -> None:
    """Store the rate on the order; the first one stays."""
    ORDERS.put_once({"pk": ref.pk, "sk": PREFIX + rate.to, **dump(rate)})


def fixed(rows: Iterable[Item], to: str) -> Rate | None:
    """The rate among an order's rows."""
    return next((load(Rate, row) for row in rows if row["sk"] == PREFIX + to), None)


def converted(order: Order, rate: Rate) -> Order:
    """The order in the rate's other currency, each amount rounded once, half to even. Pure."""
    factor = _factor(rate)

    def of(amount: int) -> int:
        return round(amount * factor)

    sale = order.sale
    return replace(
        order,
        sale=replace(
            sale,
            currency=rate.to,
            net=of(sale.net),
            total=of(sale.total),
            discounts=of(sale.discounts),
            tax=of(sale.tax),
            shipping=of(sale.shipping),
        ),
        net=of(order.net),
        refunded=of(order.refunded),
        charged_back=of(order.charged_back),
        lines=_lines(order.lines, factor),
    )


def _lines(lines: tuple[LineItem, ...], factor: Fraction) -> tuple[LineItem, ...]:
    """The lines' sum is rounded once, and shared out again by what each earned."""
    whole = sum(line.net for line in lines)
    if not whole:
        return lines
    parts = money.share_out(round(whole * factor), [line.net for line in lines])
    return tuple(replace(line, net=net) for line, net in zip(lines, parts, strict=True))


def _factor(rate: Rate) -> Fraction:
    """From minor units to minor units."""
    places = money.digits(rate.to) - money.digits(rate.currency)
    return Fraction(rate.rate) * Fraction(10) ** places
