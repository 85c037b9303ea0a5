"""The demo shop: onboarded like any other, with six weeks of history and last Monday's mail.

Everything here is a fact, or a call of the product's own functions: no total, credit or score is
written by this package.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.cloud import Cloud
from local.demo import sales, story
from local.demo.cast import SHARERS
from local.demo.progress import write
from local.demo.sales import Webhook
from local.demo.story import Traffic
from local.shop.orders import Orders
from local.shop.shops import Shop
from local.shop.storefront.mounts import mounts
from sharetrail import calendars
from sharetrail.aws.tables import EVENTS, INFLUENCERS, LINKS, ORDERS
from sharetrail.clicks.click import click_item
from sharetrail.clicks.page_event import page_event_item
from sharetrail.merchants import profiles
from sharetrail.orders import order_facts
from sharetrail.sharing import influencers, links, share_request
from sharetrail.sharing.influencers import Influencer
from sharetrail.webhooks import shopify
from sharetrail.webhooks.delivery import Delivery

ZONE = ZoneInfo("America/New_York")
WEEKS = 6
"""Whole ones, before the newest Monday; the days since come on top."""
DOMAIN = "gull-and-kettle.myshopify.com"
SECRET = "shpss_demo_5f0c9a71d2e84b36"
SECRETS = {
    "shopify": SECRET,
    "woocommerce": "demo_2c7e41b9f0d85a63",
    "stripe": "whsec_demo_9b1d6f3a7c20e584",
}
"""What each platform would show; the demo shop itself sends Shopify's webhooks."""


def start(now: datetime) -> datetime:
    """When the demo's clock starts: at the newest Monday's report, whose mail it shows."""
    due, _ = calendars.last_report(now, ZONE)
    return due + timedelta(minutes=2)


def open(cloud: Cloud) -> dict[str, Any]:  # noqa: A001
    """Fills the cloud, whose clock stands at `start`, and moves it to the present.

    What the index page tells of the demo merchant.
    """
    now, monday = datetime.now(UTC), cloud.clock.now()
    origin = f"http://localhost:{cloud.server.port}"
    start = calendars.start_of(calendars.local_day(monday, ZONE) - timedelta(weeks=WEEKS), ZONE)
    merchant = _onboard(cloud, origin, start)
    ids = _introduce(merchant["merchant_id"], start)
    traffic = story.traffic(merchant["merchant_id"], origin, ids, start, now)
    webhooks = sales.webhooks(traffic.people, start, now)
    write("links", LINKS, [links.item(link) for link, _ in traffic.links])

    _live_through(cloud, traffic, webhooks, start, monday)
    cloud.schedule("close_days")
    print("  last Monday's report")
    cloud.schedule("schedule_reports")
    cloud.drain()

    today = calendars.start_of(calendars.local_day(now, ZONE), ZONE)
    cloud.clock.set_forward(now)
    _live_through(cloud, traffic, webhooks, monday, max(today, monday))
    cloud.schedule("close_days")
    print("  today, through the stream")
    _write(cloud, traffic, webhooks, max(today, monday), now)
    cloud.drain()
    return _open_shop(cloud, merchant, origin)


# ── the shop and its people ──────────────────────────────────────────────────────────────────────
def _onboard(cloud: Cloud, origin: str, start: datetime) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.invoke(
        "onboard_merchant",
        {
            "time": start.isoformat(),
            "shop_host": origin.partition("://")[2],
            "name": "Gull & Kettle",
            "currency": "USD",
            "zone": ZONE.key,
            "language": "en_US",
            "category": "home and kitchen",
            "recipients": ["owner@gull-and-kettle.example"],
            "shopify_domain": DOMAIN,
            "webhook_secrets": SECRETS,
        },
    )
    return answer


def _introduce(merchant_id: str, start: datetime) -> dict[str, str]:
    """The sharers as influencers: sharer → influencer id."""
    ids: dict[str, str] = {}
    items = []
    for sharer in SHARERS:
        known = bool(sharer.name)
        ids[sharer.id] = (
            sharer.id if known else share_request.anonymous_id(merchant_id, sharer.id, start)
        )
        name = sharer.name or influencers.visitor_name(ids[sharer.id])
        met = start if known else start + story.RESHARE_DELAY
        influencer = Influencer(id=ids[sharer.id], name=name, created_at=met)
        items.append(influencers.item(merchant_id, influencer))
    write("influencers", INFLUENCERS, items)
    return ids


# ── history ──────────────────────────────────────────────────────────────────────────────────────
def _live_through(
    cloud: Cloud, traffic: Traffic, webhooks: list[Webhook], start: datetime, end: datetime
) -> None:
    """Facts of [start, end): orders through their stream, clicks and events past theirs, since
    the days they fall on are closed whole.
    """
    _write(cloud, traffic, webhooks, start, end)
    cloud.skip_stream("project_events")
    print("  attributing the orders")
    cloud.drain()


def _write(
    cloud: Cloud, traffic: Traffic, webhooks: list[Webhook], start: datetime, end: datetime
) -> None:
    happened = [click_item(each) for each in traffic.clicks if start <= each.at < end]
    happened += [page_event_item(each) for each in traffic.events if start <= each.at < end]
    write("clicks and page events", EVENTS, happened)
    arrived = cloud.clock.now()
    merchant = profiles.find(traffic.links[0][0].merchant, arrived)
    rows = []
    for each in webhooks:
        if start <= each.at < end:
            headers = {"x-shopify-topic": each.topic, "x-shopify-shop-domain": DOMAIN}
            ref, fact = shopify.read(
                Delivery(merchant=merchant, headers=headers, payload=each.payload, now=arrived)
            )
            rows.append(order_facts.item(ref, fact, each.at))
    write("order facts", ORDERS, rows)


# ── the storefront ───────────────────────────────────────────────────────────────────────────────
def _open_shop(cloud: Cloud, merchant: dict[str, Any], origin: str) -> dict[str, Any]:
    shop = Shop(
        publishable_key=merchant["publishable_key"],
        merchant_id=merchant["merchant_id"],
        shopify_secret=SECRET,
        shopify_domain=DOMAIN,
        api=cloud.url,
        origin=origin,
        codes={"HARBOUR10": 10},
        clock=cloud.clock.now,
        orders=Orders(first_number=sales.FIRST_NUMBER + sales.ORDERS),
    )
    for prefix, application in mounts(shop).items():
        cloud.mount(prefix, application)
    return {
        "merchant_id": merchant["merchant_id"],
        "publishable_key": merchant["publishable_key"],
        "secret_key": merchant["secret_key"],
        "webhook_secrets": {**SECRETS, **merchant["webhook_secrets"]},
        "shop_origin": origin,
        "shopify_domain": DOMAIN,
    }
