"""Acts as stored. Table reports: `merchant / act#<when its page was shown>#<proof>`, for 13 months.

An act is written down before it is done, and what it does can be done again without harm: so what
was done was written down, and what was written down and cut short is pressed again.
"""

from datetime import datetime, timedelta
from itertools import islice

from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import REPORTS, is_key
from sharetrail.calendars import iso
from sharetrail.report.page.acts.act import Act

_PREFIX = "act#"
_BEHIND = "act$"  # `$` comes right after `#`
KEPT_FOR = timedelta(days=400)


def find(merchant_id: str, act_id: str) -> Act | None:
    row = REPORTS.get(merchant_id, _PREFIX + act_id)
    return load(Act, row) if row else None


def begin(merchant_id: str, act: Act) -> Act:
    """The act as it stands, be it that it was pressed before."""
    row = {**_key(merchant_id, act.id), **dump(act)}
    expires = int((act.at + KEPT_FOR).timestamp())
    if REPORTS.put_once({**row, "expires": expires}):
        return act
    return find(merchant_id, act.id) or act


def note_done(merchant_id: str, act: Act, now: datetime) -> None:
    done = "SET done_at = :now REMOVE overtaken_at"
    REPORTS.update(_key(merchant_id, act.id), done, now=iso(now))


def note_overtaken(merchant_id: str, act: Act, now: datetime) -> None:
    """Unless the same press, sent twice, did it meanwhile."""
    undone = "attribute_not_exists(done_at)"
    REPORTS.update(_key(merchant_id, act.id), "SET overtaken_at = :now", undone, now=iso(now))


def newest(merchant_id: str, before: str, most: int) -> list[Act]:
    """At most so many, newest first, of those before the id `before`, where one is named."""
    # An id begins with a time: nothing stands between its own key and the one just below.
    last = _PREFIX + before if before else _BEHIND
    if not is_key(merchant_id, last):
        return []
    rows = REPORTS.query(merchant_id, between=(_PREFIX, last), backward=True)
    return [load(Act, row) for row in islice((r for r in rows if r["sk"] != last), most)]


def newer(merchant_id: str, than: str, most: int) -> list[Act] | None:
    """Those of the id `than`, and all that are newer; None where they are more than so many."""
    first = _PREFIX + than
    if not is_key(merchant_id, first) or first > _BEHIND:
        return []
    rows = REPORTS.query(merchant_id, between=(first, _BEHIND), backward=True)
    found = [load(Act, row) for row in islice(rows, most + 1)]
    return found if len(found) <= most else None


def _key(merchant_id: str, act_id: str) -> dict[str, str]:
    return {"pk": merchant_id, "sk": _PREFIX + act_id}
