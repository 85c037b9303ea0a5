"""The resources a merchant reads and sets under a secret key (sk_…): a file a resource in `api/`.

/v1/influencers · links · orders · codes · rates · identities · removal-effects · stats · results
· share-tree · kpis · targets · network-figures · quarantine · openapi.json
"""

from typing import Any

from sharetrail.api.frame import resolver, results
from sharetrail.api.measures import kpis, network_figures, removal_effects, targets
from sharetrail.api.orders import exchange_rates, identities, orders, quarantine
from sharetrail.api.questions import stats
from sharetrail.api.sharing import coupon_codes, influencers, links, share_tree
from sharetrail.aws import clients

clients.warm()
_RESOURCES = (
    *(influencers, links, orders, coupon_codes, exchange_rates, identities),
    *(kpis, targets, network_figures),
    *(removal_effects, stats, share_tree, quarantine, results),
)
_api = resolver.create(*(resource.router for resource in _RESOURCES))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolver.respond(_api, event, context)
