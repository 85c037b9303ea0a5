"""An adversary who also places orders: under anybody's e-mail address, to anybody's door, with any
clicks of her own; unpaid, paid for, cancelled, paid back; before and after those of her victims.

A state machine lets honest shoppers live beside her, tells all of it in any order, some of it
twice, and drives the attribution's own handler over the emulator's tables. In the end

- every order's touches, their evidence, what counts and what is in doubt are as purchases.py tells
  them without the product's code: her evidence has no weight but from orders that were paid
  for, stand, and went to the buyer's own door, each from when it was paid for; it begins no visit,
  and is in doubt where those came to less than 30 % of what the buyer's orders since came to;
- a shop where all that she never paid for did not happen has the same credits, byte for byte;
- in a shop without her, every honest order that no paid order of hers is evidence for has the same
  credits, and the same of them in doubt.

The second machine hands her click ids of honest shoppers. Then an order of hers that was paid for
first holds theirs (`shared_click`), and a click that she paid for too is evidence about nobody from
then on. Nothing else happens, and nothing by what she does not pay for.
"""

import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sharetrail.attribution import attribute_order, buyer_history, credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, LineItem, OrderRef, Platform, Refund, Sale
from tests.machines import NOON, OrderStream, a_click, a_link, a_merchant, quick
from tests.purchases import Purchase, Truth, is_touched, truth_of

MALLORY = "mallory"
HOMES = {"ann": "one house", "bea": "one house", "carl": "another house"}
"""Honest shoppers, two of them one household."""
DOORS = (*sorted(set(HOMES.values())), "her own house", None)
PLATFORMS = get_args(Platform)
PROVE_LOGINS = ("woocommerce", "standard")
CROWD = 4
"""How many paid orders a name may have here: an adversary's unpaid ones are more."""
NETS = (1, 100, 5_000, 12_500)
HOURS = st.sampled_from([0, 1, 30, 100])
_shops = itertools.count(1_000_001)


class AdversaryMachine(RuleBasedStateMachine):
    """`self.purchases` is the truth; each has its facts, which reach the shop later."""

    learns_ids = False
    """Whether Mallory may be handed honest shoppers' click ids."""

    @initialize(seed=st.integers(0, 10**6))
    def begin(self, seed: int) -> None:
        self.now = NOON
        self.random = random.Random(seed)
        self.purchases: list[Purchase] = []
        self.untold: list[tuple[OrderRef, Fact]] = []
        self.shop = Shop()
        self.trails: dict[tuple[str, str], list[str]] = {}
        """Person and device → the ids that its browser carries."""
        self.her_clicks = [self.follow(MALLORY, 0)]
        self.follow_as("ann", "phone", "ana", 0)

    @rule(
        who=st.sampled_from(sorted(HOMES)),
        device=st.sampled_from(["phone", "laptop"]),
        whose=st.sampled_from(["ana", "ben", MALLORY]),
        hours=HOURS,
    )
    def follow_as(self, who: str, device: str, whose: str, hours: int) -> None:
        """A shopper follows a link; Mallory's own, too, where somebody honestly likes it."""
        self.trails.setdefault((who, device), []).append(self.follow(whose, hours))

    @rule(hours=HOURS)
    def she_follows_her_own_link(self, hours: int) -> None:
        self.her_clicks.append(self.follow(MALLORY, hours))

    @precondition(lambda self: self.learns_ids and any(self.trails.values()))
    @rule()
    def she_is_handed_an_id(self) -> None:
        """Whoever copies an address with its click id, or tells it to many."""
        known = sorted(each for trail in self.trails.values() for each in trail)
        self.her_clicks.append(self.random.choice(known))

    @rule(
        who=st.sampled_from(sorted(HOMES)),
        device=st.sampled_from(["phone", "laptop", "another"]),
        platform=st.sampled_from(PLATFORMS),
        logs_in=st.booleans(),
        is_gift=st.sampled_from([False, False, False, True]),
        net=st.sampled_from(NETS),
        is_paid=st.sampled_from([True, True, False]),
        hours=HOURS,
    )
    def somebody_buys(self, who: str, device: str, is_gift: bool, **more: Any) -> None:
        """A gift goes to the other house."""
        home = HOMES[who]
        door = next(each for each in DOORS if each != home) if is_gift else home
        ids = tuple(self.trails.get((who, device), [])[-5:])
        self.buy(by=who, email=who, door=door, ids=ids, **more)

    @rule(
        email=st.sampled_from([*sorted(HOMES), MALLORY]),
        door=st.sampled_from(DOORS) | st.sampled_from(["one house", "another house"]),
        platform=st.sampled_from(PLATFORMS),
        logs_in=st.booleans(),
        many_ids=st.integers(1, 3),
        net=st.sampled_from(NETS),
        is_paid=st.booleans(),
        hours=HOURS,
    )
    def she_buys(self, email: str, door: str | None, many_ids: int, **more: Any) -> None:
        ids = tuple(sorted({*self.random.choices(self.her_clicks, k=many_ids)}))
        self.buy(by=MALLORY, email=email, door=door, ids=ids, **more)

    @rule(
        victim=st.sampled_from(sorted(HOMES)),
        platform=st.sampled_from(PLATFORMS),
        net=st.sampled_from(NETS),
        keeps_it=st.booleans(),
        hours=HOURS,
    )
    def she_pays_for_evidence(
        self, victim: str, platform: str, net: int, keeps_it: bool, hours: int
    ) -> None:
        """With a fresh click, to the victim's door or her own, and the victim buys something dear
        minutes later, twice."""
        self.she_follows_her_own_link(hours)
        more: dict[str, Any] = {"platform": platform, "logs_in": False, "is_paid": True, "hours": 0}
        door = "her own house" if keeps_it else HOMES[victim]
        self.buy(MALLORY, victim, door, (self.her_clicks[-1],), net=net, **more)
        for _ in range(2):
            self.somebody_buys(victim, "another", is_gift=False, net=NETS[-1], **more)

    @rule(victim=st.sampled_from(sorted(HOMES)), hours=HOURS)
    def she_piles_up_what_she_never_pays_for(self, victim: str, hours: int) -> None:
        more: dict[str, Any] = {"platform": "shopify", "net": 1_000_000, "is_paid": False}
        for _ in range(CROWD + 1):
            ids = (self.random.choice(self.her_clicks),)
            self.buy(MALLORY, victim, HOMES[victim], ids, logs_in=False, hours=hours, **more)
            hours = 0

    @rule(seed=st.integers(0, 10**6), hours=HOURS)
    def an_order_is_paid_for(self, seed: int, hours: int) -> None:
        self.turn(seed, lambda each: each.paid is None, self.pay, hours)

    @rule(seed=st.integers(0, 10**6), hours=HOURS)
    def an_order_is_cancelled(self, seed: int, hours: int) -> None:
        self.turn(seed, lambda each: not each.is_cancelled, self.cancel, hours)

    @rule(seed=st.integers(0, 10**6), whole=st.booleans(), hours=HOURS)
    def an_order_is_paid_back(self, seed: int, whole: bool, hours: int) -> None:
        def give_back(each: Purchase) -> None:
            items = each.net if whole else each.net // 2
            each.refunded += items
            told = Refund(id=f"{each.refunded}", items=items)
            self.tell(each, Fact(kind="refund", at=self.now, refund=told))

        self.turn(seed, lambda each: each.paid is not None and not each.refunded, give_back, hours)

    @rule(seed=st.integers(0, 10**6), many=st.integers(1, 8))
    def the_shop_hears(self, seed: int, many: int) -> None:
        """Some of what happened, in any order, some of it twice; and the stream comes."""
        chance = random.Random(seed)
        for _ in range(min(many, len(self.untold))):
            ref, fact = self.untold.pop(chance.randrange(len(self.untold)))
            self.shop.store(ref, fact)
            if chance.random() < 0.2:
                self.shop.store(ref, fact)
        self.shop.deliver(many)
        if self.shop.records and chance.random() < 0.3:
            self.shop.redeliver(chance.choices(self.shop.records, k=3))

    def teardown(self) -> None:
        if not hasattr(self, "purchases"):
            return
        self.the_shop_hears(0, len(self.untold))
        self.shop.deliver_all()
        for each in self.purchases:
            self.is_as_by_brute_force(each)
        self.is_as_where_she_had_done_nothing_unpaid()
        self.is_as_without_her()

    # ── what must hold ───────────────────────────────────────────────────────────────────────────
    def is_as_by_brute_force(self, bought: Purchase) -> None:
        found, truth = self.shop.credits(bought), self.truth_of(bought)
        touches = found.details.touches
        assert {t.id: t.evidence for t in touches if t.id not in bought.ids} == truth.evidence
        for model, lines in found.details.models.items():
            assert {line.touch.id for line in lines} == truth.counted, (bought, model)
            assert sum(line.amount for line in lines) == found.net == bought.left, model
        assert bool(found.details.models) == bool(truth.counted)
        doubts: dict[str, set[str | None]] = {"thin_evidence": set(), "shared_click": set()}
        for each in found.decisions:
            if each.effect in ("doubt", "withhold"):
                doubts[each.rule].add(each.touch)
        assert doubts == {"thin_evidence": truth.thin, "shared_click": truth.kept}, bought
        assert truth.evidence.get(found.visit_touch or "", "sure") == "sure"
        again = attribute_order.refresh(self.shop.ref(bought), NOON)
        assert again == found, "attributed anew, it is the same"

    def is_as_where_she_had_done_nothing_unpaid(self) -> None:
        happened = [each for each in self.purchases if each.by != MALLORY or each.stands]
        shop = self.shop.told_anew(happened)
        for each in happened:
            assert all_of(shop.credits(each)) == all_of(self.shop.credits(each)), each

    def is_as_without_her(self) -> None:
        honest = [each for each in self.purchases if each.by != MALLORY]
        hers = [each for each in self.purchases if each.by == MALLORY and each.stands]
        shop = self.shop.told_anew(honest)
        for each in honest:
            if not is_touched(each, hers, self.truth_of(each)):
                there, here = money_of(shop.credits(each)), money_of(self.shop.credits(each))
                assert there == here, each

    def truth_of(self, bought: Purchase) -> Truth:
        return truth_of(bought, self.purchases, self.shop.clicked)

    # ── the world ────────────────────────────────────────────────────────────────────────────────
    def follow(self, whose: str, hours: int) -> str:
        self.wait(hours)
        return self.shop.click(whose, self.now)

    def buy(
        self,
        by: str,
        email: str,
        door: str | None,
        ids: tuple[str, ...],
        platform: str,
        logs_in: bool,
        net: int,
        is_paid: bool,
        hours: int,
    ) -> None:
        self.wait(hours)
        number = str(len(self.purchases) + 1)
        bought = Purchase(
            number=number,
            by=by,
            email=email,
            account=account(platform, by, email, logs_in),
            is_login=logs_in and platform in PROVE_LOGINS,
            door=door,
            platform=platform,
            ids=ids,
            placed=self.now,
            net=net,
        )
        self.purchases.append(bought)
        self.tell(bought, Fact(kind="placed", at=self.now, sale=sale_of(bought)))
        if is_paid:
            self.pay(bought)

    def pay(self, bought: Purchase) -> None:
        """A name has at most CROWD orders that were paid for: more of them is another story."""
        names = (each for each in self.purchases if each.paid and each.names & bought.names)
        if len(list(names)) < CROWD:
            bought.paid = self.now
            self.tell(bought, Fact(kind="paid", at=self.now, sale=sale_of(bought)))

    def cancel(self, bought: Purchase) -> None:
        bought.is_cancelled = True
        self.tell(bought, Fact(kind="cancelled", at=self.now))

    def turn(
        self,
        seed: int,
        fits: Callable[[Purchase], bool],
        what: Callable[[Purchase], None],
        hours: int,
    ) -> None:
        fitting = [each for each in self.purchases if fits(each)]
        if fitting:
            self.wait(hours)
            what(random.Random(seed).choice(fitting))

    def tell(self, bought: Purchase, fact: Fact) -> None:
        self.untold.append((self.shop.ref(bought), replace(fact, received=fact.at)))

    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours, minutes=1)


class Shop(OrderStream):
    def __init__(self) -> None:
        super().__init__()
        self.merchant = a_merchant(next(_shops))
        self.links = {who: a_link(self.merchant, who) for who in ("ana", "ben", MALLORY)}
        self.clicks: list[tuple[str, Click]] = []

    @property
    def clicked(self) -> dict[str, datetime]:
        return {click.id: click.at for _, click in self.clicks}

    def click(self, whose: str, at: datetime) -> str:
        click = a_click(self.links[whose], at)
        self.clicks.append((whose, click))
        return click.id

    def ref(self, bought: Purchase) -> OrderRef:
        return OrderRef(merchant=self.merchant.id, platform=bought.platform, id=bought.number)

    def credits(self, bought: Purchase) -> OrderCredits:
        found = credits.find_in(order_facts.rows(self.ref(bought)))
        assert found is not None
        return found

    def told_anew(self, purchases: Iterable[Purchase]) -> "Shop":
        """Another shop, where these happened by the same clicks and nothing else."""
        other = Shop()
        for whose, each in self.clicks:
            click = replace(each, merchant=other.merchant.id, code=other.links[whose].code)
            clicks.save(click)
            other.clicks.append((whose, click))
        for bought in purchases:
            for fact in self.facts[self.ref(bought)].values():
                other.store(other.ref(bought), fact)
        other.deliver_all()
        return other


def account(platform: str, by: str, email: str, logs_in: bool) -> str | None:
    """Where an account proves no login, whoever types an address joins its customer's record."""
    if platform not in PROVE_LOGINS:
        return f"{platform}'s {email}"
    return f"{platform}'s {by}" if logs_in else None


def sale_of(bought: Purchase) -> Sale:
    return Sale(
        name=f"#{bought.number}",
        currency="USD",
        lines=(LineItem(product="mug", title="Mug", quantity=1, net=bought.net),),
        net=bought.net,
        total=bought.net,
        placed_at=bought.placed,
        trail=",".join(bought.ids) or "none",
        customer=bought.account,
        email=bought.email,
        address=bought.door,
    )


def all_of(found: OrderCredits) -> tuple[Any, ...]:
    """But for what a shop's rows are called, how many they are and how often they were stored."""
    details = found.details
    touches = [replace(each, link=each.influencer) for each in details.touches]
    head = replace(found, packed="", fact_count=0, beside=0, revision=0)
    return head, touches, details.whys, details.parts, details.places


def money_of(found: OrderCredits) -> tuple[Any, ...]:
    lines = {
        model: [(line.touch.id, line.share, line.amount, line.is_in_doubt) for line in lines]
        for model, lines in found.details.models.items()
    }
    return found.net, found.influence, found.visit_touch, lines


class LeakyMachine(AdversaryMachine):
    learns_ids = True


long = settings(quick, max_examples=60, stateful_step_count=20)


@pytest.fixture(autouse=True)
def _a_small_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", CROWD)


def test_a_few_lives_beside_an_adversary_who_places_orders(tables: Any) -> None:
    run_state_machine_as_test(AdversaryMachine, settings=settings(quick, max_examples=3))


@pytest.mark.slow
def test_an_adversary_who_places_orders_takes_nothing_and_gets_nothing_for_nothing(
    tables: Any,
) -> None:
    run_state_machine_as_test(AdversaryMachine, settings=long)


@pytest.mark.slow
def test_nor_does_one_who_was_handed_an_honest_click(tables: Any) -> None:
    run_state_machine_as_test(LeakyMachine, settings=long)
