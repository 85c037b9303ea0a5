"""What anybody can send without a secret: it is counted and shown, and moves nobody's standing."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from sharetrail.aws.tables import EVENTS
from tests.shops import BROWSER, ORIGIN, PHONE, Answer, Shop, monday

AGENTS = [PHONE.replace("18.5", f"18.{n}") for n in range(250)]


def close_the_day(shop: Shop) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    shop.cloud.schedule("close_days")
    assert shop.cloud.drain()["failed"] == []


def score_the_week(shop: Shop) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("close_days")
    shop.cloud.schedule("score_influencers")
    assert shop.cloud.drain()["failed"] == []


def later(shop: Shop, minutes: int = 5) -> str:
    return (shop.cloud.clock.now() + timedelta(minutes=minutes)).isoformat()


def beacon(shop: Shop, *events: dict[str, Any], **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    at = shop.cloud.clock.now().isoformat()
    told = [{"id": uuid.uuid4().hex, "url": f"{ORIGIN}/", "at": at, **each} for each in events]
    body = {"key": shop.facts["publishable_key"], "events": told}
    return shop.ask("POST", "/v1/events", body, {"origin": ORIGIN, **named})


def stats(shop: Shop, by: str = "") -> Any:
    today = shop.cloud.clock.now().date()
    days = f"from={today - timedelta(days=6)}&to={today}"
    return shop.read(f"/v1/stats?{days}{by and f'&by={by}'}")


# ── one address ──────────────────────────────────────────────────────────────────────────────────
def test_one_address_with_200_agents_is_worth_fifty(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.click(code, AGENTS[0])
    for agent in AGENTS[1:201]:
        shop.click(code, agent)
    close_the_day(shop)
    clicks = stats(shop)["totals"]["clicks"]
    assert (clicks["raw"], clicks["valid"], clicks["verdicts"]["suspicious"]) == (201, 50, 151)


def test_clicks_of_one_address_stand_in_one_shard(shop: Shop) -> None:
    code = shop.share().json["code"]
    assert len({shop.click(code, agent)[9] for agent in AGENTS[:20]}) == 1


# ── privacy signals ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("signal", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_who_asks_not_to_be_tracked_leaves_no_hash_and_joins_nothing(
    shop: Shop, signal: dict[str, str]
) -> None:
    code = shop.share().json["code"]
    location = shop.follow(code, **signal).headers["location"]
    assert "st=" not in location
    assert beacon(shop, {"type": "view"}, **signal).status == 202
    click, event = sorted(EVENTS.scan(), key=lambda item: "t" in item)
    assert not {"v", "a"} & click.keys()
    assert event["a"] == "", "known to be nobody's in particular"
    landing = f"/products/mug?{location.partition('?')[2]}"
    shop.buy("1001", landing_site=landing, created_at=later(shop))
    shop.buy("1002", email="buyer1001@example.com", trail="none", created_at=later(shop, 9))
    assert shop.cloud.drain()["failed"] == []
    assert [touch["evidence"] for touch in shop.order("1001")["touches"]] == ["link"]
    assert shop.order("1002")["touches"] == [], "the landing names a link, and no buyer's click"


# ── what pages say of shares ─────────────────────────────────────────────────────────────────────
def test_a_beacon_of_100_000_shares_ranks_nobody_and_counts_for_one(shop: Shop) -> None:
    ana = shop.share("ana").json["code"]
    shop.click(ana)
    mallory = shop.share(key="publishable_key").json["code"]
    assert beacon(shop, {"type": "share", "code": mallory, "n": 1_000}).status == 400
    assert beacon(shop, {"type": "share", "code": mallory, "n": 100}).status == 202
    assert shop.cloud.drain()["failed"] == []
    assert stats(shop)["totals"]["shares"] == 1, "whatever its n"
    for _ in range(10):
        beacon(shop, *[{"type": "share", "code": mallory, "n": 100}] * 100)
    score_the_week(shop)
    for by in ("shares", "influence"):
        ranked = shop.read(f"/v1/influencers?by={by}")["items"]
        assert [each["influencer"] for each in ranked] == ["ana"]
    assert stats(shop)["totals"]["shares"] <= 60, "two shards, thirty each"
    rows = stats(shop, "influencer")["rows"]
    assert {row["influencer"]: row["links_followed"] for row in rows} == {"ana": 1}


def test_who_follows_their_own_links_has_shared_three(shop: Shop) -> None:
    for n in range(12):
        wish = {"url": f"{ORIGIN}/products/{n}", "key": "publishable_key"}
        shop.click(shop.share(**wish).json["code"], AGENTS[n])
    score_the_week(shop)
    (mallory,) = shop.read("/v1/influencers?by=shares")["items"]
    assert (mallory["links_followed"], mallory["clicks"]) == (3, 12)
    assert mallory["sentence"].startswith("3 of their links were followed in the last four weeks")


def test_three_visitors_with_one_share_each_move_nobody_into_gold(shop: Shop) -> None:
    names = [f"honest{n}" for n in range(7)]
    codes = [shop.share(name).json["code"] for name in names]
    order = 2_000
    for n, code in enumerate(codes):
        for _ in range(3 + 12 * (n == 6)):
            order += 1
            click = shop.click(code, AGENTS[order % 250])
            shop.buy(str(order), trail=click, created_at=later(shop))
    for n in range(3):
        made = shop.ask(
            "POST",
            "/v1/links",
            {
                "url": f"{ORIGIN}/products/mug",
                "network": "x",
                "influencer": {"id": f"visitor{n}abcdef"},
            },
            {"authorization": f"Bearer {shop.facts['publishable_key']}", "origin": ORIGIN},
        )
        assert made.status == 201
        beacon(shop, {"type": "share", "code": made.json["code"]})
        shop.click(made.json["code"], AGENTS[n])
    assert shop.cloud.drain()["failed"] == []
    score_the_week(shop)
    scores = [shop.read(f"/v1/influencers/{name}")["score"] for name in names]
    assert {score["tier"] for score in scores} <= {"steady", "unproven"}
    assert scores[-1]["tier"] == "steady", "of seven who sold there is no best tenth"
    assert scores[-1]["percentile"] == 100


# ── forged visits ────────────────────────────────────────────────────────────────────────────────
def markov_credits(shop: Shop, *, forged: bool) -> dict[str, str]:
    """Six weeks in which buyers come by Ana and then by Ben; for four of them somebody says that a
    thousand visits began with the one click that he made, and came to nothing."""
    shop.onboarded(window_days=7)
    links = {
        "ana": shop.share("ana").json["code"],
        "ben": shop.share("ben", network="x").json["code"],
    }
    for week in range(6):
        ana, ben = (
            [shop.click(links[name], AGENTS[week * 40 + n]) for n in range(6)] for name in links
        )
        for n in range(2):
            order = str(1_000 + week * 10 + n)
            shop.buy(order, "100.00", trail=f"{ana[n]},{ben[n]}", created_at=later(shop))
        own = shop.click(links["ben"], BROWSER)
        if forged and week < 4:
            beacon(shop, *[{"type": "visit", "trail": [own], "n": 100}] * 3)
        assert shop.cloud.drain()["failed"] == []
        score_the_week(shop)
    both = [shop.click(links[name], AGENTS[1]) for name in links]
    shop.buy("9999", "100.00", trail=",".join(both), created_at=later(shop))
    assert shop.cloud.drain()["failed"] == []
    lines = shop.order("9999")["credits"]["markov"]
    return {line["influencer"]: line["amount"] for line in lines}


@pytest.mark.parametrize("forged", [False, True])
def test_forged_visits_move_no_markov_credit(shop: Shop, forged: bool) -> None:
    assert markov_credits(shop, forged=forged) == {"ana": "22.22", "ben": "77.78"}
