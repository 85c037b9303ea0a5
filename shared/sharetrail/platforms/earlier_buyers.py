"""Who bought in a shop before it was connected, as its system knows its customers. Table
identities: `merchant#person / earlier#platform#at`, `at` a time before which they had ordered.

Persons are HMACs, as everywhere. It is known of them that they had, not what or when: so it makes
somebody a buyer who had ordered before, and neither earns nor costs anybody a credit. Each reading
is a fact of its own, and is read long after `at`: orders that were attributed meanwhile are rung by
cross_device.py.
"""

from collections.abc import Iterable
from datetime import datetime

from sharetrail.aws.tables import IDENTITIES
from sharetrail.calendars import iso
from sharetrail.merchants import person_hashes
from sharetrail.platforms.earlier_buyer import EARLIER, KEPT_FOR
from sharetrail.platforms.page import Buyer


def persons_of(merchant_id: str, platform: str, buyer: Buyer, now: datetime) -> tuple[str, ...]:
    """The names that orders know the buyer by."""
    names = (
        person_hashes.of_customer(merchant_id, platform, buyer.customer, now),
        person_hashes.of_email(merchant_id, buyer.email, now),
    )
    return tuple(filter(None, names))


def keep(merchant_id: str, platform: str, persons: Iterable[str], at: datetime) -> bool:
    """They had ordered before `at`; whether that was not known of some of them."""
    expires = int((at + KEPT_FOR).timestamp())
    row = {"sk": f"{EARLIER}#{platform}#{iso(at)}", "at": iso(at), "expires": expires}
    are_new = [IDENTITIES.put_once({**row, "pk": f"{merchant_id}#{each}"}) for each in persons]
    return any(are_new)
