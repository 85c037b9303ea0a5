"""One day of fifty shops lived twice: in calm, and with one of them under every attack at once.

The attackers have what anybody has: its links, its publishable key, its webhooks' addresses; and
whatever is computed of that shop fails for hours, as if they had found how. In the end the other
forty-nine are told the same down to the byte (orders, credits, totals, mails), and each of their
facts was worked off the first time it was asked for.
"""

import base64
import hashlib
import hmac
import json
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.web.outbox import Mail
from sharetrail.aws.tables import INFLUENCERS, LINKS, MERCHANTS, SALTS, Table
from tests.lives import NearShop, still_cloud
from tests.shops import PHONE, SHOPIFY_SECRET, Answer

pytestmark = pytest.mark.slow

SHOPS = 50
BEGINS = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
"""A Sunday: its week is told on Monday."""
HOURS = 24
AGENTS = [PHONE.replace("18.5", f"18.{n}") for n in range(60)]
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu")
FAILS = range(2, 11)
"""The hours in which all that is written of the attacked shop's totals and credits is refused."""
SWEPT = 11
"""The hour after them, in the storm alone: a sweep finds nothing in calm."""


# ── fifty shops ──────────────────────────────────────────────────────────────────────────────────
@dataclass
class TownShop(NearShop):
    number: int = 0
    took: list[float] = field(default_factory=list)
    """Seconds, of each answer."""

    @property
    def host(self) -> str:
        return f"shop{self.number:02}.example"

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    @property
    def domain(self) -> str:
        return f"shop{self.number:02}.myshopify.com"

    def open(self) -> dict[str, Any]:
        return self.onboarded(
            shop_host=self.host,
            name=f"Shop {self.number:02}",
            zone=ZONES[self.number % len(ZONES)],
            recipients=[f"owner@{self.host}"],
            shopify_domain=self.domain,
            links_per_day=50,
            events_per_day=2_000,
        )

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        began = time.process_time()
        answer = super().ask(method, path, body, headers)
        self.took.append(time.process_time() - began)
        return answer

    def make_link(self, by: str, key: str = "secret_key", **said: Any) -> Answer:
        wish = {"url": f"{self.origin}/products/mug", "network": "whatsapp", **said}
        headers = {"authorization": f"Bearer {self.facts[key]}", "origin": self.origin}
        influencer = {"id": by, **({"name": by.title()} if key == "secret_key" else {})}
        return self.ask("POST", "/v1/links", {"influencer": influencer, **wish}, headers)

    def tell(self, events: list[dict[str, Any]], **headers: str) -> Answer:
        body = {"key": self.facts["publishable_key"], "events": events}
        return self.ask("POST", "/v1/events", body, {"origin": self.origin, **headers})

    def webhook(self, topic: str, payload: dict[str, Any], signed: bool = True) -> Answer:
        body = json.dumps(payload).encode()
        digest = hmac.digest(SHOPIFY_SECRET.encode(), body, hashlib.sha256)
        headers = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": self.domain,
            "x-shopify-hmac-sha256": base64.b64encode(digest if signed else b"x" * 32).decode(),
        }
        return self.ask("POST", f"/v1/webhooks/shopify/{self.id}", body, headers)


Beginning = dict[Table, list[dict[str, Any]]]


@dataclass
class Town:
    cloud: Cloud
    chance: SimpleNamespace
    shops: list[TownShop]
    codes: dict[int, list[str]] = field(default_factory=dict)
    deliveries: Counter[str] = field(default_factory=Counter)
    """How often a stream brought each fact, by its key."""

    @property
    def now(self) -> datetime:
        return self.cloud.clock.now()

    def live(self, attack: "Attack | None" = None) -> None:
        """The day, hour by hour, and Monday's mail."""
        for shop in self.shops:
            self.be(shop, "opens")
            links = [shop.make_link(by) for by in ("ana", "ben", "cleo")]
            self.codes[shop.number] = [each.json["code"] for each in links]
        for hour in range(HOURS):
            self.cloud.clock.set_forward(BEGINS + timedelta(hours=hour))
            if attack:
                attack.rage(hour)
            for shop in self.shops:
                self.hour_of(shop, hour)
            with attack.fault(hour) if attack else _calm():
                self.cloud.drain()
                self.run("close_days")
            if attack and hour == SWEPT:
                self.run("sweep")
        self.monday()

    def monday(self) -> None:
        """Eight o'clock comes to each zone."""
        self.cloud.clock.set_forward(BEGINS + timedelta(hours=HOURS + 8))
        for folder in ("close_days", "score_influencers", "schedule_reports"):
            self.run(folder)

    def run(self, folder: str) -> None:
        """A schedule, and what it queues."""
        self.cloud.schedule(folder)
        self.cloud.drain()

    def hour_of(self, shop: TownShop, hour: int) -> None:
        """Of each shop something every other hour."""
        dice = self.be(shop, hour)
        if dice.random() < 0.5:
            return
        person = dice.randrange(20)
        shop.address = f"203.0.113.{person}"
        agent = AGENTS[(shop.number + person) % len(AGENTS)]
        code = dice.choice(self.codes[shop.number])
        location = shop.follow(code, agent).headers["location"]
        click = parse_qs(urlsplit(location).query)["st"][0]
        seen = [self.event(shop, hour, kind, click) for kind in ("visit", "view", "share")]
        assert shop.tell(seen).status == 202
        if dice.random() < 0.5:
            number = str(1_000 + hour * 10)
            order = shop.an_order(number, dice.choice(("20.00", "48.50")), click, visit=click)
            assert shop.webhook("orders/create", order).status == 200
            if dice.random() < 0.2:
                refund = shop.a_refund(number, f"9{number}", "20.00")
                assert shop.webhook("refunds/create", refund).status == 200

    def event(self, shop: TownShop, hour: int, kind: str, click: str) -> dict[str, Any]:
        said = {"trail": [click]} if kind == "visit" else {"product": "1"}
        page = f"{shop.origin}/products/mug"
        at = self.now.isoformat()
        return {
            "id": f"{shop.number:02}-{hour:02}-{kind}",
            "type": kind,
            "url": page,
            "at": at,
        } | said

    def be(self, shop: TownShop, what: object) -> random.Random:
        """Somebody of this shop acts, by a luck of their own."""
        shop.address = "198.51.100.1"
        self.chance.dice = random.Random(f"{shop.number} {what}")
        return random.Random(f"act {shop.number} {what}")


@contextmanager
def _calm() -> Iterator[None]:
    yield


@contextmanager
def town(emulator: Any, erase: Any, beginning: Beginning, facts: dict[int, Any]) -> Iterator[Town]:
    """Two towns that begin alike give links, visitors and clicks the same names."""
    with still_cloud(emulator, erase, BEGINS - timedelta(minutes=20)) as (cloud, chance):
        shops = [TownShop(cloud, number=number) for number in range(SHOPS)]
        if not beginning:
            facts |= {shop.number: shop.open() for shop in shops}
            days = ((BEGINS + timedelta(days=n)).date().isoformat() for n in range(-1, 4))
            SALTS.write_all({"pk": day, "salt": secrets.token_bytes(32)} for day in days)
            for table in (MERCHANTS, SALTS, LINKS, INFLUENCERS):
                beginning[table] = list(table.scan())
        for shop in shops:
            shop.facts = facts[shop.number]
        for table, rows in beginning.items():
            table.write_all(rows)
        found = Town(cloud, chance, shops)
        _watch(found)
        yield found


def _watch(town: Town) -> None:
    invoke = town.cloud.runtime.invoke

    def watched(folder: str, event: Any) -> Any:
        for record in event.get("Records", ()) if isinstance(event, dict) else ():
            if keys := record.get("dynamodb", {}).get("Keys"):
                town.deliveries[f"{keys['pk']['S']} {keys['sk']['S']}"] += 1
        return invoke(folder, event)

    town.cloud.runtime.invoke = watched  # type: ignore[method-assign]


# ── the storm ────────────────────────────────────────────────────────────────────────────────────
ASTRAL = [chr(0x10000 + n) for n in range(500)]
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"sec-gpc": "1"},
    {"sec-fetch-dest": "image"},
    {"accept-language": ""},
    {"x-forwarded-for": "203.0.113.1"},
)
KNOCKS = (
    ("GET", "/v1/stats"),
    ("GET", "/v1/influencers?cursor=fn5-"),
    ("GET", "/v1/orders/shopify/%00"),
    ("POST", "/v1/links"),
    ("POST", "/v1/what-if"),
    ("PUT", "/v1/influencers/..%2F..%2Fb"),
    ("DELETE", "/v1/quarantine/__proto__"),
)


class Attack:
    """On one shop, by many addresses, in every hour of the day."""

    def __init__(self, town: Town) -> None:
        self.town, self.victim = town, town.shops[0]
        self.answers: Counter[int] = Counter()
        self.own: list[str] = []
        """Codes of links that the attackers made."""
        self.refused = 0
        """Writes that failed for the shop."""

    def rage(self, hour: int) -> None:
        dice = random.Random(f"attack {hour}")
        self.town.chance.dice = random.Random(f"chance {hour}")
        acts = (self.poison, self.mint, self.flood, self.guess, self.forge, self.knock)
        for n in range(3):
            self.victim.address = f"192.0.2.{dice.randrange(250)}"
            for act in acts:
                act(dice, n)

    @contextmanager
    def fault(self, hour: int) -> Iterator[None]:
        """What is computed of the shop cannot be written."""
        write, marked = Table.put_if, f"{self.victim.id}#"

        def refuse(table: Table, item: dict[str, Any], *args: Any, **values: Any) -> bool:
            is_derived = table.noun == "totals" or item.get("sk") == "credits"
            if is_derived and str(item["pk"]).startswith(marked) and hour in FAILS:
                self.refused += 1
                error = {"Code": "ValidationException", "Message": "Item size has exceeded"}
                raise ClientError({"Error": error}, "PutItem")
            return write(table, item, *args, **values)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Table, "put_if", refuse)
            yield

    def poison(self, dice: random.Random, n: int) -> None:
        """Page events with names as long as may be, none of them twice, for links there are not."""
        events = [
            {
                "id": f"{dice.getrandbits(96):024x}",
                "type": dice.choice(("view", "open", "share", "visit", "lead")),
                "url": f"{self.victim.origin}/{dice.getrandbits(96):024x}" + "a" * 150,
                "product": "".join(dice.choices(ASTRAL, k=100)),
                "code": f"{dice.getrandbits(30):010d}",
                "n": 100,
                **({"at": self.town.now.isoformat()} if each % 2 else {}),
            }
            for each in range(40)
        ]
        self.heard(self.victim.tell(events, **dice.choice(HEADERS)))

    def mint(self, dice: random.Random, n: int) -> None:
        """New links, as any number of browsers, and in the shop's and other people's names."""
        for key in ("publishable_key", "publishable_key", "secret_key"):
            wish = {"label": f"{dice.getrandbits(64)}", "campaign": "".join(ASTRAL[:100])}
            headers = {"authorization": f"Bearer {self.victim.facts['publishable_key']}"}
            if key == "secret_key":
                headers["authorization"] = f"Bearer sk_{dice.getrandbits(96):024x}"
            body = {"url": f"{self.victim.origin}/{n}", "network": "x", **wish}
            body["influencer"] = {"id": f"{dice.getrandbits(64):x}", "name": "Ana"}
            sent = {"origin": self.victim.origin, **headers, **dice.choice(HEADERS)}
            made = self.heard(self.victim.ask("POST", "/v1/links", body, sent))
            if made.status == 201:
                self.own.append(made.json["code"])

    def flood(self, dice: random.Random, n: int) -> None:
        """Clicks on its links and their own, with whatever headers."""
        codes = self.town.codes[0] + self.own[-20:]
        for _ in range(6):
            headers = {"user-agent": f"{PHONE} {dice.getrandbits(32)}" * dice.choice((1, 200))}
            headers["referer"] = f"https://{'a' * 60}{dice.randrange(99)}.example/"
            code = dice.choice(codes)
            query = "?return_to=/cart/clear&" + "x" * dice.choice((0, 5_000))
            self.heard(
                self.victim.ask(
                    "GET", f"/{code}{query}", headers={**headers, **dice.choice(HEADERS)}
                )
            )

    def guess(self, dice: random.Random, n: int) -> None:
        for _ in range(3):
            self.heard(
                self.victim.ask(dice.choice(("GET", "HEAD")), f"/{dice.getrandbits(30):010d}")
            )

    def forge(self, dice: random.Random, n: int) -> None:
        """Webhooks without the secret, to it and to shops there are not."""
        order = self.victim.an_order(str(900_000 + n), "500.00", "x" * 26)
        self.heard(self.victim.webhook("orders/create", order, signed=False))
        for provider in ("woocommerce", "stripe", "standard", "shopify"):
            path = f"/v1/webhooks/{provider}/{dice.choice((self.victim.id, f'm_{n:016}'))}"
            self.heard(self.victim.ask("POST", path, {"id": 1}, {"stripe-signature": "t=1,v1=00"}))

    def knock(self, dice: random.Random, n: int) -> None:
        method, path = dice.choice(KNOCKS)
        key = dice.choice((self.victim.facts["publishable_key"], "sk_" + "a" * 32, "é"))
        headers = {"authorization": f"Bearer {key}", "origin": self.victim.origin}
        self.heard(self.victim.ask(method, path, {"x": [{}] * 9}, headers))
        self.heard(self.victim.ask("OPTIONS", path, headers={"origin": f"https://{n}.example"}))

    def heard(self, answer: Answer) -> Answer:
        self.answers[answer.status] += 1
        return answer


# ── what the others are told ─────────────────────────────────────────────────────────────────────
_PORT = re.compile(r"(?<=127\.0\.0\.1):\d+")


def told(town: Town, shop: TownShop) -> dict[str, Any]:
    """All that a merchant reads of the day."""
    first, last = BEGINS.date(), BEGINS.date() + timedelta(days=1)
    figures = {
        by: shop.read(f"/v1/stats?from={first}&to={last}&by={by}")
        for by in ("link", "product", "day")
    }
    orders = {
        number: shop.order(number)
        for number in (str(1_000 + hour * 10) for hour in range(HOURS))
        if shop.ask("GET", f"/v1/orders/shopify/{number}", headers=_secret(shop)).status == 200
    }
    mails = [_mail(each) for each in town.cloud.outbox.mails if each.to.endswith(shop.host)]
    scores = shop.read("/v1/rankings/sales?limit=100")
    return {"figures": figures, "orders": orders, "mails": mails, "scores": scores}


def _secret(shop: TownShop) -> dict[str, str]:
    return {"authorization": f"Bearer {shop.facts['secret_key']}"}


def _mail(mail: Mail) -> dict[str, Any]:
    """But its place in the outbox, and on which port it leads."""
    told = {name: value for name, value in mail.facts().items() if name != "url"}
    return json.loads(_PORT.sub("", text_of(told)))


@dataclass(frozen=True, kw_only=True)
class Day:
    told: dict[int, Any]
    again: dict[str, int]
    """Facts of the others that a stream had to bring more than once."""
    typical: float
    """Seconds of the processor that an answer to one of the others takes: what else a machine does
    meanwhile is no part of it."""


def lived(town: Town) -> Day:
    others = town.shops[1:]
    ids = tuple(f"{shop.id}#" for shop in others)
    return Day(
        told={shop.number: told(town, shop) for shop in others},
        again={k: n for k, n in town.deliveries.items() if n > 1 and k.startswith(ids)},
        typical=median(seconds for shop in others for seconds in shop.took),
    )


@pytest.fixture
def erase(tables: Any, erase_resources: Any) -> Any:
    return erase_resources[1]


def test_a_storm_over_one_shop_changes_nothing_for_the_others(emulator: Any, erase: Any) -> None:
    beginning: Beginning = {}
    facts: dict[int, Any] = {}
    with town(emulator, erase, beginning, facts) as calm:
        calm.live()
        alone = lived(calm)
    with town(emulator, erase, beginning, facts) as stormy:
        attack = Attack(stormy)
        stormy.live(attack)
        beside = lived(stormy)
        assert attack.refused > 100
        assert attack.answers[401] > 300
        assert not {status for status in attack.answers if status >= 500}, attack.answers
        of_the_victim(stormy, attack)
    assert sum(len(each["orders"]) for each in alone.told.values()) > 100
    assert sum(len(each["mails"]) for each in alone.told.values()) == SHOPS - 1
    for number, calm_day in alone.told.items():
        assert text_of(beside.told[number]) == text_of(calm_day), number
    assert beside.again == alone.again == {}
    assert beside.typical < 3 * alone.typical


def of_the_victim(town: Town, attack: Attack) -> None:
    """Even of that shop nothing is lost: what could not be computed is found, its mail went out,
    and its own server shares as on any other day."""
    shop = attack.victim
    assert shop.make_link("dora").status == 201
    mails = [each for each in town.cloud.outbox.mails if each.to.endswith(shop.host)]
    assert len(mails) == 1
    told_of = [str(1_000 + hour * 10) for hour in FAILS]
    orders = [shop.ask("GET", f"/v1/orders/shopify/{n}", headers=_secret(shop)) for n in told_of]
    found = [each.json.get("influence") for each in orders if each.status == 200]
    assert found
    assert {*found} == {"last_click"}


def text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
