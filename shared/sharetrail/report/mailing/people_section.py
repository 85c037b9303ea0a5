"""The five people of a report's mail: their worth, how sure that is, and whether it moved. Pure."""

from itertools import pairwise

from sharetrail.money import share_out
from sharetrail.report import page_paths
from sharetrail.report.held import HeldSum
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.mailing.figures import (
    Words,
    asked,
    before_money,
    beside,
    estimate,
    group_change,
    money,
    told,
    told_of,
)
from sharetrail.report.report import Report
from sharetrail.words import names, shares
from sharetrail.words.speech import say_n
from sharetrail.words.writing import Writing

MOST_HELD = 1
"""People of whom it is told."""


def people(report: Report) -> list[Words]:
    """Where more than one has something held, the page says whose, and the rest how much."""
    asking = [_asking(report, line) for line in report.top]
    are_many = sum(bool(held.orders) for held in asking) > MOST_HELD
    shown = [HeldSum() if are_many else held for held in asking]
    return [_person(report, line, held) for line, held in zip(report.top, shown, strict=True)]


def _person(report: Report, line: InfluencerLine, held: HeldSum) -> Words:
    """The figure that ranks is the bold one: what is expected, or of whoever has no score what was
    credited."""
    is_expected = line.score is not None
    return {
        "name": names.short(line.name),
        "path": page_paths.person(line.id),
        "is": told("is_expected" if is_expected else "is_credited"),
        "bold": _bold(report, line),
        "in_text": _expected(report, line) if is_expected else _bold(report, line),
        "tier": told_of("tiers", line.tier),
        "shade": line.tier,
        "range": _range(report, line),
        "bar": _bar(line, max((each.high or 0 for each in report.top), default=0)),
        "told": _told(report, line),
        "remarks": [*filter(None, (_discount(report, line), _held_of(report, line, held)))],
    }


def _bold(report: Report, line: InfluencerLine) -> str:
    return money(report, line.revenue) if line.score is None else estimate(report, line.score)


def _expected(report: Report, line: InfluencerLine) -> str:
    until = Writing.of(report).short_day(report.scored_until or report.last)
    return told("expected", amount=_bold(report, line), until=until)


def _range(report: Report, line: InfluencerLine) -> Words | None:
    if line.score is None or line.low is None or line.high is None:
        return None
    return {"low": estimate(report, line.low), "high": estimate(report, line.high)}


def _bar(line: InfluencerLine, most: int) -> list[Words]:
    """The range as cells on one axis for all: before it, up to what is expected, up to its end, and
    behind it, whose widths add up to 100; none of whoever has no range."""
    if line.score is None or line.low is None or line.high is None or most <= 0:
        return []
    ends = [max(0, min(each, most)) for each in (line.low, line.score, line.high, most)]
    sizes = [max(0, end - start) for start, end in pairwise([0, *ends])]
    shades = ("", "range", "range", "")
    return [
        {"width": width, "shade": shade, "is_middle": n == 2}
        for n, (width, shade) in enumerate(zip(share_out(100, sizes), shades, strict=True))
    ]


def _told(report: Report, line: InfluencerLine) -> str:
    """What was credited beside before, and one judgement at most: of what is expected where that
    has moved, with its reason, else of what was credited where that is a clear change. The note
    above everybody says so."""
    has_moved = bool(line.way) and line.score_before is not None
    credited = _credited(report, line, is_judged=not has_moved)
    return f"{credited} {_moved(report, line)}" if has_moved else credited


def _credited(report: Report, line: InfluencerLine, *, is_judged: bool) -> str:
    before = _before(report, line, is_judged=is_judged)
    if line.score is not None:
        return told("credited", amount=beside(money(report, line.revenue), before))
    return told("unscored_beside", earlier=before) if before else told("unscored")


def _before(report: Report, line: InfluencerLine, *, is_judged: bool) -> str:
    if line.revenue_before is None:
        return ""
    judged = group_change(report, line)
    is_clear = is_judged and bool(judged.way)
    return before_money(report, line.revenue_before, judged, is_judged=is_clear)


def _moved(report: Report, line: InfluencerLine) -> str:
    """What was expected a week ago, and why it is more or less by now."""
    was = told("was", amount=estimate(report, line.score_before or 0))
    return f"{was} {line.moved}"


def _discount(report: Report, line: InfluencerLine) -> str:
    """Why a score is less than what was sold, and by how much."""
    if not line.told_discount or line.discounted is None:
        return line.told_discount
    return told("discount", percent=shares.percent(line.discounted, 100, report.language))


def _asking(report: Report, line: InfluencerLine) -> HeldSum:
    """Of theirs what waits for a word, but what stands among the tasks."""
    theirs = [each for each in asked(report) if each.influencer == line.id]
    amount = line.asking.amount - sum(each.amount for each in theirs)
    return HeldSum(orders=line.asking.orders - len(theirs), amount=amount)


def _held_of(report: Report, line: InfluencerLine, held: HeldSum) -> str:
    """What else is held of theirs waits for its date: page and sheet tell both together."""
    if not held.orders:
        return ""
    amount = money(report, held.amount)
    if held.orders > 1:
        return say_n(
            held.orders,
            "{amount} of {n} order waits until you decide.",
            "{amount} of {n} orders waits until you decide.",
            amount=amount,
        )
    if why := _why(report, line):
        return told("asking_why", amount=amount, why=why)
    return told("asking", amount=amount)


def _why(report: Report, line: InfluencerLine) -> str:
    """Of the largest of theirs that waits for a word and stands in no task; empty of one that is
    not listed."""
    in_tasks = {each.ref for each in asked(report)}
    theirs = (each for each in report.held_orders if each.influencer == line.id and each.is_paid)
    return next((e.why for e in theirs if e.waits_for_a_word and e.ref not in in_tasks), "")
