"""What a notice says, in sentences. Pure."""

from collections.abc import Iterable

from sharetrail.merchants.notice import Notice, NoticeSubject
from sharetrail.words.speech import mark, say

_INSTEAD = mark(
    "Links that exist went on working; whoever wanted a new one shared the page’s own address."
)
_EXACT = mark("Clicks, orders and credits are not touched.")
_MORE = mark("Whoever runs Sharetrail for you can make more room.")
_SENTENCES: dict[NoticeSubject, tuple[str, ...]] = {
    "links_of_browsers": (
        mark("Shoppers’ browsers used up the day’s new links."),
        _INSTEAD,
        _EXACT,
        _MORE,
        mark("If you know of nothing that so many people shared, a program made them."),
    ),
    "links_of_private_browsers": (
        mark(
            "Browsers that ask not to be tracked used up their part of the day’s new links, a"
            " quarter."
        ),
        _INSTEAD,
        _EXACT,
        _MORE,
    ),
    "links_of_one_influencer": (
        mark("At least one influencer used up the new links that one may make in a day."),
        _INSTEAD,
        _EXACT,
    ),
    "links_of_influencers": (
        mark("Influencers together used up their part of the day’s new links."),
        _INSTEAD,
        _EXACT,
        mark("If you know of no campaign, somebody passed their access on."),
    ),
    "links_of_shop": (
        mark("Your own shop system used up its new links of the day, and more were refused."),
        mark("Mostly that is a program that goes round in a circle."),
    ),
    "events": (
        mark("Your pages told of more than a day has room for."),
        mark(
            "From then on views, opens and visits were kept one in a hundred and shares one in ten,"
            " each counting for all of them: that day’s funnel is an estimate."
        ),
        _EXACT,
        _MORE,
    ),
}


def told(notices: Iterable[Notice]) -> list[dict[str, str]]:
    """As answers tell them."""
    return [
        {"day": each.day.isoformat(), "about": each.about, "sentence": of(each)} for each in notices
    ]


def of(notice: Notice) -> str:
    return " ".join(map(say, _SENTENCES[notice.about]))
