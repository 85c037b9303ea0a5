"""The sections of a report's mail: parts of revenue, people, a line each for all the rest. Pure.

Every change stands as both figures, and then what is to be made of it.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sharetrail.money import Amount, share_out
from sharetrail.report import page_paths
from sharetrail.report.building import reason, tasks
from sharetrail.report.report import Funnel, GroupLine, HeldOrder, InfluencerLine, Report
from sharetrail.words import formats, names
from sharetrail.words.change import Change

Words = dict[str, Any]
"""What a section's template puts in place, by name."""
MOST_CURRENCIES = 2
MOST_WHYS = 1
MOST_HELD = 100
"""More are not counted."""
_PERCENT = re.compile(r"(\d+) %")
SENTENCES: Words = tomllib.loads(
    Path(__file__).with_name("templates").joinpath("sentences.toml").read_text("utf-8")
)


# ── What sharing earned ──────────────────────────────────────────────────────────────────────────
def split(report: Report) -> list[Words]:
    """Last-click, assisted and not influenced, as a bar and its legend show them; empty of days
    without revenue."""
    earned = report.earned
    if earned.all_net <= 0:
        return []
    amounts = (earned.last_click, earned.assisted, earned.rest)
    sizes = [max(0, amount) for amount in amounts]
    parts = zip(SENTENCES["parts"], amounts, sizes, share_out(100, sizes), strict=True)
    return [
        {
            **part,
            "amount": money(report, amount),
            "share": _share(percent, size, sum(sizes), report.language),
            "width": max(percent, int(amount > 0)),
        }
        for part, amount, size, percent in parts
    ]


def _share(percent: int, size: int, whole: int, language: str) -> str:
    """Shares add up to 100; what rounds to nothing or to all keeps its "under" or "over"."""
    return formats.percent(*((percent, 100) if 0 < percent < 100 else (size, whole)), language)


# ── People ───────────────────────────────────────────────────────────────────────────────────────
def people(report: Report) -> list[Words]:
    lines = report.top
    are_many = sum(bool(_asking(report, line)) for line in lines) > MOST_WHYS
    return [_person(report, line, are_many) for line in lines]


def _person(report: Report, line: InfluencerLine, are_many: bool) -> Words:
    """The figure that ranks is the bold one: what is expected, or of whoever has no score what was
    credited. Where many have something held, the page says why."""
    held = _held_of(report, _asking(report, line), are_many)
    return {
        "name": names.short(line.name),
        "path": page_paths.person(line.id),
        "bold": money(report, line.revenue) if line.score is None else estimate(report, line.score),
        "is_expected": line.score is not None,
        "tier": SENTENCES["tiers"].get(line.tier, ""),
        "shade": line.tier,
        "range": _range(report, line),
        "credited": _credited(report, line),
        "moved": _moved(report, line),
        "remarks": [*filter(None, (_discount(report, line), held))],
    }


def _range(report: Report, line: InfluencerLine) -> tuple[str, str] | None:
    if line.score is None or line.low is None or line.high is None:
        return None
    return estimate(report, line.low), estimate(report, line.high)


def _credited(report: Report, line: InfluencerLine) -> str:
    credited = SENTENCES["credited"].format(amount=money(report, line.revenue))
    if line.score is None:
        credited = SENTENCES["unscored"]
    if line.revenue_before is None:
        return f"{credited}."
    amounts, orders = (line.revenue, line.revenue_before), (line.orders, line.orders_before or 0)
    after = after_money(report, amounts, orders).replace("too few orders", "too few")
    return f"{credited}, {after}." if after else f"{credited}."


def _moved(report: Report, line: InfluencerLine) -> str:
    """What was expected a week ago, and what to make of the difference."""
    if line.score is None or line.score_before is None:
        return ""
    was = SENTENCES["was"].format(amount=estimate(report, line.score_before))
    return f"{was}: {line.moved[0].lower()}{line.moved[1:]}" if line.moved else f"{was}."


def _discount(report: Report, line: InfluencerLine) -> str:
    """Why a score is less than what was sold, and by how much."""
    if not (by := _PERCENT.search(line.discount)):
        return line.discount
    percent = formats.percent(int(by[1]), 100, report.language)
    return str(SENTENCES["discount"]).format(percent=percent)


def _asking(report: Report, line: InfluencerLine) -> list[HeldOrder]:
    """Of theirs what waits for a word, but what stands among the tasks."""
    asked = {task.about for task in report.tasks}
    theirs = (each for each in report.held_orders if each.influencer == line.id)
    return [each for each in _by_order(theirs) if each.waits_for_a_word and each.ref not in asked]


def _held_of(report: Report, held: list[HeldOrder], are_many: bool) -> str:
    if not held:
        return ""
    if are_many:
        return f"{_sum(report, held)} held."
    why = f": {held[0].why}" if len(held) == 1 and held[0].why else ""
    return f"{_orders(report, held)}, {_sum(report, held)}, held{why}."


def _by_order(held: Iterable[HeldOrder]) -> list[HeldOrder]:
    """One of each order, its largest: several decisions may hold the same money."""
    largest: dict[str, HeldOrder] = {}
    for each in held:
        known = largest.setdefault(each.ref, each)
        if each.waits_for_a_word and not known.waits_for_a_word:
            largest[each.ref] = each
    return list(largest.values())


# ── A line each ──────────────────────────────────────────────────────────────────────────────────
def lines(report: Report) -> list[tuple[str, str]]:
    """Each by its title; of what there is nothing to tell of, none."""
    titles = SENTENCES["titles"]
    told = {
        "networks": _leader(report, report.networks),
        "products": _leader(report, report.products),
        "funnel": _funnel(report),
        "also": also(report),
    }
    return [(titles[name], text) for name, text in told.items() if text]


def also(report: Report) -> str:
    """All else, in few words: what is held, bought by influencers themselves, corrected, used up,
    or of another currency."""
    is_told = any(task.about in tasks.LIMITS for task in report.tasks)
    used_up = "" if is_told else notices(report)
    told = (_held(report), _own(report), restated(report), used_up, _currencies(report))
    return " ".join(filter(None, told))


def _leader(report: Report, groups: Sequence[GroupLine]) -> str:
    """The best of them; where nobody has any revenue, by clicks."""
    if not groups:
        return ""
    best, language = groups[0], report.language
    if best.revenue > 0:
        told, after = money(report, best.revenue), _after_group(report, best)
    else:
        told = formats.count(best.clicks, "click", language=language)
        after = after_count(report, best.clicks, best.clicks_before)
    return f"{names.in_sentence(best.name)}, {told}{f', {after}' if after else ''}."


def _after_group(report: Report, line: GroupLine) -> str:
    if line.revenue_before is None:
        return ""
    amounts, orders = (line.revenue, line.revenue_before), (line.orders, line.orders_before or 0)
    return after_money(report, amounts, orders)


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
    after = after_count(report, now, before)
    return f"{counted} ({after})" if after else counted


def _held(report: Report) -> str:
    """What waits for a word, and what for its date; not the one that the tasks told of."""
    held = _by_order(report.held_orders)
    asked = {task.about for task in report.tasks}
    if {each.ref for each in held} <= asked:
        return ""
    over = SENTENCES["at_least"] if len(held) >= MOST_HELD else ""
    asking = [each for each in held if each.waits_for_a_word]
    waiting = [each for each in held if not each.waits_for_a_word]
    told = [
        SENTENCES[until].format(orders=f"{over}{_orders(report, each)}", amount=_sum(report, each))
        for each, until in ((asking, "until_a_word"), (waiting, "until_a_date"))
        if each
    ]
    return SENTENCES["held"].format(what=", ".join(told)) if told else ""


def _orders(report: Report, held: list[HeldOrder]) -> str:
    return formats.count(len(held), "order", language=report.language)


def _sum(report: Report, held: list[HeldOrder]) -> str:
    return money(report, sum(each.amount for each in held))


def _own(report: Report) -> str:
    if not report.own_orders:
        return ""
    orders = formats.count(report.own_orders, "self-referral", language=report.language)
    return f"{orders} {SENTENCES['own']}"


def restated(report: Report) -> str:
    """What the mail before said and would say now; of older ones how many would."""
    told, others = report.restatement, len(report.corrections)
    sentences = []
    if told and told.mailed != told.now:
        mailed, now = (money(report, each) for each in (told.mailed, told.now))
        earlier = reason.before(report.kind).capitalize()
        sentences.append(SENTENCES["restated"].format(mailed=mailed, now=now, before=earlier))
    if others:
        mails = formats.count(others, "older mail", language=report.language)
        by = money(report, sum(each.now - each.mailed for each in report.corrections))
        sentences.append(SENTENCES["corrected"].format(mails=mails, by=by))
    return " ".join(sentences)


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
    shown = report.other_currencies[:MOST_CURRENCIES]
    if not shown:
        return ""
    told = ", ".join(money(report, each.net, each.currency) for each in shown)
    more = len(report.other_currencies) - len(shown)
    return str(SENTENCES["apart"]).format(what=f"{told}{f' and {more} more' if more else ''}")


# ── Figures ──────────────────────────────────────────────────────────────────────────────────────
def after_money(report: Report, amounts: tuple[int, int], orders: tuple[int, int]) -> str:
    """`after $2,201.00: too few orders to tell`; empty for nothing after nothing."""
    now, before = amounts
    judged = report.change(now, before, orders=orders)
    return _after(money(report, before) if before else SENTENCES["nothing"], judged)


def after_count(report: Report, now: int, before: int | None) -> str:
    shown = formats.number(before, report.language) if before else SENTENCES["nothing"]
    return _after(shown, report.change(now, before))


def _after(before: str, judged: Change) -> str:
    if not judged.text:
        return ""
    is_plain = judged.text == "up from nothing"
    return f"after {before}" if is_plain else f"after {before}: {judged.text}"


def money(report: Report, minor: int, currency: str | None = None) -> str:
    text = formats.money(Amount(minor, currency or report.currency), report.language)
    return formats.isolated(text, report.language)


def estimate(report: Report, minor: int) -> str:
    text = formats.estimate(report.amount(minor), report.language)
    return formats.isolated(text, report.language)
