"""Coupon codes that belong to influencers: who owned which code when.

Table merchants: `merchant#id / code#CODE#since`. An ownership is a fact that begins at a time and
holds until the next of the same code begins; nobody's is an ownership too. Shops read codes without
regard to case, and so do we. `merchant#id / code-after#CODE#since`, for a day: which of those who
saw the same ownership stand was first to give the code.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, pairwise, takewhile

from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import MERCHANTS, Change, Contended
from sharetrail.calendars import iso

_PREFIX = "code#"
_AFTER = "code-after#"
_RACE = timedelta(days=1)
LONGEST = 100
PATTERN = r"^[^#\x00-\x1f\x7f]*[^#\s\x00-\x1f\x7f][^#\x00-\x1f\x7f]*$"
"""Printable and something; `#` parts our keys."""


@dataclass(frozen=True, kw_only=True)
class Ownership:
    code: str
    influencer: str | None
    """None: nobody's from then on."""
    since: datetime


_ENTITY = re.compile(r"&#?\w{1,12};")
_NO_BREAK = str.maketrans("", "", "\u00a0\u202f\u2060\ufeff")


def plain(code: str) -> str:
    """A code as people see it, which is how we compare it: whatever its case, its form of Unicode,
    what in it cannot be seen, and whether an ampersand came as `&amp;`."""
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), code).translate(_NO_BREAK)
    seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc"))
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", folded).upper().strip()


def give(merchant_id: str, ownership: Ownership) -> None:
    """From its time on the code is this influencer's. The same time again says it anew."""
    MERCHANTS.put(_item(merchant_id, ownership))


def give_after(merchant_id: str, seen: Ownership | None, ownership: Ownership) -> bool:
    """The same, if what was `seen` to stand still stands; False, and nothing given, where somebody
    else was first to give it by this, or is giving it. Again, as it was, it does no harm."""
    if seen and seen.since >= ownership.since:
        return False
    after = {
        "pk": f"merchant#{merchant_id}",
        "sk": f"{_AFTER}{ownership.code}#{iso(seen.since) if seen else ''}",
        "given": f"{iso(ownership.since)}#{ownership.influencer or ''}",
        "expires": int((ownership.since + _RACE).timestamp()),
    }
    first = "attribute_not_exists(pk) OR given = :given"
    changes = [
        Change(put=after, condition=first, values={"given": after["given"]}),
        Change(put=_item(merchant_id, ownership)),
    ]
    try:
        return not MERCHANTS.write_together(changes)
    except Contended:
        return False


def _item(merchant_id: str, ownership: Ownership) -> Item:
    return {"pk": f"merchant#{merchant_id}", "sk": key(ownership), **dump(ownership)}


def key(ownership: Ownership) -> str:
    """Its sort key."""
    return f"{_PREFIX}{ownership.code}#{iso(ownership.since)}"


def owner(merchant_id: str, code: str, at: datetime) -> str | None:
    """Whose the code was at a time; None where it was nobody's."""
    stood = standing(merchant_id, code, at)
    return stood.influencer if stood else None


def standing(merchant_id: str, code: str, at: datetime) -> Ownership | None:
    """The ownership that held at a time; None before the first."""
    first, last = f"{_PREFIX}{code}#", f"{_PREFIX}{code}#{iso(at)}"
    told = MERCHANTS.query(f"merchant#{merchant_id}", between=(first, last), backward=True)
    newest = next(told, None)
    return load(Ownership, newest) if newest else None


def following(merchant_id: str, after: str, most: int) -> list[Ownership]:
    """The next ownerships behind the sort key `after`, by code and time."""
    return [each for each, _ in islice(ownerships(merchant_id, after), most)]


def ownerships(
    merchant_id: str, after: str, code: str | None = None
) -> Iterator[tuple[Ownership, Ownership | None]]:
    """Those behind the sort key `after`, by code and time, of one code where it is named: each with
    the one that follows it of the same code."""
    prefix = f"{_PREFIX}{code}#" if code else _PREFIX
    rows = MERCHANTS.query(f"merchant#{merchant_id}", after=max(after, prefix))
    told = takewhile(lambda row: row["sk"].startswith(prefix), rows)
    known: Iterator[Ownership | None] = (load(Ownership, item) for item in told)
    for one, other in pairwise(chain(known, [None])):
        if one:
            yield one, other if other and other.code == one.code else None
