"""Building a report from the merchant's projections."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.analysis import periods, score_influencers
from sharetrail.analysis.period import Period, influenced, revenue_of
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.calibration import Calibration
from sharetrail.analysis.seen_on import NOWHERE, seen_by
from sharetrail.attribution.credit import OrderFigures, is_paid
from sharetrail.attribution.models import rule_of
from sharetrail.calendars import Week
from sharetrail.costs import returns
from sharetrail.costs.spend import Returns
from sharetrail.installation import script_silence
from sharetrail.mail import suppressions
from sharetrail.merchants import notices
from sharetrail.merchants.contact import masked
from sharetrail.merchants.profile import Merchant
from sharetrail.report import report as values
from sharetrail.report.building import (
    build_audience,
    build_people,
    build_tree,
    group_order,
    held_orders,
    order_silence,
    reason,
    tasks,
)
from sharetrail.report.building.build_people import Earlier, People, of_people
from sharetrail.report.earned import Earned
from sharetrail.report.keeping import reports
from sharetrail.report.lines import GroupLine
from sharetrail.report.report import Report
from sharetrail.report.span import Span
from sharetrail.report.task import Task
from sharetrail.sharing import networks, product_names
from sharetrail.totals import local_days, shop_activity
from sharetrail.words.speech import say, speaking
from sharetrail.words.writing import Writing

_SHOWN_PRODUCTS = 10


def build(
    merchant: Merchant, span: Span, mailed: int | None, now: datetime, *, settles: bool = True
) -> Report:
    """The report of these days as they stand now, beside the span before. Where the night did not
    score the week that had ended with them, it is scored now; a silent one names nobody, and needs
    no score.

    `mailed` is the influenced revenue that the mail of the span before named, if there was one.
    Where it `settles` nothing, nothing is written: days stand as they are, and so do scores; and
    fewer of the older orders are looked through. What it says is in the merchant's language.
    """
    with speaking(merchant.language):
        return _build(merchant, span, mailed, now, settles=settles)


def _build(
    merchant: Merchant, span: Span, mailed: int | None, now: datetime, *, settles: bool
) -> Report:
    week, days_before = _scored_week(merchant, span, now), span.before()
    if settles:
        local_days.close_ended(merchant, days_before.first, span.last, now)
    before = _before(merchant, days_before, now)
    this = periods.gather(merchant, span.first, span.last, now)
    heard_since = None if this.is_silent else shop_activity.first_heard(merchant, now)
    if heard_since and days_before.last < heard_since:  # orders of then that changed since it came
        before = _Before()
    if settles and not this.is_silent and not score_history.is_scored(merchant.id, week.first):
        score_influencers.refresh(merchant, week, now)
    people = build_people.people(this, before.lines, merchant, week)
    report = replace(
        _of_days(merchant, span, this, now),
        heard_since=heard_since,
        scored_until=week.last,
        calibration=_calibration(this, merchant, week),
    )
    is_heard = before.earned or not this.is_silent  # else there is nothing to tell beside it
    last = _last_report(merchant, days_before) if is_heard else None
    restatement = _restatement(mailed, before.earned, _rest_of(last, merchant))
    report = _beside(report, this, before, merchant, restatement)
    report = _with_held(report, this, people, merchant, now)
    if not report.is_first:  # asked of a silent shop, too: a coupon code leaves no click behind
        pages = held_orders.PAGES_OF_MAIL if settles else held_orders.PAGES_OF_PAGE
        report = replace(report, older_held=held_orders.older(merchant, span, now, pages))
    return _with_words(report, people, before, last.tasks if last else ())


@dataclass(frozen=True, kw_only=True)
class _Before:
    """What the span is compared with; nothing of where nothing was heard of the shop."""

    earned: Earned | None = None
    funnel: values.Funnel | None = None
    lines: Earlier = field(default_factory=Earlier)


def _before(merchant: Merchant, span: Span, now: datetime) -> _Before:
    """Of two big periods one is held at a time."""
    period = periods.gather(merchant, span.first, span.last, now)
    if period.is_silent:
        return _Before()
    return _Before(earned=_earned(period), funnel=_funnel(period), lines=Earlier.of(period))


def _of_days(merchant: Merchant, span: Span, this: Period, now: datetime) -> Report:
    """What stands of the days without any others, and of nobody by name."""
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
        own_orders=held_orders.count_own(this),
        device_seen_on=seen_by(this, "network").get(networks.DEVICE, NOWHERE),
        campaigns=_campaigns(this),
        returns=_returns(this, merchant),
        funnel=_funnel(this),
        steps=build_audience.steps_of(this),
        audience=build_audience.audience_of(this),
        tree=build_tree.tree_of(merchant, this),
        other_currencies=_other_currencies(this),
        notices=notices.of_days(merchant, span.first, span.last),
        undeliverable=_undeliverable(merchant),
        last_event=shop_activity.last_event(merchant, now),
        last_order=_last_order(this),
        window_days=merchant.window_days,
        rule=rule_of(merchant).name,
    )


def _scored_week(merchant: Merchant, span: Span, now: datetime) -> Week:
    """The newest week that had ended with the span, or by now."""
    ended = calendars.week_of(span.last + calendars.DAY).before()
    return min(ended, calendars.last_full_week(now, merchant.tz), key=lambda week: week.first)


def _beside(
    report: Report,
    this: Period,
    before: _Before,
    merchant: Merchant,
    restatement: values.Restatement | None,
) -> Report:
    """With all that stands beside the span before but people."""
    return replace(
        report,
        before=before.earned,
        funnel_before=before.funnel,
        networks=_networks(this, before.lines),
        products=_products(this, before.lines, merchant)[:_SHOWN_PRODUCTS],
        silence=script_silence.since(before.lines.silence, script_silence.of(this)),
        restatement=restatement,
    )


def _with_held(
    report: Report, this: Period, people: People, merchant: Merchant, now: datetime
) -> Report:
    """With people, and what is held of theirs."""
    held = held_orders.of_period(this, merchant, now)
    return replace(
        report,
        influencers=held_orders.asking(people.lines, held),
        quiet=people.quiet,
        held_orders=held_orders.listed(held),
        held=held_orders.add_up(held, held_orders.count_foreign(this, merchant, now)),
    )


def _with_words(
    report: Report, people: People, before: _Before, earlier_tasks: tuple[Task, ...]
) -> Report:
    """With why, and what to do."""
    return replace(
        report,
        reason=_reason(report, people, before.lines),
        tasks=tasks.choose(report, earlier_tasks),
    )


def _reason(report: Report, people: People, earlier: Earlier) -> str:
    if report.before is None or report.days_before is not None:
        return ""
    if last := order_silence.since(report):
        return say("No order came after {day}.", day=Writing.of(report).short_day(last))
    return reason.reason(people.sold, earlier.sold, people.names, report.language)


def _last_report(merchant: Merchant, span: Span) -> Report | None:
    """What was mailed of the span before; None where it is not kept."""
    if (kept := reports.find(merchant.id, span)) is None:
        return None
    try:
        return reports.read(merchant.id, span, kept.snapshot)
    except reports.Gone:
        return None


# ── of the days alone ────────────────────────────────────────────────────────────────────────────
def _earned(period: Period) -> Earned:
    influences = [order.influence for order in period.orders]
    unpaid = [order for order in influenced(period.orders) if _is_owed(order)]
    return Earned(
        last_click=revenue_of(period.orders, "last_click"),
        assisted=revenue_of(period.orders, "assisted"),
        last_click_orders=influences.count("last_click"),
        assisted_orders=influences.count("assisted"),
        all_orders=len(period.orders),
        all_net=sum(order.net for order in period.orders),
        unpaid=sum(order.net for order in unpaid),
        unpaid_orders=len(unpaid),
        all_paid_orders=sum(map(is_paid, period.orders)),
        returned_orders=sum(_came_back(order) for order in influenced(period.orders)),
    )


def _is_owed(order: OrderFigures) -> bool:
    return order.net > 0 and not is_paid(order)


def _came_back(order: OrderFigures) -> bool:
    return order.cancelled or order.refunded + order.charged_back > 0


def _returns(period: Period, merchant: Merchant) -> Returns:
    """Of a silent span, which is told of nobody, nothing."""
    if period.is_silent:
        return Returns()
    return returns.of_people(merchant, period.first, period.last, period.orders, period.as_of)


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


def _rest_of(last: Report | None, merchant: Merchant) -> int | None:
    """What came without sharing, as the mail of the span before had it, in today's currency."""
    return last.earned.rest if last and last.currency == merchant.currency else None


def _restatement(
    mailed: int | None, before: Earned | None, rest_mailed: int | None
) -> values.Restatement | None:
    """A line only where a figure of last week has changed since it was mailed: what sharing brought
    or what came without it, which together are the whole that the headline has."""
    if mailed is None or before is None:
        return None
    told = values.Restatement(mailed=mailed, now=before.influenced)
    if rest_mailed is not None and rest_mailed != before.rest:
        return replace(told, rest_mailed=rest_mailed, rest_now=before.rest)
    return told if mailed != before.influenced else None


def _last_order(period: Period) -> date | None:
    days = (order.placed_at for order in (*period.orders, *period.foreign))
    return max((calendars.local_day(at, period.visits.zone) for at in days), default=None)


def _undeliverable(merchant: Merchant) -> tuple[str, ...]:
    refusing = {each.recipient.casefold() for each in suppressions.find_all(merchant.id)}
    return tuple(masked(each) for each in merchant.recipients if each.casefold() in refusing)


def _other_currencies(period: Period) -> tuple[values.OtherCurrency, ...]:
    nets = defaultdict(list)
    for order in period.foreign:
        nets[order.currency].append(order.net)
    return tuple(
        values.OtherCurrency(currency=currency, orders=len(nets[currency]), net=sum(nets[currency]))
        for currency in sorted(nets)
    )


# ── where and what ───────────────────────────────────────────────────────────────────────────────
def _networks(period: Period, earlier: Earlier) -> tuple[GroupLine, ...]:
    found = of_people(period, "network")
    return _sorted(
        earlier.beside(GroupLine.of(networks.name_of(each), sums, id=each), "network", each)
        for each, sums in found.items()
    )


def _campaigns(period: Period) -> tuple[GroupLine, ...]:
    """By the campaign that links were made for; not those of none."""
    found = of_people(period, "campaign")
    return _sorted(GroupLine.of(each, sums, id=each) for each, sums in found.items() if each)


def _products(period: Period, earlier: Earlier, merchant: Merchant) -> tuple[GroupLine, ...]:
    """By the product whose link was shared, which need not be the one that was bought: by its name,
    or else by its page's path.

    Those without a name stand below what earned as much.
    """
    found, paths = of_people(period, "product"), _paths(period)
    names = product_names.find_all(merchant.id, found)
    lines = [
        (each in names, GroupLine.of(names.get(each, paths.get(each, each)), sums, id=each))
        for each, sums in found.items()
        if each in names or each in paths
    ]
    lines.sort(key=lambda each: group_order.place(each[1], is_named=each[0]))
    return tuple(earlier.beside(line, "product", line.id) for _, line in lines)


def _paths(period: Period) -> dict[str, str]:
    """Where the links of each product lead; where several do, the oldest, which nobody can make
    afterwards."""
    newest_first = sorted(period.links.values(), key=lambda link: link.created_at, reverse=True)
    return {link.product.id: link.path for link in newest_first if link.product}


def _sorted(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    return tuple(sorted(lines, key=group_order.place))
