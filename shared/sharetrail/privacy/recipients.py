"""A recipient erased: off the list, and whatever is known by their address or a code of it is
deleted, be it in a row's key or as who did something.

That they wanted no mail is forgotten, too: whoever names the address again has them mailed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sharetrail.aws import environment, removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS, REPORTS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant, UnknownMerchant
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.traces import snapshots, told_acts
from sharetrail.report.keeping import sent_mails
from sharetrail.report.keeping.recipient_codes import codes_of

_BY_ADDRESS = ("off-list#", "void-links#", "unsubscribed#", "suppressed#", "reports#")
"""Table merchants: `merchant#id / …#address`, case-folded, or a code of it."""


def erase(merchant: Merchant, address: str, now: datetime) -> Erased:
    codes = codes_of(merchant.id, address, now)
    _leave_list(merchant.id, address)
    deleted = _delete_rows(merchant.id, (address, *codes))
    overwritten = _leave_reports(merchant.id, codes)
    overwritten += sum(told_acts.of_recipient(merchant.id, each) for each in (address, *codes))
    for code in codes:
        prefix = f"{sent_mails.PREFIX}{merchant.id}/{code}/"
        deleted += removals.objects(environment.quarantine_bucket(), prefix)
    overwritten += snapshots.rewrite_all(merchant.id, lambda report: _in_report(report, address))
    return Erased(overwritten=overwritten + 1, deleted=deleted)


def _leave_list(merchant_id: str, address: str) -> None:
    """Be they the last whose links act: the shop names another by its key."""

    def without(before: Merchant | None) -> Merchant:
        if before is None:
            raise UnknownMerchant("There is no such merchant.")
        others = [tuple(r for r in each if not _is(r, address)) for each in _lists(before)]
        return replace(before, recipients=others[0], readers=others[1])

    before = profiles.read(merchant_id)
    if before and any(_is(each, address) for named in _lists(before) for each in named):
        profiles.revise(merchant_id, without)


def _lists(merchant: Merchant) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return merchant.recipients, merchant.readers


def _is(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────
def _rows(merchant_id: str, names: tuple[str, ...]) -> list[tuple[str, Item]]:
    """Each with the noun of its table: by the address, by codes of links, and by codes of it."""
    pk, meant = f"merchant#{merchant_id}", {each.casefold() for each in names}
    by_name = (MERCHANTS.get(pk, prefix + name) for prefix in _BY_ADDRESS for name in sorted(meant))
    found = [("merchants", row) for row in by_name if row]
    known = {row["sk"] for _, row in found}
    for table in (MERCHANTS, REPORTS):
        rows = removals.belonging(table, merchant_id)
        theirs = (row for row in rows if row.get("recipient", "").casefold() in meant)
        found += [(table.noun, row) for row in theirs if row["sk"] not in known]
    ends = tuple(f"#{each}" for each in meant)
    mails = (row for row in REPORTS.query(merchant_id) if row["sk"].endswith(ends))
    return found + [("reports", row) for row in mails]


def _delete_rows(merchant_id: str, names: tuple[str, ...]) -> int:
    rows = _rows(merchant_id, names)
    for table in (MERCHANTS, REPORTS):
        theirs = ({"pk": row["pk"], "sk": row["sk"]} for noun, row in rows if noun == table.noun)
        removals.rows(table, theirs)
    return len(rows)


def _leave_reports(merchant_id: str, codes: tuple[str, ...]) -> int:
    """Whoever a report was built for, and is no recipient any more, is mailed none."""
    rows = _built_for(merchant_id, codes)
    for row in rows:
        key = {"pk": row["pk"], "sk": row["sk"]}
        REPORTS.update(key, "DELETE #to :codes", names=["to"], codes={*codes})
    return len(rows)


def _built_for(merchant_id: str, codes: tuple[str, ...]) -> list[Item]:
    rows = REPORTS.query(merchant_id, having="to")
    return [row for row in rows if not row["to"].isdisjoint(codes)]


def _in_report(report: snapshots.Report, address: str) -> snapshots.Report:
    named = report.get("undeliverable", ())
    others = [each for each in named if not _is(each, address)]
    return report if len(others) == len(named) else {**report, "undeliverable": others}


# ── what is known of them ────────────────────────────────────────────────────────────────────────
def export(merchant: Merchant, address: str, now: datetime) -> dict[str, Any]:
    listed = merchant.as_listed(address)
    codes = codes_of(merchant.id, address, now)
    return {
        "address": listed or address,
        "on_the_list_as": _role(merchant, address) if listed else None,
        "rows": [{"table": noun, **row} for noun, row in _rows(merchant.id, (address, *codes))],
        "reports": [row["sk"] for row in _built_for(merchant.id, codes)],
        "acts": told_acts.mentioning(merchant.id, [address, *codes]),
        "mails": [f"{about.key}" for about, _ in sent_mails.listed(merchant.id, address, now)],
    }


def _role(merchant: Merchant, address: str) -> str:
    return "reader" if merchant.is_reader(address) else "owner"
