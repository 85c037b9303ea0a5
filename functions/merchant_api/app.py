"""The resources a merchant reads and sets under a secret key (sk_…): a file a resource in `api/`.

/v1/influencers · links · codes · share-tree · orders · held-orders · rates · identities ·
quarantine · costs · returns · cohorts · rankings · removal-effects · stats · results · reports ·
settings · recipients · keys · installation · connection · kpis · targets ·
network-figures · openapi.json
"""

from typing import Any

from sharetrail.api.account import (
    connection,
    installation,
    keys,
    recipients,
    reports,
    settings,
)
from sharetrail.api.description import openapi
from sharetrail.api.frame import resolver
from sharetrail.api.measures import (
    costs,
    kpis,
    network_figures,
    rankings,
    removal_effects,
    targets,
)
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
_RESOURCES = (
    *(influencer_list, influencers, link_list, links, qr_codes, coupon_codes, share_tree),
    *(order_list, orders, held_orders, exchange_rates, identities, quarantine),
    *(rankings, removal_effects, costs, stats, returns, cohorts, results),
    *(kpis, targets, network_figures),
    *(keys, recipients, reports, settings, installation, connection),
)
_api = resolver.create(*(resource.router for resource in _RESOURCES))
openapi.serve(_api, _RESOURCES)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolver.respond(_api, event, context)
