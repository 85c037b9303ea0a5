"""What the overview says of tasks, of changes since a report was sent, and of past ranges. Pure."""

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.report.page.writing import Writing
from sharetrail.report.report import Report, TaskKind
from sharetrail.report.sent_order import Way
from sharetrail.words.change import FEW

TASKS: dict[TaskKind, str] = {
    "decide": "Decide",
    "mend": "Mend",
    "thank": "Thank",
    "gift": "Send a gift",
    "invite": "Invite",
    "ask": "Ask",
}
WAYS: dict[Way, tuple[str, str]] = {
    "late": ("order came late", "orders came late"),
    "found": (
        "order turned out to have a share click",
        "orders turned out to have a share click",
    ),
    "raised": ("order has become larger", "orders have become larger"),
    "lowered": (
        "order was refunded, cancelled or made smaller",
        "orders were refunded, cancelled or made smaller",
    ),
    "lost": (
        "order has no share click that counts any more",
        "orders have no share click that counts any more",
    ),
    "gone": ("order is not counted any more", "orders are not counted any more"),
    "moved": (
        "order moved between last click and assisted",
        "orders moved between last click and assisted",
    ),
}
_EIGHTY = (0.7, 0.9)
"""Between these parts ranges are as sure as they say."""


def calibration(report: Report) -> str:
    """How past ranges held, in a sentence; empty where nothing is known."""
    told = report.calibration
    if told is None:
        return ""
    if told.ranges < FEW:
        return "Too few of our ranges have come to their end to tell how they held."
    writing = Writing.of(report)
    weeks = writing.count(told.weeks, "scored week")
    return (
        f"Of the {writing.percent(80, 100)} ranges of the last {weeks}, {_held(told, writing)} "
        f"held what came: {_judged(told)}."
    )


def _held(told: Calibration, writing: Writing) -> str:
    numbers = f"{writing.number(told.held)} of {writing.number(told.ranges)}"
    return f"{writing.percent(told.held, told.ranges)} ({numbers})"


def _judged(told: Calibration) -> str:
    low, high = _EIGHTY
    if told.held < low * told.ranges:
        return "they were too narrow, so take them for less sure than they say"
    if told.held > high * told.ranges:
        return "they were wider than they had to be"
    return "as sure as they said"
