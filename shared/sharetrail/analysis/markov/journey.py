"""Journeys that ended with an order or without one, as paths for Markov. Pure.

With one: the touches that count of an order placed in the four weeks. Without one: a trail whose
newest click became as old as the window in them, and no order carried it; and each valid click that
no trail and no order ever showed, a journey of one touch.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sharetrail.analysis.markov.markov import Outcome
from sharetrail.attribution.credit import OrderCredits
from sharetrail.clicks.click import is_click_id, time_of_click
from sharetrail.totals.trail_sample import TrailSample

JOURNEY_WEEKS = 4
Step = tuple[str, str]
"""Network and influencer of a touch."""
Outcomes = Mapping[tuple[Step, ...], Outcome]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class JourneyRecords:
    """What the journeys of four weeks are made of."""

    orders: tuple[OrderCredits, ...]
    """Placed in the four weeks."""
    span: Span
    """[first, last): the four weeks, a window earlier. Whose newest click lies in it has ended."""
    trails: TrailSample
    order_steps: Mapping[str, Step]
    """Click id → its link's, of every touch of any order."""
    trail_steps: Mapping[str, Step]
    """The same of every click in the trails."""
    valid: Mapping[Step, int]
    """Valid clicks in the span."""


def ended_journeys(records: JourneyRecords) -> Outcomes:
    """The journeys, by the touches they went through."""
    journeys: dict[tuple[Step, ...], Outcome] = {}

    def add(path: tuple[Step, ...], outcome: Outcome) -> None:
        if path:
            journeys[path] = journeys.get(path, Outcome()) + outcome

    for order in records.orders:
        if order.net <= 0:
            continue  # given back or cancelled: nobody was brought to anything
        path = tuple((line.network, line.influencer) for line in order.by("last"))
        add(path, Outcome(conversions=1, value=order.net))
    for path, count in _abandoned(records):
        add(path, Outcome(nulls=count))
    for step, count in _unseen(records).items():
        add((step,), Outcome(nulls=count))
    return journeys


def by_network(journeys: Outcomes) -> dict[tuple[str, ...], Outcome]:
    return _by_channel(journeys, 0)


def by_influencer(journeys: Outcomes) -> dict[tuple[str, ...], Outcome]:
    return _by_channel(journeys, 1)


def _by_channel(journeys: Outcomes, which: int) -> dict[tuple[str, ...], Outcome]:
    found: dict[tuple[str, ...], Outcome] = {}
    for path, outcome in journeys.items():
        named = tuple(step[which] for step in path)
        found[named] = found.get(named, Outcome()) + outcome
    return found


def _abandoned(records: JourneyRecords) -> Iterable[tuple[tuple[Step, ...], int]]:
    """Trails that ended without an order: no later click was added, and no order carried them."""
    trails = records.trails.trails
    went_on = {click for trail in trails for click in trail.ids[:-1]}
    newest = {trail.ids[-1]: trail for trail in trails if trail.ids[-1] not in went_on}
    for click, trail in newest.items():
        if _is_in(click, records.span) and click not in records.order_steps:
            path = tuple(
                records.trail_steps[each] for each in trail.ids if each in records.trail_steps
            )
            yield path, trail.n * records.trails.one_in


def _unseen(records: JourneyRecords) -> Counter[Step]:
    """Valid clicks that neither a trail nor an order showed."""
    seen: Counter[Step] = Counter()
    for click, step in records.trail_steps.items():
        if _is_in(click, records.span) and click not in records.order_steps:
            seen[step] += records.trails.one_in
    for click, step in records.order_steps.items():
        if is_click_id(click) and _is_in(click, records.span):
            seen[step] += 1
    return Counter({step: n - seen[step] for step, n in records.valid.items() if n > seen[step]})


def _is_in(click: str, span: Span) -> bool:
    return span[0] <= time_of_click(click) < span[1]
