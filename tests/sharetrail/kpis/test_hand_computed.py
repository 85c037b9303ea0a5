"""Three weeks of a shop, five people who share, refunds, a cancellation: every KPI by hand.

`happened.csv` is what happened, day by day; `by_hand.csv` is what each KPI comes to, with the
working beside it. What happened is done over HTTP, as in life: links made and followed, events
sent by pages, orders by signed webhooks, networks' figures by the API.
"""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.template.declarations import Template
from sharetrail.kpis import scorecards
from sharetrail.kpis.comparison import Days
from sharetrail.kpis.figure import Figure
from sharetrail.kpis.kpi import KPIS
from sharetrail.kpis.scorecard import Scorecard
from sharetrail.merchants import profiles
from tests.instances import forget_counts
from tests.shops import ORIGIN, PHONE, Shop

_HERE = Path(__file__).parent
_BEGINS = datetime(2026, 11, 1, 13, tzinfo=UTC)
"""A Sunday morning in New York."""
_WEEK_3 = Days(first=date(2026, 11, 16), last=date(2026, 11, 22))
_PAGE = f"{ORIGIN}/products/mug"


def rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(newline="") as file:
        return [*csv.DictReader(file)]


@dataclass
class Lived:
    """The shop, and what happens to it as happened.csv has it."""

    shop: Shop
    codes: dict[str, str] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    """Link → the newest click of it."""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def live(self, row: dict[str, str]) -> None:
        more = dict(part.split("=", 1) for part in _parts(row["more"]))
        self.pass_time(datetime.fromisoformat(f"{row['day']}T13:00:00+00:00"))
        getattr(self, f"do_{row['what']}")(row["whose"], row["n"], **more)

    def pass_time(self, until: datetime) -> None:
        """To the day, or a minute on: what happens on one day happens in the order of its lines."""
        now = self.shop.cloud.clock.now()
        self.shop.cloud.clock.set_forward(max(until, now + timedelta(minutes=1)))

    def do_link(self, who: str, _: str, name: str, network: str, trail: str = "") -> None:
        said = {"trail": [self.newest[trail]]} if trail else {}
        self.codes[name] = self.shop.share(who, network=network, **said).json["code"]

    def do_clicks(self, link: str, n: str) -> None:
        for _ in range(int(n)):
            phone = PHONE.replace("18.5", f"18.{next(self.numbers)}")
            self.newest[link] = self.shop.click(self.codes[link], phone)

    def do_figures(self, network: str, _: str, **figures: str) -> None:
        told = {name: int(value) for name, value in figures.items()}
        day = f"{self.shop.cloud.clock.now():%Y-%m-%d}"
        body = {"figures": [{"network": network, "day": day, **told}]}
        headers = {"authorization": f"Bearer {self.shop.facts['secret_key']}"}
        assert self.shop.ask("PUT", "/v1/network-figures", body, headers).status == 200

    def do_cost(self, who: str, amount: str, kind: str, until: str = "") -> None:
        body = {
            "kind": kind,
            "cost": {"amount": amount, "currency": "USD"},
            "from": f"{self.shop.cloud.clock.now():%Y-%m-%d}",
            "influencer": who,
            **({"to": until} if until else {}),
        }
        headers = {"authorization": f"Bearer {self.shop.facts['secret_key']}"}
        assert self.shop.ask("POST", "/v1/costs", body, headers).status == 201

    def do_views(self, _: str, n: str) -> None:
        self.tell(*[{"type": "view"}] * int(n))

    def do_opens(self, _: str, n: str) -> None:
        self.tell(*[{"type": "open"}] * int(n))

    def do_shares(self, _: str, n: str) -> None:
        self.tell(*[{"type": "share"}] * int(n))

    def do_visit(self, _: str, __: str, pages: str) -> None:
        """Pages with the seconds that each was looked at."""
        stays = [
            {"type": "stay", "page": place, "seconds": int(seconds)}
            for place, seconds in enumerate(pages.split(), start=1)
        ]
        self.tell({"type": "visit", "trail": [*self.newest.values()][:1]}, *stays)

    def do_lead(self, whose: str, n: str) -> None:
        trail = {"trail": [*self.newest.values()][:1]} if whose else {}
        self.tell(*[{"type": "lead", **trail}] * int(n))

    def tell(self, *events: dict[str, Any]) -> None:
        now = self.shop.cloud.clock.now().isoformat()
        named = [
            {"id": f"event-{next(self.numbers):06}", "url": _PAGE, "at": now, **each}
            for each in events
        ]
        body = {"key": self.shop.facts["publishable_key"], "events": named}
        assert self.shop.ask("POST", "/v1/events", body, {"origin": ORIGIN}).status == 202

    def do_order(
        self, order: str, price: str, buyer: str, trail: str = "", visit: str = ""
    ) -> None:
        clicks = [self.newest[each] for each in trail.split("+") if each]
        began = clicks[-1] if visit == "own" else visit or None
        who = {
            "email": f"buyer{buyer}@mail.example",
            "customer": {"id": int(buyer), "email": f"buyer{buyer}@mail.example"},
            "shipping_address": {
                "address1": f"{buyer} Main Street",
                "zip": f"1000{buyer}",
                "city": "New York",
                "country_code": "US",
            },
        }
        payload = self.shop.an_order(order, price, ",".join(clicks) or "none", visit=began, **who)
        payload["processed_at"] = payload["created_at"]
        assert self.shop.deliver("orders/create", payload).status == 200
        assert self.shop.deliver("orders/paid", payload).status == 200
        self.orders[order] = payload
        assert self.shop.cloud.drain()["failed"] == []

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def do_refund(self, order: str, amount: str) -> None:
        refund = self.shop.a_refund(order, f"9{order}", amount)
        assert self.shop.deliver("refunds/create", refund).status == 200

    def do_cancel(self, order: str, _: str) -> None:
        gone = {**self.orders[order], "cancelled_at": self.shop.cloud.clock.now().isoformat()}
        assert self.shop.deliver("orders/cancelled", gone).status == 200


def _parts(text: str) -> list[str]:
    """`pages=30 60` is one: a part without a name belongs to the one before."""
    parts: list[str] = []
    for word in text.split():
        if "=" in word or not parts:
            parts.append(word)
        else:
            parts[-1] += f" {word}"
    return parts


@pytest.fixture(scope="module")
def story() -> list[dict[str, str]]:
    return rows("happened.csv")


@pytest.fixture
def lived(tables: Template, emulator: Emulator, story: list[dict[str, str]]) -> Iterator[Shop]:
    forget_counts()
    with Cloud(emulator=emulator, prepared=True, start=_BEGINS) as cloud:
        told = Lived(Shop.onboard(cloud))
        for row in story:
            told.live(row)
        told.pass_time(datetime(2026, 11, 23, 13, tzinfo=UTC))
        assert cloud.drain()["failed"] == []
        assert told.shop.run("close_days") == []
        yield told.shop


def by_hand(text: str, kpi: str) -> Fraction | None:
    """A cell: an exact number, a fraction, an amount in whole units; `?` is not known."""
    if text == "?":
        return None
    top, _, bottom = text.partition("/")
    value = Fraction(top) / Fraction(bottom or "1")
    return value * 100 if KPIS[kpi].unit == "money" else value


def computed(card: Scorecard, which: str) -> dict[str, Fraction | None]:
    found = {}
    for line in card.lines:
        reading = line.reading if which == "now" else line.before and line.before.reading
        found[line.kpi.id] = reading.value if isinstance(reading, Figure) else None
    return found


def test_every_kpi_is_what_one_computes_by_hand(lived: Shop) -> None:
    now = lived.cloud.clock.now()
    card = scorecards.read(profiles.find(lived.id, now), _WEEK_3, now)
    table = rows("by_hand.csv")
    assert [row["kpi"] for row in table] == [*KPIS], "each in its place"
    expected = {row["kpi"]: by_hand(row["week 3"], row["kpi"]) for row in table}
    assert computed(card, "now") == expected
    expected = {row["kpi"]: by_hand(row["week 2"], row["kpi"]) for row in table}
    assert computed(card, "before") == expected
    the_api_says_the_same(lived, card)
    a_year_ago_nothing_is_known(lived)


def the_api_says_the_same(shop: Shop, card: Scorecard) -> None:
    told = shop.read(f"/v1/kpis?from={_WEEK_3.first}&to={_WEEK_3.last}")
    assert (told["days_before"]["from"], told["days_before"]["to"]) == ("2026-11-09", "2026-11-15")
    for answer, line in zip(told["kpis"], card.lines, strict=True):
        assert answer["id"] == line.kpi.id
        if not isinstance(line.reading, Figure):
            assert (answer["figure"], bool(answer["unknown"])) == (None, True)
        elif line.kpi.unit == "money":
            amount = Fraction(answer["figure"]["amount"]) * 100
            assert abs(amount - line.reading.value) <= Fraction(1, 2)
            assert answer["figure"]["currency"] == "USD"
        else:
            assert answer["figure"] == pytest.approx(float(line.reading.value), abs=1e-6)


def a_year_ago_nothing_is_known(shop: Shop) -> None:
    told = shop.read(f"/v1/kpis?from={_WEEK_3.first}&to={_WEEK_3.last}")
    by_id = {each["id"]: each for each in told["kpis"]}
    for kpi in ("clicks", "revenue_net", "conversion", "visits", "followers"):
        last_year = by_id[kpi]["last_year"]
        assert last_year["figure"] is None, kpi
        assert last_year["unknown"], kpi
        assert last_year["judgement"] is None, kpi
