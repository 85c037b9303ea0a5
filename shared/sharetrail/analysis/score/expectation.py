"""What an influencer is expected to bring: clicks, rate and order value, each drawn towards what
is usual for the merchant as long as the evidence is thin.

All sums are decayed with a half-life of 28 days. Money is in minor units of one currency. Sums
over influencers use `fsum`, which rounds once: the order of the records moves no bit.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from math import exp, fsum, lgamma, log, log1p, sqrt
from operator import attrgetter, mul
from typing import NamedTuple

from sharetrail.analysis.score.factors import Factors

WEEK_DECAY: float = 2 ** (-7 / 28)
HORIZON = 4  # weeks

STRENGTHS: tuple[float, ...] = tuple(
    0.15 * (30 / 0.15) ** (step / 39) for step in range(40)
)  # values of alpha
FITTED_FIELD = 3  # below this many influencers with clicks alpha is 1 around the merchant's rate
STRANGE_RATE = 0.02  # orders per click of a shop: what anonymous sellers' rates are drawn towards …
STRANGE_ORDERS = 1.0  # … by so many orders
NETWORK_ORDERS = 10.0  # orders at the merchant's rate that a network starts from
VALUE_ORDERS = 5.0  # kappa: orders of the merchant's usual value that an influencer starts from
CLOSER_ORDERS = 2.0  # shared orders of even odds that an influencer starts from
CLOSER_FLOOR = 0.5
DRIFT = 0.35  # d: how far a rate wanders
EIGHTY_PERCENT = 1.28
HALF_A_CLICK = 0.5


@dataclass(slots=True)
class InfluencerWeek:
    """One local week of one influencer, linear credit, nothing below zero.

    `clicks` are human clicks, and one for each touch that is not a click (a coupon code used):
    without clicks nothing is expected. `orders` and `squares` are the sums of the credit shares
    and of their squares. What is in doubt is left out of every field but `doubted`, which
    is its credited revenue.
    """

    clicks: float = 0
    orders: float = 0
    squares: float = 0
    revenue: float = 0
    shares: float = 0
    first: float = 0
    last: float = 0
    doubted: float = 0


SILENT = InfluencerWeek()
"""Most weeks of most influencers: kept once, and passed over where weeks are added up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """`weeks` are newest first: the index is the age in weeks. A missing week is an empty one."""

    influencer: str
    is_anonymous: bool = False
    network: str
    weeks: tuple[InfluencerWeek, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a score is made of. Sums are decayed and not divided by `phi`."""

    clicks: float
    c4: float  # clicks expected in the coming four weeks
    orders: float
    revenue: float
    shares: float
    rate: float  # orders per click
    order_value: float
    closer: float  # the discount as a factor, 0.5 to 1
    doubted: float = field(metadata={"stored_as": "flagged"})
    """Share of the revenue, what is in doubt included."""
    alpha: float
    merchant_rate: float
    network_rate: float
    phi: float
    effective_weeks: float

    def factors(self, fraud: float) -> Factors:
        """`fraud` is the factor that takes the orders in doubt out of the rate."""
        return Factors(self.c4, self.rate / fraud, self.order_value, self.closer, fraud)


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """Revenue expected before the closer discount, and its 80 % interval.

    `sd` is the deviation of its logarithm; `fraud` is the factor that takes the orders in doubt
    out of the rate.
    """

    parts: Parts
    expected: float
    low: float
    high: float
    sd: float
    fraud: float

    @property
    def value(self) -> float:
        return self.expected * self.parts.closer

    @property
    def low_value(self) -> float:
        return self.low * self.parts.closer

    @property
    def has_sold(self) -> bool:
        """Whether they are of the field that others are compared with: anybody can be clicked."""
        return self.parts.orders > 0 and self.value > 0

    @property
    def factors(self) -> Factors:
        return self.parts.factors(self.fraud)


def estimate_all(records: Sequence[Record]) -> list[Estimate]:
    """One estimate for each record, in their order."""
    totals = [_decayed(record.weeks) for record in records]
    merchant = _Merchant(records, totals)
    return [
        _estimate(total, merchant.network_rates[record.network], merchant)
        for record, total in zip(records, totals, strict=True)
    ]


def observed_weeks(records: Sequence[Record]) -> int:
    return max((len(record.weeks) for record in records), default=0)


def log_quantile(sd: float, deviations: float) -> float:
    """Where the logarithm lies beside that of the expectation, so many deviations off centre."""
    return 0.625 * DRIFT**2 - sd**2 / 2 + deviations * sd


_COLUMNS = tuple(each.name for each in fields(InfluencerWeek))
_row = attrgetter(*_COLUMNS)


def _decayed(weeks: Sequence[InfluencerWeek]) -> InfluencerWeek:
    heard = [(WEEK_DECAY**age, week) for age, week in enumerate(weeks) if week is not SILENT]
    if not heard:
        return SILENT
    weights = [weight for weight, _ in heard]
    columns = zip(*(_row(week) for _, week in heard), strict=True)
    sums = (fsum(map(mul, weights, column)) if any(column) else 0.0 for column in columns)
    return InfluencerWeek(**dict(zip(_COLUMNS, sums, strict=True)))


class _Merchant:
    """What is usual for the merchant. Rates and values are zero where nothing is known of them."""

    def __init__(self, records: Sequence[Record], totals: Sequence[InfluencerWeek]) -> None:
        orders, squares, revenue = (
            fsum(getattr(total, name) for total in totals)
            for name in ("orders", "squares", "revenue")
        )
        self.effective_weeks = fsum(WEEK_DECAY**age for age in range(observed_weeks(records)))
        self.phi = min(1.0, squares / orders) if orders and squares else 1.0
        self.order_value = revenue / orders if orders else 0.0
        members: dict[str, list[_Trials]] = {record.network: [] for record in records}
        for record, total in zip(records, totals, strict=True):
            if not record.is_anonymous or total.orders:
                members[record.network].append(_trials(record, total))
        trials = [*chain.from_iterable(members.values())]
        self.rate = _rate(trials)
        fitted = self.rate > 0 and sum(each.clicks > 0 for each in trials) >= FITTED_FIELD
        evidence = _evidence(trials, self.phi, self.rate) if fitted else {1.0: 0.0}
        self.alpha = max(evidence, key=evidence.__getitem__)
        self.strengths = _probabilities(evidence)
        self.network_rates = {
            network: _network_rate(members[network], self.phi, self.rate) if fitted else self.rate
            for network in members
        }


class _Trials(NamedTuple):
    """What one influencer shows of usual rates."""

    clicks: float
    orders: float
    is_anonymous: bool


def _trials(record: Record, total: InfluencerWeek) -> _Trials:
    """Anybody can be anonymous and be clicked, so whoever is and sold nothing shows nothing. But of
    those who sold alone the rate would look too high: so one order and its click, without which
    they would not be looked at, is left out. Where rates are spread as the prior of alpha 1 has
    them, what is left is as usual as if everybody had been looked at.
    """
    if not record.is_anonymous:
        return _Trials(total.clicks, total.orders, False)
    orders = fsum(week.orders for week in record.weeks)
    squares = fsum(week.squares for week in record.weeks)
    decay = total.orders / orders
    one = min(orders, squares / orders)  # mostly a whole order; a half, if all were shared by two
    return _Trials(max(0.0, total.clicks - decay), max(0.0, total.orders - decay * one), True)


def _rate(trials: Sequence[_Trials]) -> float:
    """Orders per click. The anonymous may have sold one order each, which shows nothing at all:
    where there are any, the rate begins with a shop's."""
    orders = fsum(each.orders for each in trials)
    clicks = fsum(each.clicks for each in trials)
    if any(each.is_anonymous for each in trials):
        return (orders + STRANGE_ORDERS) / (clicks + STRANGE_ORDERS / STRANGE_RATE)
    return orders / clicks if clicks else 0.0


def _network_rate(members: Sequence[_Trials], phi: float, rate: float) -> float:
    orders = fsum(each.orders for each in members) / phi
    clicks = fsum(each.clicks for each in members) / phi
    return (orders + NETWORK_ORDERS) / (clicks + NETWORK_ORDERS / rate)


def _evidence(trials: Sequence[_Trials], phi: float, rate: float) -> dict[float, float]:
    """How likely each strength of the prior Gamma(alpha, alpha / rate) is, as a logarithm.

    Negative-binomial likelihood of the orders given the clicks, times the half-Cauchy(1) density
    of alpha^(-1/2), up to constants. Shares of orders are fractions, hence lgamma.
    """
    pairs = Counter((t.orders / phi, t.clicks / phi) for t in trials if t.clicks > 0)

    def log_posterior(alpha: float) -> float:
        beta, base = alpha / rate, lgamma(alpha)
        evidence = fsum(
            times * (lgamma(alpha + o) - base - alpha * log1p(c / beta) - o * log(beta + c))
            for (o, c), times in pairs.items()
        )
        return evidence - log1p(1 / alpha)

    return {alpha: log_posterior(alpha) for alpha in STRENGTHS}


def _probabilities(evidence: dict[float, float]) -> dict[float, float]:
    """The strengths' probabilities: a step of the grid is alpha^(-1/2) wide, up to a constant."""
    best = max(evidence.values())
    weights = {alpha: exp(each - best) / sqrt(alpha) for alpha, each in evidence.items()}
    whole = fsum(weights.values())
    return {alpha: weight / whole for alpha, weight in weights.items()}


def _estimate(total: InfluencerWeek, network_rate: float, merchant: _Merchant) -> Estimate:
    phi, alpha = merchant.phi, merchant.alpha
    clicks, orders = total.clicks / phi, total.orders / phi
    rate = (alpha + orders) / (alpha / network_rate + clicks) if network_rate else 0.0
    value = (total.revenue / phi + VALUE_ORDERS * merchant.order_value) / (orders + VALUE_ORDERS)
    pace = HORIZON / merchant.effective_weeks if merchant.effective_weeks else 0.0
    c4 = total.clicks * pace
    expected = c4 * rate * value
    reach = (total.clicks or HALF_A_CLICK) * pace * rate * value
    sd = _sd(clicks, orders, merchant.strengths)
    doubted_orders = total.doubted / phi / value if value else 0.0
    return Estimate(
        parts=Parts(
            clicks=total.clicks,
            c4=c4,
            orders=total.orders,
            revenue=total.revenue,
            shares=total.shares,
            rate=rate,
            order_value=value,
            closer=_closer(total, merchant.order_value),
            doubted=total.doubted / ((total.doubted + total.revenue) or 1.0),
            alpha=alpha,
            merchant_rate=merchant.rate,
            network_rate=network_rate,
            phi=phi,
            effective_weeks=merchant.effective_weeks,
        ),
        expected=expected,
        low=expected * exp(log_quantile(sd, -EIGHTY_PERCENT)),
        high=reach * exp(log_quantile(sd, EIGHTY_PERCENT)),
        sd=sd,
        fraud=(alpha + orders) / (alpha + orders + doubted_orders),
    )


def _sd(clicks: float, orders: float, strengths: dict[float, float]) -> float:
    """The deviation of the logarithm, from how little is known of clicks, rate and order value,
    and from the drift. It stays under 1.86 (alpha >= 0.15), so low <= expected <= high.

    What is not known of the rate is averaged over the strengths: few influencers cannot tell how
    much they differ, and the likeliest strength alone would be too sure.
    """
    unsure = fsum(weight / (alpha + orders) for alpha, weight in strengths.items())
    doubt = (1 + 1 / (clicks + 0.5)) * (1 + unsure) * (1 + 0.9 / (orders + 5))
    return sqrt(log(doubt) + 1.25 * DRIFT**2)


def _closer(total: InfluencerWeek, order_value: float) -> float:
    """The odds to begin a journey that others took part in, rather than to end it.

    Whoever sells alone is first and last, which tells nothing: only shared journeys count.
    """
    gap = total.last - total.first  # of shared journeys alone: what one sold alone is in both
    ends = max(abs(gap), 2 * total.revenue * _shared(total))  # first and last places together
    begun, ended = (ends - gap) / 2, (ends + gap) / 2
    start = CLOSER_ORDERS * order_value
    return min(1.0, max(CLOSER_FLOOR, (begun + start) / (ended + start))) if start else 1.0


def _shared(total: InfluencerWeek) -> float:
    """The part of the credited orders that was shared: with one other, shares are a half and
    their squares a quarter. With more it is a little less than this says."""
    return min(1.0, 2 - 2 * total.squares / total.orders) if total.orders else 0.0
