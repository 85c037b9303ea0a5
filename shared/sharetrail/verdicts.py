"""The verdict on a click: human, bot, preview or repeat, each with its reason. Pure.

Nothing is thrown away by a verdict: it is recomputed from the fact whenever it is needed, so a
better rule corrects history. A list of patterns stops honest bots only.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from sharetrail.bot_patterns import PATTERNS
from sharetrail.clicks import Click

RULE = 1
"""Raise it with every change that can change a verdict: totals keep the newer rule's."""
REPEAT_WITHIN = timedelta(seconds=30)

Kind = Literal["human", "bot", "preview", "repeat"]

# Programs that fetch a link to draw its card in a chat or a post; all name themselves.
_PREVIEW = re.compile(
    r"^whatsapp/|facebookexternalhit|facebot|twitterbot|telegrambot|slackbot|slack-imgproxy"
    r"|discordbot|linkedinbot|pinterestbot|^pinterest/|redditbot|skypeuripreview|^viber/|vkshare"
    r"|bluesky cardyb|mastodon/|embedly|iframely|line-poker",
    re.IGNORECASE,
)
_BOTS = tuple(re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in PATTERNS)
_ANY_BOT = re.compile("|".join(PATTERNS), re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    reason: str


HUMAN = Verdict("human", "a browser's visit")


def judge(clicks: Iterable[Click]) -> Iterator[tuple[Click, Verdict]]:
    """Each click with its verdict.

    Clicks come in time order; those of one visitor must all be there from 30 seconds before the
    first that matters, or a repeat reads as human. A repeat extends the 30 seconds: so no verdict
    depends on more than those, and a slot judges a click as its whole day does.
    """
    newest: dict[tuple[str, str], datetime] = {}
    for click in clicks:
        verdict = of_agent(click.agent)
        if verdict.kind == "human" and click.visitor:
            seen = newest.get((click.visitor, click.code))
            if seen is not None and click.at - seen <= REPEAT_WITHIN:
                verdict = Verdict("repeat", "the same visitor and link within 30 seconds")
            newest[click.visitor, click.code] = click.at
        yield click, verdict


@lru_cache(maxsize=4_096)
def of_agent(agent: str) -> Verdict:
    """What the user agent alone says."""
    if found := _PREVIEW.search(agent):
        return Verdict("preview", f"a link preview: {found[0].strip('/')}")
    if not agent:
        return Verdict("bot", "no user agent")
    if _ANY_BOT.search(agent):
        (named, *_) = (found[0] for bot in _BOTS if (found := bot.search(agent)))
        return Verdict("bot", f"its user agent says {named.strip()!r}")
    return HUMAN
