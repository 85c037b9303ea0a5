"""Who bought in a shop before it was connected, as its system knows its customers. Table
identities: `merchant#person / earlier#platform`, `at` a time before which they had ordered.

Persons are HMACs, as everywhere. It is known of them that they had, not what or when: so it makes
somebody a buyer who had ordered before, and neither earns nor costs anybody a credit.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from sharetrail.aws import clients
from sharetrail.aws.tables import IDENTITIES
from sharetrail.calendars import iso
from sharetrail.merchants import person_hashes
from sharetrail.platforms.earlier_buyer import EARLIER, LIFETIME
from sharetrail.platforms.page import Buyer

_AT_ONCE = 10


def keep(
    merchant_id: str, platform: str, buyers: Iterable[Buyer], at: datetime, now: datetime
) -> int:
    """They had ordered before `at`; how many of them were not known for that. What is known from
    an earlier time stays."""
    clients.dynamodb()  # made once, before there are threads
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(partial(_keep, merchant_id, platform, at, now), buyers))


def _keep(merchant_id: str, platform: str, at: datetime, now: datetime, buyer: Buyer) -> bool:
    names = (
        person_hashes.of_customer(merchant_id, platform, buyer.customer, now),
        person_hashes.of_email(merchant_id, buyer.email, now),
    )
    expires = int((at + LIFETIME).timestamp())
    rows = [
        {"pk": f"{merchant_id}#{name}", "sk": f"{EARLIER}#{platform}", "at": iso(at)}
        for name in names
        if name
    ]
    are_new = [IDENTITIES.put_once({**row, "expires": expires}) for row in rows]
    return any(are_new)
