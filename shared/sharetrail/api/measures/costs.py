"""GET and POST /v1/costs, DELETE /v1/costs/{id}: what sharing cost, as the merchant says."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from sharetrail import money
from sharetrail.api.frame import answers, day_range, paging
from sharetrail.api.frame.answers import Days, Money, Page, described
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import Text, merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.costs import costs
from sharetrail.costs.cost import LONGEST, LONGEST_NOTE, Cost, CostKind, derived_id
from sharetrail.costs.costs import OtherCost
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance, policy_of
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.problems import Problem
from sharetrail.sharing.networks import NetworkId
from sharetrail.sharing.share_request import Id, Word
from sharetrail.web.bodies import Day, strict

_OF_A_DAY = Allowance(name="costs", most=1_000, policy="new-costs")
"""New costs of a local day: what a key that leaked enters is taken back by hand."""
_POLICY = policy_of([_OF_A_DAY])
router = Router()
OrderName = Annotated[
    str, StringConstraints(pattern=r"^(shopify|woocommerce|stripe|standard)/[^/]{1,100}$")
]
"""As its own address has it: `shopify/1001`."""
Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x1f\x7f]*$")]


class TooManyNewCosts(Problem):
    status = 429
    title = "The day's new costs are used up"


def _known(currency: str) -> str:
    if currency not in money.CURRENCIES:
        raise ValueError("is no currency of ISO 4217")
    return currency


def _whole(amount: str, info: ValidationInfo) -> str:
    if not (currency := info.data.get("currency")):
        return amount  # that is said of the currency
    if money.exact(amount).scaleb(money.digits(currency)) % 1:
        raise ValueError(f"is finer than {currency}")
    if money.is_zero(amount):
        raise ValueError("is nothing")
    return amount


def _behind(last: date | None, info: ValidationInfo) -> date | None:
    first = info.data.get("first")
    if first and last and not first <= last < first + LONGEST:
        raise ValueError(f"is before `from`, or {LONGEST.days} days or more behind it")
    return last


@strict
class Price:
    currency: Annotated[str, AfterValidator(_known)]
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$"), AfterValidator(_whole)]

    @property
    def minor(self) -> int:
        return money.minor(self.amount, self.currency)


@strict
class NewCost:
    """A fee, a gift, or what else sharing cost. What codes took off is read from orders: enter no
    discount that a code gave."""

    id: Annotated[str, StringConstraints(pattern=costs.ID_PATTERN)] | None = None
    """Your own. The same id with the same words is the same cost, however often it is sent. Without
    one it is made of the words: two costs alike need two ids."""
    kind: CostKind
    cost: Price
    first: Annotated[Day, Field(alias="from")]
    """The first day that it is for. A fee for a month is spread over the month, by day."""
    last: Annotated[Day | None, Field(alias="to"), AfterValidator(_behind)] = None
    """The last, at most a year later; the first where it is not told."""
    influencer: Id | None = None
    campaign: Word = ""
    network: NetworkId | None = None
    about_order: OrderName | None = None
    note: Note = ""

    def of(self, now: datetime) -> Cost:
        told = Cost(
            id=self.id or "",
            kind=self.kind,
            amount=self.cost.minor,
            currency=self.cost.currency,
            first=self.first,
            last=self.last or self.first,
            influencer=self.influencer or "",
            campaign=self.campaign,
            network=self.network or "",
            order=self.about_order or "",
            note=self.note,
            entered_at=now,
        )
        return told if self.id else replace(told, id=derived_id(told))


@described
class CostAnswer(Days):
    """`from` and `to` are the days that it is for, both included."""

    id: str
    kind: CostKind
    cost: Money
    influencer: str | None
    campaign: str | None
    network: str | None
    about_order: str | None
    """`shopify/1001`. Where none of the four is told, it is for the programme as a whole."""
    note: str
    entered_at: answers.Moment
    taken_back_at: answers.Moment | None
    """From then on it is no cost, of no day."""


@router.post(
    "/v1/costs",
    status_code=201,
    openapi_extensions=refusing(OtherCost, TooManyNewCosts) | limited(_POLICY),
)
def enter_cost(body: NewCost) -> CostAnswer:
    """Enter what sharing cost. 409 where its id says something else, or was taken back."""
    merchant, told = merchant_of(router), body.of(now_of(router))
    if not costs.is_entered(merchant.id, told.id):
        _take(merchant, told.id, now_of(router))
    cost, _ = costs.enter(merchant.id, told)
    return _told(cost)


def _take(merchant: Merchant, cost_id: str, now: datetime) -> None:
    token = hashlib.sha256(cost_id.encode()).hexdigest()[:12]
    if not daily_allowances.take(merchant, _OF_A_DAY, {token}, now):
        raise TooManyNewCosts(
            f"A day has {_OF_A_DAY.most} new ones.",
            headers={
                "ratelimit_policy": _POLICY,
                **daily_allowances.nothing_left(merchant, _OF_A_DAY, now),
            },
        )


@router.get("/v1/costs")
def list_costs(
    first: day_range.First = None,
    last: day_range.Last = None,
    influencer: Annotated[str | None, Query(max_length=100)] = None,
    campaign: Annotated[str | None, Query(max_length=100)] = None,
    about_order: Annotated[str | None, Query(max_length=120)] = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> Page[CostAnswer]:
    """What was entered of these days, by first day: what was taken back, too."""
    wanted = {"influencer": influencer, "campaign": campaign, "order": about_order}
    asked = paging.asked(limit, cursor, **{"from": first, "to": last}, **wanted)
    days = day_range.ever(first, last)
    rows = costs.overlapping(merchant_of(router).id, *days, asked.after)

    def is_shown(cost: Cost) -> bool:
        return all(value in (None, getattr(cost, name)) for name, value in wanted.items())

    return paging.sifted(rows, is_shown, asked, _told, costs.key)


@router.delete("/v1/costs/<cost_id>")
def take_back_cost(cost_id: Text) -> CostAnswer:
    """It is no cost any more, of no day: that is said, and what was entered is kept."""
    return _told(costs.take_back(merchant_of(router).id, cost_id, now_of(router)))


def _told(cost: Cost) -> CostAnswer:
    return {
        "id": cost.id,
        "kind": cost.kind,
        "cost": answers.money(Amount(cost.amount, cost.currency)),
        "from": f"{cost.first}",
        "to": f"{cost.last}",
        "influencer": cost.influencer or None,
        "campaign": cost.campaign or None,
        "network": cost.network or None,
        "about_order": cost.order or None,
        "note": cost.note,
        "entered_at": iso(cost.entered_at),
        "taken_back_at": iso(cost.taken_back_at) if cost.taken_back_at else None,
    }
