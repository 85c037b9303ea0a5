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
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Literal

from sharetrail.clicks.click import Click
from sharetrail.clicks.patterns import Patterns
from sharetrail.clicks.user_agent import without_phone

VERSION = 6
"""Raise it with every change that can change a verdict: totals keep the newer rule's."""
LOOK_BACK = timedelta(seconds=30)
"""No verdict depends on clicks before these: so a slot can be judged by itself."""
_FORGET_EVERY = 10_000
"""Clicks after which what is older is forgotten, so that a day takes no more room than its fullest
half minute."""
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

MOST_AGENTS = 20_000
"""Different user agents that a fold reads: more than a shard of a shop of a million clicks a week
has clicks in a day."""
MOST_AGENTS_OF_A_SOURCE = 1_000
"""Of them those that one address brings, and all together who asks not to be tracked: a carrier's
hundreds of phones are not so many kinds. A machine could use up the others' by itself."""

VerdictKind = Literal["human", "bot", "preview", "embedded", "self", "repeat", "suspicious"]

# Programs that fetch a link to draw its card in a chat or a post; all name themselves. Office looks
# at a link in a mail before it leads a person's browser there.
_PREVIEWS = Patterns(
    r"^whatsapp/|facebookexternalhit|facebot|twitterbot|telegrambot|slackbot|slack-imgproxy"
    r"|discordbot|linkedinbot|pinterestbot|^pinterest/|redditbot|skypeuripreview|^viber/|vkshare"
    r"|bluesky cardyb|mastodon/|embedly|iframely|line-poker|microsoft (?:office|outlook)\b"
)
# Of self-declared bots, by isbot (npm): written by local/artifacts/bots.py, one a line.
_LINES = Path(__file__).with_name("bot_patterns.txt").read_text("utf-8").splitlines()
# What goes by how words are written could match a whole user agent, or a name in it: not told.
_ANY_WORD = re.compile(r"(?:\\w|\\d|\])(?:[*+]|\{\d+,\})")
_WORDS = ("curl", *(line for line in _LINES if not _ANY_WORD.search(line)))
_BOTS = Patterns(*_WORDS, flags=re.ASCII)  # `url` is isbot's word for curl
_UNLIKE = Patterns(*filter(_ANY_WORD.search, _LINES), flags=re.ASCII)


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: VerdictKind
    reason: str


HUMAN = Verdict("human", "a browser's visit")
_NO_BROWSER = Verdict("bot", "its user agent is not written as browsers write theirs")
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
_UNREAD = Verdict(
    "suspicious", "more different browsers than a shop's visitors have, or than one address has"
)
_WALK = Verdict("suspicious", f"one visitor on more than {_MANY_LINKS} links within 30 seconds")


def judge_clicks(clicks: Iterable[Click]) -> Iterator[tuple[Click, Verdict]]:
    """Each click with its verdict, one at a time.

    Clicks come in time order; those of one visitor must all be there from 30 seconds before the
    first that matters. A repeat extends its 30 seconds, whatever the earlier click was judged: so
    no verdict depends on more than those, and a slot judges a click as its whole day does, unless
    the day has more user agents than are read.
    """
    agents = _Agents()
    followed: _Followed = {}
    for number, click in enumerate(clicks, 1):
        verdict = agents.judge(click)
        if click.visitor and verdict.kind not in _NO_VISITS:
            newest = followed.setdefault(click.visitor, {})
            if verdict is HUMAN:
                verdict = _beside(click, newest)
            newest.pop(click.code, None)  # so that they stand in the order of their times
            newest[click.code] = click.at
        if number % _FORGET_EVERY == 0:
            followed = _since(click.at - LOOK_BACK, followed)
        yield click, verdict


class _Agents:
    """The user agents of a fold, each read once, in the order in which they come first."""

    def __init__(self) -> None:
        self._verdicts: dict[str, Verdict] = {}
        self._brought: Counter[str | None] = Counter()

    def judge(self, click: Click) -> Verdict:
        verdict = self._verdicts.get(click.agent)
        if verdict is None:
            if self._is_one_too_many(click):
                return _UNREAD
            self._brought[click.source] += not click.nameless
            verdict = self._verdicts[click.agent] = judge_agent(click.agent)
        return _judge_with(click, verdict)

    def _is_one_too_many(self, click: Click) -> bool:
        """Whoever has no name for want of a salt is anybody, and brings what all of a day bring."""
        of_source = 0 if click.nameless else self._brought[click.source]
        return len(self._verdicts) >= MOST_AGENTS or of_source >= MOST_AGENTS_OF_A_SOURCE


_Followed = dict[str, dict[str, datetime]]
"""Visitor → link → when it was followed last."""


def _since(earliest: datetime, followed: _Followed) -> _Followed:
    recent = (
        (visitor, {code: at for code, at in newest.items() if at >= earliest})
        for visitor, newest in followed.items()
    )
    return {visitor: newest for visitor, newest in recent if newest}


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


_Who = tuple[str | None, str]
"""A visitor or an address, and the link that they followed within the hour."""


def without_floods(verdicts: Iterable[tuple[Click, Verdict]]) -> Iterator[tuple[Click, Verdict]]:
    """The same for whole UTC hours of a shard's day: of a visitor's flood on a link only the hour's
    first valid click stays one, of an address's the first fifty, and of those without either about
    as many as of all others. An hour's valid clicks come last, in order: they alone are held.
    """
    for _, hour in groupby(verdicts, lambda each: each[0].at.hour):
        raw: Counter[_Who] = Counter()
        valid: list[Click] = []
        for click, verdict in hour:
            if click.visitor and verdict.kind != "embedded" and verdict is not _UNREAD:
                raw[click.visitor, click.code] += 1
            if verdict is HUMAN:
                valid.append(click)
            else:
                yield click, verdict
        yield from _of_all([*_of_one(valid, raw)])


def _of_one(hour: list[Click], raw: Counter[_Who]) -> Iterator[tuple[Click, Verdict]]:
    """Of one visitor, and of one address."""
    flooded: set[_Who] = set()
    valid: Counter[_Who] = Counter()
    for click in hour:
        verdict = HUMAN
        if raw[visitor := (click.visitor, click.code)] > _MANY_AN_HOUR:
            verdict = _FLOOD if visitor in flooded else HUMAN
            flooded.add(visitor)
        if verdict is HUMAN and click.address:
            valid[address := (click.address, click.code)] += 1
            verdict = HUMAN if valid[address] <= _MANY_OF_AN_ADDRESS else _CROWD
        yield click, verdict


def _of_all(hour: list[tuple[Click, Verdict]]) -> Iterator[tuple[Click, Verdict]]:
    """Of those without visitor or address."""
    valid = Counter(click.code for click, verdict in hour if verdict is HUMAN and click.visitor)
    untracked: Counter[str] = Counter()
    for click, verdict in hour:
        if verdict is HUMAN and click.is_private:
            untracked[click.code] += 1
            is_usual = untracked[click.code] <= valid[click.code] + _MANY_UNTRACKED
            verdict = HUMAN if is_usual else _UNTRACKED
        yield click, verdict


def judge_alone(click: Click) -> Verdict:
    """What a click says without any other."""
    return _judge_with(click, judge_agent(click.agent))


def _judge_with(click: Click, agent: Verdict) -> Verdict:
    """`agent` is the verdict on its user agent."""
    if agent is not HUMAN:
        return agent
    if click.embedded_as:
        reason = f"a page loaded it as {click.embedded_as!r}: nobody followed the link"
        return Verdict("embedded", reason)
    if click.own:
        return _SELF
    return _MUTE if click.mute else HUMAN


@lru_cache(maxsize=4_096)
def judge_agent(agent: str) -> Verdict:
    """What the user agent alone says. One that names an app's phone and nothing else is a person's:
    so Facebook's own browser does. A reason has a word of our lists, and none of a stranger's.
    """
    if not agent:
        return Verdict("bot", "no user agent")
    program = without_phone(agent)
    said = _in_small_letters(program)
    if span := min(_PREVIEWS.spans(said), key=itemgetter(0), default=None):
        return Verdict("preview", f"a link preview: {program[slice(*span)].strip('/')}")
    if program and (span := next(_BOTS.spans(said), None)):
        return Verdict("bot", f"its user agent says {program[slice(*span)].strip()!r}")
    return _NO_BROWSER if program and _UNLIKE.stand_in(said) else HUMAN


def _in_small_letters(text: str) -> str:
    """Of ASCII alone, so that each stands where it stood."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")
