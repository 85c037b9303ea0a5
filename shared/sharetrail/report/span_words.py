"""How mail and page call a report's days, and those before them. Pure."""

from sharetrail.report.span import SpanKind


def before(kind: SpanKind, length: int = 0) -> str:
    """`the week before`; of days, how many where `length` says so: `the 9 days before`."""
    if kind == "days" and length > 1:
        return f"the {length} days before"
    return f"the {'day' if length == 1 else kind} before"


def this(kind: SpanKind) -> str:
    """`in this week`, `on this day`."""
    if kind == "days":
        return "in these days"
    return f"{'on' if kind == 'day' else 'in'} this {kind}"


def earlier(kind: SpanKind, count: int = 2) -> str:
    """`earlier weeks`; of one thing, `an earlier week`."""
    noun = kind.removesuffix("s")
    return f"an earlier {noun}" if count == 1 else f"earlier {noun}s"
