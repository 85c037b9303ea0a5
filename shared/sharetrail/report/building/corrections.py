"""What has become of the days that earlier mails told of: each change is told once, in the next
report of the same kind, or of days that are more than a fortnight old in the next Sunday's.

What a mail said stands in its report's row (reports.py), what it corrected of older ones too; so
what was last told of a span is known from the rows of the spans behind it, and a report that is
built again tells the same.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderHead
from sharetrail.attribution.models import Influence
from sharetrail.merchants.profile import Merchant
from sharetrail.report import span
from sharetrail.report.keeping import reports
from sharetrail.report.report import Correction
from sharetrail.report.span import Span

LOOKED_BACK = timedelta(weeks=13)
"""Of spans that ended longer before, nothing more is told: shops take goods back for a month or
three, and banks their money within three. The page shows all days as they are now."""
_DAYS_LOOKED_BACK = timedelta(weeks=2)
"""By a day's report, but a Sunday's, which tells of all: to look at all orders of 13 weeks every
morning would cost a big shop more than the day itself."""
_SUNDAY = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sale(OrderHead):
    """Of an order what its days' influenced revenue is made of."""

    day: str
    """By which the index has it, behind its date."""
    influence: Influence


def told_before(merchant: Merchant, asked: Span) -> dict[Span, int]:
    """The influenced revenue that was last told, in today's currency, of the span before, and of
    those before it that ended in the last 13 weeks (of a day's report but a Sunday's, in the last
    two), newest first; of those that were mailed."""
    spans, told = _looked_at(asked), dict[Span, int]()
    kept = reports.find_all(merchant.id, spans)
    for each in (each for each in reversed(spans) if each in kept):
        if kept[each].is_in(merchant.currency):
            told[each] = kept[each].influenced
            others = kept[each].corrected.items()
            told |= {span.of_day(asked.kind, first): minor for first, minor in others}
    return {each: told[each] for each in spans if each in told}


def of(merchant: Merchant, told: dict[Span, int], asked: Span) -> tuple[Correction, ...]:
    """Where another sum stands by now than was last told, of the spans before the one before, which
    the report itself compares with; newest first."""
    older = [each for each in told if each != asked.before()]
    if not older:
        return ()
    sums = _sums(merchant, older)
    return tuple(
        Correction(first=each.first, last=each.last, mailed=told[each], now=sums[each])
        for each in older
        if told[each] != sums[each]
    )


def _looked_at(asked: Span) -> list[Span]:
    """Newest first: the span before, whenever that ended."""
    is_brief = asked.kind == "day" and asked.first.weekday() != _SUNDAY
    oldest = asked.first - (_DAYS_LOOKED_BACK if is_brief else LOOKED_BACK)
    spans = [asked.before()]
    while (older := spans[-1].before()).last >= oldest:
        spans.append(older)
    return spans


def _sums(merchant: Merchant, spans: list[Span]) -> Counter[Span]:
    """The influenced revenue of each as it stands, of its own days."""
    sums = Counter[Span]()
    for sale in credits.between(_Sale, merchant.id, spans[-1].first, spans[0].last):
        if sale.counts and sale.currency == merchant.currency and sale.influence != "none":
            sums[_span(spans[0], sale.day.partition("#")[0])] += sale.net
    return sums


def _span(like: Span, day: str) -> Span:
    """The span of the same kind that the day lies in."""
    return span.of_day(like.kind, date.fromisoformat(day))
