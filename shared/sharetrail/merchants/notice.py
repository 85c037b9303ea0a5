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
_SENTENCES: dict[NoticeSubject, str] = {
    "links_of_browsers": f"""\
The day’s new links for shoppers’ browsers were used up. {_INSTEAD} Clicks, orders and credits are \
not touched. If no campaign of yours explains it, a program made them: a larger links_per_day, or \
WAF in front, makes that harder.""",
    "links_of_private_browsers": f"""\
The day’s new links for browsers that ask not to be tracked, a quarter of all, were used up; the \
others had theirs. {_INSTEAD} A larger links_per_day makes that quarter larger, too.""",
    "links_of_one_influencer": f"""\
An influencer of yours made all new links that one may make in a day by a token. {_INSTEAD} More \
than that is made with the secret key.""",
    "links_of_influencers": f"""\
The day’s new links for all influencers with a token were used up. {_INSTEAD} If no campaign of \
yours explains it, mint tokens for whom you know.""",
    "links_of_shop": """\
Your own server made more new links than it may in a day, and the last ones were refused. Mostly \
that is a program that goes round in a circle.""",
    "events": """\
The day’s page events were used up. From then on views, opens and visits were kept one in a \
hundred and shares one in ten, each counting for all of them: that day’s funnel is an estimate. \
Clicks, orders and credits are not touched. A larger events_per_day keeps more.""",
}


@dataclass(frozen=True, kw_only=True)
class Notice:
    day: date
    """Of the merchant's own zone."""
    about: NoticeSubject

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.about]
