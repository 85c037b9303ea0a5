"""A shop's buyers: erased, and told what is kept of them.

Which orders are theirs is told by what orders say of their buyers (for forty weeks), by the asker,
and by reading all of a shop's orders through, once for each request, in pieces. What was found is
kept before anything is changed, and the names go last: whoever dies on the way is followed by one
who finds the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sharetrail import logs
from sharetrail.attribution import credits, explanations, testimony
from sharetrail.attribution.credit import OrderCredits, OrderHead
from sharetrail.attribution.erasing import erased_orders, told_of_buyers
from sharetrail.attribution.erasing.erased_order import as_it_stands
from sharetrail.aws import clients
from sharetrail.aws.items import Item, dump
from sharetrail.clicks.click import is_click_id
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts
from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy import pieces
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.pieces import MoreToDo, Piece
from sharetrail.problems import Problem
from sharetrail.questions import privacy_requests
from sharetrail.questions.privacy_request import PrivacyRequest

_AT_ONCE = 8
_PATIENCE = timedelta(hours=1)
"""An order that is not credited by then is erased all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _BuyerHead(OrderHead):
    """An order, and by what its buyer is known again: see buyer_keys of testimony.py."""

    buyer: tuple[str, ...] = ()


class NotCreditedYet(Problem):
    """An order is erased as it stands, and this one's credits are under way."""

    status = 409
    title = "An order is not credited yet"


def erase(
    merchant: Merchant, request: PrivacyRequest, now: datetime, piece: Piece, *, whole: bool
) -> Erased:
    """All of the buyer's that was ordered until it was asked; `whole`: reading all orders of the
    shop through. MoreToDo, and nothing is erased so far."""
    refs = find(merchant, request, piece, whole=whole)
    named = _named(refs)
    beside = {name for names in named.values() for name in names} - {*request.names}
    request = privacy_requests.note_found(request, (ref.own for ref in refs), beside)
    clients.dynamodb()  # once, before the threads ask for it
    with logs.threads(_AT_ONCE) as pool:
        counts = list(pool.map(partial(_erase_order, request=request, now=now), refs))
    deleted = sum(
        told_of_buyers.delete(merchant.id, name, request.asked_at) for name in request.names
    )
    orders = tuple(ref.own for ref in refs)
    return Erased(overwritten=sum(counts), deleted=deleted, orders=orders)


# ── which orders are theirs ──────────────────────────────────────────────────────────────────────
def find(
    merchant: Merchant, request: PrivacyRequest, piece: Piece, *, whole: bool
) -> list[OrderRef]:
    """Those that were placed until it was asked, or are named in it. MoreToDo, once the request
    says which were found so far."""
    asked = {OrderRef.of(f"{merchant.id}#{own}") for own in (*request.orders, *request.found)}
    told = told_of_buyers.orders_of(merchant.id, request.names, request.asked_at)
    read = _read_through(merchant, request, piece) if whole and request.names else ()
    return sorted({*asked, *told, *read}, key=lambda ref: ref.pk)


def _read_through(merchant: Merchant, request: PrivacyRequest, piece: Piece) -> list[OrderRef]:
    found = list[OrderRef]()
    heads = credits.oldest_first(_BuyerHead, merchant.id, piece.after)
    for some in pieces.groups(heads):
        found += _theirs(merchant.id, request, (head for _, head in some))
        if piece.is_over():
            privacy_requests.note_found(request, (ref.own for ref in found), ())
            raise MoreToDo(some[-1][0])
    return found


def _theirs(
    merchant_id: str, request: PrivacyRequest, heads: Iterable[_BuyerHead]
) -> Iterator[OrderRef]:
    """Those that are known by one of the names; of those that are known by none, for their shopper
    forbade it, by their facts."""
    keys = {key for name in request.names for key in testimony.keys_of_name(name)}
    unknown = list[OrderRef]()
    for head in heads:
        ref = OrderRef(merchant=merchant_id, platform=head.platform, id=head.order)
        if head.placed_at > request.asked_at:
            continue
        if not head.buyer:
            unknown.append(ref)
        elif not keys.isdisjoint(head.buyer):
            yield ref
    for ref, names in _named(unknown).items():
        if not names.isdisjoint(request.names):
            yield ref


def _named(refs: Iterable[OrderRef]) -> dict[OrderRef, set[str]]:
    """By which names each of them knows its buyer."""
    refs = list(refs)
    with logs.threads(_AT_ONCE) as pool:
        return dict(zip(refs, pool.map(_names_of, refs), strict=True))


def _names_of(ref: OrderRef) -> set[str]:
    facts = order_facts.among(order_facts.rows(ref))
    return {name for fact in facts if fact.sale for name in fact.sale.names}


# ── one of them ──────────────────────────────────────────────────────────────────────────────────
def _erase_order(ref: OrderRef, request: PrivacyRequest, now: datetime) -> int:
    """How many rows of it, and of what it told, were overwritten. One that is named and has not
    come is judged by its buyer when it comes, as any other is, and erased in the night after."""
    rows = order_facts.rows(ref)
    erased = erased_orders.find_in(rows)
    if erased is None:
        if fold_facts(order_facts.among(rows)) is None:
            return 0
        erased = as_it_stands(_credited(ref, rows, request, now), request.token, request.asked_at)
        erased_orders.put_once(ref, erased, now)
        rows = order_facts.rows(ref)
    erased = erased_orders.find_in(rows) or erased
    names = {*request.names, *request.beside}
    clicks, alike = _clicks_of(rows), {*request.found}
    claims = told_of_buyers.unlink(ref, names, clicks, request.token, alike)
    erased_orders.scrubbed(rows)
    erased_orders.unlink_credits(ref, erased)
    return claims + sum("sale" in row for row in rows)


def _credited(
    ref: OrderRef, rows: list[Item], request: PrivacyRequest, now: datetime
) -> OrderCredits | None:
    """What stands of it. NotCreditedYet where that is about to be known."""
    stands = credits.find_in(rows)
    if stands is None and now - request.asked_at < _PATIENCE:
        raise NotCreditedYet(f"{ref.platform}/{ref.id} is credited at this moment: ask once more.")
    return stands


def _clicks_of(rows: list[Item]) -> list[str]:
    """All that it ever said to carry."""
    order = fold_facts(order_facts.among(rows))
    return [word for word in order.told if is_click_id(word)] if order else []


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────
def export(
    merchant: Merchant, request: PrivacyRequest, now: datetime, piece: Piece
) -> dict[str, Any]:
    """Of what a keyed hash stands for nothing else is kept. MoreToDo."""
    refs = find(merchant, request, piece, whole=True)
    rows = (row for name in request.names for row in told_of_buyers.rows_of(merchant.id, name, now))
    return {
        "known_as": list(request.names),
        "orders": [_told_of(ref) for ref in refs],
        "told_by_orders_and_shop": list(rows),
    }


def _told_of(ref: OrderRef) -> dict[str, Any]:
    """An order's rows as they are kept, and what they come to, in words."""
    rows = order_facts.rows(ref)
    credited = credits.find_in(rows)
    return {
        "order": f"{ref.platform}/{ref.id}",
        "kept": [row for row in rows if row["sk"] != credits.SK],
        "known_as": list(credited.buyer) if credited else [],
        "touches": [dump(touch) for touch in credited.details.touches] if credited else [],
        "credits": _sentences(credited) if credited else [],
    }


def _sentences(order: OrderCredits) -> list[str]:
    lines = order.details.lines("linear")
    told = explanations.credits(lines, "linear", order.placed_at)
    why = explanations.why_none(order)
    return [*told, *explanations.all_left_out(order), *([why] if why else [])]
