"""The machine of test_buyers_adversary_machine.py against bugs that are planted: it finds each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings

from sharetrail.attribution import buyer_history, cross_device, models, testimony, touches
from sharetrail.attribution.buyer_history import Backing
from tests.machines import finds, quick
from tests.proofs.test_buyers_adversary_machine import CROWD, AdversaryMachine, LeakyMachine

pytestmark = pytest.mark.slow
Plant = Callable[[pytest.MonkeyPatch], None]


def _says(change: Callable[[testimony.Testimony, Any], testimony.Testimony]) -> Plant:
    """Orders say something else of their buyer."""
    real = testimony.testimony_of

    def plant(patched: pytest.MonkeyPatch) -> None:
        patched.setattr(
            testimony, "testimony_of", lambda order, **how: change(real(order, **how), order)
        )

    return plant


def _a_constant(module: Any, name: str, value: Any) -> Plant:
    return lambda patched: patched.setattr(module, name, value)


def _claims_count_unpaid(name: str) -> Plant:
    """Who keeps a click, or disputes it, need not have paid."""
    real = getattr(testimony, name)

    def of_all(claims: Any) -> Any:
        said = [(each, each.said) for each in claims]
        return real([c._replace(said=replace(s, since=s.since or s.placed)) for c, s in said])

    return _a_constant(buyer_history, name, of_all)


def _as_if_carried(how: str) -> Plant:
    """What is known so is taken for what the order itself says."""
    real = touches._of_buyer

    def of_buyer(*known: Any) -> Any:
        return {c: "trail" if each == how else each for c, each in real(*known).items()}

    return _a_constant(touches, "_of_buyer", of_buyer)


def _brought(orders_of: Callable[..., int]) -> Plant:
    real = buyer_history._backing

    def backing(ref: Any, now: Any, told: Any, orders: Any) -> Backing:
        return replace(real(ref, now, told, orders), brought=orders_of(now, told, orders))

    return _a_constant(buyer_history, "_backing", backing)


def _of_all_namesakes(now: testimony.Testimony, told: Any, orders: Any) -> int:
    since = min(each.since for each in told.values() if each.since)
    others = (each for ref, each in orders.items() if ref not in told)
    return sum(each.net for each in others if since <= each.placed <= now.placed)


PLANTS: dict[str, Plant] = {
    "unpaid orders testify": _says(
        lambda said, order: replace(said, since=said.since or (said.placed if said.net else None))
    ),
    "cancelled orders testify": _says(lambda said, order: replace(said, since=order.paid_at)),
    "orders testify from when they were placed": _says(
        lambda said, order: replace(said, since=said.since and said.placed)
    ),
    "a bare e-mail address has weight": _as_if_carried("bare"),
    "a name alone corroborates": _a_constant(
        testimony.Testimony, "strength_of", lambda now, told: "corroborated"
    ),
    "what is corroborated begins a visit": _a_constant(models, "_BEGINS_NO_VISIT", ("code",)),
    "unpaid orders dispute a click": _claims_count_unpaid("disputed_since"),
    "unpaid orders keep a click": _claims_count_unpaid("first_of"),
    "unpaid orders make a crowd": _a_constant(
        buyer_history,
        "is_crowd",
        lambda now, persons: sum(len(each.orders) for each in persons) > CROWD,
    ),
    "evidence is thin by one order": _brought(lambda now, told, orders: now.net),
    "evidence is thin by unpaid orders": _brought(_of_all_namesakes),
    "who was placed between hears nothing": _a_constant(
        cross_device,
        "_ring_others",
        lambda ref, rung_at, now, before, known, claims, facts: cross_device._ring(
            {
                o
                for p in known.values()
                for o in p.later_than(now.since or now.placed, now.last_told)
            }
            - {ref},
            now.placed,
            f"{ref.platform}#{ref.id}#{now.digest}#{facts}",
            rung_at,
        ),
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_the_machine_finds(name: str, tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buyer_history, "CROWD", CROWD)
    PLANTS[name](monkeypatch)
    is_about_leaks = name.startswith("unpaid orders") and name.endswith("a click")
    machine = LeakyMachine if is_about_leaks else AdversaryMachine
    assert finds(machine, settings(quick, max_examples=500))
