"""What the merchant API shows of influencers, links, orders and more, as plain JSON values."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sharetrail import (
    coupons,
    credits,
    influencer_tokens,
    influencers,
    links,
    money,
    orders,
    quarantine,
    rates,
    shares,
)
from sharetrail.coupons import Ownership
from sharetrail.credits import CreditLine, OrderCredits, Original
from sharetrail.items import Item, dump, iso
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef
from sharetrail.problems import Malformed, NotFound
from sharetrail.quarantine import Quarantined

MOST = 100
T = TypeVar("T")


class UnknownOrder(NotFound):
    """No fact was heard of this order."""


# ── influencers ──────────────────────────────────────────────────────────────────────────────────
def influencer_page(merchant: Merchant, limit: int, cursor: str | None) -> dict[str, Any]:
    """Influencers in order of their ids; `cursor` opens the next page, None is the last."""
    found = influencers.some(merchant.id, _after(cursor), limit + 1)
    return _page(found, limit, lambda item: influencer(item, merchant), lambda item: item["sk"])


def influencer(item: Item, merchant: Merchant) -> dict[str, Any]:
    shown = ("id", "name", "email", "handles", "reach", "created_at")
    profile = {name: item[name] for name in shown if name in item}
    return {
        **profile,
        "anonymous": item["sk"].startswith(influencers.ANONYMOUS),
        "score": _score(item.get("score"), merchant),
    }


def one_influencer(merchant: Merchant, influencer_id: str) -> dict[str, Any]:
    """One influencer with their links."""
    item = influencers.item_of(merchant.id, influencer_id)
    made = links.made_by(merchant.id, influencer_id)
    return {
        **influencer(item, merchant),
        "links": [
            {
                "code": link.code,
                "short_url": link.short_url,
                "url": link.url,
                "network": link.network,
            }
            for link in sorted(made, key=lambda link: link.created_at)
        ],
    }


def minted_token(merchant: Merchant, influencer_id: str, now: datetime) -> dict[str, Any]:
    """A token to speak for the influencer, who need not have shared anything yet."""
    token, until = influencer_tokens.mint(merchant.id, influencer_id, now)
    return {"token": token, "influencer_id": influencer_id, "expires_at": iso(until)}


def _score(score: Item | None, merchant: Merchant) -> dict[str, Any] | None:
    """The stored score, its money as decimal text and its parts as they were computed."""
    if score is None:
        return None
    amounts = ("value", "low", "high", "expected")
    told = {n: money.decimal_text(round(score[n]), merchant.currency) for n in amounts}
    return {**score, **told, "currency": merchant.currency}


def _page(
    found: list[T], limit: int, shown: Callable[[T], dict[str, Any]], key: Callable[[T], str]
) -> dict[str, Any]:
    """`found` is one more than the page holds where others follow; `key` is where these begin."""
    more = len(found) > limit
    items = [shown(each) for each in found[:limit]]
    return {"items": items, "cursor": _cursor(key(found[limit - 1])) if more else None}


def _after(cursor: str | None) -> str:
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Malformed("Give a cursor as a page gave it.", errors={"cursor": "is none"}) from error


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def one_link(merchant: Merchant, code: str) -> dict[str, Any]:
    """A link as its sharer got it, and what else is known of it."""
    link = links.find_own(merchant.id, code)
    return {
        **shares.answer_of(link),
        "campaign": link.campaign,
        "label": link.label,
        "product": dump(link.product) if link.product else None,
        "parent": link.parent,
        "disabled": link.disabled_at is not None,
        "disabled_at": iso(link.disabled_at) if link.disabled_at else None,
    }


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
def order(merchant: Merchant, platform: str, order_id: str) -> dict[str, Any]:
    """An order: its facts, its touches in time order, who got what under every model and why."""
    ref = OrderRef(merchant=merchant.id, platform=platform, id=order_id)
    rows = _rows(ref)
    found = credits.find_in(rows)
    return {
        "platform": platform,
        "id": order_id,
        "facts": [_shown(row) for row in rows if "kind" in row],
        "touches": [_shown(row) for row in rows if row["sk"].startswith("touch#")],
        **(_credited(found) if found else {"status": "waiting for the order itself"}),
    }


def released(merchant: Merchant, platform: str, order_id: str, now: datetime) -> dict[str, Any]:
    """The answer to a release: the order shows it as soon as it has been attributed anew."""
    ref = OrderRef(merchant=merchant.id, platform=platform, id=order_id)
    _rows(ref)
    return {"platform": platform, "id": order_id, "new": credits.release(ref, now)}


def _rows(ref: OrderRef) -> list[Item]:
    """All that is stored of an order. UnknownOrder where that is nothing."""
    if rows := orders.rows(ref):
        return rows
    raise UnknownOrder(f"Nothing was heard of {ref.platform} order {ref.id!r}.")


def _credited(found: OrderCredits) -> dict[str, Any]:
    def text(amount: int) -> str:
        return money.decimal_text(amount, found.currency)

    def line(each: CreditLine) -> dict[str, Any]:
        return {**dump(each), "share": each.share, "amount": text(each.amount)}

    return {
        "name": found.name,
        "placed_at": dump(found)["placed_at"],
        "currency": found.currency,
        "net": text(found.net),
        "refunded": text(found.refunded),
        "charged_back": text(found.charged_back),
        "original": _original(found.original),
        "apart": list(found.apart),
        "cancelled": found.cancelled,
        "test": not found.counts,
        "influence": found.influence,
        "credits": {model: [line(each) for each in lines] for model, lines in found.models.items()},
        "left_out": list(found.left_out),
        "why_no_credit": found.why,
        "waiting_for": list(found.waiting),
        "unknown_codes": list(found.unknown_codes),
        "decisions": [dump(each) for each in found.decisions],
        "rule": found.rule,
    }


def _original(order: Original | None) -> dict[str, Any] | None:
    """What the order was before it was converted, and by what rate."""
    if order is None:
        return None
    return {
        "currency": order.currency,
        "net": money.decimal_text(order.net, order.currency),
        "refunded": money.decimal_text(order.refunded, order.currency),
        "rate": order.rate,
        "rate_of": order.rate_day.isoformat(),
    }


# ── codes and rates ──────────────────────────────────────────────────────────────────────────────
def code(ownership: Ownership) -> dict[str, Any]:
    return {**dump(ownership), "influencer": ownership.influencer}


def rate_page(merchant: Merchant, limit: int, cursor: str | None) -> dict[str, Any]:
    """The merchant's rates, by currency and day."""
    return _page(rates.some(merchant.id, _after(cursor), limit + 1), limit, dump, rates.key)


def code_page(merchant: Merchant, limit: int, cursor: str | None) -> dict[str, Any]:
    """Coupon codes, by code and time: whose each was, and since when."""
    return _page(coupons.some(merchant.id, _after(cursor), limit + 1), limit, code, coupons.key)


def _shown(row: Item) -> Item:
    return {name: value for name, value in row.items() if name != "pk"}


# ── quarantine ───────────────────────────────────────────────────────────────────────────────────
def quarantine_page(
    merchant: Merchant, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """What is in quarantine, newest first. A page may be short, and yet others follow it."""
    found, last = quarantine.some(merchant.id, _after(cursor), limit, now)
    return {"items": [_quarantined(each) for each in found], "cursor": last and _cursor(last)}


def one_quarantined(merchant: Merchant, quarantined_id: str, now: datetime) -> dict[str, Any]:
    kept, body = quarantine.find(merchant.id, quarantined_id, now)
    return {**_quarantined(kept), "headers": kept.headers, "payload": body.decode()}


def _quarantined(kept: Quarantined) -> dict[str, Any]:
    return {
        "id": kept.id,
        "provider": kept.provider,
        "topic": kept.topic,
        "received": iso(kept.received),
        "expires": iso(kept.expires),
        "reason": kept.reason,
        "errors": [{"field": name, "detail": why} for name, why in kept.fields.items()],
    }
