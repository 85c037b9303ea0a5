"""What a merchant asks that takes longer than a call: worked on by a queue's worker. Pure.

Its id says when it was asked and, as a digest, what: the same question is the same job as long as
it is worked on, and another as soon as it is answered.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sharetrail.calendars import iso, moment
from sharetrail.packing import labelled, unlabelled

QuestionKind = Literal[
    "what_if", "stats", "kpis", "returns", "cohorts", "reconciliation", "report", "buyers"
]
OF_PAGES: tuple[QuestionKind, ...] = ("report", "buyers")
"""What the report page asks, for whoever has a link."""
LONGEST = timedelta(days=366)
"""Of a period that one may be about."""
LIFETIME = timedelta(days=7)
"""Of a question and its result."""
_ID = re.compile(r"([0-9]{13})-[0-9a-f]{32}", re.ASCII)
_DIGITS = 32


@dataclass(frozen=True, kw_only=True)
class Question:
    merchant: str
    kind: QuestionKind
    about: dict[str, Any]
    """What the route was asked, as JSON has it; defaults that depend on the day are filled in."""
    asked_at: datetime
    """As of when it is answered, however late that is. To the millisecond."""
    export: bytes = field(default=b"", repr=False)
    """The file that it is about, where it is about one."""

    @property
    def digest(self) -> str:
        asked = [self.merchant, self.kind, self.about, hashlib.sha256(self.export).hexdigest()]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:_DIGITS]

    @property
    def id(self) -> str:
        return id_of(self.asked_at, self.digest)

    def stored(self) -> bytes:
        """A line that says what it is, and then the export as it came."""
        label = {"merchant": self.merchant, "kind": self.kind, "about": self.about}
        return labelled({**label, "at": iso(self.asked_at)}, self.export)

    @classmethod
    def read(cls, stored: bytes) -> "Question":
        label, export = unlabelled(stored)
        return cls(asked_at=moment(label.pop("at")), export=export, **label)


def id_of(asked_at: datetime, digest: str) -> str:
    """By which a question is known, and its result."""
    return f"{_milliseconds(asked_at):013}-{digest}"


def is_alive(question_id: str, now: datetime) -> bool:
    """Whether it can be the id of a question of the last seven days."""
    match = _ID.fullmatch(question_id)
    return match is not None and _milliseconds(now - LIFETIME) < int(match[1])


def asked_at(question_id: str) -> datetime:
    """When the question was asked."""
    return datetime.fromtimestamp(int(question_id[:13]) / 1_000, UTC)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000)
