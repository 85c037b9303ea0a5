"""A rate of exchange, and an order converted by one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sharetrail import money
from sharetrail.orders.order import Order, Original
from sharetrail.orders.order_fact import LineItem, Sale


@dataclass(frozen=True, kw_only=True)
class Rate:
    currency: str
    to: str
    day: date
    rate: str
    """Decimal text: what one unit of `currency` is in `to`."""

    @property
    def factor(self) -> Fraction:
        """From minor units to minor units."""
        places = money.digits(self.to) - money.digits(self.currency)
        return Fraction(self.rate) * Fraction(10) ** places


def convert_order(order: Order, rate: Rate) -> Order:
    """The order in the rate's other currency, each amount rounded once, half to even. Pure."""
    factor = rate.factor
    net, refunded, charged_back = _parts(order, factor)
    return replace(
        order,
        sale=replace(
            order.sale,
            currency=rate.to,
            lines=_lines(order.sale.lines, factor),
            code_discounts=tuple(
                replace(each, amount=round(each.amount * factor))
                for each in order.sale.code_discounts
            ),
            **_converted(order.sale, _OF_SALE, factor),
        ),
        original=Original(
            currency=order.currency,
            net=order.net,
            refunded=order.refunded,
            rate=rate.rate,
            rate_day=rate.day,
        ),
        net=net,
        refunded=refunded,
        charged_back=charged_back,
    )


def _parts(order: Order, factor: Fraction) -> tuple[int, int, int]:
    """Net, refunded and charged back. What was sold is rounded, whatever comes back of it later,
    and so is what is left: what came back is the difference, so that their sum never moves."""
    sold = order.net + order.refunded + order.charged_back
    net = round(order.net * factor)
    back = [order.refunded, order.charged_back]
    refunded, charged_back = (
        money.share_out(round(sold * factor) - net, back) if any(back) else (0, 0)
    )
    return net, refunded, charged_back


_OF_SALE = ("net", "total", "discounts", "tax", "shipping")


def _converted(amounts: Sale, names: Iterable[str], factor: Fraction) -> dict[str, Any]:
    return {name: round(getattr(amounts, name) * factor) for name in names}


def _lines(lines: tuple[LineItem, ...], factor: Fraction) -> tuple[LineItem, ...]:
    """The lines' sum is rounded once, and shared out again by what each earned."""
    whole = sum(line.net for line in lines)
    if not whole:
        return lines
    parts = money.share_out(round(whole * factor), [line.net for line in lines])
    return tuple(replace(line, net=net) for line, net in zip(lines, parts, strict=True))
