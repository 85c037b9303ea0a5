"""What the weeks before hold of each influencer, in one pass over their days and orders. Pure.

One value an influencer and week: scores, rankings and fraud marks all read it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sharetrail import calendars
from sharetrail.analysis.score.expectation import HORIZON, SILENT, InfluencerWeek, Record
from sharetrail.attribution.credit import CreditDetails, CreditLine, OrderCredits, is_paid
from sharetrail.attribution.fraud_rules import DOUBTED
from sharetrail.attribution.touch import COUPON
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.link import Link, is_anonymous
from sharetrail.totals.tally import FOLLOWED, UNIQUE, Tally, raw_clicks, valid_clicks

TOP_ORDERS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class TopOrder:
    platform: str
    order: str
    amount: int
    """Credited to the influencer by the linear model, in minor units."""


@dataclass(slots=True)
class HistoryWeek(InfluencerWeek):
    """What a score asks of a week, and what rankings ask beside it."""

    visits: int = 0
    """People's clicks alone."""
    follows: int = 0
    """Of them, those that are proof: see tally.FOLLOWED."""


class Recent(NamedTuple):
    links_followed: int
    clicks: int


@dataclass(kw_only=True, slots=True)
class History:
    """What the weeks that a score looks at hold of one influencer."""

    weeks: dict[int, HistoryWeek] = field(default_factory=lambda: defaultdict(HistoryWeek))
    """By age, of those that saw anything."""
    networks: Counter[str] = field(default_factory=Counter)
    """People's clicks; of networks that only orders name, none."""
    shares: Counter[str] = field(default_factory=Counter)
    """By network: links that people followed in the last four weeks, each once."""
    unique: int = 0
    """Visitors by day of the last four weeks' closed days."""
    clicks: int = 0
    """All but prefetches."""
    bots: int = 0
    orders: int = 0
    returns: int = 0
    """Of them: refunded at least in part, cancelled or charged back."""
    by_code: int = 0
    """Orders with a code of theirs."""
    code_alone: int = 0
    """Of them: without any valid click."""
    top_orders: list[TopOrder] = field(default_factory=list)
    """Those that credit them most, largest first."""
    held: Counter[str] = field(default_factory=Counter)
    """What is credited to them and on hold, by the local date its hold ends, in minor units; of
    what is withheld, what it would be."""

    def add_tops(self, orders: Iterable[TopOrder]) -> None:
        self.top_orders += orders
        self.top_orders.sort(key=lambda each: (-each.amount, each.platform, each.order))
        del self.top_orders[TOP_ORDERS:]

    @property
    def has_sold(self) -> bool:
        return any(week.orders for week in self.weeks.values())

    def recent(self) -> Recent:
        """Links that were followed, and people's clicks, of the last four weeks."""
        visits = (week.visits for age, week in self.weeks.items() if age < HORIZON)
        return Recent(self.shares.total(), sum(visits))


class Histories:
    """Everyone's, of so many weeks that end with `last`, a Sunday. Days are told in their order."""

    def __init__(self, merchant: Merchant, last: date, weeks: int) -> None:
        self._oldest = weeks - 1
        self.by_influencer: dict[str, History] = defaultdict(History)
        self._last, self._tz = last, merchant.tz
        self._in_week: dict[int, set[str]] = defaultdict(set)
        """Links that were followed, by the week's age."""
        self._recently: set[str] = set()
        """Those of the last four weeks."""

    def add_day(self, day: date, tally: Tally, links: Mapping[str, Link]) -> None:
        age = self._age(day)
        for code, counts in tally.links.items():
            link = links.get(code)
            if link is None:
                continue
            theirs = self.by_influencer[link.influencer]
            week = theirs.weeks[age]
            clicks = valid_clicks(counts)
            week.clicks += clicks
            week.visits += clicks
            theirs.networks[link.shared_on] += clicks
            # Not those that a page made by itself: whoever puts a link into one as its picture
            # would outnumber their own bots.
            theirs.clicks += raw_clicks(counts) - counts.get("embedded", 0)
            theirs.bots += counts.get("bot", 0)
            if age < HORIZON:
                theirs.unique += counts.get(UNIQUE, 0)
            if FOLLOWED in counts:
                week.follows += counts[FOLLOWED]
                self._note_followed(link, age)

    def _note_followed(self, link: Link, age: int) -> None:
        """Once a week, whatever pages said of it: anybody can say that a link was shared."""
        theirs = self.by_influencer[link.influencer]
        if link.code not in self._in_week[age]:
            self._in_week[age].add(link.code)
            theirs.weeks[age].shares += 1
        if age < HORIZON and link.code not in self._recently:
            self._recently.add(link.code)
            theirs.shares[link.shared_on] += 1

    def add_order(self, order: OrderCredits, details: CreditDetails) -> None:
        linear = details.lines("linear")
        amounts: dict[str, int] = defaultdict(int)
        for line in linear:
            amounts[line.touch.influencer] += 0 if line.is_in_doubt else line.amount
        codes = {line.touch.influencer for line in linear if line.touch.network == COUPON}
        is_clicked = any(line.touch.network != COUPON for line in linear)
        is_returned = bool(order.refunded or order.charged_back or order.cancelled)
        for influencer, amount in amounts.items():
            theirs = self.by_influencer[influencer]
            theirs.orders += 1
            theirs.returns += is_returned
            theirs.by_code += influencer in codes
            theirs.code_alone += influencer in codes and not is_clicked
            if amount > 0 and is_paid(order):
                top = TopOrder(platform=order.platform, order=order.order, amount=amount)
                theirs.add_tops([top])
        # Refunded, cancelled or never paid for, it earned nothing and proves nothing.
        if order.net > 0 and is_paid(order):
            self._add_credit(order, details, linear)
            if order.decisions:
                self._hold(order, details)

    def _add_credit(
        self, order: OrderCredits, details: CreditDetails, linear: tuple[CreditLine, ...]
    ) -> None:
        age = self._age(calendars.local_day(order.placed_at, self._tz))
        for line in linear:
            theirs = self.by_influencer[line.touch.influencer]
            theirs.networks.setdefault(line.touch.network, 0)
            week = theirs.weeks[age]
            if line.is_in_doubt:
                week.doubted += line.amount if line.is_undecided else 0
                continue
            # An order's own touch was a visit, as it looked or not.
            week.clicks += not line.touch.is_human_click
            week.orders += line.share
            week.squares += line.share * line.share
            week.revenue += line.amount
        for line in details.lines("first"):
            if not line.is_in_doubt:
                self.by_influencer[line.touch.influencer].weeks[age].first += line.amount
        for line in details.lines("last"):
            if not line.is_in_doubt:
                self.by_influencer[line.touch.influencer].weeks[age].last += line.amount

    def _hold(self, order: OrderCredits, details: CreditDetails) -> None:
        """What is credited and held, and what would be were it not taken out."""
        held = [(line.touch, line.amount) for line in details.lines("linear")]
        for decision in order.decisions:
            if decision.removes and decision.is_undecided:
                about = next(each for each in details.touches if decision.is_about(each))
                held.append((about, order.credited_without(decision)))
        for touch, amount in held:
            ends = [each.until for each in order.decisions if each.holds(touch)]
            if ends and amount:
                last = max(end or order.placed_at + DOUBTED for end in ends)
                day = calendars.local_day(last, self._tz)
                self.by_influencer[touch.influencer].held[day.isoformat()] += amount

    def _age(self, day: date) -> int:
        """Of a zone that has changed the days of orders are still the old one's."""
        return min(max(0, (self._last - day).days // 7), self._oldest)


def records_of(histories: Mapping[str, History]) -> list[Record]:
    """What scoring reads: every influencer with a click or credit, week by week, newest first. The
    weeks observed begin with the first that saw anything of somebody whom the merchant knows or who
    sold: a stranger's click of long ago makes nobody slower.
    """
    known = [each for each in histories if not is_anonymous(each) or histories[each].has_sold]
    ages = (age for each in known or histories for age in histories[each].weeks)
    observed = 1 + max(ages, default=0)
    return [
        Record(
            influencer=influencer,
            is_anonymous=is_anonymous(influencer),
            network=min(history.networks.items(), key=lambda n: (-n[1], n[0]))[0],
            weeks=tuple(history.weeks.get(age, SILENT) for age in range(observed)),
        )
        for influencer, history in sorted(histories.items())
        if history.weeks
    ]
