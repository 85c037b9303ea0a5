"""What a merchant reads and sets under a secret key (sk_…): a file a resource in `api/`."""

from typing import Any

from sharetrail import logs
from sharetrail.api.account import (
    connection,
    installation,
    keys,
    persons,
    recipients,
    reports,
    settings,
)
from sharetrail.api.description import openapi
from sharetrail.api.frame import resolver
from sharetrail.api.measures import costs, kpis, network_figures, rankings, removal_effects, targets
from sharetrail.api.orders import (
    exchange_rates,
    held_orders,
    identities,
    order_list,
    orders,
    quarantine,
)
from sharetrail.api.questions import cohorts, results, returns, stats
from sharetrail.api.sharing import (
    coupon_codes,
    influencer_list,
    influencers,
    link_list,
    links,
    qr_codes,
    share_tree,
)
from sharetrail.aws import clients

clients.warm()
_WHO_SHARES = influencer_list, influencers, link_list, links, qr_codes, coupon_codes, share_tree
_WHAT_SOLD = order_list, orders, held_orders, exchange_rates, identities, quarantine
_HOW_IT_GOES = kpis, targets, network_figures, rankings, removal_effects, costs
_WHAT_IS_ASKED = stats, returns, cohorts, results
_THE_SHOP = settings, keys, recipients, reports, installation, connection, persons
_RESOURCES = *_WHO_SHARES, *_WHAT_SOLD, *_HOW_IT_GOES, *_WHAT_IS_ASKED, *_THE_SHOP
_api = resolver.create(*(resource.router for resource in _RESOURCES))
openapi.serve(_api, _RESOURCES)


@logs.entrance
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolver.respond(_api, event, context)
