"""Trails across devices: which clicks a buyer is known by from elsewhere, and their other orders.

Table identities: `merchant#person / click#id#platform#order` is an order's word that the person
made the click, `click#id` the shop's own, each `since` a time; `… / order#platform#id` is an order
of theirs; `merchant#click#id / platform#order` an order that carries the click. Persons are HMACs
(see person_hashes.py); testimony.py says what each word is worth. Only signed webhooks and calls
with a secret key write here, and nothing that a publishable key sends is read.

Evidence counts for orders placed at or after its own time. Whoever writes some rings the person's
orders of the 90 days behind it, by a row of the order (`known#…`), and the other households that
carry the same click. An order stands here before it reads, and evidence before it rings, so of two
that meet one sees the other; a row of its own (`stitched`) says last that it has told all, and
what. What an order says may change with its facts: what it says no more is withdrawn, and stands as
withdrawn, since others may have copied it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sharetrail.attribution import buyer_history, testimony
from sharetrail.attribution.buyer_history import BuyerHistory, Person
from sharetrail.attribution.testimony import Claim, Testimony
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import IDENTITIES, ORDERS
from sharetrail.calendars import iso, moment
from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.clicks.trail import read_trail
from sharetrail.orders import order_facts
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef

RING = "known#"
STITCHED_ROW = "stitched"
LIFETIME = EVENT_LIFETIME
_MOST_ROWS = 2_000
_MOST_CLAIMS = 500
"""A copied address brings its click to everybody who follows it."""
_NOT_OLDER = "attribute_not_exists(pk) OR facts <= :facts"
"""What an order says by fewer of its facts never replaces what it says by more."""


def stitch(
    ref: OrderRef, order: Order, rows: Iterable[Item], *, proves_login: bool
) -> BuyerHistory:
    """Tell what the order knows of its buyer, and learn what others know. `rows` are the order's.

    An order whose shopper forbade to be remembered is joined with nothing, and a test is nobody's.
    """
    rows = list(rows)
    now = testimony.testimony_of(order, proves_login=proves_login)
    before, is_nobodys = _told_before(rows), testimony.is_nobodys(order)
    is_news = now != before and bool(order.buyer or now.ids or before)
    if not is_news and is_nobodys:
        return BuyerHistory(is_joined=False)
    facts = order.fact_count + sum(row["sk"].startswith(order_facts.HEARD) for row in rows)
    if is_news:
        _say(ref, now, facts)
    known = {name: _find(ref.merchant, name, ref) for name in order.buyer}
    claims = {click: _claims_on(ref, click, now) for click in now.ids}
    if is_news:
        gone = _ever_carried(rows) - {*now.ids}
        known |= _withdraw(ref, now, known, gone, facts)
        contested = claims | {click: _claims_on(ref, click, now) for click in gone}
        _ring_others(ref, now, before, known.values(), contested, facts)
        item = {"pk": ref.pk, "sk": STITCHED_ROW, **dump(now), "facts": facts}
        ORDERS.put_if(item, _NOT_OLDER, facts=facts)
    if is_nobodys:
        return BuyerHistory(is_joined=False)
    persons = [known[name] for name in now.persons if not known[name].is_crowd]
    strengths = buyer_history.strengths_of(now, persons)
    for click in buyer_history.to_be_disputed(now, persons, strengths):
        claims[click] = _claims_on(ref, click, now)
    return buyer_history.history_of(ref, now, persons, strengths, claims)


def _told_before(rows: Iterable[Item]) -> Testimony | None:
    return next((load(Testimony, row) for row in rows if row["sk"] == STITCHED_ROW), None)


def _ever_carried(rows: Iterable[Item]) -> set[str]:
    """The clicks that any fact of the order said it carries."""
    sales = [fact.sale for fact in order_facts.among([*rows]) if fact.sale]
    trails = [read_trail(sale.trail).ids for sale in sales]
    return {*chain.from_iterable(trails), *filter(None, (sale.landing_click for sale in sales))}


# ── what is told ─────────────────────────────────────────────────────────────────────────────────
def tell(merchant_id: str, persons: Iterable[str], ids: Iterable[str], at: datetime) -> int:
    """The shop's own word that these are a person's clicks, from a time on; how many of their
    later orders that rang.
    """
    rung: set[OrderRef] = set()
    for person in sorted(persons):
        _testify(merchant_id, person, ids, at)
        found = _find(merchant_id, person)
        rung |= _ring(found.later_than(at), at, f"told#{testimony.digest(sorted(ids))}")
    return len(rung)


def _testify(merchant_id: str, person: str, ids: Iterable[str], at: datetime) -> None:
    """The shop's word on each click; what stands from an earlier time stays."""
    since = iso(at)
    for click in ids:
        item = {**_key(merchant_id, person, f"click#{click}", at), "since": since}
        IDENTITIES.put_if(item, "attribute_not_exists(pk) OR since > :since", since=since)


def _said(ref: OrderRef, now: Testimony) -> set[str]:
    """The sort keys of an order's rows at each of its buyer's names. What was not paid for says
    nothing of clicks: it would cost nothing to bury somebody's own under it."""
    if not now.persons:
        return set()
    clicks = {f"click#{click}#{_name(ref)}" for click in now.ids} if now.since else set()
    return {f"order#{_name(ref)}", *clicks}


def _name(ref: OrderRef) -> str:
    return f"{ref.platform}#{ref.id}"


def _of_click(click: str) -> str:
    return f"click#{click}"


def _say(ref: OrderRef, now: Testimony, facts: int) -> None:
    """The order stands among its buyer's and among those that carry its clicks, and its clicks
    among the buyer's."""
    for person in now.persons:
        for sk in sorted(_said(ref, now)):
            _put(ref, person, sk, now, facts)
    for click in now.ids:
        _put(ref, _of_click(click), _name(ref), now, facts)


def _withdraw(
    ref: OrderRef, now: Testimony, known: Mapping[str, Person], gone: set[str], facts: int
) -> dict[str, Person]:
    """What an order ever said of its buyer and says no more, be it in a run that died; and what is
    known without it."""
    anew = {}
    for click in sorted(gone):
        _put(ref, _of_click(click), _name(ref), now, facts, is_withdrawn=True)
    for name, person in known.items():
        for sk in sorted(person.own - (_said(ref, now) if name in now.persons else set())):
            _put(ref, name, sk, now, facts, is_withdrawn=True)
            anew[name] = person
    return {name: _find(ref.merchant, name, ref) for name in anew}


def _put(
    ref: OrderRef, whose: str, sk: str, now: Testimony, facts: int, is_withdrawn: bool = False
) -> None:
    said: dict[str, Any] = {"is_withdrawn": True} if is_withdrawn else dump(replace(now, ids=()))
    item = {**said, **_key(ref.merchant, whose, sk, now.placed), "facts": facts}
    IDENTITIES.put_if(item, _NOT_OLDER, facts=facts)


def _key(merchant_id: str, whose: str, sk: str, at: datetime) -> Item:
    expires = int((at + LIFETIME).timestamp())
    return {"pk": f"{merchant_id}#{whose}", "sk": sk, "expires": expires}


def _ring_others(
    ref: OrderRef,
    now: Testimony,
    before: Testimony | None,
    persons: Iterable[Person],
    claims: Mapping[str, list[Claim]],
    facts: int,
) -> None:
    """Once for each time that it says it, since what was withdrawn may be said again. What was paid
    for late is evidence from then on, but stands among its buyer's orders from when it was placed.
    """
    times = [at for each in (now, before) if each for at in (each.placed, each.since) if at]
    later = {other for person in persons for other in person.later_than(min(times))}
    rivals = {
        each
        for said in (now, before)
        if said
        for each in chain.from_iterable(claims.values())
        if each.said.is_others(said)
    }
    later |= {each.order for each in rivals}
    for name in {name for each in rivals for name in each.said.persons}:
        later |= _find(ref.merchant, name).later_than(min(times))
    _ring(later - {ref}, now.placed, f"{_name(ref)}#{now.digest}#{facts}")


def _ring(later: set[OrderRef], at: datetime, name: str) -> set[OrderRef]:
    for ref in later:
        ORDERS.put_once({"pk": ref.pk, "sk": RING + name, "at": iso(at)})
    return later


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────
def _find(merchant_id: str, person: str, asking: OrderRef | None = None) -> Person:
    """What is known of a person, and which of it the asking order says itself."""
    found, pk = Person(), f"{merchant_id}#{person}"
    for kind in ("order#", "click#"):
        for row in islice(IDENTITIES.query(pk, prefix=kind, backward=True), _MOST_ROWS):
            _add(found, row, merchant_id, asking)
    return found


def _add(found: Person, row: Item, merchant_id: str, asking: OrderRef | None) -> None:
    kind, name = row["sk"].split("#", 1)
    click, _, teller = name.partition("#") if kind == "click" else ("", "", name)
    is_withdrawn = row.get("is_withdrawn", False)
    if asking and teller == _name(asking) and not is_withdrawn:
        found.own.add(row["sk"])
    if is_withdrawn:
        found.withdrawn |= {click} - {""}
    elif not teller:
        found.words[click] = moment(row["since"])
    else:
        claim = _claim(merchant_id, teller, row)
        if kind == "order":
            found.orders[claim.order] = claim.said
        else:
            found.clicks[click].append(claim)


def _claim(merchant_id: str, teller: str, row: Item) -> Claim:
    """Rows of before testimonies hold one time and no more: a name alone."""
    said = load(Testimony, {"placed": row.get("since"), **row})
    return Claim(OrderRef.of(f"{merchant_id}#{teller}"), said)


def _claims_on(ref: OrderRef, click: str, now: Testimony) -> list[Claim]:
    """The orders that carry a click: of the asking one what it says now."""
    rows = islice(IDENTITIES.query(f"{ref.merchant}#{_of_click(click)}"), _MOST_CLAIMS)
    stored = [_claim(ref.merchant, row["sk"], row) for row in rows if not row.get("is_withdrawn")]
    own = [Claim(ref, now)] if click in now.ids else []
    return [each for each in stored if each.order != ref] + own
