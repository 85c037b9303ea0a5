"""A week's three rankings as stored. Table reports: `merchant / answers#week`.

One row of three hundred places at most (some 100 KB), so a ranked list is one read and no scan.
"""

from datetime import date, datetime

from sharetrail.analysis.ranking import Rankings
from sharetrail.analysis.score import score_history
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant


def save(merchant_id: str, week: Week, rankings: Rankings) -> None:
    REPORTS.put({"pk": merchant_id, "sk": _key(week.first), **dump(rankings)})


def latest(merchant: Merchant, now: datetime) -> tuple[date | None, Rankings]:
    """The newest scored week's Monday and its answers; None and nobody before any was scored."""
    first = score_history.newest(merchant, now)
    row = REPORTS.get(merchant.id, _key(first)) if first else None
    return (first, load(Rankings, row)) if row else (None, Rankings())


def _key(first: date) -> str:
    return f"answers#{first}"
