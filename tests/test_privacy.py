"""docs/privacy.md says what rooms declare, and what they declare ends as the template has it."""

from datetime import timedelta
from pathlib import Path

import pytest

from local.artifacts import privacy
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.personal import Kept
from sharetrail.privacy import declared

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
KEPT = privacy.kept()


def test_the_page_is_todays() -> None:
    written = Path(privacy.PAGE).read_text()
    assert written == privacy.page(written, KEPT), "run `make privacy`"


def test_an_export_goes_by_what_every_room_declares() -> None:
    assert {*declared.kept()} == {*KEPT}


def test_no_attribute_is_declared_twice_of_one_kind_of_person() -> None:
    told = [(k.table, k.row, name, k.whose) for k in KEPT for name in k.attributes]
    assert len(told) == len({*told})


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.table} {kept.row}")
def test_each_declaration_is_whole(kept: Kept) -> None:
    assert kept.attributes
    assert kept.why[0].isupper()
    assert kept.why.endswith(".")
    assert not kept.what.endswith(".")
    assert (kept.until.after is None) == (kept.until.by in ("erasure", "shop"))
    if kept.until.after:
        assert kept.until.since
    else:
        assert (kept.until.by == "erasure") == (not kept.leaves), "what stays ends with the shop"


def rules(bucket: str) -> dict[str, timedelta]:
    """A bucket's prefixes, and how long what begins so lives."""
    told = RESOURCES[bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    return {each.get("Prefix", ""): timedelta(days=each["ExpirationInDays"]) for each in told}


@pytest.mark.parametrize(
    "kept", [k for k in KEPT if k.table.endswith("bucket")], ids=lambda kept: kept.row
)
def test_objects_end_as_the_buckets_rules_have_it(kept: Kept) -> None:
    told = rules(f"{kept.table.split()[0].title()}Bucket")
    key = kept.row.replace("{merchant}", "m_{hash}")
    ends = [after for prefix, after in told.items() if key.startswith(prefix)]
    if kept.until.after is None:
        assert ends == []
    else:
        assert min(ends) == kept.until.after


@pytest.mark.parametrize(
    "kept", [k for k in KEPT if k.table.endswith("queue")], ids=lambda kept: kept.table
)
def test_messages_end_as_the_queues_and_their_dead_letters_have_it(kept: Kept) -> None:
    name = kept.table.split()[0].title()
    ages = (
        RESOURCES[each]["Properties"]["MessageRetentionPeriod"]
        for each in (f"{name}Queue", f"Failed{name}")
    )
    assert kept.until.after == timedelta(seconds=max(ages))


def test_logs_end_as_their_groups_have_it() -> None:
    (logs,) = (each for each in KEPT if each.table == "logs")
    groups = (each for each in RESOURCES.values() if each["Type"] == "AWS::Logs::LogGroup")
    days = max(each["Properties"]["RetentionInDays"] for each in groups)
    assert timedelta(days=days) <= (logs.until.after or timedelta())


def test_every_table_but_salts_is_backed_up_and_every_row_with_an_end_is_in_one_that_has_ends():
    for name in {each.table for each in KEPT if each.until.by == "expiry"}:
        table = RESOURCES[f"{name.title()}Table"]["Properties"]
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    backed = {
        name
        for name, each in RESOURCES.items()
        if each["Type"] == "AWS::DynamoDB::Table"
        and each["Properties"]
        .get("PointInTimeRecoverySpecification", {})
        .get("PointInTimeRecoveryEnabled")
    }
    tables = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::DynamoDB::Table"}
    assert tables - backed == {"SaltsTable"}
