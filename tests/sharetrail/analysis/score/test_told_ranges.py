"""The ranges that were told, as kept."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from local.template.declarations import Template
from sharetrail.analysis.score import told_ranges
from sharetrail.analysis.score.calibration import Range
from sharetrail.attribution.week_rings import WEEKS
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import Week


def test_they_end_once_no_week_lays_what_came_beside_them(
    tables: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_ranges, "range_of", lambda _: Range(1.0, 2.0, 0.5))
    ana: Any = SimpleNamespace(influencer="ana")
    told, last = Week(date(2026, 11, 2)), Week(date(2026, 11, 2) + timedelta(weeks=WEEKS - 1))
    told_ranges.keep("m_1", told, [ana])
    assert [each for _, each in told_ranges.before("m_1", last)] == [{"ana": Range(1.0, 2.0, 0.5)}]
    (row,) = REPORTS.query("m_1")
    ends = datetime.fromtimestamp(row["expires"], UTC).date()
    assert last.last < ends < last.last + timedelta(weeks=4)
