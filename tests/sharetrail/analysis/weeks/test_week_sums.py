"""A week's sums as they are kept, and merged."""

from sharetrail.analysis.score.history import History
from sharetrail.analysis.share_tree import LinkFigures
from sharetrail.analysis.weeks.week_sums import WeekSums, merge, sums_of


def test_what_is_on_hold_until_the_same_day_adds_up_over_weeks() -> None:
    history = History()
    history.held["2026-12-06"] = 500
    sums = sums_of({"ana": history}, LinkFigures(), {})
    kept = WeekSums.of(sums.squeezed())
    assert merge([(0, sums), (5, kept)]).by_influencer["ana"].held == {"2026-12-06": 1_000}
