"""The shop's orders, in memory. Each holds its Shopify payload and the webhooks sent of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from local.shop.catalogue import by_variant
from local.shop.prices import Line
from local.shop.shopify.deliveries import Delivery
from local.shop.shopify.refund_payload import items_left
from local.shop.shopify.shapes import Payload

_FIRST_ID = 5_000_000_000_000
_FIRST_NUMBER = 1042


@dataclass(kw_only=True)
class Order:
    payload: Payload
    deliveries: list[Delivery] = field(default_factory=list)
    lock: Any = field(default_factory=Lock, repr=False)

    @property
    def id(self) -> str:
        return str(self.payload["id"])

    @property
    def is_cancelled(self) -> bool:
        return self.payload["cancelled_at"] is not None

    @property
    def lines(self) -> list[Line]:
        return [
            Line(product, item["quantity"])
            for item in self.payload["line_items"]
            if (product := by_variant(item["variant_id"]))
        ]

    @property
    def notes(self) -> list[tuple[str, str]]:
        """The cart's attributes, then the lines' properties."""
        lists = [self.payload["note_attributes"]]
        lists += [item["properties"] for item in self.payload["line_items"]]
        return [(pair["name"], pair["value"]) for pairs in lists for pair in pairs]

    @property
    def items_left(self) -> dict[int, int]:
        return items_left(self.payload)


class Orders:
    """Numbered as Shopify numbers them: an id without meaning, a name for people."""

    def __init__(self, first_number: int = _FIRST_NUMBER) -> None:
        self._by_id: dict[str, Order] = {}
        self._last = 0
        self._number = first_number - 1
        self._lock = Lock()

    def find(self, order_id: str) -> Order | None:
        return self._by_id.get(order_id)

    def keep(self, payload: Payload) -> Order:
        order = Order(payload=payload)
        self._by_id[order.id] = order
        return order

    def next_id(self, at: datetime) -> int:
        """From the time, so that ids stay unique when the shop opens anew."""
        with self._lock:
            wanted = _FIRST_ID + int(at.timestamp() * 1000)
            self._last = max(self._last + 1, wanted)
            return self._last

    def next_name(self) -> str:
        with self._lock:
            self._number += 1
            return f"#{self._number}"


def whole_second(at: datetime) -> datetime:
    """The second that `at` ends in: an order's time has no fraction, and it must not lie before
    the click that led to it.
    """
    return at.replace(microsecond=0) + timedelta(seconds=1 if at.microsecond else 0)
