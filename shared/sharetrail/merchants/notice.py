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
_INSTEAD = (
    "Links that exist went on working; whoever wanted a new one shared the page’s own address."
)
_EXACT = "Clicks, orders and credits are not touched."
_MORE = "Whoever runs Sharetrail for you can make more room."
_SENTENCES: dict[NoticeSubject, str] = {
    "links_of_browsers": f"""\
Shoppers’ browsers used up the day’s new links. {_INSTEAD} {_EXACT} {_MORE} If you know of \
nothing that so many people shared, a program made them.""",
    "links_of_private_browsers": f"""\
Browsers that ask not to be tracked used up their part of the day’s new links, a quarter. \
{_INSTEAD} {_EXACT} {_MORE}""",
    "links_of_one_influencer": f"""\
At least one influencer used up the new links that one may make in a day. {_INSTEAD} {_EXACT}""",
    "links_of_influencers": f"""\
Influencers together used up their part of the day’s new links. {_INSTEAD} {_EXACT} If you know \
of no campaign, somebody passed their access on.""",
    "links_of_shop": """\
Your own shop system used up its new links of the day, and more were refused. Mostly that is a \
program that goes round in a circle.""",
    "events": f"""\
Your pages told of more than a day has room for. From then on views, opens and visits were kept \
one in a hundred and shares one in ten, each counting for all of them: that day’s funnel is an \
estimate. {_EXACT} {_MORE}""",
}


@dataclass(frozen=True, kw_only=True)
class Notice:
    day: date
    """Of the merchant's own zone."""
    about: NoticeSubject

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.about]
