"""A dry run of a webhook: what its delivery would have stored, and nothing is."""

from typing import Any
from urllib.parse import parse_qs

from sharetrail.aws.items import dump
from sharetrail.aws.tables import ORDERS
from sharetrail.problems import Malformed
from sharetrail.webhooks import store_fact
from sharetrail.webhooks.delivery import Delivery


def is_wished(query: str) -> bool:
    """Whether a raw query says `dry_run=true`. Malformed where it says neither true nor false:
    whoever asks for a dry run in other words wants nothing stored."""
    said = parse_qs(query, keep_blank_values=True).get("dry_run", ["false"])[-1]
    if said not in ("true", "false"):
        errors = {"dry_run": "should be true or false"}
        raise Malformed("Ask for a dry run with dry_run=true.", errors=errors)
    return said == "true"


def dry_run(delivery: Delivery) -> dict[str, Any]:
    """What the delivery would be answered, and the fact that it would store, as stored.

    As `store_fact.read` raises: what would go to quarantine is a problem here.
    """
    told = store_fact.read(delivery)
    if told is None:
        return {**store_fact.nothing(), "dry_run": True, "would_store": None}
    order, fact = told
    is_new = ORDERS.get(order.pk, fact.sk) is None
    answer = {"order": order.id, "fact": fact.sk, "new": is_new}
    return {**answer, "dry_run": True, "would_store": dump(fact)}
