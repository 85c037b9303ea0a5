"""Links as stored. Table: `code`; index by influencer."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from sharetrail.aws import environment
from sharetrail.aws.items import Item, dump, load, stored_names
from sharetrail.aws.tables import LINKS, LINKS_BY_INFLUENCER, LINKS_BY_MERCHANT
from sharetrail.calendars import iso
from sharetrail.problems import NotFound
from sharetrail.sharing.link import MOST_ANCESTORS, Link, is_link_code, link_code_in

_UNKNOWN = "There is no link of this code."


class UnknownLink(NotFound):
    """The merchant has no link of this code, whoever else may have one."""


def short_url(link: Link) -> str:
    return f"{environment.public_base_url()}/{link.code}"


def find(code: str) -> Link | None:
    row = LINKS.get(code)
    return load(Link, row) if row else None


def find_own(merchant_id: str, code: str) -> Link:
    """A merchant's own link, its code in whatever way people write it. UnknownLink without one."""
    known = link_code_in(code)
    link = find(known) if known else None
    if link is None or link.merchant != merchant_id:
        raise UnknownLink(_UNKNOWN)
    return link


def find_all(link_codes: set[str]) -> dict[str, Link]:
    """The links of these codes; a code without a link is left out."""
    keys = [{"pk": code} for code in link_codes if is_link_code(code)]
    found = LINKS.get_all(keys, only=stored_names(Link))
    return {item["code"]: load(Link, item) for item in found}


def with_ancestors(by_code: Mapping[str, Link]) -> dict[str, Link]:
    """These links and those they descend from, one read a generation, ten generations up."""
    found = dict(by_code)
    for _ in range(MOST_ANCESTORS):
        missing = {link.parent_code for link in found.values() if link.parent_code} - found.keys()
        parents = find_all(missing)
        if not parents:
            break
        found |= parents
    return found


def made_behind(merchant_id: str, influencer_id: str, after: str, most: int) -> list[Link]:
    """The next of an influencer's links behind the code `after`, in order of their codes."""
    owner = f"{merchant_id}#{influencer_id}"
    rows = LINKS.query(owner, index=LINKS_BY_INFLUENCER, after=after)
    return [load(Link, row) for row in islice(rows, most)]


def made_of(
    merchant_id: str, since: datetime | None, after: tuple[str, str] | None, *, backward: bool
) -> Iterator[Link]:
    """A merchant's links by when they were made, of those made since then; behind the one of this
    time and code, where one is named."""
    bounds = (iso(since) if since else "0", "~")
    start = after and {"merchant": merchant_id, "created_at": after[0], "pk": after[1]}
    rows = LINKS.query(
        merchant_id, index=LINKS_BY_MERCHANT, between=bounds, start=start, backward=backward
    )
    return (load(Link, row) for row in rows)


def switch(merchant_id: str, code: str, *, disabled: bool, now: datetime) -> None:
    """Disable a merchant's own link or enable it again. UnknownLink without one.

    Disabled twice, it keeps the first time. The redirect knows a link for at most a minute, so it
    follows by then. Sharing a disabled link again finds it and leaves it disabled.
    """
    known = link_code_in(code)
    on, off = "REMOVE disabled_at", "SET disabled_at = if_not_exists(disabled_at, :now)"
    is_ours = known and LINKS.update(
        {"pk": known},
        off if disabled else on,
        "attribute_exists(pk) AND merchant = :merchant",
        merchant=merchant_id,
        **({"now": iso(now)} if disabled else {}),
    )
    if not is_ours:
        raise UnknownLink(_UNKNOWN)


def item(link: Link) -> Item:
    owner = f"{link.merchant}#{link.influencer}"
    return {"pk": link.code, "owner": owner, **dump(link)}
