"""Everyone's history as the records that scoring reads. Pure."""

from collections.abc import Mapping

from sharetrail.analysis.score.expectation import SILENT, Record
from sharetrail.analysis.score.history import History


def records_of(histories: Mapping[str, History]) -> list[Record]:
    """Every influencer with a share, click or credit, week by week, newest first. The weeks
    observed begin with the first that saw anything.
    """
    ages = (age for history in histories.values() for age in history.weeks)
    observed = 1 + max(ages, default=0)
    return [
        Record(
            influencer=influencer,
            network=min(history.networks.items(), key=lambda n: (-n[1], n[0]))[0],
            weeks=tuple(history.weeks.get(age, SILENT) for age in range(observed)),
        )
        for influencer, history in sorted(histories.items())
        if history.weeks
    ]
