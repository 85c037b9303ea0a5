"""Clicks under every mishap: duplicated, reordered, delayed, re-driven, crashed, poisoned.

A state machine drives the projection's own handler over the emulator's tables and demands that
totals equal a fold over all facts ever accepted. The same machine is run against a counter that
uses ADD, and must find it wrong: a proof that the proof bites.
"""

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from functions.project_events.app import handler
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks import clicks
from sharetrail.clicks.click import CLICK_SHARDS, Click, click_key
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import five_minute_slots, local_days, missed_events
from sharetrail.totals.tally import VERDICTS, merge_counts
from tests.machines import (
    Crash,
    Record,
    a_merchant,
    a_record,
    crashing,
    finds,
    first_failed,
    ring_again,
    thorough,
)
from tests.shops import BROWSER, PHONE

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
AGENTS = (PHONE, BROWSER, "curl/8.9.1", "WhatsApp/2.25.1")
WRITTEN = MORNING + timedelta(hours=1)
MAKERS = {"aaaa": f"{10:016x}", "bbbb": None}
"""Who made each link: the first visitor, in the first agent."""
_numbers = itertools.count(1)


def by_brute_force(facts: list[Click]) -> Counter[str]:
    """What the facts add up to, told without any code of the product's folds: the verdicts of the
    agents above, the embedded, the sharer's own, the mute, and a repeat wherever the same visitor
    and link were there within 30 seconds.
    """
    told: Counter[str] = Counter()
    known = {"curl/8.9.1": "bot", "WhatsApp/2.25.1": "preview"}
    for click in facts:
        alone = "self" if click.own else "suspicious" if click.mute else "human"
        kind = known.get(click.agent) or ("embedded" if click.embedded_as else alone)
        near = [
            other
            for other in facts
            if kind == "human"
            and other.agent not in known
            and not other.embedded_as
            and (other.visitor, other.code) == (click.visitor, click.code)
            and (other.at, other.id) < (click.at, click.id)
            and click.at - other.at <= timedelta(seconds=30)
        ]
        told["repeat" if near else kind] += 1
    return told


class ClicksMachine(RuleBasedStateMachine):
    """Two hours of two links and three visitors, who click close together."""

    keys: ClassVar[list[str]] = list(VERDICTS)

    @initialize()
    def begin(self) -> None:
        self.merchant = a_merchant(next(_numbers), created_at=MORNING)
        self.accepted: dict[str, Click] = {}
        self.stream: list[Record] = []
        """Every record ever written, in order: a stream may bring any of them again."""
        self.undelivered = 0
        self.held: list[tuple[Any, ...]] = []
        """Writes of a slow racer, computed and not yet made."""
        self.lost = 0

    @rule(
        seconds=st.integers(0, 900),
        who=st.integers(1, 3),
        code=st.sampled_from(["aaaa", "bbbb"]),
        agent=st.sampled_from(AGENTS),
        times=st.integers(1, 2),
        mute=st.sampled_from([False, False, True]),
        embedded_as=st.sampled_from(["", "", "image"]),
    )
    def click(
        self,
        seconds: int,
        who: int,
        code: str,
        agent: str,
        times: int,
        mute: bool,
        embedded_as: str,
    ) -> None:
        """A fact, written once or (a retry after a lost answer) twice."""
        # As in life, where the agent is part of the hash, no two agents are one visitor.
        visitor = f"{who * 10 + AGENTS.index(agent):016x}"
        seen = Visitor(
            hash=visitor,
            address=f"{who:016x}",
            agent=agent,
            referrer="",
            country=None,
            mute=mute,
            embedded_as=embedded_as,
        )
        at = MORNING + timedelta(seconds=seconds)
        made = new_click(self.merchant.id, code, seen, at, MAKERS[code])
        for _ in range(times):
            clicks.save(made)
        self.accepted[made.id] = made
        self.stream.append(
            a_record(click_key(self.merchant.id, made.id), len(self.stream), WRITTEN)
        )

    @rule(many=st.integers(1, 6), crash=st.none() | st.integers(0, 4), after=st.booleans())
    def deliver(self, many: int, crash: int | None, after: bool) -> None:
        """The next records in order; those from the first failure on come again later."""
        batch = self.stream[self.undelivered : self.undelivered + many]
        with crashing(TOTALS, crash, after):
            failed = self.project(batch)
        self.undelivered += len(batch) if failed is None else batch.index(failed)

    @rule(many=st.integers(1, 3))
    def lose(self, many: int) -> None:
        """The next records are nowhere, and nobody knows it."""
        there = min(many, len(self.stream) - self.undelivered)
        self.undelivered += there
        self.lost += there

    @rule(seed=st.integers(0, 10**6), many=st.integers(1, 5))
    def redeliver(self, seed: int, many: int) -> None:
        """Any records once more, in any order."""
        again = random.Random(seed).choices(self.stream, k=many) if self.stream else []
        self.project(again)

    @rule()
    def poison(self) -> None:
        """A record that rings no door is set aside; the batch around it is counted."""
        bad = a_record({"pk": "what", "sk": "ever"}, 10**6, WRITTEN)
        assert self.project([*self.stream[:1], bad]) is None

    @rule()
    def what_was_set_aside_comes_again(self) -> None:
        ring_again()

    @rule(slot=st.integers(0, 3))
    def a_racer_computes_and_waits(self, slot: int) -> None:
        with pytest.MonkeyPatch.context() as patched:
            held = lambda _table, *args, **named: bool(self.held.append((args, named))) or True  # noqa: E731
            patched.setattr(type(TOTALS), "put_if", held)
            for shard in map(str, range(CLICK_SHARDS)):
                five_minute_slots.project(
                    self.merchant.id, shard, MORNING + slot * five_minute_slots.SLOT, WRITTEN
                )

    @rule()
    def the_racer_writes_at_last(self) -> None:
        for args, named in self.held:
            TOTALS.put_if(*args, **named)
        self.held.clear()

    def teardown(self) -> None:
        if not hasattr(self, "stream"):
            return
        self.the_racer_writes_at_last()
        while self.undelivered < len(self.stream):
            self.deliver(100, None, False)
        ring_again()
        if self.lost:
            missed_events.heal(self.merchant, f"{MORNING:%Y-%m-%dT%H}", WRITTEN)
        assert self.total() == by_brute_force(list(self.accepted.values()))

    def project(self, records: list[Record]) -> Record | None:
        """The first record that failed."""
        answer = handler({"Records": records}, None)
        return first_failed(answer, records)

    def total(self) -> Counter[str]:
        day = MORNING.date()
        live = local_days.open_tally(self.merchant, day)
        local_days.close(self.merchant, day, WRITTEN)
        closed = local_days.between(self.merchant, day, day, WRITTEN)[day]
        told = [merge_counts(each.links.values()) for each in (live, closed)]
        counts = [Counter({k: c[k] for k in self.keys if c.get(k)}) for c in told]
        assert counts[0] == counts[1], "slots and day disagree"
        return counts[0]


class MutableTwin(ClicksMachine):
    """The tutorial's projection: one ADD for each record."""

    def project(self, records: list[Record]) -> Record | None:
        for record in records:
            keys = record["dynamodb"]["Keys"]
            fact = EVENTS.get(keys["pk"]["S"], keys["sk"]["S"])
            if fact is None:
                return record
            try:
                self.add(fact)
            except Crash:
                return record
        return None

    def add(self, fact: dict[str, Any]) -> None:
        known = {"curl/8.9.1": "bot", "WhatsApp/2.25.1": "preview"}
        item = {"pk": self.merchant.id, "sk": "counter"}
        TOTALS.put_if({**item, "sk": "touch"}, "attribute_exists(pk) OR attribute_not_exists(pk)")
        TOTALS.update(item, f"ADD {known.get(fact['ua'], 'human')} :one", one=1)

    def total(self) -> Counter[str]:
        counted = TOTALS.get(self.merchant.id, "counter") or {}
        return Counter({k: counted[k] for k in self.keys if k in counted})


def test_totals_always_equal_a_fold_over_all_facts(tables: Any) -> None:
    run_state_machine_as_test(ClicksMachine, settings=thorough)


def test_the_same_machine_finds_a_counter_wrong(tables: Any) -> None:
    assert finds(MutableTwin)
