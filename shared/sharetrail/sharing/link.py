"""A link: one per merchant, influencer, destination, network, campaign and label. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from sharetrail import base32
from sharetrail.cropping import cropped

CODE_LENGTH = 10
MOST_ANCESTORS = 10
"""A chain of shares that is longer is told as if it began there: it costs a read a generation."""
ANONYMOUS = "anon_"
"""How the ids of influencers begin that a publishable key made: a namespace of their own."""
SHORTEST_CHOSEN, LONGEST_CHOSEN = 3, 40
_AS_WRITTEN = re.compile(rf"[\W_]*([0-9A-Za-z]{{{CODE_LENGTH}}})[\W_]*")
_CHOSEN = rf"[0-9a-z][0-9a-z-]{{{SHORTEST_CHOSEN - 2},{LONGEST_CHOSEN - 2}}}[0-9a-z]"
_IS_CHOSEN = re.compile(rf"(?![0-9a-z]{{{CODE_LENGTH}}}\Z){_CHOSEN}", re.ASCII)
_CHOSEN_AS_WRITTEN = re.compile(rf"[\W_]*((?ai:{_CHOSEN}))[\W_]*")
_LONGEST_AS_WRITTEN = 100
_LETTERS = frozenset(base32.ALPHABET)


_MAX_PRODUCT_ID = 100  # bytes


def product_id(text: str) -> str:
    """A product's id as it is kept, whoever says it: shops number them, and cropped alike in links,
    page events and orders it names the same product in all of them."""
    return cropped(text, _MAX_PRODUCT_ID)


@dataclass(frozen=True, kw_only=True)
class Product:
    """As the page that a link was made on has it. What it is called: see product_names.py."""

    id: str
    title: str = ""
    image: str = ""


OTHER = "other"
"""The network of links to any that has no id of its own: it goes by the link's label."""


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
    """Of a wish the sharer's visitor hash of the day, of a stored link maker_code of it."""
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def shared_on(self) -> str:
        """What its clicks and credits add up under as a network: its own, or `other:Twitch`."""
        return f"{OTHER}:{self.label}" if self.network == OTHER else self.network

    @property
    def path(self) -> str:
        """Its destination's, as people read it: `/products/mug`."""
        return unquote(urlsplit(self.url).path) or "/"

    @property
    def identity(self) -> str:
        """What makes it this link. The separator stands in none of the parts."""
        parts = (self.influencer, self.url, self.network, self.campaign, self.label)
        return "\n".join((self.merchant, *parts))

    def tags(self, click_id: str | None) -> dict[str, str]:
        """What the redirect adds to the destination."""
        return {
            **({"st": click_id} if click_id else {}),
            "utm_source": self.shared_on,
            "utm_medium": "share",
            "utm_campaign": self.campaign or "sharetrail",
            "utm_content": self.code,
        }


def is_anonymous(influencer: str) -> bool:
    """Whether a browser alone named it: anybody may share so."""
    return influencer.startswith(ANONYMOUS)


def is_link_code(text: str) -> bool:
    """Whether a link may have it, as it stands here: made by us, or chosen by a merchant."""
    return is_made_code(text) or is_chosen_code(text)


def is_made_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and _LETTERS.issuperset(text)


def is_chosen_code(text: str) -> bool:
    """Small letters, digits and dashes within: never ten letters and digits, as a code has that we
    make, in whatever way people write it."""
    return _IS_CHOSEN.fullmatch(text) is not None


def link_code_in(text: str) -> str | None:
    """The code as links have it, of what people and messengers make of it: capitals, O for 0, I and
    L for 1 in a code that we made, and around it whatever is no letter and no digit (the slash,
    full stop, comma, bracket or blank of the sentence it stood in), in percent signs or not. None
    where it is no code.
    """
    if is_made_code(text):
        return text
    if len(text) > _LONGEST_AS_WRITTEN:
        return None
    plain = unquote(text)
    if written := _AS_WRITTEN.fullmatch(plain):
        code = base32.spelled(written[1])
        return code if is_made_code(code) else None
    chosen = _CHOSEN_AS_WRITTEN.fullmatch(plain)
    return chosen[1].lower() if chosen else None
