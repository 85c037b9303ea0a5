"""Removal effects on the whole chain: told by a scored week, and by them the next week's orders."""

from datetime import timedelta

from sharetrail import calendars
from sharetrail.attribution import last_week
from sharetrail.aws.tables import TOTALS
from sharetrail.merchants import profiles
from sharetrail.totals import trail_samples
from tests.shops import ORIGIN, Shop, monday, usd


def score(shop: Shop) -> None:
    """Lets the week end, and its scores be computed."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []


def visited(shop: Shop, trail: list[str], name: str) -> None:
    """A page visit as sharetrail.js tells it."""
    event = {"id": name, "type": "visit", "url": f"{ORIGIN}/products/mug", "trail": trail}
    beacon = {"key": shop.facts["publishable_key"], "events": [event]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202


def test_a_visit_that_names_a_bots_click_makes_no_journey_of_it(shop: Shop) -> None:
    ana = shop.share("ana").json["code"]
    ben = shop.share("ben", network="x").json["code"]
    shop.click(ana)
    visited(shop, [shop.click(ana, "curl/8.4.0"), shop.click(ben)], "a-visit-of-a-bots")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=36))
    bought = shop.click(ana)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    shop.buy("1001", "80.00", bought)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    score(shop)
    told = shop.read("/v1/removal-effects")["journeys"]
    assert told["ended_without_an_order"] == 2, "Ana's one click, and Ben's"


def test_trails_that_were_kept_with_a_number_are_read(shop: Shop) -> None:
    day = shop.cloud.clock.now().date()
    row = {"pk": f"{shop.id}#trails", "sk": f"{day}#e0", "one_in": 1, "trails": ["10:a,b", "1:c"]}
    TOTALS.put(row)
    assert trail_samples.between(shop.id, day, day).trails == (("a", "b"), ("c",))


def test_a_week_tells_by_whose_absence_orders_would_be_missed(shop: Shop) -> None:
    ana = shop.share("ana").json["code"]
    ben = shop.share("ben", network="x").json["code"]
    first = [shop.click(ana), shop.click(ben)]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    shop.click(ben)
    visited(shop, first, "the-visit-of-two-shares")
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=36))
    bought = shop.click(ana)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    shop.buy("1001", "80.00", bought)
    assert shop.cloud.drain()["failed"] == []
    assert "markov" not in shop.order("1001")["credits"], "nothing was known before it"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    score(shop)

    told = shop.read("/v1/removal-effects")
    assert told["journeys"] == {
        "converted": 1,
        "ended_without_an_order": 2,
        "trails_sampled_one_in": 1,
    }
    networks = {each["channel"]: each for each in told["networks_by_order"]["1"]}
    assert (networks["whatsapp"]["removal_effect"], networks["whatsapp"]["share"]) == (1, 1)
    assert (networks["x"]["removal_effect"], networks["x"]["revenue"]) == (0, usd("0.00"))
    assert [each["channel"] for each in told["influencers_by_order"]["1"]] == ["ana", "ben"]

    both = [shop.click(ana), shop.click(ben)]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    shop.buy("1002", "50.00", ",".join(both))
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1002")
    weighed = {
        line["influencer"]: line["credited"]["amount"] for line in order["credits"]["markov"]
    }
    assert weighed == {"ana": "50.00", "ben": "0.00"}
    assert "model-weighted" in order["models"]["markov"]


def test_before_a_week_is_scored_there_are_none(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("GET", "/v1/removal-effects", headers=headers).status == 404
    shop.click(shop.share("ana").json["code"])
    assert shop.cloud.drain()["failed"] == []
    score(shop)
    told = shop.read("/v1/removal-effects")
    assert (told["networks_by_order"], told["why_none"][:8]) == ({}, "No order")


def test_a_network_that_was_pooled_weighs_as_the_pools_mean(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    week = calendars.last_full_week(now, profiles.find(shop.id, now).tz)
    effects = {"whatsapp": [0.3, 0, 0, 0], "others": [0.6, 0, 0, 0]}
    analysis = {"networks": {"1": effects}, "pooled_networks": 6}
    last_week.save_removal_effects(shop.id, week, analysis)
    ana = shop.click(shop.share("ana").json["code"])
    ben = shop.click(shop.share("ben", network="other", label="Twitch").json["code"])
    shop.cloud.clock.set_forward(now + timedelta(minutes=5))
    shop.buy("1001", "40.00", f"{ana},{ben}")
    assert shop.cloud.drain()["failed"] == []
    weighed = {
        line["influencer"]: line["credited"]["amount"]
        for line in shop.order("1001")["credits"]["markov"]
    }
    assert weighed == {"ana": "30.00", "ben": "10.00"}
