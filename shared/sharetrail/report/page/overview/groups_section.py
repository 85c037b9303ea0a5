"""Networks, products and campaigns on the overview. Pure."""

from dataclasses import dataclass

from sharetrail.report.lines import GroupLine
from sharetrail.report.page import charts
from sharetrail.report.report import Report
from sharetrail.sharing.networks import name_of
from sharetrail.totals.tally import OTHER
from sharetrail.words.speech import listed, mark, mark_n, say, say_n
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
    more: str
    """How many stand on that page only, in words; empty of none."""
    remark: str
    seen_on: str
    """Of networks, where people saw the links that a device's own share sheet passed on."""
    widths: tuple[int, ...]


_MORE = {
    "networks": mark_n("{n} more network", "{n} more networks"),
    "products": mark_n("{n} more product", "{n} more products"),
    "campaigns": mark_n("{n} more campaign", "{n} more campaigns"),
}
_NETWORKS = {
    "title": mark("Networks"),
    "noun": mark("Network"),
    "anchor": "networks",
    "path": "networks",
    "filter": "network",
    "remark": mark(
        "An order with clicks from two networks is an order of both; its revenue is split between"
        " them."
    ),
}
_PRODUCTS = {
    "title": mark("Products that were shared"),
    "noun": mark("Product"),
    "anchor": "products",
    "path": "products",
    "filter": "product",
    "remark": mark("By the product that the shared link led to, whatever was bought in the end."),
}
_CAMPAIGNS = {
    "title": mark("Campaigns"),
    "noun": mark("Campaign"),
    "anchor": "campaigns",
    "path": "links",
    "filter": "",
    "remark": mark("Links that were made for a campaign, as they name it."),
}


def groups(report: Report) -> list[Group]:
    """Those that have a line."""
    found = (
        _group(report.networks, seen_on=_seen_on(report), **_NETWORKS),
        _group(report.products, **_PRODUCTS),
        _group(report.campaigns, **_CAMPAIGNS),
    )
    return [group for group in found if group.lines]


def _group(
    lines: tuple[GroupLine, ...],
    *,
    title: str,
    noun: str,
    remark: str,
    anchor: str,
    seen_on: str = "",
    **leads: str,
) -> Group:
    shown, more = lines[:GROUPS], len(lines[GROUPS:])
    by_revenue = any(line.revenue > 0 for line in shown)
    sizes = [line.revenue if by_revenue else line.clicks for line in shown]
    most = max(sizes, default=0)
    return Group(
        title=say(title),
        noun=say(noun),
        remark=say(remark),
        anchor=anchor,
        lines=shown,
        more=say_n(more, *_MORE[anchor]) if more else "",
        seen_on=seen_on,
        widths=tuple(charts.part_of(size, most) for size in sizes),
        **leads,
    )


def _seen_on(report: Report) -> str:
    """Where links went that say no network themselves, in words; empty where no click says."""
    seen, writing = report.device_seen_on, Writing.of(report)
    if not seen.places:
        return ""
    named = [place for place in seen.places if place != OTHER][:PLACES]
    counts = {name_of(place): seen.places[place] for place in named}
    # For translators: clicks in other places, in a list: "WhatsApp 12, Telegram 3, elsewhere 2".
    counts[say("elsewhere")] = sum(seen.places.values()) - sum(counts.values())
    told = listed(f"{place} {writing.number(n)}" for place, n in counts.items() if n)
    places = say(
        "Clicks on links of a device’s own share sheet, by where they were seen: {places}.",
        places=told,
    )
    if not seen.unknown:
        return places
    unknown = say_n(seen.unknown, "{n} click does not say.", "{n} clicks do not say.")
    return f"{places} {unknown}"
