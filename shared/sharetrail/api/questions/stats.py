"""GET /v1/stats: a period's figures, in total and by day, network, influencer, campaign, product,
link, country, device, referrer or where links were seen, and what its days were short of."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from sharetrail.analysis import periods
from sharetrail.analysis.period import Sums
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.analysis.stats import Dimension, Stats, TooManyGroups, Totals
from sharetrail.api.frame import acceptance, day_range
from sharetrail.api.frame.answers import Money, money
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, found, merchant_of, now_of, response_of
from sharetrail.api.questions.stats_answer import (
    Funnel,
    NoticeAnswer,
    StatsAnswer,
    StatsDay,
    StatsGroup,
    StatsKind,
)
from sharetrail.attribution.models import MODELS, rule_of
from sharetrail.calendars import iso
from sharetrail.kpis.funnel import Pages
from sharetrail.merchants import notice_words, notices
from sharetrail.merchants.notice import Notice
from sharetrail.merchants.profile import Merchant
from sharetrail.questions import questions
from sharetrail.questions.question import LONGEST, Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.totals import tally
from sharetrail.web import bodies
from sharetrail.web.bodies import strict
from sharetrail.web.http import Answer

router = Router()


@strict
class Query:
    """Which days, both included, and by what."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    by: Dimension | None = None


@router.get(
    "/v1/stats",
    responses={200: found(StatsAnswer), 202: ACCEPTED},
    openapi_extensions=refusing(TooManyQuestions, TooManyGroups) | limited(questions.POLICY),
)
def show_stats(
    first: day_range.First = None,
    last: day_range.Last = None,
    by: Dimension | None = None,
) -> Response[str]:
    """A period's figures, in total and by whatever `by` names."""
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.lately(merchant, first, last, now, LONGEST)
    asked = bodies.parse(Query, {"from": first, "to": last, "by": by})
    return response_of(respond(merchant, asked, now))


def respond(merchant: Merchant, query: Query, now: datetime) -> Answer:
    about = bodies.plain(query)
    question = Question(merchant=merchant.id, kind="stats", about=about, asked_at=now)
    is_big = periods.is_big(merchant.id, query.first, query.last)
    return acceptance.respond(question, lambda: show(merchant, query, now), is_big=is_big)


def answer_question(merchant: Merchant, question: Question) -> StatsAnswer:
    return show(merchant, bodies.parse(Query, question.about), question.asked_at)


def show(merchant: Merchant, query: Query, now: datetime) -> StatsAnswer:
    first, last, by = query.first, query.last, query.by
    rule, stats = rule_of(merchant), Stats(by, merchant.tz, now)
    periods.add_up(merchant, first, last, now, stats)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "basis": {
            "window_days": rule.window_days,
            "coupons": rule.coupons,
            "rule": rule.name,
            "half_lives_days": [1, 7, 14],
            "until": iso(now),
            "orders_in_other_currencies": len(stats.foreign),
            "always_left_out": "test orders; views without a click; whatever is no share",
        },
        "notices": [_notice(each) for each in notices.of_days(merchant, first, last)],
        "totals": _funnel(stats.totals, merchant, stats.foreign),
        "by": by,
        "rows": _rows(stats, by, merchant) if by else [],
    }


def _notice(notice: Notice) -> NoticeAnswer:
    return {"day": f"{notice.day}", "about": notice.about, "sentence": notice_words.of(notice)}


def _funnel(totals: Totals, merchant: Merchant, foreign: Iterable[tuple[str, str]] = ()) -> Funnel:
    events, clicks, revenue = totals.events, totals.clicks, totals.revenue
    orders = totals.orders.total()
    pages = Pages.of(events)
    is_told = pages != Pages()
    return {
        "views": pages.views if is_told else None,
        "opens": pages.opens if is_told else None,
        "shares": pages.shares if is_told else None,
        "raw_clicks": tally.raw_clicks(clicks),
        "clicks": tally.valid_clicks(clicks),
        "unique": tally.unique_visitors(clicks),
        "verdicts": {kind: clicks[kind] for kind in tally.VERDICTS},
        "orders": orders,
        "influenced_orders": orders - totals.orders["none"],
        "revenue": money(merchant.amount(revenue.total())),
        "influenced": money(merchant.amount(totals.influenced)),
        "not_influenced": money(merchant.amount(revenue["none"])),
        "last_click": money(merchant.amount(revenue["last_click"])),
        "assisted": money(merchant.amount(revenue["assisted"])),
        "other_currencies": [{"order": order, "currency": each} for order, each in foreign],
    }


def _rows(
    stats: Stats, by: Dimension, merchant: Merchant
) -> list[StatsDay | StatsGroup | StatsKind]:
    match by:
        case "day":
            days = sorted(stats.days.items())
            return [_day(day, each, merchant) for day, each in days]
        case "country" | "device" | "referrer":
            return [*_kinds(stats, by)]
        case "seen_on":
            return [*_places(stats)]
        case _:
            return [*_groups(stats, merchant)]


def _day(day: date, totals: Totals, merchant: Merchant) -> StatsDay:
    return {**_funnel(totals, merchant), "group": f"{day}"}


def _groups(stats: Stats, merchant: Merchant) -> list[StatsGroup]:
    whole = stats.totals.influenced
    seen = {group: SeenOn.of(counts) for group, counts in stats.seen.items()}
    rows = [
        _group(name, sums, seen.get(name, NOWHERE), whole, merchant)
        for name, sums in stats.groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["clicks"], row["group"]))


def _kinds(stats: Stats, by: str) -> list[StatsKind]:
    """People's clicks by country, device or referrer; a click that names none is in no row."""
    counts = tally.counts_of_kind(stats.totals.clicks, by)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [{"group": name, "clicks": counts[name]} for name in order]


def _places(stats: Stats) -> list[StatsKind]:
    """People's clicks by where they say that they saw the link; those that say nothing are told
    last."""
    seen = SeenOn.of(stats.totals.clicks)
    return [{"group": name, "clicks": n} for name, n in seen.with_unknown.items()]


def _group(name: str, sums: Sums, seen: SeenOn, whole: int, merchant: Merchant) -> StatsGroup:
    """`whole` is the period's influenced revenue."""

    def of(minor: int) -> Money:
        return money(merchant.amount(minor))

    low, high = sums.model_range
    return {
        "group": name,
        "links_followed": sums.links_followed,
        "raw_clicks": sums.raw,
        "clicks": sums.valid,
        "unique": sums.unique,
        "orders": sums.orders,
        "revenue_by_model": {
            model: of(sums.revenue[model]) for model in MODELS if model in sums.revenue
        },
        "held": of(sums.held),
        "upheld": of(sums.upheld),
        "influenced": of(sums.influenced),
        "last_click": of(sums.last_click),
        "assisted": of(sums.assisted),
        "last_touch": of(sums.closer),
        "on_path": of(sums.on_path),
        "range": {"low": of(low), "high": of(high)},
        "models_disagree": sums.is_disputed(whole),
        "seen_on": seen.with_unknown,
    }
