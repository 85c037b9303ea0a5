"""Influencers' e-mail addresses as the table has them: each encrypted by KMS under the merchant's
and the influencer's name. Who asks for one influencer by the secret key reads it; lists have none.

Until 2026-12 they stood in clear. Such a one is read as it stands, and is encrypted once it is told
anew, or in the night in which its merchant is scored.
"""

from itertools import islice

from sharetrail.aws.items import Item
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.merchants import vault
from sharetrail.sharing import influencers

_A_NIGHT = 1_000
"""That are encrypted of a merchant at once: some ten seconds."""


def sealed(merchant_id: str, influencer_id: str, email: str | None) -> bytes | None:
    """None where nothing was told; KMS encrypts no empty text, by which one is taken back."""
    if not email:
        return None if email is None else b""
    return vault.sealed(merchant_id, _name(influencer_id), email.encode())


def opened(merchant_id: str, influencer: Item) -> str | None:
    """The address in a row of the table; None where the shop told none."""
    email: bytes | str | None = influencer.get("email")
    if not email:
        return None if email is None else ""
    if isinstance(email, str):
        return email
    return vault.opened(merchant_id, _name(influencer["sk"]), email).decode()


def seal_all(merchant_id: str) -> None:
    """Of whoever a merchant told of, those that still stand in clear; but for what is told anew
    meanwhile."""
    known = influencers.listed(merchant_id, "", anonymous=False)
    in_clear = (row for row in known if isinstance(row.get("email"), str) and row["email"])
    for row in islice(in_clear, _A_NIGHT):
        INFLUENCERS.update(
            {"pk": merchant_id, "sk": row["sk"]},
            "SET email = :sealed",
            "email = :clear",
            sealed=sealed(merchant_id, row["sk"], row["email"]),
            clear=row["email"],
        )


def _name(influencer_id: str) -> str:
    return f"email of {influencer_id}"
