"""What anybody can send without a secret: it is counted and shown, and moves nobody's standing."""

import json
import random
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from sharetrail import base32
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks.click import mint_click_id
from tests.shops import BROWSER, ORIGIN, PHONE, Answer, Shop, monday, usd

AGENTS = [PHONE.replace("18.5", f"18.{n}") for n in range(250)]


def close_the_day(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    assert shop.run("close_days") == []


def score_the_week(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []


def mails(shop: Shop) -> Any:
    """Lets the week end and Monday's mails leave."""
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    assert shop.cloud.drain()["failed"] == []
    return shop.cloud.outbox.mails


def everybody(shop: Shop) -> Any:
    return shop.read("/v1/influencers?limit=100")["items"]


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
    days = f"from={today - timedelta(days=7)}&to={today}"
    return shop.read(f"/v1/stats?{days}{by and f'&by={by}'}")


# ── one address ──────────────────────────────────────────────────────────────────────────────────
def test_one_address_with_200_agents_is_worth_fifty(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.click(code, AGENTS[0])
    for agent in AGENTS[1:201]:
        shop.click(code, agent)
    close_the_day(shop)
    told = stats(shop)["totals"]
    assert (told["raw_clicks"], told["clicks"], told["verdicts"]["suspicious"]) == (201, 50, 151)


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
        ranked = shop.read(f"/v1/rankings/{by}")["items"]
        assert [each["influencer"] for each in ranked] == ["ana"]
    assert stats(shop)["totals"]["shares"] <= 60, "two shards, thirty each"
    rows = stats(shop, "influencer")["rows"]
    assert {row["group"]: row["links_followed"] for row in rows} == {"ana": 1}


def test_names_that_pages_make_up_fill_no_total_and_stop_nobody(shop: Shop) -> None:
    other = Shop.onboard(
        shop.cloud, shop_host="other.example", shopify_domain=None, recipients=["b@other.example"]
    )
    shop.buy("1001", trail=shop.click(shop.share("ana").json["code"]), created_at=later(shop))
    dice = random.Random(1)

    def a_name() -> str:
        return "".join(chr(dice.randrange(0x10000, 0x10FFFE)) for _ in range(100))

    for _ in range(3):
        codes = [base32.encode(dice.getrandbits(50), 10) for _ in range(100)]
        made_up = [{"type": "share", "product": {"id": a_name()}, "code": code} for code in codes]
        assert beacon(shop, *made_up).status == 202
    theirs = other.share("bea", url="https://other.example/").json["code"]
    other.click(theirs)
    assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.runtime.invocations["project_events"] == 1
    told = [event for event in EVENTS.scan() if event.get("t") == "share"]
    assert len(told) >= 60  # and then one in ten, which count for ten
    assert all(len(event["p"].encode()) <= 100 and "c" not in event for event in told)
    assert {mail.to for mail in mails(shop)} == {"owner@shop.example", "b@other.example"}
    assert shop.read("/v1/influencers/ana")["score"]
    assert other.read("/v1/influencers/bea")["score"]
    largest = max(len(json.dumps(row, default=str)) for row in TOTALS.scan())
    assert largest < 1_024, "of which DynamoDB takes four hundred"


def test_who_follows_their_own_links_has_shared_three(shop: Shop) -> None:
    for n in range(12):
        wish = {"url": f"{ORIGIN}/products/{n}", "key": "publishable_key"}
        shop.click(shop.share(**wish).json["code"], AGENTS[n])
    score_the_week(shop)
    (mallory,) = shop.read("/v1/rankings/shares")["items"]
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
def markov_credits(shop: Shop, *, forged: bool = False, follows: int = 0) -> dict[str, str]:
    """Six weeks in which buyers come by Ana and then by Ben; for four of them somebody says that a
    thousand visits began with the one click that he made, and came to nothing, or follows a link of
    his own on Ben's network."""
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
        for n in range(follows if week < 4 else 0):
            wish = {"url": f"{ORIGIN}/products/{n}", "network": "x"}
            shop.click(shop.share(key="publishable_key", **wish).json["code"], AGENTS[n])
        if forged and week < 4:
            beacon(shop, *[{"type": "visit", "trail": [own], "n": 100}] * 3)
        assert shop.cloud.drain()["failed"] == []
        score_the_week(shop)
    both = [shop.click(links[name], AGENTS[1]) for name in links]
    shop.buy("9999", "100.00", trail=",".join(both), created_at=later(shop))
    assert shop.cloud.drain()["failed"] == []
    lines = shop.order("9999")["credits"]["markov"]
    return {line["influencer"]: line["credited"]["amount"] for line in lines}


@pytest.mark.parametrize("forged", [False, True])
def test_forged_visits_move_no_markov_credit(shop: Shop, forged: bool) -> None:
    assert markov_credits(shop, forged=forged) == {"ana": "22.22", "ben": "77.78"}


def test_who_follows_links_of_his_own_moves_no_markov_credit(shop: Shop) -> None:
    assert markov_credits(shop, follows=12) == {"ana": "22.22", "ben": "77.78"}


# ── programs on somebody's links ─────────────────────────────────────────────────────────────────
def standings(shop: Shop, programs: int) -> Any:
    """Ana sells more than Ben for three weeks, in which programs follow her link."""
    codes = {"ana": shop.share("ana").json["code"], "ben": shop.share("ben").json["code"]}
    order = 1_000
    for week in range(3):
        for name, orders in (("ana", 6), ("ben", 3)):
            ids = [shop.click(codes[name], AGENTS[week * 40 + n]) for n in range(10)]
            for click in ids[:orders]:
                order += 1
                shop.buy(str(order), "100.00", trail=click, created_at=later(shop))
        for _ in range(programs):
            shop.follow(codes["ana"], "curl/8.4.0")
        assert shop.cloud.drain()["failed"] == []
        score_the_week(shop)
    return [shop.read(f"/v1/influencers/{name}")["score"] for name in codes]


@pytest.mark.parametrize("programs", [0, 25])
def test_programs_on_a_rivals_link_take_nothing_from_their_score(shop: Shop, programs: int) -> None:
    ana, ben = standings(shop, programs)
    assert (ana["value"]["amount"], ana["tier"]) == ("2351.87", "steady")
    assert (ben["value"]["amount"], ben["tier"]) == ("1248.13", "steady")
    sellers = shop.read("/v1/rankings/sales")["items"]
    assert [each["influencer"] for each in sellers] == ["ana", "ben"]
    shop.buy("9999", "100.00", shop.click(shop.share("ana").json["code"]), created_at=later(shop))
    assert shop.cloud.drain()["failed"] == []
    marks = {(each["sign"], each["effect"]) for each in shop.order("9999")["decisions"]}
    assert marks == ({("bot_ratio", "flag")} if programs else set()), "shown, and no more"
    assert shop.order("9999")["credits"]["last"][0]["credited"]["amount"] == "100.00"


def test_whom_programs_alone_followed_is_no_line_of_the_mail(shop: Shop) -> None:
    ana, ben = (shop.share(name, network=on) for name, on in (("ana", "x"), ("ben", "whatsapp")))
    shop.click(ana.json["code"])
    shop.follow(ben.json["code"], "curl/8.4.0")
    wish = {"url": f"{ORIGIN}/invented", "network": "telegram", "product": {"id": "7"}}
    shop.follow(shop.share(key="publishable_key", **wish).json["code"], "curl/8.4.0")
    (mail,) = mails(shop)
    for part in (mail.text, mail.html, mail.attachments[0].text):
        assert "Ana" in part
        for word in ("Ben", "Visitor", "WhatsApp", "Telegram", "/invented", "more person"):
            assert word not in part


# ── links of one's own ───────────────────────────────────────────────────────────────────────────
def test_who_follows_his_own_links_stands_below_who_sold_and_is_told_nothing_of_orders(
    shop: Shop,
) -> None:
    order = 1_000
    for n, name in enumerate(f"honest{n:02}" for n in range(11)):
        click = shop.click(shop.share(name).json["code"], AGENTS[n])
        for _ in range(2):
            order += 1
            shop.buy(str(order), "50.00", trail=click, created_at=later(shop))
    for n in range(10):
        wish = {"url": f"{ORIGIN}/products/{n}", "influencer": {"id": f"{n:08}"}}
        code = shop.share(key="publishable_key", **wish).json["code"]
        for agent in range(4):
            shop.click(code, AGENTS[100 + 10 * n + agent])
    (mail,) = mails(shop)
    people = mail.text.partition("The people who matter")[2]
    named = [line for line in people.splitlines() if line[:1].isdigit() and ". " in line[:4]]
    assert len(named) == 5
    assert all("Honest" in line for line in named)
    sheet = mail.attachments[0].text.splitlines()[1:]
    assert all(("honest" in row) is (n < 11) for n, row in enumerate(sheet))
    stranger = next(each for each in everybody(shop) if each["anonymous"])
    assert stranger["score"]["tier"] == "unproven"
    assert float(stranger["score"]["value"]["amount"]) > 0, (
        "expected by what is usual, until it is known"
    )


def test_who_says_that_he_came_by_somebodys_link_brings_them_no_money(shop: Shop) -> None:
    ana = shop.share("ana").json["code"]
    click = shop.click(ana)
    shop.buy("1001", "50.00", click, created_at=later(shop))
    for n in range(5):
        wish = {"url": f"{ORIGIN}/products/{n}", "influencer": {"id": f"{n:08}"}, "trail": [click]}
        shop.click(shop.share(key="publishable_key", **wish).json["code"], AGENTS[n])
    close_the_day(shop)
    today = shop.cloud.clock.now().date()
    (branch,) = shop.read(f"/v1/share-tree?from={today - timedelta(days=7)}&to={today}")[
        "influencers"
    ]
    assert (branch["influencer"], branch["recruits"]) == ("ana", 5), "shown as what they are"
    assert branch["second_order_revenue"] == usd("0.00")


# ── what is made up ──────────────────────────────────────────────────────────────────────────────
def test_made_up_codes_are_nobodys_anywhere(shop: Shop) -> None:
    shop.click(shop.share("ana").json["code"])
    codes = [f"{n:010}" for n in range(40)]
    for at in (later(shop, 0), None):
        told = [{"type": "share", "code": code, "product": "zqevil", "at": at} for code in codes]
        assert beacon(shop, *told).status == 202
    for code in codes[:5]:
        assert shop.follow(code).status == 404
    (mail,) = mails(shop)
    week = mail.attachments[0].filename[12:22]
    days = f"from={week}&to={date.fromisoformat(week) + timedelta(days=6)}"
    for by in ("link", "influencer", "network", "campaign", "product"):
        (row,) = shop.read(f"/v1/stats?{days}&by={by}")["rows"]
        assert (row["links_followed"], row["raw_clicks"]) == (1, 1), by
    assert shop.read(f"/v1/share-tree?{days}")["k_factor"]["sharers"] == 1
    for by in ("shares", "influence"):
        assert len(shop.read(f"/v1/rankings/{by}")["items"]) == 1
    sheet = mail.attachments[0].text
    assert len(sheet.splitlines()) == 2
    for part in (mail.text, mail.html, sheet):
        assert "unknown," not in part
        assert "zqevil" not in part
        assert not any(code in part for code in codes)


def test_made_up_clicks_bring_nobody(shop: Shop) -> None:
    shop.click(shop.share("ana").json["code"])
    now = shop.cloud.clock.now()
    made_up = [mint_click_id(now - timedelta(minutes=n), n % 8, n) for n in range(5)]
    made = shop.share(key="publishable_key", trail=made_up).json["code"]
    assert shop.read(f"/v1/links/{made}")["parent"] is None
    assert beacon(shop, {"type": "visit", "trail": made_up}).status == 202
    shop.buy("1001", "50.00", ",".join(made_up), created_at=later(shop))
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1001")
    assert (order["touches"], order["influence"], order["credits"]) == ([], "none", {})
