"""The big merchant's rows as a DynamoDB, an S3 and a KMS: `python -m bench.weekly.tables` prints
their address, and answers until it is stopped.

They are made by the product's own code and kept as the text that goes over the wire, so that
reading them costs the reader what it costs in Lambda. Of what is written, the weeks that are kept
and the reports' rows stay; the rest is taken and forgotten.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from functools import cache
from random import Random
from threading import Event
from typing import Any

from bench.dynamodb import endpoint
from bench.dynamodb.units import read_units, write_units
from bench.weekly import links, merchant
from bench.weekly.days import Days
from bench.weekly.merchant import LINKS, MERCHANT
from bench.weekly.orders import Orders
from local.web.http import Request, Response
from sharetrail.aws.items import Item, encode
from sharetrail.merchants.person_hashes import PEPPER
from sharetrail.sharing.links import item as link_item

COUNTS = "/counts"
"""What was asked since this was asked last."""
_PAGE = 1_000_000
"""Bytes of a page, as DynamoDB's."""
_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
Rows = dict[str, list[tuple[str, str]]]
"""pk → sort key and the item's JSON, in order."""


class Tables:
    """All rows of the big merchant, and what DynamoDB would answer."""

    def __init__(self, seed: int = 1) -> None:
        chance = Random(seed)
        self._rows: dict[str, Rows] = defaultdict(dict)
        """By table."""
        self._objects: dict[str, bytes] = {}
        self._counts: Counter[str] = Counter()
        self._links = [links.link(n) for n in range(LINKS)]
        self._put("links", {link.code: [("", link_item(link))] for link in self._links})
        self._put("influencers", {MERCHANT.id: sorted(links.influencer_rows())})
        self._put("totals", Days(chance, self._links).rows())
        self._put("orders", {MERCHANT.id: sorted(Orders(chance, self._links).rows())})
        pepper: Item = {"values": [bytes(32)]}
        self._put("merchants", {f"merchant#{MERCHANT.id}": [(f"secret#{PEPPER}", pepper)]})

    def _put(self, noun: str, items: dict[str, list[tuple[str, Item]]]) -> None:
        table = self._rows[_name(noun)]
        for pk, rows in items.items():
            table[pk] = [
                (sk, endpoint.to_json(encode({"pk": pk, "sk": sk or None, **item})))
                for sk, item in rows
            ]

    def answer(self, request: Request) -> Response:
        if request.path == COUNTS:
            counts, self._counts = self._counts, Counter()
            return Response(body=json.dumps(counts))
        self._counts["requests"] += 1
        if "x-amz-target" not in request.headers:
            return self._object(request)
        operation = endpoint.operation_of(request)
        if operation == "SendMessageBatch":
            sent = [{"Id": e["Id"], "MessageId": "1"} for e in json.loads(request.body)["Entries"]]
            return endpoint.response(json.dumps({"Successful": sent, "Failed": []}).encode())
        if operation == "Decrypt":  # KMS: what was sealed stands here as it is
            plain = {"Plaintext": json.loads(request.body)["CiphertextBlob"]}
            return endpoint.response(json.dumps(plain).encode())
        text = self._answer(operation, json.loads(request.body))
        is_write = operation in ("PutItem", "BatchWriteItem")
        units = write_units(len(request.body)) if is_write else read_units(len(text))
        self._counts["write units" if is_write else "read units"] += units
        return endpoint.response(text.encode())

    def _object(self, request: Request) -> Response:
        if request.method == "PUT":
            self._objects[request.path] = request.body
            return Response()
        if request.path in self._objects:
            return Response(body=self._objects[request.path])
        return Response(status=404, body="<Error><Code>NoSuchKey</Code></Error>")

    def _answer(self, operation: str, request: dict[str, Any]) -> str:
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
            case "PutItem":
                self._keep(request["TableName"], request["Item"])
            case "BatchWriteItem":
                return '{"UnprocessedItems":{}}'
        return "{}"

    def _keep(self, table: str, item: dict[str, Any]) -> None:
        row = item["sk"]["S"], json.dumps(item)
        others = self._rows[table].get(item["pk"]["S"], [])
        kept = sorted([row, *(each for each in others if each[0] != row[0])])
        self._rows[table][item["pk"]["S"]] = kept

    def _item(self, table: str, key: dict[str, dict[str, str]]) -> str | None:
        if table == _name("events"):
            return self._click(key)
        rows = self._rows[table].get(key["pk"]["S"], [])
        sk = key.get("sk", {}).get("S", "")
        at = bisect_left(rows, (sk,))
        return rows[at][1] if at < len(rows) and rows[at][0] == sk else None

    def _click(self, key: dict[str, dict[str, str]]) -> str:
        """Every click exists: on a link that its key names."""
        link = self._links[hash(key["sk"]["S"]) % LINKS]
        item = {"pk": key["pk"]["S"], "sk": key["sk"]["S"], "c": link.code, "ua": _AGENT}
        return json.dumps(encode(item))

    def _query(self, request: dict[str, Any]) -> str:
        values = request["ExpressionAttributeValues"]
        pk = (values.get(":pk") or values[":hash"])["S"]
        rows = self._rows[request["TableName"]].get(pk, [])
        names = (":prefix", ":prefix") if ":prefix" in values else (":low", ":high")
        low, high = (values.get(name, {}).get("S", "") for name in names)
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
    with endpoint.listening(Tables().answer) as address:
        print(address, flush=True)
        Event().wait()


if __name__ == "__main__":
    serve()
