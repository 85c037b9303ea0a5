"""Who wants no more mail. Table merchants: `unsubscribe#sha256 / recipient` for a token, and
`merchant#id / unsubscribed#recipient` for the wish itself: `at` since when it stands, and `newest`
when it was said last. Without them it was taken back: anybody may call what takes it back, and so
that deletes no row.

A token is derived from merchant and address, so every mail to one person carries the same, and is
stored hashed only. It is good for ever, and for nothing but this wish. Of who is off the list all
this stands under a code of the address: see merchants/recipients.py.
"""

from datetime import datetime, timedelta

from sharetrail.aws import environment
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment
from sharetrail.merchants import vault
from sharetrail.merchants.recipients import leaving_token, token_key
from sharetrail.problems import NotFound

UNDONE_WITHIN = timedelta(minutes=30)


class UnknownToken(NotFound):
    """A link to unsubscribe that we did not make."""


def url_for(merchant_id: str, recipient: str, now: datetime) -> str:
    """The address that unsubscribes this recipient, known to work before the mail leaves."""
    token = leaving_token(merchant_id, recipient, now)
    MERCHANTS.put({**token_key(token), "merchant": merchant_id, "recipient": recipient})
    return f"{environment.public_base_url()}/unsubscribe/{token}"


def recipient_of(token: str) -> tuple[str, str]:
    """Merchant and address behind a token; of who is off the list, the code in its place.
    UnknownToken where there is none."""
    key = token_key(token)
    item = MERCHANTS.get(key["pk"], key["sk"])
    if item is None:
        raise UnknownToken("This link to unsubscribe is not one of ours.")
    return item["merchant"], item["recipient"]


def knows(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Whether the address was ever mailed to, as it is written here, and not erased since: of whom
    no link to unsubscribe is known no mail was sent. Of a shop that was erased nobody."""
    if not vault.active(merchant_id, "root", now):
        return False
    key = token_key(leaving_token(merchant_id, recipient, now))
    return MERCHANTS.get(key["pk"], key["sk"], only=["pk"]) is not None


def unsubscribe(merchant_id: str, recipient: str, now: datetime) -> None:
    MERCHANTS.update(
        _wish(merchant_id, recipient),
        "SET #at = if_not_exists(#at, :now), newest = :now",
        "attribute_not_exists(newest) OR newest < :now",
        ["at"],
        now=iso(now),
    )


def undo(merchant_id: str, recipient: str, now: datetime) -> bool:
    """Take the wish back where it stands for less than half an hour: whoever has an old mail of
    somebody's takes back nothing of before. False where it stands; again it does no harm."""
    is_undone = MERCHANTS.update(
        _wish(merchant_id, recipient),
        "REMOVE #at, newest",
        "#at > :then",
        ["at"],
        then=iso(now - UNDONE_WITHIN),
    )
    return is_undone or not is_unsubscribed(merchant_id, recipient)


def resubscribe(merchant_id: str, recipient: str, now: datetime) -> None:
    """The recipient wants mail as of `now`, be it told late: a wish of afterwards stands."""
    MERCHANTS.delete_if(
        **_wish(merchant_id, recipient),
        condition="attribute_not_exists(newest) OR newest <= :now",
        now=iso(now),
    )


def is_unsubscribed(merchant_id: str, recipient: str) -> bool:
    return since(merchant_id, recipient) is not None


def since(merchant_id: str, recipient: str) -> datetime | None:
    """Since when the recipient wants no mail; None where they do."""
    wish = _wish(merchant_id, recipient)
    row = MERCHANTS.get(wish["pk"], wish["sk"])
    return moment(row["at"]) if row and "at" in row else None


def _wish(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"unsubscribed#{recipient.casefold()}"}
