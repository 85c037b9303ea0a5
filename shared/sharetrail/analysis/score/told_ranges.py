"""The ranges that were told, as kept until what came can be laid beside them.

Table reports: `merchant / ranges#week`, of those whom the week's ranking by sales shows, as long as
its orders are added up.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import islice

from sharetrail.analysis.score.calibration import MOST_WEEKS, Range, range_of
from sharetrail.analysis.score.expectation import HORIZON
from sharetrail.analysis.score.score import Score
from sharetrail.attribution.week_rings import LIFETIME, WEEKS
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import WEEK, Week
from sharetrail.packing import pack, unpack

_DIGITS = 4


def keep(merchant_id: str, week: Week, shown: Iterable[Score]) -> None:
    """Of whoever was shown; the same week again overwrites them. Nothing of nobody."""
    ranges = {score.influencer: told for score in shown if (told := range_of(score))}
    rounded = {who: [round(number, _DIGITS) for number in each] for who, each in ranges.items()}
    if rounded:
        ends = datetime.combine(week.first + LIFETIME, time(), UTC)
        row = {"pk": merchant_id, "sk": _key(week.first), "packed": pack(rounded)}
        REPORTS.put({**row, "expires": int(ends.timestamp())})


def before(merchant_id: str, week: Week) -> Iterator[tuple[int, dict[str, Range]]]:
    """The newest twelve weeks whose following four ended with `week` or before, by their age."""
    oldest, newest = week.before(WEEKS - 1).first, week.before(HORIZON).first
    keys = (_key(oldest), _key(newest))
    for row in islice(REPORTS.query(merchant_id, between=keys, backward=True), MOST_WEEKS):
        first = date.fromisoformat(row["sk"].partition("#")[2])
        ranges = {who: Range(*each) for who, each in unpack(row["packed"]).items()}
        yield (week.first - first) // WEEK, ranges


def _key(first: date) -> str:
    return f"ranges#{first}"
