"""Simulated visitors, their clicks as the product makes them, and the stream that rings for them.

Visitors' hashes are random, as an HMAC's are. Who comes when, with what, to which link is drawn
from a seed, so that every run counts the same.
"""

import json
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import accumulate, count
from pathlib import Path
from random import Random
from typing import Any

from local.demo import agents
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail import base32
from sharetrail.aws.items import Item, dump
from sharetrail.clicks.click import CLICK_SHARDS, Click
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants.profile import Merchant, merchant_id_of

Record = dict[str, Any]

_HOST = "shop.example"
MERCHANT = Merchant(
    id=merchant_id_of(_HOST),
    name="Mug & Bean",
    shop_host=_HOST,
    hosts=(_HOST,),
    origins=(f"https://{_HOST}",),
    currency="USD",
    zone="America/New_York",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
PROFILE: Item = {"pk": f"merchant#{MERCHANT.id}", "sk": "profile", **dump(MERCHANT)}

# ── clicks ───────────────────────────────────────────────────────────────────────────────────────
_PREVIEWS, _BOTS = 0.06, 0.06
_BACK, _REMEMBERED = 0.15, 5_000
"""How many clicks are an earlier visitor's, and among how many of the latest those are."""
_REFERRED = 0.6
_REFERRERS = ("l.instagram.com", *agents.REFERRERS.values())
_COUNTRIES = ("US", "US", "US", "US", "CA", "GB", "DE", "AU", "FR", "MX")


class Crowd:
    """Draws clicks on `links` links; the n-th is followed 1/n as often, or all alike if `even`."""

    def __init__(
        self, links: int, *, even: bool = False, shards: Iterable[int] = range(CLICK_SHARDS)
    ) -> None:
        """None come but visitors whose clicks go to these shards."""
        self.chance = Random(links)
        self.shards = tuple(shards)
        self._codes = [base32.encode(self.chance.getrandbits(50), 10) for _ in range(links)]
        self._weights = list(accumulate(1 if even else 1 / n for n in range(1, links + 1)))
        self._latest: list[Visitor] = []

    def click(self, at: datetime) -> Click:
        place = bisect(self._weights, self.chance.random() * self._weights[-1])
        return new_click(MERCHANT.id, self._codes[place], self._visitor(), at)

    def _visitor(self) -> Visitor:
        if self._latest and self.chance.random() < _BACK:
            return self.chance.choice(self._latest)
        visitor = self._new()
        if len(self._latest) < _REMEMBERED:
            self._latest.append(visitor)
        else:
            self._latest[self.chance.randrange(_REMEMBERED)] = visitor
        return visitor

    def _new(self) -> Visitor:
        draw = self.chance.random()
        kind = agents.PEOPLE
        if draw < _PREVIEWS + _BOTS:
            kind = tuple(agents.PREVIEWS.values()) if draw < _PREVIEWS else agents.BOTS
        referred = kind is agents.PEOPLE and self.chance.random() < _REFERRED
        return Visitor(
            hash=self._hash(),
            agent=self.chance.choice(kind),
            referrer=self.chance.choice(_REFERRERS) if referred else "",
            country=self.chance.choice(_COUNTRIES),
        )

    def _hash(self) -> str:
        """A hash is of the shard that it leaves over."""
        shard = self.chance.choice(self.shards)
        return f"{self.chance.getrandbits(61) * CLICK_SHARDS + shard:016x}"

    def moments(
        self, start: datetime, length: timedelta, number: int, busy: Sequence[float] = (1,)
    ) -> list[datetime]:
        """When `number` clicks come, in order; `busy` weighs equal parts of the time."""
        part = length / len(busy)
        parts = self.chance.choices(range(len(busy)), busy, k=number)
        return sorted(start + (n + self.chance.random()) * part for n in parts)


# ── the stream ───────────────────────────────────────────────────────────────────────────────────
STREAM_SHARDS = 4
"""A new on-demand table takes 4,000 writes a second: four partitions, a stream shard for each."""
_ROOT = Path(__file__).parents[1]
_RECORDED = json.loads((_ROOT / "events/project_events.json").read_text())["Records"][0]
_PAYLOAD = 6 * 1_048_576
"""Bytes of records that an invocation takes."""
_DAYS = 1_000


@dataclass(frozen=True, kw_only=True)
class Rules:
    """An event source mapping's: when a batch is full, and how many are worked off at once."""

    batch: int
    window: timedelta
    lanes: int
    """Stream shards; a partition key's records are all in one of them."""


def rules() -> Rules:
    """What template.yaml gives project_events."""
    functions = intrinsics.read(TEMPLATE.read_text())["Resources"]
    told = functions["ProjectEvents"]["Properties"]["Events"]["Facts"]["Properties"]
    assert told["FilterCriteria"]["Filters"] == [{"Pattern": '{"eventName": ["INSERT"]}'}]
    # A larger one deals a key's items out to several batches, and each would fold the same slots.
    assert told.get("ParallelizationFactor", 1) == 1
    return Rules(
        batch=min(told["BatchSize"], _PAYLOAD // len(json.dumps(_RECORDED))),
        window=timedelta(seconds=told["MaximumBatchingWindowInSeconds"]),
        lanes=STREAM_SHARDS,
    )


def lane_of(pk: str, lanes: int) -> int:
    """DynamoDB places a partition key by a hash of its own, which says as little as this one."""
    return int.from_bytes(md5(pk.encode(), usedforsecurity=False).digest()[:8], "big") % lanes


def placings(lanes: int) -> list[Counter[int]]:
    """For each of many days: lane → how many of the shop's eight keys of clicks it carries."""
    return [
        Counter(lane_of(f"{MERCHANT.id}#{day:%Y%m%d}#{n}", lanes) for n in range(CLICK_SHARDS))
        for day in (MERCHANT.created_at + timedelta(days=n) for n in range(_DAYS))
    ]


def sharing(lanes: int) -> dict[int, float]:
    """How many keys a lane carries → how many of all keys find themselves in such a lane."""
    keys: Counter[int] = Counter()
    for carried in (keys for day in placings(lanes) for keys in day.values()):
        keys[carried] += carried
    return {carried: keys[carried] / keys.total() for carried in sorted(keys)}


class Stream:
    """Gathers the records of each lane, and delivers them as Lambda would."""

    def __init__(self, rules: Rules, deliver: Callable[[list[Record]], None]) -> None:
        self._rules, self._deliver = rules, deliver
        self._lanes: list[list[Record]] = [[] for _ in range(rules.lanes)]
        self._due: dict[int, datetime] = {}
        self._numbers = count(1)

    def ring(self, key: Mapping[str, str], at: datetime) -> None:
        """A click was written; the windows that ended before have been delivered."""
        lane = lane_of(key["pk"], self._rules.lanes)
        self._due.setdefault(lane, at + self._rules.window)
        self._lanes[lane].append(record(key, at, next(self._numbers)))
        if len(self._lanes[lane]) >= self._rules.batch:
            self._send(lane)

    def wait(self, until: datetime) -> None:
        """Delivers the windows that end by then. To be called before a later click is written."""
        for lane in [lane for lane, due in self._due.items() if due <= until]:
            self._send(lane)

    def end(self) -> None:
        for lane in list(self._due):
            self._send(lane)

    def _send(self, lane: int) -> None:
        batch, self._lanes[lane] = self._lanes[lane], []
        del self._due[lane]
        self._deliver(batch)


def record(key: Mapping[str, str], at: datetime, number: int) -> Record:
    change = {
        **_RECORDED["dynamodb"],
        "ApproximateCreationDateTime": int(at.timestamp()),
        "Keys": {name: {"S": value} for name, value in key.items()},
        "SequenceNumber": f"{number:021}",
    }
    return {**_RECORDED, "dynamodb": change}
