"""What sharing earned, over time, and from view to order, as the overview shows it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from itertools import accumulate, pairwise

from sharetrail.money import share_out
from sharetrail.report.held import HeldOrder
from sharetrail.report.page import charts
from sharetrail.report.page.charts import Chart, Key
from sharetrail.report.report import Funnel, Report, Step
from sharetrail.words import formats
from sharetrail.words.change import Change
from sharetrail.words.speech import mark, say
from sharetrail.words.writing import Writing

HELD = 5
"""Orders."""
_COLOURS = {
    # For translators: revenue of orders whose own visit began with a share click.
    "last_click": ("c1", mark("Last click"), "last_click"),
    # For translators: revenue of orders with a share before, which came on another visit.
    "assisted": ("c2", mark("Assisted"), "assisted"),
    # For translators: revenue of all other orders.
    "rest": ("c0", mark("Without sharing"), "not_influenced"),
}
"""Parts of the revenue, by their colour, words and anchor."""
_A_WEEK = 7


# ── what sharing earned ──────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Part:
    key: Key
    amount: int
    begins: int
    """Percent of all, where those before it end."""
    percent: int
    share: str
    before: int | None


def parts(report: Report) -> list[Part]:
    """Last-click, assisted and all other revenue, whose percents add up to 100; none where there is
    no revenue."""
    earned, before, writing = report.earned, report.before, Writing.of(report)
    if earned.all_net <= 0:
        return []
    names = ("last_click", "assisted", "rest")
    sizes = [max(0, getattr(earned, name)) for name in names]
    percents = share_out(100, sizes)
    return [
        Part(
            key=_key(name),
            amount=getattr(earned, name),
            begins=begins,
            percent=percent,
            share=writing.share(percent, size, sum(sizes)),
            before=getattr(before, name) if before else None,
        )
        for name, begins, percent, size in zip(
            names, accumulate(percents, initial=0), percents, sizes, strict=False
        )
    ]


def _key(part: str) -> Key:
    colour, words, anchor = _COLOURS[part]
    return Key(colour=colour, words=say(words), anchor=anchor)


def revenue_change(report: Report) -> Change:
    now, before = report.earned, report.before
    if before is None:
        return Change()
    orders = (now.influenced_orders, before.influenced_orders)
    return report.change(now.influenced, before.influenced, orders=orders)


@dataclass(frozen=True, kw_only=True)
class Tile:
    anchor: str
    words: str
    value: int
    of: int | None = None
    before: int | None = None
    change: Change
    path: str = ""
    """Of its evidence."""


def tiles(report: Report) -> list[Tile]:
    now, funnel = report.earned, report.funnel
    before = report.before.influenced_orders if report.before else None
    was = report.funnel_before
    orders = Tile(
        anchor="orders",
        words=say("Orders through sharing"),
        value=now.influenced_orders,
        of=now.all_orders,
        before=before,
        change=report.change(now.influenced_orders, before),
        path="orders",
    )
    steps = (
        ("clicks", "links"),
        ("shares", "people"),
        ("views", ""),
    )
    return [orders, *(_tile(report, funnel, was, *step) for step in steps)]


def _tile(report: Report, funnel: Funnel, was: Funnel | None, name: str, path: str) -> Tile:
    value, before = getattr(funnel, name), getattr(was, name) if was else None
    told = report.change(value, before)
    words = say(_STEPS[name])
    return Tile(anchor=name, words=words, value=value, before=before, change=told, path=path)


def held_by_order(report: Report) -> list[list[HeldOrder]]:
    """The parts of each order, what waits for a word first; in the order of the largest of each."""
    orders: dict[str, list[HeldOrder]] = {}
    for each in report.held_orders:
        orders.setdefault(each.ref, []).append(each)
    return [sorted(each, key=lambda part: not part.waits_for_a_word) for each in orders.values()]


# ── over time ────────────────────────────────────────────────────────────────────────────────────
def over_time(report: Report) -> Chart | None:
    """None of days that are one step, or have none."""
    steps, writing = report.steps, Writing.of(report)
    if len(steps) < 2:
        return None
    labels, marks = _labels(steps, report)
    best = max(steps, key=lambda step: step.last_click + step.assisted)
    return charts.chart(
        "over-time",
        say("Revenue through sharing over time"),
        _most(best, labels[steps.index(best)], writing),
        # For translators: the head of a column of days.
        of=say("When"),
        keys=(_key("last_click"), _key("assisted")),
        columns=[
            (label, (step.last_click, step.assisted))
            for label, step in zip(labels, steps, strict=True)
        ],
        write=writing.money,
        axis=writing.estimate,
        marks=marks,
        more=(
            (say("All orders"), [writing.money(step.all_net) for step in steps]),
            (say("Orders through sharing"), [writing.number(step.orders) for step in steps]),
            (say("Clicks"), [writing.number(step.clicks) for step in steps]),
        ),
    )


def _most(best: Step, label: str, writing: Writing) -> str:
    if not best.orders:
        # For translators: no revenue.
        return say("None came.")
    amount = writing.money(best.last_click + best.assisted)
    # For translators: {days} is a day, a week or a month: "Mon, Nov 16", "November 2026".
    return say("Most, {amount}, came in {days}.", amount=amount, days=label)


def _labels(steps: Sequence[Step], report: Report) -> tuple[list[str], list[str]]:
    """In full, and short."""
    language, firsts = report.language, [step.first for step in steps]
    apart = firsts[-1] - firsts[-2]
    if apart >= timedelta(days=28):
        full = [formats.month(each, language) for each in firsts]
        return full, [formats.short_month(each, language) for each in firsts]
    short = [formats.short_day(each, language) for each in firsts]
    if apart > timedelta(days=1):
        ends = [*(each - timedelta(days=1) for each in firsts[1:]), report.last]
        pairs = zip(firsts, ends, strict=True)
        return [formats.days(first, last, language) for first, last in pairs], short
    full = [formats.day_of_week(each, language) for each in firsts]
    weekdays = [formats.weekday(each, language) for each in firsts]
    return full, weekdays if len(full) <= _A_WEEK else short


_STEPS = {
    "views": mark("Views"),
    "opens": mark("Opens"),
    "shares": mark("Shares"),
    "clicks": mark("Clicks"),
    "orders": mark("Orders"),
}
_OF_BEFORE = {
    # For translators: steps from seeing buttons to orders: so many percent of the step before.
    "views": mark("{percent} of views"),
    "opens": mark("{percent} of opens"),
    "shares": mark("{percent} of shares"),
    "clicks": mark("{percent} of clicks"),
}
_EACH = {
    # For translators: {ratio} is like 2.3: so many of a step for each of the step before.
    "views": mark("{ratio} a view"),
    "opens": mark("{ratio} an open"),
    "shares": mark("{ratio} a share"),
    "clicks": mark("{ratio} a click"),
}


# ── the funnel ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    anchor: str
    words: str
    count: int
    rate: str
    """Of the step before, in words; empty of the first, and where there was none."""
    width: int
    before: int | None
    change: Change


def funnel(report: Report) -> list[FunnelStep]:
    """Empty where nothing was seen."""
    if report.funnel == Funnel():
        return []
    names = [field.name for field in fields(Funnel)]
    return [_step(report, before, name) for before, name in pairwise(["", *names])]


def _step(report: Report, base: str, name: str) -> FunnelStep:
    writing, now, was = Writing.of(report), report.funnel, report.funnel_before
    value, of = getattr(now, name), getattr(now, base, 0)
    if not of:
        rate = ""
    elif name == "clicks" or value > of:
        rate = say(_EACH[base], ratio=writing.ratio(value, of))
    else:
        rate = say(_OF_BEFORE[base], percent=writing.percent(value, of))
    before = getattr(was, name) if was else None
    return FunnelStep(
        anchor=name,
        words=say(_STEPS[name]),
        count=value,
        rate=rate,
        width=charts.part_of(value, max(now.views, now.clicks, now.shares)),
        before=before,
        change=report.change(value, before),
    )
