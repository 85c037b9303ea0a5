"""What came of an erasure. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Erased:
    overwritten: int = 0
    """Rows whose fields were overwritten."""
    deleted: int = 0
    """Rows and objects whose own key led to the person."""
    orders: tuple[str, ...] = ()
    """Which of the merchant's orders were unlinked, as `shopify#1001`."""
    goes_on: bool = False
    """It was too much for once: the queue brings the rest."""
