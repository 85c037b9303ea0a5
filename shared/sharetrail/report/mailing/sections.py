"""The sections of a report's mail: parts of revenue, and a line each for all the rest. Pure.

Every change stands as both figures, and then what is to be made of it.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sharetrail.money import share_out
from sharetrail.report import held_words, page_paths
from sharetrail.report.building import mend_errands
from sharetrail.report.lines import GroupLine
from sharetrail.report.mailing import figures
from sharetrail.report.mailing.figures import (
    SENTENCES,
    Words,
    asked,
    before_count,
    beside,
    money,
    orders,
)
from sharetrail.report.report import Funnel, Report
from sharetrail.report.span_words import before
from sharetrail.words import formats, names
from sharetrail.words.change import Change

MOST_CURRENCIES = 2
"""Whose sums are told; of more, how many they are."""
_RESTATED = {
    (True, True): "both_restated",
    (True, False): "restated",
    (False, True): "rest_restated",
    (False, False): "",
}
"""By whether what sharing brought is another, and what came without it."""
Part = tuple[str, str]
"""What is said, and where it leads, if anywhere."""


# ── What sharing earned ──────────────────────────────────────────────────────────────────────────
def split(report: Report) -> list[Words]:
    """Last click, assisted and without sharing, as a bar and its legend show them; empty of days
    without revenue."""
    earned = report.earned
    if earned.all_net <= 0:
        return []
    amounts = (earned.last_click, earned.assisted, earned.rest)
    sizes, befores = [max(0, amount) for amount in amounts], ("", "", _rest_before(report))
    parts = zip(SENTENCES["parts"], amounts, sizes, share_out(100, sizes), befores, strict=True)
    return [
        {
            **part,
            "amount": money(report, amount),
            "share": _share(percent, size, sum(sizes), report.language),
            "width": max(percent, int(amount > 0)),
            "before": before,
        }
        for part, amount, size, percent, before in parts
    ]


def _rest_before(report: Report) -> str:
    """What came without sharing before: the headline has what came by it, and both wholes."""
    before = report.before
    if before is None or report.days_before is not None or not (report.earned.rest or before.rest):
        return ""
    return beside(SENTENCES["before"].format(before=money(report, before.rest)))


def _share(percent: int, size: int, whole: int, language: str) -> str:
    """Shares add up to 100; what rounds to nothing or to all keeps its "under" or "over"."""
    return formats.percent(*((percent, 100) if 0 < percent < 100 else (size, whole)), language)


# ── A line each ──────────────────────────────────────────────────────────────────────────────────
def lines(report: Report) -> list[tuple[str, list[Part]]]:
    """Each by its title; of what there is nothing to tell of, none."""
    titles = SENTENCES["titles"]
    told = {
        "networks": _leader(report, report.networks, _mover(report, report.networks[1:])),
        "products": _leader(report, report.products),
        "funnel": _funnel(report),
    }
    parts = {name: [(text, "")] for name, text in told.items() if text} | {"also": also(report)}
    return [(titles[name], each) for name, each in parts.items() if each]


def also(report: Report) -> list[Part]:
    """All else, in few words: what is held, bought by influencers themselves, corrected, used up,
    or of another currency."""
    is_told = any(task.about in mend_errands.LIMITS for task in report.tasks)
    used_up = "" if is_told else notices(report)
    orders = ((_held(report), ""), (_waiting(report), page_paths.HELD))
    others = (_unpaid(report), _own(report), restated(report), used_up, _currencies(report))
    return [part for part in (*orders, *((text, "") for text in others)) if part[0]]


def _leader(report: Report, groups: Sequence[GroupLine], more: str = "") -> str:
    """The best of them; where nobody has any revenue, by clicks."""
    if not groups:
        return ""
    best = groups[0]
    told = _money(report, best) if best.revenue > 0 else _clicks(report, best)
    return f"{told} {more}".rstrip()


def _mover(report: Report, groups: Sequence[GroupLine]) -> str:
    """Which moved most, where one did clearly: by revenue, else by clicks. Of those that ever sold,
    since anybody can make clicks."""
    groups = [each for each in groups if each.revenue > 0 or (each.revenue_before or 0) > 0]
    moved = [each for each in groups if figures.group_change(report, each).way]
    if moved:
        most = max(moved, key=lambda each: abs(each.revenue - (each.revenue_before or 0)))
        return _moved(figures.group_change(report, most), _money(report, most))
    moved = [each for each in groups if _clicks_change(report, each).way]
    if moved:
        most = max(moved, key=lambda each: abs(each.clicks - (each.clicks_before or 0)))
        return _moved(_clicks_change(report, most), _clicks(report, most))
    return ""


def _moved(judged: Change, told: str) -> str:
    return f"{SENTENCES[judged.way]}: {told}"


def _clicks_change(report: Report, line: GroupLine) -> Change:
    return report.change(line.clicks, line.clicks_before)


def _money(report: Report, line: GroupLine) -> str:
    told, before = money(report, line.revenue), figures.before_group(report, line)
    return f"{names.in_sentence(line.name)}, {told}{beside(before)}."


def _clicks(report: Report, line: GroupLine) -> str:
    told = formats.count(line.clicks, "click", language=report.language)
    before = before_count(report, line.clicks, line.clicks_before)
    return f"{names.in_sentence(line.name)}, {told}{beside(before)}."


def _funnel(report: Report) -> str:
    """From views to orders; the two that can be counted on beside those of before."""
    now, before, language = report.funnel, report.funnel_before, report.language
    if now == Funnel():
        return str(SENTENCES["no_funnel"])
    steps = [
        formats.count(now.views, "view", language=language),
        formats.count(now.shares, "share", language=language),
        _step(report, now.clicks, before.clicks if before else None, "click"),
        _step(report, now.orders, before.orders if before else None, "order"),
    ]
    return f"{', '.join(steps)}."


def _step(report: Report, now: int, before: int | None, noun: str) -> str:
    counted = formats.count(now, noun, language=report.language)
    return f"{counted}{beside(before_count(report, now, before))}"


def _held(report: Report) -> str:
    """What waits for a word, and what for its date; not of the orders that the tasks told of, where
    there is no other. What nobody paid for is told with the revenue."""
    held = report.held
    if held.orders - held.unpaid.orders <= len(asked(report)):
        return ""
    told = [
        SENTENCES[until].format(
            orders=orders(report, each.orders), amount=money(report, each.amount)
        )
        for each, until in ((held.asking, "until_a_word"), (held.waiting, "until_a_date"))
        if each.orders
    ]
    return str(SENTENCES["held"]).format(what=", ".join(told)) if told else ""


def _waiting(report: Report) -> str:
    """What else waits; of what waits since before the days nothing where the tasks tell of all."""
    older = report.older_held
    told = {task.about for task in report.tasks} & {each.ref for each in older.listed}
    is_told = len(told) == older.asking.orders and not older.are_more
    return held_words.waiting(report, is_told=is_told)


def _unpaid(report: Report) -> str:
    """What of the revenue nobody has paid for yet."""
    if not report.earned.unpaid_orders:
        return ""
    amount = money(report, report.earned.unpaid)
    count = orders(report, report.earned.unpaid_orders)
    return str(SENTENCES["unpaid"]).format(amount=amount, orders=count)


def _own(report: Report) -> str:
    if not report.own_orders:
        return ""
    orders = formats.count(report.own_orders, "self-referral", language=report.language)
    return f"{orders} {SENTENCES['own']}"


def restated(report: Report) -> str:
    """What the mail before said and would say now; of older ones how many would."""
    others, sentences = len(report.corrections), [*filter(None, (_restated(report),))]
    if others:
        mails = formats.count(others, "older mail", language=report.language)
        by = money(report, sum(each.now - each.mailed for each in report.corrections))
        sentences.append(SENTENCES["corrected"].format(mails=mails, by=by))
    return " ".join(sentences)


def _restated(report: Report) -> str:
    """Of the mail before: what sharing brought, what came without it, or both in one sentence."""
    told = report.restatement
    if told is None:
        return ""
    words = _RESTATED[told.mailed != told.now, told.rest_mailed is not None]
    amounts = {name: money(report, minor or 0) for name, minor in asdict(told).items()}
    earlier = before(report.kind)
    return words and SENTENCES[words].format(before=earlier, begun=earlier.capitalize(), **amounts)


def notices(report: Report) -> str:
    """What was used up, and on how many days."""
    subjects = list(dict.fromkeys(SENTENCES["limits"][each.about] for each in report.notices))
    if not subjects:
        return ""
    what = subjects[0][0].upper() + subjects[0][1:]
    if others := len(subjects) - 1:
        what += f" and {others} more"
    days = len({notice.day for notice in report.notices})
    on = formats.count(days, "day", language=report.language)
    return str(SENTENCES["used_up"]).format(what=what, days=on)


def _currencies(report: Report) -> str:
    others = report.other_currencies
    if not others:
        return ""
    if len(others) > MOST_CURRENCIES:
        what = f"{formats.number(len(others), report.language)} other currencies"
    else:
        what = ", ".join(money(report, each.net, each.currency) for each in others)
    return str(SENTENCES["apart"]).format(what=what)
