"""The links that were followed in the days, and an influencer's own."""

from collections.abc import Mapping

from sharetrail.analysis.period import Sums
from sharetrail.report import page_paths
from sharetrail.report.page.evidence import link_rows, people_page, sheet, span_figures
from sharetrail.report.page.evidence.link_rows import Clicks, LinkRow
from sharetrail.report.page.overview.audience_section import device_name
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers, links, product_names
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import merge_counts
from sharetrail.web import cursors
from sharetrail.web.http import Answer
from sharetrail.words import formats, names
from sharetrail.words.definitions import definitions
from sharetrail.words.speech import isolated, say

ON_A_PAGE = 50


def show(visit: Visit) -> Answer:
    who = visit.query.get("influencer", "")
    rows, cursor, is_added_up = made_by(visit, who) if who else _followed(visit)
    makers = influencers.names(visit.merchant.id, {row.link.influencer for row in rows})
    whose = influencers.name_of(visit.merchant.id, who) if who else ""
    return sheet.render(
        "links",
        visit,
        say("Links"),
        at="links",
        rows=rows,
        cursor=cursor,
        who=who,
        whose=whose,
        makers=makers,
        products=_products(visit, rows),
        is_added_up=is_added_up,
    )


def _products(visit: Visit, rows: list[LinkRow]) -> Mapping[str, str]:
    """What the shop calls them, by id."""
    ids = {row.link.product.id for row in rows if row.link.product}
    return product_names.find_all(visit.merchant.id, filter(None, ids))


def _followed(visit: Visit) -> tuple[list[LinkRow], str, bool]:
    """Best first: by credit, then by people's clicks, then by code."""
    stats = span_figures.by(visit, "link")
    if stats is None:
        return [], "", False
    sums = stats.groups
    order = sorted(sums, key=lambda code: (-_credited(sums[code]), -sums[code].valid, code))
    shown, cursor = people_page.page_of(visit, order)
    found = links.find_all({*shown})
    return [_row(found[code], sums[code]) for code in shown if code in found], cursor, True


def _credited(sums: Sums) -> int:
    return sums.revenue.get("linear", 0)


def _row(link: Link, sums: Sums) -> LinkRow:
    clicks = Clicks(valid=sums.valid, unique=sums.unique, raw=sums.raw)
    return LinkRow(link=link, clicks=clicks, credited=_credited(sums), orders=sums.orders)


def made_by(visit: Visit, who: str, most: int = ON_A_PAGE) -> tuple[list[LinkRow], str, bool]:
    """An influencer's links in order of their codes, whether they were followed or not."""
    behind = cursors.key_of(visit.query.get("cursor"))
    made = links.made_behind(visit.merchant.id, who, behind, most + 1)
    shown = made[:most]
    seen = link_rows.by_code(span_figures.days(visit), {link.code for link in shown})
    rows = [LinkRow(link=link, clicks=Clicks.of(seen.get(link.code, {}))) for link in shown]
    more = cursors.cursor_of(shown[-1].code) if len(made) > most else ""
    return rows, more, not span_figures.are_many_clicks(visit)


# ── one link ─────────────────────────────────────────────────────────────────────────────────────
def show_one(visit: Visit, code: str) -> Answer:
    """Where it leads, and what was seen of it day by day. UnknownLink of another merchant's."""
    link = links.find_own(visit.merchant.id, code)
    days = [*link_rows.by_day(span_figures.days(visit), link.code)]
    whole = merge_counts(counts for _, counts in days)
    product = link.product.id if link.product else ""
    return sheet.render(
        "link",
        visit,
        say("Link {code}", code=isolated(link.code)),
        at=path_of(link.code),
        way=[("links", say("Links"))],
        link=link,
        short_url=links.short_url(link),
        maker=influencers.names(visit.merchant.id, [link.influencer]).get(link.influencer),
        product=product and product_names.find_all(visit.merchant.id, [product]).get(product),
        days=[(day, Clicks.of(each)) for day, each in days if each],
        clicks=Clicks.of(whole),
        terms=definitions(),
        device=device_name,
        country=lambda code: names.name(formats.country(code, visit.merchant.language)),
        is_added_up=not span_figures.are_many_clicks(visit),
    )


def path_of(code: str) -> str:
    """Of a link's own page."""
    return f"links/{page_paths.part(code)}"
