"""Influencers: anyone who shares, known or anonymous. Table: `merchant / influencer`; an index has
those who came by another's link, by when they did.

Whose link that was is said once, with the first link that they make, and is what their browser
says: a publishable key can send any trail. So it is shown and ranks nobody, and moves no money.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sharetrail.aws.items import Item, Value, dump
from sharetrail.aws.tables import INFLUENCERS, RECRUITS
from sharetrail.calendars import iso
from sharetrail.problems import NotFound, Problem
from sharetrail.sharing.link import ANONYMOUS, Link

ID_PATTERN = r"^[A-Za-z0-9_.:-]+$"
KNOWN_ID_PATTERN = r"^[A-Za-z0-9_.@:-]+$"
"""Of ids that stand: until 2026-12 they could be e-mail addresses."""
LONGEST_NAME = 100
MOST_TAGS, LONGEST_TAG = 10, 40
NO_TAGS = "(none)"
"""In the place of tags where there are none."""
ERASED = "erased"
"""When they were, on the row of who was."""
_STANDS = f"attribute_not_exists({ERASED})"
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


class UnknownInfluencer(NotFound):
    """Nobody of this id has shared anything of this merchant's."""


class InfluencerErased(Problem):
    """They were erased, and their id counts on: whoever they are is not said of it again."""

    status = 410
    title = "This influencer was erased"


@dataclass(frozen=True, kw_only=True)
class Influencer:
    id: str
    name: str
    email: bytes | None = None
    """Encrypted: see keeping/sealed_emails.py."""
    email_hash: str | None = None
    """As a buyer: the HMAC of the mailbox; of what was declared before 2026-11-30, of the address
    as it was written."""
    customers: tuple[str, ...] | None = None
    """The HMACs of their customer ids."""
    addresses: tuple[str, ...] | None = None
    """Those of where they have parcels delivered."""
    handles: dict[str, str] | None = None
    """Network → the influencer's own name there."""
    reach: int | None = None
    """Followers as declared; we do not measure them."""
    tags: tuple[str, ...] | None = None
    """The merchant's own words for them, in the merchant's order; nothing depends on them."""
    created_at: datetime


def no_address(influencer_id: Any) -> Any:
    """An id that is no e-mail address. ValueError for one: ids stand in links, in decisions and in
    lists for ever, and no erasure overwrites them."""
    if isinstance(influencer_id, str) and "@" in influencer_id:
        raise ValueError(
            "may not be an e-mail address: tell that as `email`, and an id of your own"
        )
    return influencer_id


def as_name(text: str) -> str:
    """A name as it is kept: one trimmed line. ValueError where that is too long, or nothing."""
    return _line(text, LONGEST_NAME)


def as_tag(text: str) -> str:
    """A tag, likewise; a comma parts two of them."""
    tag = _line(text, LONGEST_TAG)
    if "," in tag or tag == NO_TAGS:
        raise ValueError(f"a tag has no comma, and none is {NO_TAGS}")
    return tag


def _line(text: str, most: int) -> str:
    line = _BLANKS.sub(" ", text).strip()
    if not 0 < len(line) <= most:
        raise ValueError(f"one line of 1 to {most} characters")
    return line


def visitor_name(influencer_id: str) -> str:
    """`Visitor 7F3K`: what an anonymous influencer is called."""
    return f"Visitor {influencer_id.removeprefix(ANONYMOUS)[:4].upper()}"


def is_known(influencer_id: str, name: str, tags: Sequence[str] = ()) -> bool:
    """Whether the merchant knows them: by a name of theirs, or by tags. Whoever only shared is
    called as visitor_name says."""
    return name != visitor_name(influencer_id) or bool(tags)


def meet(merchant_id: str, influencer: Influencer, link: Link, *, declared: bool) -> None:
    """Make the influencer known by their link, unless they are: then it is their first, whichever
    others were made in the same millisecond. What the merchant declared of them is kept anew, but
    of who was erased."""
    met = item(merchant_id, influencer, link)
    if not INFLUENCERS.put_once(met) and declared:
        with suppress(InfluencerErased):
            describe(merchant_id, influencer)


def item(merchant_id: str, influencer: Influencer, first: Link | None = None) -> Item:
    """What is stored of them; `first` is the link by which they became known."""
    met: Item = {"pk": merchant_id, "sk": influencer.id, **dump(influencer)}
    if first:
        met["first_link"] = first.code
    if first and first.parent_code:
        came = f"{iso(influencer.created_at)}#{first.parent_code}"
        met |= {"recruits": merchant_id, "recruited": came}
    return met


def describe(merchant_id: str, influencer: Influencer) -> None:
    """Set what is declared of an influencer; what is None stays as it was, the score too, and what
    is an empty tuple is emptied. InfluencerErased, and nothing set, of who was."""
    told = dump(influencer)
    emptied = [name for name, value in vars(influencer).items() if value == ()]
    once = {"created_at"} if influencer.name != influencer.id else {"created_at", "name"}
    sets = [
        f"#{name} = if_not_exists(#{name}, :{name})" if name in once else f"#{name} = :{name}"
        for name in told
    ]
    key = {"pk": merchant_id, "sk": influencer.id}
    remove = f" REMOVE {', '.join(f'#{name}' for name in emptied)}" if emptied else ""
    setting = f"SET {', '.join(sets)}{remove}"
    if not INFLUENCERS.update(key, setting, _STANDS, [*told, *emptied], **told):
        raise InfluencerErased(
            f"{influencer.id!r} was erased. If they share again, give them an id of their own."
        )


def rename(merchant_id: str, influencer_id: str, before: str, after: str) -> bool:
    """Whether they were called so before, or are called so already; else nothing is changed."""
    return _replace(merchant_id, influencer_id, "name", before, after)


def tag(
    merchant_id: str, influencer_id: str, before: tuple[str, ...], after: tuple[str, ...]
) -> bool:
    """The same of their tags."""
    return _replace(merchant_id, influencer_id, "tags", [*before], [*after])


def _replace(merchant_id: str, influencer_id: str, name: str, before: Value, after: Value) -> bool:
    """What is empty is not stored."""
    field = f"#{name}"
    was = f"{field} = :before" if before else f"attribute_not_exists({field})"
    will_be = f"{field} = :after" if after else f"attribute_not_exists({field})"
    told = {name: value for name, value in {"before": before, "after": after}.items() if value}
    return INFLUENCERS.update(
        {"pk": merchant_id, "sk": influencer_id},
        f"SET {field} = :after" if after else f"REMOVE {field}",
        f"attribute_exists(pk) AND {_STANDS} AND ({was} OR {will_be})",
        names=[name],
        **told,
    )


def item_of(merchant_id: str, influencer_id: str) -> Item:
    """Profile, and `score` where one is stored. UnknownInfluencer where there is none."""
    item = INFLUENCERS.get(merchant_id, influencer_id)
    if item is None:
        raise UnknownInfluencer(f"There is no influencer {influencer_id!r}.")
    return item


def following(merchant_id: str, after: str, most: int) -> list[Item]:
    """The next influencers behind the id `after`, in order of their ids."""
    return list(islice(INFLUENCERS.query(merchant_id, after=after), most))


def listed(merchant_id: str, after: str, anonymous: bool | None) -> Iterator[Item]:
    """Those behind the id `after`, in order of their ids: of those whom a browser alone named, of
    the others, or of all."""
    browsers = (ANONYMOUS, f"{ANONYMOUS}~")
    others = (("!", browsers[0]), (browsers[1], "~~"))
    ranges = {None: (("!", "~~"),), True: (browsers,), False: others}
    for low, high in ranges[anonymous]:
        begin = max(low, f"{after}\x00") if after else low
        if begin <= high:
            yield from INFLUENCERS.query(merchant_id, between=(begin, high))


def profiles(merchant_id: str, ids: Iterable[str], *only: str) -> dict[str, Item]:
    """Those of the influencers who are known, by id; `only` these attributes, where named."""
    keys = [{"pk": merchant_id, "sk": each} for each in ids]
    found = INFLUENCERS.get_all(keys, only=("sk", *only) if only else ())
    return {item["sk"]: item for item in found}


def recruits(merchant_id: str, since: datetime, until: datetime) -> dict[str, str]:
    """Who came by another's link from `since` until before `until`, and the code of that link."""
    times = (iso(since), iso(until))
    rows = INFLUENCERS.query(merchant_id, index=RECRUITS, between=times)
    return {row["sk"]: row["recruited"].rpartition("#")[2] for row in rows}


def recruited_by(
    merchant_id: str, codes: Container[str], since: datetime, until: datetime, most: int
) -> list[str]:
    """Who came by one of these links from `since` until before `until`, newest first: among the
    newest `most` who came by anybody's."""
    times = (iso(since), iso(until))
    rows = INFLUENCERS.query(merchant_id, index=RECRUITS, between=times, backward=True)
    came = ((row["sk"], row["recruited"].rpartition("#")[2]) for row in islice(rows, most))
    return [who for who, code in came if code in codes]


def names(merchant_id: str, ids: Iterable[str]) -> dict[str, str]:
    """What the influencers are called."""
    return {each: item["name"] for each, item in profiles(merchant_id, ids).items()}


def name_of(merchant_id: str, influencer: str) -> str:
    """Its id, where it is not known."""
    return names(merchant_id, [influencer]).get(influencer, influencer)


def people(merchant_id: str, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Who the influencers are as buyers, as far as it is known: HMACs of e-mail address, customer
    ids and delivery addresses."""
    return {
        each: frozenset(
            [
                *item.get("customers", ()),
                *item.get("addresses", ()),
                *filter(None, [item.get("email_hash")]),
            ]
        )
        for each, item in profiles(merchant_id, ids).items()
    }
