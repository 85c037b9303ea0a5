"""What stands between us and a shop system, by what is to be done about it. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

TroubleKind = Literal[
    "credentials",
    "not_installed",
    "other_organisation",
    "permission",
    "elsewhere",
    "not_public",
    "no_shop",
    "refused",
    "busy",
    "away",
]
_PASSING: frozenset[TroubleKind] = frozenset(["busy", "away"])
_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Trouble:
    kind: TroubleKind
    detail: str = ""
    """What the sentence names beside the system: a permission, a host, a topic. Our own words or a
    host's name, never what a system answered, which may repeat a key."""

    @property
    def passes(self) -> bool:
        """Whether it may be over by itself."""
        return self.kind in _PASSING


class CallFailed(Exception):
    """A call to a shop system came to nothing."""

    def __init__(self, kind: TroubleKind, detail: str = "") -> None:
        super().__init__(f"{kind} {detail}".rstrip())
        self.trouble = Trouble(kind=kind, detail=detail[:_LONGEST])


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Of whoever reads what a system told of something: what has another shape than its
    documentation says is the system's fault, `refused`, and none of ours."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as odd:
        raise CallFailed("refused", what) from odd
