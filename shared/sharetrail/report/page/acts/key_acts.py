"""What was done by a secret key, in the list of what was done on the page: whose key leaked sees
there what somebody changed by it.

It is told once it is done, and not undone from there. Of one thing an hour and key have one fact:
whoever has a key buries nothing under it.
"""

import hashlib
from datetime import datetime

from sharetrail.calendars import hour_of, iso
from sharetrail.merchants.keys import key_rings
from sharetrail.merchants.keys.key_ring import id_of
from sharetrail.report.page.acts import acts
from sharetrail.report.page.acts.act import Act, ActKind

_DIGITS = 16


def note(
    merchant_id: str, digest: str, kind: ActKind, label: str, after: str, now: datetime
) -> None:
    """By the key of this SHA-256, be it that it has just ended itself. What is said of it is said
    by `kind` and `after` in done_words.py."""
    listed = (each for each in key_rings.read(merchant_id).keys if each.digest == digest)
    key = next(listed, None)
    key_id = key.id if key else id_of(digest)
    told = "\n".join((kind, label, after))
    about = hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]
    act = Act(
        id=f"{iso(hour_of(now))}#{key_id}#{about}",
        kind=kind,
        label=label,
        before="",
        after=after,
        recipient="",
        key_id=key_id,
        key_name=key.name if key else "",
        at=now,
        done_at=now,
    )
    acts.begin(merchant_id, act)
