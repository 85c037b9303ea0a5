"""Lists as CSV: columns of the items' fields, and no cell that a spreadsheet would run."""

import csv
import io
from typing import Any

from typing_extensions import TypedDict

from sharetrail.api.frame import csv_table
from sharetrail.web.answers import Money, described


@described
class Part(TypedDict):
    title: str
    price: Money | None


@described
class Thing(TypedDict):
    id: str
    net: Money
    part: Part | None
    tags: list[str]
    by: dict[str, Money]
    is_new: bool
    n: int | None
    parts: list[Part]


A_THING: Any = {
    "id": "1",
    "net": {"amount": "-12.30", "currency": "USD"},
    "part": {"title": "Mug", "price": {"amount": "5", "currency": "JPY"}},
    "tags": ["a", "b"],
    "by": {"ana": {"amount": "1.00", "currency": "USD"}},
    "is_new": True,
    "n": 0,
    "parts": [{"title": "Lid", "price": None}],
}


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_each_field_is_a_column_and_money_two() -> None:
    (row,) = read(csv_table.written(Thing, [A_THING]))
    assert row == {
        "id": "1",
        "net": "-12.30",
        "net_currency": "USD",
        "part.title": "Mug",
        "part.price": "5",
        "part.price_currency": "JPY",
        "tags": "a; b",
        "by": "ana 1.00 USD",
        "is_new": "true",
        "n": "0",
        "parts": '[{"title": "Lid", "price": null}]',
    }


def test_what_is_not_known_is_empty_and_the_columns_are_the_same() -> None:
    (row,) = read(csv_table.written(Thing, [{**A_THING, "part": None, "n": None}]))
    assert (row["part.title"], row["part.price"], row["n"]) == ("", "", "")
    nothing = csv_table.written(Thing, [])
    assert nothing == "\ufeff" + ",".join(row) + "\r\n"


def test_text_of_strangers_is_inert_in_every_kind_of_cell() -> None:
    evil = '=HYPERLINK("http://evil.example")'
    told = {**A_THING, "id": evil, "tags": [evil, "b"], "by": {evil: A_THING["net"]}}
    told["part"] = {"title": f"\t{evil}", "price": None}
    (row,) = read(csv_table.written(Thing, [told]))
    for name in ("id", "tags", "by", "part.title"):
        assert row[name].startswith("'"), name
