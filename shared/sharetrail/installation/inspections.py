"""A shop's installation looked at: by what is kept anyway, and the newest facts. Nothing is written
for it but refusals (merchants/refusals.py)."""

from collections.abc import Sequence
from datetime import date, datetime

from sharetrail import calendars, logs
from sharetrail.attribution.credit import OrderFigures
from sharetrail.aws import clients, environment
from sharetrail.aws.tables import MERCHANTS
from sharetrail.installation import delivery_sight, page_sight, signs
from sharetrail.installation.delivery_sight import DeliverySight
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.page_sight import PageSight
from sharetrail.installation.sign import RECENT, Signs
from sharetrail.mail import suppressions
from sharetrail.merchants import refusals
from sharetrail.merchants.keys import key_rings
from sharetrail.merchants.profile import Merchant
from sharetrail.merchants.refusal import Refusal
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.platforms import connections
from sharetrail.totals import newest_clicks, newest_page_events
from sharetrail.webhooks import quarantine

_AT_ONCE = 8
_OF_WEBHOOKS = "secret#webhook:"


def read(merchant: Merchant, now: datetime) -> Inspection:
    found = signs.read(merchant, now)
    last = found.page_event
    events = newest_page_events.around(merchant.id, last, now) if last else []
    pages, refused = page_sight.of(events), refusals.lately(merchant.id, now)
    return Inspection(
        merchant=merchant,
        base=environment.public_base_url(),
        now=now,
        signs=found,
        pages=pages,
        viewed_on=_viewed_on(merchant, found, now),
        followed=_followed(merchant, pages, now),
        deliveries=_deliveries(merchant, found.orders),
        refusals=refused,
        secret_key_made=_secret_key_made(merchant.id, refused),
        connections=tuple(connections.find_all(merchant.id)),
        secrets=_secrets(merchant.id),
        quarantined=tuple(quarantine.times(merchant.id, now)),
        refusing=tuple(suppressions.find_all(merchant.id)),
    )


def _viewed_on(merchant: Merchant, found: Signs, now: datetime) -> date | None:
    today = calendars.local_day(now, merchant.tz)
    if found.page_event is None:
        return None
    return newest_page_events.last_day_of(merchant.id, "view", today, RECENT)


def _followed(merchant: Merchant, pages: PageSight, now: datetime) -> int:
    if pages.first is None or pages.arrived:
        return 0
    return newest_clicks.of_people(merchant.id, pages.first, now)


def _secret_key_made(merchant_id: str, refused: Sequence[Refusal]) -> datetime | None:
    if not any(each.kind == "secret" for each in refused):
        return None
    times = (each.made_at for each in key_rings.read(merchant_id).of("secret"))
    return max(filter(None, times), default=None)


def _deliveries(merchant: Merchant, orders: Sequence[OrderFigures]) -> DeliverySight:
    refs = [
        OrderRef(merchant=merchant.id, platform=each.platform, id=each.order)
        for each in delivery_sight.telling(orders)
    ]
    clients.dynamodb()  # once, before the threads ask for it
    with logs.threads(_AT_ONCE) as pool:
        rows = list(pool.map(order_facts.rows, refs))
    facts = [order_facts.among(each) for each in rows]
    return delivery_sight.of(zip(refs, facts, strict=True))


def _secrets(merchant_id: str) -> frozenset[str]:
    rows = MERCHANTS.query(f"merchant#{merchant_id}", prefix=_OF_WEBHOOKS, only=["sk"])
    return frozenset(row["sk"].removeprefix(_OF_WEBHOOKS) for row in rows)
