"""Recipients over the API: who gets which reports, and whose links to the page act."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import person_hashes, profiles, recipients
from sharetrail.merchants.recipients import MOST
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import Answer, Shop

BOSS = "Boss+reports@shop.example"


def ask(shop: Shop, method: str, address: str = "", body: Any = None) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    path = f"/{quote(address, safe='')}" if address else ""
    return shop.ask(method, f"/v1/recipients{path}", body, headers)


def listed(shop: Shop) -> dict[str, tuple[str, list[str], str | None]]:
    items = ask(shop, "GET").json["items"]
    return {each["address"]: (each["role"], each["reports"], each["no_mail"]) for each in items}


def test_who_was_a_recipient_before_is_an_owner_with_the_weekly_report(shop: Shop) -> None:
    assert listed(shop) == {OWNER: ("owner", ["weekly"], None)}


def test_a_recipient_is_named_given_a_role_and_reports_and_left_out(shop: Shop) -> None:
    named = ask(shop, "PUT", BOSS, {"role": "reader", "reports": ["monthly", "daily"]})
    assert named.status == 200
    assert named.json == {
        "address": BOSS,
        "role": "reader",
        "reports": ["daily", "monthly"],
        "no_mail": None,
    }
    assert [*listed(shop)] == [BOSS, OWNER]
    again = ask(shop, "PUT", BOSS.lower(), {"role": "owner"}).json
    assert (again["address"], again["role"]) == (BOSS, "owner")
    assert again["reports"] == ["daily", "monthly"]
    assert ask(shop, "PUT", BOSS, {}).json["role"] == "owner"
    assert ask(shop, "DELETE", BOSS.upper()).json["address"] == BOSS
    assert [*listed(shop)] == [OWNER]
    assert ask(shop, "DELETE", BOSS).status == 404


def test_a_reader_that_is_named_again_stays_one(shop: Shop) -> None:
    ask(shop, "PUT", BOSS, {"role": "reader"})
    assert ask(shop, "PUT", BOSS, {"reports": ["weekly"]}).json["role"] == "reader"


def test_a_reader_reads_everything_and_changes_nothing_but_their_own_mail(shop: Shop) -> None:
    shop.share("ana")
    ask(shop, "PUT", BOSS, {"role": "reader"})
    owner, reader = Recipient(shop), Recipient(shop, BOSS)
    for page in ("people", "people/ana", "links", "orders", "acts"):
        assert reader.look(page).status == 200
    assert "acts/name" in owner.look("people/ana").body.decode()
    told = reader.look("people/ana")
    assert "acts/name" not in told.body.decode()
    assert "You can read everything here" in text(told)
    refused = reader.look("acts/name", influencer="ana", value="Mallory")
    assert (refused.status, "this report’s owners" in text(refused)) == (403, True)
    assert "new-link" not in refused.body.decode()
    chosen = reader.look("choices")
    (form,) = forms(chosen)
    assert reader.press(form, choose="1", monthly="on").status == 200
    assert listed(shop)[BOSS] == ("reader", ["monthly"], None)


def test_a_reader_with_an_owners_form_does_nothing_by_it(shop: Shop) -> None:
    shop.share("ana")
    ask(shop, "PUT", BOSS, {"role": "reader"})
    owner, reader = Recipient(shop), Recipient(shop, BOSS)
    (form,) = forms(owner.look("acts/name", influencer="ana", value="Mallory"))
    mine = form.action.replace(owner.base, reader.base)
    assert reader.post(mine, form.fields).status == 403
    assert shop.read("/v1/influencers/ana")["name"] == "Ana"


def test_an_owner_who_is_made_a_reader_acts_no_more_by_links_of_before(shop: Shop) -> None:
    shop.share("ana")
    ask(shop, "PUT", BOSS, {})
    boss = Recipient(shop, BOSS)
    (form,) = forms(boss.look("acts/name", influencer="ana", value="Ana Bell"))
    ask(shop, "PUT", BOSS, {"role": "reader"})
    assert boss.press(form).status == 403
    assert shop.read("/v1/influencers/ana")["name"] == "Ana"


def test_an_owner_stays(shop: Shop) -> None:
    ask(shop, "PUT", BOSS, {"role": "reader"})
    assert ask(shop, "PUT", OWNER, {"role": "reader"}).status == 409
    assert ask(shop, "DELETE", OWNER).status == 409
    assert ask(shop, "PUT", BOSS, {"role": "owner"}).status == 200
    assert ask(shop, "DELETE", OWNER).status == 200


def test_who_comes_back_has_no_link_of_before_and_nobody_puts_back_who_was_left_out(
    shop: Shop,
) -> None:
    ask(shop, "PUT", BOSS, {})
    old = Recipient(shop, BOSS)
    assert old.look("people").status == 200
    now = shop.cloud.clock.now()
    assert recipients.take_off(shop.id, BOSS, now)
    ask(shop, "PUT", BOSS, {})
    assert recipients.taken_off(shop.id, BOSS) is None
    assert old.look("people").status == 404
    ask(shop, "DELETE", BOSS)
    assert not recipients.put_back(shop.id, BOSS, now)


def test_who_unsubscribed_stays_so_whatever_the_shop_chooses_for_them(shop: Shop) -> None:
    ask(shop, "PUT", BOSS, {})
    unsubscribes.unsubscribe(shop.id, BOSS, shop.cloud.clock.now())
    assert ask(shop, "PUT", BOSS, {"reports": ["daily"]}).json["no_mail"] == "unsubscribed"
    assert unsubscribes.is_unsubscribed(shop.id, BOSS)


def leave_by_page(shop: Shop) -> None:
    assert recipients.take_off(shop.id, BOSS, shop.cloud.clock.now())


def leave_by_list(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER])


def leave_by_api(shop: Shop) -> None:
    assert ask(shop, "DELETE", BOSS.lower()).status == 200


def come_by_page(shop: Shop) -> None:
    assert recipients.put_back(shop.id, BOSS.upper(), shop.cloud.clock.now())


def come_by_list(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, BOSS])


def come_by_api(shop: Shop) -> None:
    assert ask(shop, "PUT", BOSS, {}).status == 200


def in_clear(shop: Shop) -> list[str]:
    """Rows that name the boss and do not end by themselves."""
    named = (row for row in MERCHANTS.scan() if BOSS.casefold() in str(row).casefold())
    return [row["sk"] for row in named if "expires" not in row]


WAYS = pytest.mark.parametrize(
    ("leave", "come"),
    [
        (leave_by_api, come_by_api),
        (leave_by_list, come_by_list),
        (leave_by_page, come_by_page),
        (leave_by_page, come_by_list),
    ],
)


@WAYS
def test_of_who_is_left_out_no_address_stays_and_what_they_wished_is_there_again(
    shop: Shop, leave: Callable[[Shop], None], come: Callable[[Shop], None]
) -> None:
    ask(shop, "PUT", BOSS, {"reports": ["monthly"]})
    now = moment(iso(shop.cloud.clock.now()))  # to the millisecond
    unsubscribes.url_for(shop.id, BOSS, now)
    unsubscribes.unsubscribe(shop.id, BOSS, now)
    suppressions.keep(Suppression(merchant=shop.id, recipient=BOSS, why="complained", at=now))
    for _ in range(2):
        leave(shop)
        assert in_clear(shop) == []
        assert suppressions.find_all(shop.id) == []
        come(shop)
        assert listed(shop)[BOSS] == ("owner", ["monthly"], "unsubscribed")
        found = suppressions.find(shop.id, BOSS)
        assert found
        assert (found.recipient, found.why, found.at) == (BOSS, "complained", now)
        assert unsubscribes.since(shop.id, BOSS) == now


@WAYS
def test_who_unsubscribes_by_an_old_mail_after_they_were_left_out_is_mailed_no_more(
    shop: Shop, leave: Callable[[Shop], None], come: Callable[[Shop], None]
) -> None:
    ask(shop, "PUT", BOSS, {})
    now = shop.cloud.clock.now()
    way = urlsplit(unsubscribes.url_for(shop.id, BOSS, now)).path
    leave(shop)
    shown = shop.ask("GET", way)
    assert (shown.status, "No reports go to this address" in text(shown)) == (200, True)
    left = shop.ask("POST", way, b"List-Unsubscribe=One-Click")
    assert (left.status, "will come to your address" in text(left)) == (200, True)
    code = person_hashes.of_recipient(shop.id, BOSS, now)
    assert code not in text(shown) + text(left)
    assert in_clear(shop) == []
    come(shop)
    assert listed(shop)[BOSS][2] == "unsubscribed"
    assert BOSS in text(shop.ask("GET", way))


def test_who_was_left_out_before_codes_stood_for_them_has_one_by_the_next_change(
    shop: Shop,
) -> None:
    now = shop.cloud.clock.now()
    unsubscribes.unsubscribe(shop.id, BOSS, now)
    suppressions.keep(Suppression(merchant=shop.id, recipient=BOSS, why="bounced", at=now))
    shop.onboarded(recipients=[OWNER])
    assert in_clear(shop) == []
    come_by_api(shop)
    assert listed(shop)[BOSS][2] == "unsubscribed"
    assert suppressions.find(shop.id, BOSS)


def test_a_mail_that_comes_back_after_its_recipient_left_is_remembered(shop: Shop) -> None:
    ask(shop, "PUT", BOSS, {})
    leave_by_api(shop)
    now = shop.cloud.clock.now()
    suppressions.keep(Suppression(merchant=shop.id, recipient=BOSS, why="complained", at=now))
    shop.onboarded()
    assert in_clear(shop) == []
    come_by_api(shop)
    assert listed(shop)[BOSS][2] == "complained"


def test_whose_mailbox_refuses_is_shown(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    suppressions.keep(Suppression(merchant=shop.id, recipient=OWNER, why="bounced", at=now))
    assert listed(shop)[OWNER] == ("owner", ["weekly"], "bounced")


def test_a_key_that_leaked_has_few_people_mailed(shop: Shop) -> None:
    profiles.revise(
        shop.id,
        lambda it: type(it)(**{**vars(it), "recipients": tuple(f"{n}@a.com" for n in range(MOST))}),
    )
    assert ask(shop, "PUT", BOSS, {}).status == 409
    assert ask(shop, "PUT", "7@a.com", {"role": "reader"}).status == 200


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("nobody", {}, "address"),
        ("a@b.example\r\nBcc: x@y.example", {}, "address"),
        (BOSS, {"role": "king"}, "role"),
        (BOSS, {"reports": []}, "reports"),
        (BOSS, {"reports": ["yearly"]}, "reports.0"),
        (BOSS, {"colour": 1}, "colour"),
    ],
)
def test_what_is_none_is_refused_and_named(
    shop: Shop, address: str, body: dict[str, Any], field: str
) -> None:
    answer = ask(shop, "PUT", address, body)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, field)
    assert [*listed(shop)] == [OWNER]


def test_the_operator_names_readers_too(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, BOSS], readers=[BOSS])
    assert {each: told[0] for each, told in listed(shop).items()} == {
        OWNER: "owner",
        BOSS: "reader",
    }
