"""The verdict on a click: what it was, and the reason. Pure.

Nothing is thrown away by a verdict: it is recomputed from the fact whenever it is needed, so a
better rule corrects history. A list of patterns stops honest bots only.

Who can cause it? Whoever has the link, by what they send. It is on the click itself, or on those of
one visitor or one address; who shares a carrier's address can use up its hour on a link, and take
others' clicks out of the count. None takes credit from an order that carries the click and was paid
for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

from sharetrail.clicks.click import Click
from sharetrail.clicks.user_agent import without_phone

VERSION = 6
"""Raise it with every change that can change a verdict: totals keep the newer rule's."""
LOOK_BACK = timedelta(seconds=30)
"""No verdict depends on clicks before these: so a slot can be judged by itself."""
_MANY_LINKS = 10
"""More links of one shop than a person opens in half a minute, also behind a shared address."""

_MANY_AN_HOUR = 20
"""More clicks of one visitor on one link than an hour of interest explains."""

_MANY_OF_AN_ADDRESS = 50
"""More clicks on one link than an hour brings from behind one address: a mobile carrier leads
some hundreds of phones out by one, of which one in ten would have to follow the same link."""

_MANY_UNTRACKED = 6
"""Clicks on one link in an hour of a shard (there are eight) by those who ask not to be tracked,
and as many more as those who do not: they are a minority everywhere, and one machine that sends
`Sec-GPC: 1` with every request could be thousands."""

VerdictKind = Literal["human", "bot", "preview", "embedded", "self", "repeat", "suspicious"]

# Programs that fetch a link to draw its card in a chat or a post; all name themselves. Office looks
# at a link in a mail before it leads a person's browser there.
_PREVIEW = re.compile(
    r"^whatsapp/|facebookexternalhit|facebot|twitterbot|telegrambot|slackbot|slack-imgproxy"
    r"|discordbot|linkedinbot|pinterestbot|^pinterest/|redditbot|skypeuripreview|^viber/|vkshare"
    r"|bluesky cardyb|mastodon/|embedly|iframely|line-poker|microsoft (?:office|outlook)\b",
    re.IGNORECASE,
)
# Of self-declared bots, by isbot (npm): written by local/artifacts/bots.py, one a line.
_PATTERNS = Path(__file__).with_name("bot_patterns.txt").read_text("utf-8").splitlines()
_BOTS = tuple(re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in _PATTERNS)
_ANY_BOT = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: VerdictKind
    reason: str


HUMAN = Verdict("human", "a browser's visit")
_NO_VISITS: tuple[VerdictKind, ...] = ("bot", "preview", "embedded")
"""What somebody may follow the link half a minute after, without repeating anything."""
_SELF = Verdict("self", "the sharer's own browser, or one like it behind the same address")
_MUTE = Verdict("suspicious", "it calls itself a browser and named no language, as browsers do")
_REPEAT = Verdict("repeat", "the same visitor and link within 30 seconds")
_FLOOD = Verdict("suspicious", f"over {_MANY_AN_HOUR} clicks of one visitor and link in an hour")
_CROWD = Verdict(
    "suspicious", f"over {_MANY_OF_AN_ADDRESS} clicks of one address and link in an hour"
)
_UNTRACKED = Verdict(
    "suspicious", "more clicks of nobody in particular than of all others in an hour"
)
_WALK = Verdict("suspicious", f"one visitor on more than {_MANY_LINKS} links within 30 seconds")


def judge_clicks(clicks: Iterable[Click]) -> Iterator[tuple[Click, Verdict]]:
    """Each click with its verdict.

    Clicks come in time order; those of one visitor must all be there from 30 seconds before the
    first that matters. A repeat extends its 30 seconds, whatever the earlier click was judged: so
    no verdict depends on more than those, and a slot judges a click as its whole day does.
    """
    followed: dict[str, dict[str, datetime]] = {}
    for click in clicks:
        verdict = judge_alone(click)
        if click.visitor and verdict.kind not in _NO_VISITS:
            newest = followed.setdefault(click.visitor, {})
            if verdict is HUMAN:
                verdict = _beside(click, newest)
            newest.pop(click.code, None)  # so that they stand in the order of their times
            newest[click.code] = click.at
        yield click, verdict


def _beside(click: Click, newest: dict[str, datetime]) -> Verdict:
    """What the same visitor's other clicks say; `newest` is when each link was followed last,
    in time order.
    """
    since = click.at - LOOK_BACK
    seen = newest.get(click.code)
    if seen is not None and seen >= since:
        return _REPEAT
    tenth = next(islice(reversed(newest.values()), _MANY_LINKS - 1, None), None)
    return _WALK if tenth is not None and tenth >= since else HUMAN


def without_floods(verdicts: Iterable[tuple[Click, Verdict]]) -> Iterator[tuple[Click, Verdict]]:
    """The same for whole UTC hours of a shard: of a visitor's flood on a link only the hour's first
    valid click stays one, of an address's the first fifty, and of those without either about as
    many as of all others.
    """
    day = [*_without_floods_of_one(list(verdicts))]
    valid = Counter(
        _hour_of(click, None) for click, verdict in day if verdict is HUMAN and click.visitor
    )
    untracked: Counter[_Hour] = Counter()
    for click, verdict in day:
        if verdict is HUMAN and click.is_private:
            untracked[hour := _hour_of(click, None)] += 1
            verdict = HUMAN if untracked[hour] <= valid[hour] + _MANY_UNTRACKED else _UNTRACKED
        yield click, verdict


def _without_floods_of_one(day: list[tuple[Click, Verdict]]) -> Iterator[tuple[Click, Verdict]]:
    raw = Counter(
        _hour_of(click, click.visitor)
        for click, verdict in day
        if click.visitor and verdict.kind != "embedded"
    )
    flooded: set[_Hour] = set()
    valid: Counter[_Hour] = Counter()
    for click, verdict in day:
        if verdict is HUMAN and raw[hour := _hour_of(click, click.visitor)] > _MANY_AN_HOUR:
            verdict = _FLOOD if hour in flooded else HUMAN
            flooded.add(hour)
        if verdict is HUMAN and click.address:
            valid[hour := _hour_of(click, click.address)] += 1
            verdict = HUMAN if valid[hour] <= _MANY_OF_AN_ADDRESS else _CROWD
        yield click, verdict


_Hour = tuple[str | None, str, int]


def _hour_of(click: Click, who: str | None) -> _Hour:
    return who, click.code, click.at.hour


def judge_alone(click: Click) -> Verdict:
    """What a click says without any other."""
    verdict = judge_agent(click.agent)
    if verdict is not HUMAN:
        return verdict
    if click.embedded_as:
        reason = f"a page loaded it as {click.embedded_as!r}: nobody followed the link"
        return Verdict("embedded", reason)
    if click.own:
        return _SELF
    return _MUTE if click.mute else HUMAN


@lru_cache(maxsize=4_096)
def judge_agent(agent: str) -> Verdict:
    """What the user agent alone says. One that names an app's phone and nothing else is a person's:
    so Facebook's own browser does.
    """
    if not agent:
        return Verdict("bot", "no user agent")
    program = without_phone(agent)
    if found := _PREVIEW.search(program):
        return Verdict("preview", f"a link preview: {found[0].strip('/')}")
    if program and _ANY_BOT.search(program):
        (named, *_) = (found[0] for bot in _BOTS if (found := bot.search(program)))
        return Verdict("bot", f"its user agent says {named.strip()!r}")
    return HUMAN
