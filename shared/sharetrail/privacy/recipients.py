"""A recipient erased: off the list, and whatever is known by their address or a code of it is
deleted, be it in a row's key or as who did something.

That they wanted no mail is forgotten, too: whoever names the address again has them mailed.
"""

from dataclasses import replace
from typing import Any

from sharetrail.aws import environment, removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS, REPORTS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant, UnknownMerchant
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.traces import snapshots, told_acts
from sharetrail.report.keeping import sent_mails
from sharetrail.report.report_mail import recipient_hash

_BY_ADDRESS = ("off-list#", "void-links#", "unsubscribed#", "suppressed#", "reports#")
"""Table merchants: `merchant#id / …#address`, case-folded."""


def erase(merchant: Merchant, address: str) -> Erased:
    _leave_list(merchant.id, address)
    deleted = _delete_rows(merchant.id, address)
    overwritten = _leave_reports(merchant.id, recipient_hash(address))
    overwritten += told_acts.of_recipient(merchant.id, address)
    prefix = f"{sent_mails.PREFIX}{merchant.id}/{recipient_hash(address)}/"
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
def _rows(merchant_id: str, address: str) -> list[tuple[str, Item]]:
    """Each with the noun of its table: by the address, by codes of links, and by a code of it."""
    pk, name = f"merchant#{merchant_id}", address.casefold()
    by_address = (MERCHANTS.get(pk, f"{prefix}{name}") for prefix in _BY_ADDRESS)
    found = [("merchants", row) for row in by_address if row]
    for table in (MERCHANTS, REPORTS):
        rows = removals.belonging(table, merchant_id)
        found += [(table.noun, row) for row in rows if _is(row.get("recipient", ""), address)]
    code = f"#{recipient_hash(address)}"
    mails = (row for row in REPORTS.query(merchant_id) if row["sk"].endswith(code))
    return found + [("reports", row) for row in mails]


def _delete_rows(merchant_id: str, address: str) -> int:
    rows = _rows(merchant_id, address)
    for table in (MERCHANTS, REPORTS):
        theirs = ({"pk": row["pk"], "sk": row["sk"]} for noun, row in rows if noun == table.noun)
        removals.rows(table, theirs)
    return len(rows)


def _leave_reports(merchant_id: str, code: str) -> int:
    """Whoever a report was built for, and is no recipient any more, is mailed none."""
    rows = _built_for(merchant_id, code)
    for row in rows:
        key = {"pk": row["pk"], "sk": row["sk"]}
        REPORTS.update(key, "DELETE #to :code", names=["to"], code={code})
    return len(rows)


def _built_for(merchant_id: str, code: str) -> list[Item]:
    return [row for row in REPORTS.query(merchant_id, having="to") if code in row["to"]]


def _in_report(report: snapshots.Report, address: str) -> snapshots.Report:
    named = report.get("undeliverable", ())
    others = [each for each in named if not _is(each, address)]
    return report if len(others) == len(named) else {**report, "undeliverable": others}


# ── what is known of them ────────────────────────────────────────────────────────────────────────
def export(merchant: Merchant, address: str) -> dict[str, Any]:
    listed = merchant.as_listed(address)
    code = recipient_hash(address)
    return {
        "address": listed or address,
        "on_the_list_as": _role(merchant, address) if listed else None,
        "rows": [{"table": noun, **row} for noun, row in _rows(merchant.id, address)],
        "reports": [row["sk"] for row in _built_for(merchant.id, code)],
        "acts": told_acts.mentioning(merchant.id, [address]),
        "mails": [f"{about.key}" for about, _ in sent_mails.listed(merchant.id, address)],
    }


def _role(merchant: Merchant, address: str) -> str:
    return "reader" if merchant.is_reader(address) else "owner"
