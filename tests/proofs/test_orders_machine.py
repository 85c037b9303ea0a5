"""Orders under every mishap: duplicated, permuted, early, late in a queue, crashed before and after
each write; and shops whose updates drop, add and change what an order says of its clicks.

A state machine tells a shop's facts in any order and drives the attribution's own handler over the
emulator's tables. In the end every order's ledger, net and credits must be what its facts come to.
The same machine is run against a running total, and must find it wrong.
"""

import itertools
import random
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sharetrail.attribution import attribute_order, credits, cross_device
from sharetrail.attribution.credit import OrderCredits
from sharetrail.aws.tables import ORDERS
from sharetrail.orders import exchange_rates, order_facts
from sharetrail.orders.exchange_rate import Rate
from sharetrail.orders.order_fact import Chargeback, Fact, LineItem, OrderRef, Refund, Sale
from sharetrail.platforms import earlier_buyers
from tests.machines import (
    NOON,
    Crash,
    OrderStream,
    Record,
    a_click,
    a_link,
    a_merchant,
    attribute_by_handler,
    crashing,
    finds,
    thorough,
)

pytestmark = pytest.mark.slow

WORDS_ALONE = ("none", "denied", "rubbish")
WORDS = st.sampled_from(["first", "second", "both", "nothing", *WORDS_ALONE])
"""What an order may say of its clicks: names for ids, and words."""
CURRENCIES = {"1": "USD", "2": "EUR", "3": "JPY"}
"""Each order's own: the shop's, one with a rate, and one without."""
RATE = Fraction("1.1")
_numbers = itertools.count(1)


class OrdersMachine(RuleBasedStateMachine):
    """Three orders in three currencies, two clicks before them, and whatever a shop says.

    The first two are one buyer's, delivered to one house: once one of them is paid for, what it
    says of clicks counts for the other as well, unless the third order, of another household, is
    paid for too and says the same. Of two households the first order keeps a click that both carry.
    """

    @initialize(
        late=st.sets(st.sampled_from("123"), max_size=1),
        paid=st.sets(st.sampled_from("123"), min_size=2),
        words=st.lists(WORDS, min_size=6, unique=True),
    )
    def begin(self, late: set[str], paid: set[str], words: list[str]) -> None:
        self.merchant = a_merchant(next(_numbers))
        rate = Rate(currency="EUR", to="USD", day=NOON.date(), rate=str(float(RATE)))
        exchange_rates.keep(self.merchant.id, rate)
        made = [
            a_click(a_link(self.merchant, who), NOON - timedelta(days=n + 1), visitor=n).id
            for n, who in enumerate(("ana", "ben"))
        ]
        self.clicks = ",".join(sorted(made))
        self.stream = OrderStream(self.attribute)
        self.held: list[tuple[Any, ...]] = []
        """Credits of slow racers, computed and not yet written."""
        self.lagging: list[tuple[str, Fact]] = []
        """What reached us and is not stored yet."""
        self.heard = itertools.count(1)
        keys = itertools.product(("paid", "placed"), "123")
        self.words = {
            (number, kind): word for (kind, number), word in zip(keys, words, strict=False)
        }
        for number in sorted(set(CURRENCIES) - late):
            self.sell(number, "placed", False)
            if number in paid:
                self.sell(number, "paid", False)

    @rule(
        number=st.sampled_from("123"), kind=st.sampled_from(["placed", "paid"]), lags=st.booleans()
    )
    def sell(self, number: str, kind: str, lags: bool) -> None:
        sale = self.a_sale(number, 10_000, self.words[number, kind])
        self.tell(number, Fact(kind=kind, at=NOON, sale=sale), lags)  # type: ignore[arg-type]

    @rule(
        number=st.sampled_from("123"),
        minutes=st.integers(1, 3),
        net=st.sampled_from([0, 5_001, 20_000]),
        words=WORDS,
        lags=st.booleans(),
    )
    def edit(self, number: str, minutes: int, net: int, words: str, lags: bool) -> None:
        at, sale = NOON + timedelta(minutes=minutes), self.a_sale(number, net, words)
        update = Fact(kind="updated", at=at, digest=f"{net}-{words}", sale=sale)
        self.tell(number, update, lags)

    @rule(number=st.sampled_from("123"), refund=st.integers(1, 5), lags=st.booleans())
    def refund(self, number: str, refund: int, lags: bool) -> None:
        """Some of items, some of an amount, some before their order."""
        items = (None, 0, 1_300, 9_000, 700)[refund - 1]
        at = NOON + timedelta(hours=-1 if refund > 3 else refund)
        told = Refund(id=f"r{refund}", items=items, amount=None if items is not None else 2_000)
        self.tell(number, Fact(kind="refund", at=at, refund=told), lags)

    @rule(
        number=st.sampled_from("123"),
        state=st.sampled_from(["open", "won", "lost"]),
        days=st.integers(9, 10),
        lags=st.booleans(),
    )
    def dispute(self, number: str, state: str, days: int, lags: bool) -> None:
        amount = {"open": 0, "won": 700, "lost": 12_000}[state]
        told = Chargeback(id="d1", amount=amount, state=state)  # type: ignore[arg-type]
        at = NOON + timedelta(days=days)
        self.tell(number, Fact(kind="chargeback", at=at, chargeback=told), lags)

    @rule(
        number=st.sampled_from("123"),
        kind=st.sampled_from(["cancelled", "restored"]),
        days=st.integers(1, 3),
        lags=st.booleans(),
    )
    def turn(self, number: str, kind: str, days: int, lags: bool) -> None:
        """The order goes, or comes back; on the third day it only goes."""
        is_back = kind == "restored" and days < 3
        at = NOON + timedelta(days=days, hours=is_back)
        self.tell(number, Fact(kind="restored" if is_back else "cancelled", at=at), lags)

    @rule(hours=st.integers(-1, 1))
    def read_who_bought_before(self, hours: int) -> None:
        """The shop's own system tells that the first two orders' buyer had ordered by then."""
        at = NOON + timedelta(hours=hours)
        with self.stream.listening():
            earlier_buyers.keep(self.merchant.id, "shopify", ["shared"], at)
            of_system = self.merchant.id, ["shared"], "shopify", at
            cross_device.ring_old_customers(*of_system, NOON)

    @rule(number=st.sampled_from("123"), seed=st.integers(0, 10**6), lags=st.booleans())
    def tell_again(self, number: str, seed: int, lags: bool) -> None:
        """A fact that was told before, told once more."""
        if known := self.facts(number):
            self.tell(number, random.Random(seed).choice(known), lags)

    @rule(seed=st.integers(0, 10**6), many=st.integers(1, 4))
    def drain(self, seed: int, many: int) -> None:
        """What lags is stored, in any order, with the time at which it reached us."""
        for _ in range(min(many, len(self.lagging))):
            self.store(*self.lagging.pop(random.Random(seed).randrange(len(self.lagging))))

    @rule(many=st.integers(1, 6), crash=st.none() | st.integers(0, 4), after=st.booleans())
    def deliver(self, many: int, crash: int | None, after: bool) -> None:
        """The next records in order; those from the first failure on come again later."""
        with crashing(ORDERS, crash, after):
            self.stream.deliver(many)

    @rule(many=st.integers(1, 6), crash=st.none() | st.integers(0, 4), after=st.booleans())
    def give_up(self, many: int, crash: int | None, after: bool) -> None:
        """The next records fail, the last time half-way maybe, and do not come again."""
        if crash is not None:
            self.deliver(1, crash, after)
        self.stream.give_up(many)

    @rule(seed=st.integers(0, 10**6), many=st.integers(1, 5))
    def redeliver(self, seed: int, many: int) -> None:
        if self.stream.records:
            self.stream.redeliver(random.Random(seed).choices(self.stream.records, k=many))

    @rule(number=st.sampled_from("123"))
    def a_racer_computes_and_waits(self, number: str) -> None:
        """Its credits are of the facts of now, and it writes them whenever it likes."""
        with self.stream.listening(), pytest.MonkeyPatch.context() as patched:
            real = type(ORDERS).put_if

            def put_if(table: Any, item: Any, *args: Any, **named: Any) -> bool:
                if table != ORDERS or item["sk"] != credits.SK:
                    return real(table, item, *args, **named)
                self.held.append(((item, *args), named))
                return True

            patched.setattr(type(ORDERS), "put_if", put_if)
            attribute_order.refresh(self.ref(number), NOON)

    @rule()
    def the_racers_write_at_last(self) -> None:
        for args, named in self.held:
            ORDERS.put_if(*args, **named)
        self.held.clear()

    def teardown(self) -> None:
        if not hasattr(self, "stream"):
            return
        self.settle()
        for number in CURRENCIES:
            assert self.net_of(number) == by_brute_force(number, self.facts(number)), number

    def settle(self) -> None:
        """All is stored, all records are delivered, those that were given up are healed, and then
        comes what any racer still holds."""
        self.drain(0, len(self.lagging))
        self.stream.deliver_all()
        self.stream.heal()
        self.the_racers_write_at_last()

    # ── the system ───────────────────────────────────────────────────────────────────────────────
    def tell(self, number: str, fact: Fact, lags: bool = False) -> None:
        """The shop's webhook reaches us; what lags is stored later."""
        received = NOON + timedelta(days=20, milliseconds=next(self.heard))
        told = (number, replace(fact, received=received))
        if lags:
            self.lagging.append(told)
        else:
            self.store(*told)

    def store(self, number: str, fact: Fact) -> None:
        self.stream.store(self.ref(number), fact)

    def facts(self, number: str) -> list[Fact]:
        return list(self.stream.facts[self.ref(number)].values())

    def attribute(self, records: list[Record]) -> Record | None:
        return attribute_by_handler(records)

    def net_of(self, number: str) -> int | None:
        """What the order is worth by its stored credits, which must fit each other and what was
        said."""
        found = credits.find_in(order_facts.rows(self.ref(number)))
        if found is None:
            return None
        counted = {line.touch.id for line in found.details.models.get("linear", ())}
        assert counted == self.clicks_by_brute_force(number)
        held = {each.touch for each in found.decisions if each.rule == "shared_click"}
        assert held == self.kept_by_others(number)
        for lines in found.details.models.values():
            assert sum(line.amount for line in lines) == found.net
        again = attribute_order.refresh(self.ref(number), NOON)
        assert as_stored(again) == as_stored(found), "attributed anew, it is the same"
        return found.net

    def clicks_by_brute_force(self, number: str) -> set[str]:
        """What the order and its buyer's other one say of clicks, told without the product."""
        own = self.said(number)
        if own is None or number == "3":
            return own or set()
        other = "2" if number == "1" else "1"
        known = self.claimed(other, NOON) - self.claimed("3", NOON)
        told, brought = (by_brute_force(each, self.facts(each)) for each in (other, number))
        is_thin = (told or 0) < Fraction(3, 10) * (brought or 0)
        return own if is_thin else own | known

    def claimed(self, number: str, at: datetime) -> set[str]:
        """The clicks that an order's word counts on by then."""
        return {click for click, since in self.since(number).items() if since <= at}

    def since(self, number: str) -> dict[str, datetime]:
        """The clicks of an order that was paid for, and stands; and when each was first told. All
        are placed and paid for at one time."""
        facts = self.facts(number)
        if not (any(fact.kind == "paid" for fact in facts) and by_brute_force(number, facts)):
            return {}
        first: dict[str, datetime] = {}
        for fact in self.in_order(number):
            words = fact.sale.trail.split(",") if fact.sale.trail else []
            for click in {*words} - {*WORDS_ALONE}:
                first.setdefault(click, fact.at)
        return {click: first[click] for click in self.said(number) or set()}

    def kept_by_others(self, number: str) -> set[str]:
        """Of two orders of one time the first by its number keeps a click."""
        own = self.said(number) or set()
        standing = {each: self.since(each) for each in "123"}
        kept = set()
        for click in own:
            keepers = [(standing[each][click], each) for each in "123" if click in standing[each]]
            first = min(keepers)[1] if keepers else number
            kept |= {click} if (first == "3") != (number == "3") else set()
        return kept

    def in_order(self, number: str) -> list[Any]:
        """The order's facts that tell what was bought."""
        return sorted(
            (fact for fact in self.facts(number) if fact.sale),
            key=lambda fact: (fact.at, fact.received, fact.digest, fact.sk),
        )

    def said(self, number: str) -> set[str] | None:
        """The clicks that an order names; None where it names none since it was forbidden to."""
        words = [fact.sale.trail for fact in self.in_order(number) if fact.sale.trail]
        spoken = [text for text in words if text != "rubbish"]
        if not spoken or spoken[0] == "none":
            return set()
        if spoken[0] == "denied":
            return None
        return {each for text in spoken if text not in WORDS_ALONE for each in text.split(",")}

    def ref(self, number: str) -> OrderRef:
        return OrderRef(merchant=self.merchant.id, platform="shopify", id=number)

    def a_sale(self, number: str, net: int, words: str) -> Sale:
        line = LineItem(product="mug", title="Mug", quantity=1, net=net)
        first, second = self.clicks.split(",")
        named = {"first": first, "second": second, "both": self.clicks, "nothing": None}
        return Sale(
            name=f"#{number}",
            currency=CURRENCIES[number],
            lines=(line,),
            net=net,
            total=net + 2_000,
            placed_at=NOON,
            trail=named.get(words, words),
            customer="alone" if number == "3" else "shared",
            address="their house" if number == "3" else "one house",
        )


class RunningTotal(OrdersMachine):
    """The tutorial's ledger: each fact moves the order's total when it comes by the stream."""

    def attribute(self, records: list[Record]) -> Record | None:
        for record in records:
            keys = record["dynamodb"]["Keys"]
            ref = OrderRef.of(keys["pk"]["S"])
            fact = self.stream.facts[ref].get(keys["sk"]["S"])
            moved = moves(fact) if fact else 0
            key = {"pk": ref.pk, "sk": "total"}
            try:
                ORDERS.put_if(
                    {**key, "sk": "touch"}, "attribute_exists(pk) OR NOT attribute_exists(pk)"
                )
                ORDERS.update(key, "ADD net :moved", moved=moved)
            except Crash:
                return record
        return None

    def net_of(self, number: str) -> int | None:
        if not any(fact.sale for fact in self.facts(number)):
            return None
        total = ORDERS.get(self.ref(number).pk, "total") or {"net": 0}
        return max(0, round(total["net"] * (RATE if CURRENCIES[number] == "EUR" else 1)))


def moves(fact: Fact) -> int:
    if fact.kind == "placed" and fact.sale:
        return fact.sale.net
    if fact.refund:
        return -(fact.refund.items or 0)
    return 0


def by_brute_force(number: str, facts: list[Fact]) -> int | None:
    """What the facts come to, told without any code of the product's ledger."""
    sales = {fact.sk: fact for fact in facts if fact.sale}
    if not sales:
        return None
    edits = sorted(
        (fact for fact in sales.values() if fact.kind == "updated"),
        key=lambda fact: (fact.at, fact.received, fact.digest),
    )
    chosen = edits[-1] if edits else sales.get("placed") or sales["paid"]
    assert chosen.sale
    net, total = chosen.sale.net, chosen.sale.total

    def part(paid: int) -> int:
        return round(Fraction(paid * net, total))

    back = sum(
        part(fact.refund.amount or 0) if fact.refund.items is None else fact.refund.items
        for fact in facts
        if fact.refund
    )
    disputes = sorted(
        (fact for fact in facts if fact.chargeback),
        key=lambda fact: (fact.at, fact.chargeback.state != "open", fact.received),  # type: ignore[union-attr]
    )
    if disputes and (last := disputes[-1].chargeback) and last.state != "won":
        back += part(last.amount)
    turns = sorted(
        (fact for fact in facts if fact.kind in ("cancelled", "restored")), key=lambda f: f.at
    )
    if turns and turns[-1].kind == "cancelled":
        return 0
    left = max(0, net - back)
    return round(left * RATE) if CURRENCIES[number] == "EUR" else left


def as_stored(found: OrderCredits | None) -> str:
    return repr(found)


def test_every_order_comes_to_what_its_facts_say(tables: Any) -> None:
    run_state_machine_as_test(OrdersMachine, settings=thorough)


def test_the_same_machine_finds_a_running_total_wrong(tables: Any) -> None:
    assert finds(RunningTotal)


def test_the_same_machine_finds_what_was_given_up_and_not_healed(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderStream, "heal", lambda _: None)
    assert finds(OrdersMachine)


def test_who_bought_before_is_told_in_time_of_what_was_attributed_meanwhile(tables: Any) -> None:
    state = OrdersMachine()
    state.begin(
        late=set(),
        paid={"1", "2"},
        words=["nothing", "none", "first", "second", "both", "denied"],
    )
    state.stream.deliver_all()
    state.read_who_bought_before(hours=-1)
    state.teardown()


def test_what_was_withdrawn_is_not_written_by_a_slow_racer(tables: Any) -> None:
    """Its credits are of more touches, and of fewer rows that only grow."""
    state = OrdersMachine()
    state.begin(
        late={"3"},
        paid={"1", "2"},
        words=["denied", "first", "second", "none", "both", "nothing"],
    )
    state.a_racer_computes_and_waits("2")
    state.edit("2", minutes=1, net=0, words="first", lags=False)
    state.a_racer_computes_and_waits("1")
    state.teardown()
