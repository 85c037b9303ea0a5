"""Journeys that ended with an order or without one, as paths for Markov. Pure.

With one: the touches that count of an order placed in the four weeks. Without one: a trail whose
newest click became as old as the window in them, and no order carried it; and each valid click that
no such trail and no order showed, a journey of one touch.

A trail is what a page said, and anybody may say it. So each click stands in one journey at most,
however many trails name it, and no step is in more journeys to nothing than it had clicks. And
anybody can make links and follow them: of whom the merchant does not know by name, clicks come to
nothing only where an order of the four weeks came by theirs, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from math import floor, fsum

from sharetrail import calendars
from sharetrail.analysis.markov.markov import Outcome
from sharetrail.attribution.credit import CreditDetails, OrderFigures, is_paid
from sharetrail.attribution.touch import WEIGHTLESS, Touch
from sharetrail.calendars import Week
from sharetrail.clicks.click import is_click_id, time_of_click
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.link import Link, is_anonymous
from sharetrail.totals.tally import Tally, valid_clicks
from sharetrail.totals.trail_sample import Trail, TrailSample

JOURNEY_WEEKS = 4
_ROUNDING = 1e-6
Step = tuple[str, str]
"""Network and influencer of a touch."""
NETWORK, INFLUENCER = 0, 1
"""Their places in a step."""
Path = tuple[Step, ...]
Outcomes = Mapping[Path, Outcome]


class OrderJourneys:
    """What days and orders say of the journeys of four weeks, in one pass over them."""

    def __init__(self, merchant: Merchant, week: Week) -> None:
        self._tz = merchant.tz
        self.first, self.last = week.before(JOURNEY_WEEKS - 1).first, week.last
        """The four weeks."""
        window = merchant.window_days * calendars.DAY
        self.earliest, self._latest = self.first - window, self.last - window
        """The days of the span: the four weeks, a window earlier. Whose newest click lies in it has
        ended."""
        self._begins = calendars.start_of(self.earliest, merchant.tz)
        self._ends = calendars.start_of(self._latest + calendars.DAY, merchant.tz)
        self.converted: dict[tuple[Step, ...], Outcome] = defaultdict(Outcome)
        """Journeys that ended with an order placed in the four weeks."""
        self.steps: dict[str, Step] = {}
        """Click id → its link's, of the touches in the span of any order."""
        self.valid: Counter[Step] = Counter()
        """Valid clicks in the span."""

    def add_day(self, day: date, tally: Tally, links: Mapping[str, Link]) -> None:
        if self.earliest <= day <= self._latest:
            for code, counts in tally.links.items():
                if link := links.get(code):
                    self.valid[step_of(link)] += valid_clicks(counts)

    def add_order(self, order: OrderFigures, details: CreditDetails) -> None:
        for touch in details.touches:
            # What anybody can make true of a buyer makes no journey of a click.
            is_known = touch.evidence not in WEIGHTLESS
            if is_known and self.is_in_span(touch.at) and is_click_id(touch.id):
                self.steps[touch.id] = step_of(touch)
        # Given back, cancelled or never paid for, nobody was brought to anything.
        if order.net > 0 and is_paid(order) and self._is_of_the_weeks(order):
            path = tuple(step_of(line.touch) for line in details.lines("last"))
            self.converted[path] += Outcome(conversions=1, value=order.net)

    @cached_property
    def _sellers(self) -> frozenset[str]:
        return frozenset(step[INFLUENCER] for path in self.converted for step in path)

    def is_believed(self, step: Step) -> bool:
        """Whether clicks of it that no order carried say anything of its network."""
        return not is_anonymous(step[INFLUENCER]) or step[INFLUENCER] in self._sellers

    def is_in_span(self, at: datetime) -> bool:
        return self._begins <= at < self._ends

    def _is_of_the_weeks(self, order: OrderFigures) -> bool:
        return self.first <= calendars.local_day(order.placed_at, self._tz) <= self.last


def step_of(clicked: Link | Touch) -> Step:
    network = clicked.shared_on if isinstance(clicked, Link) else clicked.network
    return network, clicked.influencer


@dataclass(frozen=True, kw_only=True)
class JourneyRecords:
    """What the journeys of four weeks are made of."""

    orders: OrderJourneys
    trails: TrailSample
    trail_steps: Mapping[str, Step]
    """Click id → its link's, of every valid click in the trails."""

    def came_to_nothing(self, click: str) -> bool:
        """Whether it has ended, and no order carried it."""
        return self.orders.is_in_span(time_of_click(click)) and click not in self.orders.steps


def ended_journeys(records: JourneyRecords) -> Outcomes:
    """The journeys, by the touches they went through."""
    records = _believed(records)
    orders = records.orders
    journeys = defaultdict(Outcome, orders.converted)
    valid = Counter({step: n for step, n in orders.valid.items() if orders.is_believed(step)})
    left = valid - Counter(orders.steps.values())
    for path, count in _abandoned(records, left).items():
        journeys[path] += Outcome(nulls=count)
    for step, count in _unseen(records, left).items():
        journeys[step,] += Outcome(nulls=count)
    journeys.pop((), None)  # of touches that are not known
    return journeys


def _believed(records: JourneyRecords) -> JourneyRecords:
    steps = records.trail_steps.items()
    believed = {click: step for click, step in steps if records.orders.is_believed(step)}
    return replace(records, trail_steps=believed)


def by_channel(journeys: Outcomes, place: int) -> dict[tuple[str, ...], Outcome]:
    """By the networks or the influencers alone: `place` is NETWORK or INFLUENCER."""
    found: dict[tuple[str, ...], Outcome] = defaultdict(Outcome)
    for path, outcome in journeys.items():
        found[tuple(step[place] for step in path)] += outcome
    return found


def _abandoned(records: JourneyRecords, left: Counter[Step]) -> Counter[Path]:
    """Trails that ended without an order, and how many such there were: what the sample stands for,
    as far as `left`, the valid clicks that no order showed, has clicks for it."""
    ended = [*_ended_trails(records)]
    own = [
        [records.trail_steps[click] for click in ids if records.came_to_nothing(click)]
        for ids in ended
    ]
    scale = records.trails.one_in
    needed = Counter(chain.from_iterable(own))
    room = {step: min(1.0, left[step] / (n * scale)) for step, n in needed.items()}
    found: dict[Path, list[float]] = defaultdict(list)
    for ids, steps in zip(ended, own, strict=True):
        found[tuple(records.trail_steps[click] for click in ids)].append(
            scale * min(room[step] for step in steps)
        )
    return +Counter({path: floor(fsum(counts) + _ROUNDING) for path, counts in found.items()})


def _ended_trails(records: JourneyRecords) -> Iterator[Trail]:
    """The valid clicks of each, newest trail first, and of those that end alike the longest: an
    earlier trail of the same browser is a part of a later one."""
    taken: set[str] = set()
    newest_first = sorted(records.trails.trails, key=lambda ids: (ids[-1], len(ids), ids))[::-1]
    for trail in newest_first:
        valid = [click for click in trail if click in records.trail_steps]
        if valid and valid[-1] not in taken and records.came_to_nothing(valid[-1]):
            yield tuple(click for click in valid if click not in taken)
        taken.update(valid)


def _unseen(records: JourneyRecords, left: Counter[Step]) -> Counter[Step]:
    """Valid clicks that neither a trail nor an order showed."""
    steps = records.trail_steps.items()
    seen = Counter(step for click, step in steps if records.came_to_nothing(click))
    return left - Counter({step: n * records.trails.one_in for step, n in seen.items()})
