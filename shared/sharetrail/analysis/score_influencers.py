"""The week's analysis of a merchant, from its projections, computed and stored.

Stored are each influencer's score (score/score_history.py), the week's rankings (rankings.py), and
what orders of the next week rest on: marks of fraud and removal effects (attribution/last_week.py).
"""

from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis import periods, rankings, share_trees
from sharetrail.analysis.fraud_history import all_marks
from sharetrail.analysis.markov import journeys
from sharetrail.analysis.markov.journey import OrderJourneys
from sharetrail.analysis.markov.removal_effects import analysis_of
from sharetrail.analysis.ranking import rank
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.history import Histories, records_of
from sharetrail.analysis.score.score import Score, score_all
from sharetrail.analysis.share_tree import LinkFigures
from sharetrail.attribution import last_week
from sharetrail.calendars import Week
from sharetrail.merchants import score_nights
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days

WEEKS = 26
"""How far back a score looks: with a half-life of four weeks the rest is about one percent."""


def score(merchant: Merchant, _nights: tuple[str, ...], now: datetime) -> None:
    """Score the last full week. Whoever has a score has another next week, be it a quiet one: what
    was sold weighs less with every week.

    A day closes with the hour of UTC that it ends in (totals/local_days.py), and so does a week.
    """
    hour = calendars.hour_of(now)
    if refresh(merchant, calendars.last_full_week(hour, merchant.tz), now):
        score_nights.note(merchant, calendars.local_day(hour, merchant.tz), now)


def refresh(merchant: Merchant, week: Week, now: datetime) -> tuple[Score, ...]:
    """Compute and store the scores as they stand at the end of `week`."""
    first = week.before(WEEKS - 1).first
    local_days.close_ended(merchant, first, week.last, now)
    histories = Histories(merchant, week.last)
    order_journeys = OrderJourneys(merchant, week)
    figures = LinkFigures()
    links = periods.walk(merchant, first, week.last, now, histories, order_journeys, figures)
    by_influencer = histories.by_influencer
    last_week.save_marks(merchant.id, week, all_marks(by_influencer, merchant.fraud))
    analysis = analysis_of(journeys.gather(merchant, order_journeys, links, now))
    last_week.save_removal_effects(merchant.id, week, analysis)
    records = records_of(by_influencer)
    scores = score_all(records, seed=f"{merchant.id}#{week.first}")
    tree = share_trees.of_links(merchant, first, week.last, figures, links)
    week_rankings = rank(by_influencer, records, scores, tree, merchant.currency)
    score_history.save(merchant.id, scores, tree, week.first)
    rankings.save(merchant.id, week, week_rankings)
    score_history.note_scored(merchant.id, week.first, len(scores))
    return scores
