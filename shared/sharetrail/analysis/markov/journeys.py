"""The journeys that ended in four weeks, gathered from projections and a sample of trails."""

from collections.abc import Mapping
from datetime import datetime

from sharetrail.analysis.markov.journey import JourneyRecords, OrderJourneys, step_of
from sharetrail.aws.tables import EVENTS
from sharetrail.clicks.click import click_key, read_click
from sharetrail.clicks.readable import readable
from sharetrail.clicks.verdict import HUMAN, judge_alone
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from sharetrail.totals import trail_samples


def gather(
    merchant: Merchant, journeys: OrderJourneys, by_code: Mapping[str, Link], now: datetime
) -> JourneyRecords:
    """With what days and orders said, the trails that ended without an order."""
    trails = trail_samples.between(merchant.id, journeys.earliest, journeys.last)
    ids = {click for trail in trails.trails for click in trail}
    # An id's key carries the merchant, so no other's click is found; nor are made-up ids.
    found = EVENTS.get_all([click_key(merchant.id, each) for each in sorted(ids)])
    clicks = readable(read_click, found, now)
    made = {click.id: click.code for click in clicks if judge_alone(click) is HUMAN}
    known = {**by_code, **links.find_all(set(made.values()) - by_code.keys())}
    steps = {click: step_of(known[code]) for click, code in made.items() if code in known}
    return JourneyRecords(orders=journeys, trails=trails, trail_steps=steps)
