"""The shop systems that the local cloud plays, at `/_platforms/<system>/<host>/…`."""

from collections.abc import Callable
from dataclasses import replace

from local.platforms.faults import Faults
from local.platforms.shopify import Shopify
from local.platforms.stripe import Stripe
from local.platforms.woocommerce import WooCommerce
from local.web import http
from local.web.http import Request, Response

PREFIX = "/_platforms/"
CLIENT_ID, CLIENT_SECRET = "the-stubs-client-id", "the-stubs-client-secret"
CONSUMER_KEY, CONSUMER_SECRET = "ck_of_the_stub", "cs_of_the_stub"
STRIPE_KEY = "rk_test_of_the_stub"


class Platforms:
    """One shop of each system, by whatever host it is called: `faults` are theirs together, and
    `asked` says what came, and whom it was sent to."""

    def __init__(self) -> None:
        self.shopify = Shopify(CLIENT_ID, CLIENT_SECRET)
        self.woocommerce = WooCommerce(CONSUMER_KEY, CONSUMER_SECRET)
        self.stripe = Stripe(STRIPE_KEY)
        self.faults = Faults()
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Response:
        system, host, path = request.path.removeprefix(PREFIX).split("/", 2)
        systems: dict[str, Callable[[Request], Response]] = {
            "shopify": self.shopify.answer,
            "woocommerce": self.woocommerce.answer,
            "stripe": self.stripe.answer,
        }
        if system not in systems:
            return http.problem(404, "no such system")
        self.asked.append(f"{host}: {request.method} /{path}")
        return self.faults.apply(replace(request, path=f"/{path}"), systems[system])
