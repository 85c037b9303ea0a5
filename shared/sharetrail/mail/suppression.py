"""Why an address gets no more mail of a merchant: it bounced, or its owner called a mail spam. Read
from what SES tells of a mail that we sent. Pure.

Whose mail it was, and to whom, stands in the event as we told SES when we sent it, each mail to one
recipient: a server that refuses, or whoever reports a mail, can name nobody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sharetrail.calendars import moment

Why = Literal["bounced", "complained"]
WHYS: tuple[Why, ...] = get_args(Why)
TAG = "merchant"
"""By which a mail says whose it is."""


@dataclass(frozen=True, kw_only=True)
class Suppression:
    merchant: str
    recipient: str
    why: Why
    at: datetime
    """When the mail was sent that bounced: what was sent before somebody mended the mailbox says
    nothing. Of a complaint when it was made, be it of an old mail."""
    lifted_at: datetime | None = None
    """When a bounce was lifted last: the mailbox was tried again."""


def read(event: Mapping[str, Any]) -> Suppression | None:
    """What follows of an event that EventBridge has from SES: nothing of a mailbox that is full or
    a server that is away, nor where the owner says that a mail was no spam after all."""
    detail = event["detail"]
    why = _why(detail)
    if why is None:
        return None
    mail = detail["mail"]
    (merchant,), (recipient,) = mail["tags"][TAG], mail["destination"]
    at = moment((mail if why == "bounced" else detail["complaint"])["timestamp"])
    return Suppression(merchant=merchant, recipient=recipient, why=why, at=at)


def _why(detail: Mapping[str, Any]) -> Why | None:
    match detail["eventType"]:
        case "Bounce" if detail["bounce"]["bounceType"] == "Permanent":
            return "bounced"
        case "Complaint" if detail["complaint"].get("complaintFeedbackType") != "not-spam":
            return "complained"
    return None
