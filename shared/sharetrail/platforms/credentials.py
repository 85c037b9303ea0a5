"""Credentials as kept: in the merchant's vault, encrypted under its name like webhook secrets, and
read by whoever calls the system alone. Of two active values the newest counts."""

import json

from sharetrail.merchants import vault
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.credential import CREDENTIALS, Credential
from sharetrail.web.bodies import parse, plain

_PREFIX = "platform:"


def keep(merchant_id: str, platform: Vendor, credential: Credential) -> None:
    text = json.dumps(plain(credential), sort_keys=True)
    vault.keep(merchant_id, _PREFIX + platform, text.encode())


def find(merchant_id: str, platform: Vendor) -> Credential | None:
    """Those given last, be it a moment ago: by older ones a shop that was just mended would be told
    that it is not."""
    text = vault.newest(merchant_id, _PREFIX + platform)
    return parse(CREDENTIALS[platform], json.loads(text)) if text else None
