"""What a shop reads of an installation that broke, and what its recipients do about an address that
refuses mail."""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression, Why
from sharetrail.merchants import notices, profiles
from sharetrail.merchants import recipients as recipients_of
from sharetrail.merchants.notice import NoticeSubject
from sharetrail.orders.order_fact import Platform
from sharetrail.report import choices
from sharetrail.report.page.mending import guide
from sharetrail.report.page.mending.shop_system import systems
from sharetrail.webhooks import shopify, woocommerce
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import HOST, ORIGIN, Shop

PARTNER, OLD = "partner@shop.example", "old@shop.example"


@pytest.fixture
def owner(shop: Shop) -> Recipient:
    return Recipient(shop)


@pytest.fixture
def three(shop: Shop) -> Shop:
    shop.onboarded(recipients=[OWNER, PARTNER, OLD])
    return shop


def seen(owner: Recipient, about: str, **query: str) -> str:
    answer = owner.look(f"mend/{about}", **query)
    assert answer.status == 200
    return text(answer)


def buy(shop: Shop, *orders: str, trail: str | None = None) -> None:
    for order in orders:
        shop.buy(order, trail=trail)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    assert shop.cloud.drain()["failed"] == []


# ── the script ───────────────────────────────────────────────────────────────────────────────────
def test_a_script_that_is_gone_is_told_by_the_orders_that_lack_it_until_one_has_it(
    shop: Shop, owner: Recipient
) -> None:
    assert "No paid order of the last 90 days tells" in seen(owner, "script")
    buy(shop, "1001", "1002", trail="none")
    buy(shop, "1003", "1004", "1005")
    said = seen(owner, "script")
    assert "The newest 3 paid orders, since" in said
    assert "say nothing of the script. Of the 2 before them 2 did." in said
    assert "Your pages never told us of a visit." in said
    assert "layout/theme.liquid" in said
    assert "<script defer src=" in said
    assert "/sharetrail.js?key=pk_…" in said
    assert "All is well" not in said

    event = {"id": "event-0001", "type": "view", "url": f"{ORIGIN}/"}
    body = {"key": shop.facts["publishable_key"], "events": [event]}
    assert shop.ask("POST", "/v1/events", body, {"origin": ORIGIN}).status == 202
    assert shop.cloud.drain()["failed"] == []
    assert "Your pages told us of a visit last on" in seen(owner, "script")
    assert "All is well" not in seen(owner, "script"), "anybody can send views"

    buy(shop, "1006", trail="denied")
    assert "All is well" in seen(owner, "script")
    assert "says that the script ran." in seen(owner, "script")


# ── the order webhook ────────────────────────────────────────────────────────────────────────────
def test_the_order_webhook_is_set_up_by_what_the_page_says(shop: Shop, owner: Recipient) -> None:
    assert "We heard of no order of the last 90 days." in seen(owner, "orders")
    buy(shop, "1001")
    said = seen(owner, "orders")
    assert "The newest order that we heard of was placed on" in said
    assert "Open Settings → Notifications → Webhooks in Shopify." in said
    assert f"/v1/webhooks/shopify/{shop.id}" in said
    assert "orders/create" in said
    other = seen(owner, "orders", on="woocommerce")
    assert f"/v1/webhooks/woocommerce/{shop.id}" in other
    assert "order.created" in other


@pytest.mark.parametrize("platform", [*get_args(Platform), "nothing of ours", ""])
def test_no_secret_stands_on_any_page(shop: Shop, owner: Recipient, platform: str) -> None:
    for about in guide.guides():
        html = owner.look(f"mend/{about}", on=platform).body.decode()
        for kept in ("secret_key", "publishable_key"):
            assert shop.facts[kept] not in html
        assert not re.search(r"whsec_|shpss_|sk_", html)


def test_the_topics_are_those_that_are_read_and_the_docs_name() -> None:
    docs = (Path(__file__).parents[2] / "docs/webhooks.md").read_text()
    for platform, system in systems().items():
        for _, topic in system.topics:
            assert f"`{topic}`" in docs or platform == "standard"
    assert {topic for _, topic in systems()["shopify"].topics} <= shopify._TOPICS.keys()
    assert {topic for _, topic in systems()["woocommerce"].topics} == {*woocommerce._TOPICS}
    assert tuple(systems()) == get_args(Platform)


# ── what ran out ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("page", "subject", "says"),
    [
        ("limits", "events", "kept one in a hundred"),
        ("limits", "links_of_browsers", "shared the page’s own address"),
        ("links_of_shop", "links_of_shop", "a program that goes round in a circle"),
    ],
)
def test_what_ran_out_is_told_by_its_day_and_on_its_own_page_alone(
    shop: Shop, owner: Recipient, page: str, subject: NoticeSubject, says: str
) -> None:
    other = "limits" if page == "links_of_shop" else "links_of_shop"
    assert "Nothing ran out in the last 35 days." in seen(owner, page)
    now = shop.cloud.clock.now()
    notices.keep(profiles.find(shop.id, now), subject, now)
    assert says in seen(owner, page)
    assert "All is well" not in seen(owner, page)
    assert "All is well" in seen(owner, other)


def test_what_is_nothing_to_mend_is_no_page(owner: Recipient) -> None:
    assert owner.look("mend/everything").status == 404


# ── an address that refuses mail ─────────────────────────────────────────────────────────────────
def refuse(shop: Shop, address: str, why: Why = "bounced") -> None:
    at = shop.cloud.clock.now()
    suppressions.keep(Suppression(merchant=shop.id, recipient=address, why=why, at=at))
    shop.cloud.clock.set_forward(at + timedelta(minutes=1))


def recipients(shop: Shop) -> tuple[str, ...]:
    merchant = profiles.read(shop.id)
    assert merchant
    return merchant.recipients


def test_an_address_that_refuses_mail_is_taken_off_the_list_and_put_back(three: Shop) -> None:
    refuse(three, OLD)
    owner = Recipient(three)
    said = seen(owner, "recipient")
    assert OLD in said
    assert "refused the report of" in said
    assert PARTNER not in said

    assert f"{OLD} is off the list" in text(owner.act("recipient", recipient=OLD, value="off"))

    assert recipients(three) == (OWNER, PARTNER)
    assert "Every recipient’s address takes our mails." in seen(owner, "recipient")
    owner.undo()
    assert recipients(three) == (OWNER, PARTNER, OLD)
    assert owner.list() == [f"{OLD} gets the report again", f"{OLD} is off the list"]


def test_whose_mail_arrives_is_taken_off_by_nobody_else(three: Shop) -> None:
    answer = Recipient(three).look("acts/recipient", recipient=PARTNER, value="off")
    assert answer.status == 404
    assert forms(answer) == []
    refuse(three, OWNER)
    own = Recipient(three).look("acts/recipient", recipient=OWNER.upper(), value="off")
    assert own.status == 404


def test_no_address_comes_onto_the_list_but_who_was_on_it(three: Shop) -> None:
    owner = Recipient(three)
    stranger = owner.look("acts/recipient", recipient="eve@evil.example", value="listed")
    assert stranger.status == 404
    refuse(three, OLD)
    owner.act("recipient", recipient=OLD, value="off")
    three.onboarded(recipients=[OWNER, PARTNER])
    again = owner.look("acts/recipient", recipient=OLD, value="listed")
    assert again.status == 404, "the list was named anew without them"


def test_the_last_recipient_stays(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, OLD])
    owner, old = Recipient(shop), Recipient(shop, OLD)
    refuse(shop, OLD)
    refuse(shop, OWNER)
    old_takes, owner_takes = (
        forms(each.look("acts/recipient", recipient=whom, value="off"))[0]
        for each, whom in ((old, OWNER), (owner, OLD))
    )
    assert owner.press(owner_takes).status == 200
    assert old.press(old_takes).status >= 400
    assert recipients(shop) == (OWNER,)


def test_of_two_who_take_each_other_off_at_once_the_later_finds_the_last(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    assert not recipients_of.take_off(shop.id, OWNER, now)
    assert recipients(shop) == (OWNER,)


def test_a_mailbox_that_came_back_is_tried_again_and_that_is_not_undone(three: Shop) -> None:
    refuse(three, OLD)
    owner = Recipient(three)
    merchant = profiles.find(three.id, three.cloud.clock.now())
    assert not choices.may_be_mailed(merchant, OLD)

    assert "is tried again" in text(owner.act("mailbox", recipient=OLD, value="mailed"))

    assert choices.may_be_mailed(merchant, OLD)
    assert "value=refuses" not in owner.look("acts").body.decode()


def test_who_called_a_mail_spam_is_not_mailed_again_by_anothers_word(three: Shop) -> None:
    refuse(three, OLD, "complained")
    owner = Recipient(three)
    assert "called a report spam" in seen(owner, "recipient")
    assert "Try it again" not in seen(owner, "recipient")
    assert owner.look("acts/mailbox", recipient=OLD, value="mailed").status == 404
    assert "Take it off the list" in seen(owner, "recipient")


def test_an_old_link_reads_and_offers_a_new_one_instead_of_acts(three: Shop) -> None:
    owner = Recipient(three)
    refuse(three, OLD)
    three.cloud.clock.set_forward(three.cloud.clock.now() + timedelta(days=9))
    said = seen(owner, "recipient")
    assert "Take it off the list" not in said
    assert "Mail me a new link" in said


def test_names_of_a_shop_are_text_on_every_page(shop: Shop) -> None:
    shop.onboarded(name="<b>Evil</b>", shop_host=HOST)
    for about in guide.guides():
        assert "<b>" not in Recipient(shop).look(f"mend/{about}").body.decode()
