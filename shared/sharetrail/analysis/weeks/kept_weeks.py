"""Kept weeks: what each adds up to, recomputed where it changed, and never incremented.

Table totals: `merchant#week / monday` says what a week was made of and names its objects
(week_objects.py): its sums, and what it says of journeys, which fewer weeks are asked for. It is
written only over the revision that was read before the week was added up: of two who add it up at
once one does it again, so that the older reading never stands over a ring that the newer answered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from sharetrail import calendars
from sharetrail.agenda import score_nights
from sharetrail.analysis.markov.journey import MOST_WEEKS, WeekJourneys
from sharetrail.analysis.weeks import count_week, week_objects, week_paths
from sharetrail.analysis.weeks.count_week import CountedWeek
from sharetrail.analysis.weeks.kept_week import KeptWeek, Standing, basis_of
from sharetrail.analysis.weeks.week_sums import NOTHING, WeekSums
from sharetrail.attribution import week_rings
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import TOTALS
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days

V = TypeVar("V")
_TRIES = 5
_FROM_READ = "attribute_not_exists(pk) OR revision = :revision"


class StillChanging(Exception):
    """Others wrote the week each time it was added up: it may be in a moment."""


class KeptWeeks:
    """A merchant's last full weeks, the newest first, each as it stands now."""

    def __init__(self, merchant: Merchant, last: Week, now: datetime) -> None:
        self._merchant, self._now = merchant, now
        self._weeks = [last.before(n) for n in range(week_rings.WEEKS)]
        self._kept: dict[date, KeptWeek] = {}
        self._refresh()

    def sums(self) -> Iterator[tuple[int, WeekSums]]:
        """By their age, the newest first."""
        for age, week in enumerate(self._weeks):
            yield age, self._read(week, "sums", WeekSums.of) or NOTHING

    def journeys(self, weeks: Sequence[Week]) -> Iterator[tuple[date, WeekJourneys]]:
        for week in weeks:
            yield week.first, self._read(week, "journeys", week_paths.journeys_of) or WeekJourneys()

    def _read(self, week: Week, part: str, read: Callable[[bytes], V]) -> V | None:
        """An object that is gone is no fault: the week is added up again."""
        for _ in range(2):
            name = getattr(self._kept[week.first], part)
            if name is None:
                return None
            if body := week_objects.get(self._merchant.id, week.first, name):
                return read(body)
            self._renew(week)
        raise FileNotFoundError(f"{self._merchant.id}: the {part} of {week.first}")

    # ── what changed ─────────────────────────────────────────────────────────────────────────────
    def _refresh(self) -> None:
        """Rings are read before the days, and days before what they add up to: whatever comes
        meanwhile is found by the next who looks."""
        first, last = self._weeks[-1], self._weeks[0]
        self._rings = [*week_rings.between(self._merchant.id, first.first, last.first)]
        self._standing = self._stands(first.first, last.last)
        self._kept = self._stored(first, last)
        for week in self._weeks:
            if not self._standing.is_kept(week, self._kept.get(week.first)):
                self._renew(week)

    def _stands(self, first: date, last: date) -> Standing:
        return Standing(
            basis=basis_of(self._merchant),
            closed=local_days.closed_facts(self._merchant.id, first, last),
            noted=local_days.noted(self._merchant.id, first, last),
            rung={each.week for each in self._rings},
        )

    def _renew(self, week: Week) -> None:
        """Add it up, over what was kept of it when that was begun. Who loses the race takes what
        the other kept, where nothing has rung since: the index may show less than it did."""
        for _ in range(_TRIES):
            before = self._kept.get(week.first)
            counted = count_week.count(
                self._merchant,
                week,
                self._now,
                has_days=self._standing.has_days(week),
                is_recent=week in self._weeks[:MOST_WEEKS],
            )
            kept = self._keep(week, counted, before.revision if before else 0)
            if kept:
                self._kept[week.first] = kept
                self._answer(week, counted)
                return
            self._read_again(week)
            if self._standing.is_kept(week, self._kept.get(week.first)):
                return
        raise StillChanging(f"{self._merchant.id}: {week.first}")

    def _keep(self, week: Week, counted: CountedWeek, revision: int) -> KeptWeek | None:
        """None where somebody else has written it meanwhile."""
        sums, journeys = counted.sums, counted.journeys
        kept = KeptWeek(
            days=self._standing.days_of(week),
            sums=None if sums.is_empty else self._put(week, sums.squeezed()),
            journeys=self._put(week, week_paths.squeezed(journeys)) if journeys.is_any else None,
            basis=self._standing.basis,
            revision=revision + 1,
        )
        expires = calendars.start_of(week.first + week_rings.LIFETIME, self._merchant.tz)
        row = {"pk": _pk(self._merchant), "sk": f"{week.first}", **dump(kept)}
        row["expires"] = int(expires.timestamp())
        return kept if TOTALS.put_if(row, _FROM_READ, revision=revision) else None

    def _put(self, week: Week, body: bytes) -> str:
        return week_objects.put(self._merchant.id, week.first, body)

    def _read_again(self, week: Week) -> None:
        self._rings = [
            *(each for each in self._rings if each.week != week.first),
            *week_rings.between(self._merchant.id, week.first, week.first),
        ]
        self._standing = replace(self._standing, rung={each.week for each in self._rings})
        self._kept |= self._stored(week, week)

    def _stored(self, first: Week, last: Week) -> dict[date, KeptWeek]:
        rows = TOTALS.query(_pk(self._merchant), between=(f"{first.first}", f"{last.first}"))
        return {date.fromisoformat(row["sk"]): load(KeptWeek, row) for row in rows}

    def _answer(self, week: Week, counted: CountedWeek) -> None:
        """What the index does not show yet is to be looked at again."""
        rings = [each for each in self._rings if each.week == week.first]
        read = {each: counted.revisions.get((each.platform, each.order)) for each in rings}
        done = [each for each in rings if (read[each] or 0) >= each.revision]
        done += week_rings.elsewhere(self._merchant.id, [e for e in rings if read[e] is None])
        for each in done:
            week_rings.answer(self._merchant.id, each)
        if len(done) < len(rings):
            score_nights.note(self._merchant, week.first, self._now)


def _pk(merchant: Merchant) -> str:
    return f"{merchant.id}#week"
