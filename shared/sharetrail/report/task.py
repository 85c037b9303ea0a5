"""One thing to do, as mail and page tell it. Pure."""

from dataclasses import dataclass
from typing import Literal

TaskKind = Literal["decide", "mend", "thank", "gift", "invite", "ask", "weigh"]
"""decide on a held order; mend the installation; thank, send a gift to, invite into the programme,
ask what happened; weigh what somebody costs against what they bring."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to do, told in the mail and on the page: chosen by tasks.py."""

    kind: TaskKind
    name: str
    """Whom or what it is about, as people call it."""
    about: str
    """Of a person the influencer's id; of an order `platform/id`; of the installation what is
    wrong."""
    reason: str
    path: str
    """Where it is done: below the report page's own address, `people/ana`."""
