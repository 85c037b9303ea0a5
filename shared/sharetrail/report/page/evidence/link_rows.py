"""Links as lists have them, with the days' figures. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import (
    FOLLOWED,
    HUMAN,
    VERDICTS,
    Counts,
    Tally,
    counts_of_kind,
    merge_counts,
    most_first,
    raw_clicks,
    unique_visitors,
    valid_clicks,
)


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """What was seen of a link, or of several."""

    valid: int = 0
    unique: int | None = 0
    """None where a day with people's clicks is still open."""
    raw: int = 0
    followed: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    """Those that do not count, by kind: most first."""
    seen_on: SeenOn = NOWHERE
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """`country`, `device`, `referrer` → people's clicks by each, most first."""

    @classmethod
    def of(cls, counts: Counts) -> "Clicks":
        uncounted = {kind: counts.get(kind, 0) for kind in VERDICTS if kind != HUMAN}
        return cls(
            valid=valid_clicks(counts),
            unique=unique_visitors(counts),
            raw=raw_clicks(counts),
            followed=counts.get(FOLLOWED, 0),
            verdicts=most_first({kind: n for kind, n in uncounted.items() if n}),
            seen_on=SeenOn.of(counts),
            kinds={kind: most_first(counts_of_kind(counts, kind)) for kind in _KINDS},
        )


_KINDS = ("country", "device", "referrer")


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    link: Link
    clicks: Clicks
    credited: int = 0
    orders: int = 0


def by_code(days: Iterable[tuple[date, Tally]], codes: set[str]) -> dict[str, Counts]:
    """What the days saw of these links."""
    found: dict[str, Counts] = {}
    for _, tally in days:
        for code in codes & tally.links.keys():
            found[code] = merge_counts([found.get(code, {}), tally.links[code]])
    return found


def by_day(days: Iterable[tuple[date, Tally]], code: str) -> Iterator[tuple[date, Counts]]:
    """What each day saw of one link."""
    for day, tally in days:
        yield day, tally.links.get(code, {})
