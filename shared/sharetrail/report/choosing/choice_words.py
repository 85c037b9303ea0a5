"""What is said where a recipient chooses. Pure."""

from collections.abc import Collection

from sharetrail.report.span import Rhythm
from sharetrail.words.speech import listed, mark, say

_OFFERED: tuple[tuple[Rhythm, str, str], ...] = (
    # For translators: how often a report comes, and when.
    ("daily", mark("Daily"), mark("Every morning at 8, about the day before")),
    ("weekly", mark("Weekly"), mark("Every Monday at 8, about the week before")),
    ("monthly", mark("Monthly"), mark("On the first at 8, about the month before")),
    (
        "quarterly",
        mark("Quarterly"),
        mark("On the first day of a quarter at 8, about the quarter before"),
    ),
)
_WHEN: dict[Rhythm, str] = {
    # For translators: how often a report comes, in "The report comes every day and every week."
    "daily": mark("every day"),
    "weekly": mark("every week"),
    "monthly": mark("every month"),
    "quarterly": mark("every quarter"),
}


def offered() -> list[tuple[Rhythm, str, str]]:
    """Each rhythm with its name and when it comes, on the shop's own clock."""
    return [(rhythm, say(name), say(when)) for rhythm, name, when in _OFFERED]


def how_often(rhythms: Collection[Rhythm]) -> str:
    """`every day, every week and every month`; `never`."""
    chosen = [say(words) for each, words in _WHEN.items() if each in rhythms]
    # For translators: how often a report comes.
    return listed(chosen) if chosen else say("never")
