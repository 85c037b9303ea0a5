"""What a merchant is told of a day, once: that an allowance of it was used up. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

NoticeSubject = Literal[
    "links_of_browsers",
    "links_of_private_browsers",
    "links_of_one_influencer",
    "links_of_influencers",
    "links_of_shop",
    "events",
]
SUBJECTS: tuple[NoticeSubject, ...] = get_args(NoticeSubject)
"""In the order in which they are told."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    day: date
    """Of the merchant's own zone."""
    about: NoticeSubject
