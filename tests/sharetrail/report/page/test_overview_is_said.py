"""The overview of a full report in a reader's own language: no English is left but names."""

from dataclasses import replace

import pytest

from sharetrail.report.keeping.sent_order import WAYS, Changed, Difference
from sharetrail.report.page.overview.edition import SentReport
from sharetrail.report.report import Report, Restatement
from tests.full_reports import a_full_report
from tests.overviews import NOW, a_sent_report, html_of
from tests.pseudo import unsaid_html
from tests.reports import NAMES

OURS = (
    "Mug & Bean",
    "Linden",
    "Loom",
    "marketing@shop.example",
    "linear-1 (4f0c2a9d)",
    "Sharetrail",
)


def left(html: str, report: Report) -> list[str]:
    told = (*(task.reason for task in report.tasks), report.reason)
    told += tuple(line.discount for line in report.influencers if line.discount)
    people = (*NAMES, *(line.name for line in report.influencers))
    groups = (*report.networks, *report.products, *report.campaigns)
    names = (*people, *(line.name for line in groups), "EGP", "USD", "EUR", "GBP", "JPY")
    return unsaid_html(html, *told, *names, *OURS)


@pytest.fixture
def report(pseudo: str) -> Report:
    return a_full_report(
        language=pseudo,
        restatement=Restatement(mailed=5_000, now=4_000, rest_mailed=1_000, rest_now=900),
    )


def test_a_full_report_is_said(report: Report) -> None:
    assert left(html_of(report), report) == []


@pytest.mark.parametrize("is_as_sent", [False, True])
def test_what_changed_since_a_mail_is_said(report: Report, is_as_sent: bool) -> None:
    sent = a_sent_report(report)
    assert left(html_of(report, sent=sent, is_as_sent=is_as_sent), report) == []
    order = Changed(platform="shopify", order="1", name="#1", by=-5)
    every = tuple(Difference(way=way, count=3, by=-15, named=(order,)) for way in WAYS)
    told = replace(sent, differences=every, whole_change=400)
    assert left(html_of(report, sent=told), report) == []


def test_a_mail_of_which_little_is_kept_is_said(report: Report) -> None:
    for sent in (
        SentReport(at=NOW, influenced=9, currency="JPY"),
        SentReport(at=NOW, influenced=9, currency=report.currency, is_explained=False),
        SentReport(at=NOW, influenced=report.earned.influenced, currency=report.currency),
    ):
        assert left(html_of(report, sent=sent), report) == []


def test_a_first_and_a_silent_report_are_said(report: Report) -> None:
    first = replace(report, before=None, funnel_before=None, restatement=None)
    assert left(html_of(first), first) == []
    nobody = replace(report, influencers=(), held_orders=())
    assert left(html_of(nobody), nobody) == []
