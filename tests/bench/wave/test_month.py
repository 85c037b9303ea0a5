"""What a month asks for, and what it costs by list."""

from pathlib import Path

import pytest

from bench.wave import month
from bench.wave.measured import REPORT, Curve, Measured
from bench.wave.timetable import polled_queues, resources
from sharetrail.report.span import Rhythm

ROOT = Path(__file__).parents[3]
WEEKS = 365 / 12 / 7


def costs(**own: float) -> Measured:
    """Each report, of whatever days, asks for ten, and each mail for five; no other has a cost."""
    kinds = {REPORT: 10, "report daily": 10, "report monthly": 10, "send_report": 5}
    jobs = {(kind, None): Curve((1,), ({"reports GetItem": n},)) for kind, n in kinds.items()}
    return Measured(jobs=jobs, firings={"suppress_recipients": own}, a_message=0)


def test_an_idle_merchant_asks_for_its_weeks_reports_and_mails_and_their_messages() -> None:
    told = month.of_merchant(costs(), 0.0)
    messages = (1 + 2 + 2 * 0.01) * WEEKS  # one mail of a hundred comes back
    assert told.requests == pytest.approx((10 + 2 * 5) * WEEKS + 2.1 * messages)


@pytest.mark.parametrize(("beside", "times"), [("daily", 365 / 12), ("monthly", 1)])
def test_who_chose_more_asks_for_so_many_reports_and_mails_more(
    beside: Rhythm, times: float
) -> None:
    more = (
        month.of_merchant(costs(), 0.0, beside).requests - month.of_merchant(costs(), 0.0).requests
    )
    assert more == pytest.approx(times * (10 + 5 + 2.1 * (2 + 0.01)))


def test_a_mail_that_comes_back_costs_what_noting_it_does() -> None:
    dear, free = (month.of_merchant(costs(written=n), 0.0).dollars for n in (1e6, 0))
    assert dear - free == pytest.approx(0.625 * 2 * WEEKS * 0.01)


def test_an_account_without_merchants_pays_for_queues_alarms_and_the_key() -> None:
    told = month.of_account(costs(), {})
    assert told["queues asked"] == pytest.approx(polled_queues() * 0.26, rel=0.02)
    assert told["alarms"] == pytest.approx(resources("AWS::CloudWatch::Alarm") * 0.1)
    assert told["keys, in the first year"] == 1
    assert sum(told.values()) < 5, "what the brief allows"


def test_what_operators_are_told_of_it_is_what_the_template_comes_to() -> None:
    told, text = month.of_account(costs(), {}), (ROOT / "docs/operate.md").read_text()
    for name, dollars in told.items():
        if dollars:
            assert f"${dollars:.2f} for" in text, name
