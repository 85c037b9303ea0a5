"""GET and POST /v1/rates: what other currencies are worth."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from sharetrail import calendars, money
from sharetrail.api.frame import answers, paging
from sharetrail.api.frame.answers import Page, described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.frame.sense import sensible
from sharetrail.attribution import late_evidence
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import exchange_rates
from sharetrail.orders.exchange_rate import Rate
from sharetrail.web import bodies
from sharetrail.web.bodies import Day, strict

router = Router()


_FURTHEST_APART = 10**8
"""No two currencies in use stand so far apart: a Kuwaiti dinar is some 10^5 of the least ones."""


_OF_SHOPS = {"BYR", "GGP", "HRK", "IMP", "IRT", "JEP", "MRO", "SLL", "STD", "VEF", "ZWL"}
"""What shop systems sell in although ISO 4217 does not list it, or no longer."""


def _in_use(currency: str) -> str:
    if currency not in money.CURRENCIES and currency not in _OF_SHOPS:
        raise ValueError("is no currency that shops sell in")
    return currency


def _of_this_world(rate: str) -> str:
    if not Fraction(rate):
        raise ValueError("is zero")
    if not Fraction(1, _FURTHEST_APART) < Fraction(rate) < _FURTHEST_APART:
        raise ValueError("is further from 1 than any two currencies are apart")
    return rate


def _sense(told: Any, merchant: Merchant, now: datetime) -> dict[str, str]:
    """No rate is that of the shop's own currency, or of a day that has not begun anywhere."""
    named, errors = bodies.sound_fields(DayRate, told), {}
    own, today = merchant.currency, calendars.local_day(now, merchant.tz)
    if named.get("currency") == own:
        errors["currency"] = f"is the shop's own: 1 {own} is 1 {own}, and needs no rate"
    if "day" in named and named["day"] > today + calendars.DAY:
        errors["day"] = f"lies ahead: at the shop it is {today}"
    return errors


@sensible(_sense)
@strict
class DayRate:
    """What one unit of a currency is worth in the reports' currency, on a local day."""

    currency: Annotated[str, AfterValidator(_in_use)]
    day: Day
    rate: Annotated[
        str,
        Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$"),
        AfterValidator(_of_this_world),
    ]

    def of(self, merchant: Merchant) -> Rate:
        to = merchant.currency
        return Rate(currency=self.currency, to=to, day=self.day, rate=self.rate)


@described
class ExchangeRate(TypedDict):
    currency: answers.Currency
    reports_currency: answers.Currency

    day: answers.Day
    rate: str
    """What one unit of `currency` is worth in the reports': decimal text."""


@described
class ToldRate(ExchangeRate):
    orders: int
    """How many were rung to be credited anew."""


@router.get("/v1/rates")
def list_rates(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> Page[ExchangeRate]:
    """What other currencies were worth, by currency and day."""
    asked = paging.asked(limit, cursor)
    rates = exchange_rates.following(merchant_of(router).id, asked.after, limit + 1)
    return paging.page(rates, asked, _rate, exchange_rates.key)


@router.post("/v1/rates", status_code=201)
def tell_rate(day_rate: DayRate) -> ToldRate:
    """What a currency is worth in the reports' own, for the orders of that day and the six after
    it that have no rate yet."""
    merchant, now = merchant_of(router), now_of(router)
    rate = day_rate.of(merchant)
    return {**_rate(rate), "orders": late_evidence.tell_rate(merchant, rate, now)}


def _rate(rate: Rate) -> ExchangeRate:
    return {
        "currency": rate.currency,
        "reports_currency": rate.to,
        "day": f"{rate.day}",
        "rate": rate.rate,
    }
