"""A job that is to be done for one merchant. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "close", "score", "report", "heal", "retry", "attribute", "store", "answer", "connect"
]
"""- close: close a local day (`2026-11-29`), or what totals/closings.py names instead;
- score: score the last full week (`2026-11-30`, the local day in whose night);
- report: build a report and have it mailed (`2026-11-23`, the week's Monday; `daily#2026-11-30`,
  `monthly#2026-11-01`, `quarterly#2026-10-01`, the first of its days);
- heal: look for what rang in vain of a UTC hour (`2026-11-30T07`);
- retry: ask again what an order waits for (`shopify#1001`), or all that lack a rate or an owner;
- attribute: an order that may have rung in vain (`shopify#1001`);
- store: a fact that spilled into the bucket (its key);
- answer: answer a question, by its id;
- connect: look at the shop's own system (`shopify`), mend it and read what is new of it."""
ALL = "all"
"""What a `retry` is about instead of an order: all that lack something."""
_MOST = 500
"""Of a message: a schedule that did not run for days leaves a merchant with many."""
_MOST_BYTES = 20_000
"""So that any ten messages are less than SQS takes of one batch, whatever ids a shop makes up."""


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
    round: str | None = None
    """When the round ran that found them due on the agenda; None where it does not know them."""

    @property
    def jobs(self) -> Iterable[Job]:
        return (Job(kind=self.kind, merchant=self.merchant, about=each) for each in self.abouts)

    def body(self) -> str:
        """In ASCII, since SQS does not take every letter that an order's id may have."""
        told = {"job": self.kind, "merchant": self.merchant, "about": self.abouts}
        return json.dumps(told | ({"round": self.round} if self.round else {}))

    @classmethod
    def read(cls, body: str) -> "Work":
        told = json.loads(body)
        kind, merchant, abouts = told["job"], told["merchant"], tuple(told["about"])
        return cls(kind=kind, merchant=merchant, abouts=abouts, round=told.get("round"))


def parts(abouts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """As many of them as a message has, and never none."""
    part, size = list[str](), 0
    for about in abouts:
        more = len(json.dumps(about)) + len(", ")
        if part and (len(part) == _MOST or size + more > _MOST_BYTES):
            yield tuple(part)
            part, size = [], 0
        part.append(about)
        size += more
    if part:
        yield tuple(part)
