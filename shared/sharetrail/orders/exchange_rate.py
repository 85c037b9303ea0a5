"""A rate of exchange, and an order converted by one. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sharetrail import money
from sharetrail.orders.order import Order, Original
from sharetrail.orders.order_fact import LineItem


@dataclass(frozen=True, kw_only=True)
class Rate:
    currency: str
    to: str
    day: date
    rate: str
    """Decimal text: what one unit of `currency` is in `to`."""


def convert_order(order: Order, rate: Rate) -> Order:
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
        original=Original(
            currency=order.currency,
            net=order.net,
            refunded=order.refunded,
            rate=rate.rate,
            rate_day=rate.day,
        ),
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
