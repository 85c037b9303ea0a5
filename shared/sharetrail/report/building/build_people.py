"""Who and what sold in a report's days, each beside the span before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

from sharetrail.analysis.period import (
    UNKNOWN,
    Grouping,
    Period,
    Sums,
    add_order,
    influenced,
    sums_by,
)
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score_changes import Change, ScoredWeek
from sharetrail.analysis.seen_on import NOWHERE, SeenOn, seen_by
from sharetrail.attribution.credit import is_paid
from sharetrail.aws.items import Item
from sharetrail.calendars import WEEK, Week
from sharetrail.installation import script_silence
from sharetrail.installation.script_silence import Silence
from sharetrail.merchants.profile import Merchant
from sharetrail.report.building.reason import Sold
from sharetrail.report.lines import GroupLine, InfluencerLine
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous

_GROUPINGS: tuple[Grouping, ...] = ("influencer", "network", "product")
L = TypeVar("L", bound=GroupLine)


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What the lines of a span are compared with."""

    sums: Mapping[Grouping, Mapping[str, Sums]] = field(default_factory=dict)
    """None of a grouping where nothing was heard of the shop."""
    unpaid: Mapping[str, Sums] = field(default_factory=dict)
    """Of people's, what nobody has paid for."""
    sold: Sold = field(default_factory=Sold)
    silence: Silence = field(default_factory=Silence)

    @classmethod
    def of(cls, period: Period) -> Self:
        sums = {by: sums_by(period, by) for by in _GROUPINGS}
        return cls(
            sums=sums,
            unpaid=unpaid(period),
            sold=sold(period, sums["influencer"]),
            silence=script_silence.of(period),
        )

    def beside(self, line: L, by: Grouping, group: str) -> L:
        """The line with its figures of before; of what did nothing then with nothing."""
        if by not in self.sums:
            return line
        sums = self.sums[by].get(group, Sums())
        return replace(
            line,
            revenue_before=sums.revenue.get("linear", 0),
            clicks_before=sums.valid,
            orders_before=sums.orders,
        )


def unpaid(period: Period) -> dict[str, Sums]:
    """By person, of the orders that nobody has paid for: it stands in revenue, and makes nobody
    one who has sold."""
    groups: dict[str, Sums] = defaultdict(Sums)
    for order in influenced(period.orders):
        if not is_paid(order):
            add_order(groups, order, "influencer", period.as_of)
    return groups


def sold(period: Period, people: Mapping[str, Sums]) -> Sold:
    """What a reason is looked for in."""
    orders = influenced(period.orders)
    return Sold(
        nets=tuple(order.net for order in orders),
        returned=sum(order.refunded + order.charged_back for order in orders),
        by_person={
            who: sums.revenue.get("linear", 0) for who, sums in people.items() if who != UNKNOWN
        },
    )


def of_people(period: Period, by: Grouping) -> dict[str, Sums]:
    """Of links that are known."""
    found = sums_by(period, by)
    return {each: sums for each, sums in found.items() if each != UNKNOWN and sums.is_of_people}


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody of the days, and who is missed."""

    lines: tuple[InfluencerLine, ...]
    quiet: tuple[InfluencerLine, ...]
    sold: Sold

    @property
    def names(self) -> dict[str, str]:
        """Of whoever may be told of: whom nobody ever paid for, only while they are here."""
        missed = (line for line in self.quiet if (line.paid_before or 0) > 0)
        return {line.id: line.name for line in (*self.lines, *missed)}


def people(period: Period, earlier: Earlier, merchant: Merchant, week: Week) -> People:
    """Everyone with a person's click or an order, best first; where nothing was heard of the shop
    nobody is missed."""
    sums = of_people(period, "influencer")
    missed = [] if period.is_silent else _missed(earlier, sums)
    known = influencers.profiles(merchant.id, {*sums, *missed}, "name", "tags")
    scores = _Scores.of(merchant.id, {*sums, *missed}, week)
    seen, owed = seen_by(period, "influencer"), unpaid(period)
    found = (_line(each, known, sums[each], earlier, seen.get(each, NOWHERE)) for each in sums)
    lines = [scores.on(_without(line, owed.get(line.id, Sums()))) for line in found]
    quiet = (scores.on(_line(each, known, Sums(), earlier, NOWHERE)) for each in missed)
    return People(
        lines=tuple(sorted(lines, key=scores.place)), quiet=tuple(quiet), sold=sold(period, sums)
    )


def rank(line: InfluencerLine, *, has_sold: bool) -> tuple[object, ...]:
    """What everybody is sorted by: the score, then what they were credited and was paid for. Who
    never sold stands below who did, and of them whom nobody knows below whom the shop does: anybody
    can make links, follow them, and order by them without paying.
    """
    is_nobody = not has_sold and is_anonymous(line.id)
    return not has_sold, is_nobody, -(line.score or 0), -line.paid, line.id


def _missed(earlier: Earlier, sums: Mapping[str, Sums]) -> list[str]:
    """Who was credited anything in the span before, of those of whom nothing is heard in this; who
    was credited most of what was paid for first."""
    before = earlier.sums.get("influencer", {})
    credited = {who: _linear(before[who]) for who in before if who not in sums and who != UNKNOWN}
    paid = {who: n - _linear(earlier.unpaid.get(who, Sums())) for who, n in credited.items()}
    return sorted(filter(credited.get, credited), key=lambda who: (-paid[who], who))


def _line(
    who: str, profiles: Mapping[str, Item], sums: Sums, earlier: Earlier, seen: SeenOn
) -> InfluencerLine:
    profile = profiles.get(who, {})
    line = InfluencerLine.of(
        profile.get("name", who),
        sums,
        id=who,
        last_click=sums.last_click,
        assisted=sums.assisted,
        seen_on=seen,
        tags=tuple(profile.get("tags", ())),
        unpaid_before=_linear(earlier.unpaid.get(who, Sums())),
    )
    return earlier.beside(line, "influencer", who)


def _without(line: InfluencerLine, unpaid: Sums) -> InfluencerLine:
    """What nobody has paid for is told apart, be it held or not."""
    held, upheld = line.held - unpaid.held, line.upheld - unpaid.upheld
    return replace(line, unpaid=_linear(unpaid), held=held, upheld=upheld)


def _linear(sums: Sums) -> int:
    return sums.revenue.get("linear", 0)


@dataclass(frozen=True)
class _Scores:
    """Of a week and of the week before it, by influencer."""

    new: Mapping[str, ScoredWeek]
    old: Mapping[str, ScoredWeek]

    @classmethod
    def of(cls, merchant_id: str, ids: set[str], week: Week) -> Self:
        new = score_history.of_week(merchant_id, ids, week.first)
        return cls(new, score_history.of_week(merchant_id, new, week.first - WEEK))

    def place(self, line: InfluencerLine) -> tuple[object, ...]:
        scored = self.new.get(line.id)
        has_sold = line.paid > 0 or (scored is not None and scored.score.has_sold)
        return rank(line, has_sold=has_sold)

    def on(self, line: InfluencerLine) -> InfluencerLine:
        scored, before = self.new.get(line.id), self.old.get(line.id)
        if scored is None:
            return line
        score = scored.score
        line = replace(
            line,
            score=round(score.value),
            low=round(score.low),
            high=round(score.high),
            percentile=round(score.percentile),
            discount=score.closer_reason or "",
            discounted=score.discount,
            recruits=scored.sharing.recruits if scored.sharing else 0,
            tier=score.tier,
            advice=score.advice,
        )
        return (
            _moved(line, Change(since=before.week, old=before.score, new=score)) if before else line
        )


def _moved(line: InfluencerLine, change: Change) -> InfluencerLine:
    is_same_rule = change.old.rule == change.new.rule
    return replace(
        line,
        score_before=round(change.old.value) if is_same_rule else None,
        moved=change.brief,
        way=change.way,
    )
