"""How much each thing that happens asks of AWS. What takes more than stands here is told by name:
so a read more a report, or one a click, is seen when it is written."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.cloud import Cloud
from local.platforms.platforms import CONSUMER_KEY, CONSUMER_SECRET
from local.runtime.memories import forget_facts
from local.triggers.mail_events import MailEvents
from sharetrail import calendars
from sharetrail.merchants import profiles
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from tests import calls
from tests.calls import Calls
from tests.recipients import OWNER, Recipient
from tests.report_pages import ReportPage
from tests.shops import Shop, monday

MOST = {
    "a click": 1,
    "an instance's first click": 5,
    "an order's webhook": 6,
    "an order's credits": 22,
    "a quarter of an hour": 5,
    "a silent night": 0,
    "a silent week's report": 31,
    "a silent day's report": 30,
    "a Sunday's, which looks back 13 weeks": 36,
    "a mail": 14,
    "a night with sales": 30,
    "a report with sales": 46,
    "the report page": 35,
    "people": 13,
    "people/ana": 19,
    "orders": 4,
    "held": 5,
    "links": 12,
    "installation": 18,
    "an act, looked at and pressed": 13,
    "a mail that bounced": 4,
    "/v1/links": 3,
    "/v1/links?influencer=ana": 3,
    "/v1/links?sort=-clicks": 10,
    "/v1/orders": 3,
    "/v1/influencers": 6,
    "/v1/influencers?sort=-score": 5,
    "/v1/reports": 6,
    "/v1/codes": 3,
    "/v1/keys": 4,
    "/v1/recipients": 6,
    "/v1/settings": 3,
    "a chosen code's first click": 5,
    "a chosen code's click": 1,
    "a connected shop's day": 16,
}
"""Requests of one function. Of these, for as long as rows of before 2026-12 may stand, three of a
week's report look for reports without an end, one of a night for addresses in clear, and one of a
mail for what was begun under a code without a key."""


class Watched:
    """A shop whose functions are counted."""

    def __init__(self, shop: Shop, calls: Calls) -> None:
        self.shop, self.cloud, self._calls = shop, shop.cloud, calls
        calls.watch(shop.cloud)
        self.asked: dict[str, Counter[str]] = {}

    def begin(self) -> None:
        """From now on, by instances that know nothing yet."""
        forget_facts()
        self._calls.made.clear()

    def note(self, what: str, *folders: str) -> None:
        """What these functions asked for since then, or since they were last noted."""
        self.asked[what] = sum(map(self._calls.of, folders), Counter())
        for key in [key for key in self._calls.made if key[0] in folders]:
            del self._calls.made[key]

    def night_to_monday(self) -> None:
        self.cloud.clock.set_forward(monday(self.cloud.clock.now()))
        self.begin()
        assert self.shop.run("close_days", "score_influencers") == []

    def eight(self) -> None:
        self.begin()
        assert self.shop.run("schedule_reports") == []

    def check(self) -> None:
        over = {what: own for what, own in self.asked.items() if own.total() > MOST[what]}
        assert over == {}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """Before the cloud, whose clients know of it."""
    monkeypatch.setenv("FAST_PATH", "no")  # botocore shows what botocore asks
    monkeypatch.setattr(calendars, "zone_names", lambda: {"America/New_York"})
    with calls.noted() as counted:
        yield counted


@pytest.fixture
def watched(counted: Calls, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """On a Wednesday, whatever today is: days that are asked for by no name hold as many sales."""
    monkeypatch.setenv("FAST_PATH", "no")  # the cloud has its own
    cloud.clock.set_forward(monday(cloud.clock.now()) + timedelta(days=2))
    return Watched(Shop.onboard(cloud), counted)


def settle(watched: Watched) -> None:
    """Three Mondays on which nothing had happened."""
    for _ in range(3):
        watched.night_to_monday()
        watched.eight()


def sell(shop: Shop) -> None:
    """Three influencers sell two orders each."""
    for place, who in enumerate(("ana", "ben", "cem")):
        code = shop.share(who).json["code"]
        for n in (1, 2):
            shop.buy(f"{place}00{n}", "48.00", shop.click(code))
    assert shop.cloud.drain()["failed"] == []


def test_a_click_is_one_request_and_an_order_a_few(watched: Watched) -> None:
    shop = watched.shop
    watched.cloud.clock.set_forward(monday(watched.cloud.clock.now()))  # no hour turns meanwhile
    code = shop.share().json["code"]
    watched.begin()
    trail = shop.click(code)
    watched.note("an instance's first click", "redirect")
    shop.click(code)
    watched.note("a click", "redirect")
    assert shop.buy("1001", "48.00", trail).status == 200
    watched.note("an order's webhook", "receive_order")
    assert shop.cloud.drain()["failed"] == []
    watched.note("an order's credits", "attribute_order")
    watched.check()


def test_a_silent_shop_costs_a_cheap_report_and_its_mail_and_no_night(watched: Watched) -> None:
    settle(watched)
    watched.night_to_monday()
    watched.note("a silent night", "analyse_merchant", "tend_merchant")
    watched.eight()
    watched.note("a silent week's report", "analyse_merchant")
    watched.note("a mail", "send_report")
    watched.eight()
    watched.note("a quarter of an hour", "schedule_reports")
    watched.check()


def test_a_silent_day_costs_no_more_and_sunday_alone_looks_far_back(watched: Watched) -> None:
    settle(watched)
    cloud, mails = watched.cloud, len(watched.cloud.outbox.mails)
    merchant, now = profiles.find(watched.shop.id, cloud.clock.now()), cloud.clock.now()
    choices.choose(merchant, OWNER, ["daily"], now)
    rhythms.start(merchant, "daily", now)
    for _ in range(7):
        cloud.clock.set_forward(cloud.clock.now() + calendars.DAY)
        watched.eight()
        is_monday = cloud.clock.now().weekday() == 0
        what = "a Sunday's, which looks back 13 weeks" if is_monday else "a silent day's report"
        watched.note(what, "analyse_merchant")
        watched.note("a mail", "send_report")
        watched.check()
    assert len(cloud.outbox.mails) == mails + 7


def test_a_week_with_sales_its_page_and_what_is_done_there_cost_little_more(
    watched: Watched,
) -> None:
    settle(watched)
    sell(watched.shop)
    watched.night_to_monday()
    watched.note("a night with sales", "analyse_merchant")
    watched.eight()
    watched.note("a report with sales", "analyse_merchant")
    watched.note("a mail", "send_report")
    look_around(watched)
    watched.begin()
    owner = Recipient(watched.shop)
    assert owner.act("name", influencer="ana", value="Ana Bell").status == 200
    watched.note("an act, looked at and pressed", "view_report", "act_on_report")
    watched.begin()
    (mail, *_) = watched.cloud.outbox.mails
    MailEvents(watched.cloud.template, watched.cloud.clock).tell("bounce", mail.as_ses_tells())
    assert watched.cloud.drain()["failed"] == []
    watched.note("a mail that bounced", "suppress_recipients")
    watched.check()


def test_a_list_costs_a_few_requests_and_a_chosen_code_none_more(watched: Watched) -> None:
    shop = watched.shop
    sell(shop)
    watched.night_to_monday()
    watched.eight()
    shop.read("/v1/keys")  # the first of the day notes that the key was used
    for path in (each for each in MOST if each.startswith("/v1/")):
        watched.begin()
        shop.read(path)
        watched.note(path, "merchant_api")
    shop.share("ana", code="ana")
    watched.begin()
    for what in ("a chosen code's first click", "a chosen code's click"):
        shop.click("ANA")
        watched.note(what, "redirect")
    watched.check()


def look_around(watched: Watched) -> None:
    link = ReportPage(watched.shop).link
    pages = {"the report page": ""} | {
        page: f"/{page}"
        for page in ("people", "people/ana", "orders", "held", "links", "installation")
    }
    for what, path in pages.items():
        watched.begin()
        assert watched.shop.ask("GET", f"/reports/{link.token}{path}").status == 200, what
        watched.note(what, "view_report")


def test_a_connected_shop_on_which_nothing_happens_costs_little_a_day(watched: Watched) -> None:
    shop, key = watched.shop, {"consumer_key": CONSUMER_KEY, "consumer_secret": CONSUMER_SECRET}
    shop.onboarded(woocommerce=key)
    assert shop.cloud.drain()["failed"] == []
    watched.cloud.clock.set_forward(watched.cloud.clock.now() + timedelta(days=1, minutes=1))
    shop.cloud.platforms.asked.clear()
    watched.begin()
    assert shop.run("sweep") == []
    watched.note("a connected shop's day", "connect_shop")
    watched.check()
    assert len(shop.cloud.platforms.asked) == 2
