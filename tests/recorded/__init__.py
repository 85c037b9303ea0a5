"""What real shops sent, byte for byte. All persons are made up.

`woocommerce.jsonl`: 91 deliveries of WooCommerce 11.0.1 (a few of 7.9.0), in order. Nobody has the
secret they were signed with, so tests sign the bodies again.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Recorded:
    name: str
    at: datetime
    headers: dict[str, str]
    """Names in lower case, without the signature."""
    body: bytes

    @property
    def payload(self) -> Any:
        return json.loads(self.body)

    @property
    def topic(self) -> str:
        return self.headers.get("x-wc-webhook-topic", "")

    @property
    def is_old(self) -> bool:
        """Of WooCommerce 7.9, whose shop has orders of its own."""
        return "WooCommerce/7." in self.headers["user-agent"]

    @property
    def order(self) -> str:
        """`38`, `23 of 7.9`; empty where it is of no order."""
        if not self.topic or "id" not in self.payload:
            return ""
        return f"{self.payload['id']}{' of 7.9' * self.is_old}"


def woocommerce() -> list[Recorded]:
    lines = Path(__file__).with_name("woocommerce.jsonl").read_text().splitlines()
    return [_recorded(**json.loads(line)) for line in lines]


def _recorded(name: str, at: str, headers: dict[str, str], body: str) -> Recorded:
    named = {key.lower(): value for key, value in headers.items()}
    named.pop("x-wc-webhook-signature", None)
    when = datetime.fromisoformat(at)
    return Recorded(name=name, at=when, headers=named, body=body.encode())
