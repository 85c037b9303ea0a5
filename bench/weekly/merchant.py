"""A merchant with a million clicks, 20,000 influencers and 50,000 orders in 26 weeks; or so many
times that, as the environment says."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime

from bench import shop
from sharetrail.attribution.week_rings import WEEKS
from sharetrail.calendars import Week

TIMES = float(os.environ.get("WEEKLY_TIMES", "1"))
INFLUENCERS, LINKS, CLICKS, ORDERS = (
    int(number * TIMES) for number in (20_000, 40_000, 1_000_000, 50_000)
)
WEEK = Week(date(2026, 11, 9))
"""The week that is scored, the last of them."""
FIRST = WEEK.before(WEEKS - 1).first
DAYS = 7 * WEEKS
NOW = datetime(2026, 11, 16, 13, tzinfo=UTC)
MERCHANT = replace(shop.MERCHANT, id="m_big", name="The Big Shop", zone="UTC")


def variables() -> dict[str, str]:
    """What template.yaml gives the function that scores and reports, and how large the merchant
    is."""
    declared = shop.stack().functions["analyse_merchant"].environment
    return {**declared, "FAST_PATH": "no", "WEEKLY_TIMES": f"{TIMES:g}"}
