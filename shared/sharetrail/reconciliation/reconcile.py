"""Reconciling an export: what is read for it, how what is missing is loaded, and how what differs
is repaired.

Credits and the two commonest facts are read in batches; an order whose credits rest on more than
these, or that lacks them, is queried whole. Ten of either at once, all of it consistently, but for
the index that names what is here and not in the export.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Annotated, Any, TypeVar

from pydantic import Field

from sharetrail import calendars, logs
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderHead
from sharetrail.aws import clients
from sharetrail.aws.items import Item
from sharetrail.aws.tables import ORDERS
from sharetrail.merchants import person_hashes
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.problems import Malformed, Problem
from sharetrail.reconciliation import compare, findings, read_export
from sharetrail.reconciliation.compare import Finding
from sharetrail.reconciliation.export_row import SOURCE, ExportedOrder
from sharetrail.reconciliation.read_export import Export, Name
from sharetrail.reconciliation.reconciled import Reconciled
from sharetrail.web import query
from sharetrail.web.bodies import Day, strict

MOST_LOADED = 2_000
"""How many orders are loaded while the sender waits: call again for the rest. Of a big export, for
which nobody waits, all are."""
MOST_REPAIRED = 1_000
"""The same of orders that differ, which are read whole, and repaired."""
_OTHERS = 2
"""For each exported order so many of here are read, to name those that the export lacks …"""
_FEWEST_OTHERS = 20_000
"""… and at least so many."""
_AT_ONCE = 10
_PAID_WITHIN = timedelta(weeks=6)
"""How long before it was paid an order is looked for: an invoice has a month, and a reminder."""
T = TypeVar("T")
_COMMON = ("placed", "paid")
_IN_A_BATCH = 50
"""Orders: two facts of each, and DynamoDB reads a hundred items at once."""
_PLATFORMS_OF_COMMON_FACTS = frozenset({"shopify", "standard"})
"""The platforms whose sales are told by these facts; where an update alone told one, its credits
say so a moment later."""
_COMPARED = ("name", "currency", "net", "total", "tax", "shipping", "tax_included", "test")
_OF_FACTS = (
    "pk",
    "sk",
    "kind",
    "at",
    "sale.placed_at",
    "sale.after_refunds",
    *(f"sale.{name}" for name in _COMPARED),
)
"""What is read of many orders; reading them whole takes several times as long."""


class WrongShop(Problem):
    """An export of a platform that the merchant has no shop on."""

    status = 422
    title = "The export is another shop's"


@strict
class Query:
    """The query's parameters."""

    format: Name = "auto"
    load: bool = False
    repair: bool = False
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    """The days the export was made of, if given; otherwise from its first order to its last."""

    @classmethod
    def of(cls, raw: str) -> "Query":
        asked = query.read(cls, raw)
        if asked.first and asked.last and asked.first > asked.last:
            raise Malformed("Name the days oldest first.", errors={"from": "is after `to`"})
        return asked


def read(merchant: Merchant, body: bytes, query: Query) -> Export:
    """The export that is to be compared. WrongShop where it may not be loaded; else as
    read_export.read."""
    export = read_export.read(body, query.format, merchant)
    writes = query.load or query.repair
    if writes and export.format.platform == "shopify" and merchant.shopify_domain is None:
        raise WrongShop("Name the shop's shopify_domain by onboarding before you load its orders.")
    return export


def reconcile(export: Export, query: Query, now: datetime) -> Reconciled:
    """The answer of POST /v1/reconciliations."""
    start, end = _period(export, query)
    with logs.threads(1) as beside:
        period = beside.submit(_of_period, export, start, end)
        stored = _stored_orders(export)
        others, is_complete = period.result()
    found = compare.compare(export, stored, others, now)
    differing = [export.ref(each.exported) for each in found.findings if each.differences]
    most_loaded, most_repaired = (
        len(export.orders) if export.is_big else most for most in (MOST_LOADED, MOST_REPAIRED)
    )
    whole = _whole_orders(differing[:most_repaired])
    found = compare.plan_repairs(export, found, whole, now)
    missing = [e.exported for e in found.missing if e.hindrance is None] if query.load else []
    loads = _load(export, missing[:most_loaded], now)
    repairable = [each for each in found.findings if each.repair.facts] if query.repair else []
    repairs = _repair(export, repairable, now)
    return {
        **findings.as_json(export, found, loads, repairs),
        "period": {"since": calendars.iso(start), "until": calendars.iso(end)},
        "not_in_export_complete": is_complete,
        "orders_loaded": sum(loads.values()),
        "left_to_load": max(0, len(missing) - most_loaded),
        "orders_repaired": sum(repairs.values()),
        "left_to_repair": max(0, len(differing) - most_repaired),
    }


# ── what is here ─────────────────────────────────────────────────────────────────────────────────
def _stored_orders(export: Export) -> dict[str, compare.StoredOrder]:
    refs = [export.ref(each) for each in export.orders]
    rows: dict[str, list[Item]] = {ref.pk: [] for ref in refs}
    keys = list(rows)
    portions = [keys[i : i + _IN_A_BATCH] for i in range(0, len(keys), _IN_A_BATCH)]
    for row in chain.from_iterable(_together(_common, portions)):
        rows[row["pk"]].append(row)
    unclear = {ref for ref in refs if not _is_all(ref, rows[ref.pk])}
    stored = {ref.id: _stored_order(rows[ref.pk]) for ref in refs if ref not in unclear}
    return stored | _whole_orders([*unclear])


def _whole_orders(refs: list[OrderRef]) -> dict[str, compare.StoredOrder]:
    """All that is stored of these. What differs is read so before it is told, or repaired: its
    credits may not have been computed yet from what came, or was repaired, a moment ago."""
    rows = _together(order_facts.rows, refs)
    return {ref.id: _stored_order(of_one) for ref, of_one in zip(refs, rows, strict=True)}


def _common(pks: list[str]) -> list[Item]:
    facts = [{"pk": pk, "sk": sk} for pk in pks for sk in _COMMON]
    results = [{"pk": pk, "sk": credits.SK} for pk in pks]
    return [*ORDERS.get_all(facts, only=_OF_FACTS), *ORDERS.get_all(results)]


def _is_all(ref: OrderRef, rows: list[Item]) -> bool:
    """Whether these rows say all: where there are none and the platform tells a sale by these
    facts; or the credits rest on no other facts.
    """
    found = credits.find_in(rows)
    if found is None:
        return not rows and ref.platform in _PLATFORMS_OF_COMMON_FACTS
    return found.fact_count - found.beside == len(rows) - 1


def _stored_order(rows: list[Item]) -> compare.StoredOrder:
    return compare.StoredOrder(facts=tuple(order_facts.among(rows)), credits=credits.find_in(rows))


def _period(export: Export, query: Query) -> tuple[datetime, datetime]:
    """The first instant and the last, both of it."""
    times, zone = [each.placed_at for each in export.orders], export.merchant.tz
    start, end = min(times, default=_NO_TIME), max(times, default=_NO_TIME)
    if query.first:
        start = calendars.start_of(query.first, zone)
    if query.last:
        end = calendars.bounds(query.last, zone)[1] - _TICK
    return start, end


_NO_TIME = calendars.moment("2000-01-01T00:00:00Z")
_TICK = timedelta(milliseconds=1)


def _of_period(export: Export, start: datetime, end: datetime) -> tuple[list[OrderHead], bool]:
    """The platform's orders of the period, and whether these are all."""
    if start > end:
        return [], True
    merchant, by_payment = export.merchant, export.format.by_payment
    first, last = (calendars.local_day(each, merchant.tz) for each in (start, end))
    placed_from = first - (_PAID_WITHIN if by_payment else timedelta())
    most = max(_FEWEST_OTHERS, _OTHERS * len(export.orders))
    read = list(islice(credits.between(OrderHead, merchant.id, placed_from, last), most))
    timed = [(each, each.paid_at if by_payment else each.placed_at) for each in read]
    within = [
        each
        for each, at in timed
        if each.platform == export.format.platform and at and start <= at <= end
    ]
    return within, len(read) < most


# ── loading ──────────────────────────────────────────────────────────────────────────────────────
def _load(export: Export, orders: list[ExportedOrder], now: datetime) -> dict[str, bool]:
    """Write the orders' facts; of each order whether it was this call that wrote its sale. See
    ExportedOrder.facts for what a webhook that comes later changes: nothing.
    """
    refs = [export.ref(each) for each in orders]
    items = [_items(ref, each, now) for ref, each in zip(refs, orders, strict=True)]
    written = _written(items, now)
    return {ref.id: new[-1] for ref, new in zip(refs, written, strict=True)}


def _items(ref: OrderRef, exported: ExportedOrder, now: datetime) -> list[Item]:
    """The one place where the export's words of the buyer are looked at: as their HMACs."""
    who = (exported.customer, exported.email, exported.address)
    buyer = person_hashes.of_buyer(ref.merchant, ref.platform, *who, now)
    sale = replace(exported.sale, **buyer)
    return [_item(ref, each) for each in replace(exported, sale=sale).facts(now)]


def _item(ref: OrderRef, fact: Fact) -> Item:
    return order_facts.item(ref, replace(fact, source=SOURCE))


# ── repairing ────────────────────────────────────────────────────────────────────────────────────
def _repair(export: Export, repairable: list[Finding], now: datetime) -> dict[str, bool]:
    """Add to each order what brings it to the export; of each whether this call did."""
    items = [
        [_item(export.ref(each.exported), fact) for fact in each.repair.facts]
        for each in repairable
    ]
    written = _written(items, now)
    return {each.exported.id: any(new) for each, new in zip(repairable, written, strict=True)}


def _written(items: list[list[Item]], now: datetime) -> list[list[bool]]:
    """Write each order's facts in their order; of each fact whether it was new."""
    return _together(lambda of_one: [order_rings.put_once(item, now) for item in of_one], items)


def _together(do: Callable[[Any], T], of_each: Iterable[Any]) -> list[T]:
    """Several at once, in order; what one raises is raised."""
    clients.dynamodb()  # made once, before there are threads
    with logs.threads(_AT_ONCE) as pool:
        return list(pool.map(do, of_each))
