"""A dry run of a webhook: what its delivery would have stored, and nothing is."""

from typing import get_args
from urllib.parse import parse_qsl, urlencode

from sharetrail.aws.tables import ORDERS
from sharetrail.orders import fact_answer
from sharetrail.orders.order_fact import Vendor
from sharetrail.problems import Malformed
from sharetrail.web import query
from sharetrail.webhooks import replies, store_fact
from sharetrail.webhooks.delivery import Delivery
from sharetrail.webhooks.persons import shopify_topics
from sharetrail.webhooks.replies import DryRun

_PARAMETER = "dry_run"


def is_wished(raw: str, provider: str) -> bool:
    """Whether a raw query says `dry_run=true`. Malformed where it says neither true nor false, or
    anything like it in other words: whoever wants a dry run wants nothing stored.

    Of any other parameter too, but not from shop systems: they call the address as the merchant
    typed it, and WooCommerce never sends again what was refused.
    """
    heard = _about_dry_runs(raw) if provider in get_args(Vendor) else raw
    said = query.parameters(heard, (_PARAMETER,)).get(_PARAMETER, "false")
    if said not in ("true", "false"):
        errors = {_PARAMETER: "should be true or false"}
        raise Malformed("Ask for a dry run with dry_run=true.", errors=errors)
    return said == "true"


def _about_dry_runs(raw: str) -> str:
    """The part of a raw query that reads like a dry run, as `dryRun` and `dry-run` do."""
    pairs = parse_qsl(raw, keep_blank_values=True)
    return urlencode([pair for pair in pairs if _letters(pair[0]) == _letters(_PARAMETER)])


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def dry_run(delivery: Delivery) -> DryRun:
    """What the delivery would be answered, and the fact that it would store.

    As `store_fact.read` raises: what would go to quarantine is a problem here.
    """
    if shopify_topics.is_one(delivery):
        shopify_topics.read(delivery)
        return {**replies.NOTHING, "dry_run": True, "would_store": None}
    told = store_fact.read(delivery)
    if told is None:
        return {**replies.NOTHING, "dry_run": True, "would_store": None}
    order, fact = told
    is_new = ORDERS.get(order.pk, fact.sk) is None
    answer = replies.stored(order, fact, is_new=is_new)
    return {**answer, "dry_run": True, "would_store": fact_answer.of(fact, "")}
