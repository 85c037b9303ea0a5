"""What a recipient gets: chosen on the page of a mail's own link, and ended there by one click."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest

from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import profiles
from sharetrail.report import choices
from sharetrail.report.page import page_links
from sharetrail.report.span import Rhythm
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import Answer, Shop

ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def page(shop: Shop) -> str:
    """Where the owner's mails lead who wants no more."""
    url = unsubscribes.url_for(shop.id, OWNER, shop.cloud.clock.now())
    return "/unsubscribe/" + url.rpartition("/")[2]


def gets(shop: Shop, rhythm: Rhythm) -> bool:
    return OWNER in choices.who_gets(profiles.find(shop.id, shop.cloud.clock.now()), rhythm)


def pressed(shop: Shop, path: str, button: str) -> Answer:
    """Of the forms that are there, the one of this button."""
    (form,) = (each for each in forms(shop.ask("GET", path)) if each.button == button)
    fields = "&".join(f"{name}={value}" for name, value in form.fields.items())
    return shop.ask("POST", path, fields.encode())


def test_a_recipient_ticks_what_to_get(shop: Shop, page: str) -> None:
    shown = shop.ask("GET", page)
    assert shown.status == 200
    assert "Reports that come to owner@shop.example" in text(shown)
    assert re.findall(r'name="(\w+)" checked', shown.body.decode()) == ["weekly"]

    answer = shop.ask("POST", page, b"choose=1&daily=on&quarterly=on")

    assert "Saved. The report comes every day and every quarter." in text(answer)
    assert [gets(shop, each) for each in ("daily", "weekly", "monthly", "quarterly")] == [
        True,
        False,
        False,
        True,
    ]


def test_the_report_that_was_chosen_comes_when_it_is_due(shop: Shop, page: str) -> None:
    shop.ask("POST", page, b"choose=1&daily=on")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    assert shop.run("schedule_reports") == []
    assert [mail.to for mail in shop.cloud.outbox.mails] == [OWNER]


def test_undoing_begins_again_what_unsubscribing_ended(shop: Shop, page: str) -> None:
    shop.ask("POST", page, b"choose=1&daily=on")
    shop.ask("POST", page, ONE_CLICK)
    for _ in range(2):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
        assert shop.run("schedule_reports") == []
    assert shop.cloud.outbox.mails == []
    shop.ask("POST", page, b"undo=1")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    assert shop.run("schedule_reports") == []
    assert [mail.to for mail in shop.cloud.outbox.mails] == [OWNER]


def test_one_click_of_a_mail_program_ends_all_at_once(shop: Shop, page: str) -> None:
    shop.ask("POST", page, b"choose=1&daily=on&weekly=on")
    answer = shop.ask("POST", page, ONE_CLICK)
    assert answer.status == 200
    assert not gets(shop, "daily")
    assert not gets(shop, "weekly")


@pytest.mark.parametrize("body", [b"", b"choose=1", b"leave=1", b"\xff\xfe", b"x=" + b"y" * 9_000])
def test_whatever_else_is_posted_ends_all_too(shop: Shop, page: str, body: bytes) -> None:
    assert shop.ask("POST", page, body).status == 200
    assert not gets(shop, "weekly")


def test_who_unsubscribed_may_undo_it_and_has_what_they_chose(shop: Shop, page: str) -> None:
    shop.ask("POST", page, b"choose=1&monthly=on")
    assert "You are unsubscribed" in text(pressed(shop, page, "Unsubscribe from all"))
    assert "You get none at the moment" in text(shop.ask("GET", page))
    answer = shop.ask("POST", page, b"undo=1")
    assert "Undone. The report comes every month, as before." in text(answer)
    assert gets(shop, "monthly")


def test_choosing_something_after_unsubscribing_is_subscribing(shop: Shop, page: str) -> None:
    shop.ask("POST", page, ONE_CLICK)
    shop.ask("POST", page, b"choose=1&weekly=on")
    assert gets(shop, "weekly")


def test_no_look_at_the_page_changes_anything(shop: Shop, page: str) -> None:
    for method in ("GET", "HEAD"):
        assert shop.ask(method, f"{page}?choose=1&daily=on&leave=1").status == 200
    assert gets(shop, "weekly")
    assert not gets(shop, "daily")


def test_who_called_a_mail_spam_has_mail_again_by_choosing_it_alone(shop: Shop, page: str) -> None:
    now = shop.cloud.clock.now()
    spam = Suppression(merchant=shop.id, recipient=OWNER, why="complained", at=now)
    suppressions.keep(spam)
    assert "You get none at the moment" in text(shop.ask("GET", page))
    assert not gets(shop, "weekly")
    shop.cloud.clock.set_forward(now + timedelta(minutes=1))
    shop.ask("POST", page, b"choose=1&weekly=on")
    assert gets(shop, "weekly")


def test_the_shop_s_own_word_stands_on_the_page_after_unsubscribing(shop: Shop, page: str) -> None:
    assert "offer" not in text(shop.ask("POST", page, ONE_CLICK))
    offer = 'Ask <b>us</b> for "20 %" off: {{ 7 * 7 }}'
    shop.onboarded(parting_offer=offer)
    assert offer not in text(shop.ask("GET", page))
    answer = shop.ask("POST", page, ONE_CLICK)
    assert offer in text(answer)
    assert b"<b>" not in answer.body
    shop.onboarded(parting_offer="")
    assert offer not in text(shop.ask("POST", page, ONE_CLICK))


@pytest.mark.parametrize("offer", ["x" * 201, "two\nlines", "   "])
def test_a_parting_offer_is_one_line_of_text(shop: Shop, offer: str) -> None:
    assert [*shop.onboarded(parting_offer=offer)["errors"]] == ["parting_offer"]


def test_a_token_that_is_not_ours_chooses_nothing(shop: Shop, page: str) -> None:
    for path in (page[:-1] + "0" * (page[-1] != "0") + "1" * (page[-1] == "0"), "/unsubscribe/x"):
        for body in (ONE_CLICK, b"choose=1&daily=on", b"undo=1"):
            assert shop.ask("POST", path, body).status == 404
    assert gets(shop, "weekly")


def test_the_page_loads_no_report_to_unsubscribe() -> None:
    """Whoever leaves waits for no analysis to be loaded."""
    script = "import sys, functions.unsubscribe.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"babel", "boto3", "pydantic"}
    assert not {
        each for each in loaded if each.startswith(("sharetrail.analysis.", "sharetrail.api"))
    }
    assert "sharetrail.report.building.build_report" not in loaded


# ── a new link to the page ───────────────────────────────────────────────────────────────────────
def test_a_link_that_is_too_old_to_act_by_has_a_new_one_mailed_to_its_recipient(shop: Shop) -> None:
    old = Recipient(shop)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + page_links.ACTS_FOR)
    (form,) = forms(old.look("acts/void"))
    answer = old.press(form)
    assert "It was mailed to o…@shop.example" in answer.body.decode()
    assert OWNER not in answer.body.decode()
    (mail,) = shop.cloud.outbox.mails
    assert mail.to == OWNER
    (path,) = {part for part in mail.html.split('"') if "/reports/" in part}
    assert shop.ask("GET", "/reports/" + path.rpartition("/")[2] + "/acts/void").status == 200
    assert old.press(form).status == 429
    assert len(shop.cloud.outbox.mails) == 1


def test_no_new_link_is_mailed_where_no_mail_can_go_or_nobody_is(shop: Shop) -> None:
    owner, now = Recipient(shop), shop.cloud.clock.now()
    suppressions.keep(Suppression(merchant=shop.id, recipient=OWNER, why="bounced", at=now))
    assert owner.post(f"{owner.base}/new-link", {}).status == 409
    shop.onboarded(recipients=["partner@shop.example"])
    assert owner.post(f"{owner.base}/new-link", {}).status == 404
    assert owner.post("/reports/none/new-link", {}).status == 404
    assert shop.cloud.outbox.mails == []
