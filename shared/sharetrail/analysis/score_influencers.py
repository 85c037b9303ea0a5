"""The week's analysis of a merchant, from its projections, computed and stored.

Stored are each influencer's score (score/score_history.py), the week's rankings (rankings.py), the
ranges that they tell (score/told_ranges.py) and how those of weeks before held, and what orders of
the next week rest on: marks of fraud and removal effects (attribution/last_week.py).
"""

from collections.abc import Mapping
from datetime import datetime

from sharetrail import calendars
from sharetrail.agenda import score_nights
from sharetrail.analysis import rankings, share_trees
from sharetrail.analysis.fraud_history import all_marks
from sharetrail.analysis.markov.journey import add_weeks, journey_weeks
from sharetrail.analysis.markov.removal_effects import analysis_of
from sharetrail.analysis.ranking import best_sellers, rank
from sharetrail.analysis.score import score_history, told_ranges
from sharetrail.analysis.score.calibration import calibrate
from sharetrail.analysis.score.history import History, records_of
from sharetrail.analysis.score.score import Score, score_all
from sharetrail.analysis.share_tree import Tree
from sharetrail.analysis.weeks.kept_weeks import KeptWeeks
from sharetrail.analysis.weeks.week_sums import merge
from sharetrail.attribution import last_week
from sharetrail.attribution.week_rings import WEEKS
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.keeping import sealed_emails
from sharetrail.totals import local_days


def score(merchant: Merchant, _nights: tuple[str, ...], now: datetime) -> None:
    """Score the last full week. Whoever has a score has another next week, be it a quiet one: what
    was sold weighs less with every week.

    Addresses of before that stand in clear are encrypted on the way.

    A day closes with the hour of UTC that it ends in (totals/local_days.py), and so does a week.
    """
    sealed_emails.seal_all(merchant.id)
    hour = calendars.hour_of(now)
    if refresh(merchant, calendars.last_full_week(hour, merchant.tz), now):
        score_nights.note(merchant, calendars.local_day(hour, merchant.tz), now)


def refresh(merchant: Merchant, week: Week, now: datetime) -> tuple[Score, ...]:
    """Compute and store the scores as they stand at the end of `week`."""
    first = week.before(WEEKS - 1).first
    local_days.close_ended(merchant, first, week.last, now)
    weeks = KeptWeeks(merchant, week, now)
    histories, tree = _merged(merchant, week, weeks)
    _tell_next_week(merchant, week, weeks, histories)
    records = records_of(histories)
    scores = score_all(records, seed=f"{merchant.id}#{week.first}")
    week_rankings = rank(histories, records, scores, tree, merchant.currency)
    score_history.save(merchant.id, scores, tree, histories, week.first)
    rankings.save(merchant.id, week, week_rankings)
    calibration = calibrate(told_ranges.before(merchant.id, week), histories)
    told_ranges.keep(merchant.id, week, best_sellers(scores))
    score_history.note_scored(merchant.id, week.first, len(scores), calibration)
    return scores


def _merged(merchant: Merchant, week: Week, weeks: KeptWeeks) -> tuple[dict[str, History], Tree]:
    """Everybody's histories and the tree of their links, which then are held no longer: of a big
    merchant they are as much as its scores."""
    merged = merge(weeks.sums())
    first = week.before(WEEKS - 1).first
    tree = share_trees.of_leaves(merchant, first, week.last, merged.figures, merged.leaves)
    return merged.by_influencer, tree


def _tell_next_week(
    merchant: Merchant, week: Week, weeks: KeptWeeks, histories: Mapping[str, History]
) -> None:
    """What its orders are judged and weighed by, which stands once it was told: of a week that is
    scored at all every day that was noted is closed, and what is heard of it later comes too late
    for orders that were judged already."""
    last_week.save_marks(merchant.id, week, all_marks(histories, merchant.fraud))
    if last_week.find_removal_effects(merchant.id, week) is None:
        told = weeks.journeys(journey_weeks(merchant, week))
        analysis = analysis_of(add_weeks(merchant, week, told))
        last_week.save_removal_effects(merchant.id, week, analysis)
