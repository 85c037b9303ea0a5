"""A period by network, influencer, campaign and product: what adds up and what overlaps."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sharetrail.totals import tally
from tests.shops import ORIGIN, PHONE, Shop, usd


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
    return {row["group"]: row for row in shop.read(f"/v1/stats?by={by}")["rows"]}


def test_last_click_and_assisted_make_up_what_was_influenced(sold: Shop) -> None:
    totals = sold.read("/v1/stats")["totals"]
    told = {
        "revenue": usd("200.00"),
        "influenced": usd("160.00"),
        "not_influenced": usd("40.00"),
        "last_click": usd("100.00"),
        "assisted": usd("60.00"),
    }
    assert told.items() <= totals.items()


def test_what_pages_tell_is_not_known_where_none_told_anything(sold: Shop) -> None:
    told_by_pages = ("views", "opens", "shares")
    totals = sold.read("/v1/stats")["totals"]
    assert [totals[each] for each in told_by_pages] == [None] * 3
    sold.cloud.clock.set_forward(sold.cloud.clock.now() + timedelta(days=1))
    event = {"id": "event-0001", "type": "open", "url": f"{ORIGIN}/"}
    at = sold.cloud.clock.now().isoformat()
    body = {"key": sold.facts["publishable_key"], "events": [{**event, "at": at}]}
    assert sold.ask("POST", "/v1/events", body, {"origin": ORIGIN}).status == 202
    sold.cloud.drain()
    found = sold.read("/v1/stats?by=day")
    assert [found["totals"][each] for each in told_by_pages] == [0, 1, 0]
    silent, heard = found["rows"][-2:]
    assert [silent[each] for each in told_by_pages] == [None] * 3
    assert [heard[each] for each in told_by_pages] == [0, 1, 0]


@pytest.mark.parametrize(
    ("by", "first", "last"), [("influencer", "ana", "ben"), ("network", "whatsapp", "x")]
)
def test_a_row_says_what_it_closed_and_where_it_was_on_the_path(
    sold: Shop, by: str, first: str, last: str
) -> None:
    found = rows(sold, by)
    kinds = ("influenced", "last_click", "assisted", "last_touch", "on_path")
    told = {name: tuple(found[name][kind]["amount"] for kind in kinds) for name in (first, last)}
    assert told == {
        first: ("160.00", "0.00", "160.00", "60.00", "100.00"),
        last: ("100.00", "100.00", "0.00", "100.00", "0.00"),
    }


def test_campaigns_and_products_are_told_alike(sold: Shop) -> None:
    assert rows(sold, "campaign")["spring"]["influenced"] == usd("160.00")
    assert rows(sold, "product")["mug"]["revenue_by_model"]["first"] == usd("160.00")


def test_models_that_disagree_are_marked_with_their_range(sold: Shop) -> None:
    found = rows(sold, "influencer")
    assert found["ana"]["range"] == {"low": usd("60.00"), "high": usd("160.00")}
    assert found["ana"]["models_disagree"] is True
    alone = rows(sold, "campaign")
    assert all(row["models_disagree"] for row in alone.values())


def test_every_models_revenue_adds_up_to_what_was_influenced(sold: Shop) -> None:
    found = rows(sold, "influencer").values()
    for model in next(iter(found))["revenue_by_model"]:
        amounts = [row["revenue_by_model"][model]["amount"] for row in found]
        assert sum(map(Decimal, amounts)) == 160


def test_the_figures_say_what_they_rest_on(sold: Shop) -> None:
    basis = sold.read("/v1/stats")["basis"]
    assert (basis["window_days"], basis["coupons"]) == (30, "code_fills")
    assert basis["rule"].startswith("credit-5#")
    assert basis["until"].endswith("Z")
    assert basis["orders_in_other_currencies"] == 0


# ── networks of another name, and where links were seen ──────────────────────────────────────────
def test_each_network_of_another_name_is_a_row_of_its_own(shop: Shop) -> None:
    twitch = shop.click(shop.share("ana", network="other", label="Twitch").json["code"])
    shop.share("ana", network="other", label="Fanzine").json["code"]
    shop.click(shop.share("ben", network="other", label="Fanzine").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    shop.buy("1001", "100.00", twitch, visit=twitch)
    assert shop.cloud.drain()["failed"] == []
    found = rows(shop, "network")
    assert {name: row["clicks"] for name, row in found.items()} == {
        "other:Twitch": 1,
        "other:Fanzine": 1,
    }
    assert found["other:Twitch"]["last_click"] == usd("100.00")
    order = shop.order("1001")
    assert order["touches"][0]["network"] == "other:Twitch"
    assert ", on Twitch (other), " in order["credits"]["last"][0]["sentence"]


def test_where_a_link_was_seen_stands_beside_what_it_was_shared_on(shop: Shop) -> None:
    shared = shop.share("ana", network="device").json["code"]
    other = shop.share("ben", network="x").json["code"]
    shop.follow(shared, PHONE, referer="https://l.instagram.com/?u=x")
    shop.follow(shared, f"{PHONE} [FBAN/FBIOS;FBAV/520.0.0]")
    shop.follow(shared, f"{PHONE} 2")
    shop.follow(shared, f"{PHONE} 3", referer="https://facebook.com.evil.example/")
    shop.follow(shared, f"{PHONE} 4", referer="android-app://com.instagram.android/")
    shop.follow(shared, "curl/8.9.1", referer="https://t.co/")
    shop.follow(other, PHONE, referer="https://t.co/a")
    assert shop.cloud.drain()["failed"] == []
    seen = {"instagram": 2, "facebook": 1, "unknown": 2}
    assert rows(shop, "network")["device"]["seen_on"] == seen
    assert rows(shop, "link")[shared]["seen_on"] == seen
    assert rows(shop, "influencer")["ben"]["seen_on"] == {"x": 1, "unknown": 0}
    assert shop.read("/v1/stats?by=seen_on")["rows"] == [
        {"group": "instagram", "clicks": 2},
        {"group": "facebook", "clicks": 1},
        {"group": "x", "clicks": 1},
        {"group": "unknown", "clicks": 2},
    ]


def test_what_totals_of_before_do_not_know_is_unknown_until_their_day_is_counted_anew(
    shop: Shop,
) -> None:
    code = shop.share("ana").json["code"]
    shop.follow(code, PHONE, referer="https://t.co/a")
    with pytest.MonkeyPatch.context() as before:
        before.setattr(tally.seen_on, "network_of", lambda *_: None)
        before.setattr(tally.seen_on, "VERSION", 0)
        tally._kinds.cache_clear()
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
        shop.run("close_days")
        assert rows(shop, "network")["whatsapp"]["seen_on"] == {"unknown": 1}
    tally._kinds.cache_clear()
    shop.run("close_days")
    assert rows(shop, "network")["whatsapp"]["seen_on"] == {"x": 1, "unknown": 0}
