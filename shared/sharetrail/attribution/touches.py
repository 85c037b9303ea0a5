"""Touches: the share clicks and coupon codes an order can name, resolved and copied beside it.

Table orders: `merchant#platform#order / touch#id`. Copied because an order outlives the events:
models, what-if and explanations read the copy and never depend on what expired.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sharetrail.attribution.touch import (
    CODE_PREFIX,
    COUPON,
    Evidence,
    OrderTouches,
    Touch,
    in_time,
    trail_of_order,
)
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import EVENTS, ORDERS
from sharetrail.clicks.click import Click, click_key, read_click
from sharetrail.clicks.verdict import HUMAN, VERSION, Verdict, judge_alone
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef
from sharetrail.sharing import influencers, links
from sharetrail.sharing.link import Link

PREFIX = "touch#"


def resolve(
    ref: OrderRef, order: Order, rows: Iterable[Item], of_buyer: Iterable[str]
) -> OrderTouches:
    """The order's touches: those copied among its rows, and those whose clicks can be found now,
    which are copied too.

    `of_buyer` are clicks that the order does not carry and its buyer is known by.
    """
    copies = [load(Touch, row) for row in rows if row["sk"].startswith(PREFIX)]
    known = {touch.id for touch in copies}
    trail, evidence = trail_of_order(order)
    missing = [each for each in trail.ids if each not in known]
    clicks = _clicks(ref.merchant, missing)
    found = {click.id for click in clicks}
    joined = _clicks(ref.merchant, [each for each in of_buyer if each not in known])
    fresh = [*_of_clicks(clicks, evidence), *_of_clicks(joined, "person")]
    if not trail.ids and not known and order.sale.landing_code:
        fresh += _of_link(ref.merchant, order.sale.landing_code, order.placed_at)
    owners = _owners(ref.merchant, order, known)
    fresh += [_of_code(code, owner, order.placed_at) for code, owner in owners.items() if owner]
    named = _named(ref.merchant, fresh)
    for touch in named:
        ORDERS.put_once({"pk": ref.pk, "sk": PREFIX + touch.id, **dump(touch)})
    return OrderTouches(
        touches=tuple(sorted([*copies, *named], key=in_time)),
        waiting=tuple(each for each in missing if each not in found),
        unknown_codes=tuple(code for code, owner in owners.items() if not owner),
    )


def _clicks(merchant_id: str, ids: Iterable[str]) -> list[Click]:
    """The facts these ids name. An id's key carries the merchant, so no other's click is found."""
    keys = [click_key(merchant_id, each) for each in ids]
    return [read_click(item) for item in EVENTS.get_all(keys)]


def _of_clicks(clicks: list[Click], evidence: Evidence) -> list[Touch]:
    made = links.find_all({click.code for click in clicks})
    return [
        _touch(made[click.code], click.id, click.at, evidence, judge_alone(click))
        for click in clicks
        if click.code in made
    ]


def _of_link(merchant_id: str, code: str, at: datetime) -> list[Touch]:
    """A landing that names a link of this merchant and no click: when it was, is not known."""
    link = links.find(code)
    if link is None or link.merchant != merchant_id:
        return []
    return [_touch(link, f"link-{code}", at, "link", HUMAN)]


def _touch(link: Link, touch_id: str, at: datetime, evidence: Evidence, verdict: Verdict) -> Touch:
    return Touch(
        id=touch_id,
        at=at,
        link=link.code,
        influencer=link.influencer,
        name=link.influencer,
        network=link.network,
        campaign=link.campaign,
        product=link.product.id if link.product else "",
        evidence=evidence,
        verdict=verdict.kind,
        reason=verdict.reason,
        verdict_version=VERSION,
    )


def _owners(merchant_id: str, order: Order, known: set[str]) -> dict[str, str | None]:
    """The order's codes that have no copy yet → whose they were when it was placed, if anyone's."""
    if not order.sale.codes:
        return {}
    from sharetrail.sharing import coupon_codes  # which most orders do without

    plain = [coupon_codes.plain(code) for code in order.sale.codes]
    codes = [code for code in dict.fromkeys(plain) if 0 < len(code) <= coupon_codes.LONGEST]
    fresh = [code for code in codes if CODE_PREFIX + code not in known]
    return {code: coupon_codes.owner(merchant_id, code, order.placed_at) for code in fresh}


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
