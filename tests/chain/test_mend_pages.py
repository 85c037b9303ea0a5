"""What a shop reads of an installation that broke, and what its recipients do about an address that
refuses mail."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, get_args

import boto3
import pytest

from local.runtime.memories import forget_clients
from local.template.declarations import Template
from sharetrail import calendars
from sharetrail.attribution.credit import OrderFigures
from sharetrail.aws.tables import TOTALS, MorePages
from sharetrail.clicks import daily_salts
from sharetrail.installation import onboard_merchant, signs
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression, Why
from sharetrail.merchants import notices, profiles
from sharetrail.merchants import recipients as recipients_of
from sharetrail.merchants.notice import NoticeSubject
from sharetrail.orders.order_fact import Platform
from sharetrail.report import choices
from sharetrail.report.page.mending import guide
from sharetrail.report.page.mending.shop_system import systems
from sharetrail.totals import shop_activity
from sharetrail.webhooks import shopify, woocommerce
from tests.calls import Death
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import HOST, ORIGIN, Shop, monday

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
    assert "Your pages told us of no visit in the last 90 days." in said
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


def test_an_order_of_long_ago_does_not_say_that_the_script_still_runs(
    shop: Shop, owner: Recipient
) -> None:
    buy(shop, "1001", trail="denied")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=6))
    assert "All is well" in seen(owner, "script")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    said = seen(owner, "script")
    assert "All is well" not in said
    assert "That is a while ago: the next paid order tells whether it still does." in said


def unpaid(shop: Shop, *orders: str, trail: str | None = None) -> None:
    for order in orders:
        assert shop.buy(order, trail=trail, financial_status="pending").status == 200
    assert shop.cloud.drain()["failed"] == []


def test_an_order_that_nobody_paid_for_is_no_sign_that_the_script_runs(
    shop: Shop, owner: Recipient
) -> None:
    unpaid(shop, "1001", trail="denied")
    said = seen(owner, "script")
    assert "All is well" not in said
    assert "No paid order of the last 90 days tells" in said


def test_orders_that_nobody_paid_for_hide_no_script_that_is_gone(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "_TELLING", 5)
    buy(shop, "1001", "1002", trail="none")
    buy(shop, "1003", "1004", "1005")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    unpaid(shop, *(f"{2000 + n}" for n in range(6)), trail="none")
    assert "The newest 3 paid orders, since" in seen(owner, "script")
    monkeypatch.setattr(signs, "_newest", too_many)
    assert "they tell nothing of the script" in seen(owner, "script")
    assert "All is well" not in seen(owner, "script")


def too_many(*_: object) -> Iterator[OrderFigures]:
    """As orders are read of which there are more than are looked at."""
    yield from ()
    raise MorePages


def test_no_more_orders_are_read_than_can_tell_and_their_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "_TELLING", 2)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    for day in range(3):
        buy(shop, *(f"1{day}0{n}" for n in range(2)), trail="none")
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    read = [*signs._newest(merchant, shop.cloud.clock.now())]
    assert sorted(each.order for each in read) == ["1200", "1201"]


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


def test_the_newest_order_is_the_newest_however_many_came_that_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index has a day's orders by their ids."""
    monkeypatch.setattr(signs, "_TELLING", 2)
    buy(shop, "2001", "2002", "2003", trail="none")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=30))
    now = shop.cloud.clock.now()
    buy(shop, "1001")
    merchant = profiles.find(shop.id, now)
    found = signs.read(merchant, shop.cloud.clock.now())
    assert found.newest_order
    assert abs(found.newest_order - now) < timedelta(seconds=1)
    assert found.silence.orders == 1
    assert not found.has_script(shop.cloud.clock.now())


def test_a_shop_whose_pages_are_silent_is_asked_by_a_few_keys_and_no_further_back(
    shop: Shop, queries: list[dict[str, Any]]
) -> None:
    shop.onboarded()
    today = shop.cloud.clock.now().date()
    days = [today - timedelta(days=n) for n in range(4, 200)]
    TOTALS.write_all(
        {"pk": f"{shop.id}#day", "sk": f"{day}#{shard}#0", "facts": 5, "judged": 1, "of": 1}
        for day in days
        for shard in ("0", "1")
    )
    heard = {"pk": f"{shop.id}#day", "sk": f"{days[-1]}#e0#0", "facts": 5, "judged": 1, "of": 1}
    TOTALS.put(heard)
    TOTALS.write_all(
        {"pk": f"{shop.id}#closed", "sk": f"{day}", "facts": 5, "judged": 1} for day in days
    )
    queries.clear()
    assert "Your pages told us of no visit in the last 90 days." in seen(Recipient(shop), "script")
    assert not [each for each in queries if f"{shop.id}#day" in str(each)]
    TOTALS.put({**heard, "sk": f"{days[80]}#e1#0"})
    assert "Your pages told us of a visit last on" in seen(Recipient(shop), "script")
    merchant, now = profiles.find(shop.id, shop.cloud.clock.now()), shop.cloud.clock.now()
    first = shop_activity.first_event(merchant, now)
    assert first
    assert calendars.local_day(first, merchant.tz) == days[-1]


@pytest.fixture
def queries(tables: Template) -> Iterator[list[dict[str, Any]]]:
    """Of DynamoDB, as they are asked."""
    made: list[dict[str, Any]] = []
    boto3.setup_default_session()
    forget_clients()
    events = boto3.DEFAULT_SESSION.events
    note = "provide-client-params.dynamodb.Query"
    events.register(note, lambda params, **_: made.append(params))
    yield made
    boto3.setup_default_session()
    forget_clients()


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
        for topic in (each.code for each in system.topics):
            assert f"`{topic}`" in docs or platform == "standard"
    assert {each.code for each in systems()["shopify"].topics} <= shopify._TOPICS.keys()
    assert {each.code for each in systems()["woocommerce"].topics} == {*woocommerce._TOPICS}
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
    assert "No recipient’s address refuses our mails, as far as we know." in seen(
        owner, "recipient"
    )
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


@pytest.mark.parametrize("spelling", ["old@ſhop.example", "OLD@shop.example", "old@SHOP.EXAMPLE"])
def test_an_address_comes_back_as_the_list_had_it_however_it_is_asked_for(
    shop: Shop, spelling: str
) -> None:
    old = "Old@shop.example"
    shop.onboarded(recipients=[OWNER, PARTNER, old])
    refuse(shop, old)
    owner = Recipient(shop)
    owner.act("recipient", recipient=old.lower(), value="off")
    asked = owner.look("acts/recipient", recipient=spelling, value="listed")
    if spelling.isascii():
        owner.press(forms(asked)[0])
    else:
        assert asked.status == 404, "no mail can go there"
        assert not forms(asked)
        recipients_of.put_back(shop.id, spelling, shop.cloud.clock.now())
    assert recipients(shop) == (OWNER, PARTNER, old)


def test_one_address_in_two_spellings_is_one_thing_to_undo(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, PARTNER, OLD])
    refuse(shop, OLD)
    owner = Recipient(shop)
    for spelling, value in ((OLD.upper(), "off"), ("Old@shop.example", "listed"), (OLD, "off")):
        owner.act("recipient", recipient=spelling, value=value)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    assert {each.partition(" ")[0] for each in owner.list()} == {OLD}
    assert owner.look("acts").body.decode().count(">Undo<span") == 1


@pytest.mark.parametrize("why", get_args(Why))
def test_who_is_put_back_has_the_links_that_were_theirs_and_may_take_a_complaint_back(
    three: Shop, why: Why
) -> None:
    owner, old = Recipient(three), Recipient(three, OLD)
    refuse(three, OLD, why)
    owner.act("recipient", recipient=OLD, value="off")
    assert old.look("choices").status == 404
    assert "Links that were mailed to it open the report again" in undone(owner)
    assert old.look("choices").status == 200
    old.press(forms(old.look("choices"))[0], weekly="1")
    merchant = profiles.find(three.id, three.cloud.clock.now())
    assert choices.may_be_mailed(merchant, OLD)


def undone(owner: Recipient) -> str:
    """What the page says of it, before it is pressed."""
    (address, *_) = re.findall(r'href="([^"]*)">Undo', owner.look("acts").body.decode())
    page = owner.shop.ask("GET", unescape(address))
    owner.press(forms(page)[0])
    return text(page)


def test_links_that_their_recipient_ended_stay_ended_where_another_puts_them_back(
    three: Shop,
) -> None:
    owner, old = Recipient(three), Recipient(three, OLD)
    old.act("void")
    refuse(three, OLD)
    owner.act("recipient", recipient=OLD, value="off")
    owner.undo()
    assert recipients(three) == (OWNER, PARTNER, OLD)
    assert old.look("choices").status == 404


def test_only_as_long_as_an_address_is_off_the_list_can_it_be_put_back(three: Shop) -> None:
    refuse(three, OLD)
    owner, now = Recipient(three), three.cloud.clock.now()
    owner.act("recipient", recipient=OLD, value="off")
    assert recipients_of.taken_off(three.id, OLD) == OLD
    owner.undo()
    assert recipients_of.taken_off(three.id, OLD) is None
    for each in (PARTNER, OLD):
        assert recipients_of.take_off(three.id, each, now)
    assert not recipients_of.take_off(three.id, OWNER, now)
    assert recipients_of.taken_off(three.id, OWNER) is None
    assert recipients_of.take_off(three.id, "eve@evil.example", now)
    assert recipients_of.taken_off(three.id, "eve@evil.example") is None


def test_a_run_that_dies_once_it_named_the_list_leaves_no_way_back_onto_it(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recipients_of.take_off(three.id, OLD, three.cloud.clock.now())
    monkeypatch.setattr(daily_salts, "make", dying)
    with pytest.raises(Death):
        onboard_merchant.onboard(
            {"shop_host": HOST, "recipients": [OWNER, PARTNER]}, three.cloud.clock.now()
        )
    assert recipients_of.taken_off(three.id, OLD) is None
    assert not recipients_of.put_back(three.id, OLD, three.cloud.clock.now())
    assert recipients(three) == (OWNER, PARTNER)


def dying(*_: object) -> None:
    raise Death


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


def test_a_mailbox_is_tried_again_once_a_day(three: Shop) -> None:
    refuse(three, OLD)
    owner = Recipient(three)
    (waiting,) = forms(owner.look("acts/mailbox", recipient=OLD, value="mailed"))
    owner.act("mailbox", recipient=OLD, value="mailed")
    three.cloud.clock.set_forward(three.cloud.clock.now() + timedelta(minutes=1))
    refuse(three, OLD)
    merchant = profiles.find(three.id, three.cloud.clock.now())

    said = seen(owner, "recipient")
    assert "It was tried again last on" in said
    assert "Try it again" not in said
    again = owner.look("acts/mailbox", recipient=OLD, value="mailed")
    assert again.status == 404
    assert owner.post(waiting.action, waiting.fields).status >= 400
    assert not choices.may_be_mailed(merchant, OLD)

    three.cloud.clock.set_forward(three.cloud.clock.now() + timedelta(days=1))
    owner.act("mailbox", recipient=OLD, value="mailed")
    assert choices.may_be_mailed(merchant, OLD)


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
