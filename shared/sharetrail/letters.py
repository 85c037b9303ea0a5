"""A weekly report as the words that its mail's templates put in place. Pure.

What is a figure and what is a sentence is decided here, so that HTML and text say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sharetrail import wording
from sharetrail.money import share_out
from sharetrail.sheets import filename
from sharetrail.weekly import Earned, Funnel, GroupLine, WeeklyReport
from sharetrail.wording import Change

OTHERS = 20
"""Most lines below the top ten."""
PRODUCTS = 8

_FIELDS = ("last_click", "assisted", "rest")
_COLOURS = {
    "last_click": ("bar1", "#0b6b57"),
    "assisted": ("bar2", "#7cc0ad"),
    "rest": ("bar0", "#dde5e0"),
}
_COMPARED = (
    "A change against last week is given only where it is more than chance and worth a "
    "word: “no clear change” and “too few to tell” mean just that."
)
_FIRST_WEEK = "This is the first week, so there is nothing to compare it with yet."
_WINDOW = (
    "An order counts as influenced if a share click came in the {days} days before it. Revenue is "
    "net: after discounts and refunds, without tax and shipping. “Credited” says who was on the "
    "way to an order, not why it was placed."
)
_CLICKS = "Clicks are people’s clicks: bots, link previews and repeats are not among them."
_LATER = "What comes later changes these figures, and the next mail says by how much."
_STEPS = (
    ("Views", "views", "", ""),
    ("Opens", "opens", "views", "of views"),
    ("Shares", "shares", "opens", "of opens"),
    ("Clicks", "clicks", "shares", "clicks per share"),
    ("Orders", "orders", "clicks", "of clicks"),
)
_CHECKS = {
    "The script is on the product pages": "Open a product page and look for sharetrail.js in its "
    "source; the browser’s console says so if something blocks it.",
    "The webhook is registered": "The shop system’s list of webhooks must name Sharetrail’s "
    "address for orders and refunds, and show no failed deliveries.",
    "Onboarding finds the shop": "Run onboard_merchant again for {shop}: nothing is doubled, and "
    "it says when the first event, click and order came.",
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


def full(report: WeeklyReport) -> dict[str, Any]:
    """Every name in report.html and report.txt but the recipient's."""
    earned, currency = report.earned, report.currency
    others = report.others[:OTHERS]
    money = partial(_money, report)
    headline = money(earned.influenced)
    return {
        **_common(report),
        "subject": f"{wording.name(report.shop)}: {headline} influenced by sharing, "
        f"{wording.days(report.first, report.last, report.language)}",
        "preview": _preview(report),
        "earned": earned,
        "moved": {"influenced": _revenue(report, "influenced"), "orders": _orders(report)},
        "split": _split(report),
        "compared": _COMPARED if report.before else _FIRST_WEEK,
        "top": report.top,
        "others": others,
        "rest": len(report.influencers) - len(report.top) - len(others),
        "sheet": filename(report),
        "groups": (_networks(report), _products(report)),
        "steps": _steps(report),
        "estimate": partial(wording.estimate, currency=currency, language=report.language),
        "number": partial(wording.number, language=report.language),
        "sure": wording.percent(80, 100, report.language),
        "count": partial(_count, report.language),
        "plural": _plural,
        "bar": bar,
        "footer": _footer(report),
    }


def empty(report: WeeklyReport) -> dict[str, Any]:
    """Every name in empty.html and empty.txt but the recipient's."""
    shop = wording.name(report.shop)
    week = wording.days(report.first, report.last, report.language)
    return {
        **_common(report),
        "subject": f"{shop}: nothing was seen, {week}",
        "preview": _heard(report),
        "heard": _heard(report),
        "checks": tuple((title, how.format(shop=shop)) for title, how in _CHECKS.items()),
        "footer": (f"Days are those of {report.zone}.",),
    }


def bar(line: GroupLine, lines: Sequence[GroupLine]) -> int:
    """A line's bar in percent of the longest: by revenue, or by clicks where nobody has any."""
    by_revenue = any(each.revenue > 0 for each in lines)
    sizes = [each.revenue if by_revenue else each.clicks for each in lines]
    return _width(line.revenue if by_revenue else line.clicks, max(sizes))


def _common(report: WeeklyReport) -> dict[str, Any]:
    changed = report.restatement and report.restatement.mailed != report.restatement.now
    return {
        "report": report,
        "lang": wording.english_tag(report.language),
        "shop": wording.name(report.shop),
        "language": wording.tag(report.language),
        "week": wording.days(report.first, report.last, report.language),
        "name": wording.name,
        "money": partial(_money, report),
        "restated": report.restatement if changed else None,
    }


def _money(report: WeeklyReport, minor: int, currency: str | None = None) -> str:
    return wording.money(minor, currency or report.currency, report.language)


# ── What sharing earned ──────────────────────────────────────────────────────────────────────────
def _preview(report: WeeklyReport) -> str:
    orders = _count(report.language, report.earned.orders, "influenced order")
    leader = next((line for line in report.top if line.revenue > 0), None)
    if leader is None:
        return f"{orders}."
    credited = _money(report, leader.revenue)
    return f"{orders}. {wording.name(leader.name)} leads with {credited} credited."


def _split(report: WeeklyReport) -> tuple[Part, ...]:
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
        (wording.percent(*((n, 100) if 0 < n < 100 else (size, sum(sizes))), report.language), n)
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
        change=_share(report) if field == "rest" else _revenue(report, field),
    )


def _share(report: WeeklyReport) -> Change:
    earned, before = report.earned, report.before
    if before is None:
        return Change()
    return wording.change_of_share(
        (_amount(earned, "rest"), earned.all_net),
        (_amount(before, "rest"), before.all_net),
        (earned.all_orders, before.all_orders),
    )


def _revenue(report: WeeklyReport, field: str) -> Change:
    """A part of influenced revenue against last week's, judged by its orders."""
    now, before = report.earned, report.before
    if before is None:
        return Change()
    return wording.change(
        _amount(now, field),
        _amount(before, field),
        report.language,
        orders=(_orders_of(now, field), _orders_of(before, field)),
    )


def _orders(report: WeeklyReport) -> Change:
    before = report.before.orders if report.before else None
    return wording.change(report.earned.orders, before, report.language)


def _amount(earned: Earned, field: str) -> int:
    amount: int = earned.all_net - earned.influenced if field == "rest" else getattr(earned, field)
    return amount


def _orders_of(earned: Earned, field: str) -> float:
    """The orders behind a part: the two parts' own are not counted, so they go by revenue."""
    if earned.influenced <= 0:
        return earned.orders
    return earned.orders * _amount(earned, field) / earned.influenced


# ── Networks, products, the funnel ───────────────────────────────────────────────────────────────
def _networks(report: WeeklyReport) -> Group:
    return Group(
        "Which networks worked",
        "Network",
        report.networks,
        "No network had a share or a click this week.",
        "An order with clicks from two networks counts as an order of both; its revenue is "
        "split between them.",
    )


def _products(report: WeeklyReport) -> Group:
    shown, hidden = report.products[:PRODUCTS], report.products[PRODUCTS:]
    remark = "By the product that the shared link led to, whatever was bought in the end."
    if hidden:
        credited = _money(report, sum(line.revenue for line in hidden))
        what = _count(report.language, len(hidden), "more product")
        remark += f" {what} had {credited} credited."
    missing = "No product was shared or clicked this week."
    return Group("Which products worked", "Product", shown, missing, remark)


def _steps(report: WeeklyReport) -> tuple[Step, ...]:
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


# ── Footer ───────────────────────────────────────────────────────────────────────────────────────
def _footer(report: WeeklyReport) -> tuple[str, ...]:
    rule = f" Credits by rule {report.rule}." if report.rule else ""
    return (
        _WINDOW.format(days=report.window_days) + rule,
        _CLICKS,
        f"Days are those of {report.zone}. {_heard(report)} {_LATER}",
    )


def _heard(report: WeeklyReport) -> str:
    if report.last_event is None:
        return "Nothing was ever received from this shop."
    at = wording.instant(report.last_event, report.zone, report.language)
    return f"The last event from the shop was received on {at}."


def _width(part: float, whole: float) -> int:
    """Percent of a bar: what is something is seen."""
    if part <= 0 or whole <= 0:
        return 0
    return min(100, max(1, round(100 * part / whole)))


def _count(language: str, n: int, one: str, many: str = "") -> str:
    return f"{wording.number(n, language)} {_plural(n, one, many)}"


def _plural(n: int, one: str, many: str = "") -> str:
    return one if n == 1 else many or f"{one}s"
