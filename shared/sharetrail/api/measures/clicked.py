"""People's clicks of a period by link or influencer, for lists that are in that order."""

from datetime import date, datetime

from sharetrail.analysis import periods
from sharetrail.analysis.period import Grouping
from sharetrail.analysis.stats import Stats
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.web.cursors import no_cursor

_DIGITS = 12


class TooMuchToSort(Problem):
    """More than is put in another order than its own while somebody waits."""

    status = 422
    title = "There is too much to be sorted"


def by(
    merchant: Merchant, grouping: Grouping, days: tuple[date, date], now: datetime
) -> dict[str, int]:
    """Of whatever was clicked, most first; ties by name. TooMuchToSort as it says."""
    if periods.is_big(merchant.id, *days):
        instead = f"GET /v1/stats?by={grouping}, which may take its time"
        raise TooMuchToSort(f"Ask for fewer days, or {instead}.")
    stats = Stats(grouping, merchant.tz, now)
    periods.add_up(merchant, *days, now, stats)
    clicks = {name: sums.valid for name, sums in stats.groups.items() if sums.valid}
    return dict(sorted(clicks.items(), key=lambda each: (-each[1], each[0])))


def behind(ranked: dict[str, int], key: str) -> list[tuple[str, int]]:
    """Those that follow `key_of` a row, be it where it was or not: rows whose clicks stay the same
    are on one page each. Malformed."""
    if not key:
        return [*ranked.items()]
    number, _, last = key.partition("#")
    if not (last and number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise no_cursor()
    place = (-int(number), last)
    return [(name, clicks) for name, clicks in ranked.items() if (-clicks, name) > place]


def key_of(name: str, clicks: int) -> str:
    return f"{clicks}#{name}"
