"""Would it pay to buy evidence? Prints the tables of docs/fraud.md.

A forger orders something for `price` under a shopper's name and to their door, with an own click,
and earns the commission on that order, too; shipping is left out, in favour of the forger. Should
the shopper order again within the window, the click is known to be theirs, and the forger earns a
commission on that as well, unless the rule of fraud_rules.py doubts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import product

from sharetrail.attribution.buyer_history import Backing
from sharetrail.attribution.fraud_rules import OrderBackground, judge
from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Sale

PRICES = (1, 2, 5, 10, 20, 50)
COMMISSIONS = tuple(Fraction(percent, 100) for percent in (5, 10, 20, 30))
REPEAT_RATES = tuple(Fraction(percent, 100) for percent in (1, 5, 10, 20, 30))
ORDER_VALUE = 125
"""What shops aim at for an order."""
OTHER_VALUES = (50, ORDER_VALUE, 500)
LATER_ORDERS = (1, 2, 3, 5, 10)
_PLACED = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Cell:
    price: int
    commission: Fraction
    repeat_rate: Fraction
    """How likely the shopper orders again within the window."""
    value: int = ORDER_VALUE
    later: int = 1
    """How many orders it then is, each of `value`."""

    @property
    def cost(self) -> Fraction:
        return self.price * (1 - self.commission)

    @property
    def profit(self) -> Fraction:
        """Expected, were nothing held."""
        return self._gain(self.later) - self.cost

    @property
    def unheld_profit(self) -> Fraction:
        """Expected of what the rule leaves standing."""
        standing = sum(not is_held(self.price, self.value * n) for n in range(1, self.later + 1))
        return self._gain(standing) - self.cost

    def _gain(self, orders: int) -> Fraction:
        return self.commission * self.repeat_rate * self.value * orders


def cells(values: Iterable[int] = (ORDER_VALUE,), later: Iterable[int] = (1,)) -> Iterator[Cell]:
    for value, n, c, p, r in product(values, later, COMMISSIONS, PRICES, REPEAT_RATES):
        yield Cell(price=p, commission=c, repeat_rate=r, value=value, later=n)


@lru_cache
def is_held(told: int, brought: int) -> bool:
    """Whether a later credit is withheld: evidence of `told`, orders of `brought` since."""
    order = _order(brought)
    backing = Backing(told=told * 100, brought=brought * 100)
    background = OrderBackground(backings={_CLICK.id: backing})
    decisions = judge(order, [_CLICK], background, FraudLimits())
    return any(each.removes and each.is_about(_CLICK) for each in decisions)


def _order(net: int) -> Order:
    sale = Sale(name="#2", currency="USD", lines=(), net=net * 100, total=net * 100)
    return Order(sale=sale, placed_at=_PLACED, net=net * 100, refunded=0, fact_count=1)


_CLICK = Touch(
    id="click",
    at=_PLACED - timedelta(days=5),
    link="link",
    influencer="forger",
    name="Forger",
    network="x",
    evidence="corroborated",
    verdict="human",
    reason="",
    verdict_version=1,
)


# ── the tables ───────────────────────────────────────────────────────────────────────────────────
def by_cell() -> str:
    """A line for each commission and price, a column for each repeat rate."""
    rates = [f"{_percent(rate)} buy again" for rate in REPEAT_RATES]
    lines = [_line(["commission", "item", "evidence costs", *rates, "credit of the later order"])]
    lines.append("|" + "---|" * (len(rates) + 4))
    for commission, price in product(COMMISSIONS, PRICES):
        row = [Cell(price=price, commission=commission, repeat_rate=rate) for rate in REPEAT_RATES]
        head = [_percent(commission), f"{price}", f"{float(row[0].cost):.2f}"]
        held = "held" if is_held(price, ORDER_VALUE) else "stands"
        lines.append(_line([*head, *(_told(each.profit) for each in row), held]))
    return "\n".join(lines)


def by_value() -> str:
    """A line for each order value and number of later orders: how many of the 120 cells pay."""
    heads = ["order value", "later orders", "cells that would pay", "best", "pay with what stands"]
    lines = [_line([*heads, "best of what stands"]), "|---|---|---|---|---|---|"]
    for value, later in product(OTHER_VALUES, LATER_ORDERS):
        grid = list(cells([value], [later]))
        pays, stands = ([each.profit for each in grid], [each.unheld_profit for each in grid])
        figures = [f"{value}", f"{later}"]
        for profits in (pays, stands):
            figures += [str(sum(each > 0 for each in profits)), _told(max(profits))]
        lines.append(_line(figures))
    return "\n".join(lines)


def _told(profit: Fraction) -> str:
    text = f"{float(profit):+.2f}".replace("-", "−")
    return f"**{text}**" if profit > 0 else text


def _percent(part: Fraction) -> str:
    return f"{float(part * 100):.0f} %"


def _line(figures: Iterable[str]) -> str:
    return "| " + " | ".join(figures) + " |"


def main() -> None:
    print(by_cell(), by_value(), sep="\n\n")


if __name__ == "__main__":
    main()
