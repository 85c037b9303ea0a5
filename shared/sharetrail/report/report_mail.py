"""A report on its way to one recipient. Pure."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sharetrail.report import span
from sharetrail.report.span import Span, SpanKind


@dataclass(frozen=True, kw_only=True)
class ReportMail:
    merchant: str
    kind: SpanKind = "week"
    first: date
    """The first of the days that the report is about."""
    snapshot: str
    """The hash that the report is kept under."""
    to: str

    @classmethod
    def of(cls, merchant: str, span: Span, snapshot: str, to: str) -> "ReportMail":
        return cls(merchant=merchant, kind=span.kind, first=span.first, snapshot=snapshot, to=to)

    @property
    def span(self) -> Span:
        return span.of_day(self.kind, self.first)

    def body(self) -> str:
        """As one message of a queue has it."""
        mail = {"merchant": self.merchant, "kind": self.kind, "first": f"{self.first}"}
        return json.dumps({**mail, "snapshot": self.snapshot, "to": self.to})

    @classmethod
    def read(cls, body: str) -> "ReportMail":
        told = json.loads(body)
        first = date.fromisoformat(told.pop("first", None) or told.pop("week"))  # until 2026-12
        return cls(**{**told, "first": first})


def key_of(merchant_id: str, about: Span, code: str) -> dict[str, str]:
    """Of the row that says whether it was sent to the recipient of this code."""
    return {"pk": merchant_id, "sk": f"{row_of(about)}#{code}"}


def row_of(about: Span) -> str:
    """By which a span's row is found, and those of its mails, behind another `#`."""
    return f"{about.kind}#{about.first}"


def unkeyed_code(address: str) -> str:
    """What stood for an address until 2026-12, however it is written: see recipient_codes.py."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:32]
