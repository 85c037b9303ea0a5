"""Journeys that ended with an order or without one, as paths for Markov. Pure.

With one: the touches that count of an order placed in the four weeks. Without one: a trail whose
newest click became as old as the window in them, in whole weeks, and no order carried it; and each
valid click that no such trail and no order showed, a journey of one touch.

A trail is what a page said, and anybody may say it. So each click stands in one journey at most,
however many trails name it, and no step is in more journeys to nothing than it had clicks. And
anybody can make links and follow them: of whom the merchant does not know by name, clicks come to
nothing only where an order of the four weeks came by theirs, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from math import ceil, floor, fsum

from sharetrail import calendars
from sharetrail.analysis.markov.markov import Outcome
from sharetrail.attribution.credit import CreditDetails, OrderFigures, is_paid
from sharetrail.attribution.touch import WEIGHTLESS, Touch
from sharetrail.calendars import Week
from sharetrail.clicks.click import is_click_id, mint_click_id
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.link import Link, is_anonymous
from sharetrail.totals.trail_sample import Trail, TrailSample, merge_samples

JOURNEY_WEEKS = 4
MOST_WEEKS = JOURNEY_WEEKS + 13
"""That are read, of the longest window: 90 days."""
_ROUNDING = 1e-6
Step = tuple[str, str]
"""Network and influencer of a touch."""
NETWORK, INFLUENCER = 0, 1
"""Their places in a step."""
Path = tuple[Step, ...]
Outcomes = Mapping[Path, Outcome]
NO_TRAILS = TrailSample(one_in=1, trails=())


@dataclass(kw_only=True)
class WeekJourneys:
    """What one week's days, orders and trails say of journeys."""

    converted: dict[Path, Outcome] = field(default_factory=lambda: defaultdict(Outcome))
    """Journeys that ended with an order placed in it."""
    steps: dict[str, Step] = field(default_factory=dict)
    """Click id → its link's, of the touches of its orders, whenever they were."""
    valid: Counter[Step] = field(default_factory=Counter)
    """Its valid clicks."""
    trails: TrailSample = NO_TRAILS
    """What its visits carried."""
    trail_steps: dict[str, Step] = field(default_factory=dict)
    """Click id → its link's, of every valid click in the trails."""

    @property
    def is_any(self) -> bool:
        return bool(self.converted or self.steps or self.valid or self.trails.trails)

    def add_clicks(self, step: Step, number: int) -> None:
        self.valid[step] += number

    def add_order(self, order: OrderFigures, details: CreditDetails) -> None:
        for touch in details.touches:
            # What anybody can make true of a buyer makes no journey of a click.
            if touch.evidence not in WEIGHTLESS and is_click_id(touch.id):
                self.steps[touch.id] = step_of(touch)
        # Given back, cancelled or never paid for, nobody was brought to anything.
        if order.net > 0 and is_paid(order):
            path = tuple(step_of(line.touch) for line in details.lines("last"))
            self.converted[path] += Outcome(conversions=1, value=order.net)


class OrderJourneys:
    """The journeys of four weeks, of what whole weeks say, which are told in their order.

    Whose newest click lies in the span of those weeks and the window before them, less the window
    at its end, has ended. The window is taken as so many whole weeks, the last of them begun, so
    that weeks can be added up.
    """

    def __init__(self, merchant: Merchant, week: Week) -> None:
        window = _window_weeks(merchant)
        self.first = week.before(JOURNEY_WEEKS - 1).first
        """Where the four weeks begin."""
        self.earliest, self.last_ended = (week.before(n) for n in (window + 3, window))
        begins = calendars.start_of(self.earliest.first, merchant.tz)
        ends = calendars.start_of(self.last_ended.last + calendars.DAY, merchant.tz)
        self._bounds = mint_click_id(begins, 0, 0)[:9], mint_click_id(ends, 0, 0)[:9]
        self.converted: dict[Path, Outcome] = defaultdict(Outcome)
        """Journeys that ended with an order placed in the four weeks."""
        self.steps: dict[str, Step] = {}
        """Click id → its link's, of the touches in the span of any order."""
        self.valid: Counter[Step] = Counter()
        """Valid clicks in the span."""

    def add(self, first: date, week: WeekJourneys) -> None:
        """What the week that begins with `first` says."""
        if first <= self.last_ended.first:
            self.valid.update(week.valid)
        if first >= self.first:
            for path, outcome in week.converted.items():
                self.converted[path] += outcome
        self.steps |= {click: step for click, step in week.steps.items() if self.is_in_span(click)}

    @cached_property
    def _sellers(self) -> frozenset[str]:
        return frozenset(step[INFLUENCER] for path in self.converted for step in path)

    def is_believed(self, step: Step) -> bool:
        """Whether clicks of it that no order carried say anything of its network."""
        return not is_anonymous(step[INFLUENCER]) or step[INFLUENCER] in self._sellers

    def is_in_span(self, click: str) -> bool:
        """By its id, which begins with its time."""
        return self._bounds[0] <= click[:9] < self._bounds[1]


def step_of(clicked: Link | Touch) -> Step:
    network = clicked.shared_on if isinstance(clicked, Link) else clicked.network
    return network, clicked.influencer


def _window_weeks(merchant: Merchant) -> int:
    return ceil(merchant.window_days / 7)


def journey_weeks(merchant: Merchant, week: Week) -> list[Week]:
    """All that are to be added, in their order."""
    number = _window_weeks(merchant) + JOURNEY_WEEKS
    return [week.before(n) for n in reversed(range(number))]


def add_weeks(
    merchant: Merchant, week: Week, weeks: Iterable[tuple[date, WeekJourneys]]
) -> "JourneyRecords":
    """Of the four weeks that end with `week`; `weeks` are told in their order."""
    orders, trails = OrderJourneys(merchant, week), []
    trail_steps: dict[str, Step] = {}
    for first, told in weeks:
        orders.add(first, told)
        trails.append(told.trails)
        trail_steps |= told.trail_steps
    return JourneyRecords(orders=orders, trails=merge_samples(trails), trail_steps=trail_steps)


@dataclass(frozen=True, kw_only=True)
class JourneyRecords:
    """What the journeys of four weeks are made of."""

    orders: OrderJourneys
    trails: TrailSample
    trail_steps: Mapping[str, Step]
    """Click id → its link's, of every valid click in the trails."""

    def came_to_nothing(self, click: str) -> bool:
        """Whether it has ended, and no order carried it."""
        return self.orders.is_in_span(click) and click not in self.orders.steps


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
