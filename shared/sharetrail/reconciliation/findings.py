"""A reconciliation as the API tells it: counts, sums by currency, reasons, and each order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sharetrail.attribution.credit import OrderHead
from sharetrail.calendars import iso
from sharetrail.money import Amount
from sharetrail.orders.order_fact import Fact, Refund, Sale
from sharetrail.reconciliation import why_uncredited
from sharetrail.reconciliation.compare import Finding, Reconciliation
from sharetrail.reconciliation.difference import Difference
from sharetrail.reconciliation.read_export import Export
from sharetrail.reconciliation.reconciled import (
    AddedFact,
    DifferenceAnswer,
    DifferingOrder,
    ExportedName,
    Findings,
    MissingOrder,
    OrdersSum,
    OtherOrder,
    ReasonCount,
    Summed,
    SumOf,
)
from sharetrail.web.answers import Currency, Money, money

MOST_BAD = 1_000
MOST_OTHERS = 2_000
"""How many of these are told one by one; the counts are of all."""


def as_json(
    export: Export,
    reconciliation: Reconciliation,
    loads: Mapping[str, bool],
    repairs: Mapping[str, bool],
) -> Findings:
    """`loads` says of the missing orders that were to be loaded whether this call did, and
    `repairs` the same of those that were to be repaired."""
    sold = [each for each in reconciliation.findings if not each.is_cancelled]
    without = [each for each in sold if each.reason]
    differ = [each for each in reconciliation.findings if each.differences]
    return {
        "format": export.format.name,
        "platform": export.format.platform,
        "assumed": list(export.format.assumed),
        "order_counts": {
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
        "uncredited": [
            {**_names(each), "code": each.reason.code, "sentence": each.reason.sentence}
            for each in without
            if each.order and each.reason
        ],
        "passed_over": dict(Counter(each.status for each in reconciliation.passed_over)),
        "bad_rows": [
            {"row": each.row, "order": each.order, "why": each.why}
            for each in export.bad[:MOST_BAD]
        ],
    }


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────
def _sums(
    reconciliation: Reconciliation, sold: Sequence[Finding]
) -> dict[Currency, dict[SumOf, OrdersSum]]:
    """By currency, and never across: what the export has, and how it stands here. Cancelled orders
    are in none of them, test orders in none of ours.
    """
    counting = [each for each in sold if each.order is None or each.order.counts]
    here = [each.order for each in counting if each.order]
    parts: tuple[tuple[SumOf, Summed, list[tuple[str, int]]], ...] = (
        ("export", "subtotal", [_subtotal_of(each) for each in counting]),
        ("missing", "subtotal", [_subtotal_of(each) for each in counting if not each.order]),
        ("here", "net_before_refunds", [(each.currency, each.sale.net) for each in here]),
        ("here_after_refunds", "net", [(each.currency, each.net) for each in here]),
        ("not_in_export", "net", [_net_of(each) for each in reconciliation.others if each.counts]),
    )
    sums: dict[str, dict[SumOf, OrdersSum]] = defaultdict(dict)
    for part, summed, amounts in parts:
        for currency, (count, whole) in _by_currency(amounts).items():
            sums[currency][part] = {"orders": count, "summed": summed, "sum": money(whole)}
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
def _reasons(without: Sequence[Finding], sold: int) -> list[ReasonCount]:
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
            "revenue_by_currency": _revenue(found),
            "revenue_unknown": sum(each.net is None for each in found),
        }
        for code, found in ranked
    ]


def _revenue(findings: Iterable[Finding]) -> list[Money]:
    sums = _by_currency((each.currency, each.net) for each in findings if each.net is not None)
    return [money(whole) for _, whole in sums.values()]


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
def _names(finding: Finding) -> ExportedName:
    exported = finding.exported
    return {"row": exported.row, "id": exported.id, "name": exported.sale.name}


def _missing_order(finding: Finding, loads: Mapping[str, bool]) -> MissingOrder:
    exported = finding.exported
    return {
        **_names(finding),
        "placed_at": iso(exported.placed_at),
        "state": exported.state,
        "subtotal": money(Amount(exported.subtotal, finding.currency)),
        "code": finding.reason.code if finding.reason else None,
        "loaded": loads.get(exported.id, False),
        "cannot_load": finding.hindrance,
    }


def _differing_order(finding: Finding, repairs: Mapping[str, bool]) -> DifferingOrder:
    repair = finding.repair
    return {
        **_names(finding),
        "differences": [_difference(each) for each in finding.differences],
        "repair": [_added(fact, finding.currency) for fact in repair.facts],
        "repaired": repairs.get(finding.exported.id, False),
        "cannot_repair": [{"field": each.field, "why": each.why} for each in repair.hindrances],
    }


def _difference(difference: Difference) -> DifferenceAnswer:
    return {
        "field": difference.field,
        "here": difference.here,
        "here_amount": _amount(difference.here),
        "export": difference.export,
        "export_amount": _amount(difference.export),
    }


def _amount(text: str) -> Money | None:
    return money(text) if isinstance(text, Amount) else None


def _added(fact: Fact, currency: str) -> AddedFact:
    told: AddedFact = {
        "kind": fact.kind,
        "at": iso(fact.at),
        "net": None,
        "total": None,
        "test": None,
        "returned_items": None,
        "paid_back": None,
        "sentence": _TURNS.get(fact.kind, ""),
    }
    match fact:
        case Fact(sale=Sale() as sale):
            items, whole = Amount(sale.net, currency), Amount(sale.total, currency)
            words = f"Its items come to {items} {currency}, the whole to {whole}."
            test = " It is a test order." if sale.test else ""
            return {
                **told,
                "net": money(items),
                "total": money(whole),
                "test": sale.test,
                "sentence": words + test,
            }
        case Fact(refund=Refund(items=int(items))):
            amount = Amount(items, currency)
            words = f"Refunds until now took {amount} {currency} from its net revenue in all."
            return {**told, "returned_items": money(amount), "sentence": words}
        case Fact(refund=Refund(amount=int(paid))):
            amount = Amount(paid, currency)
            words = f"Refunds until now come to {amount} {currency} in all."
            return {**told, "paid_back": money(amount), "sentence": words}
    return told


_TURNS: Mapping[str, str] = {"cancelled": "It is cancelled.", "restored": "It counts again."}


def _other(order: OrderHead) -> OtherOrder:
    currency, net = _net_of(order)
    return {
        "id": order.order,
        "name": order.name,
        "placed_at": iso(order.placed_at),
        "net": money(Amount(net, currency)),
        "cancelled": order.cancelled,
        "test": not order.counts,
    }
