"""A period by network, influencer, campaign and product: what adds up and what overlaps."""

from datetime import timedelta

import pytest

from tests.shops import Shop


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Ana on WhatsApp, then Ben on X: an order of both; one of Ana's alone; one of nobody's."""
    ana = shop.share("ana", campaign="spring", product={"id": "mug"}).json["code"]
    ben = shop.share("ben", network="x").json["code"]
    first, second = shop.click(ana), shop.click(ben)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    shop.buy("1001", "100.00", f"{first},{second}", visit=second)
    shop.buy("1002", "60.00", first, visit="other")
    shop.buy("1003", "40.00", "none")
    assert shop.cloud.drain()["failed"] == []
    return shop


def rows(shop: Shop, by: str) -> dict[str, dict]:
    return {row[by]: row for row in shop.read(f"/v1/stats?by={by}")["rows"]}


def test_last_click_and_assisted_make_up_what_was_influenced(sold: Shop) -> None:
    revenue = sold.read("/v1/stats")["totals"]["revenue"]
    assert revenue == {
        "all": "200.00",
        "influenced": "160.00",
        "not_influenced": "40.00",
        "last_click": "100.00",
        "assisted": "60.00",
    }


@pytest.mark.parametrize(
    ("by", "first", "last"), [("influencer", "ana", "ben"), ("network", "whatsapp", "x")]
)
def test_a_row_says_what_it_closed_and_where_it_was_on_the_path(
    sold: Shop, by: str, first: str, last: str
) -> None:
    found = rows(sold, by)
    kinds = ("influenced", "last_click", "assisted", "closer", "on_path")
    told = {name: tuple(found[name][kind] for kind in kinds) for name in (first, last)}
    assert told == {
        first: ("160.00", "0.00", "160.00", "60.00", "100.00"),
        last: ("100.00", "100.00", "0.00", "100.00", "0.00"),
    }


def test_campaigns_and_products_are_told_alike(sold: Shop) -> None:
    assert rows(sold, "campaign")["spring"]["influenced"] == "160.00"
    assert rows(sold, "product")["mug"]["revenue"]["first"] == "160.00"


def test_models_that_disagree_are_marked_with_their_range(sold: Shop) -> None:
    found = rows(sold, "influencer")
    assert found["ana"]["range"] == {"low": "60.00", "high": "160.00"}
    assert found["ana"]["models_disagree"] is True
    alone = rows(sold, "campaign")
    assert all(row["models_disagree"] for row in alone.values())


def test_every_models_revenue_adds_up_to_what_was_influenced(sold: Shop) -> None:
    found = rows(sold, "influencer").values()
    for model in next(iter(found))["revenue"]:
        assert sum(round(float(row["revenue"].get(model, 0)) * 100) for row in found) == 16_000


def test_the_figures_say_what_they_rest_on(sold: Shop) -> None:
    basis = sold.read("/v1/stats")["basis"]
    assert (basis["window_days"], basis["coupons"]) == (30, "code_fills")
    assert basis["rule"].startswith("credit-4#")
    assert basis["until"].endswith("Z")
    assert basis["left_out"]["orders_in_other_currencies"] == 0
