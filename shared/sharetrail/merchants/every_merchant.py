"""A scheduled round over every merchant: one that fails must not keep the others waiting, nor one
whose work takes all the time that a run has."""

import zlib
from collections.abc import Callable, Iterable
from datetime import datetime

from aws_lambda_powertools import Logger

from sharetrail.merchants.profile import Merchant

log = Logger()


class RoundFailed(Exception):
    """Some merchants failed; the rest is done. Lambda tries again, and then keeps the event."""


def visit(
    merchants: Iterable[Merchant], work: Callable[[Merchant], int], now: datetime
) -> dict[str, int]:
    """What `work` answered for each merchant. RoundFailed, at the end, naming those that failed.

    Each run has an order of its own, so that who is last, where a run is cut off, is another one
    each time.
    """
    done: dict[str, int] = {}
    failed: list[str] = []
    for merchant in sorted(merchants, key=lambda each: _chance(each, now)):
        try:
            done[merchant.id] = work(merchant)
        except Exception:  # reported below, for each merchant by name
            log.exception("a merchant's round failed", merchant=merchant.id)
            failed.append(merchant.id)
    if failed:
        raise RoundFailed(f"failed for {', '.join(failed)}")
    return done


def _chance(merchant: Merchant, now: datetime) -> int:
    return zlib.crc32(f"{merchant.id} {now.isoformat()}".encode())
