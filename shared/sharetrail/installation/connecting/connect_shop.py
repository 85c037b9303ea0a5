"""Connecting a shop: its webhooks registered and mended, its recent orders and earlier buyers read,
and what was done written down. On request, and every day after.

Each step is done again from the start or goes on where it stood, and comes to the same: webhooks
are looked at before anything is made, an order is read into facts that have keys of their own, and
how far the reading came is written after each page.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, get_args

from sharetrail import logs
from sharetrail.attribution import cross_device
from sharetrail.aws import clients
from sharetrail.installation.connecting import register_webhooks, told_orders
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms import (
    calling,
    connections,
    credentials,
    earlier_buyers,
    shopify,
    stripe,
    woocommerce,
)
from sharetrail.platforms.connection import Connection, Reading, Webhooks
from sharetrail.platforms.credential import Credential, ShopifyApp, StripeKey, WooCommerceKey
from sharetrail.platforms.page import Buyer, Page
from sharetrail.platforms.trouble import CallFailed, Trouble

PAGES = 20
"""Of orders or buyers that one message reads; another goes on with the rest."""
LONG = 150.0
"""Seconds after which a message begins no other page."""
LONGEST = 300.0
"""Seconds that its calls may take together, however slow the system is: there are few workers, and
they are everybody's."""
MOST_A_DAY = 100_000
"""Orders and buyers that are read at one go: a system that tells ever more of them has the rest
read tomorrow."""
_AT_ONCE = 10


Next = Literal["later", "at once", "within the hour"]
"""When the next message has to come: the day after, or with what is left; of a slow system by the
next round, so that others are looked at in between."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A shop system that took the credentials, and what is asked of it."""

    reach: timedelta
    """How far back it tells orders."""
    register: Callable[[Webhooks], Webhooks]
    orders: Callable[[Reading], Page]
    buyers: Callable[[Reading], Page] | None
    """None where it does not tell who bought before."""


def connect(merchant: Merchant, about: str, now: datetime) -> None:
    """Look at one of the merchant's systems, mend it, and read what is new of it.

    What may pass by itself is raised, so that the message comes again; what somebody has to mend is
    written down. Where another message is at it, or waits for its next attempt, this one leaves it
    to a round within the hour: one shop has one of the few workers.
    """
    _connect(merchant, about, now, is_last=False)


def give_up(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
    """The fourth attempt: what has not passed by now is written down, too, and tried tomorrow. What
    fails otherwise is a fault of ours, and goes on to ring; it is tried tomorrow none the less."""
    for about in abouts:
        connections.put_off(merchant.id, _platform(about), now)
        _connect(merchant, about, now, is_last=True)


def _connect(merchant: Merchant, about: str, now: datetime, *, is_last: bool) -> None:
    platform = _platform(about)
    if not connections.claim(merchant.id, platform, now):
        connections.check_soon(merchant.id, platform, now)
        return
    following = _followed(merchant, platform, now, is_last=is_last)
    connections.leave(merchant.id, platform, now)
    if following:
        _FOLLOWING[following](merchant.id, platform, now)


def _followed(merchant: Merchant, platform: Vendor, now: datetime, *, is_last: bool) -> Next | None:
    """What is to follow; None where it is connected no more."""
    before = connections.find(merchant.id, platform)
    if before is None:
        return None
    try:
        credential = credentials.find(merchant, platform)
        if credential is None:
            return None
        with calling.within(LONGEST):
            return _looked_at(merchant, before, credential, now)
    except CallFailed as failure:
        if failure.trouble.passes and not is_last:
            raise
        _note_trouble(merchant, platform, failure.trouble, now)
        return "later"


_FOLLOWING: dict[Next, Callable[[str, Vendor, datetime], None]] = {
    "later": connections.check_later,
    "at once": connections.check,
    "within the hour": connections.check_soon,
}


def _platform(about: str) -> Vendor:
    platform: Vendor = next(each for each in get_args(Vendor) if each == about)
    return platform


def _note_trouble(merchant: Merchant, platform: Vendor, trouble: Trouble, now: datetime) -> None:
    if connection := connections.find(merchant.id, platform):
        connections.save(merchant.id, connection.troubled(trouble, now))


# ── the steps ────────────────────────────────────────────────────────────────────────────────────
def _looked_at(
    merchant: Merchant, connection: Connection, credential: Credential, now: datetime
) -> Next:
    """Work off as much as a message may: what is to follow."""
    until, before = time.monotonic() + LONG, connection
    shop = _opened(merchant, credential, now)
    connection = _registered(merchant, connection, shop, now)
    connection, left = _orders_read(merchant, connection, shop, now, until)
    connection = _buyers_read(merchant, connection, shop, now, left, until)
    if _is_read(connection.orders) and (not shop.buyers or _is_read(connection.buyers)):
        connections.save(merchant.id, connection.checked(now))
        return "later"
    if connection.read // MOST_A_DAY > before.read // MOST_A_DAY:
        return "later"
    return "at once" if time.monotonic() < until else "within the hour"


def _registered(
    merchant: Merchant, connection: Connection, shop: Opened, now: datetime
) -> Connection:
    before, webhooks = connection.webhooks, shop.register(connection.webhooks)
    is_repair = bool(before.topics) and webhooks.changed > 0
    mended_at = now if is_repair else connection.mended_at
    registered = replace(connection, webhooks=webhooks, mended_at=mended_at)
    return connections.save(merchant.id, registered)


def _orders_read(
    merchant: Merchant, connection: Connection, shop: Opened, now: datetime, until: float
) -> tuple[Connection, int]:
    """And how many pages are left to this message."""
    orders, left = connection.orders_due(shop.reach, now), PAGES
    while orders.done is None and _may_go_on(left, until):
        page, left = shop.orders(orders), left - 1
        told = _store(merchant, connection.platform, page, now)
        orders = _ended(orders.after(page.cursor, *told), page, now)
        connection = connections.save(merchant.id, replace(connection, orders=orders))
    return connection, left


def _buyers_read(
    merchant: Merchant,
    connection: Connection,
    shop: Opened,
    now: datetime,
    left: int,
    until: float,
) -> Connection:
    buyers = connection.buyers_due(now)
    while shop.buyers and buyers and buyers.done is None and _may_go_on(left, until):
        page, left = shop.buyers(buyers), left - 1
        new = _kept(merchant, connection.platform, page, buyers.begun, now)
        buyers = _ended(buyers.after(page.cursor, len(page.items), new, ()), page, now)
        connection = connections.save(merchant.id, replace(connection, buyers=buyers))
    return connection


def _may_go_on(left: int, until: float) -> bool:
    """At least one page is read, so that the next message is further."""
    return left == PAGES or (left > 0 and time.monotonic() < until)


def _is_read(reading: Reading | None) -> bool:
    return reading is not None and reading.done is not None


def _ended(reading: Reading, page: Page, now: datetime) -> Reading:
    return replace(reading, done=now) if page.cursor is None else reading


def _store(
    merchant: Merchant, platform: Vendor, page: Page, now: datetime
) -> tuple[int, int, tuple[str, ...]]:
    """How many orders the page told, how many of them told something new, and which could not be
    understood."""

    def store(told: Any) -> bool | str:
        try:
            return told_orders.store(merchant, platform, told, now)
        except told_orders.Unread as unread:
            return str(unread)

    clients.dynamodb()  # made once, before there are threads
    with logs.threads(_AT_ONCE) as pool:
        results = list(pool.map(store, page.items))
    unread = tuple(each for each in results if isinstance(each, str))
    return len(results), results.count(True), unread


def _kept(merchant: Merchant, platform: Vendor, page: Page, at: datetime, now: datetime) -> int:
    """How many of the page's buyers were not known to have ordered before `at`. Who ordered since
    is looked at anew, be it that a run which died had kept them."""

    def keep(buyer: Buyer) -> bool:
        persons = earlier_buyers.persons_of(merchant.id, platform, buyer, now)
        is_new = earlier_buyers.keep(merchant.id, platform, persons, at)
        cross_device.ring_old_customers(merchant.id, persons, platform, at, now)
        return is_new

    clients.dynamodb()  # made once, before there are threads
    with logs.threads(_AT_ONCE) as pool:
        return sum(pool.map(keep, page.items))


def _opened(merchant: Merchant, credential: Credential, now: datetime) -> Opened:
    if isinstance(credential, ShopifyApp):
        return _shopify(merchant, credential)
    if isinstance(credential, WooCommerceKey):
        return _woocommerce(merchant, credential, now)
    return _stripe(merchant, credential, now)


def _shopify(merchant: Merchant, app: ShopifyApp) -> Opened:
    shop = shopify.open_shop(merchant, app)
    return Opened(
        reach=shop.reach,
        register=partial(register_webhooks.of_shopify, merchant, shop, app),
        orders=lambda reading: shopify.orders(shop, reading.since, reading.cursor),
        buyers=_shopify_buyers(shop) if shop.tells_buyers else None,
    )


def _shopify_buyers(shop: shopify.Shop) -> Callable[[Reading], Page]:
    return lambda reading: shopify.buyers(shop, reading.begun, reading.cursor)


def _woocommerce(merchant: Merchant, key: WooCommerceKey, now: datetime) -> Opened:
    shop = woocommerce.open_shop(merchant, key)
    return Opened(
        reach=shop.reach,
        register=lambda before: register_webhooks.of_woocommerce(merchant, shop, before, now),
        orders=lambda reading: woocommerce.orders(shop, reading.since, reading.cursor),
        buyers=lambda reading: woocommerce.buyers(shop, reading.begun, reading.cursor),
    )


def _stripe(merchant: Merchant, key: StripeKey, now: datetime) -> Opened:
    shop = stripe.open_shop(merchant, key)
    return Opened(
        reach=shop.reach,
        register=lambda before: register_webhooks.of_stripe(merchant, shop, before, now),
        orders=lambda reading: stripe.orders(shop, reading.since, reading.begun, reading.cursor),
        buyers=None,
    )
