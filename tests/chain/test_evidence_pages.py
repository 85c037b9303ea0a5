"""Below the report's overview: every figure's evidence, down to an order's journey in sentences."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import quote, urljoin

import boto3
import pytest

from local.cloud import Cloud
from local.runtime.memories import forget_clients
from sharetrail.analysis import periods
from sharetrail.attribution.explanations import MODEL_NAMES
from sharetrail.aws import environment
from sharetrail.aws.tables import LINKS
from sharetrail.merchants import person_hashes
from sharetrail.report import page_paths, span
from sharetrail.report.keeping import page_links, sent_mails
from sharetrail.report.page.evidence import held_orders_page, orders_page, people_page
from sharetrail.sharing import links as stored_links
from sharetrail.words import names
from tests.chain.test_fraud import HOME
from tests.report_pages import Parsed, ReportPage, addresses_in, shown, text_of
from tests.senders import a_message, post_standard
from tests.shops import ORIGIN, Shop, monday

OK, NOT_FOUND = 200, 404


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Ana's link on WhatsApp and Ben's on Instagram: one order of both, one of Ana's in doubt,
    partly refunded, and one of nobody."""
    ana = shop.share("ana", campaign="Autumn").json["code"]
    ben = shop.share("ben", network="instagram", label="Reel").json["code"]
    first, second = shop.click(ana), shop.click(ben)
    later(shop, minutes=5)
    shop.buy("1001", "50.00", f"{first},{second}", visit=second)
    shop.buy("1002", "30.00", first, visit="other")
    shop.buy("1003", "20.00")
    shop.deliver("refunds/create", shop.a_refund("1002", "9", "10.00"))
    shop.cloud.drain()
    return shop


def later(shop: Shop, **ago: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**ago))


def put(shop: Shop, path: str, body: Any, method: str = "PUT") -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask(method, path, body, headers).status in (200, 201)


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
def test_orders_stand_newest_first_each_with_who_is_credited(sold: Shop) -> None:
    text = ReportPage(sold).text("orders")
    at = [text.index(name) for name in ("#1003", "#1002", "#1001")]
    assert at == sorted(at)
    assert "last click | Ana $25.00 | Ben $25.00 | $50.00" in text
    assert "without sharing" in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("influence=last_click", {"1001"}),
        ("influence=assisted", {"1002"}),
        ("influence=none", {"1003"}),
        ("influence=held", {"1002"}),
        ("influencer=ben", {"1001"}),
        ("influencer=ana", {"1001", "1002"}),
        ("influencer=ana&influence=held", {"1002"}),
        ("network=instagram", {"1001"}),
        ("network=pinterest", set()),
        ("influence=anything", {"1001", "1002", "1003"}),
    ],
)
def test_orders_are_narrowed_to_what_is_asked(sold: Shop, asked: str, found: set[str]) -> None:
    text = ReportPage(sold).text(f"orders?{asked}")
    assert {name for name in ("1001", "1002", "1003") if f"#{name}" in text} == found


def test_an_order_is_found_by_its_number_with_or_without_its_sign_and_by_its_id(sold: Shop) -> None:
    report = ReportPage(sold)
    for asked in ("1002", "%231002", " 1002 ".replace(" ", "+")):
        answer = report.ask(f"orders?q={asked}")
        assert answer.status == 303
        assert "Order #1002" in report.follow(answer.headers["location"]).body.decode()
    assert "No order is called 9999" in report.text("orders?q=9999")


def test_a_list_of_orders_goes_on_where_its_page_ended(sold: Shop, monkeypatch) -> None:
    monkeypatch.setattr(orders_page.page_of, "__defaults__", (2,))
    report = ReportPage(sold)
    first = report.html("orders")
    (there,) = [each for each in addresses_in(first) if "cursor=" in each]
    second = report.follow(there).body.decode()
    assert ("#1003" in first, "#1002" in first, "#1001" in first) == (True, True, False)
    assert ("#1002" in second, "#1001" in second) == (False, True)
    assert "cursor=" not in second


def test_a_list_says_how_far_it_looked_and_looks_further(sold: Shop, monkeypatch) -> None:
    monkeypatch.setattr(orders_page, "LOOKED_AT", 1)
    report, seen = ReportPage(sold), ""
    page = report.html("orders?influence=last_click")
    assert "None among the 1 order looked at so far" in page
    for _ in range(3):
        seen += page
        more = [each for each in addresses_in(page) if "cursor=" in each]
        page = report.follow(more[0]).body.decode() if more else ""
    assert "#1001" in seen


# ── an order's journey ───────────────────────────────────────────────────────────────────────────
def test_a_journey_tells_what_the_api_tells(sold: Shop) -> None:
    text, told = ReportPage(sold).text("orders/shopify/1001"), sold.order("1001")
    for touch in told["touches"]:
        assert f"{touch['before']} before" in text
        assert touch["name"] in text
    for line in told["credits"]["linear"]:
        assert line["sentence"].replace(" %", "%") in text  # as the merchant's language has it
    for model in told["credits"]:
        assert MODEL_NAMES[model] in text
    assert "Its own visit began with a share click" in text
    assert "began the visit" in text
    assert told["rule"] in text
    assert "Credit by network comes with orders behind the first finished week." in text


def test_a_journey_tells_refunds_doubts_and_until_when_they_are_told(sold: Shop) -> None:
    text, told = ReportPage(sold).text("orders/shopify/1002"), sold.order("1002")
    (decision,) = told["decisions"]
    assert decision["sentence"] in text
    asked = shown(datetime.fromisoformat(decision["until"]))
    assert f"In doubt: it waits until you decide, at latest {asked}" in text
    assert "after refunds of $10.00" in text
    assert (
        told["refunds"][0]["sentence"] == "Items of 10.00 USD came back; 10.00 USD was paid back."
    )
    assert "Items of $10.00 came back; $10.00 was paid back." in text
    assert "All of it to Ana, by every model." in text


def test_a_journey_says_why_nobody_is_credited(sold: Shop) -> None:
    text = ReportPage(sold).text("orders/shopify/1003")
    assert sold.order("1003")["why_no_credit"] in text
    assert "Who gets what" not in text


def test_a_click_outside_the_window_is_told_with_its_reason(shop: Shop) -> None:
    old = shop.click(shop.share("ana").json["code"])
    later(shop, days=31)
    shop.buy("1001", "50.00", old, visit="other")
    shop.cloud.drain()
    text = ReportPage(shop).text("orders/shopify/1001")
    (why,) = shop.order("1001")["left_out"]
    assert f"Does not count. {why}" in text


def test_a_refund_that_came_before_its_order_is_a_page_too(shop: Shop) -> None:
    shop.deliver("refunds/create", shop.a_refund("1009", "9", "10.00"))
    assert "The order itself was not told yet." in ReportPage(shop).text("orders/shopify/1009")


def test_a_decision_is_offered_only_by_a_link_that_may_act(sold: Shop) -> None:
    report = ReportPage(sold)
    offers = [each for each in report.addresses("orders/shopify/1002") if "acts/decide" in each]
    assert len(offers) == 1
    assert "order=shopify%231002&decision=shared_click" in offers[0]
    later(sold, days=9)
    addresses = report.addresses("orders/shopify/1002", "")
    assert not [each for each in addresses if "acts/" in each]


ODD_IDS = ("a#b", "a/b", "a%2Fb", "50%", "..", ".", "é 😀", "a?b&c=d", "a+b", '"><b>', "a\\b", "'")


def test_ids_of_whatever_signs_lead_to_their_own_order(shop: Shop) -> None:
    """As their lists link to them, through the gateway."""
    for n, odd in enumerate(ODD_IDS):
        item = {"product_id": 1, "title": "Mug", "quantity": 1, "net": f"{n + 10}.00"}
        message = a_message(order_id=odd, name=odd, subtotal=item["net"], items=[item])
        answer = post_standard(shop, message)
        assert answer.status == 200, (odd, answer.body)
    shop.cloud.drain()
    report = ReportPage(shop)
    span = "2026-11-20..2026-11-22"  # of the messages
    addresses = [a for a in report.addresses("orders", span) if "/orders/standard/" in a]
    assert [urljoin("http://x", a).removeprefix("http://x") for a in addresses] == addresses
    pages = [report.follow(address) for address in addresses]
    assert [page.status for page in pages] == [200] * len(ODD_IDS)
    told = [page.body.decode() for page in pages]
    for n, _ in enumerate(ODD_IDS):
        assert sum(f"${n + 10}.00</p>" in page for page in told) == 1, (ODD_IDS[n], addresses)


def test_ids_of_whatever_signs_open_from_the_mail(shop: Shop) -> None:
    """A mail has the whole address, which whoever opens it follows through the gateway."""
    for n, odd in enumerate(ODD_IDS):
        assert post_standard(shop, a_message(order_id=odd, name=f"Odd{n}")).status == 200
    shop.cloud.drain()
    link = ReportPage(shop).link
    for n, odd in enumerate(ODD_IDS):
        address = page_paths.under(link.url, page_paths.order("standard", odd))
        assert urljoin("http://x", address) == address
        answer = shop.ask("GET", address.removeprefix(environment.public_base_url()))
        assert (answer.status, f"Odd{n}" in answer.body.decode()) == (200, True), (odd, address)


# ── people ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("by", "first"), [("score", "Ana"), ("credited", "Ana"), ("held", "Ana"), ("clicks", "Ben")]
)
def test_people_are_sorted_by_what_is_asked(sold: Shop, by: str, first: str) -> None:
    code = stored_links.made_behind(sold.id, "ben", "", 1)[0].code
    sold.click(code, "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0")
    sold.cloud.drain()
    text = ReportPage(sold).text(f"people?by={by}")
    names = sorted(("Ana", "Ben"), key=text.index)
    assert names[0] == first
    assert "2 people" in text


def test_a_person_is_told_with_all_that_their_figures_rest_on(sold: Shop) -> None:
    put(
        sold,
        "/v1/influencers/ana",
        {"name": "Ana Lind", "handles": {"instagram": "ana.l"}, "reach": 1200},
    )
    put(sold, "/v1/codes", {"code": "ANA10", "influencer": "ana"}, "POST")
    report = ReportPage(sold)
    text = report.text("people/ana")
    for said in ("Ana Lind", "ana·l", "Reach 1,200", "$45.00", "$20.00", "#1001", "#1002", "ANA10"):
        assert said in text, said
    assert "campaign Autumn" in text
    assert "Clicks | 1 of 1 raw" in text
    paths = [
        each.partition("?")[0].rpartition(report.link.token)[2]
        for each in report.addresses("people/ana")
    ]
    assert {"/orders/shopify/1001", "/orders/shopify/1002"} <= {*paths}


def test_people_stand_in_the_order_of_the_mail_whatever_strangers_click(sold: Shop) -> None:
    stranger = sold.share(key="publishable_key", influencer={"id": "b" * 32}).json["code"]
    for n in range(3):
        sold.click(stranger, f"Mozilla/5.0 (X11; Linux x86_64; rv:14{n}.0) Firefox/14{n}.0")
    sold.cloud.drain()
    for _ in range(2):
        later(sold, days=7)
        assert sold.run("close_days", "score_influencers") == []
    report = ReportPage(sold)
    start = sold.cloud.clock.now().date() - timedelta(days=15)
    days = f"{start}..{start + timedelta(days=15)}"
    overview = report.follow(f"/reports/{report.link.token}?span={days}").body.decode()
    people_page = report.html("people", days)
    told = [
        [each for each in addresses_in(html) if "/people/" in each]
        for html in (overview, people_page)
    ]
    first = [[*dict.fromkeys(each.partition("?")[0] for each in found)][:3] for found in told]
    assert first[0] == first[1]
    assert [each.rpartition("/")[2] for each in first[0][:2]] == ["ana", "ben"]


def test_a_visitor_whom_somebody_named_is_known(sold: Shop) -> None:
    code = sold.share(key="publishable_key", influencer={"id": "b" * 32}).json["code"]
    who = stored_links.find(code).influencer
    report = ReportPage(sold)
    assert "A visitor whom nobody named" in report.text(f"people/{who}")
    put(sold, f"/v1/influencers/{who}", {"name": "Kim"})
    text = report.text(f"people/{who}")
    assert "A visitor whom you know" in text
    assert "nobody named" not in text
    assert "Change the name" in text


def test_a_link_that_reads_alone_offers_a_new_one_where_others_act(sold: Shop) -> None:
    report = ReportPage(sold)
    around = report.around
    pages = ("people/ana", "held", "orders/shopify/1002")
    assert not any("Mail me a new link" in report.text(path, around) for path in pages)
    later(sold, days=9)
    for path in pages:
        html = report.html(path, around)
        assert "Mail me a new link" in html
        assert f'action="/reports/{report.link.token}/new-link' in html


def test_whom_somebody_brought_is_named(sold: Shop) -> None:
    (ana,) = stored_links.made_behind(sold.id, "ana", "", 2)
    click = sold.click(ana.code)
    sold.share("kim", trail=[click])
    sold.cloud.drain()
    for _ in range(2):
        later(sold, days=7)
        assert sold.run("close_days", "score_influencers") == []
    text = ReportPage(sold).text("people/ana", "")
    assert "Began to share by their links | 1 · Kim" in text
    assert "the weeks that the score looks at" in text


def test_a_person_s_score_is_told_with_its_range_its_factors_and_what_moved_it(sold: Shop) -> None:
    for _ in range(2):
        later(sold, days=7)
        sold.buy(
            f"{1100 + _}",
            "40.00",
            sold.click(stored_links.made_behind(sold.id, "ben", "", 1)[0].code),
        )
        assert sold.run("close_days", "score_influencers") == []
    later(sold, days=7)
    assert sold.run("close_days", "score_influencers") == []
    scored = sold.read("/v1/influencers/ben")["score"]
    page = ReportPage(sold)
    html, text = page.html("people/ben", ""), page.text("people/ben", "")
    assert scored["change"]["sentence"].replace(" %", "%") in text
    assert scored["advice"] in text
    assert "Orders a click" in text
    assert "<polyline" in html
    assert "four times in five between" in text
    assert "Score by week" in text
    assert text.count(" at latest | $40.00") == 2, text[text.index("when they were scored") :][:200]
    assert any("held?influencer=ben" in each for each in page.addresses("people/ben", ""))


def test_days_that_hold_too_much_are_added_up_by_a_worker(sold: Shop, monkeypatch) -> None:
    told = {path: ReportPage(sold).text(path) for path in ("people?by=credited", "networks")}
    monkeypatch.setattr(periods, "MOST_ORDERS", 2)
    monkeypatch.setattr(people_page, "ON_A_PAGE", 1)
    report = ReportPage(sold)
    for path in ("people", "networks", "products"):
        assert "they are being added up" in report.text(path)
    for path in ("links", "people/ana"):
        assert "too much to be added up" in report.text(path)
    (there,) = [each for each in report.addresses("people") if "cursor=" in each]
    assert "Ben" in report.follow(there).body.decode()
    assert sold.cloud.drain()["failed"] == []
    monkeypatch.setattr(people_page, "ON_A_PAGE", 50)
    for path, before in told.items():
        figures = re.findall(r"\| [^|]+ \| \$[\d.]+ \|", before)
        assert len(figures) >= 2
        assert [each for each in figures if each not in report.text(path)] == []
    assert "as they stood on" in report.text("people")


# ── what is held ─────────────────────────────────────────────────────────────────────────────────
def test_what_waits_is_told_with_its_amount_and_a_way_to_decide(sold: Shop) -> None:
    report, (decision,) = ReportPage(sold), sold.order("1002")["decisions"]
    asked = shown(datetime.fromisoformat(decision["until"]))
    for about in ("", report.around):
        text = report.text("held", about)
        assert "#1002" in text
        assert f"$20.00 of Ana’s waits until you decide, at latest {asked}" in text
        assert "$20.00 of it waits for your word." in text
        assert "#1001" not in text
    put(
        sold,
        "/v1/orders/shopify/1002/decisions",
        {"decision": sold.order("1002")["decisions"][0]["id"], "word": "released"},
        "POST",
    )
    sold.cloud.drain()
    assert "Nothing waits for you." in report.text("held")
    assert "Released by you" in report.text("orders/shopify/1002")


def test_what_waits_is_told_of_the_days_that_are_asked_for_by_whichever_words(sold: Shop) -> None:
    report, (first, last) = ReportPage(sold), ("2026-01-01", "2026-01-31")
    for asked in (f"span={first}..{last}", f"from={first}&to={last}"):
        text = report.text(f"held?{asked}", "")
        assert "#1002" not in text
        assert "Jan" in text
    first, last = report.around.split("..")
    assert "#1002" in report.text(f"held?from={first}&to={last}", "")


def test_a_list_of_what_waits_looks_further(sold: Shop, monkeypatch) -> None:
    monkeypatch.setattr(held_orders_page, "LOOKED_AT", 1)
    report = ReportPage(sold)
    html = report.html("held")
    assert "None among the 1 order looked at so far" in html
    (there,) = [each for each in addresses_in(html) if "cursor=" in each]
    assert "#1002" in report.follow(there).body.decode()


def test_what_nobody_brought_is_held_nowhere_though_its_buyer_had_ordered_before(
    sold: Shop,
) -> None:
    for number in ("1004", "1005"):
        later(sold, minutes=1)
        sold.buy(number, "30.00", email="again@example.com", **HOME)
    sold.cloud.drain()
    report = ReportPage(sold)
    text = report.text("orders/shopify/1005")
    assert "The buyer had ordered before, once since" in text
    assert "Nobody is credited of this order, so nothing waits." in text
    assert "It waits" not in text
    assert "#1005" not in report.text("orders?influence=held")
    assert "#1005" in report.text("orders")
    row = report.text("orders").partition("#1005")[2].partition("#1004")[0]
    assert "held" not in row


def test_a_wait_ends_by_itself_and_a_doubt_says_what_becomes_of_it(sold: Shop) -> None:
    ana = sold.share("ana").json["code"]
    for number, trail in (("1004", "none"), ("1005", sold.click(ana))):
        later(sold, minutes=10)
        sold.buy(number, "30.00", trail, email="again@example.com", **HOME)
    sold.cloud.drain()
    waiting = ReportPage(sold).text("orders/shopify/1005")
    assert "and ends by itself then, unless you decide before" in waiting
    later(sold, days=31)
    report = ReportPage(sold)
    text = report.text("orders/shopify/1005", "")
    assert "It ended on" in text
    assert "by itself." in text
    assert "Change that" in text
    assert "by its last day is asked no more, and stays unearned." in report.text(
        "orders/shopify/1002", ""
    )
    later(sold, days=160)
    text = ReportPage(sold).text("orders/shopify/1002", "")
    assert "it is asked no more, and stays unearned." in text


def test_held_orders_are_narrowed_to_one_person_s(sold: Shop) -> None:
    later(sold, minutes=10)
    sold.buy("1004", "30.00", sold.click(sold.share("ben").json["code"]))
    later(sold, seconds=2)
    sold.buy("1005", "40.00", sold.click(sold.share("ben").json["code"]))
    sold.cloud.drain()
    report = ReportPage(sold)
    both = report.text("held", "")
    assert "#1002" in both
    assert "#1005" in both
    bens = report.text("held?influencer=ben", "")
    assert "Only those with a part of" in bens
    assert "#1005" in bens
    assert "#1002" not in bens


# ── links, networks, products ────────────────────────────────────────────────────────────────────
def test_a_link_says_which_clicks_were_not_counted_and_why(sold: Shop) -> None:
    (ana,) = stored_links.made_behind(sold.id, "ana", "", 2)
    sold.follow(ana.code, agent="Googlebot/2.1 (+http://www.google.com/bot.html)")
    sold.follow(ana.code, agent="WhatsApp/2.23.20.0")
    sold.cloud.drain()
    text = ReportPage(sold).text(f"links/{ana.code}")
    assert "Clicks | 1 | by people, of 3 times that it was followed by anything" in text
    assert "Device | Clicks | Phone | 1 100%" in text
    assert "A program that says that it is one." in text
    assert "fetched the link to draw its card" in text
    assert "Campaign | Autumn" in text
    put(sold, f"/v1/links/{ana.code}", {"disabled": True}, "PATCH")
    assert "switched off" in ReportPage(sold).text(f"links/{ana.code}")


def test_links_and_networks_and_products_lead_to_their_orders(sold: Shop) -> None:
    report = ReportPage(sold)
    (ana,) = stored_links.made_behind(sold.id, "ana", "", 2)
    assert ana.code in report.text("links")
    assert "WhatsApp | $45.00" in report.text("networks")
    assert "of no product | $70.00" in report.text("products")
    assert "#1001" in report.text(f"orders?link={ana.code}")
    assert any(
        "orders?network=whatsapp" in each.replace("span=", "") or "network=whatsapp" in each
        for each in report.addresses("networks")
    )


def test_an_influencer_s_links_are_told_whether_they_were_followed_or_not(sold: Shop) -> None:
    unseen = sold.share("ana", campaign="Winter").json["code"]
    report = ReportPage(sold)
    assert unseen not in report.text("links")
    assert unseen in report.text("links?influencer=ana")


def test_visitors_of_a_day_that_is_not_over_are_not_told_as_none(sold: Shop) -> None:
    report = ReportPage(sold)
    days = report.around
    (ana,) = stored_links.made_behind(sold.id, "ana", "", 2)
    assert "Unique visitors" not in report.text("people/ana", days)
    told = report.text(f"links/{ana.code}", days)
    assert re.search(r"\| Not counted \| [^|]+ \| 1 \| 0", told), told
    later(sold, days=2)
    sold.run("close_days")
    assert "Unique visitors | 1" in report.text("people/ana", days)
    told = report.text(f"links/{ana.code}", days)
    assert re.search(r"\| Not counted \| [^|]+ \| 1 \| 1 \| 0", told), told


# ── mails ────────────────────────────────────────────────────────────────────────────────────────
def test_a_mail_is_read_again_as_it_was_sent(sold: Shop) -> None:
    sold.cloud.clock.set_forward(monday(sold.cloud.clock.now()))
    assert sold.run("schedule_reports") == []
    (mail,) = sold.cloud.outbox.mails
    report = ReportPage(sold)
    (there,) = [each for each in report.addresses("mails", "") if "/mails/" in each]
    told = text_of(report.follow(there).body.decode())
    assert mail.subject in told
    assert "As it was sent; its links are replaced by yours" in told
    letter, saved = (report.follow(f"{there}/{form}") for form in ("letter", "eml"))
    own, leave = report.link.token, re.compile(r"/unsubscribe/[0-9a-f]+")
    by_own = re.sub(r"/reports/[0-9a-f]{40}", f"/reports/{own}", mail.html)
    assert letter.body.decode().strip() == leave.sub(f"/reports/{own}/choices", by_own).strip()
    assert (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        in letter.headers["content-security-policy"]
    )
    assert letter.headers["cache-control"] == "no-store"
    assert saved.headers["content-type"] == "message/rfc822"
    again, sent = (message_from_bytes(each, policy=default) for each in (saved.body, mail.eml))
    assert again["Subject"] == sent["Subject"]
    (sheet,), (then,) = again.iter_attachments(), sent.iter_attachments()
    assert (sheet.get_filename(), sheet.get_content()) == (then.get_filename(), then.get_content())
    week = span.read(there.rpartition("/")[2])
    now = sold.cloud.clock.now()
    assert sent_mails.read(sold.id, "owner@shop.example", week, now) == mail.eml


def test_no_mail_that_is_read_again_shows_another_link_than_its_readers(sold: Shop) -> None:
    """Else an old link would lead to the newest one, which acts, and to the one to unsubscribe."""
    report = ReportPage(sold)
    sold.cloud.clock.set_forward(sold.cloud.clock.now() + page_links.ACTS_FOR)
    sold.cloud.clock.set_forward(monday(sold.cloud.clock.now()))
    assert sold.run("schedule_reports") == []
    (mail,) = sold.cloud.outbox.mails
    secret = set(re.findall(r"[0-9a-f]{40,}", f"{mail.html} {mail.text}"))
    assert len(secret) == 2
    (there,) = [each for each in report.addresses("mails", "") if "/mails/" in each]
    saved = report.follow(f"{there}/eml").body
    parts = [each.get_payload(decode=True) for each in message_from_bytes(saved).walk()]
    shown = [report.follow(each).body for each in (there, f"{there}/letter")]
    for text in (saved, *filter(None, parts), *shown):
        assert not {each for each in secret if each.encode() in text}
    assert any(report.link.token.encode() in text for text in filter(None, parts))


def test_nobody_reads_another_recipient_s_mail(shop: Shop) -> None:
    week = span.read("2026-W47")
    code = person_hashes.of_recipient(shop.id, "somebody@shop.example", shop.cloud.clock.now())
    sent_mails.keep(shop.id, code, week, b"Subject: x\r\n\r\nhello")
    assert ReportPage(shop).ask("mails/2026-W47").status == NOT_FOUND


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────
def test_nothing_of_another_merchant_s_is_shown(sold: Shop) -> None:
    (ana,) = stored_links.made_behind(sold.id, "ana", "", 2)
    other = Shop.onboard(
        sold.cloud,
        shop_host="other.example",
        name="Other",
        recipients=["them@other.example"],
        shopify_domain="other.myshopify.com",
    )
    theirs = ReportPage(other)
    for path in (
        "orders/shopify/1001",
        "people/ana",
        f"links/{ana.code}",
        f"orders/shopify/{sold.id}",
    ):
        assert theirs.ask(path).status == NOT_FOUND, path
    for path in (
        "orders",
        "people",
        "links",
        "held",
        "networks",
        "orders?q=1001",
        "links?influencer=ana",
        f"orders?link={ana.code}",
    ):
        text = theirs.text(path)
        assert "#1001" not in text
        assert "Ana" not in text


@pytest.mark.parametrize(
    "path",
    [
        "orders/shopify/404",
        "orders/nowhere/1",
        "people/nobody",
        "links/0000000000",
        "links/x",
        "nowhere",
        "people/%F0%9F%98%80",
        f"orders/shopify/{'9' * 3000}",
        f"people/{'x' * 3000}",
        "mails/2026-W01",
        "mails/x",
    ],
)
def test_what_there_is_not_is_a_page_that_says_so(shop: Shop, path: str) -> None:
    answer = ReportPage(shop).ask(path)
    assert answer.status == NOT_FOUND
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("size", [1_000, 1_100, 2_100, 5_000])
@pytest.mark.parametrize(
    "path", ["orders?influencer=", "orders?product=", "orders?link=", "links?influencer="]
)
def test_an_id_longer_than_any_finds_nothing_and_breaks_nothing(
    shop: Shop, path: str, size: int
) -> None:
    assert ReportPage(shop).ask(path + "x" * size).status == OK


@pytest.mark.parametrize("path", ["orders", "people", "links", "held", "networks"])
def test_a_cursor_that_is_none_is_refused_with_a_page(shop: Shop, path: str) -> None:
    for cursor in ("x", "4pyT", "LTE=", "OTk5OTk5OTk5OTk5"):
        answer = ReportPage(shop).ask(f"{path}?cursor={cursor}")
        assert answer.status in (200, 400), cursor


# ── what strangers call things ───────────────────────────────────────────────────────────────────
EVIL = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{1234*4321}}{% raw %}",
    "\u202eevil\u2066 \u200b",
    "</title></style><b>x",
)
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e\u200f\u200b\u2060"


@pytest.mark.parametrize("evil", EVIL)
def test_no_name_does_anything_on_any_page(cloud: Cloud, evil: str) -> None:
    shop = Shop.onboard(cloud, name=evil)
    link = shop.share(
        "ana",
        influencer={"id": "ana", "name": evil, "handles": {"instagram": evil}},
        network="other",
        label=evil,
        campaign=evil,
        product={"id": evil, "title": evil},
    )
    assert link.status == 201, link.body
    put(shop, "/v1/codes", {"code": evil.replace("\u200b", ""), "influencer": "ana"}, "POST")
    click = shop.click(link.json["code"])
    later(shop, seconds=1)
    long = evil * 400
    item = {"product_id": 1, "title": long, "quantity": 1, "price": "50.00", "tax_lines": []}
    for order, trail in (("1001", click), ("1002", long)):
        shop.buy(
            order,
            "50.00",
            trail,
            name=long,
            line_items=[item],
            referring_site=f"https://{evil}/",
            discount_codes=[{"code": evil}],
        )
    shop.cloud.drain()
    report = ReportPage(shop)
    code = link.json["code"]
    for path in (
        *("people", "people/ana", "orders", "held", "networks", "products", "links"),
        *("orders/shopify/1001", "orders/shopify/1002", f"links/{code}", "links?influencer=ana"),
        *(f"orders?{name}={quote(evil)}" for name in ("q", "influencer", "network", "product")),
        *("definitions", "figures", "mails"),
    ):
        answer = report.ask(path)
        assert answer.status == OK, (path, answer.status)
        html = answer.body.decode()
        assert Parsed(html).is_inert, path
        assert not set(TURNS) & set(html), path
        assert str(1234 * 4321) not in html, path
        assert len(html) < 60_000, (path, len(html))
        if path in ("people", "people/ana", "orders", "networks", "products", "links"):
            assert names.name(evil) in text_of(html), path


# ── how much is read ─────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def reads() -> Any:
    """How many requests a page makes of tables."""
    made: list[str] = []
    boto3.setup_default_session()
    forget_clients()
    boto3.DEFAULT_SESSION.events.register(
        "before-call.dynamodb.*", lambda model, **_: made.append(model.name), "reads"
    )
    yield made
    boto3.setup_default_session()
    forget_clients()


def test_a_page_reads_what_it_shows_however_much_there_is(reads: list[str], sold: Shop) -> None:
    (like,) = stored_links.made_behind(sold.id, "ana", "", 2)
    rows = [
        stored_links.item(like) | {"pk": f"{n:010}", "code": f"{n:010}", "url": f"{ORIGIN}/p/{n}"}
        for n in range(3_000)
    ]
    LINKS.write_all(rows)
    report = ReportPage(sold)
    for path in (
        "people",
        "people/ana",
        "orders",
        "orders/shopify/1001",
        "held",
        "networks",
        "products",
        "links",
        "links?influencer=ana",
        f"links/{like.code}",
    ):
        reads.clear()
        report.html(path)
        assert len(reads) <= 30, (path, len(reads), reads)
