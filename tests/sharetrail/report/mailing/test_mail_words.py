import json
from dataclasses import replace

import pytest

from sharetrail.aws.items import dump, load
from sharetrail.mail.message import Mail
from sharetrail.report.earned import Earned
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Report
from sharetrail.report.report_mail import ReportMail, unkeyed_code
from tests.reports import a_report, an_empty_report

ADDRESS = "https://go.example.com/unsubscribe/x"
PAGE = "https://go.example.com/reports/x"


def composed(report: Report) -> Mail:
    return compose(report, "a@shop.example", ADDRESS, PAGE)


@pytest.mark.parametrize(
    "report",
    [a_report(), an_empty_report(), replace(a_report(), before=None, last_event=None)],
    ids=["full", "empty", "first"],
)
def test_what_is_kept_is_mailed_as_it_was_built(report: Report) -> None:
    kept = load(Report, json.loads(json.dumps(dump(report))))
    assert kept == report
    assert composed(kept) == composed(report)


def test_a_report_of_before_that_lacks_what_came_since_can_still_be_mailed() -> None:
    kept = dump(a_report(earned=Earned()))
    del kept["device_seen_on"], kept["window_days"]
    assert composed(load(Report, kept)).html


def test_a_mail_comes_out_of_its_queue_as_it_went_in() -> None:
    week = a_report().first
    mail = ReportMail(merchant="m_1", first=week, snapshot="0f", to='"@shop.example')
    assert ReportMail.read(mail.body()) == mail


def test_a_recipient_is_one_however_the_address_is_written() -> None:
    assert unkeyed_code("Owner@Shop.example") == unkeyed_code("owner@shop.example")
    assert unkeyed_code("owner@shop.example") != unkeyed_code("other@shop.example")
