"""Credentials as kept: in the merchant's vault, encrypted under its name like webhook secrets, and
read by whoever calls the system alone. Of two active values the newest counts.

With them stands the host that they were given for: a merchant's shop may move, and what it was
known by is for nobody else to hear.
"""

import json

from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.credential import CREDENTIALS, Credential
from sharetrail.platforms.trouble import CallFailed
from sharetrail.web.bodies import parse, plain

_PREFIX = "platform:"


def keep(merchant: Merchant, platform: Vendor, credential: Credential) -> None:
    kept = {"host": credential.host_of(merchant), "credential": plain(credential)}
    text = json.dumps(kept, sort_keys=True)
    vault.keep(merchant.id, _PREFIX + platform, text.encode())


def find(merchant: Merchant, platform: Vendor) -> Credential | None:
    """Those given last, be it a moment ago: by older ones a shop that was just mended would be told
    that it is not. CallFailed where the host that they are for is none of the merchant's by now."""
    text = vault.newest(merchant.id, _PREFIX + platform)
    if text is None:
        return None
    kept = json.loads(text)
    credential = parse(CREDENTIALS[platform], kept["credential"])
    if credential.why_not(merchant) or credential.host_of(merchant) != kept["host"]:
        raise CallFailed("credentials")
    return credential


def forget(merchant_id: str, platform: Vendor) -> None:
    vault.forget(merchant_id, _PREFIX + platform)
