"""The days' networks, and the products whose links were shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sharetrail.analysis.period import UNKNOWN, Grouping
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.analysis.stats import Stats
from sharetrail.report.building import group_order
from sharetrail.report.lines import GroupLine
from sharetrail.report.page.evidence import people_page, sheet, span_figures
from sharetrail.report.page.visit import Visit
from sharetrail.report.report import Report
from sharetrail.sharing import product_names
from sharetrail.web.http import Answer
from sharetrail.words.speech import mark, say

MOST_NAMED = 1_000
"""Products whose names are asked for: those that earned most, then those clicked most. Beyond them
none has earned anything in days that can be added up while somebody waits, but in very many."""


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    line: GroupLine
    last_click: int | None = None
    """None of a span that was added up by a worker, which tells the line alone."""
    assisted: int | None = None
    seen_on: SeenOn = NOWHERE
    is_nameless: bool = False
    """Whether the shop has no name for it: then its id stands there, which anybody may make up."""


def show_networks(visit: Visit) -> Answer:
    return _shown(visit, "network")


def show_products(visit: Visit) -> Answer:
    """By the product whose link was shared, which need not be the one that was bought."""
    return _shown(visit, "product")


_TITLES: Mapping[Grouping, str] = {"network": mark("Networks"), "product": mark("Products")}


def _shown(visit: Visit, kind: Grouping) -> Answer:
    stats = span_figures.by(visit, kind)
    report = None if stats else span_figures.big_report(visit)
    found = _added_up(visit, kind, stats) if stats else _told(visit, kind, report)
    shown, cursor = people_page.page_of(visit, found)
    return sheet.render(
        "groups",
        visit,
        say(_TITLES[kind]),
        at=f"{kind}s",
        rows=shown,
        cursor=cursor,
        kind=kind,
        is_added_up=bool(stats or report),
        as_of=report and report.built_at,
    )


def _added_up(visit: Visit, kind: Grouping, stats: Stats) -> list[GroupRow]:
    """Best first, as mail and overview have them."""
    rows = [
        GroupRow(
            line=GroupLine.of(group, sums, id=group),
            last_click=sums.last_click,
            assisted=sums.assisted,
            seen_on=SeenOn.of(stats.seen[group]),
        )
        for group, sums in stats.groups.items()
        if group != UNKNOWN and sums.is_of_people
    ]
    rows.sort(key=lambda row: (-row.line.revenue, -row.line.clicks, row.line.id))
    named = _named(visit, kind, rows)
    return sorted(named, key=lambda row: group_order.place(row.line, is_named=not row.is_nameless))


def _told(visit: Visit, kind: Grouping, report: Report | None) -> list[GroupRow]:
    """As the report of the whole span has them: of products the best."""
    if report is None:
        return []
    lines = report.networks if kind == "network" else report.products
    return _named(visit, kind, [GroupRow(line=line) for line in lines])


def _named(visit: Visit, kind: Grouping, rows: Sequence[GroupRow]) -> list[GroupRow]:
    ids = [row.line.id for row in rows[:MOST_NAMED] if row.line.id]
    names = product_names.find_all(visit.merchant.id, ids) if kind == "product" else {}
    return [_with_name(row, kind, names.get(row.line.id)) for row in rows]


def _with_name(row: GroupRow, kind: Grouping, known: str | None) -> GroupRow:
    if kind == "network":
        return replace(row, line=replace(row.line, name=sheet.network_name(row.line.id)))
    # For translators: clicks and orders of links that lead to no product's page.
    name = known or row.line.name or say("of no product")
    is_nameless = known is None and bool(row.line.id)
    return replace(row, line=replace(row.line, name=name), is_nameless=is_nameless)
