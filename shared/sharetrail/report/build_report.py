"""Building a report from the merchant's projections."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis import periods, score_influencers
from sharetrail.analysis.period import (
    UNKNOWN,
    Grouping,
    Period,
    Sums,
    influenced,
    revenue_of,
    sums_by,
)
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.calibration import Calibration
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.score.score_changes import ScoredWeek
from sharetrail.analysis.seen_on import NOWHERE, SeenOn, seen_by
from sharetrail.attribution.models import rule_of
from sharetrail.calendars import Week
from sharetrail.mail import suppressions
from sharetrail.merchants import notices
from sharetrail.merchants.profile import Merchant
from sharetrail.report import build_audience, build_tree
from sharetrail.report import report as values
from sharetrail.report.report import Earned, GroupLine, InfluencerLine, Report
from sharetrail.report.span import Span
from sharetrail.sharing import influencers, networks, product_names
from sharetrail.sharing.link import is_anonymous
from sharetrail.totals import local_days, shop_activity

_SHOWN_PRODUCTS = 10


def build(
    merchant: Merchant, span: Span, mailed: int | None, now: datetime, *, settles: bool = True
) -> Report:
    """The report of these days as they stand now, beside the span before. Where the night did not
    score the week that had ended with them, it is scored now; a silent one names nobody, and needs
    no score.

    `mailed` is the influenced revenue that the mail of the span before named, if there was one.
    Where it `settles` nothing, nothing is written: days stand as they are, and so do scores.
    """
    earlier, week = span.before(), _scored_week(merchant, span, now)
    if settles:
        local_days.close_ended(merchant, earlier.first, span.last, now)
    earned_before, funnel_before = _before(merchant, earlier, now)
    this = periods.gather(merchant, span.first, span.last, now)
    if settles and not this.is_silent and not score_history.is_scored(merchant.id, week.first):
        score_influencers.refresh(merchant, week, now)
    return Report(
        merchant=merchant.id,
        shop=merchant.name,
        currency=merchant.currency,
        zone=merchant.zone,
        language=merchant.language,
        kind=span.kind,
        first=span.first,
        last=span.last,
        built_at=now,
        earned=_earned(this),
        before=earned_before,
        influencers=_influencers(this, merchant, week),
        networks=_networks(this),
        device_seen_on=seen_by(this, "network").get(networks.DEVICE, NOWHERE),
        products=_products(this, merchant)[:_SHOWN_PRODUCTS],
        campaigns=_campaigns(this),
        funnel=_funnel(this),
        funnel_before=funnel_before,
        steps=build_audience.steps_of(this),
        audience=build_audience.audience_of(this),
        tree=build_tree.tree_of(merchant, this),
        calibration=_calibration(this, merchant, week),
        other_currencies=_other_currencies(this),
        restatement=_restatement(mailed, earned_before),
        notices=notices.of_days(merchant, span.first, span.last),
        undeliverable=_undeliverable(merchant),
        last_event=shop_activity.last_event(merchant, now),
        window_days=merchant.window_days,
        rule=rule_of(merchant).name,
    )


def _scored_week(merchant: Merchant, span: Span, now: datetime) -> Week:
    """The newest week that had ended with the span, or by now."""
    ended = calendars.week_of(span.last + calendars.DAY).before()
    return min(ended, calendars.last_full_week(now, merchant.tz), key=lambda week: week.first)


def _before(
    merchant: Merchant, span: Span, now: datetime
) -> tuple[Earned | None, values.Funnel | None]:
    """What the span before is compared by; of two big ones one is held at a time."""
    period = periods.gather(merchant, span.first, span.last, now)
    return (None, None) if period.is_silent else (_earned(period), _funnel(period))


def _earned(period: Period) -> Earned:
    influences = [order.influence for order in period.orders]
    return Earned(
        last_click=revenue_of(period.orders, "last_click"),
        assisted=revenue_of(period.orders, "assisted"),
        last_click_orders=influences.count("last_click"),
        assisted_orders=influences.count("assisted"),
        all_orders=len(period.orders),
        all_net=sum(order.net for order in period.orders),
    )


def _funnel(period: Period) -> values.Funnel:
    events = period.tally.events
    return values.Funnel(
        views=events.get("view", 0),
        opens=events.get("open", 0),
        shares=events.get("share", 0),
        clicks=sum(period.visits.by_day.values()),
        orders=len(influenced(period.orders)),
    )


def _calibration(period: Period, merchant: Merchant, week: Week) -> Calibration | None:
    """Of a silent span nobody is named, and nothing is asked."""
    return None if period.is_silent else score_history.calibration_of(merchant.id, week.first)


def _restatement(mailed: int | None, before: Earned | None) -> values.Restatement | None:
    """A line only where last week's figure has changed since it was mailed."""
    if mailed is None or before is None or mailed == before.influenced:
        return None
    return values.Restatement(mailed=mailed, now=before.influenced)


def _undeliverable(merchant: Merchant) -> tuple[str, ...]:
    refusing = {each.recipient.casefold() for each in suppressions.find_all(merchant.id)}
    return tuple(each for each in merchant.recipients if each.casefold() in refusing)


def _other_currencies(period: Period) -> tuple[values.OtherCurrency, ...]:
    nets = defaultdict(list)
    for order in period.foreign:
        nets[order.currency].append(order.net)
    return tuple(
        values.OtherCurrency(currency=currency, orders=len(nets[currency]), net=sum(nets[currency]))
        for currency in sorted(nets)
    )


# ── who ──────────────────────────────────────────────────────────────────────────────────────────
def _influencers(period: Period, merchant: Merchant, week: Week) -> tuple[InfluencerLine, ...]:
    """Everyone with a person's click or an order this week: the ten best by score first, then by
    what they were credited this week. Who never sold stands below who did, and whom nobody knows
    below whom the shop does: anybody can make links and follow them.
    """
    found = _of_people(period, "influencer")
    names = influencers.names(merchant.id, set(found))
    scored = score_history.of_week(merchant.id, found, week.first)
    seen = seen_by(period, "influencer")
    lines = [
        _influencer(each, names.get(each, each), sums, seen.get(each, NOWHERE), scored.get(each))
        for each, sums in found.items()
    ]
    sold = {each for each in found if found[each].orders or _has_sold(scored.get(each))}

    def standing(line: InfluencerLine) -> tuple[bool, bool]:
        return line.id not in sold, line.id not in sold and is_anonymous(line.id)

    by_score = sorted(
        lines, key=lambda line: (*standing(line), -(line.score or 0), -line.revenue, line.id)
    )
    rest = sorted(by_score[10:], key=lambda line: (-line.revenue, -line.orders, line.id))
    return (*by_score[:10], *rest)


def _has_sold(scored: ScoredWeek | None) -> bool:
    return scored is not None and scored.score.has_sold


def _influencer(
    influencer_id: str, name: str, sums: Sums, seen: SeenOn, scored: ScoredWeek | None
) -> InfluencerLine:
    line = InfluencerLine.of(
        name,
        sums,
        id=influencer_id,
        last_click=sums.last_click,
        assisted=sums.assisted,
        seen_on=seen,
    )
    return _with_score(line, scored.score) if scored else line


def _with_score(line: InfluencerLine, score: Score) -> InfluencerLine:
    return replace(
        line,
        score=round(score.value),
        low=round(score.low),
        high=round(score.high),
        percentile=round(score.percentile),
        tier=score.tier,
        advice=score.advice,
    )


# ── where and what ───────────────────────────────────────────────────────────────────────────────
def _networks(period: Period) -> tuple[GroupLine, ...]:
    found = _of_people(period, "network")
    return _sorted(
        GroupLine.of(networks.name_of(each), sums, id=each) for each, sums in found.items()
    )


def _campaigns(period: Period) -> tuple[GroupLine, ...]:
    """By the campaign that links were made for; not those of none."""
    found = _of_people(period, "campaign")
    return _sorted(GroupLine.of(each, sums, id=each) for each, sums in found.items() if each)


def _products(period: Period, merchant: Merchant) -> tuple[GroupLine, ...]:
    """By the product whose link was shared, which need not be the one that was bought: by its name,
    or else by its page's path.

    Anybody can make links that say they are of some product, and click on them: those without a
    name stand below what earned as much.
    """
    found, paths = _of_people(period, "product"), _paths(period)
    names = product_names.find_all(merchant.id, found)
    lines = [
        (each in names, GroupLine.of(names.get(each, paths.get(each, each)), sums, id=each))
        for each, sums in found.items()
        if each in names or each in paths
    ]
    lines.sort(key=lambda line: (-line[1].revenue, not line[0], -line[1].clicks, line[1].name))
    return tuple(line for _, line in lines)


def _of_people(period: Period, by: Grouping) -> dict[str, Sums]:
    """Of links that are known."""
    found = sums_by(period, by)
    return {each: sums for each, sums in found.items() if each != UNKNOWN and sums.is_of_people}


def _paths(period: Period) -> dict[str, str]:
    """Where the links of each product lead; where several do, the oldest, which nobody can make
    afterwards."""
    newest_first = sorted(period.links.values(), key=lambda link: link.created_at, reverse=True)
    return {link.product.id: link.path for link in newest_first if link.product}


def _sorted(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.revenue, -line.clicks, line.name)))
