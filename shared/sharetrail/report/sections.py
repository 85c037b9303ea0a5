"""The sections of the week's mail: parts of revenue, networks, products, funnel, and their changes.
Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from sharetrail.money import share_out
from sharetrail.report.weekly_report import Earned, Funnel, GroupLine, WeeklyReport
from sharetrail.words import formats
from sharetrail.words.change import Change, change, change_of_share

_FIELDS = ("last_click", "assisted", "rest")
_COLOURS = {
    "last_click": ("bar1", "#0b6b57"),
    "assisted": ("bar2", "#7cc0ad"),
    "rest": ("bar0", "#dde5e0"),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A share of the week's revenue, as the bar and its legend show it."""

    name: str
    meaning: str
    amount: int
    share: str
    width: int
    """Percent of the bar."""
    colour: tuple[str, str]
    """Its class and its value."""
    change: Change


def split(report: WeeklyReport) -> tuple[Part, ...]:
    """Last-click, assisted and not influenced; empty in a week without revenue."""
    earned = report.earned
    if earned.all_net <= 0:
        return ()
    days = f"{report.window_days} days"
    parts = (
        ("Last-click", "Orders whose own visit began with a share click.", "last_click"),
        ("Assisted", f"Other orders with a share click in the {days} before.", "assisted"),
        ("Not influenced", f"No share click in the {days} before.", "rest"),
    )
    shares = _shares(report)
    return tuple(_part(report, *part, *share) for part, share in zip(parts, shares, strict=True))


def _shares(report: WeeklyReport) -> list[tuple[str, int]]:
    """Each part's share in words and in whole percent, which add up to 100."""
    sizes = [max(0, _amount(report.earned, field)) for field in _FIELDS]
    whole = share_out(100, sizes)
    return [
        # What rounds to nothing or to all keeps its "under" or "over".
        (formats.percent(*((n, 100) if 0 < n < 100 else (size, sum(sizes))), report.language), n)
        for size, n in zip(sizes, whole, strict=True)
    ]


def _part(
    report: WeeklyReport, name: str, meaning: str, field: str, share: str, percent: int
) -> Part:
    amount = _amount(report.earned, field)
    return Part(
        name=name,
        meaning=meaning,
        amount=amount,
        share=share,
        width=max(percent, int(amount > 0)),
        colour=_COLOURS[field],
        change=_share(report) if field == "rest" else revenue(report, field),
    )


def _share(report: WeeklyReport) -> Change:
    earned, before = report.earned, report.before
    if before is None:
        return Change()
    return change_of_share(
        (_amount(earned, "rest"), earned.all_net),
        (_amount(before, "rest"), before.all_net),
        (earned.all_orders, before.all_orders),
    )


def revenue(report: WeeklyReport, field: str) -> Change:
    """A part of influenced revenue against last week's, judged by its orders."""
    now, before = report.earned, report.before
    if before is None:
        return Change()
    return change(
        _amount(now, field),
        _amount(before, field),
        report.language,
        orders=(_orders_of(now, field), _orders_of(before, field)),
    )


def orders(report: WeeklyReport) -> Change:
    before = report.before.orders if report.before else None
    return change(report.earned.orders, before, report.language)


def _amount(earned: Earned, field: str) -> int:
    amount: int = earned.all_net - earned.influenced if field == "rest" else getattr(earned, field)
    return amount


def _orders_of(earned: Earned, field: str) -> int:
    """The orders behind a part."""
    counts = {"last_click": earned.last_click_orders, "assisted": earned.assisted_orders}
    return counts.get(field, earned.orders)


PRODUCTS = 8
_STEPS = (
    ("Views", "views", "", ""),
    ("Opens", "opens", "views", "of views"),
    ("Shares", "shares", "opens", "of opens"),
    ("Clicks", "clicks", "shares", "clicks per share"),
    ("Orders", "orders", "clicks", "of clicks"),
)


@dataclass(frozen=True)
class Group:
    title: str
    noun: str
    lines: tuple[GroupLine, ...]
    empty_note: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    count: int
    rate: str
    of: str
    width: int
    change: Change


def bar(line: GroupLine, lines: Sequence[GroupLine]) -> int:
    """A line's bar in percent of the longest: by revenue, or by clicks where nobody has any."""
    by_revenue = any(each.revenue > 0 for each in lines)
    sizes = [each.revenue if by_revenue else each.clicks for each in lines]
    return _width(line.revenue if by_revenue else line.clicks, max(sizes))


def networks(report: WeeklyReport) -> Group:
    return Group(
        "Which networks worked",
        "Network",
        report.networks,
        "No network had a share or a click this week.",
        "An order with clicks from two networks counts as an order of both; its revenue is "
        "split between them.",
    )


def products(report: WeeklyReport) -> Group:
    shown, hidden = report.products[:PRODUCTS], report.products[PRODUCTS:]
    remark = "By the product that the shared link led to, whatever was bought in the end."
    if hidden:
        total = sum(line.revenue for line in hidden)
        credited = formats.money(total, report.currency, report.language)
        what = formats.count(len(hidden), "more product", language=report.language)
        remark += f" {what} had {credited} credited."
    empty_note = "No product was shared or clicked this week."
    return Group("Which products worked", "Product", shown, empty_note, remark)


def steps(report: WeeklyReport) -> tuple[Step, ...]:
    """The action funnel; empty where it is."""
    if report.funnel == Funnel():
        return ()
    return tuple(_step(report, *step) for step in _STEPS)


def _step(report: WeeklyReport, title: str, field: str, base: str, of: str) -> Step:
    count = getattr(report.funnel, field)
    longest = max(report.funnel.views, report.funnel.clicks, report.funnel.shares)
    before = getattr(report.funnel_before, field) if report.funnel_before else None
    from_ = getattr(report.funnel, base) if base else 0
    rate = formats.ratio if field == "clicks" else formats.percent
    return Step(
        name=title,
        count=count,
        rate=rate(count, from_, report.language),
        of=of,
        width=_width(count, longest),
        change=change(count, before, report.language),
    )


def _width(part: float, whole: float) -> int:
    """Percent of a bar: what is something is seen."""
    if part <= 0 or whole <= 0:
        return 0
    return min(100, max(1, round(100 * part / whole)))
