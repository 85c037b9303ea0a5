"""A week's report on its way to one recipient. Pure."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class ReportMail:
    merchant: str
    week: date
    """Its Monday."""
    snapshot: str
    """The hash that the report is kept under."""
    to: str

    @property
    def key(self) -> dict[str, str]:
        """Of the row that says whether it was sent."""
        return {"pk": self.merchant, "sk": f"week#{self.week}#{recipient_hash(self.to)}"}

    def body(self) -> str:
        """As one message of a queue has it."""
        mail = {"merchant": self.merchant, "week": f"{self.week}"}
        return json.dumps({**mail, "snapshot": self.snapshot, "to": self.to})

    @classmethod
    def read(cls, body: str) -> "ReportMail":
        told = json.loads(body)
        return cls(**{**told, "week": date.fromisoformat(told["week"])})


def recipient_hash(address: str) -> str:
    """However the address is written."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:32]
