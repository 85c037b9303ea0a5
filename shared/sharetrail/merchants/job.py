"""A job that is to be done for one merchant. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["close", "score", "report", "heal", "retry", "attribute", "store", "answer"]
"""- close: close a local day (`2026-11-29`), or what totals/closings.py names instead;
- score: score the last full week (`2026-11-30`, the local day in whose night);
- report: build a week's report and have it mailed (`2026-11-23`, the week's Monday);
- heal: look for what rang in vain of a UTC hour (`2026-11-30T07`);
- retry: ask again what an order waits for (`shopify#1001`), or all that lack a rate or an owner;
- attribute: an order that may have rung in vain (`shopify#1001`);
- store: a fact that spilled into the bucket (its key);
- answer: answer a question, by its id."""
ALL = "all"
"""What a `retry` is about instead of an order: all that lack something."""
UNNOTED: frozenset[Kind] = frozenset({"attribute", "store", "answer"})
"""What is found by a round itself, or asked: of these the agenda knows nothing."""


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
