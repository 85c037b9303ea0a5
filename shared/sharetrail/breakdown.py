"""Networks, products and the funnel of a week, as its mail shows them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from sharetrail import wording
from sharetrail.weekly import Funnel, GroupLine, WeeklyReport
from sharetrail.wording import Change

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
    missing: str
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
        credited = wording.money(total, report.currency, report.language)
        what = wording.count(len(hidden), "more product", language=report.language)
        remark += f" {what} had {credited} credited."
    missing = "No product was shared or clicked this week."
    return Group("Which products worked", "Product", shown, missing, remark)


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
    rate = wording.ratio if field == "clicks" else wording.percent
    return Step(
        name=title,
        count=count,
        rate=rate(count, from_, report.language),
        of=of,
        width=_width(count, longest),
        change=wording.change(count, before, report.language),
    )


def _width(part: float, whole: float) -> int:
    """Percent of a bar: what is something is seen."""
    if part <= 0 or whole <= 0:
        return 0
    return min(100, max(1, round(100 * part / whole)))
