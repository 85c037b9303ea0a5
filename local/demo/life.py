"""What happens in the demo shop as time passes: its story's facts, each written when it is due."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from threading import Lock

from local.cloud import Cloud
from local.demo.progress import write
from local.demo.sales import DOMAIN, Webhook
from local.demo.story import Traffic
from sharetrail import calendars
from sharetrail.agenda import heard_hours
from sharetrail.aws.items import Item
from sharetrail.aws.tables import EVENTS, ORDERS
from sharetrail.clicks.click import click_item
from sharetrail.clicks.page_event import page_event_item
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts, order_rings
from sharetrail.totals import closings
from sharetrail.webhooks import shopify
from sharetrail.webhooks.delivery import Delivery

_LONG = timedelta(hours=6)
"""From so much on, days are left to be closed whole: thousands of slots take a while."""


class Life:
    """Facts of [start, …) up to where it was moved to, each once."""

    def __init__(
        self, cloud: Cloud, traffic: Traffic, webhooks: list[Webhook], start: datetime
    ) -> None:
        self._cloud, self._traffic, self._webhooks = cloud, traffic, webhooks
        self._reached = start
        self._lock = Lock()

    def skip_to(self, end: datetime) -> None:
        """Orders through their stream, clicks and events past theirs, since the days they fall on
        are closed whole."""
        self._go_on(end, self._skip)
        print("  attributing the orders")
        self._cloud.drain()

    def go_on(self, end: datetime) -> None:
        """All through their streams."""
        self._go_on(end, self._note_hours)

    def move_to(self, now: datetime) -> None:
        """What has happened by now, told to nobody."""
        is_long = now - self._reached > _LONG
        self._go_on(now, self._skip if is_long else self._note_hours, aloud=False)

    def _go_on(
        self, end: datetime, note: Callable[[Iterable[datetime]], None], *, aloud: bool = True
    ) -> None:
        with self._lock:
            start, self._reached = self._reached, max(self._reached, end)
            self._write(start, self._reached, aloud=aloud)
            facts = chain(self._traffic.clicks, self._traffic.events)
            note(each.at for each in facts if start <= each.at < self._reached)

    def _note_hours(self, times: Iterable[datetime]) -> None:
        """As whoever writes a click does."""
        now = self._cloud.clock.now()
        for hour in {calendars.hour_of(at) for at in times}:
            heard_hours.note(self._merchant().id, hour, now)

    def _skip(self, times: Iterable[datetime]) -> None:
        """Past their stream, which would have noted their days; their hours would be healed."""
        self._cloud.skip_stream("project_events")
        merchant, now = self._merchant(), self._cloud.clock.now()
        for day in {calendars.local_day(at, merchant.tz) for at in times}:
            closings.note(merchant, day, now)

    def _merchant(self) -> Merchant:
        link, _ = self._traffic.links[0]
        return profiles.find(link.merchant, self._cloud.clock.now())

    def _write(self, start: datetime, end: datetime, *, aloud: bool) -> None:
        happened = [click_item(each) for each in self._traffic.clicks if start <= each.at < end]
        events = (each for each in self._traffic.events if start <= each.at < end)
        happened += map(page_event_item, events)
        orders = [self._fact(each) for each in self._webhooks if start <= each.at < end]
        write("clicks and page events", EVENTS, happened, aloud=aloud)
        write("order facts", ORDERS, orders, aloud=aloud)

    def _fact(self, webhook: Webhook) -> Item:
        """As the product reads the webhook, heard when it was sent."""
        arrived = self._cloud.clock.now()
        merchant = self._merchant()
        headers = {"x-shopify-topic": webhook.topic, "x-shopify-shop-domain": DOMAIN}
        delivery = Delivery(
            platform="shopify",
            merchant=merchant,
            headers=headers,
            payload=webhook.payload,
            now=arrived,
        )
        ref, fact = shopify.read(delivery)
        row = order_facts.item(ref, replace(fact, received=webhook.at))
        return order_rings.marked(row, webhook.at)
