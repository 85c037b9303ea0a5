"""What sharing earned in a report's days. Pure; amounts are minor units of its currency."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What sharing earned in the days: two disjoint parts that add up to influenced revenue."""

    last_click: int = 0
    """Orders whose own visit began with a share click."""
    assisted: int = 0
    """Every other order with a share click in the window before it."""
    last_click_orders: int = 0
    assisted_orders: int = 0
    all_orders: int = 0
    """Every order of the week in the report's currency."""
    all_net: int = 0
    unpaid: int = 0
    """Of influenced revenue, what nobody has paid for yet: it stands in it as in the shop's own
    books, and is an order of anybody's who likes to place one."""
    unpaid_orders: int = 0
    """Influenced."""
    all_paid_orders: int | None = None
    """Of all orders; None before 2026-12."""
    returned_orders: int = 0
    """Of the influenced ones, those of which anything was refunded, charged back or cancelled."""

    @property
    def influenced(self) -> int:
        return self.last_click + self.assisted

    @property
    def rest(self) -> int:
        return self.all_net - self.influenced

    @property
    def influenced_orders(self) -> int:
        return self.last_click_orders + self.assisted_orders

    @property
    def usual(self) -> float:
        """What an influenced order came to that was paid for."""
        orders = self.influenced_orders - self.unpaid_orders
        return (self.influenced - self.unpaid) / max(1, orders)
