"""Webhook deliveries, signed as Shopify signs them."""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from local.shop.shopify.shapes import Payload

API_VERSION = "2024-10"
UNREACHABLE = 0  # instead of a status
_PATIENCE = 15  # seconds; Shopify has five, but a laptop may be busy

Deliver = Callable[[str, dict[str, str], bytes], int]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What was sent and how it was answered."""

    topic: str
    at: datetime
    status: int

    @property
    def is_received(self) -> bool:
        return 200 <= self.status < 300


def body_of(payload: Payload) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(
    *, topic: str, body: bytes, secret: str, domain: str, at: datetime
) -> dict[str, str]:
    """Everything but the signature goes unsigned, as at Shopify."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-Hmac-Sha256": sign(secret, body),
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Event-Id": secrets.token_hex(16),
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Triggered-At": at.isoformat(),
        "X-Shopify-Test": "false",
    }


def sign(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def post(api: str, path: str, headers: dict[str, str], body: bytes) -> int:
    """The status that `api` answers with, or UNREACHABLE."""
    request = urllib.request.Request(f"{api}{path}", body, headers, method="POST")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=_PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return UNREACHABLE
