"""Tables lost and restored, by the steps of docs/operate.md, with the emulator's own backups: each
figure is as it was, nobody is mailed twice, and life goes on.
"""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from local.cloud import Cloud
from local.operations import copy_back
from local.runtime.memories import forget_facts
from local.template.declarations import Table
from sharetrail.aws import environment
from tests.recipients import OWNER
from tests.shops import ORIGIN, PHONE, Shop, monday

pytestmark = pytest.mark.slow
SALTS = "sharetrail-salts-table"
"""Which nobody restores: it has no backups, and a deleted salt must be gone."""
STREAMED = ("sharetrail-events-table", "sharetrail-orders-table")


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """A week of a shop, scored, reported and mailed."""
    shop = Shop.onboard(cloud)
    live(shop)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.run("close_days", "score_influencers", "schedule_reports")
    assert len(shop.cloud.outbox.mails) == 1
    return shop


def live(shop: Shop) -> None:
    code = shop.share("ana").json["code"]
    shop.share("ben", trail=[trail := shop.click(code)])
    shop.click(code, PHONE.replace("18.5", "18.4"))
    seen = {"id": "a-view-of-a-page", "type": "view", "url": f"{ORIGIN}/products/mug"}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202
    shop.buy("1001", "48.50", trail, visit=trail)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "8.50"))
    shop.buy("1002", "20.00", discount_codes=[{"code": "NOBODYS"}])
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    assert shop.run("close_days", "sweep") == []


def figures(shop: Shop) -> dict[str, Any]:
    """What the shop is told of itself, but for when."""
    now = shop.cloud.clock.now()
    days = f"from={now - timedelta(days=10):%Y-%m-%d}&to={now - timedelta(days=1):%Y-%m-%d}"
    paths = [f"stats?by={by}&{days}" for by in ("influencer", "link", "day")]
    paths += ["influencers", "rankings/sales", "orders", "links", "recipients", "reports"]
    told = {path: shop.read(f"/v1/{path}") for path in paths}
    for path in paths[:3]:
        del told[path]["basis"]["until"]
    return told | {order: shop.order(order) for order in ("1001", "1002")}


def tables(shop: Shop) -> list[Table]:
    return [each for name, each in shop.cloud.template.tables.items() if name != SALTS]


def rows(table: str) -> list[dict[str, Any]]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def lose_rows(table: str) -> None:
    client = boto3.client("dynamodb")
    keys = [
        each["AttributeName"]
        for each in client.describe_table(TableName=table)["Table"]["KeySchema"]
    ]
    for row in rows(table):
        client.delete_item(TableName=table, Key={name: row[name] for name in keys})


def assert_life_goes_on(shop: Shop, mails: int = 1) -> None:
    """What comes is counted and credited once; Monday's mail is sent already."""
    forget_facts()
    shop.run("sweep", "close_days", "score_influencers", "schedule_reports")
    assert len(shop.cloud.outbox.mails) == mails, "nobody is mailed again"
    today = f"/v1/stats?from={(now := shop.cloud.clock.now()):%Y-%m-%d}&to={now:%Y-%m-%d}"
    trail = shop.click(shop.read("/v1/links")["items"][0]["code"], PHONE.replace("18.5", "18.3"))
    shop.buy("1003", "10.00", trail, visit=trail)
    assert shop.cloud.drain()["failed"] == []
    assert shop.order("1003")["influence"] == "last_click"
    assert shop.read(today)["totals"]["clicks"] == 1


def test_lost_rows_are_copied_back_and_every_figure_is_as_it_was(shop: Shop) -> None:
    client, before = boto3.client("dynamodb"), figures(shop)
    kept = {table.name: len(rows(table.name)) for table in tables(shop)}
    for table in kept:
        client.restore_table_to_point_in_time(
            SourceTableName=table, TargetTableName=f"{table}-restored", UseLatestRestorableTime=True
        )
        lose_rows(table)
    forget_facts()
    for table, number in kept.items():
        assert copy_back.copy(f"{table}-restored", table) == (number, 0)
        assert copy_back.copy(f"{table}-restored", table) == (0, number), "twice as good as once"
        client.delete_table(TableName=f"{table}-restored")
    assert shop.cloud.drain()["failed"] == []
    forget_facts()
    assert figures(shop) == before
    assert_life_goes_on(shop)


def test_a_deleted_table_is_restored_under_its_own_name(shop: Shop) -> None:
    client, before = boto3.client("dynamodb"), figures(shop)
    for table in tables(shop):
        told = client.create_backup(TableName=table.name, BackupName="the-one-before")
        client.delete_table(TableName=table.name)
        client.restore_table_from_backup(
            TargetTableName=table.name, BackupArn=told["BackupDetails"]["BackupArn"]
        )
        if stream := table.definition.get("StreamSpecification"):
            client.update_table(TableName=table.name, StreamSpecification=stream)
    for each in shop.cloud.event_sources.streams:  # whose mapping is made anew
        each.start(latest=True)
    forget_facts()
    assert shop.cloud.drain()["failed"] == []
    assert figures(shop) == before
    assert_life_goes_on(shop)


def test_totals_that_are_gone_are_computed_again_from_the_facts(shop: Shop) -> None:
    before = figures(shop)
    lose_rows("sharetrail-totals-table")
    message = {"job": "close", "merchant": shop.id, "about": ["moved"]}
    boto3.client("sqs").send_message(
        QueueUrl=environment.queue("chores"),
        MessageBody=json.dumps(message),
        MessageGroupId=shop.id,
    )
    assert shop.cloud.drain()["failed"] == []
    assert figures(shop) == before
    assert_life_goes_on(shop)


def test_what_was_damaged_is_put_over(shop: Shop) -> None:
    client, table = boto3.client("dynamodb"), "sharetrail-influencers-table"
    before = rows(table)
    client.restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=f"{table}-restored", UseLatestRestorableTime=True
    )
    for row in before:
        client.put_item(TableName=table, Item={**row, "name": {"S": OWNER}})
    copy_back.copy(f"{table}-restored", table)
    assert rows(table) != before
    assert copy_back.copy(f"{table}-restored", table, over=True) == (len(before), 0)
    client.delete_table(TableName=f"{table}-restored")
    assert sorted(map(json.dumps, rows(table))) == sorted(map(json.dumps, before))
