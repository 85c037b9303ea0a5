"""What the pages below the overview have in common: how they write, and the way back."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.report.page import frame
from sharetrail.report.page.evidence.order_lines import REMARKS
from sharetrail.report.page.visit import Visit
from sharetrail.report.span import Span
from sharetrail.sharing import networks
from sharetrail.web.http import Answer
from sharetrail.words import formats, names
from sharetrail.words.speech import mark, say
from sharetrail.words.writing import Writing

VERDICTS = {
    # For translators: why clicks are not counted, behind their number: "12 bot".
    "bot": mark("bot"),
    # For translators: a chat that fetched the link to draw its card.
    "preview": mark("preview"),
    # For translators: a page that loaded the link by itself.
    "embedded": mark("embedded"),
    # For translators: the sharer's own browser.
    "self": mark("self"),
    # For translators: the same visitor and link again within 30 seconds.
    "repeat": mark("repeat"),
    "suspicious": mark("suspicious"),
}
Crumbs = Iterable[tuple[str, str]]
"""Pages between the overview and this one: path and label."""


def render(
    template: str, visit: Visit, title: str, *, at: str, way: Crumbs = (), **words: Any
) -> Answer:
    """`templates/evidence/<template>.html`. `at` is the page's own path."""
    merchant, span = visit.merchant, visit.span
    return frame.render(
        f"evidence/{template}",
        visit,
        title,
        here=at,
        way=way,
        again=partial(_again, visit, at),
        amount=lambda amount: written(merchant, amount),
        said=names.sentence,
        network=network_name,
        span=span,
        span_days=days_of(merchant, span),
        days_of=partial(days_of, merchant),
        days_between=Writing.of(merchant).days,
        remark_words=REMARKS,
        verdict_words=VERDICTS,
        **words,
    )


def _again(visit: Visit, at: str, **changes: str) -> str:
    """The page's own address with something else asked; it begins with the first of a list."""
    asked = {name: value for name, value in visit.query.items() if name in _ASKED}
    return visit.to(at, **(asked | changes))


_ASKED = ("by", "influence", "influencer", "network", "product", "link")
"""What pages of a list have in common."""


def days_of(merchant: Merchant, span: Span) -> str:
    return Writing.of(merchant).days(span.first, span.last)


def written(merchant: Merchant, amount: Amount) -> str:
    """An amount of whatever currency, as the merchant's language writes it."""
    return formats.isolated(formats.money(amount, merchant.language), merchant.language)


def network_name(shared_on: str) -> str:
    """A label that somebody made up is a name like others."""
    # For translators: where a link was shared, of which that is not known.
    return names.name(networks.name_of(shared_on)) if shared_on else say("no network")
