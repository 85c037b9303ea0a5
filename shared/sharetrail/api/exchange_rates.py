"""GET and POST /v1/rates: what other currencies are worth."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, Field

from sharetrail.api import paging
from sharetrail.api.resolver import merchant_of
from sharetrail.attribution import late_evidence
from sharetrail.aws.items import dump
from sharetrail.merchants.profile import Currency
from sharetrail.orders import exchange_rates
from sharetrail.orders.exchange_rate import Rate
from sharetrail.web.bodies import Day, strict

router = Router()


def _worth_something(rate: str) -> str:
    if not float(rate):
        raise ValueError("is zero")
    return rate


@strict
class DayRate:
    """What one unit of a currency is worth in the reports' currency, on a local day."""

    currency: Currency
    day: Day
    rate: Annotated[
        str,
        Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$"),
        AfterValidator(_worth_something),
    ]

    def of(self, to: str) -> Rate:
        return Rate(currency=self.currency, to=to, day=self.day, rate=self.rate)


@router.get("/v1/rates")
def list_rates(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> dict[str, Any]:
    rates = exchange_rates.following(merchant_of(router).id, paging.after(cursor), limit + 1)
    return paging.page(rates, limit, dump, exchange_rates.key)


@router.post("/v1/rates", status_code=201)
def tell_rate(day_rate: DayRate) -> dict[str, Any]:
    """What a currency is worth in the reports' own, for the orders of that day and the six after
    it that have no rate yet."""
    merchant = merchant_of(router)
    rate = day_rate.of(merchant.currency)
    return {**dump(rate), "orders": late_evidence.tell_rate(merchant, rate)}
