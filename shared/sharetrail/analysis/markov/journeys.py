"""The journeys that ended in four weeks, gathered from projections and a sample of trails."""

from collections import Counter
from collections.abc import Iterable

from sharetrail import calendars
from sharetrail.analysis.markov.journey import JOURNEY_WEEKS, JourneyRecords, Step
from sharetrail.analysis.period import Period
from sharetrail.aws.tables import EVENTS
from sharetrail.calendars import Week
from sharetrail.clicks.click import click_key, read_click
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from sharetrail.totals import trail_samples
from sharetrail.totals.tally import merge_tallies, valid_clicks


def gather(merchant: Merchant, week: Week, period: Period) -> JourneyRecords:
    """What is heard of the four weeks up to `week`; they and a window before lie in the period."""
    first, last = week.before(JOURNEY_WEEKS - 1).first, week.last
    window = merchant.window_days * calendars.DAY
    start, end = first - window, last - window
    trails = trail_samples.between(merchant.id, start, last)
    made = _codes(merchant.id, {click for trail in trails.trails for click in trail.ids})
    known = {**period.links, **links.find_all(set(made.values()) - set(period.links))}
    spanned = merge_tallies(tally for day, tally in period.days.items() if start <= day <= end)
    valid: Counter[Step] = Counter()
    for code, counts in spanned.links.items():
        if link := known.get(code):
            valid[_step(link)] += valid_clicks(counts)
    return JourneyRecords(
        orders=tuple(
            order
            for order in period.orders
            if first <= calendars.local_day(order.placed_at, merchant.tz) <= last
        ),
        span=(
            calendars.start_of(start, merchant.tz),
            calendars.start_of(end + calendars.DAY, merchant.tz),
        ),
        trails=trails,
        order_steps={
            touch.id: (touch.network, touch.influencer)
            for order in period.orders
            for touch in order.details.touches
        },
        trail_steps={click: _step(known[code]) for click, code in made.items() if code in known},
        valid=valid,
    )


def _codes(merchant_id: str, ids: Iterable[str]) -> dict[str, str]:
    """The links that were clicked. An id's key carries the merchant, so no other's click is found;
    made-up ids are left out."""
    found = EVENTS.get_all([click_key(merchant_id, each) for each in sorted(ids)])
    return {click.id: click.code for click in map(read_click, found)}


def _step(link: Link) -> Step:
    return link.network, link.influencer
