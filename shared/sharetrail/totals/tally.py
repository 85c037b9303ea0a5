"""Folding facts into a tally: the one way numbers of clicks and page events come about. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TypeVar, get_args

from sharetrail.clicks import seen_on, verdict
from sharetrail.clicks.click import Click
from sharetrail.clicks.device import device_of
from sharetrail.clicks.page_event import PageEvent
from sharetrail.clicks.verdict import Verdict, VerdictKind
from sharetrail.totals.believed_events import BelievedEvents

K = TypeVar("K", str, int)
Counts = dict[str, int]

VERDICTS = get_args(VerdictKind)
HUMAN, UNIQUE, FOLLOWED = "human", "unique", "followed"
UNTOLD = "untold"
"""People's clicks of days that are open: how many visitors made them is known when they close. It
is never stored."""
LINKS_OF_A_SOURCE = 3
"""Links that one address can follow as proof that they were shared, in a day: more than a person is
shown, and too few for anybody to seem to share by following what they made themselves."""
FOLLOWS_OF_A_SOURCE = 5
"""Clicks of it on each of them that are proof how many followed: a family's."""
OTHER = "other"
SEEN_ON = "seen_on"
KINDS = ("country", "device", "referrer", SEEN_ON)
COUNT_VERSION = 1
"""Of what is counted at all: 1 is the first that knows when people clicked."""
QUARTER = timedelta(minutes=15)
"""Every zone's hours begin with one."""
_TOP = 20
_NUMBER = 8
"""Bytes that a count and its type take in an item, about."""


def rule_version() -> int:
    """Of the rules that tallies rest on: 40101 is the fourth of verdicts, the first of seen_on and
    of what is counted; until December 2026 it was 401. Totals keep the newer's, and days that an
    older one counted are closed again."""
    return verdict.VERSION * 10_000 + seen_on.VERSION * 100 + COUNT_VERSION


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a set of facts adds up to. Tallies of disjoint facts merge by addition."""

    fact_count: int = 0
    """How many facts were read for it: a total of fewer never replaces one of more."""
    links: dict[str, Counts] = field(default_factory=dict)
    """Link code (or `other`, which is none) → clicks by verdict, unique visitors, follows; and of
    people's clicks `country:DE`, `device:phone`, `referrer:t.co`, `seen_on:x`."""
    events: Counts = field(default_factory=dict)
    """Page events by type, and what stays and leads tell beside: see believed_events.py."""
    quarters: dict[int, int] = field(default_factory=dict)
    """People's clicks on all links by the quarter of an hour, counted from 1970 in UTC; of what was
    counted before December 2026, none."""
    follows: dict[str, Counts] = field(default_factory=dict)
    """Of a part of a day: address → its people's clicks by link, in the order of its first on each.
    With those of the parts behind it they say what is proof: with_proofs."""


def tally_clicks(
    verdicts: Iterable[tuple[Click, Verdict]], counts_in: Callable[[Click], bool] = lambda _: True
) -> Tally:
    """The tally of a shard and UTC day, as much of it as a local day has. Those that do not count
    in it are facts that were read for it nevertheless: a late one beside a slot changes a verdict
    in it.

    Unique: the distinct visitors among the human clicks of a link. Followed: of each
    address, five of those clicks on each of the first three links that it followed. A click under
    Global Privacy Control has no hash, is never unique and no proof that a link was shared.
    """
    return with_proofs(_tally(verdicts, counts_in))


def tally_slot(
    verdicts: Iterable[tuple[Click, Verdict]], counts_in: Callable[[Click], bool] = lambda _: True
) -> Tally:
    """The same of a part of it, which add up to the whole by with_proofs, but for unique visitors:
    they do not add up."""
    return _without_unique(_tally(verdicts, counts_in))


def _tally(verdicts: Iterable[tuple[Click, Verdict]], counts_in: Callable[[Click], bool]) -> Tally:
    links: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    visitors: dict[str, set[str]] = defaultdict(set)
    follows: dict[str, Counts] = {}
    quarters: dict[int, int] = defaultdict(int)
    facts = 0
    for click, judged in verdicts:
        facts += 1
        if not counts_in(click):
            continue
        counts = links[click.code]
        counts[judged.kind] += 1
        if judged.kind == HUMAN:
            quarters[quarter_of(click.at)] += 1
            for name in _kinds(click.agent, click.country, click.referrer):
                counts[name] += 1
            if click.visitor:
                visitors[click.code].add(click.visitor)
            if click.source:
                followed = follows.setdefault(click.source, {})
                followed[click.code] = followed.get(click.code, 0) + 1
    for code, hashes in visitors.items():
        links[code][UNIQUE] = len(hashes)
    return Tally(fact_count=facts, links=_plain(links), quarters=dict(quarters), follows=follows)


def with_proofs(tally: Tally) -> Tally:
    """The same with the clicks that are proof that a link was shared, in the place of `follows`: of
    each address five on each of the first three links that it followed. What was folded into
    `other` is proof of that."""
    proofs: Counts = defaultdict(int)
    for follows in tally.follows.values():
        for code, clicks in islice(follows.items(), LINKS_OF_A_SOURCE):
            name = code if code in tally.links else OTHER
            proofs[name] += min(clicks, FOLLOWS_OF_A_SOURCE)
    proven = {
        name: merge_counts([tally.links.get(name, {}), {FOLLOWED: clicks}])
        for name, clicks in proofs.items()
    }
    return replace(tally, links={**tally.links, **proven}, follows={})


def quarter_of(at: datetime) -> int:
    return int(at.timestamp()) // int(QUARTER.total_seconds())


def start_of(quarter: int) -> datetime:
    return datetime.fromtimestamp(quarter * QUARTER.total_seconds(), UTC)


@lru_cache(maxsize=16_384)
def _kinds(agent: str, country: str | None, referrer: str) -> tuple[str, ...]:
    """What else a person's click is counted under; what is not known is not named."""
    named = {
        "device": device_of(agent),
        "country": country,
        "referrer": referrer,
        SEEN_ON: seen_on.network_of(referrer, agent),
    }
    return tuple(f"{kind}:{value}" for kind, value in named.items() if value)


def tally_page_events(events: Iterable[PageEvent]) -> Tally:
    believed = BelievedEvents()
    for event in events:
        believed.add(event)
    return Tally(fact_count=believed.facts, events=believed.counts())


def merge_tallies(tallies: Iterable[Tally]) -> Tally:
    whole, facts = Tally(), 0
    for tally in tallies:
        facts += tally.fact_count
        _add(whole.events, tally.events)
        _add_each(whole.links, tally.links)
        _add(whole.quarters, tally.quarters)
        _add_each(whole.follows, tally.follows)
    return replace(whole, fact_count=facts)


def counts_of_kind(counts: Counts, kind: str) -> Counts:
    """The counts under one of KINDS: `{"phone": 3, …}`."""
    prefix = f"{kind}:"
    return {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix)}


def most_first(counts: Counts) -> Counts:
    """Of equals in the order of their names."""
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def bounded(tally: Tally, most: int) -> Tally:
    """The same with at most `most` links, those with most of people's clicks and then most of all,
    and twenty of each kind a link; the rest of each as one, `other`. Nothing is lost of any sum."""
    links = tally.links
    if len(links) > most:
        order = sorted(links, key=lambda code: _standing(code, links[code]))
        rest = merge_counts(links[code] for code in order[most:])
        links = {**{code: links[code] for code in order[:most]}, OTHER: rest}
    return replace(tally, links={code: _top(counts) for code, counts in links.items()})


def _standing(code: str, counts: Counts) -> tuple[bool, int, int, str]:
    """What was folded before is never named among the largest."""
    return code == OTHER, -valid_clicks(counts), -raw_clicks(counts), code


def _top(counts: Counts) -> Counts:
    plain = {name: n for name, n in counts.items() if ":" not in name}
    for kind in KINDS:
        found = counts_of_kind(counts, kind)
        order = sorted(found, key=lambda name: (name == OTHER, -found[name], name))
        kept = {f"{kind}:{name}": found[name] for name in order[:_TOP]}
        rest = sum(found[name] for name in order[_TOP:])
        plain |= {**kept, f"{kind}:{OTHER}": rest} if rest else kept
    return plain


def without_kinds(tally: Tally) -> Tally:
    """The same without what clicks are counted under beside their verdict."""
    links = {
        code: {name: n for name, n in counts.items() if ":" not in name}
        for code, counts in tally.links.items()
    }
    return replace(tally, links=links)


def _without_unique(tally: Tally) -> Tally:
    links = {
        code: {name: n for name, n in counts.items() if name != UNIQUE}
        for code, counts in tally.links.items()
    }
    return replace(tally, links=links)


def with_untold(tally: Tally) -> Tally:
    """The same of a day that is open, which says so of people's clicks."""
    links = {
        code: {**counts, UNTOLD: counts[HUMAN]} if counts.get(HUMAN) else counts
        for code, counts in tally.links.items()
    }
    return replace(tally, links=links)


def parts_of(tally: Tally, size: int) -> Iterator[Tally]:
    """The tally in parts of about `size` bytes of links; everything else stands in the first."""
    part: dict[str, Counts] = {}
    used, rest = 0, tally
    for code in sorted(tally.links):
        part[code] = tally.links[code]
        used += len(code) + sum(len(name) + _NUMBER for name in part[code])
        if used >= size:
            yield replace(rest, links=part)
            part, used, rest = {}, 0, Tally()
    if part or rest is tally:
        yield replace(rest, links=part)


def merge_counts(all_counts: Iterable[Counts]) -> Counts:
    merged: Counts = {}
    for counts in all_counts:
        _add(merged, counts)
    return merged


def raw_clicks(counts: Counts) -> int:
    """Every click but prefetches."""
    return sum(counts.get(kind, 0) for kind in VERDICTS)


def valid_clicks(counts: Counts) -> int:
    """People's clicks, a visitor's repeats within 30 seconds taken as one."""
    return counts.get(HUMAN, 0)


def unique_visitors(counts: Counts) -> int | None:
    """None where a day with people's clicks is still open."""
    return None if counts.get(UNTOLD) else counts.get(UNIQUE, 0)


def _add_each(to: dict[str, Counts], nested: dict[str, Counts]) -> None:
    for name, counts in nested.items():
        if name in to:
            _add(to[name], counts)
        else:
            to[name] = counts.copy()


def _add(to: dict[K, int], counts: dict[K, int]) -> None:
    for name, n in counts.items():
        to[name] = to.get(name, 0) + n


def _plain(nested: dict[str, Counts]) -> dict[str, Counts]:
    return {name: dict(counts) for name, counts in nested.items()}
