"""One signed delivery: verified, read into at most one fact, stored; or kept in quarantine."""

from datetime import datetime
from typing import Any

from sharetrail.merchants import profiles, vault
from sharetrail.web.http import json_body
from sharetrail.webhooks import providers, quarantine
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from sharetrail.webhooks.dry_run import dry_run, is_wished
from sharetrail.webhooks.store_fact import take


def receive(
    name: str, merchant_id: str, headers: dict[str, str], body: bytes, now: datetime, query: str
) -> tuple[int, dict[str, Any] | None]:
    """What the provider of this name is answered: a status and a body.

    200 once the fact is stored (or was already, or there is none in it); 202 where the delivery is
    ours and cannot be read, and stands in quarantine. UnknownProvider, UnknownMerchant, Unsigned or
    Mismatch otherwise. `query` is the raw one: a dry run stores nothing.
    """
    is_dry = is_wished(query)
    provider = providers.provider(name)
    merchant = profiles.find(merchant_id, now)
    if providers.is_ping(name, headers, body):
        return 200, None
    secrets = vault.active(merchant.id, f"webhook:{name}", now)
    provider.verify(headers, body, secrets, now)
    payload = json_body(body)
    delivery = Delivery(platform=name, merchant=merchant, headers=headers, payload=payload, now=now)
    if is_dry:
        return 200, dry_run(delivery)
    try:
        return 200, take(delivery)
    except NotUnderstood as why:
        webhook = quarantine.keep(delivery, body, why)
        return 202, {"quarantined": webhook.id, "reason": webhook.reason}
