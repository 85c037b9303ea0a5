"""A week's three rankings as stored. Table reports: `merchant / answers#week`.

One row of three hundred places at most (some 100 KB), so a ranked list is one read and no scan.
"""

from datetime import datetime

from sharetrail.analysis.ranking import Rankings
from sharetrail.analysis.score import score_history
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant


def save(merchant_id: str, week: Week, rankings: Rankings) -> None:
    REPORTS.put({"pk": merchant_id, "sk": _key(week), **dump(rankings)})


def latest(merchant: Merchant, now: datetime) -> tuple[Week, Rankings] | None:
    """The newest week's answers; None before any week was scored."""
    first = score_history.newest(merchant, now)
    row = REPORTS.get(merchant.id, _key(Week(first))) if first else None
    return (Week(first), load(Rankings, row)) if first and row else None


def _key(week: Week) -> str:
    return f"answers#{week.first}"
