"""Rates of exchange: what the merchant says one unit of a currency is worth in the reports' own.

Table merchants: `merchant#id / rate#EUR#day`. None is invented: an order in another currency takes
the rate of its local day, or the newest of the six days before, and keeps it in a row of its own
(orders: `… / rate#USD`); without one it is listed apart and never added.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from sharetrail import calendars
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_rings
from sharetrail.orders.exchange_rate import Rate
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef
from sharetrail.orders.order_rings import RATE

HOLDS = timedelta(days=6)
"""How long after its day a rate may still be used: over a weekend and a holiday."""


def keep(merchant_id: str, rate: Rate) -> None:
    """The merchant's word for a day; orders that took an earlier word of it keep that."""
    MERCHANTS.put({"pk": f"merchant#{merchant_id}", "sk": key(rate), **dump(rate)})


def key(rate: Rate) -> str:
    """Its sort key among the merchant's."""
    return f"{RATE}{rate.currency}#{rate.day}"


def following(merchant_id: str, after: str, most: int) -> list[Rate]:
    """The next rates behind the sort key `after`, by currency and day."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", after=after or RATE)
    told = takewhile(lambda row: row["sk"].startswith(RATE), rows)
    return [load(Rate, item) for item in islice(told, most)]


def of_day(merchant_id: str, currency: str, to: str, day: date) -> Rate | None:
    """The newest rate for the day that still holds; None where the merchant gave none."""
    days = (f"{RATE}{currency}#{day - HOLDS}", f"{RATE}{currency}#{day}")
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=days, backward=True)
    return next((rate for rate in (load(Rate, item) for item in told) if rate.to == to), None)


def fix(ref: OrderRef, rate: Rate, now: datetime) -> None:
    """Store the rate on the order; the first one stays."""
    order_rings.put_once({"pk": ref.pk, "sk": RATE + rate.to, **dump(rate)}, now)


def fixed(rows: Iterable[Item], to: str) -> Rate | None:
    """The rate among an order's rows."""
    return next((load(Rate, row) for row in rows if row["sk"] == RATE + to), None)


def of_order(
    ref: OrderRef, order: Order, rows: Iterable[Item], merchant: Merchant, now: datetime
) -> Rate | None:
    """The order's own rate into the merchant's currency; found for the first time, it stays.

    `rows` are the order's.
    """
    if rate := fixed(rows, merchant.currency):
        return rate
    day = calendars.local_day(order.placed_at, merchant.tz)
    rate = of_day(merchant.id, order.currency, merchant.currency, day)
    if rate:
        fix(ref, rate, now)
    return rate
