"""People as keyed hashes: an e-mail or a customer id is never stored, only its HMAC."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sharetrail.merchants import vault

PEPPER = "pepper"


def of_email(merchant_id: str, email: str | None, now: datetime) -> str | None:
    """The person behind an e-mail address: HMAC of NFKC, case-folded, trimmed."""
    plain = unicodedata.normalize("NFKC", email or "").casefold().strip()
    return _hashed(merchant_id, f"email:{plain}", now) if plain else None


def of_customer(merchant_id: str, platform: str, customer: object, now: datetime) -> str | None:
    """The person behind the platform's customer id."""
    if customer in (None, ""):
        return None
    return _hashed(merchant_id, f"customer:{platform}:{customer}", now)


def of_customers(merchant_id: str, ids: Mapping[Any, str] | None, now: datetime) -> list[str]:
    """The persons behind customer ids by platform."""
    found = (of_customer(merchant_id, name, each, now) for name, each in (ids or {}).items())
    return [each for each in found if each]


def _hashed(merchant_id: str, text: str, now: datetime) -> str:
    pepper, *_ = vault.active(merchant_id, PEPPER, now)
    return hmac.digest(pepper, text.encode(errors="replace"), hashlib.sha256).hex()[:32]
