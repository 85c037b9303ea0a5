"""The big merchant's rows as a DynamoDB: `python -m bench.week.tables` prints its address, and
answers until it is stopped.

They are made by the product's own code and kept as the text that goes over the wire, so that
reading them costs the reader what it costs in Lambda. What is written is taken and forgotten.
"""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache
from random import Random
from threading import Event
from typing import Any

from bench.dynamodb import endpoint
from bench.week import links, merchant
from bench.week.days import Days
from bench.week.merchant import LINKS, MERCHANT
from bench.week.orders import Orders
from sharetrail.aws.items import Item, encode
from sharetrail.sharing.links import item as link_item

_PAGE = 1_000_000
"""Bytes of a page, as DynamoDB's."""
Rows = dict[str, list[tuple[str, str]]]
"""pk → sort key and the item's JSON, in order."""


class Tables:
    """All rows of the big merchant, and what DynamoDB would answer."""

    def __init__(self, seed: int = 1) -> None:
        chance = Random(seed)
        self._rows: dict[str, Rows] = defaultdict(dict)
        """By table."""
        self._reports: dict[str, str] = {}
        """What was written to the reports: which weeks are scored, say."""
        self._links = [links.link(n) for n in range(LINKS)]
        self._put("links", {link.code: [("", link_item(link))] for link in self._links})
        self._put("influencers", {MERCHANT.id: sorted(links.influencer_rows())})
        self._put("totals", Days(chance, self._links).rows())
        self._put("orders", {MERCHANT.id: sorted(Orders(chance, self._links).rows())})

    def _put(self, noun: str, items: dict[str, list[tuple[str, Item]]]) -> None:
        table = self._rows[_name(noun)]
        for pk, rows in items.items():
            table[pk] = [
                (sk, endpoint.to_json(encode({"pk": pk, "sk": sk or None, **item})))
                for sk, item in rows
            ]

    def answer(self, operation: str, request: dict[str, Any]) -> str:
        match operation:
            case "Query":
                return self._query(request)
            case "BatchGetItem":
                ((table, batch),) = request["RequestItems"].items()
                rows = [self._item(table, key) for key in batch["Keys"]]
                items = ",".join(filter(None, rows))
                return f'{{"Responses":{{"{table}":[{items}]}},"UnprocessedKeys":{{}}}}'
            case "GetItem":
                item = self._item(request["TableName"], request["Key"])
                return f'{{"Item":{item}}}' if item else "{}"
            case "PutItem" if request["TableName"] == _name("reports"):
                item = request["Item"]
                self._reports[item["pk"]["S"] + item["sk"]["S"]] = json.dumps(item)
            case "BatchWriteItem":
                return '{"UnprocessedItems":{}}'
        return "{}"

    def _item(self, table: str, key: dict[str, dict[str, str]]) -> str | None:
        if table == _name("events"):
            return self._click(key)
        if table == _name("reports"):
            return self._reports.get(key["pk"]["S"] + key["sk"]["S"])
        rows = self._rows[table].get(key["pk"]["S"], [])
        sk = key.get("sk", {}).get("S", "")
        at = bisect_left(rows, (sk,))
        return rows[at][1] if at < len(rows) and rows[at][0] == sk else None

    def _click(self, key: dict[str, dict[str, str]]) -> str:
        """Every click exists: on a link that its key names."""
        link = self._links[hash(key["sk"]["S"]) % LINKS]
        item = {"pk": key["pk"]["S"], "sk": key["sk"]["S"], "c": link.code, "ua": "", "r": ""}
        return json.dumps(encode(item))

    def _query(self, request: dict[str, Any]) -> str:
        values = request["ExpressionAttributeValues"]
        pk = (values.get(":pk") or values[":hash"])["S"]
        rows = self._rows[request["TableName"]].get(pk, [])
        low, high = (values.get(name, {}).get("S", "") for name in (":low", ":high"))
        start = bisect_left(rows, (low,)) if low else 0
        end = bisect_right(rows, (high + "\x7f",)) if high else len(rows)
        if last := request.get("ExclusiveStartKey"):
            start = int(last["at"]["N"])
        if not request.get("ScanIndexForward", True):
            return f'{{"Items":[{rows[end - 1][1] if end > start else ""}],"Count":1}}'
        return _page(rows, start, end)


@cache
def _name(noun: str) -> str:
    return merchant.variables()[f"{noun.upper()}_TABLE"]


def _page(rows: list[tuple[str, str]], start: int, end: int) -> str:
    """As many rows as a page holds, and where the next begins."""
    at, size = start, 0
    while at < end and size < _PAGE:
        size += len(rows[at][1])
        at += 1
    items = ",".join(text for _, text in rows[start:at])
    more = f',"LastEvaluatedKey":{{"at":{{"N":"{at}"}}}}' if at < end else ""
    return f'{{"Items":[{items}],"Count":{at - start}{more}}}'


def serve() -> None:
    """Prints the address once all rows are made, and answers for ever."""
    with endpoint.serving(Tables().answer) as address:
        print(address, flush=True)
        Event().wait()


if __name__ == "__main__":
    serve()
