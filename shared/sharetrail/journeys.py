"""The journeys that ended in four weeks, with an order or without one: what Markov needs.

With one: the touches that count of an order placed in them. Without one: a trail whose newest click
became as old as the window in them, and no order carried it; and each valid click that no trail and
no order ever showed, a journey of one touch. Gathered from projections and a sample of trails (see
seen_trails.py); what is made of them is pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sharetrail import calendars, clicks, links, seen_trails, tallies
from sharetrail.calendars import Week
from sharetrail.credits import OrderCredits
from sharetrail.links import Link
from sharetrail.markov import Outcome
from sharetrail.merchants import Merchant
from sharetrail.performance import Period
from sharetrail.seen_trails import Sample
from sharetrail.tables import EVENTS

WEEKS = 4
Step = tuple[str, str]
"""Network and influencer of a touch."""
Ended = Mapping[tuple[Step, ...], Outcome]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the journeys of four weeks are made of."""

    orders: tuple[OrderCredits, ...]
    """Placed in the four weeks."""
    span: Span
    """[first, last): the four weeks, a window earlier. Whose newest click lies in it has ended."""
    trails: Sample
    carried: Mapping[str, Step]
    """Click id → its link's, of every touch of any order."""
    clicked: Mapping[str, Step]
    """The same of every click in the trails."""
    valid: Mapping[Step, int]
    """Valid clicks in the span."""


def gather(merchant: Merchant, week: Week, period: Period) -> Heard:
    """What is heard of the four weeks up to `week`; they and a window before lie in the period."""
    first, last = week.before(WEEKS - 1).first, week.last
    window = merchant.window_days * calendars.DAY
    start, end = first - window, last - window
    trails = seen_trails.between(merchant.id, start, last)
    made = _codes(merchant.id, {click for trail in trails.trails for click in trail.ids})
    known = {**period.links, **links.find_all(set(made.values()) - set(period.links))}
    spanned = tallies.merge(tally for day, tally in period.days.items() if start <= day <= end)
    valid: Counter[Step] = Counter()
    for code, counts in spanned.links.items():
        if link := known.get(code):
            valid[_step(link)] += tallies.valid(counts)
    return Heard(
        orders=tuple(
            order
            for order in period.orders
            if first <= calendars.local_day(order.placed_at, merchant.tz) <= last
        ),
        span=(
            calendars.start_of(start, merchant.tz),
            calendars.start_of(end + calendars.DAY, merchant.tz),
        ),
        trails=trails,
        carried={
            touch.id: (touch.network, touch.influencer)
            for order in period.orders
            for touch in order.details.touches
        },
        clicked={click: _step(known[code]) for click, code in made.items() if code in known},
        valid=valid,
    )


def _codes(merchant_id: str, ids: Iterable[str]) -> dict[str, str]:
    """The links that were clicked. An id's key carries the merchant, so no other's click is found;
    made-up ids are left out."""
    found = EVENTS.get_all([clicks.key(merchant_id, each) for each in sorted(ids)])
    return {click.id: click.code for click in map(clicks.from_item, found)}


def _step(link: Link) -> Step:
    return link.network, link.influencer


# ── pure ─────────────────────────────────────────────────────────────────────────────────────────
def ended(heard: Heard) -> Ended:
    """The journeys, by the touches they went through."""
    journeys: dict[tuple[Step, ...], Outcome] = {}

    def add(path: tuple[Step, ...], outcome: Outcome) -> None:
        if path:
            journeys[path] = journeys.get(path, Outcome()) + outcome

    for order in heard.orders:
        if order.net <= 0:
            continue  # given back or cancelled: nobody was brought to anything
        path = tuple((line.network, line.influencer) for line in order.by("last"))
        add(path, Outcome(conversions=1, value=order.net))
    for path, count in _given_up(heard):
        add(path, Outcome(nulls=count))
    for step, count in _unseen(heard).items():
        add((step,), Outcome(nulls=count))
    return journeys


def by_network(journeys: Ended) -> dict[tuple[str, ...], Outcome]:
    return _named(journeys, 0)


def by_influencer(journeys: Ended) -> dict[tuple[str, ...], Outcome]:
    return _named(journeys, 1)


def _named(journeys: Ended, which: int) -> dict[tuple[str, ...], Outcome]:
    found: dict[tuple[str, ...], Outcome] = {}
    for path, outcome in journeys.items():
        named = tuple(step[which] for step in path)
        found[named] = found.get(named, Outcome()) + outcome
    return found


def _given_up(heard: Heard) -> Iterable[tuple[tuple[Step, ...], int]]:
    """Trails that ended without an order: no later click was added, and no order carried them."""
    trails = heard.trails.trails
    went_on = {click for trail in trails for click in trail.ids[:-1]}
    newest = {trail.ids[-1]: trail for trail in trails if trail.ids[-1] not in went_on}
    for click, trail in newest.items():
        if _is_in(click, heard.span) and click not in heard.carried:
            path = tuple(heard.clicked[each] for each in trail.ids if each in heard.clicked)
            yield path, trail.n * heard.trails.one_in


def _unseen(heard: Heard) -> Counter[Step]:
    """Valid clicks that neither a trail nor an order showed."""
    seen: Counter[Step] = Counter()
    for click, step in heard.clicked.items():
        if _is_in(click, heard.span) and click not in heard.carried:
            seen[step] += heard.trails.one_in
    for click, step in heard.carried.items():
        if clicks.is_id(click) and _is_in(click, heard.span):
            seen[step] += 1
    return Counter({step: n - seen[step] for step, n in heard.valid.items() if n > seen[step]})


def _is_in(click: str, span: Span) -> bool:
    return span[0] <= clicks.time_of(click) < span[1]
