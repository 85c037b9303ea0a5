"""What is said where a recipient chooses. Pure."""

from collections.abc import Collection

from sharetrail.report.span import Rhythm

OFFERED: tuple[tuple[Rhythm, str, str], ...] = (
    ("daily", "Daily", "Every morning at 8, about the day before"),
    ("weekly", "Weekly", "Every Monday at 8, about the week before"),
    ("monthly", "Monthly", "On the first at 8, about the month before"),
    ("quarterly", "Quarterly", "On the first day of a quarter at 8, about the quarter before"),
)
"""Each with its name and when it comes, on the shop's own clock."""
_WHEN: dict[Rhythm, str] = {
    "daily": "every day",
    "weekly": "every week",
    "monthly": "every month",
    "quarterly": "every quarter",
}


def how_often(rhythms: Collection[Rhythm]) -> str:
    """`every day, every week and every month`; `never`."""
    *others, last = [words for each, words in _WHEN.items() if each in rhythms] or ["never"]
    return f"{', '.join(others)} and {last}" if others else last
