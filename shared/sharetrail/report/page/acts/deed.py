"""What may be done on the report page: read from an address, put into words, and done."""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Self

from sharetrail.problems import Malformed, NotFound
from sharetrail.report.page.acts import done_words
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.visit import Visit
from sharetrail.words import names
from sharetrail.words.speech import say

_DIGITS = 16


class NotThere(NotFound):
    """What the act is about is none of this merchant's, or is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Deed(ABC):
    """One thing to do, and what stands as it is read.

    What it is about and what shall be are the address's own parameters, so that a deed and its undo
    are the same page with another `value`.
    """

    kind: ClassVar[ActKind]
    is_own: ClassVar[bool] = False
    """Whether it is about the recipient's own mail and links: it takes nothing of a day's acts, so
    that nobody with a link can keep its recipient from ending it."""
    visit: Visit
    about: dict[str, str] = field(default_factory=dict)
    label: str = ""
    """What people call what it is about."""
    part: str = ""
    """What of it, in words of ours that have others' names in them as they may be shown."""
    before: str
    after: str | None = None
    """None where the address does not say."""

    @classmethod
    @abstractmethod
    def read(cls, visit: Visit) -> Self:
        """NotThere, or Malformed where the address asks for what cannot be."""

    @property
    def seen(self) -> str:
        """What stands, as a form carries it: browsers send line breaks otherwise than they are."""
        return hashlib.sha256(self.before.encode()).hexdigest()[:_DIGITS]

    @property
    def ways(self) -> tuple[str, ...]:
        """What one may choose from, where the address does not say; none where one is to write."""
        return ()

    @property
    def why(self) -> str:
        """What it is that waits for a word, in a sentence."""
        return ""

    @property
    def back(self) -> str:
        """The path of the page of what it is about."""
        return ""

    @property
    def back_label(self) -> str:
        """What that page is called."""
        return names.name(self.label)

    def shown(self, value: str) -> str:
        """A value as people read it."""
        return done_words.of_value(self.kind, value)

    @abstractmethod
    def words(self) -> Words:
        """Of what shall be, which is said."""

    @abstractmethod
    def do(self, act: Act) -> bool:
        """Again without harm. False, and nothing done, where something else stands by now."""


def asked(visit: Visit, name: str, most: int) -> str:
    """A parameter that has to be there. Malformed without it, or where it is longer."""
    value = visit.query.get(name, "")
    if not value or len(value) > most:
        raise Malformed(
            say("“{name}” is missing in the address of this page, or is too long.", name=name)
        )
    return value
