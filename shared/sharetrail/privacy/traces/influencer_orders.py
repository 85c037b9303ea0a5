"""An influencer's name in what orders earned: their touches' copies of it, and the credits'.

Whose the credits are, and how much, stays; so does what was decided. What an order showed of them
as a buyer rests on hashes that go: it is written down first, as `merchant#platform#order /
self#influencer`, and stands in the place of looking for it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sharetrail import logs, packing
from sharetrail.attribution import credits
from sharetrail.attribution.attribute_order import StillChanging
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.keeping import self_marks
from sharetrail.attribution.touch import Touch
from sharetrail.attribution.touches import PREFIX
from sharetrail.aws import removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import CREDITS_BY_DAY, ORDERS
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.orders.order_rings import DECIDED, ERASED
from sharetrail.privacy import pieces
from sharetrail.privacy.pieces import MoreToDo, Piece
from sharetrail.privacy.traces.alias import Alias

_TRIES = 5
_AT_ONCE = 8


def rewrite_all(merchant: Merchant, alias: Alias, piece: Piece) -> int:
    """How many orders named them, by when they were placed. MoreToDo."""

    def rewritten(row: Item) -> bool:
        return _rewrite(merchant, alias, OrderRef.of(row["pk"]))

    number, ids = 0, (alias.before, alias.id)
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        for some in pieces.groups(_all(merchant.id, piece.after)):
            number += sum(pool.map(rewritten, _naming(some, ids)))
            if piece.is_over():
                raise MoreToDo(some[-1][CREDITS_BY_DAY.range])
    return number


def _rows(merchant_id: str, influencer_id: str) -> Iterator[Item]:
    return _naming(_all(merchant_id), [influencer_id])


def _all(merchant_id: str, after: str = "") -> Iterator[Item]:
    """No index has orders by who is named in them, so all of the merchant's are looked through."""
    names = ["pk", "packed", CREDITS_BY_DAY.range]
    return ORDERS.query(merchant_id, index=CREDITS_BY_DAY, after=after, only=names)


def _naming(rows: Iterable[Item], influencer_ids: Iterable[str]) -> Iterator[Item]:
    """Those that have a touch of theirs."""
    marks = [packing.pack(each) for each in influencer_ids]
    return (row for row in rows if any(mark in row["packed"] for mark in marks))


def names(merchant_id: str, influencer_id: str) -> set[str]:
    """All that they were called when orders were credited."""
    touches = (
        Touch.of(values)
        for row in _rows(merchant_id, influencer_id)
        for values in packing.unpack(row["packed"])["touches"]
    )
    return {touch.name for touch in touches if touch.influencer == influencer_id}


def _rewrite(merchant: Merchant, alias: Alias, ref: OrderRef) -> bool:
    for _ in range(_TRIES):
        rows = order_facts.rows(ref)
        order = credits.find_in(rows)
        if order is None:
            return False
        theirs = [row for row in rows if _is_touch(row, alias)]
        self_marks.keep(ref, alias.id, _by_themselves(order, alias))
        for row in theirs:
            _rewrite_touch(row, alias)
        _rewrite_erased(rows, alias)
        _move_decisions(rows, alias)
        fresh = _anew(order, alias)
        if fresh == order:
            return bool(theirs)
        if credits.save(merchant, ref, replace(fresh, revision=order.revision + 1)):
            return True
    raise StillChanging(ref.pk)


def _is_touch(row: Item, alias: Alias) -> bool:
    is_touch: bool = row["sk"].startswith(PREFIX)
    return is_touch and row["influencer"] in (alias.before, alias.id)


def _by_themselves(order: OrderCredits, alias: Alias) -> Iterator[Decision]:
    """What the order showed of them as its buyer."""
    return (each for each in order.decisions if each.influencer == alias.before)


def _rewrite_touch(row: Item, alias: Alias) -> None:
    ORDERS.update(
        {"pk": row["pk"], "sk": row["sk"]},
        "SET #name = :name, #influencer = :id, #campaign = :campaign",
        "attribute_exists(pk)",
        names=["name", "influencer", "campaign"],
        name=alias.name,
        id=alias.id,
        campaign=alias.in_text(row.get("campaign", "")),
    )


def _rewrite_erased(rows: list[Item], alias: Alias) -> None:
    """Of an order whose buyer was erased, what stood of it."""
    for row in rows:
        if row["sk"] == ERASED:
            fresh = [_stored(each, alias) for each in row.get("decisions", ())]
            if fresh != row.get("decisions", []):
                ORDERS.put_if({**row, "decisions": fresh}, "attribute_exists(pk)")


def _stored(decision: Item, alias: Alias) -> Item:
    if decision.get("influencer") != alias.before:
        return decision
    sentence = alias.in_text(decision.get("sentence", ""))
    return {**decision, "influencer": alias.id, "sentence": sentence}


def _move_decisions(rows: list[Item], alias: Alias) -> None:
    """Only where an id is an e-mail address: the merchant's word stands on the new one."""
    for row in rows:
        if row["sk"].startswith(DECIDED) and alias.in_id(row["sk"]) != row["sk"]:
            moved = {"sk": alias.in_id(row["sk"]), "decision": alias.in_id(row["decision"])}
            ORDERS.put({**row, **moved})
            removals.rows(ORDERS, [{"pk": row["pk"], "sk": row["sk"]}])


def _anew(order: OrderCredits, alias: Alias) -> OrderCredits:
    values: dict[str, Any] = packing.unpack(order.packed)
    touches = (Touch.of(each) for each in values["touches"])
    values["touches"] = [_touch(each, alias).values() for each in touches]
    decisions = tuple(_decision(each, alias) for each in order.decisions)
    return replace(order, packed=packing.pack(values), decisions=decisions)


def _touch(touch: Touch, alias: Alias) -> Touch:
    if touch.influencer not in (alias.before, alias.id):
        return touch
    campaign = alias.in_text(touch.campaign)
    return replace(touch, influencer=alias.id, name=alias.name, campaign=campaign)


def _decision(decision: Decision, alias: Alias) -> Decision:
    """Until 2026-12 its sentence was stored."""
    if decision.influencer not in (alias.before, alias.id):
        return decision
    return replace(decision, influencer=alias.id, sentence=alias.in_text(decision.sentence))


def told(merchant_id: str, influencer_id: str) -> list[dict[str, Any]]:
    """Which orders have touches of theirs, and what these are credited by the linear model."""
    found = []
    refs = (OrderRef.of(row["pk"]) for row in _rows(merchant_id, influencer_id))
    for order in credits.find_all(refs).values():
        lines = order.details.lines("linear")
        theirs = [each for each in lines if each.touch.influencer == influencer_id]
        found.append(
            {
                "order": f"{order.platform}/{order.order}",
                "placed_at": iso(order.placed_at),
                "currency": order.currency,
                "credited": sum(each.amount for each in theirs),
                "decisions": [e.id for e in order.decisions if e.influencer == influencer_id],
            }
        )
    return found
