"""A small shop's life, drawn from a seed: who clicks, looks and buys, what the shop's system tells
of it, what its people enter. And how it is lived: in calm, or with everything that may go wrong.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from local.template.declarations import Template
from sharetrail.clicks import daily_salts
from tests import senders
from tests.lives import NearShop
from tests.schedules.cloud import Cloud, stand
from tests.shops import BROWSER, ORIGIN, PHONE, Answer

BEGINS = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""A Friday, ten o'clock in New York."""
NIGHT = datetime(2026, 11, 23, 5, 15, tzinfo=UTC)
"""Sunday is over there."""
EIGHT = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
AGENTS = (PHONE, BROWSER, "curl/8.9.1")
SHARERS = ("ana", "ben")
RECIPIENTS = ("owner@shop.example", "studio@shop.example")
HOURLY = ("turn_salts", "close_days", "score_influencers", "sweep", "schedule_reports")
End = Literal["Sunday", "night", "Monday"]
SUNDAYS: End = "Sunday"
NIGHTS: End = "night"
MONDAYS: End = "Monday"
POISONED = ("CLICKS", "ORDERS", "DOORBELLS", "CHORES", "ANALYSES", "MAILS", "BOUNCES", "QUESTIONS")


@dataclass(frozen=True, kw_only=True)
class Act:
    at: datetime
    name: str
    said: dict[str, Any] = field(default_factory=dict)


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────
def acts(seed: int) -> list[Act]:
    """What happens from Friday to Sunday, in its order."""
    dice = random.Random(f"life {seed}")
    drawn = [*_visits(dice), *_orders(dice), *_entries(dice)]
    sittings = [dice.uniform(0, 200_000) for _ in range(dice.randint(1, 3))]
    times = sorted(dice.choice(sittings) + dice.uniform(60, 500) for _ in drawn)
    order = sorted(range(len(drawn)), key=lambda n: (drawn[n][0], n))
    made = [drawn[n][1:] for n in order]
    return [
        Act(at=BEGINS + timedelta(seconds=int(at)), name=name, said=said)
        for at, (name, said) in zip(times, made, strict=True)
    ]


_Drawn = tuple[float, str, dict[str, Any]]
"""When in a life, from 0 to 1; what; and how."""


def _visits(dice: random.Random) -> Iterator[_Drawn]:
    for person in range(dice.randint(1, 3)):
        at, agent = dice.random() / 2, dice.choices(AGENTS, (6, 3, 1))[0]
        about = {"person": person, "agent": agent}
        for _ in range(dice.randint(1, 3)):
            yield at, "click", {**about, "sharer": dice.choice(SHARERS)}
            if dice.random() < 0.4:
                at += 0.001
                yield at, "look", {**about, "kind": dice.choice(("view", "open", "visit", "share"))}
            at += dice.choice((0.0, dice.random() / 4))


def _orders(dice: random.Random) -> Iterator[_Drawn]:
    for number in range(1001, 1001 + dice.randint(0, 3)):
        platform = dice.choice(("shopify", "shopify", "woocommerce", "stripe", "standard"))
        at = 0.3 + dice.random() / 2
        said = {
            "order": number,
            "platform": platform,
            "person": dice.randrange(3),
            "code": dice.random() < 0.2,
        }
        yield at, "buy", said
        for name in dice.choices(("", "refund", "cancel", "edit", "again"), (5, 3, 1, 1, 1)):
            # Some are told of before their order is.
            after = at + dice.choice((-0.01, 0.02, dice.random() / 5))
            if name:
                yield after, name, {"order": number, "platform": platform}


def _entries(dice: random.Random) -> Iterator[_Drawn]:
    if dice.random() < 0.3:
        yield dice.random(), "give_code", {}
    if dice.random() < 0.2:
        yield dice.random(), "enter_cost", {"number": dice.randint(1, 3)}
    if dice.random() < 0.15:
        yield dice.random(), "enter_rate", {}
    if dice.random() < 0.1:
        yield dice.random(), "poison", {"queue": dice.choice(POISONED)}
    if dice.random() < 0.1:
        yield dice.random(), "corrupt", {}
    if dice.random() < 0.1:
        yield dice.random(), "ask_what_if", {}
    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        yield dice.random(), "fire", {"folder": dice.choice(HOURLY)}


# ── lived ────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Beginning:
    """The shop as it was onboarded, with its links."""

    facts: dict[str, Any]
    rows: dict[str, list[Any]]
    objects: Any
    codes: dict[str, str]


class Life:
    """`mishaps` of None is a calm one: in order, each thing done before the next."""

    def __init__(
        self,
        beginning: Beginning,
        template: Template,
        seed: int,
        mishaps: object = None,
        dynamodb: Any = None,
    ) -> None:
        self._seed, self._is_calm = seed, mishaps is None
        rate = 0.0 if self._is_calm else random.Random(f"rate {mishaps}").choice((0.1, 0.3, 0.6))
        self.cloud = Cloud(template, BEGINS, mishaps, rate, dynamodb)
        stand(self.cloud)
        self.shop = NearShop(self.cloud, beginning.facts)  # type: ignore[arg-type]
        self._codes = beginning.codes
        for table, rows in beginning.rows.items():
            self.cloud.dynamodb.fill(table, rows)
        self._trails: dict[int, list[str]] = {}
        self._sold: dict[int, Any] = {}
        self._placed = {a.said["order"]: a.at for a in acts(seed) if a.name == "buy"}
        self.poisoned: list[str] = []

    def live(self, end: End = MONDAYS) -> Cloud:
        """Friday to Sunday; the night in which its days are closed; the morning with its scores and
        mails."""
        self._end = end
        for number, act in enumerate(acts(self._seed)):
            self._until(act.at)
            self.cloud.chance = random.Random(f"act {self._seed} {number}")
            getattr(self, f"_{act.name}")(**act.said)
            self._stir()
        self._settle()
        if end != SUNDAYS:
            self._run(NIGHT, "close_days", "sweep")
        if end == MONDAYS:
            self._run(NIGHT + timedelta(hours=3), "score_influencers")
            self._run(EIGHT, "schedule_reports")
            self._bounce()
            self._settle()
        self._wait_for_clicks()
        if end != SUNDAYS:
            self._go_round()
        return self.cloud

    def _wait_for_clicks(self) -> None:
        """Orders that came before a click that was late are asked about twice a day."""
        self.cloud.mishaps.rate = 0.0
        orders = self.cloud.dynamodb.tables[self.cloud.template.environment["ORDERS_TABLE"]]
        if any("waiting" in row or "expected" in row for row in orders.all()):
            self._until(self.cloud.time.at + timedelta(hours=13))
            self.cloud.fire("sweep")
            self.cloud.drain()

    def _run(self, at: datetime, *folders: str) -> None:
        """Schedules and what they queue."""
        self._until(at)
        for folder in folders:
            self.cloud.fire(folder)
            for _ in range(4):  # a mail is three steps away
                self._stir()
        self._settle()

    def _go_round(self) -> None:
        """An hour in which nothing goes wrong, and all that fell due is done."""
        self.cloud.mishaps.rate = 0.0
        self._until(self.cloud.time.at + timedelta(hours=1))
        for folder in HOURLY if self._end == MONDAYS else ("close_days", "sweep"):
            self.cloud.fire(folder)
            self.cloud.drain()
        self.cloud.is_over = True

    def _until(self, at: datetime) -> None:
        self.cloud.time.at = max(at, self.cloud.time.at)

    def _stir(self) -> None:
        if self._is_calm:
            self.cloud.drain()
        else:
            for _ in range(self.cloud.dice.choice((0, 0, 1, 2, 4))):
                self.cloud.stir()

    def _settle(self) -> None:
        rate = self.cloud.mishaps.rate
        self.cloud.settle()
        self.cloud.mishaps.rate = rate

    def _insist(self, ask: Callable[[], Answer]) -> Answer:
        """As a shopper, a script and a shop's system do: again until it is answered, and sometimes
        once more."""
        for _ in range(20):
            state = self.cloud.chance.getstate()
            answer = ask()
            if answer.status < 500 and not self._wants_more():
                return answer
            self.cloud.chance.setstate(state)
        raise AssertionError(f"never answered but {answer.status}: {answer.body!r}")

    def _wants_more(self) -> bool:
        return not self._is_calm and self.cloud.dice.random() < 0.15

    # ── what happens ─────────────────────────────────────────────────────────────────────────────
    def _click(self, person: int, agent: str, sharer: str) -> None:
        self.shop.address = f"203.0.113.{person + 1}"
        answer = self._insist(lambda: self.shop.follow(self._codes[sharer], agent))
        assert answer.status == 302, answer.body
        if told := parse_qs(urlsplit(answer.headers["location"]).query).get("st"):
            self._trails.setdefault(person, []).append(told[0])

    def _look(self, person: int, agent: str, kind: str) -> None:
        self.shop.address = f"203.0.113.{person + 1}"
        trail = {"trail": self._trails.get(person, [])} if kind == "visit" else {"product": "1"}
        event = {
            "id": f"event-{self.cloud.time.at.timestamp():.0f}-{person}",
            "type": kind,
            "url": f"{ORIGIN}/products/mug",
            "at": self.cloud.time.at.isoformat(),
            **trail,
        }
        beacon = {"key": self.shop.facts["publishable_key"], "events": [event]}
        headers = {"origin": ORIGIN, "user-agent": agent}
        answer = self._insist(lambda: self.shop.ask("POST", "/v1/events", beacon, headers))
        assert answer.status == 202, answer.body

    def _buy(self, order: int, platform: str, person: int, code: bool) -> None:
        trail = self._trails.get(person, [])[-2:]
        codes = ["ANA10"] if code else []
        self._sold[order] = _SALES[platform](self.shop, _Sale(order, person, trail, codes))
        self._tell(platform, *self._sold[order])

    def _again(self, order: int, platform: str) -> None:
        if order in self._sold:
            self._tell(platform, *self._sold[order])

    def _refund(self, order: int, platform: str) -> None:
        self._tell(platform, *_REFUNDS[platform](self.shop, order, self._placed[order]))

    def _cancel(self, order: int, platform: str) -> None:
        self._change(order, platform, "orders/cancelled", cancelled_at="")

    def _edit(self, order: int, platform: str) -> None:
        self._change(order, platform, "orders/updated", updated_at="", subtotal_price="35.00")

    def _change(self, order: int, platform: str, topic: str, **changes: str) -> None:
        """What Shopify tells of an order that it told of before."""
        if platform == "shopify" and order in self._sold:
            now = self.cloud.time.at.isoformat()
            changed = {name: value or now for name, value in changes.items()}
            self._tell(platform, topic, {**self._sold[order][1], **changed})

    def _tell(self, platform: str, topic: str, payload: Any) -> None:
        send = {
            "shopify": lambda: self.shop.deliver(topic, payload),
            "woocommerce": lambda: senders.send_woo(self.shop, topic, payload),
            "stripe": lambda: senders.post_stripe(self.shop, payload),
            "standard": lambda: senders.post_standard(self.shop, payload),
        }
        answer = self._insist(send[platform])
        assert answer.status in (200, 202), answer.body

    def _give_code(self) -> None:
        self._enter("/v1/codes", {"code": "ANA10", "influencer": "ana"})

    def _enter_cost(self, number: int) -> None:
        fee = {
            "id": f"fee-{number}",
            "kind": "fee",
            "cost": {"amount": "30.00", "currency": "USD"},
            "from": "2026-11-01",
            "influencer": "ana",
        }
        self._enter("/v1/costs", fee)

    def _enter_rate(self) -> None:
        self._enter("/v1/rates", {"currency": "EUR", "day": "2026-11-20", "rate": "1.1"})

    def _ask_what_if(self) -> None:
        body = {"from": "2026-11-16", "to": "2026-11-22", "window_days": 7}
        self._enter("/v1/what-if", body)

    def _enter(self, path: str, body: Any) -> None:
        headers = {
            "authorization": f"Bearer {self.shop.facts['secret_key']}",
            "content-type": "application/json",
        }
        answer = self._insist(lambda: self.shop.ask("POST", path, body, headers))
        assert answer.status in (200, 201, 202), answer.body

    def _poison(self, queue: str) -> None:
        """A message that nobody can work off."""
        url = self.cloud.template.environment.get(f"{queue}_QUEUE") or self._url_of(queue)
        self.cloud.queues.send_message(QueueUrl=url, MessageBody='"poison"')
        self.poisoned.append(url)

    def _url_of(self, queue: str) -> str:
        named = f"-{queue.lower()}-queue"
        return next(url for name, url in self.cloud.queues.urls.items() if name.endswith(named))

    def _corrupt(self) -> None:
        """A row of an order that nobody can read."""
        table = self.cloud.template.environment["ORDERS_TABLE"]
        pk = {"S": f"{self.shop.id}#shopify#poison"}
        row = {"pk": pk, "sk": {"S": "placed"}, "kind": {"S": "placed"}}
        self.cloud.dynamodb.tables[table].put(row)

    def _fire(self, folder: str) -> None:
        """What is closed, scored or reported early is another thing than what is not."""
        if folder in ("turn_salts", "sweep") or self._end != SUNDAYS:
            self.cloud.fire(folder)

    def _bounce(self) -> None:
        """The studio's mailbox is none."""
        told = json.dumps(
            {
                "detail-type": "Email Bounced",
                "detail": {
                    "eventType": "Bounce",
                    "bounce": {
                        "bounceType": "Permanent",
                        "bounceSubType": "NoEmail",
                        "timestamp": "2026-11-23T18:00:00Z",
                        "bouncedRecipients": [{"emailAddress": RECIPIENTS[1]}],
                    },
                    "mail": {
                        "timestamp": "2026-11-23T17:00:00Z",
                        "destination": [RECIPIENTS[1]],
                        "tags": {"merchant": [self.shop.id]},
                    },
                },
            }
        )
        for _ in range(1 if self._is_calm else 2):
            self.cloud.queues.send_message(QueueUrl=self._url_of("BOUNCES"), MessageBody=told)
        self._stir()


# ── what shops' systems tell ─────────────────────────────────────────────────────────────────────
class _Sale(NamedTuple):
    order: int
    person: int
    trail: list[str]
    codes: list[str]


def _email(person: int) -> str:
    return f"person{person}@mail.example"


def _shopify_sale(shop: NearShop, sale: _Sale) -> Any:
    email, trail = _email(sale.person), sale.trail
    said = {
        "email": email,
        "customer": {"id": 5_000 + sale.person, "email": email},
        "discount_codes": [
            {"code": each, "amount": "5.00", "type": "fixed_amount"} for each in sale.codes
        ],
        "visit": trail[-1] if trail else None,
    }
    text = ",".join(trail) or "none"
    return "orders/create", shop.an_order(f"{sale.order}", "50.00", text, **said)


def _woo_sale(shop: NearShop, sale: _Sale) -> Any:
    payload = senders.a_woo_order(
        shop.cloud.clock.now(),
        sale.order,
        meta_data=senders.meta(_sharetrail=",".join(sale.trail) or "none"),
        coupon_lines=[
            {"id": 1, "code": each, "discount": "5", "discount_tax": "0"} for each in sale.codes
        ],
        customer_id=sale.person,
    )
    return "order.created", payload


def _stripe_sale(shop: NearShop, sale: _Sale) -> Any:
    now = shop.cloud.clock.now()
    session = senders.a_session(
        now,
        id=f"cs_{sale.order}",
        payment_intent=f"pi_{sale.order}",
        metadata={"sharetrail": ",".join(sale.trail)} if sale.trail else {},
    )
    kind = "checkout.session.completed"
    return "", senders.an_event(kind, session, now, id=f"evt_{sale.order}")


def _standard_sale(shop: NearShop, sale: _Sale) -> Any:
    message = senders.a_message(
        "order.paid",
        order_id=f"{sale.order}",
        codes=sale.codes,
        customer={"id": sale.person, "email": _email(sale.person)},
        trail=sale.trail or ["none"],
        visit=sale.trail[-1] if sale.trail else "other",
    )
    return "", {**message, "timestamp": senders.gmt(shop.cloud.clock.now()) + "Z"}


_SALES: dict[str, Callable[..., Any]] = {
    "shopify": _shopify_sale,
    "woocommerce": _woo_sale,
    "stripe": _stripe_sale,
    "standard": _standard_sale,
}


def _woo_refund(shop: NearShop, order: int, placed: datetime) -> Any:
    refunds = [senders.a_woo_refund(1, "-10.00")]
    sold = senders.a_woo_order(placed, order)
    return "order.updated", senders.later(sold, shop.cloud.clock.now(), refunds=refunds)


def _stripe_refund(shop: NearShop, order: int, placed: datetime) -> Any:
    now = shop.cloud.clock.now()
    charge = senders.a_charge(1_000, id=f"ch_{order}", payment_intent=f"pi_{order}")
    return "", senders.an_event("charge.refunded", charge, now, id=f"evt_{order}_r")


def _standard_refund(shop: NearShop, order: int, placed: datetime) -> Any:
    message = senders.a_message("order.refunded", order_id=f"{order}", refund_id=f"r{order}")
    return "", {**message, "timestamp": senders.gmt(shop.cloud.clock.now()) + "Z"}


def _shopify_refund(shop: NearShop, order: int, placed: datetime) -> Any:
    return "refunds/create", shop.a_refund(f"{order}", f"9{order}", "10.00")


_REFUNDS: dict[str, Callable[..., Any]] = {
    "shopify": _shopify_refund,
    "woocommerce": _woo_refund,
    "stripe": _stripe_refund,
    "standard": _standard_refund,
}


def begin(template: Template) -> Beginning:
    """Onboards the shop, makes its links and the salts of all its days."""
    cloud = Cloud(template, BEGINS - timedelta(hours=1))
    stand(cloud)
    cloud.chance = random.Random("beginning")
    shop = NearShop(cloud)  # type: ignore[arg-type]
    shop.facts = shop.onboarded(recipients=[*RECIPIENTS], window_days=30)
    for day in range(6):
        daily_salts.make(BEGINS + timedelta(days=day))
    cloud.time.at = BEGINS - timedelta(minutes=30)
    codes = {who: shop.share(who).json["code"] for who in SHARERS}
    cloud.drain()
    rows = {name: [*table.all()] for name, table in cloud.dynamodb.tables.items()}
    return Beginning(shop.facts, rows, cloud.buckets.objects, codes)
