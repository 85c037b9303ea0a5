"""A merchant with a million clicks, 20,000 influencers and 50,000 orders in 26 weeks."""

from datetime import UTC, date, datetime

from local.template import reader
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant

INFLUENCERS, LINKS, CLICKS, ORDERS = 20_000, 40_000, 1_000_000, 50_000
WEEKS = 26
WEEK = Week(date(2026, 11, 9))
"""The week that is scored, the last of them."""
FIRST = WEEK.before(WEEKS - 1).first
DAYS = 7 * WEEKS
NOW = datetime(2026, 11, 16, 13, tzinfo=UTC)
MERCHANT = Merchant(
    id="m_big",
    name="The Big Shop",
    shop_host="big.example",
    hosts=("big.example",),
    origins=("https://big.example",),
    currency="USD",
    zone="UTC",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
PARAMETERS = {"PublicBaseUrl": "https://go.big.example", "MailFrom": "reports@big.example"}


def variables() -> dict[str, str]:
    """What template.yaml gives the function that sends reports."""
    variables = reader.load(parameters=PARAMETERS).functions["send_report"].environment
    return {**variables, "FAST_PATH": "no"}
