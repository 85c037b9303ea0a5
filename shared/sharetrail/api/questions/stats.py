"""GET /v1/stats: a period's figures, in total and by day, network, influencer, campaign, product,
link, country, device, referrer or where links were seen, and what its days were short of. Amounts
leave as decimal text."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from sharetrail.analysis import periods
from sharetrail.analysis.period import Sums
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.analysis.stats import Dimension, Stats, Totals
from sharetrail.api.frame import day_range
from sharetrail.api.frame.acceptance import accepted
from sharetrail.api.frame.resolver import ACCEPTED, FOUND, merchant_of, now_of, response_of
from sharetrail.attribution.models import rule_of
from sharetrail.calendars import iso
from sharetrail.merchants import notice_words, notices
from sharetrail.merchants.profile import Merchant
from sharetrail.questions import questions
from sharetrail.questions.question import LONGEST, Question
from sharetrail.questions.results import MOST_BYTES
from sharetrail.totals import tally
from sharetrail.web import bodies
from sharetrail.web.bodies import strict
from sharetrail.web.http import Answer, answer

router = Router()


@strict
class Query:
    """Which days, both included, and by what."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    by: Dimension | None = None


@router.get("/v1/stats", responses={200: FOUND, 202: ACCEPTED})
def show_stats(
    first: day_range.First = None,
    last: day_range.Last = None,
    by: Dimension | None = None,
) -> Response[str]:
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.lately(merchant, first, last, now, LONGEST)
    asked = bodies.parse(Query, {"from": first, "to": last, "by": by})
    return response_of(respond(merchant, asked, now))


def respond(merchant: Merchant, query: Query, now: datetime) -> Answer:
    """202 where the period has too much for a call, or the answer is too large for one."""
    if not periods.is_big(merchant.id, query.first, query.last):
        told = answer(200, show(merchant, query, now))
        if len(told["body"].encode()) <= MOST_BYTES:
            return told
    about = bodies.plain(query)
    question = Question(merchant=merchant.id, kind="stats", about=about, asked_at=now)
    return accepted(questions.ask(question).id)


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    return show(merchant, bodies.parse(Query, question.about), question.asked_at)


def show(merchant: Merchant, query: Query, now: datetime) -> dict[str, Any]:
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
            "left_out": {
                "orders_in_other_currencies": len(stats.foreign),
                "always": "test orders; views without a click; whatever is no share",
            },
        },
        "notices": notice_words.told(notices.of_days(merchant, first, last)),
        "totals": _totals(stats.totals, merchant, stats.foreign),
        **({"by": by, "rows": _rows(stats, by, merchant)} if by else {}),
    }


def _totals(
    totals: Totals, merchant: Merchant, foreign: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    events, clicks, revenue = totals.events, totals.clicks, totals.revenue
    orders = totals.orders.total()
    return {
        "views": events["view"],
        "opens": events["open"],
        "shares": events["share"],
        "clicks": {
            "raw": tally.raw_clicks(clicks),
            "valid": tally.valid_clicks(clicks),
            "unique": clicks[tally.UNIQUE],
            "verdicts": {kind: clicks[kind] for kind in tally.VERDICTS},
        },
        "orders": {"all": orders, "influenced": orders - totals.orders["none"]},
        "revenue": {
            "all": merchant.amount(revenue.total()),
            "influenced": merchant.amount(totals.influenced),
            "not_influenced": merchant.amount(revenue["none"]),
            "last_click": merchant.amount(revenue["last_click"]),
            "assisted": merchant.amount(revenue["assisted"]),
        },
        "other_currencies": [{"order": order, "currency": each} for order, each in foreign],
    }


def _rows(stats: Stats, by: Dimension, merchant: Merchant) -> list[dict[str, Any]]:
    match by:
        case "day":
            days = sorted(stats.days.items())
            return [{"day": day.isoformat(), **_totals(each, merchant)} for day, each in days]
        case "country" | "device" | "referrer":
            return _kinds(stats, by)
        case "seen_on":
            return _places(stats)
        case _:
            return _groups(stats, by, merchant)


def _groups(stats: Stats, by: str, merchant: Merchant) -> list[dict[str, Any]]:
    whole = stats.totals.influenced
    seen = {group: SeenOn.of(counts) for group, counts in stats.seen.items()}
    rows = [
        {by: name, **_row(sums, whole, merchant), "seen_on": seen.get(name, NOWHERE).with_unknown}
        for name, sums in stats.groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["clicks"]["valid"], row[by]))


def _kinds(stats: Stats, by: str) -> list[dict[str, Any]]:
    """People's clicks by country, device or referrer; a click that names none is in no row."""
    counts = tally.counts_of_kind(stats.totals.clicks, by)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [{by: name, "clicks": {"valid": counts[name]}} for name in order]


def _places(stats: Stats) -> list[dict[str, Any]]:
    """People's clicks by where they say that they saw the link; those that say nothing are told
    last."""
    seen = SeenOn.of(stats.totals.clicks)
    return [{"seen_on": name, "clicks": {"valid": n}} for name, n in seen.with_unknown.items()]


def _row(sums: Sums, whole: int, merchant: Merchant) -> dict[str, Any]:
    """`whole` is the period's influenced revenue. Revenue by model, what of the linear one's is
    held or upheld, `last_click` and `closer` add up over the rows; `influenced`, `assisted` and
    `on_path` overlap and never do.
    """
    kinds = ("held", "upheld", "influenced", "last_click", "assisted", "closer", "on_path")
    low, high = sums.model_range
    return {
        "links_followed": sums.links_followed,
        "clicks": {"raw": sums.raw, "valid": sums.valid, "unique": sums.unique},
        "orders": sums.orders,
        "revenue": {model: merchant.amount(amount) for model, amount in sums.revenue.items()},
        **{kind: merchant.amount(getattr(sums, kind)) for kind in kinds},
        "range": {"low": merchant.amount(low), "high": merchant.amount(high)},
        "models_disagree": sums.is_disputed(whole),
    }
