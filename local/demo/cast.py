"""Who shares the demo shop's products: forty people, each with a way of their own, none real."""

from dataclasses import dataclass

_CHATS = ("whatsapp", "whatsapp", "device", "telegram", "sms", "email", "copy")
_FEEDS = ("facebook", "x", "threads", "bluesky", "reddit", "linkedin")
_PICTURES = ("instagram", "pinterest", "tiktok", "device")


@dataclass(frozen=True, kw_only=True)
class Sharer:
    id: str
    name: str
    networks: tuple[str, ...]
    forum: str = ""
    """What `other` is, where it is among the networks."""
    reach: float
    """How many clicks the sharer brings, against the others."""
    sells: float = 1.0
    """How often a click of theirs ends in an order, against the others."""
    bots: float = 0.1
    """The part of their clicks that no person made."""
    closes: bool = False
    """Shares with people who are about to buy: nearly always the last click, never the first."""


_NAMED_SHARERS = (
    # She films her kitchen: reels, short clips, a long one with the link below it; friends get it
    # from her phone.
    Sharer(
        id="ana",
        name="Ana Oliveira",
        networks=("instagram", "tiktok", "youtube", "device"),
        reach=30,
        sells=1.5,
    ),
    Sharer(id="tide.and.table", name="Tide & Table", networks=_PICTURES, reach=26, sells=1.1),
    Sharer(id="ben-carter", name="Ben Carter", networks=_FEEDS, reach=21, sells=1.2),
    Sharer(id="harbour-kitchen", name="Harbour Kitchen", networks=_FEEDS, reach=19, sells=0.8),
    Sharer(id="mina-sato", name="Mina Satō", networks=_PICTURES, reach=15, sells=1.7),
    Sharer(
        id="coupon-cove",
        name="Coupon Cove",
        networks=("copy", "email"),
        reach=10,
        sells=2.4,
        closes=True,
    ),
    Sharer(
        id="viral-vic", name="Viral Vic", networks=("x", "reddit"), reach=24, sells=0.1, bots=0.6
    ),
    Sharer(id="jo-lindqvist", name="Jo Lindqvist", networks=_CHATS, reach=9, sells=2.0),
    Sharer(id="the-enamelist", name="The Enamelist", networks=_FEEDS, reach=9, sells=1.3),
    Sharer(id="omar-haddad", name="Omar Haddad", networks=_CHATS, reach=7, sells=1.8),
    Sharer(id="camp-cooks", name="Camp Cooks", networks=_FEEDS, reach=8),
    Sharer(id="lena-vogel", name="Lena Vogel", networks=_PICTURES, reach=7, sells=1.4),
    Sharer(id="slow-sundays", name="Slow Sundays", networks=_FEEDS, reach=6),
    Sharer(id="priya-nair", name="Priya Nair", networks=_CHATS, reach=5, sells=1.6),
    Sharer(
        id="kettle-club",
        name="Kettle Club",
        networks=("facebook", "email", "other"),
        forum="Discord",
        reach=5,
        sells=1.3,
    ),
    Sharer(id="theo-brandt", name="Theo Brandt", networks=_FEEDS, reach=4),
    Sharer(id="zoe-adeyemi", name="Zoë Adeyemi", networks=_CHATS, reach=4, sells=1.2),
    Sharer(id="pier-pictures", name="Pier Pictures", networks=_PICTURES, reach=4, sells=0.6),
    Sharer(id="luca-ferri", name="Luca Ferri", networks=_CHATS, reach=3),
    Sharer(id="noor-khan", name="Noor Khan", networks=_CHATS, reach=3, sells=1.5),
    Sharer(id="tin-and-tonic", name="Tin & Tonic", networks=_FEEDS, reach=3, sells=0.5),
    Sharer(id="sofia-marin", name="Sofía Marín", networks=_PICTURES, reach=2.5),
    Sharer(id="gus-holloway", name="Gus Holloway", networks=_FEEDS, reach=2.5),
    Sharer(id="wild-porridge", name="Wild Porridge", networks=_FEEDS, reach=2),
    Sharer(id="ida-nyman", name="Ida Nyman", networks=_CHATS, reach=2),
    Sharer(id="the-mug-shelf", name="The Mug Shelf", networks=_PICTURES, reach=2),
)
_VISITING_SHARERS = tuple(
    Sharer(id=f"browser-{n:02}", name="", networks=_CHATS, reach=1.6 / (1 + n / 6), sells=1.2)
    for n in range(14)
)
"""Shoppers who pressed a share button and said no name."""

SHARERS = (*_NAMED_SHARERS, *_VISITING_SHARERS)
assert len(SHARERS) == 40
