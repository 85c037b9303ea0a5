"""A touch: a share click or a coupon code that an order can name. Pure."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from sys import intern
from typing import Any, Literal, get_args

from sharetrail.calendars import iso, moment
from sharetrail.clicks.trail import Trail, make_trail, read_trail
from sharetrail.orders.order import Order

CODE_PREFIX = "code-"
LINK_PREFIX = "link-"
COUPON = "coupon"
"""What stands for the network of a code: it can be passed on anywhere."""
Strength = Literal["sure", "corroborated", "disputed", "bare"]
"""How well a click is known that the order does not carry itself: see testimony.py."""
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
"""Strongest first."""
Evidence = Literal["trail", "landing", "link", Strength, "code"]
WEIGHTLESS: tuple[Evidence, ...] = ("disputed", "bare")
"""What is known of a buyer and could be anybody's word: shown, of no weight anywhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    id: str
    """The click's id; for a link seen without one, `link-` and its code; for a coupon `code-` and
    what the buyer entered."""
    at: datetime
    link: str
    """Its code; of a coupon the touch's own id."""
    influencer: str
    name: str
    """What the influencer was called when the touch was resolved."""
    network: str
    """What the link was shared on: `whatsapp`, `other:Twitch`; of a coupon COUPON."""
    campaign: str = ""
    product: str = ""
    evidence: Evidence
    """How the order names it: the script's trail, the landing page's click id, only its link, what
    else is known of its buyer, or a coupon code."""
    verdict: str
    reason: str
    verdict_version: int = field(metadata={"stored_as": "judged"})
    """The version of the verdict's rule."""

    @property
    def is_human_click(self) -> bool:
        """Whether it is among people's clicks in the totals too."""
        return self.verdict == "human" and self.evidence in ("trail", "landing")

    def values(self) -> list[Any]:
        """Its fields in their order, as JSON takes them."""
        return [iso(v) if isinstance(v, datetime) else v for v in _values(self)]

    @classmethod
    def of(cls, values: list[Any]) -> "Touch":
        """What `values` told. Names repeat from order to order: each is kept once."""
        named = dict(zip(_FIELDS, values, strict=True))
        named["at"] = moment(named["at"])
        named["evidence"] = evidence_of(named["evidence"])
        for name in _REPEATED:
            named[name] = intern(named[name])
        return cls(**named)


in_time = attrgetter("at", "id")
"""What touches are sorted by."""
_FIELDS = tuple(each.name for each in fields(Touch))
_values = attrgetter(*_FIELDS)
_REPEATED = ("influencer", "name", "link", "network", "campaign", "product")


def evidence_of(stored: str) -> str:
    """Before credit-5 every click that was known by the buyer was called `person`, and how well it
    was known nobody kept."""
    return "bare" if stored == "person" else stored


@dataclass(frozen=True, kw_only=True)
class OrderTouches:
    touches: tuple[Touch, ...]
    waiting: tuple[str, ...] = ()
    """Click ids that it carries, and whose fact is not (yet) in the table: late, or made up."""
    expected: tuple[str, ...] = ()
    """Such ids that its buyer is known by elsewhere."""
    unknown_codes: tuple[str, ...] = ()
    """Coupon codes in the order that were nobody's when it was placed."""


def trail_of_order(order: Order) -> tuple[Trail, Evidence]:
    """What the order says of its clicks: the script's word, else its landing page's. A renewal says
    what its first order said, and has no visit of its own."""
    trail, evidence = _said(order)
    return (replace(trail, visit="other") if order.sale.origin == "renewal" else trail), evidence


def _said(order: Order) -> tuple[Trail, Evidence]:
    trail = read_trail(order.sale.trail, order.sale.visit)
    landing = order.sale.landing_click
    if trail.state in ("absent", "none", "unreadable") and landing:
        return make_trail([landing], landing), "landing"
    return trail, "trail"
