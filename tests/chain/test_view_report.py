"""The report page, opened by a recipient's link as in life."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from sharetrail import calendars
from sharetrail.analysis import periods
from sharetrail.api.questions import what_if
from sharetrail.calendars import iso, local_day
from sharetrail.mail import message
from sharetrail.merchants import profiles, void_links
from sharetrail.questions import questions, results
from sharetrail.report.keeping import page_links
from sharetrail.report.keeping.page_links import ExpiredLink, PageLink
from sharetrail.report.page import new_link, page_questions
from sharetrail.report.page.new_link import SentAlready, SentOften
from sharetrail.report.page.overview import big_spans, edition
from tests import calls
from tests.calls import Calls
from tests.shops import Answer, Shop, monday

OWNER = "owner@shop.example"
DAY = timedelta(days=1)
_TAG = re.compile(r"<(?:style|title|desc|script)\b.*?</(?:style|title|desc|script)>|<[^>]+>", re.S)


@pytest.fixture(autouse=True)
def counted() -> Iterator[Calls]:
    """Before the cloud, whose clients know of it."""
    with calls.noted() as counted:
        yield counted


@pytest.fixture(autouse=True)
def one_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask for six hundred takes the emulator a second."""
    monkeypatch.setattr(calendars, "zone_names", lambda: {"America/New_York"})


def link_of(shop: Shop, recipient: str = OWNER) -> PageLink:
    now = shop.cloud.clock.now()
    return page_links.make(profiles.find(shop.id, now), recipient, now)


def opened(shop: Shop, link: PageLink | None = None, method: str = "GET", **query: str) -> Answer:
    token = (link or link_of(shop)).token
    return shop.ask(method, f"/reports/{token}?{urlencode(query)}")


def text_of(answer: Answer) -> str:
    """What stands there to be read."""
    words = " ".join(unescape(_TAG.sub(" ", answer.body.decode())).split())
    return re.sub(r" ([.,:;])", r"\1", words)


def seen(shop: Shop, **query: str) -> str:
    answer = opened(shop, **query)
    assert answer.status == 200
    return text_of(answer)


def go_to(shop: Shop, at: datetime) -> None:
    shop.cloud.clock.set_forward(at)


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Two orders of Ana's, $48.00 and $30.00, the second assisted, and one of nobody's, $20.00, on
    a Wednesday."""
    now = shop.cloud.clock.now()
    noon = now.replace(hour=17, minute=0, second=0, microsecond=0)
    go_to(shop, noon + timedelta(days=(2 - now.weekday()) % 7 + 7))
    mug = {"id": "1", "title": "Mug"}
    click = shop.click(shop.share("ana", campaign="autumn", product=mug).json["code"])
    go_to(shop, shop.cloud.clock.now() + timedelta(minutes=10))
    shop.buy("1001", "48.00", click, visit=click)
    shop.buy("1002", "30.00", click, visit="other")
    shop.buy("1003", "20.00", "none")
    assert shop.cloud.drain()["failed"] == []
    return shop


@pytest.fixture
def mailed(sold: Shop) -> Shop:
    """The same on Monday, after the mail."""
    go_to(sold, monday(sold.cloud.clock.now()))
    assert sold.run("schedule_reports") == []
    assert len(sold.cloud.outbox.mails) == 1
    return sold


# ── the same figures ─────────────────────────────────────────────────────────────────────────────
def test_page_mail_and_api_name_the_same_figures_to_the_cent(mailed: Shop) -> None:
    page, (mail,) = seen(mailed), mailed.cloud.outbox.mails
    assert "$78.00 of $98.00 in all" in page
    assert "$78.00" in unescape(mail.html)
    week = mailed.cloud.clock.now().date() - timedelta(days=7)
    told = mailed.read(f"/v1/stats?from={week}&to={week + 6 * DAY}")["totals"]
    assert told["influenced"]["amount"] == "78.00"
    assert told["last_click"]["amount"] == "48.00"
    for words in ("Last click 62% $48.00", "Assisted 38%"):
        assert words.split(" ")[0] in page
    assert re.search(r"Last click \d+% \$48\.00", page)
    assert re.search(r"Assisted \d+% \$30\.00", page)
    assert "Ana" in page


@pytest.mark.parametrize("kind", ["day", "week", "month", "quarter", "year", "days"])
def test_any_days_can_be_asked_for(sold: Shop, kind: str) -> None:
    day = sold.cloud.clock.now().date()
    year, week, _ = day.isocalendar()
    query = {
        "day": {"span": f"{day}"},
        "week": {"span": f"{year}-W{week:02}"},
        "month": {"span": f"{day:%Y-%m}"},
        "quarter": {"span": f"{day:%Y}-Q{(day.month + 2) // 3}"},
        "year": {"span": f"{day:%Y}"},
        "days": {"from": f"{day + DAY}", "to": f"{day - DAY}"},
    }[kind]
    assert "$78.00 of $98.00 in all" in seen(sold, **query)


@pytest.mark.parametrize("span", ["2026-W99", "x", "1999", "2026-13", "2026-02-01..2026-01-01"])
def test_days_that_are_none_are_no_page_and_lead_back_to_the_report(sold: Shop, span: str) -> None:
    link = link_of(sold)
    answer = opened(sold, link, span=span)
    assert answer.status == 404
    assert "Ask for a day as 2026-11-22, a week as 2026-W47" in text_of(answer)
    assert f'href="/reports/{link.token}"' in answer.body.decode()


def test_more_than_a_year_is_too_many_days(sold: Shop) -> None:
    answer = opened(sold, **{"from": "2026-01-01", "to": "2028-01-01"})
    assert answer.status == 422
    assert "From 2026-01-01 to 2028-01-01 are 731 days: a report has at most a year." in text_of(
        answer
    )


def test_days_in_which_nothing_was_seen_say_so(shop: Shop) -> None:
    assert "Nothing was seen in these days" in seen(shop, span="2026-01")


def test_days_before_the_shop_was_heard_of_lead_to_the_newest_that_have_something(
    sold: Shop,
) -> None:
    link, first = link_of(sold), sold.cloud.clock.now().date()
    answer = opened(sold, link, span="2026-01")
    assert f"The shop was first heard of on {first:%B} {first.day}, {first.year}." in text_of(
        answer
    )
    assert f"?span={first:%Y-%m}" in answer.body.decode()
    assert "Is the script" not in text_of(answer)


def test_reading_writes_nothing(sold: Shop, counted: Calls) -> None:
    link, day = link_of(sold), sold.cloud.clock.now()
    go_to(sold, day + 2 * DAY)  # that day has ended, and nobody has closed it
    counted.watch(sold.cloud)
    assert "$78.00" in text_of(opened(sold, link, span=f"{day:%Y-%m-%d}"))
    used = counted.of("view_report")
    assert used["Query"]
    assert used.keys() <= {"GetItem", "Query", "BatchGetItem", "GetObject", "Decrypt"}


# ── as it was sent, and now ──────────────────────────────────────────────────────────────────────
def test_what_has_changed_since_the_mail_is_told_order_by_order(mailed: Shop) -> None:
    assert "No order through sharing has changed since." in seen(mailed)
    mailed.deliver("refunds/create", mailed.a_refund("1001", "9", "10.00"))
    assert mailed.cloud.drain()["failed"] == []
    page = seen(mailed)
    assert "$78.00. Now: $68.00." in page
    assert "1 order was refunded, cancelled or made smaller, −$10.00: #1001" in page


def test_where_only_what_came_without_sharing_has_changed_the_page_says_by_how_much(
    mailed: Shop,
) -> None:
    mailed.deliver("refunds/create", mailed.a_refund("1003", "9", "5.00"))
    assert mailed.cloud.drain()["failed"] == []
    page = seen(mailed)
    assert "No order through sharing has changed since." in page
    assert "All orders of these days come to $5.00 less than was sent." in page


def test_an_order_that_comes_after_the_mail_is_told_as_late(mailed: Shop) -> None:
    code = mailed.read("/v1/influencers/ana")["links"][0]["code"]
    placed = mailed.cloud.clock.now() - 4 * DAY
    mailed.buy(
        "1004",
        "5.50",
        landing_site=f"/?utm_medium=share&utm_content={code}",
        created_at=iso(placed),
    )
    assert mailed.cloud.drain()["failed"] == []
    page = seen(mailed)
    assert "$78.00. Now: $83.50." in page
    assert "1 order came late, +$5.50: #1004" in page


def test_an_order_whose_exchange_rate_comes_after_the_mail_is_told_as_that(sold: Shop) -> None:
    click = sold.click(sold.share("ana").json["code"])
    sold.buy("1004", "50.00", click, visit=click, currency="EUR")
    assert sold.cloud.drain()["failed"] == []
    day = local_day(sold.cloud.clock.now(), ZoneInfo("America/New_York"))
    go_to(sold, monday(sold.cloud.clock.now()))
    assert sold.run("schedule_reports") == []
    headers = {"authorization": f"Bearer {sold.facts['secret_key']}"}
    rate = {"currency": "EUR", "day": f"{day}", "rate": "1.2"}
    assert sold.ask("POST", "/v1/rates", rate, headers).json["orders"] == 1
    assert sold.cloud.drain()["failed"] == []
    page = seen(sold)
    assert "$78.00. Now: $138.00." in page
    assert "1 order’s exchange rate came late, +$60.00: #1004." in page
    assert "order came late" not in page


def test_a_week_can_be_read_as_it_was_sent(mailed: Shop) -> None:
    mailed.deliver("refunds/create", mailed.a_refund("1001", "9", "10.00"))
    assert mailed.cloud.drain()["failed"] == []
    page = seen(mailed, **{"as": "sent"})
    assert "As it was sent on" in page
    assert "$78.00 of $98.00 in all" in page
    assert "$68.00" not in page


def test_days_that_were_not_mailed_cannot_be_read_as_sent(mailed: Shop) -> None:
    assert opened(mailed, span="2026-01", **{"as": "sent"}).status == 404


# ── spans that take long ─────────────────────────────────────────────────────────────────────────
@pytest.fixture
def hurried(mailed: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(periods, "MOST_ORDERS", 2)
    return mailed


def test_what_takes_long_comes_by_itself_with_the_same_figures(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patience:
        patience.setattr(periods, "MOST_ORDERS", 1_000)
        at_once = seen(hurried)
    waiting = opened(hurried)
    assert waiting.status == 202
    assert b'<meta http-equiv="refresh" content="5">' in waiting.body
    assert hurried.cloud.drain()["failed"] == []
    page = seen(hurried)
    assert "$78.00 of $98.00 in all" in page
    assert "No order through sharing has changed since." in page
    assert figures(page) == figures(at_once)


def test_what_is_there_already_is_shown_before_the_days_are_weighed(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(hurried).status == 202
    assert hurried.cloud.drain()["failed"] == []
    monkeypatch.setattr(periods, "is_big", lambda *_: pytest.fail("the days were weighed"))
    assert opened(hurried).status == 200


def figures(page: str) -> list[str]:
    return re.findall(r"\$[\d.,]+|\b\d+ (?:click|order)s?\b", page)


def test_who_looks_again_and_again_asks_once_an_hour(hurried: Shop) -> None:
    for _ in range(3):
        assert opened(hurried).status == 202
    assert hurried.cloud.drain()["invocations"]["analyse_merchant"] == 1
    for _ in range(3):
        assert opened(hurried).status == 200
    assert "analyse_merchant" not in hurried.cloud.drain()["invocations"]
    go_to(hurried, hurried.cloud.clock.now() + timedelta(hours=2))
    assert opened(hurried).status == 202


def test_what_is_too_much_even_for_a_worker_says_so(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "MOST_ORDERS_EVER", 2)
    assert opened(hurried).status == 202
    assert hurried.cloud.drain()["failed"] == []
    told = opened(hurried)
    assert told.status == 422
    assert "Ask for fewer days" in text_of(told)


def test_days_are_shown_that_are_more_than_an_answer_of_a_call_may_have(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is sent what a page is made of."""
    monkeypatch.setattr(results, "MOST_BYTES", 100)
    assert opened(hurried).status == 202
    assert hurried.cloud.drain()["failed"] == []
    assert opened(hurried).status == 200


def test_days_of_more_people_than_a_page_has_room_for_say_so(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(big_spans, "MOST_BYTES", 100)
    assert opened(hurried).status == 202
    assert hurried.cloud.drain()["failed"] == []
    told = opened(hurried)
    assert (told.status, "Ask for fewer days" in text_of(told)) == (422, True)


def test_where_too_much_is_asked_already_the_page_says_so(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_OF_PAGES", 1)
    assert opened(hurried).status == 202
    told = opened(hurried, span="2026")
    assert (told.status, "text/html" in told.headers["content-type"]) == (429, True)


def test_the_page_s_long_spans_take_no_place_of_the_merchant_s_own_questions(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_if, "MOST_ORDERS", 0)
    spans = [{"from": f"2026-0{n}-01", "to": "2026-12-31"} for n in range(3, 9)]
    assert [opened(hurried, **each).status for each in spans] == [202, 202, 429, 429, 429, 429]
    key = {"authorization": f"Bearer {hurried.facts['secret_key']}"}
    bodies = [{"from": f"2026-0{n}-01", "to": "2026-12-31"} for n in range(3, 9)]
    asked = [hurried.ask("POST", "/v1/what-if", body, key).status for body in bodies]
    assert asked == [202, 202, 202, 202, 202, 429]
    assert hurried.cloud.drain()["failed"] == []
    assert opened(hurried, **spans[0]).status == 200


def test_a_link_has_so_many_long_spans_added_up_a_day_and_keeps_no_other_from_it(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_questions, "_OF_A_DAY", 2)
    hurried.onboarded(recipients=[OWNER, "partner@shop.example"])
    statuses = []
    for n in (3, 3, 4, 5):
        statuses.append(opened(hurried, **{"from": f"2026-0{n}-01", "to": "2026-12-31"}).status)
        hurried.cloud.drain()
    assert statuses == [202, 200, 202, 429]
    partners = link_of(hurried, "partner@shop.example")
    assert opened(hurried, partners, **{"from": "2026-05-01", "to": "2026-12-31"}).status == 202


def test_a_long_span_that_ended_long_ago_is_added_up_once_in_half_a_day(hurried: Shop) -> None:
    about = {"from": "2026-10-01", "to": f"{hurried.cloud.clock.now().date()}"}
    go_to(hurried, hurried.cloud.clock.now() + 60 * DAY)
    assert opened(hurried, **about).status == 202
    assert hurried.cloud.drain()["failed"] == []
    for _ in range(3):
        assert opened(hurried, **about).status == 200
        go_to(hurried, hurried.cloud.clock.now() + timedelta(hours=4))
    go_to(hurried, hurried.cloud.clock.now() + timedelta(hours=12))
    assert opened(hurried, **about).status == 202


# ── whose link it is ─────────────────────────────────────────────────────────────────────────────
def test_a_link_that_was_never_made_opens_nothing(shop: Shop) -> None:
    for token in ("x", "0" * 40, "%00", "a" * 3_000):
        assert shop.ask("GET", f"/reports/{token}").status == 404


def test_a_slash_behind_it_leads_to_the_same_page(sold: Shop) -> None:
    token = link_of(sold).token
    led = sold.ask("GET", f"/reports/{token}/?span=2026-W47")
    assert (led.status, led.headers["location"]) == (308, f"/reports/{token}?span=2026-W47")
    assert led.headers["cache-control"] == "no-store"
    assert sold.ask("GET", led.headers["location"]).status == 200
    people, again = (sold.ask("GET", f"/reports/{token}/people{s}") for s in ("", "/"))
    assert (again.status, again.body) == (people.status, people.body) == (200, people.body)
    assert sold.ask("GET", f"/reports/{token[:-1]}x/").status == 404


def test_another_merchants_link_shows_nothing_of_this_one(sold: Shop) -> None:
    other = Shop.onboard(
        sold.cloud, shop_host="other.example", name="Other", shopify_domain=None,
        recipients=["other@other.example"],
    )  # fmt: skip
    link = link_of(other, "other@other.example")
    day = sold.cloud.clock.now().date()
    page = text_of(opened(sold, link, span=f"{day:%Y-%m}"))
    assert "Ana" not in page
    assert "$78.00" not in page


def test_a_link_ends_with_whom_it_was_made_for(sold: Shop) -> None:
    link = link_of(sold)
    sold.onboarded(recipients=["somebody@shop.example"])
    assert opened(sold, link).status == 404


def test_a_link_that_was_made_void_opens_nothing_and_a_newer_one_does(sold: Shop) -> None:
    link = link_of(sold)
    void_links.end(sold.id, OWNER, sold.cloud.clock.now())
    assert opened(sold, link).status == 404
    go_to(sold, sold.cloud.clock.now() + timedelta(seconds=1))
    assert opened(sold).status == 200


def test_a_link_that_has_expired_offers_a_new_one_to_its_owner_alone(sold: Shop) -> None:
    link = link_of(sold)
    go_to(sold, link.at + page_links.READS_FOR - timedelta(minutes=1))
    assert opened(sold, link).status == 200
    go_to(sold, link.at + page_links.READS_FOR)
    told = opened(sold, link)
    assert told.status == 410
    assert "mailed to o…@shop.example" in text_of(told)
    assert f'action="/reports/{link.token}/new-link"' in told.body.decode()
    assert OWNER not in told.body.decode()


def test_a_new_link_goes_to_the_recipients_own_mailbox_a_few_times_a_day(sold: Shop) -> None:
    old = link_of(sold)
    go_to(sold, old.at + page_links.READS_FOR)
    now = sold.cloud.clock.now()
    with pytest.raises(ExpiredLink):
        page_links.find(old.token, now)
    new_link.send(old, now)
    (mail,) = sold.cloud.outbox.mails
    assert mail.to == OWNER
    (address,) = set(re.findall(r"/reports/[0-9a-f]+", mail.html))
    assert sold.ask("GET", address).status == 200
    assert address in mail.text
    with pytest.raises(SentAlready):
        new_link.send(old, now + timedelta(minutes=59))
    new_link.send(old, now + timedelta(hours=1))
    new_link.send(old, now + timedelta(hours=2))
    with pytest.raises(SentOften):
        new_link.send(old, now + timedelta(hours=3))
    assert len(sold.cloud.outbox.mails) == 3
    new_link.send(old, now + timedelta(hours=24))


def test_a_new_link_that_ses_refused_may_be_asked_for_at_once(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> str:
        raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")

    link, now = link_of(sold), sold.cloud.clock.now()
    with monkeypatch.context() as broken:
        broken.setattr(message, "send", refused)
        with pytest.raises(ClientError):
            new_link.send(link, now)
    new_link.send(link, now)
    assert [mail.to for mail in sold.cloud.outbox.mails] == [OWNER]


def new_link_of(shop: Shop, link: PageLink) -> Answer:
    return shop.ask("POST", f"/reports/{link.token}/new-link", b"")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", range(6))
def test_whoever_dies_over_a_new_link_leaves_nobody_waiting_for_more_than_two_minutes(
    sold: Shop, counted: Calls, write: int, after: bool
) -> None:
    link = link_of(sold)
    counted.watch(sold.cloud)
    counted.die("act_on_report", write, after=after)
    assert new_link_of(sold, link).status == 500
    assert counted.dying == ""
    sent = len(sold.cloud.outbox.mails)
    told = text_of(new_link_of(sold, link))
    assert ("sent within the last hour" in told) == ((write, after) == (5, True))
    assert ("being sent" in told) == ((0, False) < (write, after) < (5, True))
    go_to(sold, sold.cloud.clock.now() + new_link.CLAIM_HOLDS)
    new_link_of(sold, link)
    assert "sent within the last hour" in text_of(new_link_of(sold, link))
    assert len(sold.cloud.outbox.mails) == max(1, sent + ((write, after) < (5, True) and write > 0))


def test_who_has_had_enough_new_links_is_not_told_that_one_is_being_sent(sold: Shop) -> None:
    link, now = link_of(sold), sold.cloud.clock.now()
    for hour in range(3):
        new_link.send(link, now + timedelta(hours=hour))
    for _ in range(2):
        with pytest.raises(SentOften):
            new_link.send(link, now + timedelta(hours=3))


def test_the_mail_with_a_new_link_says_whose_and_until_when_it_is_good(sold: Shop) -> None:
    link = link_of(sold)
    new_link.send(link, sold.cloud.clock.now())
    (mail,) = sold.cloud.outbox.mails
    assert mail.subject == "A new link to the report of Mug & Bean"
    until = (link.at + timedelta(days=35)).astimezone(ZoneInfo("America/New_York"))
    assert f"{until:%B} {until.day}" in " ".join(mail.text.split())
    assert f"Sent to {OWNER}" in mail.text
    assert "/unsubscribe/" in mail.html
    assert max(map(len, mail.text.splitlines())) <= 100
    assert "{{" not in mail.html + mail.text


# ── what goes out ────────────────────────────────────────────────────────────────────────────────
def test_the_page_is_told_to_nobody_and_leads_nowhere_else(
    mailed: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    link = link_of(mailed)
    answer = opened(mailed, link)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    html = answer.body.decode()
    led = set(re.findall(r'(?:href|src|action)="([^"#]*)', html))
    assert {each for each in led if not each.startswith(f"/reports/{link.token}")} == set()
    assert not re.search(r"url\(|@import|<script|\son\w+=", html)
    assert link.token not in "".join(capsys.readouterr())


def test_head_says_that_it_is_there_and_adds_nothing_up(sold: Shop, counted: Calls) -> None:
    link = link_of(sold)
    counted.watch(sold.cloud)
    told = opened(sold, link, method="HEAD")
    assert (told.status, told.body) == (200, b"")
    # Its link; whether it is void is read by the redirect's own client, which is not counted here.
    assert counted.of("view_report") == {"GetItem": 1}
    assert sold.ask("HEAD", "/reports/none").status == 404


HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{1234*4321}}evil{% raw %}",
    "\u202eevil",
    "</style><style>*{display:none}",
    "W" * 10_000,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_strangers_are_text_and_nothing_else(cloud: Cloud, name: str) -> None:
    shop = Shop.onboard(cloud, name=name[:200])
    short = name[:100]
    made = shop.share(
        "eve",
        influencer={"id": "eve", "name": short},
        campaign=short[:60],
        label=short[:60],
        product={"id": short[:60], "title": short},
    )
    code = made.json["code"] if made.status < 300 else shop.share("eve").json["code"]
    click = shop.click(code)
    go_to(shop, shop.cloud.clock.now() + timedelta(minutes=10))
    shop.buy("1001", "48.00", click, visit=click, name=name[:100])
    assert shop.cloud.drain()["failed"] == []
    link, day = link_of(shop), shop.cloud.clock.now().date()
    html = opened(shop, link, span=f"{day:%Y}").body.decode()
    assert "$48.00" in html
    product = str(1234 * 4321)
    for bad in (
        "<script",
        ' onmouseover="',
        'href="javascript',
        product,
        "\u202e",
        "</style><style",
    ):
        assert bad not in html
    assert html.count("</style>") == 1
    assert "W" * 100 not in html
