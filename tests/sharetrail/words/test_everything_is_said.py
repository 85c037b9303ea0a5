"""Whatever a reader of another language sees is said in it: no English is left but names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sharetrail.analysis.score import score_discount
from sharetrail.report.building import tasks
from sharetrail.report.mailing import csv_sheet, new_link_mail
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Report
from sharetrail.words import names
from sharetrail.words.speech import say, speaking
from tests.full_reports import a_full_report
from tests.pseudo import unsaid, unsaid_html, wide
from tests.reports import A_BREAK, a_report, an_empty_report, fifty_shops


def test_a_sentence_is_known_by_its_letters(pseudo):
    with speaking(pseudo):
        told = say("no clear change")
    assert unsaid(told) == []
    assert unsaid(f"{told} of orders") == ["of orders"]


def test_names_and_addresses_need_no_saying():
    assert unsaid("Maya Santos https://a.example/b c@d.example Ｈｉ", "Maya Santos") == []


def test_of_html_what_is_shown_or_read_out_counts():
    html = '<style>a b</style><img alt="A chart" src="x y"><p>⟦Ｈｉ⟧ there</p>'
    assert unsaid_html(html) == ["chart", "there"]


def test_tags_and_gaps_stay_as_they_are():
    assert wide("<b>No {name}</b>") == "⟦<b>Ｎｏ {name}</b>⟧"


# ── Mails ────────────────────────────────────────────────────────────────────────────────────────
ADDRESS, PAGE = "https://links.example/unsubscribe/x", "https://links.example/reports/x"


def test_in_a_mail_every_word_is_said(pseudo):
    with speaking(pseudo):
        reports = [*map(_retold, _reports(pseudo))]
    for report in reports:
        mail = compose(report, "a@shop.example", ADDRESS, PAGE)
        names = (*_names(report), csv_sheet.filename(report))
        for told in (mail.subject, mail.text):
            assert unsaid(told, *names) == []
        assert unsaid_html(mail.html, *names) == []


def test_in_the_mail_with_a_new_link_every_word_is_said(pseudo):
    merchant: Any = SimpleNamespace(
        id="m", name="Linden & Loom", language=pseudo, currency="JPY", zone="Asia/Tokyo"
    )
    merchant.tz = ZoneInfo(merchant.zone)
    link: Any = SimpleNamespace(
        merchant=merchant,
        recipient="a@shop.example",
        url=PAGE,
        reads_until=datetime(2026, 12, 1, tzinfo=UTC),
        acts_until=datetime(2026, 12, 1, tzinfo=UTC),
    )
    mail = new_link_mail.compose(link, ADDRESS)
    for told in (mail.subject, mail.text):
        assert unsaid(told, "Linden & Loom") == []
    assert unsaid_html(mail.html, "Linden & Loom") == []


def _reports(language: str) -> Iterator[Report]:
    """Of every size and mood, and with everything that a mail can tell of."""
    full = a_full_report()
    silent = a_full_report(tasks=(), last_order=date(2026, 11, 17), steps=())
    found = (report for _, report in fifty_shops())
    others = (full, replace(full, tasks=()), silent, an_empty_report(), a_report(before=None))
    for report in (*others, *found):
        yield replace(report, language=language, zone="Asia/Tokyo", shop="Linden & Loom")


def _retold(report: Report) -> Report:
    """What was said when it was built is said in its own language."""
    lines = tuple(
        replace(
            line,
            moved=say("Risen by more clicks.") if line.moved else "",
            discount=score_discount.sentence(0.88) or "" if line.discount else "",
        )
        for line in report.influencers
    )
    held = tuple(replace(each, why=say("it is in doubt")) for each in report.held_orders)
    older = tuple(replace(each, why=say("it is in doubt")) for each in report.older_held.listed)
    report = replace(
        report,
        reason=say("Larger orders.") if report.reason else "",
        influencers=lines,
        held_orders=held,
        older_held=replace(report.older_held, listed=older),
        networks=tuple(replace(each, name=say(each.name)) for each in report.networks),
        silence=A_BREAK if report.silence.orders else report.silence,
    )
    return replace(report, tasks=tasks.choose(report)) if report.tasks else report


def _names(report: Report) -> tuple[str, ...]:
    lines = (*report.influencers, *report.quiet, *report.products, *report.campaigns)
    called = {names.short(each.name) for each in lines} | {names.name(each.name) for each in lines}
    orders = {each.name for each in (*report.held_orders, *report.older_held.listed)}
    codes = {each.name.removeprefix("Visitor ") for each in report.influencers}
    return (*called, *codes, *orders, report.shop, report.currency, "CSV", "GBP", "USD", *_BRANDS)


_BRANDS = ("Sharetrail", "sharetrail.js")
