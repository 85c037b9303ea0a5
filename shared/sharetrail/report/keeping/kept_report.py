"""What stands of a report that was built to be mailed. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sharetrail.calendars import moment
from sharetrail.report.report import Report


@dataclass(frozen=True, kw_only=True)
class KeptReport:
    snapshot: str
    """The hash that the report is kept under."""
    at: datetime
    influenced: int
    """Minor units of `currency`."""
    currency: str | None = None
    """None before 2026-12: the merchant's."""
    orders: str | None = None
    """The hash that its orders are kept under, empty where it had none; None before 2026-12."""
    corrected: dict[date, int]
    """What it tells of other spans' influenced revenue, by their first day."""
    built_for: frozenset[str] = frozenset()
    """The codes of its recipients."""

    def is_in(self, currency: str) -> bool:
        """Whether its sums compare with others in this currency, the merchant's of today."""
        return self.currency in (None, currency)

    def is_for(self, codes: Collection[str]) -> bool:
        """Whether it is mailed to the recipient of these codes, if they want it still."""
        return not self.built_for.isdisjoint(codes)


def read(row: Mapping[str, Any]) -> KeptReport:
    corrected = (row.get("corrected") or {}).items()
    return KeptReport(
        snapshot=row["snapshot"],
        at=moment(row["at"]),
        influenced=row["influenced"],
        currency=row.get("currency"),
        orders=row.get("orders"),
        corrected={date.fromisoformat(first): minor for first, minor in corrected},
        built_for=frozenset(row.get("to") or ()),
    )


def told_of_others(report: Report) -> dict[date, int]:
    """What a report tells of other spans' influenced revenue, by their first day."""
    told = {each.first: each.now for each in report.corrections}
    if report.restatement:
        told[report.span.before().first] = report.restatement.now
    return told
