"""What a shop system knows us by, as the operator hands it over. Pure."""

from dataclasses import field
from typing import Annotated

from pydantic import StringConstraints

from sharetrail.merchants.profile import Host, Merchant
from sharetrail.orders.order_fact import Vendor
from sharetrail.web.bodies import strict

_Secret = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=8, max_length=200, pattern=r"^[!-~]+$")
]
"""Printable ASCII without blanks: it travels in a header."""


@strict
class ShopifyApp:
    """Of an app of the merchant's own, made in Shopify's Dev Dashboard. The secret signs the app's
    webhooks, too."""

    client_id: _Secret
    client_secret: _Secret = field(repr=False)

    def host_of(self, merchant: Merchant) -> str:
        """The host that they are for."""
        return merchant.shopify_domain or ""

    def why_not(self, merchant: Merchant) -> dict[str, str]:
        if merchant.shopify_domain is None:
            return {"shopify_domain": "is required to connect a Shopify shop"}
        return {}


@strict
class WooCommerceKey:
    """Of an administrator's, with the right to read and write."""

    consumer_key: _Secret
    consumer_secret: _Secret = field(repr=False)
    host: Host | None = None
    """One of the merchant's own hosts, where it is not the shop's."""

    def host_of(self, merchant: Merchant) -> str:
        return self.host or merchant.shop_host

    def why_not(self, merchant: Merchant) -> dict[str, str]:
        if self.host and self.host not in merchant.hosts:
            return {"woocommerce.host": "is none of the merchant's hosts"}
        return {}


@strict
class StripeKey:
    """A restricted key, or a secret one."""

    secret_key: Annotated[_Secret, StringConstraints(pattern=r"^(rk|sk)_(live|test)_")] = field(
        repr=False
    )

    def host_of(self, _merchant: Merchant) -> str:
        return ""

    def why_not(self, _merchant: Merchant) -> dict[str, str]:
        return {}


Credential = ShopifyApp | WooCommerceKey | StripeKey
CREDENTIALS: dict[Vendor, type[Credential]] = {
    "shopify": ShopifyApp,
    "woocommerce": WooCommerceKey,
    "stripe": StripeKey,
}
