"""What a recipient gets: chosen on the report's page, and ended by a mail's own link."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest

from local.runtime.memories import forget_facts
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import profiles
from sharetrail.report import choices
from sharetrail.report.keeping import page_links
from sharetrail.report.span import Rhythm
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import Answer, Shop

ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def page(shop: Shop) -> str:
    """Where the owner's mails lead who wants no more."""
    url = unsubscribes.url_for(shop.id, OWNER, shop.cloud.clock.now())
    return "/unsubscribe/" + url.rpartition("/")[2]


@pytest.fixture
def owner(shop: Shop) -> Recipient:
    return Recipient(shop)


def gets(shop: Shop, rhythm: Rhythm) -> bool:
    return OWNER in choices.who_gets(profiles.find(shop.id, shop.cloud.clock.now()), rhythm)


def pressed(shop: Shop, path: str, button: str) -> Answer:
    """Of the forms that are there, the one of this button."""
    (form,) = (each for each in forms(shop.ask("GET", path)) if each.button == button)
    fields = "&".join(f"{name}={value}" for name, value in form.fields.items())
    return shop.ask("POST", path, fields.encode())


def choose(owner: Recipient, *rhythms: Rhythm) -> Answer:
    """On the report's page, by a press."""
    (form,) = forms(owner.look("choices"))
    return owner.press(form, **dict.fromkeys(rhythms, "on"))


def go_on(shop: Shop, **time: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))
    forget_facts()


def test_a_recipient_ticks_what_to_get(shop: Shop, owner: Recipient) -> None:
    shown = owner.look("choices")
    assert re.findall(r'name="(\w+)" checked', shown.body.decode()) == ["weekly"]

    choose(owner, "daily", "quarterly")

    assert [gets(shop, each) for each in ("daily", "weekly", "monthly", "quarterly")] == [
        True,
        False,
        False,
        True,
    ]


def test_the_page_to_unsubscribe_says_what_comes_and_ends_it(shop: Shop, page: str) -> None:
    shown = shop.ask("GET", page)
    assert shown.status == 200
    assert "come to owner@shop.example The report comes every week." in text(shown)
    assert "You are unsubscribed" in text(pressed(shop, page, "Unsubscribe from all"))
    assert not gets(shop, "weekly")


def test_the_report_that_was_chosen_comes_when_it_is_due(shop: Shop, owner: Recipient) -> None:
    choose(owner, "daily")
    mails = []
    for hours in (21, 1, 23, 1):  # from 10:10 to 07:10, 08:10, 07:10, 08:10
        go_on(shop, hours=hours)
        assert shop.run("schedule_reports") == []
        mails.append(len(shop.cloud.outbox.mails))
    assert mails == [0, 1, 1, 2]
    assert {mail.to for mail in shop.cloud.outbox.mails} == {OWNER}


def test_undoing_begins_again_what_unsubscribing_ended(
    shop: Shop, page: str, owner: Recipient
) -> None:
    choose(owner, "daily")
    go_on(shop, days=1, hours=23, minutes=50)
    shop.ask("POST", page, ONE_CLICK)
    go_on(shop, minutes=20)
    assert shop.run("schedule_reports") == []
    assert shop.cloud.outbox.mails == []
    shop.ask("POST", page, b"undo=1")
    go_on(shop, days=2)
    assert shop.run("schedule_reports") == []
    assert {mail.to for mail in shop.cloud.outbox.mails} == {OWNER}


def test_one_click_of_a_mail_program_ends_all_at_once(
    shop: Shop, page: str, owner: Recipient
) -> None:
    choose(owner, "daily", "weekly")
    answer = shop.ask("POST", page, ONE_CLICK)
    assert answer.status == 200
    assert not gets(shop, "daily")
    assert not gets(shop, "weekly")


@pytest.mark.parametrize(
    "body", [b"", b"choose=1&daily=on", b"leave=1", b"\xff\xfe", b"x=" + b"y" * 9_000]
)
def test_whatever_else_is_posted_ends_all_too(shop: Shop, page: str, body: bytes) -> None:
    assert shop.ask("POST", page, body).status == 200
    assert not gets(shop, "weekly")
    assert not gets(shop, "daily")


def test_the_link_of_an_old_mail_unsubscribes_for_ever_and_chooses_nothing(
    shop: Shop, page: str, owner: Recipient
) -> None:
    owner.act("void")
    go_on(shop, days=800)
    assert [form.button for form in forms(shop.ask("GET", page))] == ["Unsubscribe from all"]
    assert shop.ask("POST", page, b"choose=1&daily=on").status == 200
    assert not gets(shop, "daily")
    assert not gets(shop, "weekly")


def test_who_unsubscribed_may_undo_it_and_has_what_they_chose(
    shop: Shop, page: str, owner: Recipient
) -> None:
    choose(owner, "monthly")
    shop.ask("POST", page, ONE_CLICK)
    go_on(shop, minutes=29)
    answer = pressed(shop, page, "Undo")
    assert "Undone. The report comes every month, as before." in text(answer)
    assert gets(shop, "monthly")


def test_after_half_an_hour_nobody_undoes_it_by_an_old_mail(shop: Shop, page: str) -> None:
    shop.ask("POST", page, ONE_CLICK)
    go_on(shop, minutes=30)
    shop.ask("POST", page, ONE_CLICK)
    shown = shop.ask("GET", page)
    assert forms(shown) == []
    assert "Ask the shop" in text(shown)
    assert shop.ask("POST", page, b"undo=1").status == 409
    assert not gets(shop, "weekly")


def test_choosing_something_after_unsubscribing_is_subscribing(
    shop: Shop, page: str, owner: Recipient
) -> None:
    shop.ask("POST", page, ONE_CLICK)
    choose(owner, "weekly")
    assert gets(shop, "weekly")


def test_no_look_at_the_page_changes_anything(shop: Shop, page: str) -> None:
    for method in ("GET", "HEAD"):
        assert shop.ask(method, f"{page}?choose=1&daily=on&leave=1").status == 200
    assert gets(shop, "weekly")
    assert not gets(shop, "daily")
    shop.ask("POST", page, ONE_CLICK)
    assert shop.ask("GET", f"{page}?undo=1").status == 200
    assert not gets(shop, "weekly")


# ── who called a mail spam ───────────────────────────────────────────────────────────────────────
def complain(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    spam = Suppression(merchant=shop.id, recipient=OWNER, why="complained", at=now)
    suppressions.keep(spam)
    go_on(shop, minutes=1)


def test_a_complaint_is_lifted_by_a_press_on_the_page_that_is_listed(
    shop: Shop, owner: Recipient
) -> None:
    complain(shop)
    assert not gets(shop, "weekly")
    choose(owner, "weekly")
    assert gets(shop, "weekly")
    assert owner.list() == ["owner@shop.example gets the report every week"]


def test_nobody_lifts_a_complaint_by_a_mails_link_to_unsubscribe(shop: Shop, page: str) -> None:
    complain(shop)
    assert "None come at the moment, since one was called spam." in text(shop.ask("GET", page))
    for body in (b"undo=1", ONE_CLICK, b"undo=1"):
        answer = shop.ask("POST", page, body)
        assert answer.status == 200
    assert "Undone. None come at the moment" in text(answer)
    assert not gets(shop, "weekly")


def test_a_complaint_is_lifted_by_the_operator_by_a_wish_of_its_own(shop: Shop) -> None:
    complain(shop)
    shop.onboarded(resubscribe=[OWNER])
    assert not gets(shop, "weekly")
    shop.onboarded(lift_complaints=[OWNER.upper()])
    assert gets(shop, "weekly")


# ── who is no recipient any more ─────────────────────────────────────────────────────────────────
def test_who_is_no_recipient_any_more_is_told_so_and_may_unsubscribe(shop: Shop, page: str) -> None:
    shop.onboarded(recipients=["partner@shop.example"])
    go_on(shop, minutes=2)
    shown = shop.ask("GET", page)
    assert "No reports go to this address" in text(shown)
    assert "comes" not in text(shown)
    assert "You are unsubscribed" in text(pressed(shop, page, "Unsubscribe from all"))
    shop.onboarded(recipients=["partner@shop.example", OWNER])
    assert unsubscribes.is_unsubscribed(shop.id, OWNER), "as soon as mail could come again"


def test_whoever_is_a_recipient_again_has_no_link_of_before(shop: Shop, owner: Recipient) -> None:
    partner = "partner@shop.example"
    shop.onboarded(recipients=[partner])
    go_on(shop, minutes=2)
    assert owner.look("acts").status == 404
    shop.onboarded(recipients=[partner, OWNER.upper()])
    go_on(shop, minutes=2)
    assert owner.look("acts").status == 404
    assert owner.post(f"{owner.base}/new-link", {}).status == 404
    again = Recipient(shop)
    shop.onboarded(recipients=[OWNER])
    go_on(shop, minutes=2)
    assert again.look("acts").status == 200


# ── the shop's own word ──────────────────────────────────────────────────────────────────────────
def test_the_shop_s_own_word_stands_on_the_page_after_unsubscribing(
    shop: Shop, page: str, owner: Recipient
) -> None:
    assert "offer" not in text(shop.ask("POST", page, ONE_CLICK))
    offer = 'Ask <b>us</b> for "20 %" off: {{ 7 * 7 }}'
    shop.onboarded(parting_offer=offer)
    assert offer not in text(shop.ask("GET", page))
    assert offer not in text(choose(owner, "weekly"))
    for answer in (shop.ask("POST", page, ONE_CLICK), choose(owner)):
        assert offer in text(answer)
        assert b"<b>" not in answer.body
        choose(owner, "weekly")
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
    suppressions.lift_bounce(shop.id, OWNER, now + timedelta(seconds=1))
    unsubscribes.unsubscribe(shop.id, OWNER, now)
    assert "unsubscribed" in owner.post(f"{owner.base}/new-link", {}).body.decode()
    unsubscribes.resubscribe(shop.id, OWNER, now)
    shop.onboarded(recipients=["partner@shop.example"])
    assert owner.post(f"{owner.base}/new-link", {}).status == 404
    assert owner.post("/reports/none/new-link", {}).status == 404
    assert shop.cloud.outbox.mails == []
