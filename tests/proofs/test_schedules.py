"""Ten thousand lives of a small shop in which everything goes wrong that may: each comes to what
the same life comes to in calm. And bugs are planted, each of which must be found.

Half of them here and half in test_more_schedules.py, so that two workers share them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from local.template import reader
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.aws import batches
from sharetrail.aws.tables import AGENDA, REPORTS, TOTALS
from sharetrail.calendars import iso
from sharetrail.report.issuing import send_report
from sharetrail.totals import five_minute_slots, tally, total_chunks
from tests.conftest import PARAMETERS
from tests.schedules.life import MONDAYS, NIGHTS, SUNDAYS, End
from tests.schedules.schedules import NUMBER, OF_A_LIFE, Town, end_of, town

pytestmark = pytest.mark.slow

PARTS = 8


@pytest.fixture(scope="module")
def there() -> Iterator[Town]:
    with town(reader.load(parameters=PARAMETERS)) as found:
        yield found


def part(number: int, parts: int = PARTS) -> Iterator[int]:
    """Every so many lives, with all their schedules."""
    lives = range(number, NUMBER // OF_A_LIFE, parts)
    return (life * OF_A_LIFE + each for life in lives for each in range(OF_A_LIFE))


@pytest.mark.parametrize("number", range(0, PARTS, 2))
def test_whatever_goes_wrong_every_table_is_what_it_would_have_been(
    there: Town, number: int
) -> None:
    assert there.first_wrong(part(number)) == ""


# ── would it notice? ─────────────────────────────────────────────────────────────────────────────
def _count_up(merchant_id: str, shard: str, start: datetime, now: datetime) -> None:
    """The tutorial's total: each record adds one."""
    key = {"pk": f"{merchant_id}#{start:%Y%m%d}", "sk": f"{start:%H%M}#{shard}#0"}
    TOTALS.update(key, "ADD facts :one SET judged = :rule", one=1, rule=tally.rule_version())


def _claim_whatever(key: dict[str, str], now: datetime) -> bool:
    """A claim without a condition."""
    REPORTS.put({**key, "claimed": iso(now)})
    return True


def _swallow(*args: Any, **named: Any) -> Any:
    """A batch of which nothing is ever said to have failed."""
    work_off(*args, **named)
    return {"batchItemFailures": []}


def _take_for_good(job: Job, round_at: str) -> bool:
    """A job taken off the agenda before it is done, and nobody knows by whom."""
    key = {"pk": job.merchant, "sk": f"{job.kind}#{job.about}"}
    return AGENDA.update(key, "REMOVE due, #at", "attribute_exists(due)", names=["at"])


work_off = batches.work_off
_ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"
BUGS: dict[str, tuple[Any, str, Any, End]] = {
    "a total that counts up": (five_minute_slots, "project", _count_up, SUNDAYS),
    "a total that anybody writes over": (total_chunks, "_NOT_OLDER", _ALWAYS, SUNDAYS),
    "a claim without a condition": (send_report, "_claim", _claim_whatever, MONDAYS),
    "a swallowed record": (batches, "work_off", _swallow, SUNDAYS),
    "a job that is taken before it is done": (jobs, "take", _take_for_good, NIGHTS),
}
"""What is planted where, and how far a life has to go for it to show."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_that_is_planted_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, planted, end = BUGS[bug]
    monkeypatch.setattr(where, name, planted)
    far_enough = (each for each in part(0, 1) if end_of(each) == end)
    with town(reader.load(parameters=PARAMETERS)) as infested:
        assert infested.first_wrong(far_enough)
