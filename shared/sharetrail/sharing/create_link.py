"""Making a link.

Its code is a keyed hash of what identifies it, so the same share finds the same link without a
search; where two identities meet on one code, the second derives again with n + 1.
"""

from dataclasses import replace
from datetime import datetime
from itertools import count

from sharetrail import base32
from sharetrail.aws.tables import LINKS
from sharetrail.merchants import daily_allowances, vault
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.sharing import links
from sharetrail.sharing.link import CODE_LENGTH, Link

_CODE_BYTES = 7


class TooManyLinks(Problem):
    """A merchant's daily cap: a publishable key is public, so someone could mint for ever."""

    status = 429
    title = "Too many new links today"


def create(merchant: Merchant, wish: Link, now: datetime) -> tuple[Link, bool]:
    """The link that `wish` describes (its code is not looked at), and whether it is new.

    TooManyLinks, and nothing stored, once the merchant's day is full.
    """
    for n in count():
        link = with_code(wish, n, now)
        standing = links.find(link.code)
        if standing is None:
            if not daily_allowances.take(merchant, "links", link.code, merchant.links_per_day, now):
                raise TooManyLinks(f"{merchant.links_per_day:,} new links a day are allowed.")
            if LINKS.put_once(links.item(link)):
                return link, True
            standing = links.find(link.code)
        if standing and standing.identity == wish.identity:
            return standing, False
    raise AssertionError("unreachable")


def with_code(wish: Link, n: int, now: datetime) -> Link:
    """The wish under the n-th code of its identity."""
    digest = vault.derived(wish.merchant, "link", f"{n}\n{wish.identity}", now)
    code = base32.encode(int.from_bytes(digest[:_CODE_BYTES], "big"), CODE_LENGTH)
    return replace(wish, code=code)
