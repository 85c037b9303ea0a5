"""The redirect: leads on at once, keeps every click, and knows who must not be counted."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from sharetrail.aws import clients
from sharetrail.aws.fast import client
from sharetrail.clicks import clicks
from sharetrail.clicks.click import click_key
from sharetrail.clicks.visitor import new_click
from sharetrail.sharing import redirect
from tests.shops import BROWSER, Shop


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
    [{"sec_purpose": "prefetch"}, {"sec_purpose": "prefetch;prerender"}, {"purpose": "prefetch"}],
)
def test_a_prefetch_is_sent_back_and_not_counted(shop: Shop, code: str, header: dict) -> None:
    answer = shop.follow(code, **header)
    assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
    assert facts(shop) == []


@pytest.mark.parametrize("header", [{"sec_gpc": "1"}, {"dnt": "1"}])
def test_under_privacy_control_the_click_counts_without_a_visitor(
    shop: Shop, code: str, header: dict
) -> None:
    assert shop.follow(code, **header).status == 302
    (fact,) = facts(shop)
    assert "v" not in fact


def test_what_every_host_is_asked_for_costs_no_read(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "dynamodb", None)
    monkeypatch.setattr(client, "get_item", None)
    assert shop.ask("GET", "/favicon.ico").status == 204
    assert shop.ask("GET", "/robots.txt").body == b"User-agent: *\nDisallow: /\n"


def test_a_host_that_was_withdrawn_is_not_led_to_any_more(shop: Shop) -> None:
    shop.onboarded(hosts=["old.shop.example"])
    from datetime import timedelta

    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    code = shop.share(url="https://old.shop.example/").json["code"]
    assert shop.follow(code).status == 302
    shop.onboarded(hosts=[])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
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
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "not kept" in line]
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
    from datetime import timedelta

    from sharetrail import calendars
    from sharetrail.clicks.visitor import Visitor
    from sharetrail.merchants import profiles

    shop.follow(code)
    shop.cloud.drain()
    at = shop.cloud.clock.now()
    shop.cloud.clock.set_forward(at + timedelta(days=2))
    shop.cloud.schedule("close_days")
    day = calendars.local_day(at, profiles.find(shop.id, at).tz)
    path = f"/v1/stats?from={day}&to={day}"
    assert shop.read(path)["totals"]["clicks"]["raw"] == 1
    who = Visitor(hash="0042", agent=BROWSER, referrer="", country=None)
    clicks.save(new_click(shop.id, code, who, at))
    shop.cloud.drain()
    told = shop.read(path)["totals"]["clicks"]
    assert (told["raw"], told["unique"]) == (2, 2)
