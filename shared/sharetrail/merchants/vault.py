"""A merchant's secrets, encrypted by KMS under the merchant's name.

Table: `merchant#id / secret#name`. The encryption context names merchant and secret, so what was
encrypted for one merchant does not decrypt for another. At most two values are active: the newest
and the one before it, so that a secret can be rotated without losing a delivery. Whoever sets one
writes its `values` and no other attribute.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sharetrail.aws import clients, environment
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import STANDS, Aged

ACTIVE = 2
# While the table is away an order can still be verified, and kept until it is stored. A secret that
# was replaced just before stays good for as long, as it does anyway until the next is.
_recent: Aged[tuple[bytes, ...]] = Aged(timedelta(minutes=1), stands=STANDS)


def keep(merchant_id: str, name: str, value: bytes) -> None:
    """Make `value` the secret in use; the one before it stays good until the next."""
    while not _replace(merchant_id, name, value):  # somebody else was faster: theirs is the older
        pass
    _recent.clear()


def _replace(merchant_id: str, name: str, value: bytes) -> bool:
    """Whether `value` is the newest now; False, and nothing written, on a race."""
    key = _key(merchant_id, name)
    old = (MERCHANTS.get(key["pk"], key["sk"]) or {}).get("values", [])
    if value in _decrypt(merchant_id, name, old[:1]):
        return True
    return MERCHANTS.update(
        key,
        "SET #values = :new",
        "#values = :old" if old else "attribute_not_exists(#values)",
        names=("values",),
        new=[sealed(merchant_id, name, value), *old][:ACTIVE],
        **({"old": old} if old else {}),
    )


def keep_first(merchant_id: str, name: str, value: bytes | None = None) -> bool:
    """Make `value`, or 32 random bytes, the secret, unless there is one; whether there was none."""
    first = sealed(merchant_id, name, value or secrets.token_bytes(32))
    is_first = MERCHANTS.update(
        _key(merchant_id, name),
        "SET #values = :new",
        "attribute_not_exists(#values)",
        names=("values",),
        new=[first],
    )
    _recent.clear()
    return is_first


def forget(merchant_id: str, name: str) -> None:
    """All values of it, for good."""
    key = _key(merchant_id, name)
    MERCHANTS.delete(key["pk"], key["sk"])
    _recent.clear()


def active(merchant_id: str, name: str, now: datetime) -> tuple[bytes, ...]:
    """The values that are good now, newest first; empty where the secret was never set."""
    key = f"{merchant_id}#{name}"
    return _recent.get(key, now, lambda brisk: _read(merchant_id, name, brisk)) or ()


def newest(merchant_id: str, name: str) -> bytes | None:
    """The value that was set last, as of now: where another instance may have set it a moment ago,
    and one of before would not do."""
    values = _read(merchant_id, name, brisk=False)
    return values[0] if values else None


def derived(merchant_id: str, purpose: str, text: str, now: datetime) -> bytes:
    """HMAC-SHA256 of `text` for one purpose, under the key of a merchant that never rotates.

    Link codes, anonymous influencers and unsubscribe tokens come from here: the same inputs give
    the same bytes for as long as the merchant lives.
    """
    (root,) = active(merchant_id, "root", now)
    return hmac.digest(hmac.digest(root, purpose.encode(), hashlib.sha256), text.encode(), "sha256")


def _read(merchant_id: str, name: str, brisk: bool) -> tuple[bytes, ...] | None:
    """None, not (), where there is none: what made-up merchants lack pushes no secret out."""
    key = _key(merchant_id, name)
    item = MERCHANTS.get(key["pk"], key["sk"], brisk=brisk)
    return _decrypt(merchant_id, name, item["values"]) if item else None


def _key(merchant_id: str, name: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"secret#{name}"}


def _context(merchant_id: str, name: str) -> dict[str, str]:
    return {"merchant": merchant_id, "secret": name}


def sealed(merchant_id: str, name: str, value: bytes) -> bytes:
    """The value as it may be stored: it decrypts for this merchant and name alone."""
    answer = clients.kms().encrypt(
        KeyId=environment.merchant_key(),
        Plaintext=value,
        EncryptionContext=_context(merchant_id, name),
    )
    return answer["CiphertextBlob"]


def opened(merchant_id: str, name: str, value: bytes) -> bytes:
    """What `sealed` was given."""
    context = _context(merchant_id, name)
    answer = clients.kms().decrypt(CiphertextBlob=value, EncryptionContext=context)
    return answer["Plaintext"]


def _decrypt(merchant_id: str, name: str, values: list[bytes]) -> tuple[bytes, ...]:
    return tuple(opened(merchant_id, name, value) for value in values)
