"""A merchant with a million clicks, 20,000 influencers and 50,000 orders, as DynamoDB answers.

The rows are made by the product's own code and kept as the text that goes over the wire, so that
reading them costs the reader what it costs in Lambda. What is written is taken and forgotten. Runs
in a process of its own: `serve` prints its address and answers until it is stopped.
"""

import base64
import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from random import Random
from typing import Any

from local.template import reader
from sharetrail import base32, calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import compute_credits
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.items import Item, encode
from sharetrail.calendars import Week
from sharetrail.clicks import verdict
from sharetrail.clicks.click import CLICK_SHARDS, mint_click_id
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.fact import OrderRef, Sale
from sharetrail.orders.order import Order
from sharetrail.sharing import influencers, links
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import Link
from sharetrail.totals import chunks
from sharetrail.totals.tally import Counts, Tally
from sharetrail.totals.trail_sample import MOST_TRAILS, TrailSample, VisitTrail

INFLUENCERS, LINKS, CLICKS, ORDERS = 20_000, 40_000, 1_000_000, 50_000
WEEKS = 26
WEEK = Week(date(2026, 11, 9))
"""The week that is scored, the last of them."""
FIRST = WEEK.before(WEEKS - 1).first
DAYS = 7 * WEEKS
NOW = datetime(2026, 11, 16, 13, tzinfo=UTC)
MERCHANT = Merchant(
    id="m_big",
    name="The Big Shop",
    shop_host="big.example",
    hosts=("big.example",),
    origins=("https://big.example",),
    currency="USD",
    zone="UTC",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
PARAMETERS = {"PublicBaseUrl": "https://go.big.example", "MailFrom": "reports@big.example"}
_NETWORKS = ("whatsapp", "facebook", "pinterest", "x", "reddit", "telegram", "email", "copy")
_REFERRERS = ("l.instagram.com", "t.co", "m.facebook.com", "pinterest.com", "")
_COUNTRIES = ("US", "US", "US", "CA", "GB", "DE")
_TRAILS_A_DAY = 2 * MOST_TRAILS
_TRAILED = WEEK.before(9).first
"""Older trails nobody reads."""
_PAGE = 1_000_000
"""Bytes of a page, as DynamoDB's."""
Rows = dict[str, list[tuple[str, str]]]
"""pk → sort key and the item's JSON, in order."""


def environment() -> dict[str, str]:
    """What template.yaml gives the function that sends reports."""
    found = reader.load(parameters=PARAMETERS).functions["send_report"].environment
    return {**found, "FAST_PATH": "no"}


class BigShop:
    """All its rows, by table."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = Random(seed)
        self._names = {noun: environment()[f"{noun.upper()}_TABLE"] for noun in _NOUNS}
        self.tables: dict[str, Rows] = {name: {} for name in self._names.values()}
        self.put: dict[str, str] = {}
        """What was written to the reports: which weeks are scored, say."""
        self.links = [self._link(n) for n in range(LINKS)]
        # Few have many: the n-th link is followed as often as 1/(n + 50).
        self._weights = list(accumulate(1 / (n + 50) for n in range(LINKS)))
        self._put("links", {link.code: [("", links.item(link))] for link in self.links})
        self._put("influencers", {MERCHANT.id: sorted(self._influencers())})
        self._put("totals", self._totals())
        self._put("orders", {MERCHANT.id: sorted(self._orders())})

    def _put(self, noun: str, rows: dict[str, list[tuple[str, Item]]]) -> None:
        table = self.tables[self._names[noun]]
        for pk, found in rows.items():
            table[pk] = [(sk, _wire({"pk": pk, "sk": sk or None, **item})) for sk, item in found]

    def _link(self, n: int) -> Link:
        return Link(
            code=base32.encode(n, 10),
            merchant=MERCHANT.id,
            influencer=f"influencer-{n % INFLUENCERS:05}",
            url="https://big.example/products/kettle",
            network=_NETWORKS[n % len(_NETWORKS)],
            campaign=("", "autumn")[n % 2],
            parent_code=base32.encode(n // 7, 10) if n % 5 == 4 else None,
            created_at=calendars.start_of(FIRST, MERCHANT.tz),
        )

    def _influencers(self) -> Iterator[tuple[str, Item]]:
        for n in range(INFLUENCERS):
            who = f"influencer-{n:05}"
            since = calendars.start_of(FIRST, MERCHANT.tz)
            known = Influencer(id=who, name=f"Influencer {n}", reach=n, created_at=since)
            yield who, influencers.item(MERCHANT.id, known)

    # ── clicks, as the closed days hold them ─────────────────────────────────────────────────────
    def _totals(self) -> dict[str, list[tuple[str, Item]]]:
        days: dict[date, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
        followed = self._chance.choices(self.links, cum_weights=self._weights, k=CLICKS)
        for link in followed:
            self._click(days[FIRST + timedelta(days=self._chance.randrange(DAYS))][link.code])
        rows: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        for day, counts in sorted(days.items()):
            shards: list[dict[str, Counts]] = [{} for _ in range(CLICK_SHARDS)]
            for code, found in counts.items():
                shards[hash(code) % CLICK_SHARDS][code] = found
            for shard, part in enumerate(shards):
                tally = Tally(facts=len(part), links=part)
                rows[f"{MERCHANT.id}#day"].append(
                    (f"{day}#{shard}#0", chunks.as_item(tally, len(part)))
                )
            mark = {"facts": len(counts), "judged": verdict.VERSION}
            rows[f"{MERCHANT.id}#closed"].append((day.isoformat(), mark))
            if day >= _TRAILED:
                rows[f"{MERCHANT.id}#trails"].append((f"{day}#e0", self._trails(day)))
        return rows

    def _click(self, counts: Counts) -> None:
        kind = self._chance.choices(("human", "bot", "preview"), (85, 10, 5))[0]
        named = [kind]
        if kind == "human":
            named += ["unique", f"device:{self._chance.choice(('phone', 'desktop'))}"]
            named.append(f"country:{self._chance.choice(_COUNTRIES)}")
            named.append(f"referrer:{self._chance.choice(_REFERRERS)}")
        for name in named:
            counts[name] = counts.get(name, 0) + 1

    def _trails(self, day: date) -> Item:
        start = calendars.start_of(day, MERCHANT.tz)
        trails = tuple(
            VisitTrail(
                ids=tuple(sorted(self._id(start) for _ in range(self._chance.choice((1, 2)))))
            )
            for _ in range(_TRAILS_A_DAY)
        )
        sample = TrailSample(one_in=4, trails=trails)
        told = [f"{each.n}:{','.join(each.ids)}" for each in sample.trails]
        return {"one_in": sample.one_in, "trails": told}

    def _id(self, day: datetime) -> str:
        at = day + timedelta(milliseconds=self._chance.randrange(86_400_000))
        return mint_click_id(at, self._chance.randrange(8), self._chance.getrandbits(80))

    # ── orders ───────────────────────────────────────────────────────────────────────────────────
    def _orders(self) -> Iterator[tuple[str, Item]]:
        rule = CreditRule()
        for n in range(ORDERS):
            day = FIRST + timedelta(days=self._chance.randrange(DAYS))
            at = datetime.combine(day, time(), UTC) + timedelta(
                seconds=self._chance.randrange(86_400)
            )
            net = self._chance.randrange(500, 30_000)
            sale = Sale(name=f"#{n}", currency="USD", lines=(), net=net, total=net, trail="none")
            order = Order(sale=sale, placed_at=at, net=net, refunded=0, facts=2)
            ref = OrderRef(merchant=MERCHANT.id, platform="shopify", id=f"{4_900_000_000_000 + n}")
            touches = tuple(sorted(self._touches(at), key=lambda touch: (touch.at, touch.id)))
            effects = dict.fromkeys(_NETWORKS, 0.1) if n % 2 else None
            made = compute_credits(ref, order, OrderTouches(touches=touches), rule, effects=effects)
            yield f"{day}#shopify#{ref.id}", credits.item_of(MERCHANT, ref, made)

    def _touches(self, before: datetime) -> Iterator[Touch]:
        number = self._chance.choice((1, 1, 2, 4))
        for link in self._chance.choices(self.links, cum_weights=self._weights, k=number):
            at = before - timedelta(seconds=self._chance.randrange(60, 28 * 86_400))
            yield Touch(
                id=mint_click_id(at, self._chance.randrange(8), self._chance.getrandbits(80)),
                at=at,
                link=link.code,
                influencer=link.influencer,
                name=link.influencer.title(),
                network=link.network,
                campaign=link.campaign,
                evidence="trail",
                verdict="human",
                reason="",
                judged=verdict.VERSION,
            )

    # ── what DynamoDB would answer ───────────────────────────────────────────────────────────────
    def answer(self, operation: str, asked: dict[str, Any]) -> str:
        match operation:
            case "Query":
                return self._query(asked)
            case "BatchGetItem":
                ((table, wanted),) = asked["RequestItems"].items()
                found = [self._item(table, key) for key in wanted["Keys"]]
                items = ",".join(each for each in found if each)
                return f'{{"Responses":{{"{table}":[{items}]}},"UnprocessedKeys":{{}}}}'
            case "GetItem":
                item = self._item(asked["TableName"], asked["Key"])
                return f'{{"Item":{item}}}' if item else "{}"
            case "PutItem" if asked["TableName"] == self._names["reports"]:
                item = asked["Item"]
                self.put[item["pk"]["S"] + item["sk"]["S"]] = json.dumps(item)
            case "BatchWriteItem":
                return '{"UnprocessedItems":{}}'
        return "{}"

    def _item(self, table: str, key: dict[str, dict[str, str]]) -> str | None:
        if table == self._names["events"]:
            return self._followed(key)
        if table == self._names["reports"]:
            return self.put.get(key["pk"]["S"] + key["sk"]["S"])
        rows = self.tables[table].get(key["pk"]["S"], [])
        sk = key.get("sk", {}).get("S", "")
        at = bisect_left(rows, (sk,))
        return rows[at][1] if at < len(rows) and rows[at][0] == sk else None

    def _followed(self, key: dict[str, dict[str, str]]) -> str:
        """Every click exists: on a link that its key names."""
        link = self.links[hash(key["sk"]["S"]) % LINKS]
        item = {"pk": key["pk"]["S"], "sk": key["sk"]["S"], "c": link.code, "ua": "", "r": ""}
        return json.dumps(encode(item))

    def _query(self, asked: dict[str, Any]) -> str:
        values = asked["ExpressionAttributeValues"]
        pk = (values.get(":pk") or values[":hash"])["S"]
        rows = self.tables[asked["TableName"]].get(pk, [])
        low, high = (values.get(name, {}).get("S", "") for name in (":low", ":high"))
        start = bisect_left(rows, (low,)) if low else 0
        end = bisect_right(rows, (high + "\x7f",)) if high else len(rows)
        if last := asked.get("ExclusiveStartKey"):
            start = int(last["at"]["N"])
        if not asked.get("ScanIndexForward", True):
            return f'{{"Items":[{rows[end - 1][1] if end > start else ""}],"Count":1}}'
        return _page(rows, start, end)


def _page(rows: list[tuple[str, str]], start: int, end: int) -> str:
    """As many rows as a page holds, and where the next begins."""
    at, size = start, 0
    while at < end and size < _PAGE:
        size += len(rows[at][1])
        at += 1
    items = ",".join(text for _, text in rows[start:at])
    more = f',"LastEvaluatedKey":{{"at":{{"N":"{at}"}}}}' if at < end else ""
    return f'{{"Items":[{items}],"Count":{at - start}{more}}}'


_NOUNS = ("merchants", "links", "influencers", "totals", "orders", "events", "reports")


def _wire(item: Item) -> str:
    return json.dumps(encode(item), default=lambda raw: base64.b64encode(raw).decode())


# ── the server ───────────────────────────────────────────────────────────────────────────────────
class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one write: headers and body
    shop: BigShop

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"].partition(".")[2]
        body = self.shop.answer(operation, asked).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its own name
        pass


def serve() -> None:
    """Prints the address once all rows are made, and answers for ever."""
    _Handler.shop = BigShop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
