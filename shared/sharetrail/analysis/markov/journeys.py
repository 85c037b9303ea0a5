"""The trails that a week's visits carried, and which of their clicks were people's."""

from collections.abc import Mapping
from datetime import datetime

from sharetrail.analysis.markov.journey import Step, step_of
from sharetrail.aws.tables import EVENTS
from sharetrail.calendars import Week
from sharetrail.clicks.click import click_key, read_click
from sharetrail.clicks.readable import readable
from sharetrail.clicks.verdict import HUMAN, judge_alone
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from sharetrail.totals import trail_samples
from sharetrail.totals.trail_sample import TrailSample


def read_trails(
    merchant: Merchant, week: Week, by_code: Mapping[str, Link], now: datetime
) -> tuple[TrailSample, dict[str, Step]]:
    """The trails, and click id → its link's of every valid click in them."""
    trails = trail_samples.between(merchant.id, week.first, week.last)
    ids = {click for trail in trails.trails for click in trail}
    # An id's key carries the merchant, so no other's click is found; nor are made-up ids.
    found = EVENTS.get_all([click_key(merchant.id, each) for each in sorted(ids)])
    clicks = readable(read_click, found, now)
    made = {click.id: click.code for click in clicks if judge_alone(click) is HUMAN}
    known = {**by_code, **links.find_all(set(made.values()) - by_code.keys())}
    return trails, {click: step_of(known[code]) for click, code in made.items() if code in known}
