"""That a page of ours offered a press, to this very recipient, a while ago: what its form carries.

A page elsewhere can have a browser post a form to us. It cannot have it post this: an HMAC under
the merchant's own root of the link's token, the act, what it is about, what shall be, what stood,
and when the page was shown. So it is good for no other act, order, recipient or merchant.
"""

import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sharetrail.calendars import iso
from sharetrail.merchants import vault
from sharetrail.problems import Problem
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.words.speech import mark, say

GOOD_FOR = timedelta(minutes=30)
_FORM = re.compile(r"(\d{13})\.([0-9a-f]{40})", re.ASCII)
_DIGITS = 40
_IN_ID = 16


class NotOffered(Problem):
    """A press that no page of ours offered, or one too long ago."""

    status = 403
    title = mark("Please look again")

    def __init__(self) -> None:
        super().__init__(
            say(
                "This press was good for half an hour, so nothing was changed. Look at it once"
                " more, and press again."
            )
        )


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a form stands for."""

    link: PageLink
    kind: str
    about: dict[str, str]
    after: str
    """Empty where the form itself says what shall be."""
    seen: str
    """What stood when the page was shown, as a digest."""

    def proof(self, shown_at: datetime, now: datetime) -> str:
        """Of when its page is, or was, shown: to the millisecond."""
        shown = round(shown_at.timestamp() * 1_000)
        told = [self.link.token, self.kind, sorted(self.about.items()), self.after, self.seen]
        text = json.dumps([*told, shown])
        digest = vault.derived(self.link.merchant.id, "page act", text, now)
        return f"{shown:013}.{digest.hex()[:_DIGITS]}"

    def act_id(self, proof: str, now: datetime, chosen: str = "") -> str:
        """Of the act that a proof of the offer stands for, and of what was `chosen` where the form
        says so: another choice from the same page is another act. NotOffered where it is none, or
        is over; nothing is shown in the future."""
        match = _FORM.fullmatch(proof)
        if match is None:
            raise NotOffered
        shown_at = datetime.fromtimestamp(int(match[1]) / 1_000, UTC)
        is_ours = hmac.compare_digest(self.proof(shown_at, now), proof)
        if not is_ours or not shown_at <= now < shown_at + GOOD_FOR:
            raise NotOffered
        return "#".join(filter(None, (iso(shown_at), match[2][:_IN_ID], chosen)))
