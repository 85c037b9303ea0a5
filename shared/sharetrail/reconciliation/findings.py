"""A reconciliation as the API tells it: counts, sums by currency, reasons, and each order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sharetrail.attribution.credit import OrderHead
from sharetrail.aws.items import dump
from sharetrail.calendars import iso
from sharetrail.money import Amount
from sharetrail.orders.order_fact import Fact, Refund, Sale
from sharetrail.reconciliation import why_uncredited
from sharetrail.reconciliation.compare import Finding, Reconciliation
from sharetrail.reconciliation.read_export import Export

MOST_BAD = 1_000
MOST_OTHERS = 2_000
"""How many of these are told one by one; the counts are of all."""


def as_json(
    export: Export,
    reconciliation: Reconciliation,
    loads: Mapping[str, bool],
    repairs: Mapping[str, bool],
) -> dict[str, Any]:
    """`loads` says of the missing orders that were to be loaded whether this call did, and
    `repairs` the same of those that were to be repaired."""
    sold = [each for each in reconciliation.findings if not each.is_cancelled]
    without = [each for each in sold if each.reason]
    differ = [each for each in reconciliation.findings if each.differences]
    return {
        "format": export.format.name,
        "platform": export.format.platform,
        "assumed": list(export.format.assumed),
        "orders": {
            "in_export": len(export.orders) + len(export.bad),
            "missing": len(reconciliation.missing),
            "differ": len(differ),
            "not_in_export": len(reconciliation.others),
            "uncredited": len(without),
            "passed_over": len(reconciliation.passed_over),
            "bad_rows": len(export.bad),
        },
        "currencies": _sums(reconciliation, sold),
        "reasons": _reasons(without, len(sold)),
        "missing": [_missing_order(each, loads) for each in reconciliation.missing],
        "differ": [_differing_order(each, repairs) for each in differ],
        "not_in_export": [_other(each) for each in reconciliation.others[:MOST_OTHERS]],
        "uncredited": [{**_names(each), **dump(each.reason)} for each in without if each.order],
        "passed_over": dict(Counter(each.status for each in reconciliation.passed_over)),
        "bad_rows": [dump(each) for each in export.bad[:MOST_BAD]],
    }


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────
def _sums(reconciliation: Reconciliation, sold: Sequence[Finding]) -> dict[str, dict[str, Any]]:
    """By currency, and never across: what the export has, and how it stands here. Cancelled orders
    are in none of them, test orders in none of ours.
    """
    counting = [each for each in sold if each.order is None or each.order.counts]
    here = [each.order for each in counting if each.order]
    parts = (
        ("export", "subtotal", [_subtotal_of(each) for each in counting]),
        ("missing", "subtotal", [_subtotal_of(each) for each in counting if not each.order]),
        ("here", "net_before_refunds", [(each.currency, each.sale.net) for each in here]),
        ("here_after_refunds", "net", [(each.currency, each.net) for each in here]),
        ("not_in_export", "net", [_net_of(each) for each in reconciliation.others if each.counts]),
    )
    sums: dict[str, dict[str, Any]] = defaultdict(dict)
    for part, name, amounts in parts:
        for currency, (count, whole) in _by_currency(amounts).items():
            sums[currency][part] = {"orders": count, name: whole}
    return dict(sorted(sums.items()))


def _by_currency(amounts: Iterable[tuple[str, int]]) -> dict[str, tuple[int, Amount]]:
    """How many amounts there are of each currency, and their sum."""
    found: dict[str, list[int]] = defaultdict(list)
    for currency, amount in amounts:
        found[currency].append(amount)
    return {each: (len(found[each]), Amount(sum(found[each]), each)) for each in sorted(found)}


def _subtotal_of(finding: Finding) -> tuple[str, int]:
    return finding.exported.sale.currency, finding.exported.subtotal


def _net_of(order: OrderHead) -> tuple[str, int]:
    """In the order's own currency."""
    told = order.original or order
    return told.currency, told.net


# ── reasons ──────────────────────────────────────────────────────────────────────────────────────
def _reasons(without: Sequence[Finding], sold: int) -> list[dict[str, Any]]:
    """The most frequent first: what to mend first."""
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for each in without:
        assert each.reason
        by_code[each.reason.code].append(each)
    ranked = sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        {
            "code": code,
            "sentence": why_uncredited.of_many(code, len(found), sold),
            "orders": len(found),
            "revenue": _revenue(found),
            "revenue_unknown": sum(each.net is None for each in found),
        }
        for code, found in ranked
    ]


def _revenue(findings: Iterable[Finding]) -> dict[str, str]:
    sums = _by_currency((each.currency, each.net) for each in findings if each.net is not None)
    return {currency: whole for currency, (_, whole) in sums.items()}


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
def _names(finding: Finding) -> dict[str, Any]:
    exported = finding.exported
    return {"row": exported.row, "id": exported.id, "name": exported.sale.name}


def _missing_order(finding: Finding, loads: Mapping[str, bool]) -> dict[str, Any]:
    exported = finding.exported
    return {
        **_names(finding),
        "placed_at": iso(exported.placed_at),
        "state": exported.state,
        "currency": finding.currency,
        "subtotal": Amount(exported.subtotal, finding.currency),
        "code": finding.reason and finding.reason.code,
        "loaded": loads.get(exported.id, False),
        **({"cannot_load": finding.hindrance} if finding.hindrance else {}),
    }


def _differing_order(finding: Finding, repairs: Mapping[str, bool]) -> dict[str, Any]:
    repair = finding.repair
    return {
        **_names(finding),
        "fields": list(map(dump, finding.differences)),
        "repair": [_added(fact, finding.currency) for fact in repair.facts],
        "repaired": repairs.get(finding.exported.id, False),
        **({"cannot_repair": list(map(dump, repair.hindrances))} if repair.hindrances else {}),
    }


def _added(fact: Fact, currency: str) -> dict[str, Any]:
    """A fact that a repair adds, for machines and in words."""
    told: dict[str, Any] = {"fact": fact.kind, "at": iso(fact.at)}
    match fact:
        case Fact(sale=Sale() as sale):
            items, whole = Amount(sale.net, currency), Amount(sale.total, currency)
            words = f"Its items come to {items} {currency}, the whole to {whole}."
            test = " It is a test order." if sale.test else ""
            return told | {
                "net": items,
                "total": whole,
                "test": sale.test,
                "sentence": words + test,
            }
        case Fact(refund=Refund(items=int(items))):
            amount = Amount(items, currency)
            words = f"Refunds until now took {amount} {currency} from its net revenue in all."
            return told | {"items": amount, "sentence": words}
        case Fact(refund=Refund(amount=int(paid))):
            amount = Amount(paid, currency)
            words = f"Refunds until now come to {amount} {currency} in all."
            return told | {"amount": amount, "sentence": words}
    return told | {"sentence": _TURNS[fact.kind]}


_TURNS = {"cancelled": "It is cancelled.", "restored": "It counts again."}


def _other(order: OrderHead) -> dict[str, Any]:
    currency, net = _net_of(order)
    return {
        "id": order.order,
        "name": order.name,
        "placed_at": iso(order.placed_at),
        "currency": currency,
        "net": Amount(net, currency),
        "cancelled": order.cancelled,
        "test": not order.counts,
    }
