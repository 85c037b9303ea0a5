"""People as keyed hashes: of what a shop tells of an order's buyer (e-mail, customer id, delivery
address) only HMACs are stored. And of who gets its reports, where the address is not needed."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sharetrail.merchants import vault
from sharetrail.merchants.contact import DeliveryAddress, as_written, mailbox_of

PEPPER = "pepper"


def of_buyer(
    merchant_id: str,
    platform: str,
    customer: object,
    email: str | None,
    address: DeliveryAddress | None,
    now: datetime,
) -> dict[str, Any]:
    """An order's buyer, by the names that a Sale has for them."""
    return {
        "customer": of_customer(merchant_id, platform, customer, now),
        "email": of_email(merchant_id, email, now),
        "email_as_written": of_email_as_written(merchant_id, email, now),
        "address": of_address(merchant_id, address, now),
    }


def of_email(merchant_id: str, email: str | None, now: datetime) -> str | None:
    """The person behind an e-mail address: HMAC of the mailbox that it leads to."""
    mailbox = mailbox_of(email or "")
    return _hashed(merchant_id, f"email:{mailbox}", now) if mailbox else None


def of_email_as_written(merchant_id: str, email: str | None, now: datetime) -> str | None:
    """What of_email was before 2026-11-30, where that is another."""
    written = as_written(email or "")
    is_other = written != mailbox_of(email or "")
    return _hashed(merchant_id, f"email:{written}", now) if is_other else None


def of_emails(merchant_id: str, email: str | None, now: datetime) -> list[str]:
    """All that ever stood for whoever has this address."""
    hashes = (of_email(merchant_id, email, now), of_email_as_written(merchant_id, email, now))
    return [each for each in hashes if each]


def of_address(merchant_id: str, address: DeliveryAddress | None, now: datetime) -> str | None:
    """The household behind a delivery address; None where that says too little."""
    house = address and address.compared
    return _hashed(merchant_id, f"address:{house}", now) if house else None


def of_customer(merchant_id: str, platform: str, customer: object, now: datetime) -> str | None:
    """The person behind the platform's customer id."""
    if customer in (None, ""):
        return None
    return _hashed(merchant_id, f"customer:{platform}:{customer}", now)


def of_customers(merchant_id: str, ids: Mapping[Any, str] | None, now: datetime) -> list[str]:
    """The persons behind customer ids by platform."""
    found = (of_customer(merchant_id, name, each, now) for name, each in (ids or {}).items())
    return [each for each in found if each]


def of_recipient(merchant_id: str, address: str, now: datetime) -> str:
    """Who gets a merchant's reports, however the address is written."""
    return _hashed(merchant_id, f"recipient:{address.casefold()}", now)


def _hashed(merchant_id: str, text: str, now: datetime) -> str:
    pepper, *_ = vault.active(merchant_id, PEPPER, now)
    return hmac.digest(pepper, text.encode(errors="replace"), hashlib.sha256).hex()[:32]
