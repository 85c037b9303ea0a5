"""Links: one per merchant, influencer, destination, network, campaign and label. Table: `code`.

A link's code is a keyed hash of what identifies it, so the same share finds the same link without
a search; where two identities meet on one code, the second derives again with n + 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from sharetrail import codes, environment, store
from sharetrail.items import Item, dump, iso, load
from sharetrail.merchants import Merchant
from sharetrail.problems import NotFound, Problem
from sharetrail.tables import LINKS

CODE_LENGTH = 10
MOST_ANCESTORS = 10
"""A chain of shares that is longer is told as if it began there: it costs a read a generation."""
_CODE_BYTES = 7
_UNKNOWN = "There is no link of this code."


class TooManyLinks(Problem):
    """A merchant's daily cap: a publishable key is public, so someone could mint for ever."""

    status = 429
    title = "Too many new links today"


class UnknownLink(NotFound):
    """The merchant has no link of this code, whoever else may have one."""


@dataclass(frozen=True, kw_only=True)
class Product:
    id: str
    title: str = ""
    image: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    code: str
    merchant: str
    influencer: str
    url: str
    """The destination as given; the redirect adds the tags."""
    network: str
    campaign: str = ""
    label: str = ""
    product: Product | None = None
    parent: str | None = None
    """The click that brought the sharer, on another influencer's link."""
    parent_code: str | None = None
    """That link: the share tree's edge, which outlives the click."""
    maker: str | None = None
    """The sharer's own visitor hash on the day the link was made."""
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def short_url(self) -> str:
        return f"{environment.public_base_url()}/{self.code}"

    @property
    def identity(self) -> str:
        """What makes it this link. The separator stands in none of the parts."""
        parts = (self.influencer, self.url, self.network, self.campaign, self.label)
        return "\n".join((self.merchant, *parts))

    def tags(self, click_id: str | None) -> dict[str, str]:
        """What the redirect adds to the destination."""
        return {
            **({"st": click_id} if click_id else {}),
            "utm_source": self.network,
            "utm_medium": "share",
            "utm_campaign": self.campaign or "sharetrail",
            "utm_content": self.code,
        }


def find(code: str) -> Link | None:
    stored = store.get(LINKS, code)
    return load(Link, stored) if stored else None


def find_own(merchant_id: str, code: str) -> Link:
    """A merchant's own link. UnknownLink without one."""
    link = find(code)
    if link is None or link.merchant != merchant_id:
        raise UnknownLink(_UNKNOWN)
    return link


def find_all(link_codes: set[str]) -> dict[str, Link]:
    """The links of these codes; a code without a link is left out."""
    keys = [{"pk": code} for code in link_codes if is_code(code)]
    return {item["pk"]: load(Link, item) for item in LINKS.get_all(keys)}


def with_ancestors(known: Mapping[str, Link]) -> dict[str, Link]:
    """These links and those they descend from, one read a generation, ten generations up."""
    found = dict(known)
    for _ in range(MOST_ANCESTORS):
        missing = {link.parent_code for link in found.values() if link.parent_code} - found.keys()
        parents = find_all(missing)
        if not parents:
            break
        found |= parents
    return found


def is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and set(text) <= set(codes.ALPHABET)


def made_by(merchant_id: str, influencer_id: str) -> list[Link]:
    """An influencer's links."""
    owner = f"{merchant_id}#{influencer_id}"
    return [load(Link, item) for item in LINKS.query_index("influencer", ("owner", "pk"), owner)]


def create(merchant: Merchant, wish: Link, now: datetime) -> tuple[Link, bool]:
    """The link that `wish` describes (its code is not looked at), and whether it is new.

    TooManyLinks, and nothing stored, once the merchant's day is full.
    """
    from sharetrail import allowances

    for n in count():
        link = with_code(wish, n, now)
        standing = find(link.code)
        if standing is None:
            if not allowances.take(merchant, "links", link.code, merchant.links_per_day, now):
                raise TooManyLinks(f"{merchant.links_per_day:,} new links a day are allowed.")
            if LINKS.put_once(item(link)):
                return link, True
            standing = find(link.code)
        if standing and standing.identity == wish.identity:
            return standing, False
    raise AssertionError("unreachable")


def switch(merchant_id: str, code: str, *, disabled: bool, now: datetime) -> None:
    """Disable a merchant's own link or enable it again. UnknownLink without one.

    Disabled twice, it keeps the first time. The redirect knows a link for at most a minute, so it
    follows by then. Sharing a disabled link again finds it and leaves it disabled.
    """
    on, off = "REMOVE disabled_at", "SET disabled_at = if_not_exists(disabled_at, :now)"
    is_ours = is_code(code) and LINKS.update(
        {"pk": code},
        off if disabled else on,
        "attribute_exists(pk) AND merchant = :merchant",
        merchant=merchant_id,
        **({"now": iso(now)} if disabled else {}),
    )
    if not is_ours:
        raise UnknownLink(_UNKNOWN)


def with_code(wish: Link, n: int, now: datetime) -> Link:
    """The wish under the n-th code of its identity."""
    from sharetrail import vault  # this, and allowances, making links alone needs

    digest = vault.derived(wish.merchant, "link", f"{n}\n{wish.identity}", now)
    code = codes.encode(int.from_bytes(digest[:_CODE_BYTES], "big"), CODE_LENGTH)
    return replace(wish, code=code)


def item(link: Link) -> Item:
    owner = f"{link.merchant}#{link.influencer}"
    return {"pk": link.code, "owner": owner, **dump(link)}
