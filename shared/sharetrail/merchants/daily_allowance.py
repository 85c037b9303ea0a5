"""How much of something a local day may have. Pure."""

from dataclasses import dataclass

from sharetrail.merchants.notice import NoticeSubject


@dataclass(frozen=True, kw_only=True)
class Allowance:
    name: str
    most: int
    told_as: NoticeSubject | None = None
    """What the merchant is told once it is full; None where that is nobody's loss."""
