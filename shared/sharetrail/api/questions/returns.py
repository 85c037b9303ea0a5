"""GET /v1/returns: what sharing cost, and what came back: of all, and by influencer, campaign or
network."""

from datetime import date, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail.analysis import periods
from sharetrail.api.frame import answers, day_range
from sharetrail.api.frame.acceptance import respond
from sharetrail.api.frame.answers import Currency, Days, Money, described
from sharetrail.api.frame.csv_table import tabled
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, found, merchant_of, now_of, response_of
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.calendars import iso
from sharetrail.costs import returns
from sharetrail.costs.costs import TooManyCosts
from sharetrail.costs.spend import Grouping, Return
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.questions import questions
from sharetrail.questions.question import LONGEST, Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.sharing import influencers
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()
_USUAL = timedelta(days=30)


@strict
class Query:
    """Which days, both included, and by what."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    by: Grouping = "influencer"


@described
class ReturnAnswer(TypedDict):
    spend: Money
    """Of these days, in all: what is for more is spread by day. Its four parts follow."""
    spent_on_fees: Money
    spent_on_gifts: Money
    spent_on_discounts: Money
    """What codes took off orders that were paid for, and what was entered as such."""
    spent_on_others: Money
    paid_orders: int
    """Paid for and not cancelled, with a click or code of theirs: an order of two people's counts
    for both."""
    revenue: Money
    """Credited by the linear model."""
    earned: Money
    """Of that, what was paid for and is neither held nor rejected."""
    cost_per_order: Money | None
    """Spend by orders. `null` where nothing was spent, or nothing ordered."""
    cost_per_order_low: Money | None
    """Of its 80 % interval."""
    cost_per_order_high: Money | None
    """`null` where it may be beyond all bounds: by chance alone none might have come."""
    return_on_spend: float | None
    """Earned by spend: 3 is 300 %. `null` where nothing was spent."""
    return_on_spend_low: float | None
    """Of its 80 % interval; `null` where nothing is earned."""
    return_on_spend_high: float | None
    untold_codes: int
    """Uses of codes of which the shop does not tell what they took off: in no sum."""


@described
class _Group(TypedDict):
    group: str
    """The influencer's id, the campaign or the network; empty for what names none, of costs those
    for the programme as a whole."""
    name: str


@described
class GroupReturn(_Group, ReturnAnswer):
    pass


@tabled(lambda told: (GroupReturn, told["rows"]))
@described
class ReturnsAnswer(Days):
    zone: str
    currency: Currency
    until: answers.Moment
    by: Grouping
    totals: ReturnAnswer
    rows: list[GroupReturn]
    """Most spent first. Their spend, revenue and earned add up to the totals."""
    costs_apart: list[Money]
    """Costs in a currency of which no exchange rate is known: in no sum."""


@router.get(
    "/v1/returns",
    responses={200: found(ReturnsAnswer), 202: ACCEPTED},
    openapi_extensions=refusing(TooManyQuestions, TooManyCosts) | limited(questions.POLICY),
)
def show_returns(
    first: day_range.First = None,
    last: day_range.Last = None,
    by: Grouping = "influencer",
) -> Response[str]:
    """What sharing cost in these days (the last thirty, where none are asked for), and what came
    back."""
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.within(merchant, first, last, now, _USUAL, LONGEST)
    asked = bodies.parse(Query, {"from": first, "to": last, "by": by})
    about = bodies.plain(asked)
    question = Question(merchant=merchant.id, kind="returns", about=about, asked_at=now)
    is_big = periods.has_many_orders(merchant.id, first, last)
    return response_of(respond(question, lambda: show(merchant, asked, now), is_big=is_big))


def answer_question(merchant: Merchant, question: Question) -> ReturnsAnswer:
    return show(merchant, bodies.parse(Query, question.about), question.asked_at)


def show(merchant: Merchant, query: Query, now: datetime) -> ReturnsAnswer:
    first, last, by = query.first, query.last, query.by
    sales = credits.between(OrderFigures, merchant.id, first, last)
    told = returns.of_days(by, merchant, first, last, sales, now)
    names = influencers.names(merchant.id, {*told.groups} - {""}) if by == "influencer" else {}
    rows = sorted(
        told.groups.items(), key=lambda row: (-row[1].spend.total, -row[1].earned, row[0])
    )
    return {
        "from": f"{first}",
        "to": f"{last}",
        "zone": merchant.zone,
        "currency": merchant.currency,
        "until": iso(now),
        "by": by,
        "totals": _return(told.whole, merchant),
        "rows": [
            {"group": group, "name": names.get(group, group), **_return(sums, merchant)}
            for group, sums in rows
        ],
        "costs_apart": [answers.money(Amount(each.amount, each.currency)) for each in told.apart],
    }


def _return(sums: Return, merchant: Merchant) -> ReturnAnswer:
    def money(minor: float) -> Money:
        return answers.money(merchant.amount(minor))

    def if_known(minor: float | None) -> Money | None:
        return None if minor is None or not sums.spend.total else money(minor)

    per_order_low, per_order_high = sums.cost_per_order_range
    low, high = sums.return_range or (None, None)
    return {
        "spend": money(sums.spend.total),
        "spent_on_fees": money(sums.spend.fee),
        "spent_on_gifts": money(sums.spend.gift),
        "spent_on_discounts": money(sums.spend.discount),
        "spent_on_others": money(sums.spend.other),
        "paid_orders": sums.orders,
        "revenue": money(sums.revenue),
        "earned": money(sums.earned),
        "cost_per_order": if_known(sums.cost_per_order),
        "cost_per_order_low": if_known(per_order_low),
        "cost_per_order_high": if_known(per_order_high),
        "return_on_spend": _rounded(sums.return_on_spend),
        "return_on_spend_low": _rounded(low),
        "return_on_spend_high": _rounded(high),
        "untold_codes": sums.untold,
    }


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 4)
