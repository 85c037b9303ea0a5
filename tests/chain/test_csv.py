"""Every list as CSV over the API."""

import csv
import io

import pytest

from tests.shops import Answer, Shop

LISTS = (
    *("influencers", "links", "orders", "codes", "reports", "held-orders", "rates", "quarantine"),
    *("keys", "recipients", "rankings/shares", "rankings/sales", "rankings/influence"),
)


def ask(shop: Shop, path: str, accept: str = "text/csv") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "accept": accept}
    return shop.ask("GET", path, headers=headers)


def rows(answer: Answer) -> list[dict[str, str]]:
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    text = answer.body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_a_table(shop: Shop, path: str) -> None:
    shop.share("ana")
    answer = ask(shop, f"/v1/{path}")
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


def test_what_is_no_list_and_what_is_refused_are_as_ever(shop: Shop) -> None:
    assert ask(shop, "/v1/settings").json["currency"] == "USD"
    assert ask(shop, "/v1/links?limit=0").json["errors"][0]["field"] == "limit"
    assert shop.ask("GET", "/v1/links", headers={"accept": "text/csv"}).status == 401
