"""Coupon codes that belong to influencers: who owned which code when.

Table merchants: `merchant#id / code#CODE#since`. An ownership is a fact that begins at a time and
holds until the next of the same code begins; nobody's is an ownership too. Shops read codes without
regard to case, and so do we.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso

_PREFIX = "code#"
LONGEST = 100
PATTERN = r"^[^#\x00-\x1f\x7f]*[^#\s\x00-\x1f\x7f][^#\x00-\x1f\x7f]*$"
"""Printable and something; `#` parts our keys."""


@dataclass(frozen=True, kw_only=True)
class Ownership:
    code: str
    influencer: str | None
    """None: nobody's from then on."""
    since: datetime


def plain(code: str) -> str:
    """A code as we compare it."""
    return code.strip().upper()


def give(merchant_id: str, ownership: Ownership) -> None:
    """From its time on the code is this influencer's. The same time again says it anew."""
    item = {"pk": f"merchant#{merchant_id}", "sk": key(ownership), **dump(ownership)}
    MERCHANTS.put(item)


def key(ownership: Ownership) -> str:
    """Its sort key."""
    return f"{_PREFIX}{ownership.code}#{iso(ownership.since)}"


def owner(merchant_id: str, code: str, at: datetime) -> str | None:
    """Whose the code was at a time; None where it was nobody's."""
    first, last = f"{_PREFIX}{code}#", f"{_PREFIX}{code}#{iso(at)}"
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=(first, last), backward=True)
    newest = next(told, None)
    return load(Ownership, newest).influencer if newest else None


def following(merchant_id: str, after: str, most: int) -> list[Ownership]:
    """The next ownerships behind the sort key `after`, by code and time."""
    rows = MERCHANTS.query(f"merchant#{merchant_id}", after=after or _PREFIX)
    told = takewhile(lambda row: row["sk"].startswith(_PREFIX), rows)
    return [load(Ownership, item) for item in islice(told, most)]
