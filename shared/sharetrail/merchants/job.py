"""A job that is to be done for one merchant. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["close", "score", "answer"]
"""- close: close a local day (`2026-11-29`);
- score: score the last full week (`2026-11-30`, the local day in whose night);
- answer: answer a question, by its id."""


@dataclass(frozen=True, kw_only=True)
class Job:
    kind: Kind
    merchant: str
    about: str
    """Which of its kind it is."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Jobs of one kind for one merchant, as one message of a queue has them."""

    kind: Kind
    merchant: str
    abouts: tuple[str, ...]

    @property
    def jobs(self) -> Iterable[Job]:
        return (Job(kind=self.kind, merchant=self.merchant, about=each) for each in self.abouts)

    def body(self) -> str:
        return json.dumps({"job": self.kind, "merchant": self.merchant, "about": self.abouts})

    @classmethod
    def read(cls, body: str) -> "Work":
        told = json.loads(body)
        return cls(kind=told["job"], merchant=told["merchant"], abouts=tuple(told["about"]))
