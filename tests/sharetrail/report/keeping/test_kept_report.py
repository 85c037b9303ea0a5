"""What stands of a report that was built to be mailed."""

from datetime import UTC, date, datetime

from sharetrail.report.keeping import kept_report
from sharetrail.report.report import Correction, Restatement
from tests.reports import a_report

AT = "2026-11-30T13:00:00.000Z"
OLD = {"pk": "m_1", "sk": "week#2026-11-23", "snapshot": "abc", "influenced": 4_800, "at": AT}
NEW = {**OLD, "orders": "def", "currency": "USD", "corrected": {"2026-11-16": 300}}


def test_what_was_kept_first_is_read_without_what_came_since() -> None:
    kept = kept_report.read(OLD)
    assert (kept.snapshot, kept.influenced) == ("abc", 4_800)
    assert kept.at == datetime(2026, 11, 30, 13, tzinfo=UTC)
    assert (kept.orders, kept.corrected) == (None, {})
    assert [kept.is_in(each) for each in ("USD", "EUR")] == [True, True]
    assert not kept.is_for(["a code", "another"])


def test_what_is_kept_now_compares_with_its_own_currency_alone() -> None:
    kept = kept_report.read(NEW)
    assert [kept.is_in(each) for each in ("USD", "EUR")] == [True, False]
    assert (kept.orders, kept.corrected) == ("def", {date(2026, 11, 16): 300})


def test_a_report_tells_of_the_span_before_and_of_those_it_corrects() -> None:
    older = Correction(first=date(2026, 11, 2), last=date(2026, 11, 8), mailed=100, now=90)
    report = a_report(restatement=Restatement(mailed=5, now=7), corrections=(older,))
    told = {date(2026, 11, 2): 90, date(2026, 11, 9): 7}
    assert kept_report.told_of_others(report) == told
    assert kept_report.told_of_others(a_report(restatement=None)) == {}
