"""The five people of a report's mail: their worth, how sure that is, and whether it moved. Pure."""

import re
from itertools import pairwise

from sharetrail.money import share_out
from sharetrail.report import page_paths
from sharetrail.report.held import HeldSum
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.mailing.figures import (
    PLAIN,
    SENTENCES,
    Words,
    asked,
    before_money,
    beside,
    estimate,
    group_change,
    money,
    orders,
)
from sharetrail.report.report import Report
from sharetrail.words import formats, names
from sharetrail.words.change import Change

MOST_HELD = 1
"""People of whom it is told."""
_PERCENT = re.compile(r"(\d+) %")


def people(report: Report) -> list[Words]:
    """Where more than one has something held, the page says whose, and the rest how much."""
    asking = [_asking(report, line) for line in report.top]
    are_many = sum(bool(held.orders) for held in asking) > MOST_HELD
    told = [HeldSum() if are_many else held for held in asking]
    return [_person(report, line, held) for line, held in zip(report.top, told, strict=True)]


def _person(report: Report, line: InfluencerLine, held: HeldSum) -> Words:
    """The figure that ranks is the bold one: what is expected, or of whoever has no score what was
    credited."""
    is_expected = line.score is not None
    return {
        "name": names.short(line.name),
        "path": page_paths.person(line.id),
        "is": SENTENCES["is_expected" if is_expected else "is_credited"],
        "bold": money(report, line.revenue) if line.score is None else estimate(report, line.score),
        "is_expected": is_expected,
        "tier": SENTENCES["tiers"].get(line.tier, ""),
        "shade": line.tier,
        "range": _range(report, line),
        "bar": _bar(line, max((each.high or 0 for each in report.top), default=0)),
        "told": _told(report, line),
        "remarks": [*filter(None, (_discount(report, line), _held_of(report, line, held)))],
    }


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
    credited = SENTENCES["credited"].format(amount=money(report, line.revenue))
    if line.score is None:
        credited = SENTENCES["unscored"]
    judged = group_change(report, line)
    if not judged.text or line.revenue_before is None:
        return f"{credited}."
    clear = judged if is_judged and judged.way else Change(PLAIN)
    return f"{credited}{beside(before_money(report, line.revenue_before, clear))}."


def _moved(report: Report, line: InfluencerLine) -> str:
    """What was expected a week ago, and why it is more or less by now."""
    was = SENTENCES["was"].format(amount=estimate(report, line.score_before or 0))
    return f"{was}: {line.moved[:1].lower()}{line.moved[1:]}"


def _discount(report: Report, line: InfluencerLine) -> str:
    """Why a score is less than what was sold, and by how much."""
    if not (by := _PERCENT.search(line.told_discount)):
        return line.told_discount
    percent = formats.percent(int(by[1]), 100, report.language)
    return str(SENTENCES["discount"]).format(percent=percent)


def _asking(report: Report, line: InfluencerLine) -> HeldSum:
    """Of theirs what waits for a word, but what stands among the tasks."""
    told = [each for each in asked(report) if each.influencer == line.id]
    amount = line.asking.amount - sum(each.amount for each in told)
    return HeldSum(orders=line.asking.orders - len(told), amount=amount)


def _held_of(report: Report, line: InfluencerLine, held: HeldSum) -> str:
    """What else is held of theirs waits for its date: page and sheet tell both together."""
    if not held.orders:
        return ""
    why = _why(report, line) if held.orders == 1 else ""
    because = f": {why}" if why else ""
    count = orders(report, held.orders)
    several = SENTENCES["of_orders"].format(orders=count) if held.orders > 1 else ""
    amount = money(report, held.amount)
    return str(SENTENCES["asking"]).format(amount=amount, orders=several, because=because)


def _why(report: Report, line: InfluencerLine) -> str:
    """Of the largest of theirs that waits for a word and stands in no task; empty of one that is
    not listed."""
    told = {each.ref for each in asked(report)}
    theirs = (each for each in report.held_orders if each.influencer == line.id and each.is_paid)
    return next((e.why for e in theirs if e.waits_for_a_word and e.ref not in told), "")
