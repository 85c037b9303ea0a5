"""Who wants no more mail. Table merchants: `unsubscribe#sha256 / recipient` for a token, and
`merchant#id / unsubscribed#recipient` for the wish itself.

A token is derived from merchant and address, so every mail to one person carries the same, and is
stored hashed only.
"""

import hashlib
from datetime import datetime

from sharetrail.aws import environment
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso
from sharetrail.merchants import vault
from sharetrail.problems import NotFound


class UnknownToken(NotFound):
    """A link to unsubscribe that we did not make."""


def url_for(merchant_id: str, recipient: str, now: datetime) -> str:
    """The address that unsubscribes this recipient, known to work before the mail leaves."""
    token = vault.derived(merchant_id, "unsubscribe", recipient, now).hex()
    item = {"pk": _token_key(token), "sk": "recipient", "merchant": merchant_id}
    MERCHANTS.put({**item, "recipient": recipient})
    return f"{environment.public_base_url()}/unsubscribe/{token}"


def recipient_of(token: str) -> tuple[str, str]:
    """Merchant and address behind a token. UnknownToken where there is none."""
    item = MERCHANTS.get(_token_key(token), "recipient")
    if item is None:
        raise UnknownToken("This link to unsubscribe is not one of ours.")
    return item["merchant"], item["recipient"]


def unsubscribe(merchant_id: str, recipient: str, now: datetime) -> None:
    MERCHANTS.put_once({**_wish(merchant_id, recipient), "at": iso(now)})


def resubscribe(merchant_id: str, recipient: str) -> None:
    MERCHANTS.delete(**_wish(merchant_id, recipient))


def is_unsubscribed(merchant_id: str, recipient: str) -> bool:
    wish = _wish(merchant_id, recipient)
    return MERCHANTS.get(wish["pk"], wish["sk"]) is not None


def _wish(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"unsubscribed#{recipient.casefold()}"}


def _token_key(token: str) -> str:
    return f"unsubscribe#{hashlib.sha256(token.encode()).hexdigest()}"
