"""Touches: the share clicks and coupon codes an order can name, resolved and copied beside it.

Table orders: `merchant#platform#order / touch#id`. Copied because an order outlives the events:
models, what-if and explanations read the copy and never depend on what expired.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sharetrail import clicks, coupons, influencers, links, trails, verdicts
from sharetrail.clicks import Click
from sharetrail.items import Item, dump, load
from sharetrail.ledger import Order
from sharetrail.links import Link
from sharetrail.orders import OrderRef
from sharetrail.tables import EVENTS, ORDERS
from sharetrail.trails import Trail

PREFIX = "touch#"
CODE = "code-"
COUPON = "coupon"
"""What stands for the network of a code: it can be passed on anywhere."""
Evidence = Literal["trail", "landing", "link", "person", "code"]


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
    campaign: str = ""
    product: str = ""
    evidence: Evidence
    """How the order names it: the script's trail, the landing page's click id, only its link, its
    buyer (see identities.py), or a coupon code."""
    verdict: str
    reason: str
    judged: int
    """The version of the verdict's rule."""


@dataclass(frozen=True, kw_only=True)
class Resolved:
    touches: tuple[Touch, ...]
    waiting: tuple[str, ...] = ()
    """Click ids whose fact is not (yet) in the table: late, or made up."""
    unknown_codes: tuple[str, ...] = ()
    """Coupon codes in the order that were nobody's when it was placed."""


def trail_of(order: Order) -> tuple[Trail, Evidence]:
    """What the order says of its clicks: the script's word, else its landing page's."""
    said = trails.read(order.sale.trail, order.sale.visit)
    landing = order.sale.landing_click
    if said.said in ("absent", "none") and landing:
        return trails.of([landing], landing), "landing"
    return said, "trail"


def resolve(
    ref: OrderRef, order: Order, stored: Iterable[Touch], of_buyer: Iterable[str] = ()
) -> Resolved:
    """The order's touches: those already copied, and those whose clicks can be found now.

    `of_buyer` are clicks that the order does not carry and its buyer is known by.
    """
    known = {touch.id: touch for touch in stored}
    trail, evidence = trail_of(order)
    missing = [each for each in trail.ids if each not in known]
    found = _clicks(ref.merchant, missing)
    fresh = _of_clicks(ref.merchant, found, evidence)
    joined = _clicks(ref.merchant, [each for each in of_buyer if each not in known])
    fresh += _of_clicks(ref.merchant, joined, "person")
    if not trail.ids and not known and order.sale.landing_code:
        fresh += _of_link(ref.merchant, order.sale.landing_code, order.placed_at)
    used = _of_codes(ref.merchant, order, known)
    touches = sorted([*known.values(), *fresh, *used], key=lambda touch: (touch.at, touch.id))
    found_ids = {click.id for click in found}
    owned = {touch.id for touch in touches}
    return Resolved(
        touches=tuple(touches),
        waiting=tuple(each for each in missing if each not in found_ids),
        unknown_codes=tuple(c for c in _codes(order) if CODE + c not in owned),
    )


def stored(rows: Iterable[Item]) -> list[Touch]:
    """The touches among an order's rows."""
    return [load(Touch, row) for row in rows if row["sk"].startswith(PREFIX)]


def save(ref: OrderRef, touch: Touch) -> None:
    ORDERS.put_once({"pk": ref.pk, "sk": PREFIX + touch.id, **dump(touch)})


def _clicks(merchant_id: str, ids: list[str]) -> list[Click]:
    """The facts these ids name. An id's key carries the merchant, so no other's click is found."""
    keys = [clicks.key(merchant_id, each) for each in ids]
    return [clicks.from_item(item) for item in EVENTS.get_all(keys)]


def _of_clicks(merchant_id: str, found: list[Click], evidence: Evidence) -> list[Touch]:
    made = links.find_all({click.code for click in found})
    names = influencers.names(merchant_id, {link.influencer for link in made.values()})
    return [
        _touch(made[click.code], names, click.id, click.at, evidence, verdicts.alone(click))
        for click in found
        if click.code in made
    ]


def _of_link(merchant_id: str, code: str, at: datetime) -> list[Touch]:
    """A landing that names a link of this merchant and no click: when it was, is not known."""
    link = links.find(code)
    if link is None or link.merchant != merchant_id:
        return []
    names = influencers.names(merchant_id, {link.influencer})
    return [_touch(link, names, f"link-{code}", at, "link", verdicts.HUMAN)]


def _codes(order: Order) -> list[str]:
    """The coupon codes of an order, each once."""
    plain = [coupons.plain(code) for code in order.sale.codes]
    return [code for code in dict.fromkeys(plain) if 0 < len(code) <= coupons.LONGEST]


def _of_codes(merchant_id: str, order: Order, known: dict[str, Touch]) -> list[Touch]:
    """The codes that belonged to somebody when the order was placed."""
    fresh = [code for code in _codes(order) if CODE + code not in known]
    owners = {code: coupons.owner(merchant_id, code, order.placed_at) for code in fresh}
    names = influencers.names(merchant_id, {owner for owner in owners.values() if owner})
    return [
        Touch(
            id=CODE + code,
            at=order.placed_at,
            link=CODE + code,
            influencer=owner,
            name=names.get(owner, owner),
            network=COUPON,
            evidence="code",
            verdict=verdicts.HUMAN.kind,
            reason=f"the code {code} was used in the order",
            judged=verdicts.RULE,
        )
        for code, owner in owners.items()
        if owner
    ]


def _touch(
    link: Link,
    names: dict[str, str],
    touch_id: str,
    at: datetime,
    evidence: Evidence,
    verdict: verdicts.Verdict,
) -> Touch:
    return Touch(
        id=touch_id,
        at=at,
        link=link.code,
        influencer=link.influencer,
        name=names.get(link.influencer, link.influencer),
        network=link.network,
        campaign=link.campaign,
        product=link.product.id if link.product else "",
        evidence=evidence,
        verdict=verdict.kind,
        reason=verdict.reason,
        judged=verdicts.RULE,
    )
