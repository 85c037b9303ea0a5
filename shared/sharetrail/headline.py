"""What sharing earned in a week, as its mail shows it: parts of revenue, and their changes."""

from dataclasses import dataclass

from sharetrail import wording
from sharetrail.money import share_out
from sharetrail.weekly import Earned, WeeklyReport
from sharetrail.wording import Change

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
        change=_share(report) if field == "rest" else revenue(report, field),
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


def revenue(report: WeeklyReport, field: str) -> Change:
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


def orders(report: WeeklyReport) -> Change:
    before = report.before.orders if report.before else None
    return wording.change(report.earned.orders, before, report.language)


def _amount(earned: Earned, field: str) -> int:
    amount: int = earned.all_net - earned.influenced if field == "rest" else getattr(earned, field)
    return amount


def _orders_of(earned: Earned, field: str) -> int:
    """The orders behind a part."""
    counts = {"last_click": earned.last_click_orders, "assisted": earned.assisted_orders}
    return counts.get(field, earned.orders)
