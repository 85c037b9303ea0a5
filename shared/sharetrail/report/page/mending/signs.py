"""The signs of an installation, read from the credits of the newest orders and the last facts."""

from datetime import datetime, timedelta
from itertools import islice

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.merchants.profile import Merchant
from sharetrail.report.page.mending import sign
from sharetrail.report.page.mending.sign import Signs
from sharetrail.totals import shop_activity

_LOOKED_BACK = timedelta(days=90)
_LOOKED_AT = 100
"""Orders: enough to see what broke, and as many for every shop."""


def read(merchant: Merchant, now: datetime) -> Signs:
    today = calendars.local_day(now, merchant.tz)
    rows = credits.newest_first(OrderFigures, merchant.id, today - _LOOKED_BACK, today)
    orders = [order for _, order in islice(rows, _LOOKED_AT) if order.counts]
    return sign.of(orders, shop_activity.last_page_event(merchant, now), merchant.tz)
