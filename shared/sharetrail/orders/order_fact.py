"""Facts of an order: what a shop said of it. Pure.

The keys are the business's own (`placed`, `paid`, `updated#time`, `snapshot#time#digest`,
`refund#id`, `chargeback#id#state`, `cancelled`), so a delivery that comes twice, or under another
name, is the same fact again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Vendor = Literal["shopify", "woocommerce", "stripe"]
"""Systems whose webhooks carry secrets of their own making."""
Platform = Literal[Vendor, "standard"]
MAX_LINES = 500
MAX_TITLE = 120
"""Enough for any shop, and an order still fits DynamoDB's 400 KB."""

FactKind = Literal["placed", "paid", "updated", "snapshot", "refund", "chargeback", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class OrderRef:
    merchant: str
    platform: str
    id: str

    @property
    def pk(self) -> str:
        return f"{self.merchant}#{self.platform}#{self.id}"

    @classmethod
    def of(cls, pk: str) -> "OrderRef":
        merchant, platform, order_id = pk.split("#", 2)
        return cls(merchant=merchant, platform=platform, id=order_id)


@dataclass(frozen=True, kw_only=True)
class LineItem:
    product: str
    title: str
    quantity: int
    net: int
    """What the line earned: after discounts, without tax."""


@dataclass(frozen=True, kw_only=True)
class Sale:
    """An order's content, as placed, paid or updated tell it. Amounts in minor units."""

    name: str
    """How the merchant knows it: `#1042`."""
    currency: str
    lines: tuple[LineItem, ...]
    net: int
    """Items after discounts, without tax and shipping."""
    total: int
    """What the buyer paid, tax and shipping included."""
    discounts: int = 0
    """What was taken off the items' prices before they came to `net`."""
    tax: int = 0
    shipping: int = 0
    placed_at: datetime | None = None
    """When the buyer ordered, where the shop says so apart from the time of the fact."""
    paid_in: str | None = None
    """The currency the buyer saw, where it is not the shop's own."""
    tax_included: bool = False
    """Whether the shop's prices, and so the refund's, carry tax."""
    trail: str | None = None
    visit: str | None = None
    landing_click: str | None = None
    """The click id the buyer's landing page carried, where no script ran."""
    landing_code: str | None = None
    """The link code in the landing page's utm_content."""
    customer: str | None = None
    email: str | None = None
    """Customer id and e-mail only as HMACs under the merchant's pepper."""
    codes: tuple[str, ...] = ()
    test: bool = False
    ad: str | None = None
    """The parameter by which a paid search ad marked the landing page: gclid or msclkid."""
    referrer: str | None = None
    """The host that the buyer came from."""
    earlier_orders: int | None = None
    """How many orders the buyer had placed before, where the shop says so."""


@dataclass(frozen=True, kw_only=True)
class Refund:
    id: str
    items: int | None = None
    """What the refunded items take from net, before tax is looked at; None if unknown."""
    tax: int = 0
    """The tax in `items`, taken out where the sale's prices carry tax."""
    amount: int | None = None
    """The money returned, where only that is known: it counts pro rata of the total."""
    currency: str | None = None
    """Where the sender names it. In another than the sale's, it is told apart and takes nothing."""
    failed: int = 0
    """Of what was told as `amount` before: what did not reach the buyer after all."""
    telling: str = ""
    """Where the sender tells a refund's amount anew as it grows: which telling this is. Of one id
    the newest counts."""
    sum: bool = False
    """Whether this is all that was refunded until then, told at once by an export: refunds that
    were told by themselves, then or later, count within it."""


@dataclass(frozen=True, kw_only=True)
class Chargeback:
    """A buyer's bank takes the money back, until the shop wins the dispute."""

    id: str
    amount: int
    """Of what was paid, tax and shipping included: it counts pro rata."""
    currency: str | None = None
    """As a refund's."""
    state: Literal["open", "won", "lost"]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a shop that tells no events says of an order as it stands, beside the sale."""

    state: Literal["pending", "placed", "cancelled"]
    """Pending: nobody has paid or promised to."""
    refunds: tuple[Refund, ...] = ()
    digest: str
    """Of the body: the shop's times have whole seconds, and one second may hold two states."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    kind: FactKind
    at: datetime
    """The shop's own time of it."""
    sale: Sale | None = None
    refund: Refund | None = None
    chargeback: Chargeback | None = None
    snapshot: Snapshot | None = None

    @property
    def sk(self) -> str:
        match self:
            case Fact(kind="refund", refund=Refund(id=refund, telling=telling)):
                return f"refund#{refund}#{telling}" if telling else f"refund#{refund}"
            case Fact(kind="chargeback", chargeback=Chargeback(id=dispute, state=state)):
                return f"chargeback#{dispute}#{state}"
            case Fact(kind="snapshot", snapshot=Snapshot(digest=digest)):
                return f"snapshot#{self.at:%Y%m%dT%H%M%S}#{digest}"
            case Fact(kind="updated"):
                return f"updated#{self.at:%Y%m%dT%H%M%S%f}"
        return self.kind
