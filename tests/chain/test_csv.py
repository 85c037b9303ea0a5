"""Every table as CSV over the API."""

import csv
import gzip
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sharetrail import calendars
from sharetrail.analysis import periods
from sharetrail.costs import cohorts
from tests import contract
from tests.shops import Answer, Shop, monday, usd

TABLE = "text/csv"
NOT_THERE = ("/v1/results/none", "/v1/reports/2026-W01", "/v1/removal-effects")
"""Of a shop of a minute ago."""


def gets() -> dict[str, bool]:
    """Every GET of the secret key by its address, and whether it says that it is a table."""
    named = {
        "influencer_id": "ana",
        "code": "nobody",
        "platform": "shopify",
        "order_id": "1",
        "key_id": "0" * 12,
        "quarantined_id": "0" * 32,
        "span_key": "2026-W01",
        "result_id": "none",
        "address": "a@b.example",
    }
    return {
        path.format(**named): TABLE in each["responses"]["200"]["content"]
        for method, path, each in contract.operations()
        if method == "get" and each.get("security") == [{"secret_key": []}]
    }


def today(shop: Shop) -> str:
    return f"{calendars.local_day(shop.cloud.clock.now(), ZoneInfo('America/New_York'))}"


def ask(shop: Shop, path: str, accept: str = "text/csv") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "accept": accept}
    return shop.ask("GET", path, headers=headers)


def rows(answer: Answer) -> list[dict[str, str]]:
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    text = answer.body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(("path", "is_table"), gets().items())
def test_what_says_that_it_is_a_table_answers_as_one_and_all_else_is_refused(
    shop: Shop, path: str, is_table: bool
) -> None:
    shop.share("ana")
    answer = ask(shop, path)
    if not is_table:
        assert (answer.status, answer.json["code"]) == (406, "not_acceptable")
    elif answer.status == 404:
        assert path in NOT_THERE
    else:
        assert isinstance(rows(answer), list)
        assert answer.body.startswith(b"\xef\xbb\xbf")
        assert answer.headers["content-disposition"].endswith('.csv"')


def test_a_table_goes_on_where_its_link_header_says(shop: Shop) -> None:
    made = [shop.share("ana", network=each).json["code"] for each in ("x", "email", "sms")]
    found, path = [], "/v1/links?limit=2&influencer=ana&sort=created_at"
    while path:
        answer = ask(shop, path)
        found += [row["code"] for row in rows(answer)]
        address = answer.headers.get("link", "").partition(">")[0].lstrip("<")
        path = address.partition("/v1/")[2] and f"/v1/{address.partition('/v1/')[2]}"
    assert found == made


def test_a_table_goes_on_by_what_was_asked_empty_words_too(shop: Shop) -> None:
    cost = {"kind": "fee", "cost": {"amount": "1.00", "currency": "USD"}}
    for day in ("2026-11-01", "2026-11-02"):
        shop.ask(
            *("POST", "/v1/costs", {**cost, "from": day, "to": day}),
            {"authorization": f"Bearer {shop.facts['secret_key']}"},
        )
    first = ask(shop, "/v1/costs?influencer=&limit=1")
    path = first.headers["link"].partition(">")[0].partition("/v1/")[2]
    (row,) = rows(ask(shop, f"/v1/{path}"))
    assert row["from"] == "2026-11-02"


def test_what_strangers_write_is_inert(shop: Shop) -> None:
    evil = "=1+1"
    shop.share("ana", campaign=evil, label="@SUM(A1)", product={"id": evil, "title": "+1"})
    (row,) = rows(ask(shop, "/v1/links"))
    assert (row["campaign"], row["label"]) == ("'=1+1", "'@SUM(A1)")
    assert (row["product.id"], row["product.title"]) == ("'=1+1", "'+1")


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/json, text/csv", "text/html, text/csv"]
)
def test_whoever_asks_for_no_table_gets_json(shop: Shop, accept: str) -> None:
    assert ask(shop, "/v1/links", accept).json == {"items": [], "cursor": None}


@pytest.mark.parametrize("accept", ["text/csv, */*;q=0.1", "text/csv, application/json"])
def test_who_takes_json_too_gets_it_of_what_is_no_table(shop: Shop, accept: str) -> None:
    assert ask(shop, "/v1/settings", accept).json["currency"] == "USD"
    assert ask(shop, "/v1/links", accept).headers["content-type"].startswith(TABLE)


def test_what_is_refused_is_a_problem_as_ever(shop: Shop) -> None:
    assert ask(shop, "/v1/links?limit=0").json["errors"][0]["field"] == "limit"
    assert shop.ask("GET", "/v1/links", headers={"accept": TABLE}).status == 401


def test_a_write_is_done_and_told_as_json_whatever_is_asked_for(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "accept": TABLE}
    made = shop.ask("POST", "/v1/codes", {"code": "ana10", "influencer": "ana"}, headers)
    assert (made.status, made.json["code"]) == (201, "ANA10")


# ── tables within an answer ──────────────────────────────────────────────────────────────────────
@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Ana's fee of 20.00, and an order of 100.00 by her link on WhatsApp."""
    trail = shop.click(shop.share("ana", network="whatsapp").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    shop.buy("1001", "100.00", trail, visit=trail)
    assert shop.cloud.drain()["failed"] == []
    fee = {"kind": "fee", "cost": usd("20.00"), "from": today(shop), "influencer": "ana"}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", "/v1/costs", fee, headers).status == 201
    return shop


def test_stats_are_their_rows_or_the_one_of_all(sold: Shop) -> None:
    (all_of_it,) = rows(ask(sold, "/v1/stats"))
    assert (all_of_it["revenue"], all_of_it["revenue_currency"]) == ("100.00", "USD")
    assert all_of_it["views"] == "", "no page told anything"
    (network,) = rows(ask(sold, "/v1/stats?by=network"))
    assert (network["group"], network["influenced"], network["range.low"]) == (
        *("whatsapp", "100.00", "100.00"),
    )
    assert "linear 100.00 USD" in network["revenue_by_model"].split("; ")
    assert "revenue_by_model_currency" not in network
    days = rows(ask(sold, "/v1/stats?by=day"))
    assert [each["orders"] for each in days if each["orders"] != "0"] == ["1"]
    assert "clicks" in ask(sold, "/v1/stats?by=seen_on").body.decode().splitlines()[0]


def test_returns_are_a_line_for_each_group(sold: Shop) -> None:
    (ana,) = rows(ask(sold, "/v1/returns"))
    assert (ana["group"], ana["spend"], ana["spend_currency"]) == ("ana", "20.00", "USD")


def test_cohorts_are_a_line_for_each_step(sold: Shop) -> None:
    found = rows(ask(sold, "/v1/cohorts"))
    told = sold.read("/v1/cohorts")["rows"]
    assert len(found) == sum(len(each["steps"]) for each in told)
    first = found[0]
    assert (first["group"], first["month"], first["step.days"]) == ("sharing", "", "0")
    assert (first["step.worth"], first["step.worth_currency"]) == ("100.00", "USD")


def test_key_figures_are_a_line_each_and_then_each_networks(sold: Shop) -> None:
    figure = {"network": "instagram", "day": today(sold), "followers": 1_177}
    key = {"authorization": f"Bearer {sold.facts['secret_key']}"}
    assert sold.ask("PUT", "/v1/network-figures", {"figures": [figure]}, key).status == 200
    path = f"/v1/kpis?from={today(sold)}&to={today(sold)}"
    found, told = rows(ask(sold, path)), sold.read(path)
    whole = [each for each in found if not each["network"]]
    assert [each["id"] for each in whole] == [each["id"] for each in told["kpis"]]
    assert {each["network"] for each in found} >= {"", "instagram"}
    (net,) = [each for each in whole if each["id"] == "revenue_net"]
    assert (net["figure"], net["figure_currency"], net["unknown"]) == ("100.00", "USD", "")
    (clicks,) = [each for each in whole if each["id"] == "clicks"]
    assert (clicks["figure"], clicks["figure_currency"]) == ("1", "")


def test_a_scored_week_is_a_table_wherever_it_is_told(sold: Shop) -> None:
    sold.cloud.clock.set_forward(monday(sold.cloud.clock.now()))
    assert sold.run("close_days", "score_influencers", "schedule_reports") == []
    told = sold.read("/v1/removal-effects")
    effects = [*told["networks_by_order"].values(), *told["influencers_by_order"].values()]
    found = rows(ask(sold, "/v1/removal-effects"))
    assert [each["channel"] for each in found] == [it["channel"] for of in effects for it in of]
    names = ask(sold, "/v1/removal-effects").body.decode("utf-8-sig").splitlines()[0]
    assert {"of", "order", "channel", "revenue_currency"} <= {*names.split(",")}
    (score,) = rows(ask(sold, "/v1/influencers/ana/scores"))
    assert score["value_currency"] == "USD"
    span = sold.read("/v1/reports")["items"][0]["span"]
    (ana,) = rows(ask(sold, f"/v1/reports/{span}"))
    assert (ana["influencer"], ana["credited"]) == ("ana", "100.00")


@pytest.mark.parametrize("asked", ["stats?by=network", "returns", "cohorts", "kpis?to={today}"])
def test_what_took_long_is_the_table_that_the_call_would_have_been(
    sold: Shop, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    path = f"/v1/{asked.format(today=today(sold))}"
    at_once = ask(sold, path).body
    for rooms in (periods, cohorts):
        monkeypatch.setattr(rooms, "MOST_ORDERS", 0)
    accepted = ask(sold, path)
    assert (accepted.status, accepted.json["state"]) == (202, "working")
    result = f"/v1/{accepted.json['url'].partition('/v1/')[2]}"
    assert ask(sold, result).status == 202
    sold.cloud.drain()
    assert ask(sold, result).body == at_once
    headers = {"authorization": f"Bearer {sold.facts['secret_key']}", "accept": TABLE}
    packed = sold.ask("GET", result, None, {**headers, "accept-encoding": "gzip"})
    assert gzip.decompress(packed.body) == at_once
