"""Kept weeks come to what a computation from the facts that still stand comes to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sharetrail import calendars
from sharetrail.analysis.markov.journey import JourneyRecords, add_weeks, journey_weeks
from sharetrail.analysis.score.history import Histories, History
from sharetrail.analysis.share_tree import LinkFigures, leaf_of
from sharetrail.analysis.weeks import count_week
from sharetrail.analysis.weeks.kept_weeks import KeptWeeks
from sharetrail.analysis.weeks.week_sums import MergedWeeks, merge
from sharetrail.attribution import attribute_order, credits, week_rings
from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.tables import AGENDA, LINKS, ORDERS
from sharetrail.calendars import Week
from sharetrail.clicks.click import Click, click_item, mint_click_id
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale
from sharetrail.sharing import links as stored_links
from sharetrail.sharing.link import Link
from sharetrail.totals import local_days, tally, total_chunks, trail_samples
from sharetrail.totals.tally import Tally
from sharetrail.totals.trail_sample import TrailSample
from tests.memory import Memory
from tests.senders import a_merchant
from tests.shops import PHONE

WEEKS = 6
"""Enough for the four weeks of a history and for those before them; 26 take longer."""
MERCHANT = replace(a_merchant(datetime(2026, 1, 1, tzinfo=UTC)), window_days=7)
LAST = Week(date(2026, 11, 16))
FIRST = LAST.before(WEEKS - 1).first
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
LINKS_MADE = tuple(
    Link(
        code=f"{who[0]}{n}".rjust(10, "0"),
        merchant=MERCHANT.id,
        influencer=who,
        url="https://shop.example/",
        network=("x", "whatsapp")[n],
        parent_code="0" * 8 + "a0" if who != "ana" else None,
        created_at=datetime(2026, 9, 1 + n, tzinfo=UTC) + timedelta(hours=len(who)),
    )
    for who in ("ana", "bert", "anon_c")
    for n in range(2)
)
days = st.sampled_from(
    [LAST.before(n).days[of] for n, of in ((0, 0), (0, 6), (1, 2), (3, 0), (4, 1))]
)
places = st.integers(0, len(LINKS_MADE) - 1)


def a_click(link: int, at: datetime) -> Click:
    minted = mint_click_id(at, link, link)
    return Click(id=minted, merchant=MERCHANT.id, code=LINKS_MADE[link].code, at=at, agent=PHONE)


def a_touch(link: int, at: datetime) -> Touch:
    made = LINKS_MADE[link]
    return Touch(
        id=mint_click_id(at, link, link),
        at=at,
        link=made.code,
        influencer=made.influencer,
        name=made.influencer,
        network=made.network,
        evidence=("trail", "sure", "bare")[link % 3],  # type: ignore[arg-type]
        verdict="human",
        reason="",
        verdict_version=1,
    )


def a_decision(effect: str, touch: Touch, verdict: str | None, until: datetime) -> Decision:
    told: Any = {"effect": effect, "verdict": verdict}
    return Decision(rule="r", influencer=touch.influencer, sentence="", until=until, **told)


class World(RuleBasedStateMachine):
    """One merchant's weeks: orders come and change, days are closed, weeks are added up."""

    def __init__(self) -> None:
        super().__init__()
        self.memory, self.version = Memory(), 1
        self.orders: dict[int, dict[str, Any]] = {}
        self.counted: dict[date, dict[int, int]] = {}

    @initialize()
    def shared(self) -> None:
        with self.standing():
            for link in LINKS_MADE:
                LINKS.put(stored_links.item(link))

    @contextmanager
    def standing(self) -> Iterator[None]:
        with self.memory.standing_in(), pytest.MonkeyPatch.context() as patched:
            patched.setattr(week_rings, "WEEKS", WEEKS)
            for module in (tally, total_chunks, local_days):
                patched.setattr(module, "rule_version", lambda: self.version)
            yield

    # ── orders ───────────────────────────────────────────────────────────────────────────────────
    @rule(
        number=st.integers(0, 1),
        day=days,
        net=st.sampled_from([0, 500, 5_000]),
        is_paid=st.sampled_from([True, True, False]),
        touched=st.lists(places, max_size=3, unique=True),
        effect=st.sampled_from(["wait", "doubt", "withhold", "reject"]),
        verdict=st.sampled_from([None, None, "released", "upheld"]),
        is_decided=st.sampled_from([True, True, False]),
        at_once=st.booleans(),
    )
    def an_order_changes(self, number: int, at_once: bool, **told: Any) -> None:
        """It is bought, paid, refunded, cancelled, decided, or moves to another day or week; before
        the index shows it weeks are added up."""
        facts = self.orders.get(number, {"facts": 0})["facts"] + 1
        self.orders[number] = {**told, "facts": facts}
        self._attribute(number)
        if at_once:
            self.weeks_are_added_up()

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), touched=st.lists(places, max_size=3, unique=True))
    def a_click_comes_late(self, data: st.DataObject, touched: list[int]) -> None:
        """It is no row of the order's, which the index shows as it was before."""
        self.memory.show()
        number = data.draw(st.sampled_from(sorted(self.orders)))
        self.orders[number]["touched"] = touched
        self._attribute(number)
        self.weeks_are_added_up()

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def an_order_is_attributed_by_whoever_read_fewer_facts(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        stale = {**self.orders[number], "net": 700, "facts": self.orders[number]["facts"] - 1}
        self._attribute(number, stale)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), day=days, dies=st.booleans())
    def two_attribute_it_at_once(self, data: st.DataObject, day: date, dies: bool) -> None:
        """One has read the order and rings the day on which it saw it; the other is faster, or the
        one dies; in the end the one comes again."""
        number = data.draw(st.sampled_from(sorted(self.orders)))
        known, real, raced = self.orders[number], credits.save, []

        def save(*args: Any) -> bool:
            if not raced:
                raced.append(True)
                self.orders[number] = {**known, "facts": known["facts"] + 1}
                if dies:
                    return False
                self._attribute(number)
            return real(*args)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(credits, "save", save)
            is_saved = self._attribute(number, {**known, "day": day, "net": 600})
        assert bool(raced) != is_saved, "the older reading is refused"
        self._attribute(number)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), day=days)
    def weeks_are_added_up_between_ring_and_save(self, data: st.DataObject, day: date) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        known, real = self.orders[number], credits.save
        self.orders[number] = {**known, "facts": known["facts"] + 1, "day": day}

        def save(*args: Any) -> bool:
            self.memory.show()
            self.weeks_are_added_up()
            return real(*args)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(credits, "save", save)
            assert self._attribute(number)

    def _attribute(self, number: int, told: dict[str, Any] | None = None) -> bool:
        ref = OrderRef(merchant=MERCHANT.id, platform="shopify", id=f"{number}#")
        with self.standing():
            rows = [row for row in [ORDERS.get(ref.pk, "credits")] if row]
            credited = credits_of(ref, **(told or self.orders[number]))
            return bool(attribute_order._save(MERCHANT, ref, credited, rows, NOW))

    @rule(half=st.booleans())
    def the_index_catches_up(self, half: bool) -> None:
        self.memory.show(half=half)

    # ── days ─────────────────────────────────────────────────────────────────────────────────────
    @rule(
        day=days, clicked=st.dictionaries(places, st.integers(1, 9), min_size=1), dies=st.booleans()
    )
    def a_day_is_closed(self, day: date, clicked: dict[int, int], dies: bool) -> None:
        """With more facts than before; who `dies` has not said so yet."""
        before = self.counted.get(day, {})
        self.counted[day] = {n: before.get(n, 0) + clicked.get(n, 0) for n in before | clicked}
        self._close(day, dies)

    @precondition(lambda self: self.counted)
    @rule(data=st.data())
    def a_new_rule_judges_a_day_again(self, data: st.DataObject) -> None:
        self.version += 1
        self._close(data.draw(st.sampled_from(sorted(self.counted))))

    def _close(self, day: date, dies: bool = False) -> None:
        clicks = self.counted[day]
        facts = sum(clicks.values())
        counted = {
            LINKS_MADE[link].code: {
                "human": n // self.version,
                "bot": n - n // self.version,
                "unique": 1,
                **({"followed": 1} if n % 2 else {}),
            }
            for link, n in clicks.items()
        }
        with self.standing():
            AGENDA.put({"pk": MERCHANT.id, "sk": f"close#{day}"})
            at = calendars.start_of(day, MERCHANT.tz)
            made = [a_click(link, at) for link in clicks]
            for click in made:
                self.memory.rows["events"][tuple(click_item(click)[k] for k in ("pk", "sk"))] = (
                    click_item(click)
                )
            sample = TrailSample(one_in=1, trails=tuple((click.id,) for click in made))
            trail_samples.save(MERCHANT.id, day, "e0", sample)
            total_chunks.write(
                f"{MERCHANT.id}#day", f"{day}#0", Tally(fact_count=facts, links=counted)
            )
            if not dies:
                key = {"pk": f"{MERCHANT.id}#closed", "sk": day.isoformat()}
                total_chunks.put(key, Tally(fact_count=facts), facts)

    # ── weeks ────────────────────────────────────────────────────────────────────────────────────
    @rule()
    def weeks_are_added_up(self) -> None:
        with self.standing():
            KeptWeeks(MERCHANT, LAST, NOW)

    @rule(number=st.integers(0, 1), day=days, shown=st.booleans(), twice=st.booleans())
    def two_add_them_up_at_once(self, number: int, day: date, shown: bool, twice: bool) -> None:
        """One has read a week; it changes, and the other may add it up; then the one writes, and
        its index may show less than the other's did."""
        real, raced = count_week.count, []
        told: dict[str, Any] = {"is_paid": True, "touched": [number], "is_decided": False}
        told |= {"effect": "flag", "verdict": None, "at_once": False, "day": day}
        self.an_order_changes(number, net=800, **told)
        self.memory.show()

        def count(*args: Any, **named: Any) -> Any:
            counted = real(*args, **named)
            if not raced and args[1] == calendars.week_of(day):
                raced.append(True)
                self.an_order_changes(number, net=900, **told)
                before = {**self.memory.shown}
                if shown:
                    self.memory.show()
                if twice:
                    self.weeks_are_added_up()
                    self.memory.shown = before
            return counted

        with self.standing(), pytest.MonkeyPatch.context() as patched:
            patched.setattr(count_week, "count", count)
            KeptWeeks(MERCHANT, LAST, NOW)
        if twice and shown:
            self.memory.show()

    @rule(every=st.integers(1, 3))
    def objects_are_lost(self, every: int) -> None:
        for key in sorted(self.memory.objects)[::every]:
            del self.memory.objects[key]

    @rule()
    def they_come_to_what_stands(self) -> None:
        """Once the index shows all and every day that has facts is closed."""
        for day in self.counted:
            self._close(day)
        self.memory.show()
        with self.standing():
            weeks = KeptWeeks(MERCHANT, LAST, NOW)
            merged = merge(weeks.sums())
            asked = journey_weeks(MERCHANT, LAST)
            told = add_weeks(MERCHANT, LAST, weeks.journeys(asked))
            assert in_full(merged) == in_full(from_facts())
            assert said(told) == said(journeys_from_facts(asked))
            assert not [*week_rings.between(MERCHANT.id, FIRST, LAST.first)], "all were read"

    teardown = they_come_to_what_stands


def credits_of(
    ref: OrderRef,
    *,
    day: date,
    net: int,
    is_paid: bool,
    touched: list[int],
    effect: str,
    verdict: str | None,
    is_decided: bool,
    facts: int,
) -> OrderCredits:
    at = calendars.start_of(day, MERCHANT.tz) + timedelta(hours=9)
    touches = tuple(a_touch(n, at - timedelta(days=n, hours=1)) for n in sorted(touched))
    sale = Sale(name="#1", currency="USD", lines=(), net=net, total=net, trail="none")
    order = Order(
        sale=sale,
        placed_at=at,
        paid_at=at if is_paid else None,
        net=net,
        refunded=5_000 - net,
        fact_count=facts,
    )
    until = datetime(2026, 12, 6, 12, tzinfo=UTC)
    decided = [a_decision(effect, each, verdict, until) for each in touches[:1] if is_decided]
    return compute_credits(
        ref, order, OrderTouches(touches=touches), CreditRule(), decisions=tuple(decided)
    )


# ── from facts, all of them at once ──────────────────────────────────────────────────────────────
def from_facts() -> MergedWeeks:
    told = MergedWeeks()
    histories = Histories(MERCHANT, LAST.last, WEEKS)
    known = {link.code: link for link in LINKS_MADE}
    for day, counted in local_days.walk(MERCHANT, FIRST, LAST.last, NOW):
        histories.add_day(day, counted, known)
        told.figures.add_day(counted)
    for order in credits.between(OrderCredits, MERCHANT.id, FIRST, LAST.last):
        histories.add_order(order, order.details)
        told.figures.add_order(order.details)
    told.by_influencer = histories.by_influencer
    met = told.figures.clicks.keys() | told.figures.revenue.keys()
    above = {known[code].parent_code for code in met} - {None}
    told.leaves = {code: leaf_of(known[code]) for code in met | above}  # type: ignore[operator,index]
    return told


def journeys_from_facts(weeks: list[Week]) -> JourneyRecords:
    counted = (
        count_week.count(MERCHANT, week, NOW, has_days=True, is_recent=True) for week in weeks
    )
    told = zip((week.first for week in weeks), (each.journeys for each in counted), strict=True)
    return add_weeks(MERCHANT, LAST, told)


def in_full(merged: MergedWeeks) -> Any:
    figures: LinkFigures = merged.figures
    return (
        {who: _of_influencer(history) for who, history in merged.by_influencer.items()},
        (+figures.clicks, figures.followed, dict(figures.revenue)),
        merged.leaves,
    )


def _of_influencer(history: History) -> Any:
    counts = [getattr(history, name) for name in _COUNTS]
    weeks = {age: astuple(week) for age, week in history.weeks.items()}
    named = (dict(history.networks), +history.shares, dict(history.held))
    return weeks, named, counts, history.top_orders


_COUNTS = ("unique", "clicks", "bots", "orders", "returns", "by_code", "code_alone")


def said(told: JourneyRecords) -> Any:
    orders = told.orders
    return (
        dict(orders.converted),
        orders.steps,
        +orders.valid,
        told.trails,
        told.trail_steps,
    )


World.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestKeptWeeks = World.TestCase
