"""What a recipient did on the report page, or a secret key by a call: a fact, with what stood
before it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ActKind = Literal[
    "decide",
    "name",
    "tag",
    "code",
    "link",
    "cost",
    "target",
    "figures",
    "choices",
    "void",
    "recipient",
    "mailbox",
    "setting",
    "listing",
    "key",
    "person",
]
"""The last four by a key alone."""
NOBODY = "(nobody)"
"""Whose a code may be: in the place of an influencer's id, none of which has a bracket."""
NOTHING = "nothing"
"""Of the reports, for whoever gets none."""
UNDONE_NEVER: frozenset[ActKind] = frozenset(
    ["void", "mailbox", "setting", "listing", "key", "person"]
)
"""What is over, what the mailbox itself takes back where it refuses again, and what a key did."""


@dataclass(frozen=True, kw_only=True)
class Act:
    id: str
    """By when its page was shown, and the proof that the page carried: who presses twice acts once.
    """
    kind: ActKind
    about: dict[str, str] = field(default_factory=dict)
    """What it is about, as the page's address names it; the id of a key that was made or ended."""
    label: str = ""
    """What people called that, then."""
    part: str = ""
    """What of it, in words of ours: an order may wait for more than one word."""
    before: str
    """What stood, as the address would say it; with `after` in its place the act is undone."""
    after: str
    was: str = ""
    """Both as people read them, where they read something else."""
    became: str = ""
    recipient: str
    """Who had the link; empty of what a key did."""
    key_id: str = ""
    key_name: str = ""
    """Of the key, as it was called then."""
    at: datetime
    """When it was pressed first."""
    done_at: datetime | None = None
    overtaken_at: datetime | None = None
    """When it was seen that something else stood by then: nothing was done."""

    @property
    def can_be_undone(self) -> bool:
        changed = self.done_at is not None and self.before != self.after
        return changed and self.kind not in UNDONE_NEVER
