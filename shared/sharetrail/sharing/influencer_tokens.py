"""A token with which a page may speak for one known influencer for a day: `id.expiry.signature`."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

from sharetrail.merchants import vault
from sharetrail.merchants.keys.api_keys import Forbidden

LIFETIME = timedelta(days=1)


def mint(merchant_id: str, influencer_id: str, now: datetime) -> tuple[str, datetime]:
    """The token and when it ends."""
    until = (now + LIFETIME).replace(microsecond=0)
    claim = f"{influencer_id}.{int(until.timestamp())}"
    return f"{claim}.{_signature(merchant_id, claim, now)}", until


def influencer_of(merchant_id: str, token: str, now: datetime) -> str:
    """Whom the token speaks for. Forbidden where it is forged, another merchant's, or over."""
    claim, _, signature = token.rpartition(".")
    influencer_id, _, expiry = claim.rpartition(".")
    expected = _signature(merchant_id, claim, now)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        raise Forbidden("The influencer's token does not fit.")
    if datetime.fromtimestamp(int(expiry), UTC) <= now:
        raise Forbidden("The influencer's token is over; mint another.")
    return influencer_id


def _signature(merchant_id: str, claim: str, now: datetime) -> str:
    digest = vault.derived(merchant_id, "influencer token", claim, now)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
