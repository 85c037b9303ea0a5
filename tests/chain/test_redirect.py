"""The redirect: leads on at once, keeps every click, and knows who must not be counted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.robotparser import RobotFileParser

import boto3
import pytest

from sharetrail import calendars
from sharetrail.aws import clients
from sharetrail.aws.fast import client
from sharetrail.aws.tables import LINKS
from sharetrail.clicks import clicks
from sharetrail.clicks.click import click_key
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.sharing import redirect
from tests.shops import BROWSER, Answer, Shop


@pytest.fixture(params=["yes", "no"], ids=["wire", "botocore"], autouse=True)
def fast_path(shop: Shop, request: pytest.FixtureRequest) -> Iterator[None]:
    """By either client, all the same."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAST_PATH", request.param)
        yield


@pytest.fixture
def code(shop: Shop) -> str:
    return shop.share("ana", campaign="autumn").json["code"]


def facts(shop: Shop) -> list[dict[str, Any]]:
    name = shop.cloud.template.environment["EVENTS_TABLE"]
    return boto3.client("dynamodb").scan(TableName=name)["Items"]


def test_a_get_leads_on_with_our_tags_and_is_one_click(shop: Shop, code: str) -> None:
    answer = shop.follow(code)
    assert answer.status == 302
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["utm_source"] == ["whatsapp"]
    assert query["utm_medium"] == ["share"]
    assert query["utm_campaign"] == ["autumn"]
    assert query["utm_content"] == [code]
    (fact,) = facts(shop)
    assert click_key(shop.id, query["st"][0]) == {k: fact[k]["S"] for k in ("pk", "sk")}


def test_no_address_is_kept(shop: Shop, code: str) -> None:
    shop.follow(code)
    assert "127.0.0.1" not in json.dumps(facts(shop))


def test_head_is_answered_and_not_counted(shop: Shop, code: str) -> None:
    answer = shop.follow(code, method="HEAD")
    assert answer.status == 302
    assert "st=" not in answer.headers["location"]
    assert f"utm_content={code}" in answer.headers["location"]
    assert facts(shop) == []


@pytest.mark.parametrize(
    "header",
    [
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"purpose": "preview"},
        {"x_purpose": "preview", "x_fb_http_engine": "Liger"},
        {"x_moz": "prefetch"},
        {"x_moz": "Prefetch", "purpose": ""},
    ],
)
def test_a_prefetch_is_sent_back_and_not_counted(shop: Shop, code: str, header: dict) -> None:
    answer = shop.follow(code, **header)
    assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
    assert facts(shop) == []


@pytest.mark.parametrize("header", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_under_privacy_control_the_click_counts_without_a_visitor(
    shop: Shop, code: str, header: dict
) -> None:
    answer = shop.follow(code, **header)
    assert answer.status == 302
    assert "utm_medium=share" in answer.headers["location"]
    assert "st=" not in answer.headers["location"], "no id that a page could keep"
    (fact,) = facts(shop)
    assert "v" not in fact


def test_a_new_day_has_its_salt_before_its_first_click(shop: Shop, code: str) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=3))
    shop.follow(code)
    (fact,) = facts(shop)
    assert {"v", "a"} <= fact.keys()


@pytest.fixture
def no_salt(shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule has not run for days."""
    monkeypatch.setattr(shop.cloud.schedules, "meet_day", lambda: None)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=3))


@pytest.mark.usefixtures("no_salt")
def test_a_click_of_a_day_without_a_salt_is_kept_without_a_visitor_and_carries_its_id(
    shop: Shop, code: str
) -> None:
    for _ in range(10):
        assert "st=" in shop.follow(code).headers["location"]
    assert "st=" not in shop.follow(code, sec_gpc="1").headers["location"]
    assert {("v" in fact, "a" in fact) for fact in facts(shop)} == {(False, False)}
    shop.cloud.drain()
    told = shop.read("/v1/stats")["totals"]
    assert (told["raw_clicks"], told["clicks"]) == (11, 11)


@pytest.mark.usefixtures("no_salt")
def test_an_order_finds_its_click_and_links_are_made_on_a_day_without_a_salt(
    shop: Shop, code: str
) -> None:
    click = shop.click(code)
    shop.buy("1001", "48.50", click, visit=click)
    assert shop.share("ben").status == 201
    assert shop.share(key="publishable_key").status == 201
    shop.cloud.drain()
    assert [each["influencer"] for each in shop.order("1001")["credits"]["last"]] == ["ana"]


def test_what_every_host_is_asked_for_costs_no_read(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "dynamodb", None)
    monkeypatch.setattr(client, "get_item", None)
    for method in ("GET", "HEAD"):
        assert shop.ask(method, "/favicon.ico").status == 204
        assert shop.ask(method, "/robots.txt").status == 200


FETCHERS = [
    "Twitterbot",
    "LinkedInBot",
    "Pinterestbot",
    "facebookexternalhit",
    "Slackbot-LinkExpanding",
    "Applebot",
    "Googlebot",
]


@pytest.mark.parametrize("agent", FETCHERS)
def test_whoever_draws_a_links_card_may_fetch_it_and_nobody_what_is_no_page(
    shop: Shop, code: str, agent: str
) -> None:
    rules = RobotFileParser()
    rules.parse(shop.ask("GET", "/robots.txt").body.decode().splitlines())
    go = "https://go.shop.example"
    assert rules.can_fetch(agent, f"{go}/{code}")
    assert rules.can_fetch(agent, f"{go}/sharetrail.js")
    assert not rules.can_fetch(agent, f"{go}/v1/links")
    assert not rules.can_fetch(agent, f"{go}/unsubscribe/token")


def test_the_script_is_answered_to_head_as_to_get_without_its_body(shop: Shop) -> None:
    got, asked = shop.ask("GET", "/sharetrail.js"), shop.ask("HEAD", "/sharetrail.js")
    assert (asked.status, asked.body) == (200, b"")
    assert got.body
    for name in ("content-type", "etag", "cache-control", "content-length"):
        assert asked.headers[name] == got.headers[name]


def test_a_code_as_a_messenger_hands_it_over_is_the_same_link(shop: Shop, code: str) -> None:
    written = [
        f"{code}/",
        code.upper(),
        f"{code}.",
        f"{code}%20",
        f"{code.upper()}%2F",
        f"{code}),",
    ]
    for each in written:
        answer = shop.follow(each)
        assert answer.status == 302, each
        assert parse_qs(urlsplit(answer.headers["location"]).query)["utm_content"] == [code]
    assert shop.follow(f"{code}/", method="HEAD").status == 302
    assert [fact["c"]["S"] for fact in facts(shop)] == [code] * len(written)


def test_all_ways_to_write_a_code_share_what_is_remembered_of_it(shop: Shop, code: str) -> None:
    now = shop.cloud.clock.now()
    assert redirect.find(code.upper(), now) is redirect.find(code, now)


@pytest.mark.parametrize("path", ["/nothing", "/not/a/link", "/wp-admin/", "/0000000000/1"])
def test_what_is_no_link_is_a_page_for_people(shop: Shop, path: str) -> None:
    answer = shop.ask("GET", path)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert b"This link leads nowhere" in answer.body


def test_what_is_no_resource_of_the_api_is_a_problem_for_programs(shop: Shop) -> None:
    answer = shop.ask("GET", "/v1/nothing")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


LOADS = "image iframe frame script empty object embed video audio font style worker manifest"


@pytest.mark.parametrize("destination", [*LOADS.split(), "Document", "image,image", "x" * 500])
def test_what_a_page_loads_as_a_part_of_itself_is_kept_and_carries_no_id(
    shop: Shop, code: str, destination: str
) -> None:
    answer = shop.follow(code, sec_fetch_dest=destination)
    assert answer.status == 302
    assert answer.headers["location"] == shop.read(f"/v1/links/{code}")["url"]
    (fact,) = facts(shop)
    known = destination.isalpha() and destination.islower() and len(destination) < 20
    assert fact["e"]["S"] == (destination if known else "something unknown")


@pytest.mark.parametrize("headers", [{}, {"sec_fetch_dest": "document"}, {"sec_fetch_dest": ""}])
def test_a_visit_keeps_nothing_of_how_it_was_loaded(
    shop: Shop, code: str, headers: dict[str, str]
) -> None:
    assert "st=" in shop.follow(code, **headers).headers["location"]
    (fact,) = facts(shop)
    assert "e" not in fact


def test_embedded_loads_count_as_raw_and_whoever_follows_the_link_beside_them_as_valid(
    shop: Shop, code: str
) -> None:
    for n in range(25):
        shop.follow(code, sec_fetch_dest="image", user_agent=f"{BROWSER} v{n % 5}")
    shop.follow(code, f"{BROWSER} v0")
    shop.cloud.drain()
    told = shop.read("/v1/stats")["totals"]
    assert (told["raw_clicks"], told["clicks"], told["verdicts"]["embedded"]) == (26, 1, 25)


def test_what_a_visitor_adds_to_a_link_is_on_the_shops_page(shop: Shop, code: str) -> None:
    added = "fbclid=" + "A" * 220 + "&preview&a=&q=%E9&tags[]=1&st=forged&utm_source=forged"
    location = shop.follow(f"{code}?{added}").headers["location"]
    query = location.partition("?")[2]
    assert query.startswith("fbclid=" + "A" * 220 + "&preview&a=&q=%E9&tags[]=1&st=")
    assert "forged" not in query


# ── Where links end ──────────────────────────────────────────────────────────────────────────────
# ── where the shop acts ──────────────────────────────────────────────────────────────────────────
def test_a_visitor_adds_nothing_that_makes_the_shop_act_whoever_made_the_link(shop: Shop) -> None:
    added = "a=1&return_to=/account/logout&Discount=X&add%2Dto-cart=5&b[next][]=//evil.example&c=2"
    for key in ("secret_key", "publishable_key"):
        code = shop.share(key=key).json["code"]
        location = shop.follow(f"{code}?{added}").headers["location"]
        assert {*parse_qs(urlsplit(location).query)} - TAGS == {"a", "c"}


TAGS = {"st", "utm_source", "utm_medium", "utm_campaign", "utm_content"}


@pytest.mark.parametrize(
    ("stored", "led_to"),
    [
        ("/cart/123:1", "/"),
        ("/products/mug?discount=X&variant=1", "/products/mug?variant=1"),
        ("/products/cart", "/products/cart"),
    ],
)
def test_a_link_of_before_that_a_browser_made_to_where_the_shop_acts_leads_elsewhere(
    shop: Shop, stored: str, led_to: str
) -> None:
    for key, target in (("publishable_key", led_to), ("secret_key", stored)):
        code = shop.share(key=key, url="https://shop.example/x").json["code"]
        LINKS.update(
            {"pk": code}, "SET #url = :url", names=["url"], url=f"https://shop.example{stored}"
        )
        for method in ("GET", "HEAD"):
            location = shop.follow(code, method=method).headers["location"]
            assert location.startswith(f"https://shop.example{target}")
            assert ("discount" in location) == ("discount" in target)
        framed = shop.follow(code, sec_fetch_dest="iframe").headers["location"]
        assert framed == f"https://shop.example{target}"


def page_of(answer: Answer) -> str:
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-robots-tag"] == "noindex"
    return answer.body.decode()


def later(shop: Shop) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))


def switched_off(shop: Shop, code: str) -> None:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("PATCH", f"/v1/links/{code}", {"disabled": True}, secret).status == 200
    later(shop)


def test_a_link_that_was_switched_off_names_its_shop_and_leads_there(shop: Shop, code: str) -> None:
    switched_off(shop, code)
    answer = shop.follow(code, host="evil.example")
    assert answer.status == 410
    assert "Mug &amp; Bean does not use it any more" in page_of(answer)
    assert '<a class="button" href="https://shop.example/">Go to Mug &amp; Bean</a>' in page_of(
        answer
    )
    assert "evil" not in page_of(answer)


def test_a_fallback_is_led_to_and_one_of_an_earlier_day_only_if_it_is_an_address_today(
    shop: Shop, code: str
) -> None:
    shop.onboarded(fallback_url="https://www.shop.example/sale?from=links")
    switched_off(shop, code)
    answer = shop.follow(code)
    assert (answer.status, answer.headers["location"]) == (
        302,
        "https://www.shop.example/sale?from=links",
    )
    for bad in ("https://user:pw@shop.example/", "https://shop.example/größe"):
        profiles.revise(shop.id, lambda merchant, bad=bad: replace(merchant, fallback_url=bad))
        later(shop)
        assert shop.follow(code).status == 410


@pytest.mark.parametrize("origin", ["https://shop.example", "https://www.shop.example"])
def test_an_unknown_code_names_the_shop_that_the_links_domain_belongs_to(
    shop: Shop, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.onboarded(origins=[origin])
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.shop.example")
    answer = shop.follow("0000000000", host="other.example")
    assert answer.status == 404
    assert '<a class="button" href="https://shop.example/">Go to Mug &amp; Bean</a>' in page_of(
        answer
    )


@pytest.mark.parametrize(
    "base", ["https://go.agency.example", "https://go.other.example", "https://example"]
)
def test_it_names_none_where_the_domain_is_nobodys(
    shop: Shop, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", base)
    answer = shop.follow("0000000000", host="go.shop.example", origin="https://shop.example")
    assert answer.status == 404
    assert "Bean" not in page_of(answer)
    assert "<a " not in page_of(answer)


def test_it_names_none_where_the_domain_is_two_shops(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.onboarded(
        shop_host="www.shop.example", name="Another", shopify_domain=None, webhook_secrets=None
    )
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.shop.example")
    assert "<a " not in page_of(shop.follow("0000000000"))


def test_a_shops_name_is_text(shop: Shop, code: str) -> None:
    shop.onboarded(name="<script>alert(1)</script>")
    switched_off(shop, code)
    assert "<script" not in page_of(shop.follow(code))


def test_a_host_that_was_withdrawn_is_not_led_to_any_more(shop: Shop) -> None:
    shop.onboarded(hosts=["old.shop.example"])
    later(shop)
    code = shop.share(url="https://old.shop.example/").json["code"]
    assert shop.follow(code).status == 302
    shop.onboarded(hosts=[])
    later(shop)
    assert shop.follow(code).status == 410


def test_a_click_the_table_would_not_take_arrives_by_the_queue(
    shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("EVENTS_TABLE", "gone")
        answer = shop.follow(code)
    assert answer.status == 302
    assert facts(shop) == []
    shop.cloud.drain()
    (fact,) = facts(shop)
    (click,) = parse_qs(urlsplit(answer.headers["location"]).query)["st"]
    assert click_key(shop.id, click)["sk"] == fact["sk"]["S"]
    assert fact["ua"]["S"] != BROWSER


def test_where_even_the_queue_is_gone_the_shopper_is_led_on_and_the_log_has_the_click(
    shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("EVENTS_TABLE", "gone")
        broken.setenv("CLICKS_QUEUE", f"{shop.cloud.emulator.endpoint}/000000000000/gone")
        assert shop.follow(code).status == 302
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "ClickNotKept" in line]
    body = json.loads(line)["click"]
    queue = shop.cloud.template.environment["CLICKS_QUEUE"]
    for _ in range(2):  # replayed as the README says, and once more
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
        shop.cloud.drain()
    assert len(facts(shop)) == 1


def test_a_code_is_looked_up_once_a_minute(shop: Shop, code: str) -> None:
    shop.follow(code)
    shop.follow(code)
    assert len(facts(shop)) == 2
    assert redirect.find(code, shop.cloud.clock.now()) is redirect.find(
        code, shop.cloud.clock.now()
    )


def test_the_live_stage_does_not_lead_to_loopback(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = Shop.onboard(shop.cloud, shop_host="localhost:8080", shopify_domain=None)
    wish = {"url": "http://localhost:8080/shop/", "network": "x", "influencer": {"id": "ana"}}
    headers = {"authorization": f"Bearer {local.facts['secret_key']}"}
    made = local.ask("POST", "/v1/links", wish, headers)
    assert made.status == 201
    assert local.follow(made.json["code"]).status == 302
    monkeypatch.setenv("STAGE", "live")
    assert local.ask("POST", "/v1/links", wish, headers).status == 422
    assert local.follow(made.json["code"]).status == 410


def test_a_click_that_arrives_after_its_day_was_closed_is_in_the_day(shop: Shop, code: str) -> None:
    shop.follow(code)
    shop.cloud.drain()
    at = shop.cloud.clock.now()
    shop.cloud.clock.set_forward(at + timedelta(days=2))
    shop.run("close_days")
    day = calendars.local_day(at, profiles.find(shop.id, at).tz)
    path = f"/v1/stats?from={day}&to={day}"
    assert shop.read(path)["totals"]["raw_clicks"] == 1
    who = Visitor(hash="0042", agent=BROWSER, referrer="", country=None)
    clicks.save(new_click(shop.id, code, who, at))
    shop.cloud.drain()
    told = shop.read(path)["totals"]
    assert (told["raw_clicks"], told["unique"]) == (2, 2)
