"""What products are called in Monday's mail: what the merchant's side calls them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.template.declarations import Template
from sharetrail.mail.message import Mail
from sharetrail.merchants import profiles
from sharetrail.orders.sale_fields import line_item
from sharetrail.report import span
from sharetrail.report.keeping import reports
from sharetrail.sharing import product_names
from tests.chain.test_chain import weekly_mail
from tests.shops import ORIGIN, PHONE, Shop

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)


def mail_of(shop: Shop) -> Mail:
    assert shop.cloud.drain()["failed"] == []
    (mail,) = weekly_mail(shop)
    return mail


def a_line(name: str) -> str:
    return f"Best product: {name}, "


def told(mail: Mail) -> str:
    """Its text in one line."""
    return " ".join(mail.text.split())


def products(shop: Shop) -> list[str]:
    """Of last week's report, as its page lists them."""
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    week = span.last_due("week", shop.cloud.clock.now(), merchant.tz)
    kept = reports.find(shop.id, week)
    assert kept is not None
    return [line.name for line in reports.read(shop.id, week, kept.snapshot).products]


def visitors_share(shop: Shop, **body: Any) -> str:
    answer = shop.share(key="publishable_key", **body)
    assert answer.status == 201, answer.body
    return str(answer.json["code"])


# ── By whom ──────────────────────────────────────────────────────────────────────────────────────
def test_a_product_is_called_what_its_orders_call_it(shop: Shop) -> None:
    shop.click(visitors_share(shop, product={"id": "1", "title": "Worst mug ever"}))
    shop.buy("1001")
    mail = mail_of(shop)
    assert a_line("Mug") in told(mail)
    assert "Mug, " in mail.html
    assert "Worst" not in mail.text + mail.html


def test_a_product_is_called_what_the_secret_key_calls_it(shop: Shop) -> None:
    shop.click(shop.share(product={"id": "7", "title": "Gull mug"}).json["code"])
    assert a_line("Gull mug") in told(mail_of(shop))


def test_a_product_that_the_merchant_never_named_is_its_pages_path(shop: Shop) -> None:
    said = {"url": f"{ORIGIN}/products/k%C3%BChn?variant=2", "product": {"id": "7", "title": "Buy"}}
    shop.click(visitors_share(shop, **said))
    mail = mail_of(shop)
    assert a_line("/products/kühn") in told(mail)
    assert "Buy" not in mail.text


def test_the_oldest_link_says_which_page_a_product_has(shop: Shop) -> None:
    for page in ("mug", "your-account-is-locked"):
        url = f"{ORIGIN}/products/{page}"
        shop.click(visitors_share(shop, url=url, product={"id": "7"}))
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    mail = mail_of(shop)
    assert a_line("/products/mug") in told(mail)
    assert "locked" not in mail.text


def test_a_product_whose_link_was_followed_the_week_before_its_order_is_named_too(
    shop: Shop,
) -> None:
    click = shop.click(shop.share(product={"id": "7", "title": "Gull mug"}).json["code"])
    weekly_mail(shop)
    shop.buy("1001", "48.50", click, visit=click)
    assert shop.cloud.drain()["failed"] == []
    (mail, _) = weekly_mail(shop)
    assert f"{a_line('Gull mug')}$48.50" in told(mail)


def test_a_link_tells_the_merchants_name_beside_what_the_page_said(shop: Shop) -> None:
    code = visitors_share(shop, product={"id": "1", "title": "Worst mug ever"})
    assert shop.read(f"/v1/links/{code}")["product"] == {
        "id": "1",
        "title": "Worst mug ever",
        "image": "",
        "name": None,
    }
    shop.buy("1001")
    assert shop.cloud.drain()["failed"] == []
    assert shop.read(f"/v1/links/{code}")["product"]["name"] == "Mug"


def test_an_id_in_any_script_is_cropped_alike_wherever_it_is_told(shop: Shop) -> None:
    mug, bowl = "é" * 150, "ê" * 150
    named = {"product": {"id": mug, "title": "Long mug"}}
    shop.share(**named)
    shop.share(url=f"{ORIGIN}/bowl", product={"id": bowl, "title": "Long bowl"})
    visitors = {"url": f"{ORIGIN}/other", "product": {"id": mug + "x", "title": "Buy"}}
    code = shop.share(key="publishable_key", **visitors).json["code"]
    shown = shop.read(f"/v1/links/{code}")["product"]
    assert (shown["id"], shown["name"]) == ("é" * 50, "Long mug")
    assert line_item(mug, "Mug", 1, 0).product == shown["id"]


def test_invented_products_stand_below_those_the_merchant_named(shop: Shop) -> None:
    shop.click(shop.share(product={"id": "7", "title": "Gull mug"}).json["code"])
    for n in range(12):
        url = f"{ORIGIN}/invented/{n}"
        code = visitors_share(shop, url=url, product={"id": f"x{n}", "title": "Invented"})
        for visitor in range(3):
            shop.click(code, agent=f"{PHONE} {visitor}")
    assert a_line("Gull mug") in told(mail_of(shop))
    first, *others = products(shop)
    assert first == "Gull mug"
    assert len(others) == 9
    assert all(each.startswith("/invented/") for each in others)


# ── When ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("order", [(EARLIER, LATER), (LATER, EARLIER)])
def test_the_newest_name_stands_in_whatever_order_they_come(
    tables: Template, order: tuple[datetime, datetime]
) -> None:
    for at in order:
        product_names.remember("m_1", {"7": "Old mug" if at == EARLIER else "New mug"}, at)
    assert product_names.find_all("m_1", ["7", "8"]) == {"7": "New mug"}


def test_a_blank_name_and_a_product_without_id_are_none(tables: Template) -> None:
    product_names.remember("m_1", {"7": " ", "": "Mug"}, NOW)
    assert product_names.find_all("m_1", ["7", ""]) == {}


def test_another_merchants_names_are_not_ours(tables: Template) -> None:
    product_names.remember("m_1", {"7": "Mug"}, NOW)
    assert product_names.find_all("m_2", ["7"]) == {}


# ── What a stranger can name ─────────────────────────────────────────────────────────────────────
HOSTILE = (
    "ZQEVIL https://zqevil.com/pay",
    "ZQEVIL www.zqevil.com",
    "ZQEVIL pay@zqevil.com",
    "ZQEVIL \u202emoc.live",
    "ZQEVIL +1 (555) 010-0199",
)


def test_a_stranger_with_the_publishable_key_names_nothing_in_mondays_mail(shop: Shop) -> None:
    click = shop.click(shop.share("ana").json["code"])
    shop.buy("1001", "48.50", click, visit=click)
    for n, words in enumerate(HOSTILE):
        product = {"id": f"{words} {n}", "title": words, "image": "https://zqevil.com/zqevil.png"}
        said = {"influencer": {"id": f"zqevil{n}", "name": words, "handles": {"x": words}}}
        code = visitors_share(shop, product=product, campaign=words, label=words, **said)
        hop = shop.click(code, agent=f"{PHONE} ZQEVIL/{n}")
        visitors_share(shop, product={"id": "1", "title": words}, trail=[hop], campaign=words)
        shop.follow(code, referer="https://zqevil.com/")
        event = {"type": "share", "url": f"{ORIGIN}/", "product": words, "code": code}
        seen = {"type": "view", "url": f"{ORIGIN}/zqevil.com", "product": product}
        events = [{**each, "id": f"{each['type']}-{n:08}"} for each in (event, seen)]
        body = {"key": shop.facts["publishable_key"], "events": events}
        assert shop.ask("POST", "/v1/events", body, {"origin": ORIGIN}).status == 202
    mail = mail_of(shop)
    assert "/products/mug" in products(shop)  # there they are, by the page's path
    sheets = [attachment.text for attachment in mail.attachments]
    for part in (mail.subject, mail.html, mail.text, *sheets):
        assert "zqevil" not in part.casefold()
        assert "\u202e" not in part
        assert "moc.live" not in part
        assert "(555)" not in part


def test_the_path_of_a_strangers_link_is_no_address(shop: Shop) -> None:
    url = f"{ORIGIN}/zqevil.com/call-555-010-0199/%E2%80%AEmoc/%E3%85%A4"
    shop.click(visitors_share(shop, url=url, product={"id": "7"}))
    mail = mail_of(shop)
    shown = "/zqevil·com/call-555·010·0199/moc/"
    assert a_line(shown) in told(mail)
    for part in (mail.html, mail.text):
        assert "zqevil.com" not in part
        assert "\u202e" not in part
