"""The weekly mail in three engines as mail programs change it: whatever they take away, its figures
stand whole, in one line, in sight, and dark on light or light on dark."""

from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from sharetrail.money import Amount
from sharetrail.report.earned import Earned
from sharetrail.report.lines import GroupLine
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Funnel, OtherCurrency, Report, Restatement
from sharetrail.words import formats
from tests.browser.mail_clients import CLIENTS, as_sent, bare
from tests.reports import a_group, a_report, an_empty_report, an_influencer

PAGE = "https://links.example/reports/" + "0f" * 20
URL = "https://links.example/unsubscribe/" + "8f" * 32
COUNT = Path(__file__).with_name("mail_figures.js").read_text("utf-8")
WIDTHS = (320, 360, 375, 414, 480, 600, 800, 1_280)
WIDTHS_OF = {
    "in_word": (800, 1_280),  # it lays mails out 600 wide, whatever its window is
    **dict.fromkeys(("in_its_own_dark", *(each for each in CLIENTS if "backgr" in each)), (320,)),
}
"""Where fewer will do: colours move nothing."""

# A figure with its sign, its currency or percent sign, and an interval with both its ends.
_MARK = r"[\u200e\u200f]*"
_SIGN = rf"{_MARK}[-−]?{_MARK}"
_CURRENCY = r"(?:[A-Z]{0,3}\p{Sc}|[A-Z]{2,4}|[ء-ي][ء-ي.]*)"
_NUMBER = r"\d+(?:[.,’\u00a0\u202f]\d+)*"
_AMOUNT = (
    rf"{_SIGN}(?:{_CURRENCY}{_MARK}[\u00a0\u202f]?)?{_SIGN}{_NUMBER}"
    rf"(?:[\u00a0\u202f]?{_MARK}(?:{_CURRENCY}|%){_MARK})?"
)
FIGURE = rf"(?<![\p{{L}}\d]){_AMOUNT}(?:–{_AMOUNT})?(?![\p{{L}}\d])"

NAMES = ("W" * 60, "Wilhelmina-Konstantinopolitanische Dudelsackpfeifergesellin", "Mara Lindqvist")
GROUPS = (NAMES[0], "Snapchat Stories and Spotlight", "Instagram")


def a_great_week(language: str, currency: str, unit: int = 1) -> Report:
    """Names without a place to break beside amounts of 1,234,567.89 times `unit`, some negative."""
    most = 123_456_789 * unit
    return a_report(
        shop=NAMES[0],
        language=language,
        currency=currency,
        zone="Europe/Berlin",
        earned=Earned(
            last_click=most,
            assisted=most // 3,
            last_click_orders=40_000,
            assisted_orders=22_345,
            all_orders=1_234_567,
            all_net=9 * most,
        ),
        influencers=tuple(
            an_influencer(
                n,
                name=NAMES[n % 3],
                links_followed=1_234_567,
                clicks=1_234_567,
                orders=12_345,
                revenue=-most if n == 4 else most,
                score=most,
                low=most // 2,
                high=2 * most,
            )
            for n in (0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16)
        ),
        networks=_groups(most),
        products=_groups(most),
        funnel=Funnel(
            views=12_345_678, opens=2_345_678, shares=1_234_567, clicks=1_234_567, orders=123_456
        ),
        other_currencies=(
            OtherCurrency(currency="CHF", orders=1_234, net=most),
            OtherCurrency(currency="JPY", orders=1_234, net=1_234_567),
        ),
        restatement=Restatement(mailed=most, now=most - 1, rest_mailed=most - 2, rest_now=most - 3),
    )


def _groups(most: int) -> tuple[GroupLine, ...]:
    counts = {"links_followed": 1_234_567, "clicks": 1_234_567, "orders": 12_345}
    revenues = (most, most // 2, -most)
    return tuple(
        a_group(name, revenue=revenue, **counts)
        for name, revenue in zip(GROUPS, revenues, strict=True)
    )


REPORTS = {
    "usual": a_report(),
    "usual, German": a_report(language="de_DE", currency="EUR", zone="Europe/Berlin"),
    "US$": a_great_week("en_GB", "USD"),
    "German": a_great_week("de_DE", "EUR"),
    "rupiah": a_great_week("en_US", "IDR", unit=1_000),
    "from right to left": a_great_week("ar_KW", "KWD", unit=10),
    "empty": an_empty_report(
        shop=NAMES[0],
        language="de_DE",
        currency="EUR",
        restatement=Restatement(mailed=123_456_789, now=-99),
    ),
}


def counted(
    browser: WebDriver, html: str, widths: tuple[int, ...], darkening: str = ""
) -> dict[str, Any]:
    browser.get("about:blank")
    found: dict[str, Any] = browser.execute_script(COUNT, html, widths, FIGURE, darkening)
    return found


def amounts(report: Report) -> set[str]:
    """Every amount that the mail must show, as the merchant writes it."""
    earned, restatement = report.earned, report.restatement
    parts = (earned.influenced, earned.last_click, earned.assisted, earned.rest, earned.all_net)
    lines = [*report.top, *report.networks[:1], *report.products[:1]]
    minor = [] if report.is_empty else [*parts, *(line.revenue for line in lines if line.orders)]
    if restatement:
        minor += [each for each in astuple(restatement) if each is not None]
    others = [Amount(each.net, each.currency) for each in report.other_currencies]
    write = partial(formats.money, language=report.language)
    return {write(each) for each in [*map(report.amount, minor), *others]}


@pytest.mark.parametrize("client", CLIENTS)
def test_no_figure_is_cut_or_split_or_covered(browser: WebDriver, client: str) -> None:
    widths = WIDTHS_OF.get(client, WIDTHS)
    faults = {}
    for name, report in REPORTS.items():
        html = compose(report, "owner@lindenloom.example", URL, PAGE).html
        found = counted(browser, CLIENTS[client](html), widths)
        assert amounts(report) <= set(found["figures"])
        faults[name] = found["faults"]
    assert {name: wrong for name, wrong in faults.items() if wrong} == {}


@pytest.mark.parametrize("client", CLIENTS)
def test_all_that_is_written_can_be_read(browser: WebDriver, client: str) -> None:
    assert faint(browser, client, "") == []


@pytest.mark.parametrize("darkening", ["all", "part"])
@pytest.mark.parametrize("client", [as_sent.__name__, bare.__name__])
def test_all_can_be_read_where_a_client_forces_dark(
    browser: WebDriver, client: str, darkening: str
) -> None:
    assert faint(browser, client, darkening) == []


def faint(browser: WebDriver, client: str, darkening: str) -> list[str]:
    """What stands out too little from what is behind it."""
    found, narrowest = [], WIDTHS_OF.get(client, WIDTHS)[:1]
    for name in ("usual", "empty"):
        html = compose(REPORTS[name], "owner@lindenloom.example", URL, PAGE).html
        seen = counted(browser, CLIENTS[client](html), narrowest, darkening)
        assert len(seen["figures"]) > 5
        assert seen["faults"] == []
        found += seen["faint"]
    return found
