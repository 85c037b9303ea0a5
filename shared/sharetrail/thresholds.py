"""From where on a sign of fraud counts as one: a merchant may choose otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    last_second: int = 10
    """Seconds from click to order: fewer are not a person's."""
    leak_share: float = 0.6
    """Part of a code's orders that no click came before."""
    leak_orders: int = 20
    refund_share: float = 0.3
    """Part of an influencer's orders that were refunded, cancelled or charged back."""
    refund_orders: int = 5
    bot_share: float = 0.5
    """Part of an influencer's clicks that bots made."""
    bot_clicks: int = 20
    hold_days: int = 30
    """How long a hold lasts unless it is released."""
