"""The days' networks, and the products whose links were shared."""

from dataclasses import dataclass

from sharetrail.analysis.period import UNKNOWN, Sums
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.analysis.stats import Stats
from sharetrail.report.page.evidence import sheet, span_figures
from sharetrail.report.page.evidence.people import credited, start_of
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import product_names
from sharetrail.web import cursors
from sharetrail.web.http import Answer

ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    id: str
    name: str
    is_nameless: bool = False
    """Whether the shop has no name for it: then its id stands there, which anybody may make up."""
    sums: Sums
    credited: int
    seen_on: SeenOn = NOWHERE


def show_networks(visit: Visit) -> Answer:
    stats = span_figures.by(visit, "network")
    shown, cursor = _page(visit, stats)
    rows = [_row(stats, each, sheet.network_name(each)) for each in shown if stats]
    return _shown(visit, stats, rows, cursor, "network")


def show_products(visit: Visit) -> Answer:
    """By the product whose link was shared, which need not be the one that was bought."""
    stats = span_figures.by(visit, "product")
    shown, cursor = _page(visit, stats)
    names = product_names.find_all(visit.merchant.id, filter(None, shown))
    rows = [
        _row(stats, each, names.get(each, each or "of no product"), is_nameless=each not in names)
        for each in shown
        if stats
    ]
    return _shown(visit, stats, rows, cursor, "product")


def _page(visit: Visit, stats: Stats | None) -> tuple[list[str], str]:
    """Best first: by credit, then by people's clicks, then by id."""
    found = stats.groups if stats else {}
    order = sorted(
        (each for each, sums in found.items() if each != UNKNOWN and sums.is_of_people),
        key=lambda each: (-credited(found[each]), -found[each].valid, each),
    )
    start = start_of(visit)
    end = start + ON_A_PAGE
    return order[start:end], cursors.cursor_of(f"{end}") if end < len(order) else ""


def _row(stats: Stats, group: str, name: str, *, is_nameless: bool = False) -> GroupRow:
    sums = stats.groups[group]
    return GroupRow(
        id=group,
        name=name,
        is_nameless=is_nameless,
        sums=sums,
        credited=credited(sums),
        seen_on=SeenOn.of(stats.seen[group]),
    )


def _shown(
    visit: Visit, stats: Stats | None, rows: list[GroupRow], cursor: str, kind: str
) -> Answer:
    return sheet.render(
        "groups",
        visit,
        f"{kind.capitalize()}s",
        at=f"{kind}s",
        rows=rows,
        cursor=cursor,
        kind=kind,
        is_added_up=stats is not None,
    )
