"""The big merchant's clicks, as the closed days hold them."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from math import ceil
from random import Random

from bench.weekly import links
from bench.weekly.merchant import CLICKS, DAYS, FIRST, MERCHANT, TIMES
from sharetrail import calendars
from sharetrail.aws.items import Item
from sharetrail.clicks import seen_on
from sharetrail.clicks.click import CLICK_SHARDS, mint_click_id
from sharetrail.sharing.link import Link
from sharetrail.totals import total_chunks
from sharetrail.totals.tally import Counts, Tally, quarter_of, rule_version, valid_clicks
from sharetrail.totals.trail_sample import MOST_TRAILS, TrailSample

_REFERRERS = ("l.instagram.com", "t.co", "m.facebook.com", "pinterest.com", "")
_COUNTRIES = ("US", "US", "US", "CA", "GB", "DE")
_SHARDS_OF_TRAILS = min(8, ceil(2 * TIMES))
"""Each with as many as are kept of a day."""


class Days:
    def __init__(self, chance: Random, links: list[Link]) -> None:
        self._chance, self._links = chance, links

    def rows(self) -> dict[str, list[tuple[str, Item]]]:
        """pk → sort key and item."""
        days: dict[date, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
        for link in links.draw(self._chance, self._links, CLICKS):
            self._click(days[FIRST + timedelta(days=self._chance.randrange(DAYS))][link.code])
        rows: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        for day, counts in sorted(days.items()):
            shards: list[dict[str, Counts]] = [{} for _ in range(CLICK_SHARDS)]
            for code, link_counts in counts.items():
                shards[hash(code) % CLICK_SHARDS][code] = link_counts
            for shard, part in enumerate(shards):
                tally = Tally(fact_count=len(part), links=part, quarters=self._quarters(day, part))
                rows[f"{MERCHANT.id}#day"].append(
                    (f"{day}#{shard}#0", total_chunks.as_item(tally, len(part)))
                )
            mark = {"facts": len(counts), "judged": rule_version()}
            rows[f"{MERCHANT.id}#closed"].append((day.isoformat(), mark))
            for shard in range(_SHARDS_OF_TRAILS):
                rows[f"{MERCHANT.id}#trails"].append((f"{day}#e{shard}", self._trails(day)))
        return rows

    def _click(self, counts: Counts) -> None:
        kind = self._chance.choices(("human", "bot", "preview"), (85, 10, 5))[0]
        names = [kind]
        if kind == "human":
            names += ["unique", f"device:{self._chance.choice(('phone', 'desktop'))}"]
            names.append(f"country:{self._chance.choice(_COUNTRIES)}")
            referrer = self._chance.choice(_REFERRERS)
            names.append(f"referrer:{referrer}")
            if network := seen_on.network_of(referrer, agent=""):
                names.append(f"seen_on:{network}")
        for name in names:
            counts[name] = counts.get(name, 0) + 1

    def _quarters(self, day: date, part: dict[str, Counts]) -> dict[int, int]:
        """When its people clicked."""
        first = quarter_of(calendars.start_of(day, MERCHANT.tz))
        people = sum(map(valid_clicks, part.values()))
        return Counter(first + place for place in self._chance.choices(range(96), k=people))

    def _trails(self, day: date) -> Item:
        start = calendars.start_of(day, MERCHANT.tz)
        trails = tuple(self._ids(start) for _ in range(MOST_TRAILS))
        sample = TrailSample(one_in=4, trails=trails)
        texts = [",".join(ids) for ids in sample.trails]
        return {"one_in": sample.one_in, "trails": texts}

    def _ids(self, start: datetime) -> tuple[str, ...]:
        """One click of that day, or two."""
        number = self._chance.choice((1, 2))
        return tuple(sorted(click_id(self._chance, self._moment(start)) for _ in range(number)))

    def _moment(self, start: datetime) -> datetime:
        return start + timedelta(milliseconds=self._chance.randrange(86_400_000))


def click_id(chance: Random, at: datetime) -> str:
    return mint_click_id(at, chance.randrange(8), chance.getrandbits(80))
