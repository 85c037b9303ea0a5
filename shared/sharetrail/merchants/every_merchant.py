"""A scheduled round over every merchant: one that fails must not keep the others waiting."""

from collections.abc import Callable, Iterable

from aws_lambda_powertools import Logger

from sharetrail.merchants.profile import Merchant

log = Logger()


class RoundFailed(Exception):
    """Some merchants failed; the rest is done. Lambda tries again, and then keeps the event."""


def visit(merchants: Iterable[Merchant], work: Callable[[Merchant], int]) -> dict[str, int]:
    """What `work` answered for each merchant. RoundFailed, at the end, naming those that failed."""
    done: dict[str, int] = {}
    failed: list[str] = []
    for merchant in merchants:
        try:
            done[merchant.id] = work(merchant)
        except Exception:  # reported below, for each merchant by name
            log.exception("a merchant's round failed", merchant=merchant.id)
            failed.append(merchant.id)
    if failed:
        raise RoundFailed(f"failed for {', '.join(failed)}")
    return done
