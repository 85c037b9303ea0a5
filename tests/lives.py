"""One honest history of a shop, lived as often as one likes, and with whom one likes beside it.

Twelve influencers whom the shop knows and two visitors share; people see buttons, follow links,
come back, buy and return things, for four weeks. Whatever else is random in a life is taken from
the moment it belongs to, so that two lives differ by what is done in one and not in the other.
"""

import csv
import io
import itertools
import json
import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.emulator.resources import Eraser
from local.runtime.memories import forget_facts
from local.web.http import Request
from local.web.outbox import Mail
from sharetrail.aws.tables import INFLUENCERS, LINKS, MERCHANTS, SALTS, Table
from sharetrail.clicks import visitor
from tests.instances import forget_counts
from tests.shops import AS_A_BROWSER, HOST, ORIGIN, PHONE, Answer, Shop

BEGINS = datetime(2026, 11, 2, 6, tzinfo=UTC)
"""A Monday, an hour into it in New York."""
DAYS = 28
WINDOW = 7
"""Days: short, so that within the four weeks journeys end without an order."""
SITE = "/products/mug"
AGENTS = [PHONE.replace("18.5", f"18.{n}") for n in range(300)]
NETWORKS = ("whatsapp", "pinterest", "x")
KNOWN = tuple(f"honest{n:02}" for n in range(12))
VISITORS = ("v" * 32, "w" * 32)
"""Their browsers' first-party ids: who shares without being known."""


# ── what honest people do ────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Act:
    at: datetime
    name: str
    """Of the method of Life that does it."""
    said: dict[str, Any] = field(default_factory=dict)


def honest_history() -> list[Act]:
    """The same whenever it is asked, in time order, no two acts within a minute and a half."""
    dice = random.Random(13)
    acts = [Act(at=BEGINS, name="share", said={"who": who}) for who in (*KNOWN, *VISITORS)]
    orders = itertools.count(1_001)
    for day in range(DAYS):
        begins = BEGINS + timedelta(days=day, hours=8)
        for who in range(6):
            acts += _a_day_of(f"person{(day * 4 + who) % 40}", begins, dice, orders)
        morning = begins.replace(hour=13, minute=10) + timedelta(days=1)
        acts.append(Act(at=morning, name="close", said={"is_monday": (day + 1) % 7 == 0}))
    return _apart(sorted(acts, key=lambda act: act.at))


def _a_day_of(
    person: str, begins: datetime, dice: random.Random, orders: Iterator[int]
) -> Iterator[Act]:
    """Some look at buttons, most follow one or two links, and some buy; a few return it."""
    at = begins + timedelta(minutes=dice.randrange(600))
    sharers = [*KNOWN, *VISITORS]
    weights = [14 - n for n in range(len(sharers))]
    yield Act(at=at, name="look", said={"person": person, "types": ("view", "open")})
    for _ in range(dice.choice((1, 1, 2))):
        at += timedelta(minutes=dice.randrange(2, 9))
        (who,) = dice.choices(sharers, weights)
        yield Act(at=at, name="follow_as", said={"person": person, "who": who})
        yield Act(at=at, name="look", said={"person": person, "types": ("visit",)})
    if dice.random() < 0.45:
        order = str(next(orders))
        at += timedelta(minutes=dice.randrange(3, 30))
        most = dice.choice((1, 3))
        price = dice.choice(("20.00", "48.50", "75.00"))
        said = {"person": person, "order": order, "price": price, "most": most}
        yield Act(at=at, name="buy_as", said=said)
        if dice.random() < 0.15:
            after = at + timedelta(hours=dice.randrange(5, 60))
            yield Act(at=after, name="give_back", said={"order": order})
    if dice.random() < 0.1:
        at += timedelta(minutes=3)
        said = {"person": person, "types": ("share",), "who": VISITORS[0]}
        yield Act(at=at, name="look", said=said)


def _apart(acts: list[Act]) -> list[Act]:
    found: list[Act] = []
    at = BEGINS
    for act in acts:
        at = max(at + timedelta(seconds=90), act.at)
        found.append(Act(at=at, name=act.name, said=act.said))
    return found


# ── a life ───────────────────────────────────────────────────────────────────────────────────────
@dataclass
class NearShop(Shop):
    """The shop's functions by API Gateway's events, from whatever address one likes."""

    address: str = "198.51.100.1"

    @property
    def host(self) -> str:
        return HOST

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        bare, _, query = path.partition("?")
        response = self.cloud.gateway(
            Request(
                method=method,
                path=bare,
                raw_query=query,
                headers={"host": self.host, **AS_A_BROWSER, **(headers or {})},
                body=raw or b"",
                client=self.address,
            )
        )
        told = response.body.encode() if isinstance(response.body, str) else response.body
        return Answer(response.status, dict(response.headers), told)


@dataclass
class Beginning:
    """The shop on the day it was onboarded, with the salts of all days to come: two lives that
    begin with it give links, visitors and clicks the same names."""

    facts: dict[str, Any]
    rows: dict[Table, list[dict[str, Any]]]


@dataclass
class World:
    """Where lives are lived, one after another."""

    emulator: Emulator
    eraser: Eraser
    beginning: Beginning | None = None

    @contextmanager
    def life(self) -> Iterator["Life"]:
        with still_cloud(self.emulator, self.eraser, BEGINS) as (cloud, chance):
            shop = NearShop(cloud)
            if self.beginning is None:
                self.beginning = _begin(shop)
            shop.facts = self.beginning.facts
            for table, rows in self.beginning.rows.items():
                table.write_all(rows)
            yield Life(shop, chance)


@contextmanager
def still_cloud(
    emulator: Emulator, eraser: Eraser, start: datetime
) -> Iterator[tuple[Cloud, SimpleNamespace]]:
    """An empty cloud, as if cold, whose clock moves where somebody moves it alone; and the `dice`
    that clicks are numbered by."""
    eraser()
    forget_facts()
    forget_counts()
    chance = SimpleNamespace(dice=random.Random(0))
    drawn = SimpleNamespace(
        randbits=lambda n: chance.dice.getrandbits(n),
        randbelow=lambda n: chance.dice.randrange(n),
    )
    with (
        pytest.MonkeyPatch.context() as patched,
        Cloud(emulator=emulator, prepared=True, start=start) as cloud,
    ):
        began = cloud.clock._since[0]
        cloud.clock._real = lambda: began
        patched.setattr(visitor, "secrets", drawn)
        yield cloud, chance


def _begin(shop: NearShop) -> Beginning:
    facts = shop.onboarded(window_days=WINDOW)
    days = ((BEGINS + timedelta(days=n)).date().isoformat() for n in range(DAYS + 3))
    salts = [{"pk": day, "salt": secrets.token_bytes(32)} for day in days]
    SALTS.write_all(salts)
    tables = (MERCHANTS, SALTS, LINKS, INFLUENCERS)
    return Beginning(facts, {table: list(table.scan()) for table in tables})


class Life:
    def __init__(self, shop: NearShop, chance: SimpleNamespace) -> None:
        self.shop, self._chance = shop, chance
        self.acts = honest_history()
        self.done = 0
        self.codes: dict[str, str] = {}
        """Sharer → their link."""
        self.trails: dict[str, list[tuple[datetime, str]]] = {}
        """Person → when and which clicks their browser carries."""

    @property
    def now(self) -> datetime:
        return self.shop.cloud.clock.now()

    @property
    def is_over(self) -> bool:
        return self.done == len(self.acts)

    @property
    def next_at(self) -> datetime:
        return self.acts[self.done].at

    def live(self, days: int = DAYS) -> None:
        """What the honest do in the next days."""
        closed = 0
        while not self.is_over and closed < days:
            act = self.acts[self.done]
            self.shop.cloud.clock.set_forward(act.at)
            self._chance.dice = random.Random(f"honest {self.done}")
            self.shop.address = "198.51.100.1"
            self.done += 1
            getattr(self, f"_{act.name}")(**act.said)
            closed += act.name == "close"

    def aside(self, seconds: float, seed: object) -> None:
        """Somebody else acts: a little later, and by their own luck."""
        until = self.next_at - timedelta(seconds=1) if not self.is_over else self.now
        wished = self.now + timedelta(seconds=seconds)
        if wished < until:
            self.shop.cloud.clock.set_forward(wished)
        self._chance.dice = random.Random(f"aside {seed}")

    def _share(self, who: str) -> None:
        if who in VISITORS:
            said = {"influencer": {"id": who}, "network": "whatsapp"}
            product = {"id": "1", "title": "Mug"}
            made = self.shop.share(key="publishable_key", product=product, **said)
        else:
            network = NETWORKS[KNOWN.index(who) % len(NETWORKS)]
            made = self.shop.share(who, network=network, product={"id": "1", "title": "Mug"})
        assert made.status in (200, 201), made.body
        self.codes[who] = made.json["code"]

    def _follow_as(self, person: str, who: str) -> None:
        self._be(person)
        location = self.shop.follow(self.codes[who], self._agent(person)).headers["location"]
        click = parse_qs(urlsplit(location).query)["st"][0]
        self.trails.setdefault(person, []).append((self.now, click))

    def _look(self, person: str, types: tuple[str, ...], who: str = "") -> None:
        self._be(person)
        events = [
            {
                "id": f"{person}-{self.done}-{kind}",
                "type": kind,
                "url": ORIGIN + SITE,
                "at": self.now.isoformat(),
                **({"trail": self._trail(person)} if kind == "visit" else {"product": "1"}),
                **({"code": self.codes[who]} if who else {}),
            }
            for kind in types
        ]
        body = {"key": self.shop.facts["publishable_key"], "events": events}
        answer = self.shop.ask("POST", "/v1/events", body, {"origin": ORIGIN})
        assert answer.status == 202, answer.body

    def _buy_as(self, person: str, order: str, price: str, most: int) -> None:
        trail = self._trail(person)[-most:]
        number = int(person.removeprefix("person"))
        said = {
            "email": f"{person}@mail.example",
            "customer": {"id": 5_000 + number, "email": f"{person}@mail.example"},
            "shipping_address": {
                "address1": f"{number} Main Street",
                "zip": f"1{number:04}",
                "city": "New York",
                "country_code": "US",
            },
        }
        text = ",".join(trail) or "none"
        assert self.shop.buy(order, price, text, visit=trail[-1] if trail else None, **said)

    def _give_back(self, order: str) -> None:
        refund = self.shop.a_refund(order, f"9{order}", "20.00")
        assert self.shop.deliver("refunds/create", refund).status == 200

    def _close(self, is_monday: bool) -> None:
        """Streams run, the day is closed; on Mondays all is scored and the mail goes out."""
        self.drain()
        self.shop.run("close_days")
        if is_monday:
            self.drain()
            self.shop.run("score_influencers")
            self.drain()
            self.shop.cloud.schedule("schedule_reports")
        self.drain()

    def drain(self) -> None:
        assert self.shop.cloud.drain()["failed"] == []

    def _be(self, person: str) -> None:
        self.shop.address = f"203.0.113.{int(person.removeprefix('person'))}"

    def _agent(self, person: str) -> str:
        return AGENTS[int(person.removeprefix("person"))]

    def _trail(self, person: str) -> list[str]:
        since = self.now - timedelta(days=WINDOW)
        return [click for at, click in self.trails.get(person, []) if at > since]


# ── what a merchant sees in the end ──────────────────────────────────────────────────────────────
Places = list[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a life came to, as the shop is told of it, of the honest alone where it is by person."""

    orders: dict[str, Any]
    """Whole, but for the marks that programs on a link leave, which are in `noticed`."""
    noticed: dict[str, list[str]]
    """Order → the effects of those marks."""
    links: dict[str, Any]
    """Sharer → their link's totals."""
    raw: dict[str, int]
    """Sharer → every GET of their link."""
    scores: dict[str, Any]
    names: dict[str, str]
    ranks: dict[str, list[str]]
    figures: dict[str, dict[str, Any]]
    """By ranking, whose place says what of money and clicks."""
    effects: Any
    """What the next week's orders are weighed by."""
    second_order: dict[str, str]
    funnel: dict[str, int]
    mails: list[Mail]
    sheets: list[dict[str, dict[str, str]]]
    """Of each Monday, the honest rows by whose they are."""
    others: frozenset[str]
    """Who is in rankings, scores or tree, and is not honest."""


PROGRAMS = "bot_ratio"
"""The rule that notices what anybody's program does to a link."""
RANKINGS = ("shares", "sales", "influence")


def standing(life: Life) -> Standing:
    shop = life.shop
    orders, noticed = _orders(life)
    sharer = {code: who for who, code in life.codes.items()}
    last = BEGINS.date() + timedelta(days=DAYS - 1)
    stats = shop.read(f"/v1/stats?from={BEGINS.date()}&to={last}&by=link")
    rows = {sharer[row["group"]]: row for row in stats["rows"] if row["group"] in sharer}
    raw = {who: row.pop("raw_clicks") for who, row in rows.items()}
    known = {each["id"]: each for each in _all_influencers(shop)}
    honest = {who: _id_of(shop, code) for who, code in life.codes.items()}
    ranked = {by: shop.read(f"/v1/rankings/{by}?limit=100")["items"] for by in RANKINGS}
    tree = shop.read(f"/v1/share-tree?from={BEGINS.date()}&to={last}")["influencers"]
    whose = {each: who for who, each in honest.items()}
    met = {each["influencer"] for places in (*ranked.values(), tree) for each in places}
    return Standing(
        orders=orders,
        noticed=noticed,
        links=rows,
        raw=raw,
        scores={who: known[each]["score"] for who, each in honest.items()},
        names={who: known[each]["name"] for who, each in honest.items()},
        ranks={by: [w for p in ranked[by] if (w := whose.get(p["influencer"]))] for by in RANKINGS},
        figures={
            by: {w: _figures(p) for p in ranked[by] if (w := whose.get(p["influencer"]))}
            for by in RANKINGS
        },
        effects=shop.read("/v1/removal-effects")["networks_by_order"],
        second_order={each["influencer"]: each["second_order_revenue"]["amount"] for each in tree},
        funnel={step: stats["totals"][step] or 0 for step in ("views", "opens", "shares")},
        mails=shop.cloud.outbox.mails,
        sheets=[_sheet(mail, whose) for mail in shop.cloud.outbox.mails],
        others=frozenset(met | {each for each in known if known[each]["score"]}) - whose.keys(),
    )


def _orders(life: Life) -> tuple[dict[str, Any], dict[str, list[str]]]:
    found, noticed = {}, {}
    for order in (act.said["order"] for act in life.acts if act.name == "buy_as"):
        told = life.shop.order(order)
        marks = [each for each in told["decisions"] if each["sign"] == PROGRAMS]
        if marks:
            noticed[order] = [each["effect"] for each in marks]
            told["decisions"] = [each for each in told["decisions"] if each not in marks]
        for line in (line for lines in told["credits"].values() for line in lines):
            line["marks"] = [each for each in line["marks"] if PROGRAMS not in each]
        found[order] = told
    return found, noticed


def _all_influencers(shop: Shop) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        page = shop.read(f"/v1/influencers?limit=100{cursor and f'&cursor={cursor}'}")
        yield from page["items"]
        cursor = page["cursor"]


def _id_of(shop: Shop, code: str) -> str:
    return str(shop.read(f"/v1/links/{code}")["influencer"])


def _figures(place: dict[str, Any]) -> dict[str, Any]:
    """All that is said of a place but where it stands and who came by it: friends are no money."""
    return {k: v for k, v in place.items() if k not in ("rank", "recruits", "sentence")}


def _sheet(mail: Mail, whose: dict[str, str]) -> dict[str, dict[str, str]]:
    (sheet,) = mail.attachments
    rows = csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff")))
    found = {whose[row["influencer"]]: row for row in rows if row["influencer"] in whose}
    for row in found.values():
        del row["rank"]  # among all; among the honest it is the rows' order
    return found


def paragraphs(mail: Mail, about: str) -> list[str]:
    """Of a mail's text, each part that names somebody, without the number of its place and the host
    and token of its links."""
    text = re.sub(r"https?://\S+/reports/\w+", "", mail.text.replace("\r\n", "\n"))
    parts = re.split(r"\n\n|\n(?=- )", text)
    return [re.sub(r"^\d+\. ", "", part.strip()) for part in parts if about in part]
