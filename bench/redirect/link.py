"""The link that is followed: its rows in the tables, and the clicks on it."""

import datetime as dt
from collections.abc import Iterator

from bench import shop
from bench.traffic import recordings
from bench.traffic.recordings import Event
from sharetrail.aws.items import Item
from sharetrail.sharing import links
from sharetrail.sharing.link import Link, Product

DESTINATION = "https://shop.example/products/kettle?colour=blue"
_BEGIN = dt.datetime.fromtimestamp(recordings.CLICK["requestContext"]["timeEpoch"] / 1000, dt.UTC)
_BETWEEN = dt.timedelta(milliseconds=100)
"""Ten clicks a second on one link: ours reads it, and its merchant, once in 600 clicks."""
_BROWSERS = {  # what the recorded request left out
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "referer": "https://www.facebook.com/",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
    "x-amzn-trace-id": "Root=1-6920569c-0123456789abcdef01234567",
}


def click(number: int) -> Event:
    """Each number another visitor, a moment after the one before."""
    headers = {**_BROWSERS, "x-forwarded-for": recordings.address(number)}
    return recordings.click(number, _BEGIN + number * _BETWEEN, headers)


def rows() -> Iterator[tuple[str, Item]]:
    """Each with its table's noun: a merchant, a link, the day's salt."""
    yield "merchants", shop.PROFILE
    link = Link(
        code=recordings.CLICK["pathParameters"]["code"],
        merchant=shop.MERCHANT.id,
        influencer="i_3f9a1c7d5b2e8a60",
        url=DESTINATION,
        network="facebook",
        campaign="autumn",
        product=Product(id="7982301839552", title="Kettle, blue"),
        created_at=shop.MERCHANT.created_at,
    )
    yield "links", links.item(link)
    yield "salts", {"pk": _BEGIN.date().isoformat(), "salt": bytes(range(32))}
