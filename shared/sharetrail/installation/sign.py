"""What a shop's installation can be seen by: its newest orders, and its pages' last word. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sharetrail.attribution.credit import OrderFigures
from sharetrail.installation import script_silence
from sharetrail.installation.script_silence import Silence

RECENT = timedelta(days=7)
"""For how long an order speaks of the script: a theme may have changed since."""


@dataclass(frozen=True, kw_only=True)
class Signs:
    newest_order: datetime | None = None
    """When the newest order was placed, be it paid or not."""
    platform: str = ""
    """Whose webhook told of it; empty without one."""
    script_seen: datetime | None = None
    """When the newest order was placed that somebody paid for, and that says that the script ran:
    others cost nothing to place, so they are no sign of anything."""
    silence: Silence = field(default_factory=Silence)
    orders: tuple[OrderFigures, ...] = ()
    """The newest, in no order."""
    are_all: bool = True
    """Whether all orders of these days were looked at, as far as none of them tells."""
    page_event: datetime | None = None
    """When the shop's pages were heard last. Anybody can send such events with the publishable key,
    so a task is over by orders alone."""

    def has_script(self, now: datetime) -> bool:
        """Whether the newest of the orders that can tell says that the script runs."""
        is_recent = self.script_seen is not None and now - self.script_seen < RECENT
        return is_recent and not self.silence.orders


def of(
    orders: Sequence[OrderFigures],
    page_event: datetime | None,
    zone: ZoneInfo,
    *,
    are_all: bool = True,
) -> Signs:
    """Of a shop's newest orders, in whatever order."""
    newest = max(orders, key=lambda each: each.placed_at, default=None)
    return Signs(
        newest_order=newest.placed_at if newest else None,
        platform=newest.platform if newest else "",
        script_seen=max((each.placed_at for each in orders if _says(each)), default=None),
        silence=script_silence.of_orders(orders, zone),
        orders=tuple(orders),
        are_all=are_all,
        page_event=page_event,
    )


def _says(order: OrderFigures) -> bool:
    return script_silence.can_tell(order) and order.trail_state != "absent"
