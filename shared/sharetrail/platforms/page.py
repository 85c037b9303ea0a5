"""A page of what a shop system lists. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Page:
    items: tuple[Any, ...] = ()
    """As the system tells them."""
    cursor: str | None = None
    """What the next page is asked for by; None where this is the last."""


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Somebody who bought there before, by the names that the system has for them."""

    customer: str | None
    email: str | None

    @classmethod
    def told(cls, customer: int, email: object) -> "Buyer":
        """By a system's own words: an address that is no text, or cannot be written, is none."""
        is_text = isinstance(email, str) and email.encode(errors="ignore").decode() == email
        return cls(customer=str(customer), email=str(email) if is_text else None)
