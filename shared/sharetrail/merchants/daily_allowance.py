"""How much of something a local day may have. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from sharetrail.merchants.notice import NoticeSubject


@dataclass(frozen=True, kw_only=True)
class Allowance:
    name: str
    most: int
    told_as: NoticeSubject | None = None
    """What the merchant is told once it is full; None where that is nobody's loss."""
    policy: str = ""
    """What callers know it by; empty where it is none of theirs to know."""
    quota: int = 0
    """What a caller may take a day, where that is more than `most`: of several sets."""


_A_DAY = 86_400
"""Seconds, of a local day that has no change of clocks."""


def spent_by(merchant_id: str) -> str:
    """The partition of what days have used up, and of nothing else: all of it ends, and who takes
    strangers' calls writes there alone what ends."""
    return f"spent#{merchant_id}"


def policy_of(allowances: Iterable[Allowance]) -> str:
    """RateLimit-Policy, as draft-ietf-httpapi-ratelimit-headers-10 writes it: what a day may have.
    What is left of it is not told, since a publishable key is anybody's: that would say how much
    else is shared at the shop."""
    known = (each for each in allowances if each.policy)
    return ", ".join(f'"{each.policy}";q={each.quota or each.most};w={_A_DAY}' for each in known)


def used_up(allowance: Allowance, seconds: int) -> dict[str, str]:
    """The headers of a refusal: nothing is left until the local day ends."""
    wait = f"{seconds}"
    if not allowance.policy:
        return {"retry_after": wait}
    return {"retry_after": wait, "ratelimit": f'"{allowance.policy}";r=0;t={wait}'}
