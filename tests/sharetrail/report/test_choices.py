from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.suppression import Suppression
from sharetrail.report import choices
from sharetrail.report.span import Rhythm
from tests.senders import a_merchant

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
OWNER, PARTNER = "Owner@shop.example", "partner@shop.example"
SHOP = replace(a_merchant(NOW), recipients=(OWNER, PARTNER))

pytestmark = pytest.mark.usefixtures("tables")


def test_who_chose_nothing_yet_gets_the_weekly_report_alone() -> None:
    assert choices.of(SHOP, OWNER) == {"weekly"}
    assert choices.who_gets(SHOP, "weekly") == [OWNER, PARTNER]
    assert choices.who_gets(SHOP, "daily") == []


def test_a_choice_is_one_recipients_however_the_address_is_written() -> None:
    choices.choose(SHOP, OWNER.lower(), ["monthly", "daily"], NOW)

    assert choices.of(SHOP, OWNER) == {"daily", "monthly"}
    assert choices.who_gets(SHOP, "monthly") == [OWNER]
    assert choices.who_gets(SHOP, "weekly") == [PARTNER]


def test_of_two_choices_the_later_stands_in_whichever_order_they_come() -> None:
    choices.choose(SHOP, OWNER, ["monthly"], NOW)
    choices.choose(SHOP, OWNER, ["daily"], NOW - timedelta(seconds=1))

    assert choices.of(SHOP, OWNER) == {"monthly"}


def test_who_wants_no_mail_gets_none_and_has_their_choice_again_afterwards() -> None:
    choices.choose(SHOP, OWNER, ["daily", "quarterly"], NOW)
    choices.choose(SHOP, OWNER, [], NOW)
    assert unsubscribes.is_unsubscribed(SHOP.id, OWNER)
    assert choices.who_gets(SHOP, "daily") == []

    unsubscribes.resubscribe(SHOP.id, OWNER, NOW)

    assert choices.who_gets(SHOP, "daily") == [OWNER]


def test_choosing_something_after_unsubscribing_subscribes_again() -> None:
    unsubscribes.unsubscribe(SHOP.id, OWNER, NOW)
    choices.choose(SHOP, OWNER, ["weekly"], NOW + timedelta(minutes=1))

    assert choices.who_gets(SHOP, "weekly") == [OWNER, PARTNER]


@pytest.mark.parametrize("again", [False, True])
def test_a_choice_that_comes_late_takes_back_no_later_wish_for_no_mail(again: bool) -> None:
    if again:
        unsubscribes.unsubscribe(SHOP.id, OWNER, NOW - timedelta(minutes=1))
    unsubscribes.unsubscribe(SHOP.id, OWNER, NOW + timedelta(milliseconds=1))
    choices.choose(SHOP, OWNER, ["daily"], NOW)

    assert choices.who_gets(SHOP, "daily") == []
    assert unsubscribes.is_unsubscribed(SHOP.id, OWNER)


def test_an_address_that_no_mail_can_go_to_gets_nothing() -> None:
    suppressions.keep(Suppression(merchant=SHOP.id, recipient=OWNER, why="bounced", at=NOW))

    assert choices.who_gets(SHOP, "weekly") == [PARTNER]


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "monthly", "quarterly"])
def test_an_address_that_is_no_recipient_any_more_gets_nothing(rhythm: Rhythm) -> None:
    choices.choose(SHOP, "former@shop.example", [rhythm], NOW)

    assert "former@shop.example" not in choices.who_gets(SHOP, rhythm)
