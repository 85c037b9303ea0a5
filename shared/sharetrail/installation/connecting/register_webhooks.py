"""A shop's webhooks as they should be: all topics that are read, active, leading to its address
here, signed by a secret that is known here. Run twice it changes nothing the second time.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sharetrail.aws import environment
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import shopify, stripe, subscription, woocommerce
from sharetrail.platforms.connection import Webhooks
from sharetrail.platforms.credential import ShopifyApp
from sharetrail.platforms.subscription import Subscription, Wanted
from sharetrail.platforms.trouble import CallFailed

_BY_HAND = "by hand"
"""In the place of a digest: the merchant made it, and told us its secret."""


def of_shopify(
    merchant: Merchant, shop: shopify.Shop, app: ShopifyApp, before: Webhooks
) -> Webhooks:
    """They are signed by the app's own secret."""
    vault.keep(merchant.id, "webhook:shopify", app.client_secret.encode())
    found, old_version = shopify.subscriptions(shop)
    wanted = Wanted(topics=shop.topics, address=address_of(merchant, "shopify"))
    repair = subscription.plan(wanted, found, before.signed)
    made = _made(shop, repair.make, wanted.address)
    for each in repair.mend:
        shopify.redirect(shop, each, wanted.address)
    for each in repair.remove:
        shopify.unsubscribe(shop, each)
    refused = [topic for topic in repair.make if topic not in made.values()]
    told = _told(wanted, repair, dict.fromkeys(made, wanted.signature))
    return replace(
        told,
        topics=tuple(shopify.name_of(each) for each in wanted.topics if each not in refused),
        untold=tuple(map(shopify.name_of, (*refused, *shop.untold_topics))),
        old_version=old_version,
    )


def _made(shop: shopify.Shop, topics: Iterable[str], address: str) -> dict[str, str]:
    """Ids and topics of those that Shopify let us make: one that it does not holds up no other."""
    made = {}
    for topic in topics:
        try:
            made[shopify.subscribe(shop, topic, address)] = topic
        except CallFailed as failure:
            if failure.trouble.kind != "refused":
                raise
    return made


def of_woocommerce(
    merchant: Merchant, shop: woocommerce.Shop, before: Webhooks, now: datetime
) -> Webhooks:
    """They are signed by the newest secret that is known here, be it one of our making."""
    name = "webhook:woocommerce"
    if not vault.active(merchant.id, name, now):
        vault.keep_first(merchant.id, name, secrets.token_hex(32).encode())
    secret = vault.active(merchant.id, name, now)[0].decode()
    wanted = Wanted(
        topics=woocommerce.TOPICS,
        address=address_of(merchant, "woocommerce"),
        signature=vault.derived(merchant.id, "webhook digest", secret, now).hex()[:16],
    )
    repair = subscription.plan(wanted, woocommerce.subscriptions(shop), before.signed)
    made = {
        woocommerce.subscribe(shop, topic, wanted.address, secret): wanted.signature
        for topic in repair.make
    }
    for each in repair.mend:
        woocommerce.mend(shop, each, wanted.address, secret)
    for each in repair.remove:
        woocommerce.remove(shop, each)
    return _told(wanted, repair, made)


def _told(wanted: Wanted, repair: subscription.Repair, made: dict[str, str]) -> Webhooks:
    stay = [*repair.stay, *repair.mend]
    return Webhooks(
        topics=wanted.topics,
        made=len(made),
        mended=len(repair.mend),
        removed=len(repair.remove),
        signed={**dict.fromkeys((each.id for each in stay), wanted.signature), **made},
    )


def of_stripe(merchant: Merchant, shop: stripe.Shop, before: Webhooks, now: datetime) -> Webhooks:
    """One endpoint that hears of everything. Stripe tells its secret when it is made, and never
    again: one that we made and whose secret did not arrive is made anew. One that the merchant made
    is taken as it is, where its secret was given to us."""
    address, attempt = address_of(merchant, "stripe"), now.isoformat()
    found = [each for each in stripe.endpoints(shop) if _is_ours(each, address, before)]
    kept = next((each for each in found if each.id in before.signed), None)
    if kept is None and vault.active(merchant.id, "webhook:stripe", now):
        kept = next((each for each in found if not each.is_ours), None)
    made = mended = 0
    if kept is None:
        kept_id, secret = stripe.make_endpoint(shop, address, attempt)
        vault.keep(merchant.id, "webhook:stripe", secret.encode())
        made = 1
    else:
        kept_id = kept.id
        if not _is_right(kept, address):
            stripe.mend_endpoint(shop, kept, address, attempt)
            mended = 1
    others = [each for each in found if each.id != kept_id]
    for each in others:
        stripe.remove_endpoint(shop, each)
    return Webhooks(
        topics=stripe.EVENTS,
        made=made,
        mended=mended,
        removed=len(others),
        signed={kept_id: _BY_HAND if kept and not kept.is_ours else "made here"},
    )


def _is_ours(endpoint: Subscription, address: str, before: Webhooks) -> bool:
    return endpoint.address == address or endpoint.id in before.signed


def _is_right(endpoint: Subscription, address: str) -> bool:
    hears = "*" in endpoint.topics or endpoint.topics >= {*stripe.EVENTS}
    return endpoint.is_active and endpoint.address == address and hears


def address_of(merchant: Merchant, platform: str) -> str:
    """Where the shop's system tells us of orders."""
    return f"{environment.public_base_url()}/v1/webhooks/{platform}/{merchant.id}"
