"""/v1/reports: the reports that were built to be mailed, as they were kept."""

import re
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from typing_extensions import TypedDict

from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Currency, Days, Moment, Money, Page, described, money
from sharetrail.api.frame.csv_table import tabled
from sharetrail.api.frame.resolver import merchant_of
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.problems import NotFound
from sharetrail.report import span
from sharetrail.report.earned import Earned
from sharetrail.report.keeping import reports
from sharetrail.report.keeping.kept_report import KeptReport
from sharetrail.report.lines import GroupLine, InfluencerLine
from sharetrail.report.report import Report
from sharetrail.report.span import Span
from sharetrail.web.cursors import no_cursor

router = Router()
SpanKey = Annotated[str, Path(pattern=r"^[0-9QW-]{7,10}$")]
ReportSort = Literal["-from", "from"]
ReportKind = Literal["day", "week", "month", "quarter"]
_PLACE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}#[a-z]{3,7}")
_KINDS: tuple[ReportKind, ...] = ("day", "week", "month", "quarter")


class UnknownReport(NotFound):
    """No report of these days was built, or it is kept no more."""


@described
class ReportSummary(Days):
    span: str
    """`2026-W48`, `2026-11-22`, `2026-11` or `2026-Q4`."""
    kind: ReportKind
    built_at: Moment
    influenced: Money
    """As it was mailed: restated by reports of later."""


@described
class ReportSales(TypedDict):
    """What sharing earned: `last_click` and `assisted` add up to `influenced`."""

    influenced: Money
    last_click: Money
    assisted: Money
    influenced_orders: int
    revenue: Money
    """Of all orders."""
    orders: int
    """All of them."""
    unpaid: Money
    """Of `influenced`, what nobody had paid for."""
    returned_orders: int
    """Influenced ones of which anything was refunded, charged back or cancelled."""


@described
class ToldByPages(TypedDict):
    views: int | None
    """`null`, like the next two, where no page told of any."""
    opens: int | None
    shares: int | None


@described
class ReportFunnel(ToldByPages):
    clicks: int
    influenced_orders: int


@described
class ReportGroup(TypedDict):
    """A network, product or campaign."""

    group: str
    """Its id: as stats name it."""
    name: str
    """As people call it."""
    clicks: int
    orders: int
    """With a click of the group's in the window: one can count for several groups."""
    credited: Money
    """By the linear model: unlike orders, it never overlaps."""


@described
class ReportPerson(TypedDict):
    influencer: str
    name: str
    tier: str
    clicks: int
    orders: int
    credited: Money
    held: Money
    upheld: Money
    unpaid: Money
    value: Money | None
    """Expected of the four weeks after; `null` where there was no score."""
    low: Money | None
    high: Money | None
    advice: str


@tabled(lambda told: (ReportPerson, told["influencers"]))
@described
class ReportAnswer(Days):
    span: str
    kind: ReportKind
    zone: str
    currency: Currency
    built_at: Moment | None
    sales: ReportSales
    sales_before: ReportSales | None
    """Of the days before; `null` where nothing was heard of the shop in them."""
    funnel: ReportFunnel
    networks: list[ReportGroup]
    products: list[ReportGroup]
    campaigns: list[ReportGroup]
    influencers: list[ReportPerson]
    """Everyone with a share, click or order, best first."""
    rule: str


@router.get("/v1/reports")
def list_reports(
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    sort: ReportSort = "-from",
    kind: ReportKind | None = None,
    first: day_range.First = None,
    last: day_range.Last = None,
) -> Page[ReportSummary]:
    """The newest first, or the oldest, by their first day: of those that begin from `from` to
    `to`."""
    merchant = merchant_of(router)
    asked = paging.asked(limit, cursor, sort=sort, kind=kind, first=first, last=last)
    rows = reports.listed(
        merchant.id,
        [kind] if kind else _KINDS,
        _place(asked.after),
        day_range.ever(first, last),
        backward=sort == "-from",
    )
    return paging.sifted(
        rows,
        lambda _: True,
        asked,
        lambda row: _summary(*row, merchant),
        lambda row: reports.place(row[0]),
    )


def _place(after: str) -> str:
    """The report's behind which a page begins. Malformed."""
    if after and not _PLACE.fullmatch(after):
        raise no_cursor()
    return after


@router.get("/v1/reports/<span_key>")
def show_report(span_key: SpanKey) -> ReportAnswer:
    """One report's figures, as they were mailed."""
    merchant = merchant_of(router)
    try:
        about = span.read(span_key)
        kept = reports.find(merchant.id, about)
        if kept is None:
            raise UnknownReport(f"No report of {span_key} was built.")
        return _report(reports.read(merchant.id, about, kept.snapshot), about)
    except ValueError as none:
        raise UnknownReport(f"{span_key} names no day, week, month or quarter.") from none
    except reports.Gone as gone:
        raise UnknownReport(f"The report of {span_key} is kept no more.") from gone


def _summary(about: Span, kept: KeptReport, merchant: Merchant) -> ReportSummary:
    return {
        "from": f"{about.first}",
        "to": f"{about.last}",
        "span": about.key,
        "kind": _kind(about),
        "built_at": iso(kept.at),
        "influenced": money(Amount(kept.influenced, kept.currency or merchant.currency)),
    }


def _kind(about: Span) -> ReportKind:
    (kind,) = (each for each in _KINDS if each == about.kind)
    return kind


def _report(report: Report, about: Span) -> ReportAnswer:
    return {
        "from": f"{report.first}",
        "to": f"{report.last}",
        "span": about.key,
        "kind": _kind(about),
        "zone": report.zone,
        "currency": report.currency,
        "built_at": iso(report.built_at) if report.built_at else None,
        "sales": _sales(report, report.earned),
        "sales_before": _sales(report, report.before) if report.before else None,
        "funnel": {
            **_told_by_pages(report),
            "clicks": report.funnel.clicks,
            "influenced_orders": report.funnel.orders,
        },
        "networks": [_group(report, each) for each in report.networks],
        "products": [_group(report, each) for each in report.products],
        "campaigns": [_group(report, each) for each in report.campaigns],
        "influencers": [_person(report, each) for each in report.influencers],
        "rule": report.rule,
    }


def _told_by_pages(report: Report) -> ToldByPages:
    """Where no page told of any nobody knows whether there were some."""
    told = report.funnel
    if not (told.views or told.opens or told.shares):
        return {"views": None, "opens": None, "shares": None}
    return {"views": told.views, "opens": told.opens, "shares": told.shares}


def _sales(report: Report, earned: Earned) -> ReportSales:
    return {
        "influenced": money(report.amount(earned.influenced)),
        "last_click": money(report.amount(earned.last_click)),
        "assisted": money(report.amount(earned.assisted)),
        "influenced_orders": earned.influenced_orders,
        "revenue": money(report.amount(earned.all_net)),
        "orders": earned.all_orders,
        "unpaid": money(report.amount(earned.unpaid)),
        "returned_orders": earned.returned_orders,
    }


def _group(report: Report, line: GroupLine) -> ReportGroup:
    return {
        "group": line.id or line.name,
        "name": line.name,
        "clicks": line.clicks,
        "orders": line.orders,
        "credited": money(report.amount(line.revenue)),
    }


def _person(report: Report, line: InfluencerLine) -> ReportPerson:
    def known(minor: int | None) -> Money | None:
        return None if minor is None else money(report.amount(minor))

    return {
        "influencer": line.id,
        "name": line.name,
        "tier": line.tier,
        "clicks": line.clicks,
        "orders": line.orders,
        "credited": money(report.amount(line.revenue)),
        "held": money(report.amount(line.held)),
        "upheld": money(report.amount(line.upheld)),
        "unpaid": money(report.amount(line.unpaid)),
        "value": known(line.score),
        "low": known(line.low),
        "high": known(line.high),
        "advice": line.advice,
    }
