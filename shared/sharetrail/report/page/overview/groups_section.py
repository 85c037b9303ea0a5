"""Networks, products and campaigns on the overview. Pure."""

from dataclasses import dataclass

from sharetrail.report.lines import GroupLine
from sharetrail.report.page import charts
from sharetrail.report.report import Report
from sharetrail.sharing.networks import name_of
from sharetrail.totals.tally import OTHER
from sharetrail.words.writing import Writing

GROUPS = 10
PLACES = 3


@dataclass(frozen=True, kw_only=True)
class Group:
    """A table of networks, products or campaigns."""

    title: str
    noun: str
    anchor: str
    path: str
    """Of the page with all of them."""
    filter: str
    """By which orders are asked for; empty where they cannot be."""
    lines: tuple[GroupLine, ...]
    more: int
    """How many stand on that page only."""
    remark: str
    seen_on: str
    """Of networks, where people saw the links that a device's own share sheet passed on."""
    widths: tuple[int, ...]


_NETWORKS = {
    "title": "Networks",
    "noun": "Network",
    "anchor": "networks",
    "path": "networks",
    "filter": "network",
    "remark": "An order with clicks from two networks is an order of both; its revenue is split "
    "between them.",
}
_PRODUCTS = {
    "title": "Products that were shared",
    "noun": "Product",
    "anchor": "products",
    "path": "products",
    "filter": "product",
    "remark": "By the product that the shared link led to, whatever was bought in the end.",
}
_CAMPAIGNS = {
    "title": "Campaigns",
    "noun": "Campaign",
    "anchor": "campaigns",
    "path": "links",
    "filter": "",
    "remark": "Links that were made for a campaign, as they name it.",
}


def groups(report: Report) -> list[Group]:
    """Those that have a line."""
    found = (
        _group(report.networks, seen_on=_seen_on(report), **_NETWORKS),
        _group(report.products, **_PRODUCTS),
        _group(report.campaigns, **_CAMPAIGNS),
    )
    return [group for group in found if group.lines]


def _group(lines: tuple[GroupLine, ...], *, seen_on: str = "", **words: str) -> Group:
    shown = lines[:GROUPS]
    by_revenue = any(line.revenue > 0 for line in shown)
    sizes = [line.revenue if by_revenue else line.clicks for line in shown]
    most = max(sizes, default=0)
    return Group(
        lines=shown,
        more=len(lines) - len(shown),
        seen_on=seen_on,
        widths=tuple(charts.part_of(size, most) for size in sizes),
        **words,
    )


def _seen_on(report: Report) -> str:
    """Where links went that say no network themselves, in a sentence; empty where no click says."""
    seen, writing = report.device_seen_on, Writing.of(report)
    if not seen.places:
        return ""
    named = [place for place in seen.places if place != OTHER][:PLACES]
    counts = {name_of(place): seen.places[place] for place in named}
    counts["elsewhere"] = sum(seen.places.values()) - sum(counts.values())
    told = ", ".join(f"{place} {writing.number(n)}" for place, n in counts.items() if n)
    unknown = writing.count(seen.unknown, "click does not say", "clicks do not say")
    return f"Clicks on links of a device’s own share sheet, by where they were seen: {told}" + (
        f"; {unknown}." if seen.unknown else "."
    )
