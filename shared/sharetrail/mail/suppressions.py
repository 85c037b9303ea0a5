"""Who is sent nothing, since it came back or was called spam. Table merchants: `merchant#id /
suppressed#recipient`, the address case-folded.

The row has when the newest mail was sent that bounced, when the newest complaint was made, and when
each was lifted: it stands as long as it is the newer. In whichever order they come, and however
often, they end in the same. A bounce is lifted by whoever runs Sharetrail, since a mailbox can be
mended; a complaint by the recipient, or in their name and by a wish for it alone.
"""

from datetime import datetime

from sharetrail.aws.items import Item
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment
from sharetrail.mail.suppression import WHYS, Suppression, Why

_PREFIX = "suppressed#"
_IS_NEWER = "attribute_not_exists(#{0}) OR #{0} < :at"


def keep(suppression: Suppression) -> None:
    _note(suppression.merchant, suppression.recipient, suppression.why, suppression.at)


def find(merchant_id: str, recipient: str) -> Suppression | None:
    """What stands against mail to this recipient; of two reasons the complaint."""
    key = _key(merchant_id, recipient)
    row = MERCHANTS.get(key["pk"], key["sk"])
    return _standing(merchant_id, row) if row else None


def find_all(merchant_id: str) -> list[Suppression]:
    """Of all to whom the merchant's mail goes, or went a while ago, by address; not of who is off
    the list: no address of theirs is kept."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", prefix=_PREFIX)
    known = (row for row in rows if "@" in row["recipient"])
    return [each for row in known if (each := _standing(merchant_id, row))]


def lift_bounce(merchant_id: str, recipient: str, now: datetime) -> None:
    """The mailbox is said to take mail again; a complaint stays."""
    _note(merchant_id, recipient, _lifted("bounced"), now)


def lift_all(merchant_id: str, recipient: str, now: datetime) -> None:
    """The recipient wants mail again, and said so."""
    for why in WHYS:
        _note(merchant_id, recipient, _lifted(why), now)


def _note(merchant_id: str, recipient: str, what: str, at: datetime) -> None:
    """The newest time of each stands."""
    MERCHANTS.update(
        _key(merchant_id, recipient),
        f"SET #{what} = :at, recipient = :recipient",
        _IS_NEWER.format(what),
        [what],
        at=iso(at),
        recipient=recipient,
    )


def _standing(merchant_id: str, row: Item) -> Suppression | None:
    for why in reversed(WHYS):
        at = row.get(why, "")
        if at > row.get(_lifted(why), ""):
            who, lifted = row["recipient"], row.get(_lifted("bounced"))
            return Suppression(
                merchant=merchant_id,
                recipient=who,
                why=why,
                at=moment(at),
                lifted_at=moment(lifted) if lifted else None,
            )
    return None


def _lifted(why: Why) -> str:
    return f"{why}_lifted"


def _key(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": _PREFIX + recipient.casefold()}
