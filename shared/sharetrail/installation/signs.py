"""The signs of an installation, read from the credits of the newest orders and the last facts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.aws.tables import MorePages
from sharetrail.installation import script_silence, sign
from sharetrail.installation.sign import Signs
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import shop_activity

_LOOKED_BACK = timedelta(days=90)
_TELLING = 100
"""Orders that can tell: enough to see what broke, and as many for every shop."""
_MOST_PAGES = 4
"""Megabytes of orders, some 2,500 of them: whoever places more that nobody pays for hides what the
paid ones before them tell, and that is said."""


def read(merchant: Merchant, now: datetime) -> Signs:
    since = calendars.local_day(now, merchant.tz) - _LOOKED_BACK
    orders: list[OrderFigures] = []
    are_all = True
    try:
        orders.extend(_newest(merchant, now))
    except MorePages:
        are_all = False
    heard = shop_activity.last_page_event(merchant, now, since)
    return sign.of(orders, heard, merchant.tz, are_all=are_all)


def _newest(merchant: Merchant, now: datetime) -> Iterator[OrderFigures]:
    """Whole days of orders, the newest day first, until enough of them can tell. A day's own are in
    the order of their ids, so of one that is cut the newest may be missing."""
    today = calendars.local_day(now, merchant.tz)
    rows = credits.newest_first(
        OrderFigures,
        merchant.id,
        today - _LOOKED_BACK,
        today + calendars.DAY,  # where the shop's clock is ahead of ours
        most_pages=_MOST_PAGES,
    )
    telling, latest = 0, ""
    for key, order in rows:
        day = key.partition("#")[0]
        if telling >= _TELLING and day != latest:
            return
        latest = day
        if order.counts:
            telling += script_silence.can_tell(order)
            yield order
