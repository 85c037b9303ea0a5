"""Touches: the share clicks and coupon codes an order can name, resolved and copied beside it.

Table orders: `merchant#platform#order / touch#id`. Copied because an order outlives the events:
models, what-if and explanations read the copy and never depend on what expired.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sharetrail.attribution.buyer_history import BuyerHistory, most_telling
from sharetrail.attribution.credit import PATIENCE
from sharetrail.attribution.touch import (
    CODE_PREFIX,
    COUPON,
    LINK_PREFIX,
    STRENGTHS,
    Evidence,
    OrderTouches,
    Touch,
    evidence_of,
    in_time,
    trail_of_order,
)
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import EVENTS, ORDERS
from sharetrail.clicks.click import Click, click_key, read_click, time_of_click
from sharetrail.clicks.readable import readable
from sharetrail.clicks.verdict import HUMAN, VERSION, Verdict, judge_alone
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef
from sharetrail.sharing import influencers, links
from sharetrail.sharing.link import Link

PREFIX = "touch#"


def resolve(
    ref: OrderRef, order: Order, rows: Iterable[Item], buyer: BuyerHistory, now: datetime
) -> OrderTouches:
    """The order's touches: those that its facts and its buyer name today. What was copied among its
    rows is taken from there, and what is found now is copied too; a copy that nothing names any
    more is passed over. What a buyer was once known by outlasts the evidence, which expires.
    """
    copies = {row["id"]: _copy(row) for row in rows if row["sk"].startswith(PREFIX)}
    trail, evidence = trail_of_order(order)
    persons = _of_buyer(buyer, copies.values(), trail.ids)
    link = order.sale.landing_code if not trail.ids else None
    codes = _codes(order)
    named = persons | dict.fromkeys(trail.ids, evidence)
    named |= {f"{LINK_PREFIX}{link}": "link"} if link else {}
    named |= {CODE_PREFIX + code: "code" for code in codes}
    missing = [each for each in (*trail.ids, *persons) if each not in copies]
    clicks = _clicks(ref.merchant, missing, now)
    fresh = _of_clicks(clicks, named)
    if link and f"{LINK_PREFIX}{link}" not in copies:
        fresh += _of_link(ref.merchant, link, order.placed_at)
    owners = _owners(ref.merchant, [c for c in codes if CODE_PREFIX + c not in copies], order)
    fresh += [_of_code(code, owner, order.placed_at) for code, owner in owners.items() if owner]
    new = _named(ref.merchant, fresh)
    for touch in new:
        ORDERS.put_once({"pk": ref.pk, "sk": PREFIX + touch.id, **dump(touch)})
    old = [replace(copies[each], evidence=named[each]) for each in named if each in copies]
    for touch in old:
        if touch.evidence != copies[touch.id].evidence:
            ORDERS.put({"pk": ref.pk, "sk": PREFIX + touch.id, **dump(touch)})
    found = {*copies, *(click.id for click in clicks)}
    return OrderTouches(
        touches=tuple(sorted([*old, *new], key=in_time)),
        waiting=tuple(each for each in trail.ids if each not in found),
        expected=tuple(sorted(_recent(persons.keys() - found, order.placed_at))),
        unknown_codes=tuple(code for code, owner in owners.items() if not owner),
    )


def _copy(row: Item) -> Touch:
    return load(Touch, {**row, "evidence": evidence_of(row["evidence"])})


def _of_buyer(
    buyer: BuyerHistory, copies: Iterable[Touch], carried: Collection[str]
) -> dict[str, Evidence]:
    """Clicks that are known by the buyer, and how well: as it is told today, else as it was when
    the evidence was still there."""
    once = {each.id: each.evidence for each in copies if each.evidence in STRENGTHS}
    once = {click: how for click, how in once.items() if click not in buyer.withdrawn}
    known = {**(once if buyer.is_joined else {}), **buyer.evidence}
    return most_telling(known, carried)


def _clicks(merchant_id: str, ids: Iterable[str], now: datetime) -> list[Click]:
    """The facts these ids name. An id's key carries the merchant, so no other's click is found."""
    keys = [click_key(merchant_id, each) for each in ids]
    return list(readable(read_click, EVENTS.get_all(keys), now))


def _recent(ids: Iterable[str], placed: datetime) -> Iterator[str]:
    """Of clicks that are not there, those that may be late: what is older has ended by itself."""
    return (each for each in ids if placed - time_of_click(each) <= PATIENCE)


def _of_clicks(clicks: list[Click], named: Mapping[str, Evidence]) -> list[Touch]:
    made = links.find_all({click.code for click in clicks})
    return [
        _touch(made[click.code], click.id, click.at, named[click.id], judge_alone(click))
        for click in clicks
        if click.code in made
    ]


def _of_link(merchant_id: str, code: str, at: datetime) -> list[Touch]:
    """A landing that names a link of this merchant and no click: when it was, is not known."""
    link = links.find(code)
    if link is None or link.merchant != merchant_id:
        return []
    return [_touch(link, f"{LINK_PREFIX}{code}", at, "link", HUMAN)]


def _touch(link: Link, touch_id: str, at: datetime, evidence: Evidence, verdict: Verdict) -> Touch:
    return Touch(
        id=touch_id,
        at=at,
        link=link.code,
        influencer=link.influencer,
        name=link.influencer,
        network=link.shared_on,
        campaign=link.campaign,
        product=link.product.id if link.product else "",
        evidence=evidence,
        verdict=verdict.kind,
        reason=verdict.reason,
        verdict_version=VERSION,
    )


def _codes(order: Order) -> list[str]:
    """The order's codes as we compare them, each once."""
    if not order.sale.codes:
        return []
    from sharetrail.sharing import coupon_codes  # which most orders do without

    plain = map(coupon_codes.plain, order.sale.codes)
    return [code for code in dict.fromkeys(plain) if 0 < len(code) <= coupon_codes.LONGEST]


def taken_off(order: Order) -> dict[str, int]:
    """By the touch that a code of the order's is or would be: what it took off, in minor units of
    the order's currency, in the part of the order that still stands. What was refunded of an order
    has its part of the discount undone; an order that is gone, or a test, costs none."""
    if not order.sale.code_discounts:
        return {}
    from sharetrail.sharing import coupon_codes

    off: Counter[str] = Counter()
    for each in order.sale.code_discounts:
        off[CODE_PREFIX + coupon_codes.plain(each.code)] += each.amount
    part = _standing(order)
    return {touch: round(amount * part) for touch, amount in off.items()}


def _standing(order: Order) -> Fraction:
    """Of an order that came to nothing because all of it was taken off, all."""
    if order.cancelled_at is not None or order.sale.test:
        return Fraction(0)
    return Fraction(order.net, order.sale.net) if order.sale.net else Fraction(1)


def _owners(merchant_id: str, codes: list[str], order: Order) -> dict[str, str | None]:
    """Codes → whose they were when the order was placed, if anyone's."""
    if not codes:
        return {}
    from sharetrail.sharing import coupon_codes

    return {code: coupon_codes.owner(merchant_id, code, order.placed_at) for code in codes}


def _of_code(code: str, owner: str, at: datetime) -> Touch:
    return Touch(
        id=CODE_PREFIX + code,
        at=at,
        link=CODE_PREFIX + code,
        influencer=owner,
        name=owner,
        network=COUPON,
        evidence="code",
        verdict=HUMAN.kind,
        reason=f"the code {code} was used in the order",
        verdict_version=VERSION,
    )


def _named(merchant_id: str, fresh: list[Touch]) -> list[Touch]:
    """With what their influencers are called today."""
    names = influencers.names(merchant_id, {touch.influencer for touch in fresh})
    return [replace(each, name=names.get(each.influencer, each.name)) for each in fresh]
