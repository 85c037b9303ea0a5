"""What every provider's webhook is before it is understood, and how what is signed is refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sharetrail.merchants import person_hashes
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Fact, FactKind, OrderRef
from sharetrail.problems import Problem

OrderFact = tuple[OrderRef, Fact]
"""What a delivery is read into: the order it speaks of, and a fact about it."""


class Mismatch(Problem):
    """Signed, and none of this endpoint's: another shop's, of a topic that nobody reads here, or
    with a body of another topic's shape. Refused, and not kept."""

    status = 422
    title = "The webhook does not belong here"


class AnotherShop(Mismatch):
    """It is signed with this endpoint's secret, and speaks of another shop."""

    def __init__(self, shop: str) -> None:
        super().__init__("The webhook is another shop's than this endpoint's.")
        self.shop = shop


class NotUnderstood(Problem):
    """Signed, this endpoint's, of its topic's shape, and yet it cannot be read: kept in quarantine
    until it can."""

    status = 422
    title = "The webhook cannot be understood"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    platform: str
    """The provider that sent it, as providers.PROVIDERS names it."""
    merchant: Merchant
    headers: dict[str, str]
    payload: Any
    """The body as JSON."""
    now: datetime
    """When it reached us first, whenever it is read."""

    def order(self, order_id: str) -> OrderRef:
        return OrderRef(merchant=self.merchant.id, platform=self.platform, id=order_id)

    def fact(self, kind: FactKind, at: datetime, **said: Any) -> Fact:
        """What this delivery says, with when it came."""
        return Fact(kind=kind, at=at, received=self.now, **said)

    def buyer(
        self, customer: str | None, email: str | None, address: DeliveryAddress | None
    ) -> dict[str, Any]:
        """What a Sale keeps of who bought it: keyed hashes."""
        return person_hashes.of_buyer(
            self.merchant.id, self.platform, customer, email, address, self.now
        )
