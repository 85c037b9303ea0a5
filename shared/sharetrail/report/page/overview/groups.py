"""Networks, products and campaigns on the overview. Pure."""

from dataclasses import dataclass

from sharetrail.report.page import charts
from sharetrail.report.report import GroupLine, Report

GROUPS = 10


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
            filter="",
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
