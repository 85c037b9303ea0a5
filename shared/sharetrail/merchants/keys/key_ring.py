"""Which keys a merchant has, as people tell them apart: by a name, never by the key. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sharetrail.problems import NotFound, Problem

Kind = Literal["publishable", "secret"]
MOST_SECRET = 20
"""One a program and then some: a list that people look through."""
LONGEST_NAME = 60
_ID_DIGITS = 12


class UnknownKey(NotFound):
    """The merchant has no key of this id."""


class KeyNeeded(Problem):
    """A key that something would stand still without."""

    status = 409
    title = "The key is needed"


class AlreadyMade(Problem):
    """A call that came before made a key, which is shown once."""

    status = 409
    title = "The call has made its key before"


class TooManyKeys(Problem):
    status = 409
    title = "There are enough keys"


@dataclass(frozen=True, kw_only=True)
class ListedKey:
    id: str
    """Stays the same when the key is rotated."""
    kind: Kind
    name: str
    made_at: datetime | None = None
    """When the key in use was; None before 2026-12."""
    digest: str
    """The key's SHA-256."""


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    keys: tuple[ListedKey, ...]
    """In the order in which they were added."""

    def of(self, kind: Kind) -> tuple[ListedKey, ...]:
        return tuple(each for each in self.keys if each.kind == kind)

    def find(self, key_id: str) -> ListedKey:
        for each in self.keys:
            if each.id == key_id:
                return each
        raise UnknownKey(f"There is no key {key_id!r}.")

    def added(self, key: ListedKey) -> "KeyRing":
        """AlreadyMade where it is there; TooManyKeys where there is no room for another secret
        one."""
        if any(each.id == key.id for each in self.keys):
            raise AlreadyMade(f"It made the key {key.id!r}. Where that was lost, rotate it.")
        if key.kind == "secret" and len(self.of("secret")) >= MOST_SECRET:
            raise TooManyKeys(f"There are {MOST_SECRET} secret keys. Revoke one that nobody uses.")
        return KeyRing(keys=(*self.keys, key))

    def rotated(self, key_id: str, digest: str, now: datetime) -> "KeyRing":
        """UnknownKey as `find` says."""
        new = replace(self.find(key_id), digest=digest, made_at=now)
        return KeyRing(keys=tuple(new if each.id == key_id else each for each in self.keys))

    def alone(self, key: ListedKey) -> "KeyRing":
        """With this one in the place of all of its kind."""
        others = (each for each in self.keys if each.kind != key.kind)
        return KeyRing(keys=(*others, key))

    def revoked(self, key_id: str) -> "KeyRing":
        """UnknownKey as `find` says; KeyNeeded where pages, or whoever asks, would have none."""
        key = self.find(key_id)
        if key.kind == "publishable":
            raise KeyNeeded("Your pages need this key. Rotate it: the old one works for a day.")
        if len(self.of("secret")) == 1:
            raise KeyNeeded("It is the only secret key. Make another first, or rotate it.")
        return KeyRing(keys=tuple(each for each in self.keys if each != key))


def id_of(digest: str) -> str:
    """The id that a key has from its making on."""
    return digest[:_ID_DIGITS]
