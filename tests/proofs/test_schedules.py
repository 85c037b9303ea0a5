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
from sharetrail.aws import batches, sealed_objects
from sharetrail.aws.tables import AGENDA, REPORTS, TOTALS
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import spilled_facts
from sharetrail.report.issuing import send_report
from sharetrail.report.report_mail import ReportMail
from sharetrail.totals import five_minute_slots, tally, total_chunks
from tests.conftest import PARAMETERS
from tests.schedules.schedules import NUMBER, OF_A_LIFE, Town, town

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


def _claim_whatever(mail: ReportMail, now: datetime) -> bool:
    """A claim without a condition."""
    REPORTS.put({**mail.key, "claimed": iso(now)})
    return True


def _swallow(*args: Any, **named: Any) -> Any:
    """A batch of which nothing is ever said to have failed."""
    work_off(*args, **named)
    return {"batchItemFailures": []}


def _take_for_good(job: Job, round_at: str) -> bool:
    """A job taken off the agenda before it is done, and nobody knows by whom."""
    key = {"pk": job.merchant, "sk": f"{job.kind}#{job.about}"}
    return AGENDA.update(key, "REMOVE due, #at", "attribute_exists(due)", names=["at"])


def _give_back_first(merchant: Merchant, key: str, now: datetime) -> None:
    """A spilled order that is removed before it is stored."""
    if body := sealed_objects.get(key):
        sealed_objects.delete(key)
        spilled_facts.save(body.decode(), now)


work_off = batches.work_off
_ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"
BUGS: dict[str, tuple[Any, str, Any]] = {
    "a total that counts up": (five_minute_slots, "project", _count_up),
    "a total that anybody writes over": (total_chunks, "_NOT_OLDER", _ALWAYS),
    "a claim without a condition": (send_report, "_claim", _claim_whatever),
    "a swallowed record": (batches, "work_off", _swallow),
    "a job that is taken before it is done": (jobs, "take", _take_for_good),
    "a fact that is removed before it is stored": (spilled_facts, "store", _give_back_first),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_that_is_planted_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, planted = BUGS[bug]
    monkeypatch.setattr(where, name, planted)
    with town(reader.load(parameters=PARAMETERS)) as infested:
        assert infested.first_wrong(part(0, 1))
