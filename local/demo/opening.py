"""The demo shop: onboarded like any other, with six weeks of history and last Monday's mail, and
alive from then on.

Everything here is a fact, or a call of the product's own functions: no total, credit or score is
written by this package.
"""

import hashlib
import time
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from local.cloud import Cloud
from local.demo import reach, sales, story
from local.demo.cast import SHARERS
from local.demo.life import Life
from local.demo.progress import write
from local.demo.sales import DOMAIN
from local.shop.orders import Orders
from local.shop.shops import Shop
from local.shop.storefront.mounts import mounts
from sharetrail import calendars
from sharetrail.aws.tables import INFLUENCERS, LINKS
from sharetrail.costs import costs
from sharetrail.costs.cost import Cost, CostKind
from sharetrail.merchants import profiles
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from sharetrail.sharing import influencers, links
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import ANONYMOUS, Link

ZONE = ZoneInfo("America/New_York")
WEEKS, WEEKS_AHEAD = 6, 2
"""Whole ones, before the newest Monday and after: what of these is past has happened."""
_TICK = 5.0  # seconds
OWNER, STUDIO = "owner@gull-and-kettle.example", "studio@gull-and-kettle.example"
"""The one gets the report of each week, as everybody does, the other chose that of each month."""
_A_MONTH = timedelta(days=31)
_COSTS: tuple[tuple[CostKind, str, int, int, timedelta | None, str], ...] = (
    ("fee", "ana", 40_000, 0, None, "two reels a week"),
    ("fee", "viral-vic", 50_000, 0, None, "a thread a week"),
    ("gift", "jo-lindqvist", 3_900, 37, calendars.DAY, "an enamel kettle"),
)
"""What, to whom, in cents, and from which day of the demo on for how long: to its end where nothing
is said."""
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
    """Fills the cloud, whose clock stands at `start`; lets it catch up with the real one, and life
    go on.

    What the index page tells of the demo merchant.
    """
    monday = cloud.clock.now()
    origin = f"http://localhost:{cloud.server.port}"
    day = calendars.local_day(monday, ZONE)
    start = calendars.start_of(day - timedelta(weeks=WEEKS), ZONE)
    end = calendars.start_of(day + timedelta(weeks=WEEKS_AHEAD), ZONE)
    merchant = _onboard(cloud, origin, start)
    ids = {each.id: each.id if each.name else _anonymous_id(each.id) for each in SHARERS}
    traffic = story.traffic(merchant["merchant_id"], origin, ids, start, end)
    shared = [link for link, _ in traffic.links]
    write("links", LINKS, [links.item(link) for link in shared])
    _introduce(merchant["merchant_id"], ids, shared, start)
    _spend(merchant["merchant_id"], calendars.local_day(start, ZONE), start)
    reach.tell(merchant["merchant_id"], start, end)
    life = Life(cloud, traffic, sales.webhooks(traffic.people, start, end), start)

    life.skip_to(monday)
    for folder in ("close_days", "score_influencers"):
        cloud.schedule(folder)
        cloud.drain()
    _choose_months(merchant["merchant_id"], monday)
    print("  last Monday's report")
    cloud.schedule("schedule_reports")
    cloud.drain()

    now = cloud.clock.catch_up()
    life.skip_to(max(calendars.start_of(calendars.local_day(now, ZONE), ZONE), monday))
    cloud.schedule("close_days")
    cloud.drain()
    print("  today, through the stream")
    life.go_on(now)
    cloud.drain()
    cloud.clock.when_moved(life.move_to)
    Thread(target=_live, args=(life, cloud), daemon=True).start()
    return _open_shop(cloud, merchant, origin)


def _live(life: Life, cloud: Cloud) -> None:
    while True:
        time.sleep(_TICK)
        life.move_to(cloud.clock.now())


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
            "recipients": [OWNER, STUDIO],
            "shopify_domain": DOMAIN,
            "webhook_secrets": SECRETS,
        },
    )
    return answer


def _choose_months(merchant_id: str, monday: datetime) -> None:
    """A month ago, so that the newest that has ended is due."""
    merchant, since = profiles.find(merchant_id, monday), monday - _A_MONTH
    choices.choose(merchant, STUDIO, ["monthly"], since)
    rhythms.start(merchant, "monthly", since)


def _introduce(merchant_id: str, ids: dict[str, str], shared: list[Link], start: datetime) -> None:
    """The sharers as influencers, by `ids`: those whom the shop declared, and whom their first link
    made known."""
    first = {link.influencer: link for link in sorted(shared, key=_made, reverse=True)}
    items = []
    for sharer in SHARERS:
        who, known = ids[sharer.id], bool(sharer.name)
        met = start if known else start + story.RESHARE_DELAY
        name = sharer.name or influencers.visitor_name(who)
        influencer = Influencer(id=who, name=name, created_at=met)
        link = None if known else first.get(who)
        items.append(influencers.item(merchant_id, influencer, link))
    write("influencers", INFLUENCERS, items)


def _spend(merchant_id: str, first: date, now: datetime) -> None:
    """What the shop agreed with two of them, and what it sent to a third."""
    weeks = timedelta(weeks=WEEKS + WEEKS_AHEAD)
    for kind, who, amount, begins, length, note in _COSTS:
        began = first + timedelta(days=begins)
        told = Cost(
            id=f"{who}-{kind}",
            kind=kind,
            amount=amount,
            currency="USD",
            first=began,
            last=began + (length or weeks) - calendars.DAY,
            influencer=who,
            note=note,
            entered_at=now,
        )
        costs.enter(merchant_id, told)


def _made(link: Link) -> datetime:
    return link.created_at


def _anonymous_id(browser: str) -> str:
    """The product's own differ from one start to the next, by the merchant's key."""
    return ANONYMOUS + hashlib.sha256(browser.encode()).hexdigest()[:12]


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
