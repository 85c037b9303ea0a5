"""A report as values: what stands on its page, of which its mail is the digest, and nothing of how
either looks.

All amounts are minor units of the report's currency. Pure; build_report.py builds one. What has
come since the first release has a default, so that a report that was kept can be read again.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sharetrail.analysis.score.calibration import Calibration
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.costs.spend import Returns
from sharetrail.installation.script_silence import Silence
from sharetrail.merchants.notice import Notice
from sharetrail.money import Amount
from sharetrail.report.earned import Earned
from sharetrail.report.held import Held, HeldOrder, OlderHeld
from sharetrail.report.lines import GroupLine, InfluencerLine
from sharetrail.report.span import Span, SpanKind
from sharetrail.report.task import Task
from sharetrail.totals.tally import Counts
from sharetrail.words.change import Change, change


@dataclass(frozen=True, kw_only=True)
class Funnel:
    views: int = 0
    opens: int = 0
    shares: int = 0
    clicks: int = 0
    orders: int = 0


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """Last week's figure as it was mailed, and what it has become by refunds and late orders."""

    mailed: int
    now: int
    rest_mailed: int | None = None
    """The same of what came without sharing; both None where that is as it was, and before 2026-12.
    """
    rest_now: int | None = None


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The same of days longer ago: their influenced revenue as last told, and as it is now."""

    first: date
    last: date
    mailed: int
    now: int


@dataclass(frozen=True, kw_only=True)
class OtherCurrency:
    """Orders in a currency that the report cannot add: listed apart."""

    currency: str
    orders: int
    net: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part of the days over time: a day, or of long spans a week or a month."""

    first: date
    last_click: int = 0
    assisted: int = 0
    all_net: int = 0
    orders: int = 0
    """Influenced."""
    clicks: int = 0


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who comes by shared links. Of people's clicks, as far as they say."""

    countries: Counts = field(default_factory=dict)
    """ISO 3166 → clicks; empty where no trusted header says it."""
    devices: Counts = field(default_factory=dict)
    hours: tuple[int, ...] = ()
    """Clicks by hour of the merchant's own day: 24, or none where it was not counted. Days that
    were counted before December 2026 and are not any more tell no hour, so they may be fewer than
    all clicks."""
    weekdays: tuple[int, ...] = ()
    """Clicks from Monday on: seven, or none of less than a week."""
    new_buyers: int = 0
    """Influenced orders of buyers of whom no paid order of the 90 days before was heard of."""
    returning_buyers: int = 0
    unknown_buyers: int = 0
    """Of whom it cannot be told: without a name, or with one that another household has as well."""


@dataclass(frozen=True, kw_only=True)
class ShareNode:
    """Somebody in a share tree, with those of their links that hang below the one above: who shared
    by whose link. Each link is in one place, so nothing is told twice; who shared by several
    people's is told below each."""

    id: str
    name: str
    revenue: int = 0
    """Credited to these links by the linear model, in the days. What those directly below the first
    one come to together, hidden ones among them, is the first one's second-order revenue."""
    clicks: int = 0
    """People's, on these links."""
    below: tuple["ShareNode", ...] = ()
    """At most eight, first those with most credited to them and all below; four generations."""
    others: int = 0
    """People below for whom there is no room, at whatever depth, and what comes with them."""
    others_revenue: int = 0
    others_clicks: int = 0


@dataclass(frozen=True, kw_only=True)
class Report:
    merchant: str
    shop: str
    currency: str
    zone: str
    language: str
    kind: SpanKind = "week"
    first: date
    last: date
    built_at: datetime | None = None
    """As of when; None before 2026-12."""
    earned: Earned
    before: Earned | None = None
    """The span before; None where nothing was heard of the shop in it."""
    heard_since: date | None = None
    """The first day that anything was heard of the shop; None of silent days, of which nothing is
    asked, and before 2026-12."""
    reason: str = ""
    """Why influenced revenue is what it is beside the span before, in a sentence of the report's
    language (until 2026-12 in the rest of one, in English); empty where the two do not compare, or
    differ no more than by chance."""
    steps: tuple[Step, ...] = ()
    """Over time, oldest first."""
    tasks: tuple[Task, ...] = ()
    """At most three, most urgent first."""
    influencers: tuple[InfluencerLine, ...] = ()
    """Everyone with a share, click or order in the days, best first."""
    scored_until: date | None = None
    """The last day of the week that scores are of: they forecast the four weeks after it. None
    before 2026-12."""
    quiet: tuple[InfluencerLine, ...] = ()
    """Who was credited anything in the span before and has nothing in this one, first who was
    credited most of what was paid for; before 2026-12 at most five."""
    held_orders: tuple[HeldOrder, ...] = ()
    """Of the days: what was paid for first, and of that the largest; at most a hundred, of which
    what waits for a word takes the first places."""
    held: Held = field(default_factory=Held)
    older_held: OlderHeld = field(default_factory=OlderHeld)
    own_orders: int = 0
    """What influencers bought by their own links, as their accounts prove: it is not credited."""
    networks: tuple[GroupLine, ...] = ()
    device_seen_on: SeenOn = NOWHERE
    """Where people saw the links that were passed on by a device's own share sheet."""
    products: tuple[GroupLine, ...] = ()
    campaigns: tuple[GroupLine, ...] = ()
    returns: Returns = field(default_factory=Returns)
    """What sharing cost in the days, and what came back, in all and by influencer; of before
    2026-12 nothing."""
    funnel: Funnel
    funnel_before: Funnel | None = None
    audience: Audience = field(default_factory=Audience)
    tree: ShareNode | None = None
    """Of whoever recruited most revenue; None where nobody did."""
    calibration: Calibration | None = None
    """As of the week that was scored last; None where nobody was, or before 2026-12."""
    other_currencies: tuple[OtherCurrency, ...] = ()
    restatement: Restatement | None = None
    corrections: tuple[Correction, ...] = ()
    """Of spans before the one before, newest first: corrections.py. None where nothing was mailed.
    """
    notices: tuple[Notice, ...] = ()
    """What the days were short of."""
    undeliverable: tuple[str, ...] = ()
    """Masked, of reports since 2026-12: what is mailed may be passed on."""
    """Recipients whose mailbox refuses mail, or who called it unwanted."""
    last_event: datetime | None = None
    """When a page event or click was last heard from the shop; None for never."""
    last_order: date | None = None
    """The local day of the last order in the days, be it paid for or not, in whatever currency;
    None of days without one, and before 2026-12."""
    silence: Silence = field(default_factory=Silence)
    window_days: int = 30
    rule: str = ""
    """The credits' rule version and hash."""

    @property
    def span(self) -> Span:
        return Span(kind=self.kind, first=self.first, last=self.last)

    @property
    def is_over(self) -> bool:
        """Whether its days were over when it was built; a mail's are."""
        if self.built_at is None:
            return True
        return self.built_at.astimezone(ZoneInfo(self.zone)).date() > self.last

    @property
    def is_first(self) -> bool:
        """Whether the shop was first heard of in these days."""
        return self.heard_since is not None and self.heard_since >= self.first

    @property
    def days_before(self) -> int | None:
        """How many days of the span before the shop was with us, where that were not all: such a
        part compares with nothing. None where it is whole, or empty."""
        before = self.span.before()
        if self.is_first or self.heard_since is None or self.heard_since <= before.first:
            return None
        return (before.last - self.heard_since).days + 1

    def change(
        self, now: int, before: int | None, *, orders: tuple[int, int] | None = None
    ) -> Change:
        """What may be said of a figure beside the span before's: nothing, where the shop was not
        yet with us when that began."""
        if self.days_before is not None:
            return Change()
        return change(now, before, self.language, orders=orders)

    def amount(self, minor: int) -> Amount:
        """Minor units of the report's currency, on their way out."""
        return Amount(minor, self.currency)

    @property
    def is_empty(self) -> bool:
        """Nothing was seen in the days: no event, no click, no order."""
        return self.funnel == Funnel() and not self.earned.all_orders and not self.other_currencies

    @property
    def top(self) -> tuple[InfluencerLine, ...]:
        """The five the mail shows."""
        return self.influencers[:5]
