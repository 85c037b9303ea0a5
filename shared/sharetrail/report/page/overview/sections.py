"""The overview's sections as the words and figures that its template puts in place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.money import share_out
from sharetrail.report.page import charts
from sharetrail.report.page.charts import Chart, Key, Whisker
from sharetrail.report.page.writing import Writing
from sharetrail.report.report import (
    Funnel,
    GroupLine,
    InfluencerLine,
    Report,
    Step,
    TaskKind,
)
from sharetrail.report.sent_order import Way
from sharetrail.totals.tally import Counts
from sharetrail.words import formats
from sharetrail.words.change import FEW, Change, change

PEOPLE, GROUPS, COUNTRIES, HELD = 10, 10, 8, 5
_LAST_CLICK = Key(colour="c1", words="Last click", anchor="last_click")
_ASSISTED = Key(colour="c2", words="Assisted", anchor="assisted")
_REST = Key(colour="c0", words="Without sharing", anchor="not_influenced")
_CLICKS = Key(colour="c1", words="Clicks")
_NAMED_DEVICES = {
    "phone": "Phone",
    "tablet": "Tablet",
    "desktop": "Computer",
    "other": "Something else",
}
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
_A_WEEK = 7
_A_MONDAY = date(2026, 11, 2)
_EIGHTY = (0.7, 0.9)
"""Between these parts ranges are as sure as they say."""


# ── what sharing earned ──────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Part:
    key: Key
    amount: int
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
    told = zip(names, (_LAST_CLICK, _ASSISTED, _REST), share_out(100, sizes), strict=True)
    return [
        Part(
            key=key,
            amount=getattr(earned, name),
            percent=percent,
            share=writing.percent(percent, 100),
            before=getattr(before, name) if before else None,
        )
        for name, key, percent in told
    ]


def revenue_change(report: Report) -> Change:
    now, before = report.earned, report.before
    if before is None:
        return Change()
    orders = (now.influenced_orders, before.influenced_orders)
    return change(now.influenced, before.influenced, report.language, orders=orders)


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
        words="Orders through sharing",
        value=now.influenced_orders,
        of=now.all_orders,
        before=before,
        change=change(now.influenced_orders, before, report.language),
        path="orders",
    )
    steps = (
        ("clicks", "People’s clicks", "links"),
        ("shares", "Shares", "people"),
        ("views", "Buttons seen", ""),
    )
    return [orders, *(_tile(report, funnel, was, *step) for step in steps)]


def _tile(
    report: Report, funnel: Funnel, was: Funnel | None, name: str, words: str, path: str
) -> Tile:
    value, before = getattr(funnel, name), getattr(was, name) if was else None
    told = change(value, before, report.language)
    return Tile(anchor=name, words=words, value=value, before=before, change=told, path=path)


# ── over time ────────────────────────────────────────────────────────────────────────────────────
def over_time(report: Report) -> Chart | None:
    """None of days that are one step, or have none."""
    steps, writing = report.steps, Writing.of(report)
    if len(steps) < 2:
        return None
    labels, marks = _labels(steps, report)
    best = max(steps, key=lambda step: step.last_click + step.assisted)
    best_amount = writing.money(best.last_click + best.assisted)
    best_label = labels[steps.index(best)]
    return charts.chart(
        "over-time",
        "Revenue through sharing over time",
        f"Most, {best_amount}, came in {best_label}." if best.orders else "None came.",
        of="When",
        keys=(_LAST_CLICK, _ASSISTED),
        columns=[
            (label, (step.last_click, step.assisted))
            for label, step in zip(labels, steps, strict=True)
        ],
        write=writing.money,
        axis=writing.estimate,
        marks=marks,
        more=(
            ("All orders", [writing.money(step.all_net) for step in steps]),
            ("Orders through sharing", [writing.number(step.orders) for step in steps]),
            ("Clicks", [writing.number(step.clicks) for step in steps]),
        ),
    )


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
    weekdays = [formats.weekday(each, language) for each in firsts]
    full = [f"{weekday}, {text}" for weekday, text in zip(weekdays, short, strict=True)]
    return full, weekdays if len(full) <= _A_WEEK else short


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
    if name == "clicks" or value > of:
        rate = f"{writing.ratio(value, of)} a {base.removesuffix('s')}" if of else ""
    else:
        rate = f"{writing.percent(value, of)} of {base}" if of else ""
    before = getattr(was, name) if was else None
    return FunnelStep(
        anchor=name,
        words=name.capitalize(),
        count=value,
        rate=rate,
        width=charts.part_of(value, max(now.views, now.clicks, now.shares)),
        before=before,
        change=change(value, before, report.language),
    )


# ── who, where and what ──────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Person:
    line: InfluencerLine
    at: Whisker | None
    """None of whoever has no score."""
    says: str


def people(report: Report) -> list[Person]:
    """The first ten, on one axis."""
    lines, writing = report.influencers[:PEOPLE], Writing.of(report)
    top = max((line.high or 0 for line in lines), default=0)
    return [_person(line, top, writing) for line in lines]


def _person(line: InfluencerLine, top: int, writing: Writing) -> Person:
    if line.score is None or line.low is None or line.high is None:
        return Person(line=line, at=None, says="")
    low, high = writing.estimate(line.low), writing.estimate(line.high)
    return Person(
        line=line,
        at=charts.whisker(line.low, line.score, line.high, top),
        says=f"{writing.estimate(line.score)} expected, between {low} and {high}",
    )


@dataclass(frozen=True, kw_only=True)
class Group:
    """A table of networks, products or campaigns."""

    title: str
    noun: str
    anchor: str
    path: str
    """Of the page with all of them."""
    filter: str
    """By which orders are asked for."""
    lines: tuple[GroupLine, ...]
    more: int
    """How many stand on that page only."""
    remark: str
    widths: tuple[int, ...]


def groups(report: Report) -> list[Group]:
    """Those that have a line."""
    found = (
        _group(
            report.networks,
            title="Networks",
            noun="Network",
            anchor="networks",
            path="networks",
            filter="network",
            remark="An order with clicks from two networks is an order of both; its revenue is "
            "split between them.",
        ),
        _group(
            report.products,
            title="Products that were shared",
            noun="Product",
            anchor="products",
            path="products",
            filter="product",
            remark="By the product that the shared link led to, whatever was bought in the end.",
        ),
        _group(
            report.campaigns,
            title="Campaigns",
            noun="Campaign",
            anchor="campaigns",
            path="links",
            filter="campaign",
            remark="Links that were made for a campaign, as they name it.",
        ),
    )
    return [group for group in found if group.lines]


def _group(lines: tuple[GroupLine, ...], **words: str) -> Group:
    shown = lines[:GROUPS]
    by_revenue = any(line.revenue > 0 for line in shown)
    sizes = [line.revenue if by_revenue else line.clicks for line in shown]
    most = max(sizes, default=0)
    return Group(
        lines=shown,
        more=len(lines) - len(shown),
        widths=tuple(charts.part_of(size, most) for size in sizes),
        **words,
    )


# ── the audience ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Slice:
    name: str
    count: int
    share: str
    width: int


def countries(report: Report) -> list[Slice]:
    def named(code: str) -> str:
        return "Elsewhere" if code == "other" else formats.country(code, report.language)

    counts = report.audience.countries
    most = sorted(counts, key=lambda code: (code == "other", -counts[code], code))
    if len(most) > COUNTRIES:
        kept = most[: COUNTRIES - 1]
        rest = sum(counts.values()) - sum(counts[code] for code in kept)
        counts = {**{code: counts[code] for code in kept if code != "other"}, "other": rest}
    return _slices({named(code): n for code, n in counts.items()}, report)


def devices(report: Report) -> list[Slice]:
    counts = report.audience.devices
    return _slices({_NAMED_DEVICES.get(each, each): n for each, n in counts.items()}, report)


def buyers(report: Report) -> list[Slice]:
    """New and returning; none where nobody bought."""
    audience = report.audience
    return _slices({"New": audience.new_buyers, "Returning": audience.returning_buyers}, report)


def _slices(counts: Counts, report: Report) -> list[Slice]:
    """Largest first, whose shares add up to 100; none of nothing."""
    order = sorted((each for each in counts if counts[each]), key=lambda each: -counts[each])
    if not order:
        return []
    sizes, writing = [counts[each] for each in order], Writing.of(report)
    shares = share_out(100, sizes)
    return [
        Slice(
            name=each,
            count=counts[each],
            share=writing.percent(percent, 100),
            width=charts.part_of(counts[each], sizes[0]),
        )
        for each, percent in zip(order, shares, strict=True)
    ]


def hours(report: Report) -> Chart | None:
    """None where hours were not counted."""
    counts, writing = report.audience.hours, Writing.of(report)
    if not any(counts):
        return None
    labels = [formats.hour(hour, report.language) for hour in range(len(counts))]
    most = labels[counts.index(max(counts))]
    return charts.chart(
        "hours",
        "Clicks by hour of the day",
        f"Most come in the hour from {most}, {report.zone}.",
        of="From",
        keys=(_CLICKS,),
        columns=[(label, (n,)) for label, n in zip(labels, counts, strict=True)],
        write=writing.number,
    )


def weekdays(report: Report) -> Chart | None:
    """None of less than a week, and where they were not counted."""
    counts, writing = report.audience.weekdays, Writing.of(report)
    if not any(counts):
        return None
    days = [_A_MONDAY + timedelta(days=n) for n in range(len(counts))]
    labels = [formats.weekday(day, report.language) for day in days]
    return charts.chart(
        "weekdays",
        "Clicks by day of the week",
        f"Most come on {labels[counts.index(max(counts))]}.",
        of="Day",
        keys=(_CLICKS,),
        columns=[(label, (n,)) for label, n in zip(labels, counts, strict=True)],
        write=writing.number,
    )


# ── how sure we were ─────────────────────────────────────────────────────────────────────────────
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
