"""The ways from the days that a page is about to others. Pure."""

from dataclasses import dataclass
from datetime import date

from sharetrail.report import span
from sharetrail.report.span import Span, SpanKind
from sharetrail.words import formats
from sharetrail.words.speech import mark, sentence

_KINDS: tuple[tuple[SpanKind, str], ...] = (
    ("day", mark("Day")),
    ("week", mark("Week")),
    ("month", mark("Month")),
    ("quarter", mark("Quarter")),
    ("year", mark("Year")),
)


@dataclass(frozen=True, kw_only=True)
class SpanChoice:
    title: str
    before: Span | None
    """None of a shop that was not there yet."""
    after: Span | None
    """None of days that have not begun."""
    kinds: tuple[tuple[str, Span, bool], ...]
    """By their label, and whether it is the one that is shown."""
    newest: date
    """The merchant's today: the last day to ask for."""
    oldest: date
    so_far: bool
    """The days have not all ended."""


def choice_of(shown: Span, came: date, today: date, language: str) -> SpanChoice:
    """`came` is the merchant's first day here."""
    anchor = max(came, min(shown.last, today))
    before, after = shown.before(), shown.after()
    return SpanChoice(
        title=title_of(shown, language),
        before=before if before.last >= came else None,
        after=after if after.first <= today else None,
        kinds=tuple(
            (sentence(label), span.of_day(kind, anchor), kind == shown.kind)
            for kind, label in _KINDS
        ),
        newest=today,
        oldest=came,
        so_far=shown.first <= today <= shown.last,
    )


def title_of(shown: Span, language: str) -> str:
    """`November 16 – 22, 2026`, `November 2026`, `Q4 2026`."""
    match shown.kind:
        case "day":
            text = formats.day(shown.first, language)
        case "month":
            text = formats.month(shown.first, language)
        case "quarter":
            text = formats.quarter(shown.first, language)
        case "year":
            text = formats.year(shown.first, language)
        case _:
            text = _days(shown, language)
    return formats.isolated(text, language)


def _days(shown: Span, language: str) -> str:
    if shown.length == 1:
        return formats.day(shown.first, language)
    return formats.days(shown.first, shown.last, language)
