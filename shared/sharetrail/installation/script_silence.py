"""Whether orders have stopped to carry what the shop's script says in them. Pure.

Who can cause that, and who can hide it? Whoever pays for the shop's newest orders. Views and clicks
say nothing here, since anybody can send them, nor do orders that nobody paid for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from zoneinfo import ZoneInfo

from sharetrail import calendars
from sharetrail.analysis.period import Period
from sharetrail.attribution.credit import OrderFigures, is_paid

TELLING = 3
"""Orders without a word of which chance says anything."""
REFUSING = 20
"""Orders of people who all said no, where half of those who are asked do: once in a million."""
CHANCE = 0.01
"""Below which as many in a row are none."""


@dataclass(frozen=True, kw_only=True)
class Silence:
    """The newest orders in a row that say nothing of the shop's script: of those that were paid for
    and ordered on a page, in the days and those before together."""

    orders: int = 0
    since: date | None = None
    """The local day of the first of them."""
    earlier: int = 0
    """Such orders before them."""
    earlier_silent: int = 0
    """Of which so many said nothing, either."""
    denied: int = 0
    """The newest in a row that say that nothing may be remembered; of reports from before 2026-12,
    none."""


def of(period: Period) -> Silence:
    """Of its newest orders."""
    return of_orders((*period.orders, *period.foreign), period.visits.zone)


def of_orders(told: Iterable[OrderFigures], zone: ZoneInfo) -> Silence:
    """Of the newest of any orders, in whatever order they come."""
    orders = sorted(_asked(told), key=lambda each: each.placed_at)
    newest = list(takewhile(_is_silent, reversed(orders)))
    earlier = orders[: len(orders) - len(newest)]
    return Silence(
        orders=len(newest),
        since=calendars.local_day(newest[-1].placed_at, zone) if newest else None,
        earlier=len(earlier),
        earlier_silent=sum(map(_is_silent, earlier)),
        denied=len(list(takewhile(_is_denied, reversed(orders)))),
    )


def _asked(orders: Iterable[OrderFigures]) -> Iterable[OrderFigures]:
    """Those that were paid for and ordered on a page, where the script runs."""
    return filter(can_tell, orders)


def can_tell(order: OrderFigures) -> bool:
    return is_paid(order) and order.origin == "page"


def _is_silent(order: OrderFigures) -> bool:
    return order.trail_state == "absent"


def _is_denied(order: OrderFigures) -> bool:
    return order.trail_state == "denied"


def since(before: Silence, now: Silence) -> Silence:
    """The same of two spans that follow each other."""
    are_all = now.denied == now.orders + now.earlier
    denied = now.denied + before.denied if are_all else now.denied
    if not now.earlier:
        orders, first = before.orders + now.orders, before.since or now.since
        return replace(before, orders=orders, since=first, denied=denied)
    silent = before.earlier_silent + before.orders + now.earlier_silent
    earlier = before.earlier + before.orders + now.earlier
    return replace(now, earlier=earlier, earlier_silent=silent, denied=denied)


def is_break(silence: Silence) -> bool:
    """Whether so many would hardly come without a word if as many lacked it as before; never where
    none had one: such a shop tells us otherwise, or not at all."""
    usual = (silence.earlier_silent + 1) / (silence.earlier + 2)
    return bool(silence.earlier) and is_telling(silence) and usual**silence.orders < CHANCE


def is_refused(silence: Silence) -> bool:
    """Whether nobody allows clicks to be remembered: of shoppers who are asked some always do."""
    return silence.denied >= REFUSING


def is_telling(silence: Silence) -> bool:
    return silence.orders >= TELLING
