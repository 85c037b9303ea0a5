"""Orders in other currencies: apart until the merchant says what the currency is worth."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sharetrail.calendars import local_day
from sharetrail.orders import exchange_rates
from tests.chain.test_coupons import later
from tests.chain.test_faults import failing
from tests.shops import Shop


def a_day(shop: Shop, days: int = 0) -> date:
    """The shop's own day, so many days from now."""
    return local_day(shop.cloud.clock.now(), ZoneInfo("America/New_York")) + timedelta(days=days)


def tell(shop: Shop, rate: str, currency: str = "EUR", days: int = 0) -> Any:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    body = {"currency": currency, "day": a_day(shop, days).isoformat(), "rate": rate}
    return shop.ask("POST", "/v1/rates", body, headers)


def buy(shop: Shop, order: str, price: str, currency: str = "EUR") -> Any:
    shop.buy(order, price, shop.click(shop.share("ana").json["code"]), currency=currency)
    assert shop.cloud.drain()["failed"] == []
    return shop.order(order)


def test_an_order_is_converted_once_by_the_rate_of_its_day_and_keeps_it(shop: Shop) -> None:
    assert tell(shop, "1.10", days=-2).status == 201
    order = buy(shop, "1001", "50.01")
    assert (order["currency"], order["net"]["amount"]) == ("USD", "55.01")
    assert order["credits"]["last"][0]["credited"]["amount"] == "55.01"
    assert order["original"] == {
        "net": {"amount": "50.01", "currency": "EUR"},
        "refunded": {"amount": "0.00", "currency": "EUR"},
        "rate": "1.10",
        "rate_day": a_day(shop, -2).isoformat(),
    }
    tell(shop, "2", days=-2)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "10.00"))
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "44.01", (
        "the order keeps the rate it was counted by"
    )


def test_without_a_rate_it_is_listed_apart_and_never_added(shop: Shop) -> None:
    tell(shop, "1.10", days=-7)
    order = buy(shop, "1001", "50.00")
    assert (order["currency"], order["original"]) == ("EUR", None)
    totals = shop.read("/v1/stats")["totals"]
    assert totals["revenue"]["amount"] == "0.00"
    assert totals["other_currencies"] == [{"order": "1001", "currency": "EUR"}]


def test_a_rate_that_comes_late_rings_the_orders_of_its_days(shop: Shop) -> None:
    buy(shop, "1001", "50.00")
    buy(shop, "1002", "30.00")
    buy(shop, "1003", "9", "JPY")
    assert tell(shop, "1.2").json["orders"] == 2
    assert shop.cloud.drain()["failed"] == []
    assert [shop.order(each)["net"]["amount"] for each in ("1001", "1002")] == ["60.00", "36.00"]
    assert shop.order("1003")["currency"] == "JPY"
    totals = shop.read("/v1/stats")["totals"]
    assert totals["revenue"]["amount"] == "96.00"
    assert tell(shop, "1.2").json["orders"] == 0
    assert shop.read("/v1/rates")["items"][0]["rate"] == "1.2"


@pytest.mark.parametrize(
    ("currency", "price", "rate", "net"),
    [
        ("JPY", "1500", "0.0065", "9.75"),
        ("KWD", "1.234", "3.25", "4.01"),
        ("EUR", "0", "1", "0.00"),
    ],
)
def test_minor_units_are_each_currencys_own(
    shop: Shop, currency: str, price: str, rate: str, net: str
) -> None:
    tell(shop, rate, currency)
    order = buy(shop, "1001", price, currency)
    assert Decimal(order["net"]["amount"]) == Decimal(net)


def test_orders_follow_the_shop_into_another_currency(shop: Shop) -> None:
    tell(shop, "2")
    assert buy(shop, "1001", "50.00")["net"]["amount"] == "100.00"
    shop.onboarded(currency="EUR")
    later(shop, minutes=2)
    assert shop.run("sweep") == []
    order = shop.order("1001")
    assert (order["currency"], order["net"]["amount"]) == ("EUR", "50.00")


def test_a_rate_missed_between_two_writes_is_found_by_the_sweep(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy(shop, "1001", "50.00")
    with monkeypatch.context() as dying:
        dying.setattr(exchange_rates, "fix", failing(1, exchange_rates.fix))
        assert tell(shop, "2", days=-1).status == 500
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "50.00"
    later(shop, minutes=1)
    assert shop.run("sweep") == []
    assert shop.order("1001")["net"]["amount"] == "100.00"


@pytest.mark.parametrize(
    "rate",
    [
        *("0", "0.000", "-1", "1,1", "1e3", "", "Infinity", "1" * 12, "٣"),
        *("100000000", "0.00000001", "999999999.9"),
    ],
)
def test_what_is_no_rate_is_refused(shop: Shop, rate: str) -> None:
    answer = tell(shop, rate)
    assert (answer.status, [e["field"] for e in answer.json["errors"]]) == (400, ["rate"])
    assert shop.read("/v1/rates")["items"] == []


@pytest.mark.parametrize("rate", ["99999999.9", "0.000000011", "1", "1.0"])
def test_a_rate_of_this_world_is_taken_as_it_was_said(shop: Shop, rate: str) -> None:
    assert tell(shop, rate).json["rate"] == rate


@pytest.mark.parametrize("currency", ["EURO", "", "eur", "XQQ", " EUR", None])
def test_what_is_no_currency_is_refused(shop: Shop, currency: Any) -> None:
    answer = tell(shop, "1", currency)
    assert (answer.status, [e["field"] for e in answer.json["errors"]]) == (400, ["currency"])


def test_the_shops_own_currency_has_no_rate(shop: Shop) -> None:
    answer = tell(shop, "1.1", "USD")
    assert answer.status == 400
    assert answer.json["errors"] == [
        {"field": "currency", "detail": "is the shop's own: 1 USD is 1 USD, and needs no rate"}
    ]
    assert tell(shop, "1", "USD").status == 400, "nor has it one that says nothing"
    assert shop.read("/v1/rates")["items"] == []
    assert tell(shop, "1.1", "EUR").status == 201
    shop.onboarded(currency="EUR")
    assert tell(shop, "1.1", "EUR").status == 400, "what is the shop's own now"
    assert tell(shop, "0.9", "USD").status == 201


def test_a_day_that_has_not_begun_anywhere_has_no_rate(shop: Shop) -> None:
    assert tell(shop, "1.1", days=1).status == 201, "it is tomorrow already, further east"
    answer = tell(shop, "1.1", days=2)
    assert (answer.status, [e["field"] for e in answer.json["errors"]]) == (400, ["day"])
    assert str(a_day(shop)) in answer.json["errors"][0]["detail"]
    both = tell(shop, "1.1", "USD", days=2).json["errors"]
    assert [each["field"] for each in both] == ["currency", "day"]


@pytest.mark.parametrize("body", [[], [{"currency": "EUR", "day": "2026-11-20", "rate": "1.1"}]])
def test_rates_are_told_one_at_a_time(shop: Shop, body: Any) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    answer = shop.ask("POST", "/v1/rates", body, headers)
    assert (answer.status, [e["field"] for e in answer.json["errors"]]) == (400, ["body"])
    assert shop.read("/v1/rates")["items"] == []
