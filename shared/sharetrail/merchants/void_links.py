"""From when on links to the report that were mailed to somebody are void. Table merchants:
`merchant#id / void-links#recipient`, the address case-folded, for 100 days.
"""

from datetime import datetime, timedelta

from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment

LIFETIME = timedelta(days=100)
"""Longer than the links that it voids are kept, whose ends DynamoDB may come to days late."""


def end(merchant_id: str, recipient: str, now: datetime) -> None:
    """Of all that were made by now none opens the report any more."""
    MERCHANTS.put_if(
        {**_key(merchant_id, recipient), "made_until": iso(now), "expires": _end(now)},
        "attribute_not_exists(pk) OR made_until < :now",
        now=iso(now),
    )


def made_until(merchant_id: str, recipient: str) -> datetime | None:
    """Links that were made until then, then included, are void; None where all are good."""
    key = _key(merchant_id, recipient)
    row = MERCHANTS.get(key["pk"], key["sk"])
    return moment(row["made_until"]) if row else None


def _end(now: datetime) -> int:
    return int((now + LIFETIME).timestamp())


def _key(merchant_id: str, recipient: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": f"void-links#{recipient.casefold()}"}
