"""People on the overview: the first ten, with what each is expected to bring on one axis. Pure."""

from dataclasses import dataclass

from sharetrail.report.lines import InfluencerLine
from sharetrail.report.page import charts
from sharetrail.report.page.charts import Whisker
from sharetrail.report.report import Report
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

PEOPLE = 10
ON_PHONE = 5
"""Of them, until one asks for the others."""


@dataclass(frozen=True, kw_only=True)
class Person:
    line: InfluencerLine
    at: Whisker | None
    """None of whoever has no score."""
    says: str
    moved: str
    """How the score stands beside the week before, in a sentence; empty where nothing is known."""


def people(report: Report) -> list[Person]:
    """The first ten, on one axis."""
    lines, writing = report.influencers[:PEOPLE], Writing.of(report)
    top = max((line.high or 0 for line in lines), default=0)
    return [_person(line, top, writing) for line in lines]


def _person(line: InfluencerLine, top: int, writing: Writing) -> Person:
    moved = _moved(line, writing)
    if line.score is None or line.low is None or line.high is None:
        return Person(line=line, at=None, says="", moved=moved)
    low, high = writing.estimate(line.low), writing.estimate(line.high)
    return Person(
        line=line,
        at=charts.whisker(line.low, line.score, line.high, top),
        # For translators: of a score, for whoever does not see its drawing.
        says=say(
            "{score} expected, between {low} and {high}",
            score=writing.estimate(line.score),
            low=low,
            high=high,
        ),
        moved=moved,
    )


def _moved(line: InfluencerLine, writing: Writing) -> str:
    if not line.moved:
        return ""
    if line.score_before is None:
        return say("The score was computed in another way a week before.")
    was = writing.estimate(line.score_before)
    if not line.way:
        return say("The score was {score} a week before: no clear change.", score=was)
    before = say("The score was {score} a week before.", score=was)
    return f"{before} {line.moved}"
