"""An influencer: who they are, what they are worth and why, and all that it rests on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sharetrail import calendars
from sharetrail.analysis.period import Sums, add_order
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.score.score_history import Step
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.week_rings import WEEKS
from sharetrail.calendars import WEEK, moment
from sharetrail.money import Amount
from sharetrail.report import page_paths
from sharetrail.report.page.evidence import orders_page, score_chart, sheet, span_figures
from sharetrail.report.page.evidence.link_rows import Clicks, LinkRow, by_code
from sharetrail.report.page.spending import person_costs
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.report.wanted_orders import Wanted
from sharetrail.sharing import coupon_codes, influencers, links
from sharetrail.sharing.coupon_codes import Ownership
from sharetrail.sharing.influencers import UnknownInfluencer
from sharetrail.sharing.link import Link, is_anonymous
from sharetrail.totals.tally import Counts, merge_counts
from sharetrail.web.http import Answer
from sharetrail.words import formats, names
from sharetrail.words.speech import mark, say, say_n

MOST_LINKS = 1_000
"""Whose clicks are added up; of an influencer with more the list of links tells each."""
MOST_RECRUITS = 3_000
"""Of the shop's newest, who are looked through for theirs."""
MOST_CODES = 1_000
"""Ownerships of the shop's that are looked through for theirs."""
_SHOWN = 10
"""Links, and orders, of which the others stand on a page of their own."""


def show(visit: Visit, influencer_id: str) -> Answer:
    try:
        profile = influencers.item_of(visit.merchant.id, influencer_id)
    except UnknownInfluencer as error:
        raise NoSuchPage(say("Nobody of this id has shared anything of this shop's.")) from error
    wanted = Wanted(of_touch={"influencer": influencer_id}, now=visit.now)
    steps = score_history.steps_of(visit.merchant.id, influencer_id, None, score_chart.WEEKS)
    newest = _newest(visit, steps)
    made = links.made_behind(visit.merchant.id, influencer_id, "", MOST_LINKS + 1)
    orders = _orders(visit)
    return sheet.render(
        "person",
        visit,
        names.name(profile["name"]),
        at=page_paths.person(influencer_id),
        way=[("people", say("People"))],
        id=influencer_id,
        handles=profile.get("handles", {}),
        reach=profile.get("reach"),
        tags=sorted(profile.get("tags", ())),
        is_known=influencers.is_known(influencer_id, profile["name"], profile.get("tags", ())),
        has_name=profile["name"] != influencers.visitor_name(influencer_id),
        has_own_id=not is_anonymous(influencer_id),
        known_since=calendars.local_day(moment(profile["created_at"]), visit.merchant.tz),
        sums=None if orders is None else _sums(visit, influencer_id, orders),
        cost=None if orders is None else person_costs.of_person(visit, influencer_id, orders),
        orders=orders_page.page_of(visit, wanted, _SHOWN),
        codes=_codes(visit, influencer_id),
        **_scored(visit, newest, steps),
        **_shared(visit, made),
        brought=_brought(visit, influencer_id, newest, made),
    )


# ── the score ────────────────────────────────────────────────────────────────────────────────────
def _scored(visit: Visit, newest: Step | None, steps: list[Step]) -> dict[str, Any]:
    """What the page says of it, by name."""
    return {
        "newest": newest,
        "standing": _standing(newest[0].score.percentile) if newest else "",
        "factors": _factors(visit, newest[0].score) if newest else [],
        "steps": [*reversed(steps)],
        "chart": score_chart.chart_of([step.score for step, _ in reversed(steps)]),
        "held": _held(visit, newest),
    }


def _newest(visit: Visit, steps: list[Step]) -> Step | None:
    """The score of the newest scored week; who had no clicks for long has none in it."""
    full = calendars.last_full_week(visit.now, visit.merchant.tz)
    is_fresh = bool(steps) and steps[0][0].week >= full.first - WEEK
    return steps[0] if is_fresh else None


def _standing(percentile: float) -> str:
    """Among the others who sold; empty where there are none, or nothing is to be said."""
    below = round(percentile)
    if below in (0, 50):
        return ""
    if below == 100:
        return say("It is above that of all others who sold.")
    return say_n(
        below,
        "It is above that of {n} in 100 others who sold.",
        "It is above that of {n} in 100 others who sold.",
    )


@dataclass(frozen=True, kw_only=True)
class FactorLine:
    """One of the five that multiply to the score."""

    name: str
    own: str
    beside: str
    """Beside what is usual among those who sold."""


_FACTORS = {
    "clicks": mark("Clicks to expect in four weeks"),
    "rate": mark("Orders a click"),
    "order_value": mark("Value of an order"),
    # For translators: the part of a score that a discount leaves, in percent.
    "closer": mark("Left by the discount for coming last"),
    # For translators: the part of a score that doubted orders leave, in percent.
    "fraud": mark("Left by orders in doubt"),
}


def _factors(visit: Visit, score: Score) -> list[FactorLine]:
    merchant, own = visit.merchant, score.factors
    language = merchant.language
    written = (
        formats.number(round(own.clicks), language),
        formats.rate(own.rate, language),
        sheet.written(merchant, merchant.amount(own.order_value)),
        formats.rate(own.closer, language),
        formats.rate(own.fraud, language),
    )
    return [
        FactorLine(name=say(words), own=text, beside=_beside(score.waterfall[name], language))
        for (name, words), text in zip(_FACTORS.items(), written, strict=True)
    ]


def _beside(ratio: float, language: str) -> str:
    """`as usual`, `20.5 times the usual`, `89% of the usual`."""
    if round(10 * ratio) == 10:
        # For translators: beside what is usual.
        return say("as usual")
    if ratio < 1:
        return say("{percent} of the usual", percent=formats.rate(ratio, language))
    times = formats.ratio(round(10 * ratio), 10, language)
    # For translators: {times} is like 20.5.
    return say("{times} times the usual", times=times)


def _held(visit: Visit, newest: Step | None) -> list[tuple[date, Amount]]:
    """What was on hold when they were scored, by the last day of its hold, as far as that has not
    passed."""
    today = calendars.local_day(visit.now, visit.merchant.tz)
    held = {date.fromisoformat(day): n for day, n in newest[0].held.items()} if newest else {}
    return [(day, visit.merchant.amount(held[day])) for day in sorted(held) if day >= today]


# ── the days ─────────────────────────────────────────────────────────────────────────────────────
def _orders(visit: Visit) -> list[OrderFigures] | None:
    """Those of the days; None where there are too many to look at."""
    if span_figures.are_many_orders(visit):
        return None
    span, merchant = visit.span, visit.merchant
    found = credits.between(OrderFigures, merchant.id, span.first, span.last)
    return [each for each in found if each.counts and each.currency == merchant.currency]


def _sums(visit: Visit, who: str, orders: Iterable[OrderFigures]) -> Sums:
    """What their orders of the days come to."""
    groups: dict[str, Sums] = defaultdict(Sums)
    for order in orders:
        if order.influence != "none":
            add_order(groups, order, "influencer", visit.now)
    return groups[who]


def _shared(visit: Visit, made: list[Link]) -> dict[str, Any]:
    """What the page says of their links, by name."""
    seen = _seen(visit, made)
    return {
        "clicks": None if seen is None else Clicks.of(merge_counts(seen.values())),
        "links": _most_clicked(made, seen or {}),
        "more_links": len(made) > _SHOWN,
    }


def _seen(visit: Visit, made: list[Link]) -> dict[str, Counts] | None:
    """What was seen of their links; None where that is too much to look at."""
    if len(made) > MOST_LINKS or span_figures.are_many_clicks(visit):
        return None
    return by_code(span_figures.days(visit), {link.code for link in made})


def _most_clicked(made: list[Link], seen: dict[str, Counts]) -> list[LinkRow]:
    """The first of them; of equals in the order of their codes."""
    rows = [LinkRow(link=link, clicks=Clicks.of(seen.get(link.code, {}))) for link in made]
    return sorted(rows, key=lambda row: -row.clicks.valid)[:_SHOWN]


# ── whom they brought ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Brought:
    """Who began to share by their links, in the weeks that the newest score looks at."""

    first: date
    last: date
    people: tuple[tuple[str, str], ...]
    """Id and name, newest first: at most ten."""
    others: int


def _brought(visit: Visit, who: str, newest: Step | None, made: list[Link]) -> Brought | None:
    """None where they brought nobody."""
    sharing = newest[0].sharing if newest else None
    if newest is None or sharing is None or not sharing.recruits:
        return None
    merchant, week = visit.merchant, calendars.week_of(newest[0].week)
    first = week.before(WEEKS - 1).first
    since, until = (
        calendars.start_of(day, merchant.tz) for day in (first, week.last + calendars.DAY)
    )
    codes = {link.code for link in made}
    found = influencers.recruited_by(merchant.id, codes, since, until, MOST_RECRUITS)
    shown = [each for each in found if each != who][:_SHOWN]
    called = influencers.names(merchant.id, shown)
    return Brought(
        first=first,
        last=week.last,
        people=tuple((each, called.get(each, each)) for each in shown),
        others=max(0, sharing.recruits - len(shown)),
    )


# ── codes ────────────────────────────────────────────────────────────────────────────────────────
def _codes(visit: Visit, who: str) -> list[Ownership]:
    """Those that are theirs by now, since when; of a shop with very many codes, of the first."""
    told = coupon_codes.following(visit.merchant.id, "", MOST_CODES)
    newest = {each.code: each for each in told if each.since <= visit.now}
    return [each for each in newest.values() if each.influencer == who]
