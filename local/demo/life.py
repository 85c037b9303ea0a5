"""What happens in the demo shop as time passes: its story's facts, each written when it is due."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from local.cloud import Cloud
from local.demo.progress import write
from local.demo.sales import DOMAIN, Webhook
from local.demo.story import Traffic
from sharetrail import calendars
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
        self.go_on(end)
        self._cloud.skip_stream("project_events")
        print("  attributing the orders")
        self._cloud.drain()

    def go_on(self, end: datetime, *, aloud: bool = True) -> None:
        """All through their streams."""
        with self._lock:
            start, self._reached = self._reached, max(self._reached, end)
            self._write(start, self._reached, aloud=aloud)

    def move_to(self, now: datetime) -> None:
        """What has happened by now, told to nobody."""
        is_long = now - self._reached > _LONG
        self.go_on(now, aloud=False)
        if is_long:
            self._cloud.skip_stream("project_events")

    def _write(self, start: datetime, end: datetime, *, aloud: bool) -> None:
        happened = [click_item(each) for each in self._traffic.clicks if start <= each.at < end]
        events = (each for each in self._traffic.events if start <= each.at < end)
        happened += map(page_event_item, events)
        orders = [self._fact(each) for each in self._webhooks if start <= each.at < end]
        write("clicks and page events", EVENTS, happened, aloud=aloud)
        write("order facts", ORDERS, orders, aloud=aloud)
        self._note_days(start, end)

    def _note_days(self, start: datetime, end: datetime) -> None:
        """As the stream would, where it was not skipped."""
        merchant = self._merchant(end)
        times = (each.at for each in (*self._traffic.clicks, *self._traffic.events))
        days = {calendars.local_day(at, merchant.tz) for at in times if start <= at < end}
        for day in sorted(days):
            closings.note(merchant, day, end)

    def _merchant(self, now: datetime) -> Merchant:
        return profiles.find(self._traffic.links[0][0].merchant, now)

    def _fact(self, webhook: Webhook) -> Item:
        """As the product reads the webhook, heard when it was sent."""
        arrived = self._cloud.clock.now()
        headers = {"x-shopify-topic": webhook.topic, "x-shopify-shop-domain": DOMAIN}
        delivery = Delivery(
            platform="shopify",
            merchant=self._merchant(arrived),
            headers=headers,
            payload=webhook.payload,
            now=arrived,
        )
        ref, fact = shopify.read(delivery)
        row = order_facts.item(ref, replace(fact, received=webhook.at))
        return order_rings.marked(row, webhook.at)
