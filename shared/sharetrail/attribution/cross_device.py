"""Trails across devices: which clicks a buyer is known by from elsewhere, and their other orders.

Table identities: `merchant#person / click#id#platform#order` is an order's word that the person
made the click, `click#id` the shop's own, each `since` a time; `… / order#platform#id` is an order
of theirs, `… / earlier#platform#at` says that they had ordered before the shop was connected;
`merchant#click#id / paid#platform#order` (or `unpaid#…`) an order that carries the
click. Persons are HMACs (see person_hashes.py); testimony.py says what each word is worth. Only
signed webhooks and calls with a secret key write here, and nothing that a publishable key sends is
read.

Evidence counts for orders placed at or after its own time. Whoever writes some rings the person's
orders of the 90 days behind it, by a row of the order (`known#…`), and where that changes whose a
click is, all orders that carry it. An order stands here before it reads, and evidence before it
rings, so of two that meet one sees the other; a row of its own (`stitched`) says last that it has
told all, and what. What an order says may change with its facts: what it says no more is withdrawn,
and stands as withdrawn, since others may have copied it, and a slower run may still say it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from sharetrail.attribution import buyer_history, testimony
from sharetrail.attribution.buyer_history import BuyerHistory, Person
from sharetrail.attribution.testimony import Claim, Testimony
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import IDENTITIES, ORDERS
from sharetrail.calendars import iso, moment
from sharetrail.clicks.click import is_click_id
from sharetrail.orders import order_rings
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef
from sharetrail.orders.order_rings import HEARD, KNOWN
from sharetrail.platforms.earlier_buyer import EARLIER, counts_for

STITCHED_ROW = "stitched"
LIFETIME = timedelta(weeks=40)
"""As long as a score looks at an order (26 weeks), and the longest window before it: what is known
of a buyer may take credit away, so it must not end before the credit counts no more."""
_MOST_CLICKS = 2_000
_MOST_ROWS = 20_000
"""Of a person, the withdrawn ones among them: who orders under somebody's name and gives it all
back shall not bury what is known of that somebody."""
_MOST_CLAIMS = 500
"""A copied address brings its click to everybody who follows it. Orders that were paid for come
first: nobody pushes them out for nothing."""
_NOT_OLDER = "attribute_not_exists(pk) OR facts <= :facts"
"""What an order says by fewer of its facts never replaces what it says by more."""
_Place = tuple[str, str]
"""Whose partition, and the sort key in it."""
_Said = dict[_Place, Testimony | None]
"""What an order says, row by row; None where it is withdrawn."""
_Known = tuple[dict[str, Person], dict[str, list[Claim]], _Said]
"""The buyer by their names, others' claims on clicks, and what the order says itself of both."""


def stitch(
    ref: OrderRef, order: Order, rows: Iterable[Item], rung_at: datetime, *, proves_login: bool
) -> BuyerHistory:
    """Tell what the order knows of its buyer, and learn what others know. `rows` are the order's;
    whom that concerns is rung at `rung_at`.

    An order whose shopper forbade to be remembered is joined with nothing, and a test is nobody's.
    """
    rows = list(rows)
    now = testimony.testimony_of(order, proves_login=proves_login)
    before, carried = _told_before(rows), {word for word in order.told if is_click_id(word)}
    if not order.buyer and not carried:
        return BuyerHistory(is_joined=not testimony.is_nobodys(order))
    facts = order.fact_count + sum(row["sk"].startswith(HEARD) for row in rows)
    said = _said(ref, order, now, carried)
    if now != before:
        known = _said(ref, order, before, carried) if before else {}
        _write(ref, now, _news(said, known), facts)
    persons, claims, own = _read(ref, order, carried)
    # What a run said that died, or one that was slower than its order's later facts.
    left = {at: said.get(at) for at in {*own, *said} if own.get(at) != said.get(at)}
    if left:
        _write(ref, now, left, facts)
        persons, claims, own = _read(ref, order, carried)
    if left or now != before:
        _ring_others(ref, rung_at, now, before, persons, claims, facts)
        item = {"pk": ref.pk, "sk": STITCHED_ROW, **dump(now), "facts": facts}
        ORDERS.put_if(item, _NOT_OLDER, facts=facts)
    if testimony.is_nobodys(order):
        return BuyerHistory(is_joined=False)
    return _history(ref, now, [persons[name] for name in now.persons], claims)


def _told_before(rows: Iterable[Item]) -> Testimony | None:
    return next((load(Testimony, row) for row in rows if row["sk"] == STITCHED_ROW), None)


def _history(
    ref: OrderRef, now: Testimony, persons: list[Person], claims: Mapping[str, list[Claim]]
) -> BuyerHistory:
    strengths = buyer_history.strengths_of(now, persons)
    of_others = {
        click: _claims_on(ref.merchant, click)
        for click in buyer_history.to_be_disputed(now, persons, strengths)
    }
    own = {click: [*claims[click], Claim(ref, now.about(click))] for click in now.ids}
    return buyer_history.history_of(ref, now, persons, strengths, {**of_others, **own})


# ── what is told ─────────────────────────────────────────────────────────────────────────────────
def tell(
    merchant_id: str, persons: Iterable[str], ids: Iterable[str], at: datetime, now: datetime
) -> int:
    """The shop's own word that these are a person's clicks, from a time on; how many of their
    later orders that rang.
    """
    rung: set[OrderRef] = set()
    for person in sorted(persons):
        _testify(merchant_id, person, ids, at)
        later = {*_find(merchant_id, person).later_than(at, at)}
        rung |= _ring(later, at, f"told#{testimony.digest(sorted(ids))}", now)
    return len(rung)


def ring_old_customers(
    merchant_id: str, persons: Iterable[str], platform: str, at: datetime, now: datetime
) -> None:
    """The shop's own system told that these had ordered before `at`, and that stands: what they
    ordered since, be it attributed before it stood, is attributed with it."""
    since = {
        order
        for person in persons
        for order, said in _find(merchant_id, person).orders.items()
        if counts_for(at, said.placed)
    }
    _ring(since, at, f"{EARLIER}#{platform}#{iso(at)}", now)


def _testify(merchant_id: str, person: str, ids: Iterable[str], at: datetime) -> None:
    """The shop's word on each click; what stands from an earlier time stays."""
    since = iso(at)
    for click in ids:
        item = {**_key(merchant_id, (person, f"click#{click}"), at), "since": since}
        IDENTITIES.put_if(item, "attribute_not_exists(pk) OR since > :since", since=since)


def _said(ref: OrderRef, order: Order, said: Testimony, carried: Iterable[str]) -> _Said:
    """All rows of an order: among its buyer's, each of its clicks among theirs, and among those
    that carry the click.

    What was not paid for says nothing of clicks, withdrawn or not: it would cost nothing to bury
    somebody's own under it.
    """
    name, was_paid = _name(ref), order.paid_at is not None
    word = replace(said, net=0, currency="")
    found: _Said = {}
    for person in order.buyer:
        is_theirs = person in said.persons
        found[person, f"order#{name}"] = said.about(person) if is_theirs else None
        for click in carried if was_paid else ():
            is_said = is_theirs and said.since is not None and click in said.ids
            found[person, f"click#{click}#{name}"] = word.about(person, click) if is_said else None
    for click in carried:
        kind, is_said = "paid" if said.since else "unpaid", click in said.ids
        found |= {(_of_click(click), f"paid#{name}"): None} if was_paid else {}
        found |= {(_of_click(click), f"{kind}#{name}"): word.about(click)} if is_said else {}
    return found


def _name(ref: OrderRef) -> str:
    return f"{ref.platform}#{ref.id}"


def _of_click(click: str) -> str:
    return f"click#{click}"


def _news(said: _Said, known: _Said) -> _Said:
    """What is to be written over what was said before. What is withdrawn is withdrawn again: a
    slower run may still be about to say it."""
    anew = {at: what for at, what in said.items() if what is None or what != known.get(at)}
    return anew | {at: None for at in known if at not in said}


def _write(ref: OrderRef, now: Testimony, said: _Said, facts: int) -> None:
    """Persons before clicks, so that a run that dies between them is seen from its buyer."""
    for at, what in sorted(
        said.items(), key=lambda each: (each[0][0].startswith("click#"), each[0])
    ):
        told: dict[str, Any] = dump(what) if what else {"is_withdrawn": True}
        item = {**told, **_key(ref.merchant, at, now.placed), "facts": facts}
        IDENTITIES.put_if(item, _NOT_OLDER, facts=facts)


def _key(merchant_id: str, at: _Place, when: datetime) -> Item:
    whose, sk = at
    expires = int((when + LIFETIME).timestamp())
    return {"pk": f"{merchant_id}#{whose}", "sk": sk, "expires": expires}


# ── who must know ────────────────────────────────────────────────────────────────────────────────
def _ring_others(
    ref: OrderRef,
    rung_at: datetime,
    now: Testimony,
    before: Testimony | None,
    known: Mapping[str, Person],
    claims: Mapping[str, list[Claim]],
    facts: int,
) -> None:
    """Once for each time that it says it, since what was withdrawn may be said again."""
    told = [each for each in (now, before) if each]
    first, last = min(each.placed for each in told), max(each.last_told for each in told)
    rung: set[OrderRef] = set()
    for other, said in chain.from_iterable(
        person.later_than(first, last).items() for person in known.values()
    ):
        rung |= {other} if _matters(said, now, before) else set()
    for click, others in claims.items():
        if _whose(ref, click, before, others) != _whose(ref, click, now, others):
            rung |= {claim.order for claim in others}
            for name in {name for claim in others for name in claim.said.persons}:
                rung |= _find(ref.merchant, name).later_than(first, last).keys()
    _ring(rung - {ref}, now.placed, f"{_name(ref)}#{now.digest}#{facts}", rung_at)


def _matters(said: Testimony, now: Testimony, before: Testimony | None) -> bool:
    """Whether what changed is anything to a later order. What was never paid for is nothing to
    anybody; to whom no more than the name is alike, what it comes to is nothing."""
    told = [each for each in (now, before) if each and each.since]
    if any(buyer_history.is_believed(said, each) for each in told):
        return True
    shown = [
        each and (each.since, each.placed, each.ids, each.persons, each.told)
        for each in (now, before)
    ]
    return bool(told) and shown[0] != shown[1]


def _whose(ref: OrderRef, click: str, said: Testimony | None, others: list[Claim]) -> Any:
    """Who keeps a click, and since when that is disputed, with what the order said."""
    claims = [*others, Claim(ref, said.about(click))] if said and click in said.ids else others
    first = testimony.first_of(claims)
    kept_by = first and (first.order, first.said.household)
    return kept_by, testimony.disputed_since(claims)


def _ring(later: set[OrderRef], at: datetime, name: str, now: datetime) -> set[OrderRef]:
    for ref in later:
        order_rings.put_once({"pk": ref.pk, "sk": KNOWN + name, "at": iso(at)}, now)
    return later


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────
def _read(ref: OrderRef, order: Order, carried: Iterable[str]) -> _Known:
    known = {name: _find(ref.merchant, name, ref) for name in order.buyer}
    own: _Said = {
        (name, sk): said for name, person in known.items() for sk, said in person.own.items()
    }
    claims = {}
    for click in carried:
        rows = list(_rows_on(ref.merchant, click))
        own |= {(_of_click(click), r["sk"]): _told(r) for r in rows if _teller(r) == _name(ref)}
        claims[click] = [each for each in _claims(ref.merchant, rows) if each.order != ref]
    return known, claims, own


def _find(merchant_id: str, person: str, asking: OrderRef | None = None) -> Person:
    """What is known of a person, and which of it the asking order says itself. Their orders stand
    behind their clicks, and are read first."""
    found = Person()
    rows = IDENTITIES.query(f"{merchant_id}#{person}", backward=True)
    for row in islice(rows, _MOST_ROWS):
        _add(found, row, merchant_id, asking)
        if len(found.clicks) + len(found.words) >= _MOST_CLICKS:
            break
    return found


def _add(found: Person, row: Item, merchant_id: str, asking: OrderRef | None) -> None:
    kind, name = row["sk"].split("#", 1)
    if kind == EARLIER:
        found.ordered_before.add(moment(row["at"]))
        return
    click, _, teller = name.partition("#") if kind == "click" else ("", "", name)
    said = _told(row)
    if asking and teller == _name(asking):
        found.own[row["sk"]] = said
    if said is None:
        found.withdrawn |= {click} - {""}
    elif not teller:
        found.words[click] = moment(row["since"])
    elif kind == "order":
        found.orders[OrderRef.of(f"{merchant_id}#{teller}")] = said
    else:
        found.clicks[click].append(Claim(OrderRef.of(f"{merchant_id}#{teller}"), said))


def _told(row: Item) -> Testimony | None:
    """None where it was withdrawn. Rows of before testimonies hold one time and no more: a name
    alone."""
    if row.get("is_withdrawn"):
        return None
    return load(Testimony, {"placed": row.get("since"), **row})


def _teller(claim: Item) -> str:
    """Behind `paid#` or `unpaid#`."""
    name: str = claim["sk"].partition("#")[2]
    return name


def _rows_on(merchant_id: str, click: str) -> Iterable[Item]:
    return islice(IDENTITIES.query(f"{merchant_id}#{_of_click(click)}"), _MOST_CLAIMS)


def _claims_on(merchant_id: str, click: str) -> list[Claim]:
    """The orders that carry a click."""
    return _claims(merchant_id, _rows_on(merchant_id, click))


def _claims(merchant_id: str, rows: Iterable[Item]) -> list[Claim]:
    told = ((OrderRef.of(f"{merchant_id}#{_teller(row)}"), _told(row)) for row in rows)
    return [Claim(order, said) for order, said in told if said]
