"""GET /v1/cohorts: what the buyers whom sharing brought were worth since, beside those who came
otherwise."""

from datetime import date, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail.api.frame import answers, day_range
from sharetrail.api.frame.acceptance import respond
from sharetrail.api.frame.answers import Currency, Days, Money, described
from sharetrail.api.frame.csv_table import Table, tabled
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, found, merchant_of, now_of, response_of
from sharetrail.calendars import iso
from sharetrail.costs import cohorts
from sharetrail.costs.cohort import Buyer, Step, steps_of
from sharetrail.costs.cohorts import Grouping
from sharetrail.merchants.profile import Merchant
from sharetrail.questions import questions
from sharetrail.questions.question import LONGEST, Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.sharing import influencers
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()
_USUAL = timedelta(days=360)


@strict
class Query:
    """The days of first orders, both included, and by what."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    by: Grouping = "sharing"


@described
class StepAnswer(TypedDict):
    """So many days after their first orders, of those whose first was so long ago."""

    days: int
    buyers: int
    """Whose first order was so many days ago: all else here is of these."""
    came_again: int
    """Who had ordered again by then."""
    came_again_part: float | None
    """`null` as long as nobody is known so long."""
    came_again_part_low: float | None
    """Of its 80 % interval."""
    came_again_part_high: float | None
    worth: Money | None
    """Net revenue of one buyer, on average, first order and all."""
    worth_low: Money | None
    """Of its 80 % interval."""
    worth_high: Money | None
    worth_with_namesakes: Money | None
    """The same, were those orders theirs, too, that have but a name in common: which anybody can
    type, so nobody knows."""


@described
class CohortHead(TypedDict):
    group: str
    """`sharing`, or by influencer an id; empty for who came by nobody's."""
    name: str
    month: str | None
    """`2026-11`, of the first order; `null` for all months together."""
    buyers: int
    """A buyer whose first order several people are credited with is a buyer of each."""


@described
class CohortAnswer(CohortHead):
    steps: list[StepAnswer]


class _Line(CohortHead):
    step: StepAnswer


def _table(told: "CohortsAnswer") -> Table:
    """A line a step."""
    return _Line, [{**row, "step": step} for row in told["rows"] for step in row["steps"]]


@tabled(_table)
@described
class CohortsAnswer(Days):
    """`from` and `to` are the days of first orders, both included."""

    zone: str
    currency: Currency
    until: answers.Moment
    by: Grouping
    unknown_buyers: int
    """Orders of these days of buyers who cannot be known again, or of whom nobody can tell whether
    they are new: in no row. Who had ordered before the shop told of any order may look new."""
    rows: list[CohortAnswer]
    """All months together, then month by month; most buyers first."""


@router.get(
    "/v1/cohorts",
    responses={200: found(CohortsAnswer), 202: ACCEPTED},
    openapi_extensions=refusing(TooManyQuestions) | limited(questions.POLICY),
)
def show_cohorts(
    first: day_range.First = None,
    last: day_range.Last = None,
    by: Grouping = "sharing",
) -> Response[str]:
    """Buyers by their first known order (of the last 360 days, where none are asked for): who
    brought them, and what they bought since. Shown, and read by no credit, score or reward."""
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.within(merchant, first, last, now, _USUAL, LONGEST)
    asked = bodies.parse(Query, {"from": first, "to": last, "by": by})
    about = bodies.plain(asked)
    question = Question(merchant=merchant.id, kind="cohorts", about=about, asked_at=now)
    is_big = cohorts.is_big(merchant, now)
    return response_of(respond(question, lambda: show(merchant, asked, now), is_big=is_big))


def answer_question(merchant: Merchant, question: Question) -> CohortsAnswer:
    return show(merchant, bodies.parse(Query, question.about), question.asked_at)


def show(merchant: Merchant, query: Query, now: datetime) -> CohortsAnswer:
    told = cohorts.new_buyers(merchant, query.first, query.last, now)
    whole = cohorts.groups_of(told.new, query.by)
    names = influencers.names(merchant.id, {*whole} - {"", cohorts.BROUGHT})
    months = cohorts.months_of(told.new, merchant)
    parts = [(None, whole), *((m, cohorts.groups_of(b, query.by)) for m, b in months.items())]
    return {
        "from": f"{query.first}",
        "to": f"{query.last}",
        "zone": merchant.zone,
        "currency": merchant.currency,
        "until": iso(now),
        "by": query.by,
        "unknown_buyers": len(told.unknown),
        "rows": [
            _cohort(group, names.get(group, group), month, buyers, merchant, now)
            for month, groups in parts
            for group, buyers in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0]))
        ],
    }


def _cohort(
    group: str,
    name: str,
    month: date | None,
    buyers: list[Buyer],
    merchant: Merchant,
    now: datetime,
) -> CohortAnswer:
    return {
        "group": group,
        "name": name,
        "month": f"{month:%Y-%m}" if month else None,
        "buyers": len(buyers),
        "steps": [_step(each, merchant) for each in steps_of(buyers, now)],
    }


def _step(step: Step, merchant: Merchant) -> StepAnswer:
    def money(minor: float | None) -> Money | None:
        return None if minor is None else answers.money(merchant.amount(minor))

    low, high = step.returned_range or (None, None)
    return {
        "days": step.days,
        "buyers": step.buyers,
        "came_again": step.returned,
        "came_again_part": _rounded(step.returned / step.buyers if step.buyers else None),
        "came_again_part_low": _rounded(low),
        "came_again_part_high": _rounded(high),
        "worth": money(step.worth),
        "worth_low": money(step.low),
        "worth_high": money(step.high),
        "worth_with_namesakes": money(step.with_namesakes),
    }


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 4)
