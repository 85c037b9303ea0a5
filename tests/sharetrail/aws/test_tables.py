"""Each way in which tables are read and written, on the emulator and on Amazon's own."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.template.declarations import Template
from sharetrail.aws import clients
from sharetrail.aws.tables import (
    AGENDA,
    CREDITS_BY_DAY,
    DUE,
    LINKS,
    LINKS_BY_MERCHANT,
    ORDERS,
    Change,
    MorePages,
    Table,
)
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
Row = dict[str, Any]
LONG = "x" * 300_000  # of which four are more than a page


def row(sk: str, pk: str = "p", **more: Any) -> Row:
    return {"pk": pk, "sk": sk, **more}


def sks(rows: Any) -> list[str]:
    return [each["sk"] for each in rows]


# ── One item ─────────────────────────────────────────────────────────────────────────────────────
def test_what_is_put_is_got() -> None:
    item = row(
        "every kind",
        text='ä ☃ \U0001f600 "quoted" \n\0',
        empty="",
        whole=-12_345_678_901_234_567_890,
        part=0.30000000000000004,
        small=1e-7,
        bytes=bytes(range(256)),
        flag=False,
        set={"a", "ö", "\U0001f600"},
        list=["a", 1, None, []],
        map={"B": "named B", "é": {}, "deep": {"er": [{"est": 1.5}]}},
    )
    ORDERS.put(item)
    assert ORDERS.get("p", "every kind") == item
    assert ORDERS.get("p", "another") is None


def test_what_no_key_can_be_is_not_there() -> None:
    long = "x" * 1_025
    ORDERS.put(row("s"))
    assert ORDERS.get("x" * 2_049, "s") is None
    assert ORDERS.get("p", "ä" * 513) is None
    assert list(ORDERS.get_all([{"pk": "p", "sk": long}])) == []
    assert list(ORDERS.query("x" * 2_049)) == []
    for bound in ({"after": long}, {"prefix": long}, {"between": ("a", long)}):
        assert list(ORDERS.query("p", **bound)) == []


def test_of_an_item_the_asked_attributes_come_whatever_they_are_called() -> None:
    ORDERS.put(row("s", name="n", ttl=1, size=2, count={"day": 3, "year": 4}))
    only = ["name", "size", "count.day", "owner"]
    assert ORDERS.get("p", "s", only) == {"name": "n", "size": 2, "count": {"day": 3}}
    assert ORDERS.get("p", "s", ["owner"]) == {}
    assert ORDERS.get("p", "gone", ["owner"]) is None


def test_a_fact_is_written_once() -> None:
    assert ORDERS.put_once(row("s", n=1))
    assert not ORDERS.put_once(row("s", n=2))
    assert not ORDERS.put_briskly(row("s", n=3))
    assert ORDERS.get("p", "s") == row("s", n=1)


def test_an_item_is_put_where_a_condition_holds() -> None:
    newer = "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)"
    for facts, judged, is_put in ((2, 1, True), (2, 2, True), (2, 1, False), (1, 9, False)):
        fold = row("s", facts=facts, judged=judged)
        assert ORDERS.put_if(fold, newer, facts=facts, judged=judged) == is_put
    assert ORDERS.get("p", "s") == row("s", facts=2, judged=2)


def test_a_missing_attribute_is_neither_less_nor_equal_and_is_different() -> None:
    ORDERS.put(row("s"))
    for condition, holds in (("a < :v", False), ("a = :v", False), ("NOT a = :v", True)):
        assert ORDERS.put_if(row("s"), condition, v="1") == holds
    assert ORDERS.put_if(row("s"), "a <> :v", v="1")


def test_an_update_changes_what_it_names_where_its_condition_holds() -> None:
    key = row("s")
    assert ORDERS.update(
        key, "SET #name = :name, n = if_not_exists(n, :n)", "", ["name"], name="a", n=1
    )
    assert ORDERS.update(key, "SET n = if_not_exists(n, :n) REMOVE #name", "n = :n", ["name"], n=1)
    assert not ORDERS.update(key, "SET n = :n", "n > :n", n=2)
    assert not ORDERS.update(row("new"), "SET n = :n", "attribute_exists(pk)", n=2)
    assert list(ORDERS.query("p")) == [row("s", n=1)]


def test_a_set_takes_no_more_than_fits_and_the_same_again() -> None:
    def take(*tokens: str) -> bool:
        return ORDERS.update(
            row("taken"),
            "ADD taken :tokens",
            "attribute_not_exists(taken) OR size(taken) <= :room OR contains(taken, :one)",
            tokens={*tokens},
            one=min(tokens),
            room=3 - len(tokens),
        )

    assert [take("a", "b"), take("c"), take("d"), take("a", "b")] == [True, True, False, True]
    assert ORDERS.get("p", "taken") == row("taken", taken={"a", "b", "c"})


def test_an_item_is_deleted_by_its_key_or_where_a_condition_holds() -> None:
    ORDERS.put(row("s", at="1"))
    assert not ORDERS.delete_if("p", "s", "#at = :at", ["at"], at="2")
    assert not ORDERS.delete_if("p", "gone", "#at = :at", ["at"], at="2")
    assert ORDERS.delete_if("p", "s", "#at = :at", ["at"], at="1")
    ORDERS.put(row("s"))
    for _ in range(2):
        ORDERS.delete("p", "s")
    assert list(ORDERS.query("p")) == []


# ── Several ──────────────────────────────────────────────────────────────────────────────────────
def test_several_changes_are_made_together_or_none_is() -> None:
    ORDERS.put(row("stands", n=1))
    new = Change(put=row("new"), condition="attribute_not_exists(pk)")
    moved = Change(put=row("stands", n=2), condition="n = :n", values={"n": 1})
    gone = Change(delete=row("gone"), condition="attribute_exists(pk)")
    assert ORDERS.write_together([new, moved, gone]) == [2]
    assert list(ORDERS.query("p")) == [row("stands", n=1)]
    assert ORDERS.write_together([new, moved]) == []
    assert list(ORDERS.query("p")) == [row("new"), row("stands", n=2)]
    assert ORDERS.write_together([new, moved]) == [0, 1]
    ends = [Change(delete=row(sk)) for sk in ("new", "stands", "never was")]
    assert ORDERS.write_together(ends) == []
    assert list(ORDERS.query("p")) == []


def test_many_keys_are_read_however_much_they_weigh() -> None:
    """Sixteen megabytes at once, and what is left is asked for again."""
    ORDERS.write_all(row(f"{n:03}", weight=LONG) for n in range(60))
    keys = [row(f"{n:03}") for n in range(130)]
    found = list(ORDERS.get_all(keys))
    assert sorted(sks(found)) == [f"{n:03}" for n in range(60)]
    assert all(each["weight"] == LONG for each in found)
    assert sorted(sks(ORDERS.get_all(keys, ["sk"]))) == sorted(sks(found))


def test_what_is_written_all_at_once_stands_in_place_of_what_was_there() -> None:
    ORDERS.put(row("07", old=True))
    ORDERS.write_all(row(f"{n:02}") for n in range(60))
    assert list(ORDERS.query("p")) == [row(f"{n:02}") for n in range(60)]


# ── Partitions ───────────────────────────────────────────────────────────────────────────────────
def test_a_partition_is_read_in_its_keys_order_which_is_that_of_utf_8() -> None:
    keys = [" ", "Z", "z", "é", "\uffff", "\U00010000"]
    ORDERS.write_all(row(each) for each in reversed(keys))
    ORDERS.put(row("elsewhere", "q"))
    assert sks(ORDERS.query("p")) == keys
    assert sks(ORDERS.query("p", backward=True)) == keys[::-1]
    assert sks(ORDERS.query("p", after="é")) == keys[4:]
    assert sks(ORDERS.query("p", between=("Z", "é"))) == keys[1:4]
    assert sks(ORDERS.query("p", start=row("z"))) == keys[3:]
    assert sks(ORDERS.query("p", start=row("a"), backward=True)) == keys[1::-1]


def test_a_partition_is_read_by_a_prefix() -> None:
    ORDERS.write_all(row(each) for each in ("a", "a#", "a#1", "a#2", "a$", "b"))
    assert sks(ORDERS.query("p", prefix="a#")) == ["a#", "a#1", "a#2"]
    assert sks(ORDERS.query("p", prefix="a#", start=row("a#1"))) == ["a#2"]
    assert sks(ORDERS.query("p", prefix="c")) == []


def test_of_a_partition_come_the_items_that_have_an_attribute_and_of_them_the_asked() -> None:
    ORDERS.write_all([row("1", name="a", n=1), row("2", n=2), row("3", name="", n=3)])
    assert list(ORDERS.query("p", having="name", only=["n", "name"])) == [
        {"n": 1, "name": "a"},
        {"n": 3, "name": ""},
    ]


def test_a_partition_is_read_page_by_page_and_no_further_than_asked() -> None:
    ORDERS.write_all(row(f"{n:02}", weight=LONG) for n in range(10))
    assert len(list(ORDERS.query("p"))) == 10
    assert sks(ORDERS.query("p", having="weight", only=["sk"])) == [f"{n:02}" for n in range(10)]
    read = []
    with pytest.raises(MorePages):
        read.extend(ORDERS.query("p", most_pages=2))
    assert len(list(ORDERS.query("p", most_pages=4))) == 10


# ── Indexes ──────────────────────────────────────────────────────────────────────────────────────
def test_an_index_has_what_has_both_its_attributes() -> None:
    ORDERS.write_all(
        [
            row("1", owner="o", day="2"),
            row("2", owner="o", day="1"),
            row("3", owner="o"),
            row("4", day="1"),
            row("5", owner="other", day="1"),
        ]
    )
    assert sks(ORDERS.query("o", index=CREDITS_BY_DAY)) == ["2", "1"]
    assert sks(ORDERS.query("o", index=CREDITS_BY_DAY, backward=True)) == ["1", "2"]
    assert sks(ORDERS.query("o", index=CREDITS_BY_DAY, between=("2", "3"))) == ["1"]
    ORDERS.update(row("1"), "REMOVE #owner", names=["owner"])
    assert sks(ORDERS.query("o", index=CREDITS_BY_DAY)) == ["2"]
    assert sorted(sks(ORDERS.scan("credits", ["sk"]))) == ["2", "5"]


def test_an_index_is_read_on_behind_a_row_whatever_else_has_its_range() -> None:
    same = [{"pk": f"l{n}", "merchant": "m", "created_at": "2026"} for n in range(7)]
    LINKS.write_all(same)
    for backward in (False, True):
        order = list(LINKS.query("m", index=LINKS_BY_MERCHANT, backward=backward))
        assert sorted(each["pk"] for each in order) == [f"l{n}" for n in range(7)]
        for n, start in enumerate(order):
            rest = LINKS.query("m", index=LINKS_BY_MERCHANT, backward=backward, start=start)
            assert list(rest) == order[n + 1 :]


def test_an_index_of_keys_has_keys_alone() -> None:
    AGENDA.put(row("s", due="jobs", at="2026", about="x"))
    keys = {"pk", "sk", "due", "at"}
    assert [each.keys() for each in AGENDA.query("jobs", index=DUE)] == [keys]


# ── What ends ────────────────────────────────────────────────────────────────────────────────────
def test_what_has_expired_is_still_there_until_somebody_takes_it_away(tables: Template) -> None:
    """So each reader looks at `expires`: DynamoDB may take days."""
    assert {each.expiry for each in tables.tables.values()} == {"expires", None}
    ORDERS.put(row("s", expires=1))
    assert ORDERS.get("p", "s") == row("s", expires=1)
    assert sks(ORDERS.query("p")) == ["s"]
    assert not ORDERS.put_once(row("s"))


def test_dynamodb_is_told_by_which_attribute_a_table_ends(tables: Template) -> None:
    dynamodb = boto3.client("dynamodb")
    for table in tables.tables.values():
        if table.expiry:
            ending = {"AttributeName": table.expiry, "Enabled": True}
            name = f"{table.name}-ends"
            dynamodb.create_table(**{**table.definition, "TableName": name})
            told = dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ending)
            assert told["TimeToLiveSpecification"] == ending
            dynamodb.delete_table(TableName=name)


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────────
def test_what_is_refused_for_another_reason_than_a_condition_is_raised() -> None:
    asked = (
        lambda: ORDERS.put(row("s", weight="x" * 410_000)),
        lambda: ORDERS.put_if(row("s"), "no condition"),
        lambda: ORDERS.update(row("s"), "SET pk = :v", v="q"),
        lambda: ORDERS.put({"pk": "p"}),
        lambda: ORDERS.put(row("")),
        lambda: list(ORDERS.query("")),
        lambda: ORDERS.write_together([Change(put=row("s"))] * 2),
        lambda: list(ORDERS.get_all([row("s")] * 2)),
    )
    for ask in asked:
        with pytest.raises(ClientError) as refused:
            ask()
        assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert list(ORDERS.query("p")) == []


def test_a_table_that_is_missing_is_told_apart_from_an_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "gone")
    with pytest.raises(clients.dynamodb().exceptions.ResourceNotFoundException):
        Table("orders").get("p", "s")
