"""docs/shops.sql over what DynamoDB exports of the tables, beside what the API answers."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from sharetrail.aws.tables import EVENTS, MERCHANTS, ORDERS
from tests.shops import Shop
from tests.table_exports import export

DOCS = Path(__file__).parents[2] / "docs"
SQL = (DOCS / "shops.sql").read_text()
TABLES = {"merchants": MERCHANTS, "events": EVENTS, "orders": ORDERS}


def told(bucket: Path, first: str, last: str) -> dict[str, Mapping[str, Any]]:
    """Merchant → what the query says of it, of exports made now."""
    files = {noun: export(table, bucket) for noun, table in TABLES.items()}
    answer = duckdb.execute(SQL, {**files, "first": first, "last": last})
    names = [column[0] for column in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return {row["merchant"]: row for row in rows}


def answered(shop: Shop, first: str, last: str) -> Mapping[str, Any]:
    """The same of one, by the API."""
    stats = shop.read(f"/v1/stats?from={first}&to={last}")
    totals = stats["totals"]
    amounts = ("revenue", "last_click", "assisted")
    cents = {name: round(float(totals[name]["amount"]) * 100) for name in amounts}
    return {
        "merchant": shop.id,
        "currency": stats["currency"],
        "clicks": totals["raw_clicks"],
        "orders": totals["orders"],
        "influenced_orders": totals["influenced_orders"],
        **cents,
    }


def begin(shop: Shop) -> date:
    """An evening in New York, where it is the next day by UTC; the day there."""
    tomorrow = shop.cloud.clock.now() + timedelta(days=1)
    shop.cloud.clock.set_forward(tomorrow.replace(hour=2, minute=0))
    return tomorrow.date() - timedelta(days=1)


def pass_days(shop: Shop, days: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=days))


def sell(shop: Shop) -> None:
    """Two days with all kinds of orders, with clicks on both, and a page event, which is none."""
    ana, ben = shop.share("ana").json["code"], shop.share("ben", network="x").json["code"]
    first, second = shop.click(ana), shop.click(ben)
    event = {"id": "a-view-of-a-mug", "type": "view", "url": "https://shop.example/products/mug"}
    body = {"key": shop.facts["publishable_key"], "events": [event]}
    answer = shop.ask("POST", "/v1/events", body, {"origin": "https://shop.example"})
    assert answer.status == 202, answer.body
    pass_days(shop, 1 / 1440)
    shop.buy("1001", "100.00", f"{first},{second}", visit=second)
    shop.buy("1002", "60.00", first, visit="other")
    shop.buy("1003", "40.00", "none", test=True)
    shop.buy("1004", "45.00", "none", currency="EUR")
    pass_days(shop, 1)
    shop.click(ben)
    shop.buy("1005", "20.00", "none")
    shop.deliver("refunds/create", shop.a_refund("1002", "1", "10.00"))
    assert shop.cloud.drain()["failed"] == []


def test_a_query_over_an_export_says_what_the_api_says(shop: Shop, tmp_path: Path) -> None:
    day = begin(shop)
    sell(shop)
    quiet = Shop(shop.cloud)
    quiet.facts = quiet.onboarded(
        shop_host="quiet.example", zone="Asia/Tokyo", currency="JPY", shopify_domain=None
    )
    first, last = f"{day - timedelta(days=1)}", f"{day + timedelta(days=3)}"
    rows = told(tmp_path, first, last)
    assert rows == {each.id: answered(each, first, last) for each in (shop, quiet)}
    assert (rows[shop.id]["clicks"], rows[shop.id]["revenue"]) == (3, 17_000)
    assert rows[quiet.id]["clicks"] == 0


def test_a_query_of_one_local_day_has_that_days_alone(shop: Shop, tmp_path: Path) -> None:
    day = begin(shop)
    sell(shop)
    clicks = {}
    for n in range(-1, 3):
        local = f"{day + timedelta(days=n)}"
        rows = told(tmp_path / local, local, local)
        assert rows == {shop.id: answered(shop, local, local)}
        clicks[n] = rows[shop.id]["clicks"]
    assert clicks == {-1: 0, 0: 2, 1: 1, 2: 0}


def test_the_page_shows_the_query_that_was_run() -> None:
    shown = (DOCS / "scale.md").read_text().split("```sql\n")[1].partition("```")[0]
    assert shown == SQL
