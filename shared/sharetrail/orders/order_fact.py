"""Facts of an order: what a shop said of it. Pure.

The keys are the business's own (`placed`, `paid`, `updated#time#digest`, `snapshot#time#digest`,
`refund#id`, `chargeback#id#state#time`, `cancelled#time` …), so a delivery that comes twice, or
under another name, is the same fact again. What a shop tells without a time of its own (`deleted`,
`restored`) is keyed by when it reached us.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Vendor = Literal["shopify", "woocommerce", "stripe"]
"""Systems whose webhooks carry secrets of their own making."""
Platform = Literal[Vendor, "standard"]
MAX_LINES = 500
MAX_TITLE = 120
"""Enough for any shop, and an order still fits DynamoDB's 400 KB."""

FactKind = Literal[
    "placed",
    "paid",
    "fulfilled",
    "updated",
    "snapshot",
    "refund",
    "chargeback",
    "cancelled",
    "deleted",
    "restored",
]
Origin = Literal["page", "hand", "renewal"]
HowRead = Literal["lines", "shipping", "items", "amount", "sum"]


@dataclass(frozen=True, kw_only=True)
class OrderRef:
    merchant: str
    platform: str
    id: str

    @property
    def pk(self) -> str:
        return f"{self.merchant}#{self.own}"

    @property
    def own(self) -> str:
        """Which of its merchant's orders it is: `shopify#1001`."""
        return f"{self.platform}#{self.id}"

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
class CodeDiscount:
    """What a code took off an order, in minor units of its currency."""

    code: str
    """As the buyer entered it."""
    amount: int


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
    paid_total: int | None = None
    """`total` in that currency's minor units, where the shop tells both."""
    cost: int = 0
    """What the items cost the buyer, tax included, before refunds; where refunds tell lines."""
    gained: int = 0
    """Of that, what came after the order was placed, as the order itself tells it."""
    taken_out: int = 0
    """What left an edited order beside the refunds that came along with it, as its prices are."""
    owing: int | None = None
    """What the buyer still has to pay of it (negative: what the shop has to pay back), if told."""
    tip: int = 0
    paid_at: datetime | None = None
    """When it was paid for, or the first that the shop says so; None where it does not."""
    fulfilled_at: datetime | None = None
    """The same of its delivery, whole."""
    origin: Origin = "page"
    """Whether a buyer ordered on a page, somebody wrote the order by hand (or at a counter), or a
    subscription renewed itself."""
    after_refunds: bool = False
    """Whether `net` and `total` are what refunds made until then left of it."""
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
    email_as_written: str | None = None
    """Where the address is not written as its mailbox is: what was hashed before 2026-11-30, so
    that influencers and identities of then are still known."""
    address: str | None = None
    """The delivery address, as HMAC; None where nothing is delivered."""
    codes: tuple[str, ...] = ()
    code_discounts: tuple[CodeDiscount, ...] = ()
    """Of `codes`, what each took off, as far as the shop tells it apart, and since 2026-12."""
    test: bool = False
    ad: str | None = None
    """The parameter by which a paid search ad marked the landing page: gclid or msclkid."""
    referrer: str | None = None
    """The host that the buyer came from."""

    @property
    def titles(self) -> dict[str, str]:
        """What its products are called, by id."""
        return {line.product: line.title for line in self.lines}

    @property
    def names(self) -> list[str]:
        """By which the buyer is known."""
        return [who for who in (self.customer, self.email, self.email_as_written) if who]


@dataclass(frozen=True, kw_only=True)
class ReturnedLines:
    """What a refund says of lines and of money, as decimal text: lines are in the shop's currency,
    and which that is, its order says."""

    lines: str = "0"
    """What the lines that came back cost, with tax where the shop's prices carry it."""
    tax: str = "0"
    """The lines' tax."""
    beside: str = "0"
    """What went back for shipping, duties, fees and tips, with tax where the prices carry it."""
    beside_tax: str = "0"
    adjusted: str = "0"
    """By how much less went back than the lines cost (negative: more), as the shop's books have it
    in all."""
    waiting: str = "0"
    """Of that, what is still on its way, where no transaction is told."""
    arrived: str = "0"
    """What reached the buyer by this refund, and was waited for by another."""
    money: str | None = None
    """What went back or is on its way; None where no transaction is told."""
    currency: str | None = None
    """The money's: the buyer's. None where it is not told."""
    is_on_its_way: bool = False
    """Whether some of the money is still on its way: the books then count it as not paid."""

    @property
    def names_lines(self) -> bool:
        return Decimal(self.lines) != 0


@dataclass(frozen=True, kw_only=True)
class Refund:
    id: str
    items: int | None = None
    """What the refunded items take from net, before tax is looked at; None if unknown."""
    tax: int = 0
    """The tax in `items`, taken out where the sale's prices carry tax."""
    amount: int | None = None
    """The money returned, where only that is known: it counts pro rata of the total."""
    returned: ReturnedLines | None = None
    """Where the shop tells lines and money apart: the order's refunds are then read together."""
    whole: int | None = None
    """The payment of which `amount` went back, where that is told."""
    read_as: HowRead = "amount"
    """How a bare amount was read, of a shop that names no lines: see woocommerce_refunds.py."""
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
    settles: bool = False
    """Of a sum: whether it also counts where less was refunded than had been told until then."""


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
    is_refunded: bool = False
    """Whether the shop says that all of it was refunded, and the refunds name no money."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    kind: FactKind
    at: datetime
    """The shop's own time of it; ours where it tells none."""
    received: datetime | None = None
    """When it first reached us; None only of facts that never were on the way."""
    triggered: datetime | None = None
    """When the shop set out to tell it, by a header that nobody signed: it orders facts within one
    second, and nothing else."""
    digest: str = ""
    """Of what was read of a state: shops' times have whole seconds, and one may hold two states."""
    sale: Sale | None = None
    refund: Refund | None = None
    refunds: tuple[Refund, ...] = ()
    """Refunds that came along with a sale, each a telling of its own."""
    chargeback: Chargeback | None = None
    snapshot: Snapshot | None = None
    source: str | None = None
    """What told it, where that was no webhook: `export`, or the shop's `connection`."""

    @property
    def in_order(self) -> tuple[datetime, datetime, str, str]:
        """What an order's facts are sorted by: the shop's seconds, and within one what came last is
        the newer state; last the digest, so that there is but one order."""
        return (self.at, self.triggered or self.heard_at, self.digest, self.sk)

    @property
    def heard_at(self) -> datetime:
        return self.received or self.at

    @property
    def turned_at(self) -> datetime:
        """Of an order that went or came back: when; as we heard of it where the shop's word has no
        time of that."""
        is_untimed = self.kind == "deleted" or self.snapshot is not None
        return self.heard_at if is_untimed else self.at

    @property
    def sk(self) -> str:
        match self:
            case Fact(kind="refund", refund=Refund(id=refund, telling=telling)):
                return f"refund#{refund}#{telling}" if telling else f"refund#{refund}"
            case Fact(kind="chargeback", chargeback=Chargeback(id=dispute, state=state)):
                return f"chargeback#{dispute}#{state}#{self.at:%Y%m%dT%H%M%S}"
            case Fact(kind="snapshot" | "updated"):
                return f"{self.kind}#{self.at:%Y%m%dT%H%M%S}#{self.digest}"
            case Fact(kind="cancelled" | "deleted" | "restored"):
                return f"{self.kind}#{self.turned_at:%Y%m%dT%H%M%S%f}"
        return self.kind
