"""Other shops' webhooks as a test sends them: payloads of their shapes, signed."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from standardwebhooks import Webhook
from stripe import WebhookSignature

from sharetrail.merchants.profile import Merchant
from tests.shops import HOST, STRIPE_SECRET, WOOCOMMERCE_SECRET, Answer, Shop

Payload = dict[str, Any]


def a_merchant(at: datetime, *hosts: str) -> Merchant:
    return Merchant(
        id="m_1",
        name="Mug & Bean",
        shop_host=HOST,
        hosts=(HOST, *hosts),
        origins=(),
        currency="USD",
        zone="America/New_York",
        created_at=at,
    )


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def gmt(at: datetime) -> str:
    """As WooCommerce writes it: UTC, whole seconds, and no word of a zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def a_woo_order(at: datetime, order: int = 1001, **changes: Any) -> Payload:
    """The REST API's order, version 3: two mugs at 25.00 less 5.00 by a coupon, 19 % tax on top,
    5.00 of shipping; paid when it was placed."""
    when = gmt(at)
    return {
        "id": order,
        "parent_id": 0,
        "status": "processing",
        "currency": "USD",
        "version": "9.8.1",
        "prices_include_tax": False,
        "date_created": when,
        "date_modified": when,
        "discount_total": "5.00",
        "discount_tax": "0.95",
        "shipping_total": "5.00",
        "shipping_tax": "0.95",
        "cart_tax": "8.55",
        "total": "59.50",
        "total_tax": "9.50",
        "customer_id": 26,
        "order_key": "wc_order_58d2d042d1d",
        "billing": {"first_name": "Bea", "country": "US", "email": "buyer@example.com"},
        "shipping": {"first_name": "Bea", "country": "US"},
        "payment_method": "bacs",
        "payment_method_title": "Bank transfer",
        "transaction_id": "",
        "customer_ip_address": "203.0.113.9",
        "customer_user_agent": "Mozilla/5.0",
        "created_via": "checkout",
        "customer_note": "",
        "date_completed": None,
        "date_paid": when,
        "cart_hash": "773494f36eae33cad3dab526b3b46914",
        "number": str(order),
        "meta_data": [],
        "line_items": [
            {
                "id": 315,
                "name": "Mug",
                "product_id": 93,
                "variation_id": 0,
                "quantity": 2,
                "tax_class": "",
                "subtotal": "50.00",
                "subtotal_tax": "9.50",
                "total": "45.00",
                "total_tax": "8.55",
                "taxes": [{"id": 75, "total": "8.55", "subtotal": "9.50"}],
                "meta_data": [],
                "sku": "MUG-1",
                "price": 22.5,
            }
        ],
        "tax_lines": [{"id": 318, "rate_code": "US-TAX", "tax_total": "8.55"}],
        "shipping_lines": [{"id": 317, "method_id": "flat_rate", "total": "5.00"}],
        "fee_lines": [],
        "coupon_lines": [{"id": 319, "code": "spring5", "discount": "5", "discount_tax": "0.95"}],
        "refunds": [],
        "payment_url": f"https://{HOST}/checkout/order-pay/{order}/",
        "is_editable": False,
        "date_created_gmt": when,
        "date_modified_gmt": when,
        "date_completed_gmt": None,
        "date_paid_gmt": when,
        "currency_symbol": "$",
        **changes,
    }


def later(payload: Payload, at: datetime, **changes: Any) -> Payload:
    """The order as it stands at a later time."""
    return {**payload, "date_modified": gmt(at), "date_modified_gmt": gmt(at), **changes}


def a_woo_refund(refund: int, total: str) -> Payload:
    return {"id": refund, "reason": "", "total": total}


def meta(**said: str) -> list[Payload]:
    return [{"id": n, "key": key, "value": value} for n, (key, value) in enumerate(said.items())]


def woo_signature(body: bytes, secret: str = WOOCOMMERCE_SECRET) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def woo_headers(topic: str, body: bytes) -> dict[str, str]:
    resource, _, event = topic.partition(".")
    return {
        "content-type": "application/json",
        "user-agent": "WooCommerce/9.8.1 Hookshot (WordPress/6.8)",
        "x-wc-webhook-source": f"https://{HOST}/",
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-resource": resource,
        "x-wc-webhook-event": event,
        "x-wc-webhook-signature": woo_signature(body),
        "x-wc-webhook-id": "7",
        "x-wc-webhook-delivery-id": "1d3b3a8e3f0f9d0c6d5b3c0b2a3f4e5d",
    }


def send_woo(shop: Shop, topic: str, payload: Any, **headers: str | None) -> Answer:
    """A delivery; a header that is None is left out."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return _send(shop, "woocommerce", body, woo_headers(topic, body), headers)


# ── Stripe ───────────────────────────────────────────────────────────────────────────────────────
def seconds(at: datetime) -> int:
    return int(at.timestamp())


def an_event(kind: str, thing: Payload, at: datetime, **changes: Any) -> Payload:
    return {
        "id": "evt_1MqqbKLt4dXK03v5qaIbiNCC",
        "object": "event",
        "api_version": "2025-09-30.clover",
        "created": seconds(at),
        "data": {"object": thing},
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        **changes,
    }


def a_session(at: datetime, **changes: Any) -> Payload:
    """A paid Checkout session: items for 50.00 less 5.00, 8.55 of tax on top, 5.00 of shipping."""
    return {
        "id": "cs_live_a1b2c3",
        "object": "checkout.session",
        "after_expiration": None,
        "allow_promotion_codes": True,
        "amount_subtotal": 5_000,
        "amount_total": 5_855,
        "automatic_tax": {"enabled": True, "status": "complete"},
        "client_reference_id": None,
        "created": seconds(at) - 600,
        "currency": "usd",
        "currency_conversion": None,
        "customer": "cus_NeZwdNtLEOXuvB",
        "customer_details": {"email": "buyer@example.com", "name": "Bea", "tax_exempt": "none"},
        "customer_email": None,
        "discounts": [{"coupon": None, "promotion_code": "promo_1Spring"}],
        "invoice": None,
        "livemode": True,
        "metadata": {},
        "mode": "payment",
        "payment_intent": "pi_1001",
        "payment_link": None,
        "payment_method_types": ["card"],
        "payment_status": "paid",
        "presentment_details": None,
        "setup_intent": None,
        "shipping_cost": {
            "amount_subtotal": 500,
            "amount_tax": 0,
            "amount_total": 500,
            "shipping_rate": "shr_1",
        },
        "status": "complete",
        "subscription": None,
        "success_url": "https://shop.example/thanks",
        "total_details": {"amount_discount": 500, "amount_shipping": 500, "amount_tax": 855},
        "url": None,
        **changes,
    }


def a_charge(refunded: int, amount: int = 5_855, **changes: Any) -> Payload:
    return {
        "id": "ch_1001",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": refunded,
        "billing_details": {"email": "buyer@example.com"},
        "captured": True,
        "currency": "usd",
        "customer": "cus_NeZwdNtLEOXuvB",
        "disputed": False,
        "livemode": True,
        "metadata": {},
        "paid": True,
        "payment_intent": "pi_1001",
        "refunded": refunded == amount,
        "status": "succeeded",
        **changes,
    }


def a_stripe_refund(amount: int, status: str = "failed", **changes: Any) -> Payload:
    return {
        "id": "re_1",
        "object": "refund",
        "amount": amount,
        "balance_transaction": "txn_1",
        "charge": "ch_1001",
        "currency": "usd",
        "failure_reason": "expired_or_canceled_card",
        "metadata": {},
        "payment_intent": "pi_1001",
        "reason": None,
        "status": status,
        **changes,
    }


def a_dispute(status: str, amount: int = 5_855, **changes: Any) -> Payload:
    return {
        "id": "du_1",
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": "ch_1001",
        "currency": "usd",
        "evidence_details": {"has_evidence": False, "past_due": False},
        "is_charge_refundable": False,
        "livemode": True,
        "metadata": {},
        "payment_intent": "pi_1001",
        "reason": "general",
        "status": status,
        **changes,
    }


def stripe_signature(body: bytes, at: datetime, secret: str = STRIPE_SECRET) -> str:
    """By Stripe's own library."""
    return WebhookSignature.generate_signature_header(body.decode(), secret, seconds(at))


def stripe_headers(body: bytes, at: datetime) -> dict[str, str]:
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": stripe_signature(body, at),
    }


def send_stripe(
    shop: Shop, kind: str, thing: Payload, minutes: float = 0, **changes: Any
) -> Answer:
    """An event of so many minutes from now."""
    at = shop.cloud.clock.now() + timedelta(minutes=minutes)
    return post_stripe(shop, an_event(kind, thing, at, **changes))


def post_stripe(shop: Shop, event: Any, **headers: str | None) -> Answer:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    now = shop.cloud.clock.now()
    return _send(shop, "stripe", body, stripe_headers(body, now), headers)


# ── Standard Webhooks ────────────────────────────────────────────────────────────────────────────
_SALE: Payload = {
    "order_id": "1001",
    "name": "#1001",
    "currency": "USD",
    "subtotal": "45.00",
    "total": "50.00",
    "items": [{"product_id": 1, "title": "Mug", "quantity": 1, "net": "45.00"}],
    "trail": ["0000000000000000000000000a"],
    "visit": "other",
    "customer": {"id": 7, "email": "buyer@example.com"},
    "delivery_address": {"line1": "Main Street 1", "postcode": 10001, "country": "US"},
    "codes": ["spring5"],
    "test": False,
    "renewal": False,
    "made_by_hand": False,
}
_OF_ORDER = {"order_id": "1001", "currency": "USD"}
_OF_REFUND = {**_OF_ORDER, "refund_id": "r1"}
_OF_DISPUTE = {**_OF_ORDER, "dispute_id": "d1"}
MESSAGE_DATA: dict[str, Payload] = {
    "order.placed": _SALE,
    "order.paid": _SALE,
    "order.updated": {**_SALE, "refunded_in_total": True},
    "order.fulfilled": _OF_ORDER,
    "order.cancelled": _OF_ORDER,
    "order.restored": _OF_ORDER,
    "order.refunded": {**_OF_REFUND, "subtotal": "8.00", "total": "9.00"},
    "order.refund_failed": _OF_REFUND,
    "order.disputed": {**_OF_DISPUTE, "total": "50.00"},
    "order.dispute_won": _OF_DISPUTE,
}


def a_message(kind: str = "order.placed", **changes: Any) -> Payload:
    """A valid one whose data are changed; what is changed to ... is taken out."""
    data = {**MESSAGE_DATA[kind], **changes}
    kept = {name: value for name, value in data.items() if value is not ...}
    return {"type": kind, "timestamp": "2026-11-21T12:00:00Z", "data": kept}


def post_standard(
    shop: Shop,
    message: Payload,
    at: datetime | None = None,
    secret: str = "",
    query: str = "",
) -> Answer:
    """Signed by somebody else's library, now and with the shop's own secret unless said."""
    at, body = at or shop.cloud.clock.now(), json.dumps(message)
    signer = Webhook(secret or shop.facts["webhook_secrets"]["standard"])
    headers: dict[str, str] = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(seconds(at)),
        "webhook-signature": signer.sign("msg_1", at, body),
    }
    return shop.ask("POST", f"/v1/webhooks/standard/{shop.id}{query}", body.encode(), headers)


def _send(
    shop: Shop, provider: str, body: bytes, signed: dict[str, str], other: dict[str, str | None]
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in other.items()}
    headers = {name: value for name, value in (signed | named).items() if value is not None}
    return shop.ask("POST", f"/v1/webhooks/{provider}/{shop.id}", body, headers)


def a_woo_customer(customer: int, email: str, **changes: Any) -> Payload:
    """The REST API's customer, as far as it is asked for."""
    told = {"id": customer, "email": email, "date_created_gmt": "2024-05-01T08:00:00"}
    return {**told, "is_paying_customer": True, **changes}
