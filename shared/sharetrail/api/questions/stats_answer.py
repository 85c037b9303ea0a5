"""What stats are told as."""

from typing_extensions import TypedDict

from sharetrail.analysis.stats import Dimension
from sharetrail.api.frame.answers import Currency, Day, Days, Moment, Money, described
from sharetrail.api.frame.csv_table import Table, tabled
from sharetrail.attribution.models import Coupons, Model
from sharetrail.merchants.notice import NoticeSubject


@described
class StatsBasis(TypedDict):
    """By which rule, and until when."""

    window_days: int
    coupons: Coupons
    rule: str
    half_lives_days: list[int]
    until: Moment
    orders_in_other_currencies: int
    """Without a rate: they are in no sum."""
    always_left_out: str


@described
class NoticeAnswer(TypedDict):
    day: Day
    about: NoticeSubject
    sentence: str


@described
class ForeignOrder(TypedDict):
    order: str
    currency: Currency


@described
class Funnel(TypedDict):
    """What days come to."""

    views: int | None
    """`null`, like the next two, where no page told anything."""
    opens: int | None
    shares: int | None
    """How often pages said that somebody shared, which anybody can say."""
    raw_clicks: int
    """Every visit to a link."""
    clicks: int
    """Those that are valid: people's."""
    unique: int | None
    """How many visitors made them, day by day; `null` where a day of them is not over."""
    verdicts: dict[str, int]
    orders: int
    influenced_orders: int
    revenue: Money
    influenced: Money
    not_influenced: Money
    last_click: Money
    """Of orders whose own visit began with a share click."""
    assisted: Money
    """Of every other order with a share click in the days before."""
    other_currencies: list[ForeignOrder]


@described
class _OfDay(TypedDict):
    group: str
    """The day."""


@described
class StatsDay(_OfDay, Funnel):
    pass


@described
class AmountRange(TypedDict):
    low: Money
    high: Money


@described
class StatsGroup(TypedDict):
    """`revenue_by_model`, `held`, `upheld`, `last_click` and `last_touch` add up over the rows;
    `influenced`, `assisted` and `on_path` overlap and never do."""

    group: str
    """What `by` asked for: a network, an influencer, a campaign …"""
    links_followed: int
    raw_clicks: int
    clicks: int
    unique: int | None
    orders: int
    revenue_by_model: dict[Model, Money]
    held: Money
    """Of the linear model's, what waits for its date or for the merchant's word."""
    upheld: Money
    """Of it, what the merchant decided is not earned."""
    influenced: Money
    last_click: Money
    assisted: Money
    last_touch: Money
    """Of orders whose last touch was its own."""
    on_path: Money
    """Of every other order with a touch of it."""
    range: AmountRange
    """The least and the most that any model gives."""
    models_disagree: bool
    seen_on: dict[str, int]


@described
class StatsKind(TypedDict):
    group: str
    clicks: int


def _table(told: "StatsAnswer") -> Table:
    """The rows; where nothing is asked `by`, the one of all."""
    match told["by"]:
        case None:
            return Funnel, [told["totals"]]
        case "day":
            kind: type = StatsDay
        case "country" | "device" | "referrer" | "seen_on":
            kind = StatsKind
        case _:
            kind = StatsGroup
    return kind, told["rows"]


@tabled(_table)
@described
class StatsAnswer(Days):
    zone: str
    currency: Currency
    basis: StatsBasis
    notices: list[NoticeAnswer]
    """What days of the period were short of."""
    totals: Funnel
    by: Dimension | None
    rows: list[StatsDay | StatsGroup | StatsKind]
