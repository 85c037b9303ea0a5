"""A week's three rankings as stored. Table reports: `merchant / answers#week`.

One row of three hundred places at most (some 100 KB), so a ranked list is one read and no scan. It
lives for two years, as the reports do that tell of it.
"""

from datetime import UTC, date, datetime, time, timedelta

from sharetrail import calendars
from sharetrail.analysis import share_trees
from sharetrail.analysis.ranking import Rankings, rank
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.history import records_of
from sharetrail.analysis.score.score import score_all
from sharetrail.analysis.weeks import count_week
from sharetrail.analysis.weeks.week_sums import WeekSums, merge
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import DAY, WEEK, Week
from sharetrail.merchants.profile import Merchant

LIFETIME = timedelta(days=730)


def save(merchant_id: str, week: Week, rankings: Rankings) -> None:
    ends = datetime.combine(week.first + LIFETIME, time(), UTC)
    row = {"pk": merchant_id, "sk": _key(week.first), **dump(rankings)}
    REPORTS.put({**row, "expires": int(ends.timestamp())})


def latest(merchant: Merchant) -> tuple[Week, Rankings] | None:
    """The newest week that was scored, however old, and its answers; None before any was."""
    first = score_history.newest_ever(merchant.id)
    return of(merchant, first) if first else None


def of(merchant: Merchant, first: date) -> tuple[Week, Rankings] | None:
    """The answers of the week that began then; None where it was not scored."""
    row = REPORTS.get(merchant.id, _key(first))
    return (Week(first), load(Rankings, row)) if row else None


def preliminary(merchant: Merchant, now: datetime) -> tuple[Week, Rankings]:
    """The seven days until today, which need not be a calendar week's, and the answers as far as
    those and the seven before tell: what a shop has before its first week was scored."""
    week = Week(calendars.local_day(now, merchant.tz) - WEEK + DAY)
    before = week.before()
    merged = merge((age, _sums(merchant, each, now)) for age, each in enumerate((week, before)))
    tree = share_trees.of_leaves(merchant, before.first, week.last, merged.figures, merged.leaves)
    histories = merged.by_influencer
    records = records_of(histories)
    scores = score_all(records, seed=f"{merchant.id}#{week.first}")
    return week, rank(histories, records, scores, tree, merchant.currency)


def _sums(merchant: Merchant, week: Week, now: datetime) -> WeekSums:
    return count_week.count(merchant, week, now, has_days=True, is_recent=False).sums


def _key(first: date) -> str:
    return f"answers#{first}"
