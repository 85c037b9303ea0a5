"""Making a link.

Its code is a keyed hash of what identifies it, so the same share finds the same link without a
search; where two identities meet on one code, the second derives again with n + 1. Or the merchant
chose the code: then it is a link of its own beside that one, or there is none.
"""

from dataclasses import replace
from datetime import datetime
from itertools import count

from sharetrail import base32
from sharetrail.aws.items import Item
from sharetrail.aws.tables import LINKS
from sharetrail.clicks.visitor import maker_code
from sharetrail.merchants import daily_allowances, vault
from sharetrail.merchants.daily_allowance import policy_of
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Problem
from sharetrail.sharing import links
from sharetrail.sharing.link import CODE_LENGTH, Link
from sharetrail.sharing.link_allowances import Maker
from sharetrail.sharing.networks import share_url_of

_CODE_BYTES = 7


class CodeTaken(Problem):
    """Another link has the code that was chosen, be it another merchant's."""

    status = 409
    title = "Another link has this code"


class TooManyLinks(Problem):
    """An allowance of the day's is used up: what a page shares instead goes with the answer."""

    status = 429
    title = "Too many new links today"


def create(merchant: Merchant, wish: Link, maker: Maker, now: datetime) -> tuple[Link, bool]:
    """The link that `wish` describes, by its own code or one that we make, and whether it is new.

    TooManyLinks, and nothing stored, once the maker's day is full; a link that exists is found.
    CodeTaken as it says.
    """
    if wish.code:
        return _create_called(merchant, wish, maker, now)
    for n in count():
        link = with_code(wish, n, now)
        standing = links.find(link.code)
        if standing is None:
            _take(merchant, link, maker, now)
            if LINKS.put_once(_item(link)):
                return link, True
            standing = links.find(link.code)
        if standing and standing.identity == wish.identity:
            return standing, False
    raise AssertionError("unreachable")


def _create_called(
    merchant: Merchant, wish: Link, maker: Maker, now: datetime
) -> tuple[Link, bool]:
    standing = links.find(wish.code)
    if standing is None:
        _take(merchant, wish, maker, now)
        if LINKS.put_once(_item(wish)):
            return wish, True
        standing = links.find(wish.code)
    if standing is None or standing.identity != wish.identity:
        why = "is another link's: whoever is first has it"
        raise CodeTaken(f"{wish.code} {why}.", errors={"code": why})
    return standing, False


def _take(merchant: Merchant, link: Link, maker: Maker, now: datetime) -> None:
    """The maker's own first: who has used it up takes nothing of what is others', too."""
    asked = maker.allowances(merchant, link.code)
    if full := daily_allowances.take_each(merchant, asked, {link.code}, now):
        raise TooManyLinks(
            "Today's new links are used up here. Those that exist still answer, and share_url "
            "shares the page's own address.",
            told={"share_url": share_url_of(link, link.url)},
            headers={
                "ratelimit_policy": policy_of(maker.allowances(merchant, link.code)),
                **daily_allowances.nothing_left(merchant, full, now),
            },
        )


def _item(link: Link) -> Item:
    maker = link.maker and maker_code(link.code, link.maker)
    return links.item(replace(link, maker=maker))


def with_code(wish: Link, n: int, now: datetime) -> Link:
    """The wish under the n-th code of its identity."""
    digest = vault.derived(wish.merchant, "link", f"{n}\n{wish.identity}", now)
    code = base32.encode(int.from_bytes(digest[:_CODE_BYTES], "big"), CODE_LENGTH)
    return replace(wish, code=code)
