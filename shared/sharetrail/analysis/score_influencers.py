"""The week's analysis of a merchant, from its projections, computed and stored.

Stored are each influencer's score (score/score_history.py), the week's rankings (rankings.py), and
what orders of the next week rest on: marks of fraud and removal effects (attribution/last_week.py).
"""

from datetime import datetime

from sharetrail.analysis import fraud_history, periods, rankings, share_trees
from sharetrail.analysis.markov import journeys
from sharetrail.analysis.markov.removal_effects import analysis_of
from sharetrail.analysis.ranking import rank
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.records import records_of
from sharetrail.analysis.score.score import SCORE_VERSION, Score, score_all
from sharetrail.attribution import last_week
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days

WEEKS = 26
"""How far back a score looks: with a half-life of four weeks the rest is about one percent."""


def are_stored(merchant_id: str, week: Week) -> bool:
    return score_history.is_scored(merchant_id, week.first)


def refresh(merchant: Merchant, week: Week, now: datetime) -> tuple[Score, ...]:
    """Compute and store the scores as they stand at the end of `week`."""
    first = week.before(WEEKS - 1).first
    local_days.close_ended(merchant, first, week.last, now)
    period = periods.gather(merchant, first, week.last, now, bare=True)
    last_week.save_marks(merchant.id, week, fraud_history.of_period(period, merchant.fraud))
    analysis = analysis_of(journeys.gather(merchant, week, period))
    last_week.save_removal_effects(merchant.id, week, analysis)
    records = records_of(period, merchant)
    scores = score_all(records, seed=f"{merchant.id}#{week.first}")
    tree = share_trees.of_period(period, merchant)
    week_rankings = rank(period, records, scores, tree, merchant.currency)
    score_history.save(merchant.id, scores, tree, week.first)
    rankings.save(merchant.id, week, week_rankings)
    score_history.note_scored(
        merchant.id, week.first, by_rule=SCORE_VERSION, influencers=len(scores)
    )
    return scores
