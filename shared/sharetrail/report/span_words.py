"""When a report's days are, and those before them, as mail and page say it. Pure."""

from sharetrail.report.span import SpanKind
from sharetrail.words.speech import mark, say, say_n

_BEFORE: dict[SpanKind, str] = {
    # For translators: when something was, as in "less than $90 the week before". No subject.
    "day": mark("the day before"),
    "week": mark("the week before"),
    "month": mark("the month before"),
    "quarter": mark("the quarter before"),
    "year": mark("the year before"),
}
_THIS: dict[SpanKind, str] = {
    # For translators: when something is, as in "No order came in this week."
    "day": mark("on this day"),
    "week": mark("in this week"),
    "month": mark("in this month"),
    "quarter": mark("in this quarter"),
    "year": mark("in this year"),
    "days": mark("in these days"),
}


def before(kind: SpanKind, length: int = 0) -> str:
    """When it was: `the week before`; of days, how many where `length` says so: `the 9 days
    before`."""
    if kind != "days":
        return say(_BEFORE[kind])
    if length:
        # For translators: when something was, as in "less than $90 the 9 days before".
        return say_n(length, "the day before", "the {n} days before")
    return say("the days before")


def this(kind: SpanKind) -> str:
    """When it is: `in this week`, `on this day`."""
    return say(_THIS[kind])
