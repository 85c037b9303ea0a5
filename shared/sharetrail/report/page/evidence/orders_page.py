"""The report's orders, newest first: by whom, on which network, of which product, or by name."""

from dataclasses import dataclass
from itertools import islice
from typing import get_args

from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.orders import order_names
from sharetrail.orders.order_fact import OrderRef, Platform
from sharetrail.report import page_paths
from sharetrail.report.page.evidence import order_lines, sheet
from sharetrail.report.page.evidence.order_lines import OrderLine
from sharetrail.report.page.visit import Visit
from sharetrail.report.wanted_orders import Wanted
from sharetrail.sharing import influencers, product_names
from sharetrail.web import cursors
from sharetrail.web.http import Answer, answer
from sharetrail.words import names
from sharetrail.words.speech import mark, say

ON_A_PAGE = 25
LOOKED_AT = 2_000
"""Orders that are looked through for a page at most: then it says how far it came."""
PLATFORMS: tuple[str, ...] = get_args(Platform)
_LONGEST_NAME = 200
_OF_TOUCHES = ("influencer", "network", "product", "link")
_KINDS = {
    # For translators: kinds of orders to choose from: all orders.
    "": mark("All"),
    # For translators: orders whose own visit began with a share click.
    "last_click": mark("Last click"),
    # For translators: orders with a share before, which came on another visit.
    "assisted": mark("Assisted"),
    "none": mark("Without sharing"),
    # For translators: orders on hold.
    "held": mark("Held"),
}


def show(visit: Visit) -> Answer:
    if asked := visit.query.get("q", "").strip()[:_LONGEST_NAME]:
        return _search(visit, asked)
    wanted = _wanted(visit)
    found = page_of(visit, wanted)
    return sheet.render(
        "orders",
        visit,
        say("Orders"),
        at="orders",
        found=found,
        wanted=wanted,
        kinds=_KINDS,
        about=_about(visit, wanted),
        asked="",
    )


# ── which ────────────────────────────────────────────────────────────────────────────────────────
def _wanted(visit: Visit) -> Wanted:
    named = {name: visit.query.get(name, "") for name in _OF_TOUCHES}
    return Wanted(
        influence=visit.query.get("influence", ""),
        of_touch={name: value for name, value in named.items() if value},
        now=visit.now,
    )


@dataclass(frozen=True, kw_only=True)
class Page:
    lines: tuple[OrderLine, ...]
    looked_at: int
    cursor: str = ""
    """Where the next one begins; empty where there is none."""


def page_of(visit: Visit, wanted: Wanted, most: int = ON_A_PAGE) -> Page:
    """The next orders of the span that are wanted, of those behind the visit's cursor."""
    behind = cursors.key_of(visit.query.get("cursor"))
    span = visit.span
    rows = credits.newest_first(OrderFigures, visit.merchant.id, span.first, span.last, behind)
    lines: list[OrderLine] = []
    last, looked_at = "", 0
    for key, order in islice(rows, LOOKED_AT):
        if len(lines) == most:
            return Page(lines=tuple(lines), looked_at=looked_at, cursor=cursors.cursor_of(last))
        last, looked_at = key, looked_at + 1
        if wanted.has(order):
            lines.append(order_lines.line_of(order, visit.now))
    more = last if looked_at == LOOKED_AT else ""
    return Page(lines=tuple(lines), looked_at=looked_at, cursor=more and cursors.cursor_of(more))


def _about(visit: Visit, wanted: Wanted) -> list[tuple[str, str]]:
    """What the list is narrowed to, a sentence each: of whom, on what."""
    words = dict(wanted.of_touch)
    if who := words.get("influencer"):
        words["influencer"] = influencers.name_of(visit.merchant.id, who)
    if product := words.get("product"):
        words["product"] = product_names.find_all(visit.merchant.id, [product]).get(
            product, product
        )
    if "network" in words:
        words["network"] = sheet.network_name(words["network"])
    return [(_ONLY[kind], names.name(name)) for kind, name in words.items()]


_ONLY = {
    "influencer": mark("Only those credited to {name}."),
    "network": mark("Only those with a click on {name}."),
    "product": mark("Only those with a click for the product {name}."),
    "link": mark("Only those with a click on the link {name}."),
}


# ── one of them, by name ─────────────────────────────────────────────────────────────────────────
def _search(visit: Visit, asked: str) -> Answer:
    """To the order itself where one alone is called so, by its name or its id."""
    refs = _called(visit.merchant.id, asked)
    if len(refs) == 1:
        (ref,) = refs
        return answer(
            303, location=visit.to(page_paths.order(ref.platform, ref.id)), cache_control="no-store"
        )
    orders = credits.find_all(refs).values()
    lines = [order_lines.line_of(order, visit.now) for order in orders]
    lines.sort(key=lambda line: (line.placed_at, line.order), reverse=True)
    return sheet.render(
        "orders",
        visit,
        say("Orders"),
        at="orders",
        found=Page(lines=tuple(lines), looked_at=len(lines)),
        wanted=None,
        kinds={},
        about=[],
        asked=asked,
    )


def _called(merchant_id: str, asked: str) -> list[OrderRef]:
    refs = [OrderRef(merchant=merchant_id, platform=each, id=asked) for each in PLATFORMS]
    named = (order_names.find(merchant_id, platform, asked) for platform in PLATFORMS)
    return [*dict.fromkeys([*credits.places(refs), *filter(None, named)])]
