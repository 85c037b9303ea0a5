"""Every page in a reader's own language: no English is left on any of them but names."""

import re
from datetime import timedelta
from typing import Any

import pytest

from local.cloud import Cloud
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import WHYS, Suppression
from sharetrail.merchants import notices, profiles
from sharetrail.merchants.notice import SUBJECTS
from sharetrail.report.keeping.page_links import READS_FOR
from sharetrail.report.page.mending import guide
from sharetrail.report.page.mending.shop_system import systems
from sharetrail.sharing import links
from tests.chain.test_fraud import HOME
from tests.pseudo import unsaid_html
from tests.recipients import OWNER, Recipient, forms
from tests.shops import Answer, Shop

REFUSING = ("gone@shop.example", "spam@shop.example")
NAMES = (
    *(
        "Mug & Bean",
        "Mug",
        "/products/mug",
        "Ana",
        "ana",
        "Ben",
        "ben",
        "Zoe",
        "Tom",
        "Autumn",
        "Reel",
        "SPRING",
    ),
    *("WhatsApp", "Instagram", "Shopify", "shopify", "WooCommerce", "Stripe", OWNER),
    *REFUSING,
    *(topic.code for system in systems().values() for topic in system.topics),
    *("“order”", "“influencer”"),  # parameters that an address lacks
    *("</head>", "</script>", "<script defer src", "sharetrail.js?key=pk_"),
)
_RULE = re.compile(r"\bcredit-\d+#\w+")
"""The name of a version, which is none of people's words."""
TAKEN = {"accept-language": "ja"}
"""The language of shoppers."""


@pytest.fixture
def shop(cloud: Cloud, pseudo: str) -> Shop:
    """Two weeks of four people: orders of several, in doubt, waiting, refunded and of nobody."""
    shop = Shop.onboard(cloud, language=pseudo, recipients=[OWNER, *REFUSING])
    again: dict[str, Any] = {"email": "again@example.com", **HOME}
    shop.buy("1001", "10.00", "none", **again)
    ana = {"id": "ana", "name": "Ana", "email": "again@example.com"}
    made = [
        shop.share(influencer=ana, campaign="Autumn"),
        shop.share("ben", network="instagram", label="Reel"),
        shop.share("zoe", network="device", product={"id": "7", "title": "Mug"}),
    ]
    for week in range(2):
        trail = [shop.click(each.json["code"]) for each in made]
        later(shop, hours=1)
        shop.buy(f"1{week}02", "96.00", ",".join(trail), visit=trail[-1], **again)
        shop.buy(f"1{week}03", "20.00", "none")
        cloud.drain()
        shop.deliver("refunds/create", shop.a_refund(f"1{week}02", f"{week}9", "10.00"))
        later(shop, days=7)
        shop.run("close_days", "score_influencers")
    trail = [shop.click(each.json["code"]) for each in made]
    later(shop, hours=1)
    shop.buy("3001", "60.00", ",".join(trail), visit="other", discount_codes=[{"code": "SPRING"}])
    shop.buy("3002", "60.00", trail[1], financial_status="pending")
    assert cloud.drain()["failed"] == []
    now = cloud.clock.now()
    for whom, why in zip(REFUSING, WHYS, strict=True):
        suppressions.keep(Suppression(merchant=shop.id, recipient=whom, why=why, at=now))
    for about in SUBJECTS:
        notices.keep(profiles.find(shop.id, now), about, now)
    return shop


def later(shop: Shop, **ago: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**ago))


def look(owner: Recipient, path: str, **query: str) -> Answer:
    return owner.look(path, **query) if path else owner.first(**query)


def left(shop: Shop, answer: Answer) -> list[str]:
    """What of a page was never said."""
    codes = [
        link.code
        for who in ("ana", "ben", "zoe")
        for link in links.made_behind(shop.id, who, "", 9)
    ]
    html = _RULE.sub("", answer.body.decode())
    return unsaid_html(html, *NAMES, *codes, shop.id)


def test_the_pages_of_a_shop_are_said(shop: Shop) -> None:
    owner = Recipient(shop)
    code = links.made_behind(shop.id, "ana", "", 1)[0].code
    day = shop.cloud.clock.now().date()
    around = {"span": f"{day - timedelta(days=30)}..{day + timedelta(days=1)}"}
    orders = ("1001", "1002", "1003", "1102", "3001", "3002")
    paths = (
        *("", "people", "people/ana", "people/ben", "orders", "held", "networks", "products"),
        *(f"orders/shopify/{order}" for order in orders),
        *("links", f"links/{code}", "definitions", "mails", "choices", "acts"),
        *(f"mend/{about}" for about in guide.guides()),
    )
    found = {path: left(shop, look(owner, path, **around)) for path in paths}
    unsaid = {path: words for path, words in found.items() if words}
    assert not unsaid, unsaid
    for system in systems():
        assert left(shop, owner.look("mend/orders", on=system)) == []
        assert left(shop, owner.look("mend/script", on=system)) == []
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("orders", {"q": "4711"}),
        ("orders", {"influence": "held", "influencer": "ana", "network": "whatsapp"}),
        ("orders", {"product": "7"}),
        ("orders", {"link": code}),
        ("links", {"influencer": "ana"}),
        ("held", {}),
        ("held", {"influencer": "ana"}),
        ("", {"span": "2026-13"}),
        ("", {"from": "2020-01-01", "to": "2026-01-01"}),
        ("", {"span": "2031"}),
        ("", {"as": "sent"}),
        ("orders/shopify/none", {}),
        ("people/none", {}),
        ("links/none", {}),
        ("nothing", {}),
        ("acts/nothing", {}),
        ("mend/nothing", {}),
        ("mails/2026-W40", {}),
        ("people", {"cursor": "?"}),
    )
    for path, query in asked:
        assert left(shop, look(owner, path, **query)) == [], (path, query)


def test_what_may_be_done_is_said_before_and_after(shop: Shop) -> None:
    owner = Recipient(shop)
    code = links.made_behind(shop.id, "ana", "", 1)[0].code
    doubt = {"order": "shopify#1002", "decision": "self_email:ana"}
    wait = {"order": "shopify#1002", "decision": "repeat_buyer"}
    ana = {"influencer": "ana"}
    for path, query in (
        ("acts/decide", doubt),
        ("acts/decide", wait),
        ("acts/name", ana),
        ("acts/tag", ana),
        ("acts/code", ana),
        ("acts/code", {"code": "SPRING", "value": "ana"}),
        ("acts/link", {"code": code}),
        ("acts/void", {}),
        ("acts/recipient", {"recipient": REFUSING[0]}),
        ("acts/mailbox", {"recipient": REFUSING[0]}),
        ("acts/mailbox", {"recipient": REFUSING[1]}),
        ("acts/recipient", {"recipient": OWNER}),
        ("acts/choices", {"choose": "1", "daily": "on", "monthly": "on", "weekly": "on"}),
        ("acts/choices", {"value": "nothing"}),
        ("acts/decide", {"order": "shopify#1001", "decision": "none"}),
        ("acts/link", {"code": "none"}),
        ("acts/name", {"influencer": "none"}),
        ("acts/code", {"code": "#"}),
        ("acts/tag", {**ana, "value": ",".join("abcdefghijklmnopqrstuvwxyz")}),
        ("acts/decide", {}),
    ):
        assert left(shop, look(owner, path, **query)) == [], (path, query)
    for kind, query in (
        ("decide", {**wait, "value": "released"}),
        ("decide", {**wait, "value": "upheld"}),
        ("decide", {**doubt, "value": "upheld"}),
        ("decide", {**doubt, "value": "undecided"}),
        ("name", {**ana, "value": "Tom"}),
        ("tag", {**ana, "value": "Tom"}),
        ("tag", {**ana, "value": "(none)"}),
        ("code", {"code": "SPRING", "value": "ana"}),
        ("code", {"code": "SPRING", "value": "(nobody)"}),
        ("link", {"code": code, "value": "off"}),
        ("link", {"code": code, "value": "on"}),
        ("choices", {"value": "daily,weekly"}),
        ("choices", {"value": "nothing"}),
        ("mailbox", {"recipient": REFUSING[0], "value": "mailed"}),
        ("recipient", {"recipient": REFUSING[1], "value": "off"}),
        ("recipient", {"recipient": REFUSING[1], "value": "listed"}),
    ):
        answer = owner.act(kind, **query)
        assert answer.status == 200, (kind, query)
        assert left(shop, answer) == [], (kind, query)
    for path in ("acts", "held", "orders/shopify/1002", "people/ana", f"links/{code}"):
        assert left(shop, look(owner, path)) == [], path
    (form, *_) = forms(owner.look("acts/decide", **wait))
    owner.act("decide", **wait, value="undecided")
    overtaken = owner.press(form)
    assert overtaken.status == 409
    assert left(shop, overtaken) == []
    assert left(shop, owner.post(form.action, {})) == []
    assert left(shop, owner.post(f"{owner.base}/acts/name", {"a": "b"})) == []
    assert left(shop, owner.act("void")) == []


def test_old_links_and_lost_ones_are_said(shop: Shop) -> None:
    owner = Recipient(shop)
    asked = owner.post(f"{owner.base}/new-link", {})
    assert asked.status == 200
    assert left(shop, asked) == []
    assert left(shop, owner.post(f"{owner.base}/new-link", {})) == []
    later(shop, days=9)
    for path in ("", "acts/void", "choices", "people/ana", "held"):
        assert left(shop, look(owner, path)) == [], path
    later(shop, seconds=READS_FOR.total_seconds())
    assert look(owner, "").status == 410
    assert left(shop, look(owner, "")) == []
    assert left(shop, shop.ask("GET", f"/reports/{'0' * 40}", headers=TAKEN)) == []
    code = links.made_behind(shop.id, "ana", "", 1)[0].code
    links.switch(shop.id, code, disabled=True, now=shop.cloud.clock.now())
    for path in (f"/{code}", "/nosuchlink"):
        assert left(shop, shop.ask("GET", path, headers=TAKEN)) == [], path
    assert "leads nowhere" in shop.ask("GET", "/nosuchlink").body.decode()


def test_days_in_which_nothing_was_seen_are_said(shop: Shop) -> None:
    owner = Recipient(shop)
    today = shop.cloud.clock.now().date()
    for day in (today - timedelta(days=200), today, today + timedelta(days=9)):
        assert left(shop, look(owner, "", span=day.isoformat())) == [], day


def test_mails_that_were_sent_are_said_around_their_own_words(shop: Shop) -> None:
    later(shop, days=7)
    shop.run("close_days", "score_influencers", "schedule_reports")
    assert left(shop, Recipient(shop).look("mails")) == []


# ── lang and dir ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "marked"),
    [("ar_EG", '<html lang="ar-EG" dir="rtl">'), ("de_AT", '<html lang="de-AT" dir="ltr">')],
)
def test_a_report_says_what_it_is_in_and_which_way_it_is_read(
    cloud: Cloud, language: str, marked: str
) -> None:
    owner = Recipient(Shop.onboard(cloud, language=language))
    for path in ("", "people", "acts/void", "nothing"):
        assert marked in look(owner, path).body.decode(), path


@pytest.mark.parametrize("path", [f"/reports/{'0' * 40}", "/nosuchlink"])
def test_who_comes_to_a_dead_end_reads_it_in_their_own_language(cloud: Cloud, path: str) -> None:
    shop = Shop.onboard(cloud)
    for language, marked in (("he-IL,he;q=0.9", '"he" dir="rtl"'), ("sv", '"en" dir="ltr"')):
        page = shop.ask("GET", path, headers={"accept-language": language})
        assert f"<html lang={marked}>" in page.body.decode()
