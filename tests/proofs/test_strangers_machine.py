"""One history lived twice: alone, and beside a stranger who has the publishable key.

The stranger does whatever the public routes allow: makes links, sends page events, follows links by
program and his own as a person would, knocks with wrong signatures, asks for everything. In the end
the shop is told the same of all honest people, down to the byte where money is.
"""

import itertools
import json
import random
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sharetrail.clicks.click import is_click_id, mint_click_id
from sharetrail.clicks.page_event import PAGE_EVENT_SHARDS
from sharetrail.totals.believed_events import MOST_OF_AN_ADDRESS, MOST_WITHOUT_ADDRESS
from tests.lives import (
    DAYS,
    KNOWN,
    NETWORKS,
    RANKINGS,
    SITE,
    VISITORS,
    Life,
    Standing,
    World,
    paragraphs,
    standing,
)
from tests.machines import quick
from tests.shops import BROWSER, ORIGIN, PHONE, SHOPIFY_DOMAIN, Answer

pytestmark = pytest.mark.slow

SIGN = "zqevil"
"""Stands in every text of the stranger's."""
WORDS = f"{SIGN.upper()} www.{SIGN}.com"
WAY = "zqway"
"""Stands in the paths of pages that he makes up: links that nobody named show where they lead."""
ADDRESS = "192.0.2.66"
ROUTES = (
    "/v1/influencers",
    "/v1/influencers/honest00",
    "/v1/influencers/honest00/scores",
    "/v1/links/{code}",
    "/v1/orders/shopify/1001",
    "/v1/orders/shopify?name=%231001",
    "/v1/held-orders",
    "/v1/codes",
    "/v1/rates",
    "/v1/removal-effects",
    "/v1/stats",
    "/v1/share-tree",
    "/v1/quarantine",
)
PROGRAMS = ("curl/8.9.1", "Googlebot/2.1", "WhatsApp/2.25.1", "facebookexternalhit/1.1", "")
LOADS: tuple[dict[str, str], ...] = (
    {"sec-fetch-dest": "image"},
    {"sec-fetch-dest": "iframe"},
    {"purpose": "prefetch"},
    {"sec-purpose": "prefetch;prerender"},
    {"accept-language": ""},
)
MOST = {"views": MOST_OF_AN_ADDRESS["view"], "opens": MOST_OF_AN_ADDRESS["open"]}
MOST |= {"shares": MOST_OF_AN_ADDRESS["share"]}
TALLIES = PAGE_EVENT_SHARDS * 2
"""Of a UTC day: its shards, each in the two local days that it is a part of."""


class Stranger:
    """What he has: an address, the publishable key, and what he made with it."""

    def __init__(self, life: Life) -> None:
        self.life, self.shop = life, life.shop
        self.codes: list[str] = []
        self.clicks: list[str] = []
        self._steps = itertools.count()

    def step(self, seconds: float = 1) -> random.Random:
        n = next(self._steps)
        self.life.aside(seconds, n)
        self.shop.address = ADDRESS
        return random.Random(n)

    def share(self, **body: Any) -> Answer:
        self.step()
        made = self.shop.share(key="publishable_key", **body)
        if made.status in (200, 201):
            self.codes.append(made.json["code"])
        return made

    def tell(self, events: list[dict[str, Any]], **headers: str) -> Answer:
        self.step()
        body = {"key": self.shop.facts["publishable_key"], "events": events}
        return self.shop.ask("POST", "/v1/events", body, {"origin": ORIGIN, **headers})

    def follow(self, code: str, agent: str, method: str = "GET", **headers: str) -> Answer:
        self.step()
        return self.shop.ask(method, f"/{code}", headers={"user-agent": agent, **headers})

    def follow_as_person(self, code: str, agent: str) -> None:
        location = self.follow(code, agent).headers.get("location", "")
        click = location.partition("st=")[2].partition("&")[0]
        if is_click_id(click):
            self.clicks.append(click)


class StrangersMachine(RuleBasedStateMachine):
    world: ClassVar[World]
    alone: ClassVar[Standing]

    @initialize(days=st.integers(0, 3))
    def begin(self, days: int) -> None:
        self.stack = ExitStack()
        self.life = self.stack.enter_context(self.world.life())
        self.stranger = Stranger(self.life)
        self.told_on: set[date] = set()
        self.life.live(1 + days)
        self.begin_with_what_once_worked()

    def begin_with_what_once_worked(self) -> None:
        for network in NETWORKS:
            self.share(2, network, {"id": "honest00", "name": WORDS}, "none", f"/{WAY}.com/win")
        self.follow_his_own_as_people_do(18, 18, False)
        for who in (KNOWN[3], KNOWN[-1]):
            self.follow_the_honest_by_program(who, 30, "curl/8.9.1", None, "GET")
        for about, kind in (("honest", "share"), ("own", "share"), ("own", "view")):
            self.tell_of_pages(kind, 30, 100, about, "none", 0, False)
        self.tell_of_pages("visit", 30, 100, "own", "own", 0, False)

    @rule(days=st.integers(1, 6))
    def time_passes(self, days: int) -> None:
        self.life.live(days)

    @rule(
        many=st.integers(1, 12),
        network=st.sampled_from(["whatsapp", "pinterest", "x", "telegram", "instagram", "other"]),
        said=st.sampled_from(
            [
                {"id": "honest00", "name": WORDS, "email": f"pay@{SIGN}.com"},
                {"id": "ben", "handles": {"x": WORDS}},
                {"token": f"honest00.1999999999.{SIGN}"},
                {"token": f"honest00.1.{SIGN}"},
                {"name": WORDS},
            ]
        ),
        trail=st.sampled_from(["none", "own", "made up"]),
        path=st.sampled_from([SITE, f"/{WAY}.com/win", "/"]),
    )
    def share(self, many: int, network: str, said: dict[str, Any], trail: str, path: str) -> None:
        """In other people's names and in his own, one browser's id after another."""
        for n in range(many):
            who = {**said, "id": said.get("id", f"{SIGN}{n:02}")} if "token" not in said else said
            made = self.stranger.share(
                url=f"{ORIGIN}{path}?{n}",
                network=network,
                influencer=who if "token" in said else {**who, "id": f"{who['id']}-{n}"},
                campaign=WORDS,
                label=WORDS,
                product={"id": "1" if n % 2 else f"{SIGN}{n}", "title": WORDS},
                trail=self.a_trail(trail, n),
            )
            assert made.status in (201, 200, 403, 422, 429)
            assert ("token" not in said) or made.status == 403

    @rule(
        kind=st.sampled_from(["view", "open", "share", "visit", "lead"]),
        many=st.integers(1, 100),
        n=st.sampled_from([1, 7, 100, 100, 1_000]),
        about=st.sampled_from(["honest", "own", "made up"]),
        trail=st.sampled_from(["none", "own", "made up"]),
        hours=st.sampled_from([None, 0, -20, 3, 900]),
        private=st.booleans(),
    )
    def tell_of_pages(
        self,
        kind: str,
        many: int,
        n: int,
        about: str,
        trail: str,
        hours: int | None,
        private: bool,
    ) -> None:
        at = None if hours is None else (self.life.now + timedelta(hours=hours)).isoformat()
        dice = self.stranger.step()
        events = [
            {
                "id": f"{dice.getrandbits(96):024x}",
                "type": kind,
                "url": f"{ORIGIN}/{SIGN}/{each}",
                "product": "1" if each % 2 else WORDS,
                "code": self.a_code(about, each),
                "trail": self.a_trail(trail, each),
                "n": n,
                **({"at": at} if at else {}),
            }
            for each in range(many)
        ]
        # An event of the future or of long ago is of the day on which it came.
        at_most = [self.life.now, self.life.now + timedelta(hours=min(hours or 0, 0))]
        self.told_on |= {each.date() for each in at_most}
        signals = {"dnt": "1", "sec-gpc": "1"} if private else {}
        assert self.stranger.tell(events, **signals).status in (202, 400)

    @rule(
        who=st.sampled_from([*KNOWN[:3], KNOWN[-1], *VISITORS]),
        many=st.integers(1, 30),
        agent=st.sampled_from(PROGRAMS),
        load=st.none() | st.sampled_from(LOADS),
        method=st.sampled_from(["GET", "GET", "HEAD"]),
    )
    def follow_the_honest_by_program(
        self, who: str, many: int, agent: str, load: dict[str, str] | None, method: str
    ) -> None:
        """By what says that it is one, or by a browser that only loads it; never as people do."""
        for _ in range(many):
            referrer = {"referer": f"https://{SIGN}.com/"}
            if load is None:
                self.stranger.follow(self.life.codes[who], agent, method, **referrer)
            else:
                self.stranger.follow(self.life.codes[who], BROWSER, method, **load, **referrer)

    @rule(many=st.integers(1, 60), agents=st.integers(1, 200), is_private=st.booleans())
    def follow_his_own_as_people_do(self, many: int, agents: int, is_private: bool) -> None:
        for n in range(many if self.stranger.codes else 0):
            code = self.stranger.codes[n % len(self.stranger.codes)]
            agent = f"{PHONE} {SIGN}/{n % agents}"
            if is_private:
                self.stranger.follow(code, agent, **{"sec-gpc": "1"})
            else:
                self.stranger.follow_as_person(code, agent)

    @rule(order=st.sampled_from(["1001", "1010", "7777"]), signed=st.booleans())
    def knock_with_a_wrong_signature(self, order: str, signed: bool) -> None:
        self.stranger.step()
        topic = "refunds/create" if order == "1010" else "orders/create"
        told = (
            self.shop.a_refund(order, "1", "48.50")
            if order == "1010"
            else self.shop.an_order(order, "500.00", ",".join(self.stranger.clicks[:3]))
        )
        headers = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": SHOPIFY_DOMAIN,
            **({"x-shopify-hmac-sha256": "c3RyYW5nZXI="} if signed else {}),
        }
        for provider in ("shopify", "woocommerce", "stripe", "standard"):
            path = f"/v1/webhooks/{provider}/{self.shop.id}"
            assert self.shop.ask("POST", path, json.dumps(told).encode(), headers).status == 401

    @rule(key=st.sampled_from(["none", "publishable", "made up"]))
    def ask_for_everything(self, key: str) -> None:
        self.stranger.step()
        keys = {"publishable": self.shop.facts["publishable_key"], "made up": "sk_" + "a" * 32}
        headers = {"origin": ORIGIN}
        if key in keys:
            headers["authorization"] = f"Bearer {keys[key]}"
        for route in ROUTES:
            path = route.format(code=self.life.codes["honest00"])
            assert self.shop.ask("GET", path, headers=headers).status in (401, 403), path
            preflight = {"origin": ORIGIN, "access-control-request-method": "POST"}
            assert self.shop.ask("OPTIONS", path, headers=preflight).status < 500

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        with self.stack:
            self.life.live(DAYS)
            same_for_the_honest(self.alone, standing(self.life), len(self.told_on))

    @property
    def shop(self) -> Any:
        return self.life.shop

    def a_trail(self, kind: str, n: int) -> list[str]:
        if kind == "own":
            return self.stranger.clicks[n % 7 : n % 7 + 5]
        if kind == "made up":
            dice = random.Random(n)
            at = self.life.now - timedelta(minutes=n)
            return [mint_click_id(at, dice.randrange(8), dice.getrandbits(80)) for _ in range(5)]
        return []

    def a_code(self, kind: str, n: int) -> str:
        own, honest = self.stranger.codes, [*self.life.codes.values()]
        if kind == "own" and own:
            return own[n % len(own)]
        return honest[n % len(honest)] if kind == "honest" else f"{n:010}"


# ── the two lives side by side ───────────────────────────────────────────────────────────────────
def same_for_the_honest(alone: Standing, beside: Standing, days_told: int) -> None:
    """`days_told`: on how many days the stranger sent page events."""
    assert text_of(beside.orders) == text_of(alone.orders), difference(alone.orders, beside.orders)
    assert {each for effects in beside.noticed.values() for each in effects} <= {"flag"}
    assert beside.links == alone.links, difference(alone.links, beside.links)
    assert all(beside.raw[who] >= alone.raw[who] for who in alone.raw)
    assert beside.names == alone.names
    assert beside.effects == alone.effects, "what the next week's orders are weighed by"
    same_standing(alone, beside)
    same_mails(alone, beside)
    for step, most in MOST.items():
        believed = alone.funnel[step] + days_told * TALLIES * most
        private = believed + days_told * TALLIES * MOST_WITHOUT_ADDRESS
        assert beside.funnel[step] <= believed + private, step


def same_standing(alone: Standing, beside: Standing) -> None:
    for who, score in alone.scores.items():
        other = beside.scores[who]
        expected = pytest.approx(float(score["value"]["amount"]), rel=0.01)
        assert float(other["value"]["amount"]) == expected, who
        assert other["tier"] == score["tier"], who
        assert other["percentile"] == score["percentile"], who
    for by in RANKINGS:
        assert beside.ranks[by] == alone.ranks[by], by
    assert beside.figures["sales"] == alone.figures["sales"]
    assert {who: each for who, each in beside.second_order.items() if each != "0.00"} == {
        who: each for who, each in alone.second_order.items() if each != "0.00"
    }


def same_mails(alone: Standing, beside: Standing) -> None:
    assert len(beside.mails) == len(alone.mails)
    for mail, other in zip(alone.mails, beside.mails, strict=True):
        assert other.subject == mail.subject
        for part in (other.subject, other.html, other.text, other.attachments[0].text):
            assert SIGN not in part.casefold()
            assert f"{WAY}.com" not in part
        for line in (line for line in other.text.splitlines() if WAY in line):
            assert line.startswith(f"- /{WAY}·com/win: $0.00 credited"), line
        for name in alone.names.values():
            assert paragraphs(other, name) == paragraphs(mail, name)
    assert beside.sheets == alone.sheets
    assert [[*sheet] for sheet in beside.sheets] == [[*sheet] for sheet in alone.sheets]


def text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def difference(alone: dict[str, Any], beside: dict[str, Any]) -> str:
    name = next((each for each in alone if alone[each] != beside.get(each)), None)
    return f"{name}:\n{text_of(alone.get(name))}\n{text_of(beside.get(name))}"


@pytest.fixture(scope="module")
def world(emulator: Any, erase_resources: Any) -> World:
    return World(emulator, erase_resources[1])


@pytest.fixture
def alone(tables: Any, world: World) -> Standing:
    with world.life() as life:
        life.live()
        return standing(life)


lived = settings(quick, max_examples=6, stateful_step_count=12)


def test_a_life_lived_twice_is_the_same(alone: Standing, world: World) -> None:
    """Or a difference would say nothing of the stranger."""
    with world.life() as life:
        life.live()
        same_for_the_honest(alone, standing(life), 0)
        assert sum("markov" in order["credits"] for order in alone.orders.values()) > 20
        assert {score["tier"] for score in alone.scores.values()} >= {"gold", "steady"}


def test_a_stranger_with_the_publishable_key_changes_nothing_of_the_honest(
    alone: Standing, world: World
) -> None:
    StrangersMachine.world, StrangersMachine.alone = world, alone
    run_state_machine_as_test(StrangersMachine, settings=lived)


def test_what_one_address_adds_to_an_honest_link_is_fifty_clicks_an_hour(
    alone: Standing, world: World
) -> None:
    """Who follows it like a person has visited it: clicks are what is said of him, and the rate at
    which they buy is what he can lower. Orders, credits by all models but Markov's and the sharers'
    order by what they brought are as they were."""
    rival = KNOWN[0]
    with world.life() as life:
        life.live(22)
        stranger = Stranger(life)
        for _ in range(3):
            for n in range(60):
                stranger.follow_as_person(life.codes[rival], f"{PHONE} {n}")
            life.live(1)
        life.live()
        beside = standing(life)
    added = beside.links[rival]["clicks"] - alone.links[rival]["clicks"]
    assert added == 150
    assert beside.links[rival]["revenue_by_model"] | {"markov": ""} == (
        alone.links[rival]["revenue_by_model"] | {"markov": ""}
    )
    for who, score in alone.scores.items():
        moved = float(beside.scores[who]["value"]["amount"]) / float(score["value"]["amount"])
        assert 0.35 < moved < 1.25, (who, moved)
        assert beside.scores[who]["tier"] == score["tier"]
    assert beside.ranks["shares"] == alone.ranks["shares"]
    assert beside.ranks["sales"][0] == alone.ranks["sales"][0]
