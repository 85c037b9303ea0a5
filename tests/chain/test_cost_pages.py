"""What sharing cost, as a merchant who lives by the page alone enters and reads it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from local.cloud import Cloud
from sharetrail.costs import cohorts
from sharetrail.questions import questions
from sharetrail.sharing import links
from tests.chain.test_costs import FEE, a_week, ask, enter, today
from tests.pseudo import unsaid_html
from tests.recipients import OWNER, Recipient, forms, text
from tests.shops import Answer, Shop

WRONG = [
    ({"amount": "12,50"}, "is no amount"),
    ({"amount": "0"}, "more than nothing"),
    ({"amount": "-5"}, "more than nothing"),
    ({"amount": "9" * 19}, "is no amount"),
    ({"last": "2020-01-01"}, "at most a year"),
    ({"first": "yesterday"}, "Enter the days"),
    ({"kind": "bribe"}, "no cost"),
    ({"kind": "discount x"}, "no cost"),
    ({"cost": "a#b"}, "names no cost"),
]


@pytest.fixture
def owner(shop: Shop) -> Recipient:
    return Recipient(shop)


def fee(shop: Shop, **changes: str) -> dict[str, str]:
    """What the form of Ana's page sends."""
    day = today(shop)
    asked = {"influencer": "ana", "cost": "page-1", "kind": "fee", "amount": "40.00", "first": day}
    return {**asked, "last": day, "note": "as agreed", **changes}


def of_today(shop: Shop) -> dict[str, str]:
    day = today(shop)
    return {"span": f"{day}..{day}"}


def entered(shop: Shop) -> list[Any]:
    found: list[Any] = shop.read("/v1/costs")["items"]
    return found


def test_a_fee_is_entered_on_a_persons_page_and_says_what_came_back(
    shop: Shop, owner: Recipient
) -> None:
    a_week(shop)
    page = text(owner.look("people/ana", **of_today(shop)))
    assert "$5.00" in page.partition("What they cost")[2][:60], "her code took it off"
    assert "Enter a fee or a gift" in page
    assert "Credited is not owed: you pay what you agreed with them." in page
    assert "How much, in USD" in text(owner.look("acts/cost", influencer="ana"))

    offer = owner.look("acts/cost", **fee(shop))
    (form,) = forms(offer)
    assert form.button == "Enter it"
    assert "Fee of $40.00" in text(offer)
    assert "It is for Ana." in text(offer)
    assert entered(shop) == [], "looking changes nothing"
    told = text(owner.press(form))
    assert "Entered, for Ana: Fee of $40.00" in told

    (cost,) = entered(shop)
    assert (cost["influencer"], cost["note"], cost["cost"]["amount"]) == (
        "ana",
        "as agreed",
        "40.00",
    )
    page = text(owner.look("people/ana", **of_today(shop)))
    assert "$45.00 For each of 2 paid orders" in page
    assert "For each of 2 paid orders $22.50" in page
    assert "Earned for each $1.00 spent $2.22" in page
    day = today(shop)
    overview = text(shop.ask("GET", f"{owner.base}?span={day}..{day}"))
    assert "What it cost In these days $45.00" in overview
    assert "Ana $45.00 $100.00 $22.50" in overview


def test_where_nothing_is_known_the_overview_says_how_a_cost_is_entered(
    shop: Shop, owner: Recipient
) -> None:
    shop.click(shop.share("ana").json["code"])
    assert shop.cloud.drain()["failed"] == []
    day = today(shop)
    overview = text(shop.ask("GET", f"{owner.base}?span={day}..{day}"))
    assert "Do you pay people, or send them gifts? Enter what it cost" in overview
    assert "What it cost In these days" not in overview


def test_whoever_presses_twice_enters_one_cost(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    (form,) = forms(owner.look("acts/cost", **fee(shop)))
    first, again = owner.press(form), owner.press(form)
    assert (first.status, again.status) == (200, 200)
    assert len(entered(shop)) == 1


def test_a_cost_is_taken_back_and_entered_again_and_facts_stay(
    shop: Shop, owner: Recipient
) -> None:
    shop.share("ana")
    owner.press(forms(owner.look("acts/cost", **fee(shop)))[0])
    assert "Taken back, for Ana: Fee of $40.00" in text(owner.undo())
    assert [bool(each["taken_back_at"]) for each in entered(shop)] == [True]
    assert "Entered, for Ana: Fee of $40.00" in text(owner.undo())
    assert [(each["id"], bool(each["taken_back_at"])) for each in entered(shop)] == [
        ("page-1", True),
        ("page-1.1", False),
    ]


def test_what_came_over_the_api_is_taken_back_on_the_page_and_keeps_what_it_was_for(
    shop: Shop, owner: Recipient
) -> None:
    shop.share("ana")
    enter(shop, campaign="spring")
    gone = forms(owner.look("acts/cost", cost="ana-november", influencer="ana", value="(none)"))
    assert "Taken back, for Ana: Fee of $300.00" in text(owner.press(gone[0]))
    owner.undo()
    assert [(each["campaign"], bool(each["taken_back_at"])) for each in entered(shop)] == [
        ("spring", True),
        ("spring", False),
    ]
    assert owner.look("acts/cost", cost="ana-november.1", influencer="ben").status == 404


def test_costs_of_nobody_in_particular_have_a_page(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    told = fee(shop, kind="other", influencer="", note="<b>a tool</b>")
    owner.press(forms(owner.look("acts/cost", **told))[0])
    enter(shop, **{"from": today(shop), "to": today(shop)})
    page = text(owner.look("costs", **of_today(shop)))
    assert "Other cost of $40.00" in page
    assert "For the programme as a whole" in page
    assert "Fee of $300.00" in page
    assert "<b>" not in page


@pytest.mark.parametrize(("changes", "why"), WRONG)
def test_what_is_no_cost_is_refused_in_a_sentence(
    shop: Shop, owner: Recipient, changes: dict[str, str], why: str
) -> None:
    shop.share("ana")
    refused = owner.look("acts/cost", **fee(shop, **changes))
    assert refused.status == 400
    assert why in text(refused)


def test_an_amount_is_read_as_the_shop_writes_it(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    assert "Fee of $1,250.00" in text(owner.look("acts/cost", **fee(shop, amount="1,250.00")))
    shop.onboarded(language="de_DE", merchant_id=shop.id)
    page = text(owner.look("acts/cost", **fee(shop, amount="1.250,00")))
    assert "1.250,00" in page


def test_what_buyers_were_worth_since_is_told_from_five_on(shop: Shop, owner: Recipient) -> None:
    code = shop.share("ana").json["code"]
    trail = shop.click(code)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    for number in range(4):
        shop.buy(f"100{number}", "50.00", trail)
    assert shop.cloud.drain()["failed"] == []
    page = text(owner.look("people/ana"))
    assert "4 buyers came first by their links or codes in the last year. They are too few" in page
    shop.buy("1009", "75.00", trail)
    assert shop.cloud.drain()["failed"] == []
    page = text(owner.look("people/ana"))
    assert "First order $55" in page


def test_of_very_many_orders_a_worker_adds_up_what_buyers_were_worth(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    for number in range(5):
        shop.buy(f"100{number}", "50.00", trail)
    shop.buy("2001", "70.00", "none")
    shop.share("ben")
    assert shop.cloud.drain()["failed"] == []
    at_once = text(owner.look("people/ana")).partition("What their buyers")[2]
    assert "First order $50" in at_once
    monkeypatch.setattr(cohorts, "MOST_ORDERS", 0)
    monkeypatch.setattr(questions, "MOST_OPEN", 0)  # the merchant's own, of which it takes none
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=12))
    assert "being added up" in text(owner.look("people/ana")).partition("What their buyers")[2]
    assert shop.cloud.drain()["failed"] == []
    assert text(owner.look("people/ana")).partition("What their buyers")[2] == at_once
    assert "What their buyers" not in text(owner.look("people/ben")), "who brought nobody"


def test_who_costs_and_brings_nothing_is_a_task_once_the_days_are_over(
    shop: Shop, owner: Recipient
) -> None:
    a_week(shop)
    shop.share("zoe")
    days = {"from": today(shop), "to": today(shop)}
    enter(shop, **days, influencer="zoe", cost={"amount": "500.00", "currency": "USD"})
    enter(shop, **days, id="nobodys", influencer="nobody.known")
    address = f"{owner.base}?span={today(shop)}..{today(shop)}"
    assert "Zoe costs" not in text(shop.ask("GET", address))
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    page = text(shop.ask("GET", address))
    assert "They cost $500.00 and brought nothing." in page
    assert "nobody.known costs" not in page


def test_a_link_for_reading_shows_costs_and_enters_none(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    enter(shop, **{"from": today(shop), "to": today(shop)})
    days = of_today(shop)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=9))
    assert "Fee of $300.00" in text(owner.look("costs", **days))
    assert "Enter a cost" not in text(owner.look("costs", **days))
    assert owner.look("acts/cost", influencer="ana").status == 403
    assert ask(shop, "DELETE", f"/v1/costs/{FEE['id']}").status == 200
    assert "Nothing was entered for these days." in text(owner.look("costs", **days))


def test_every_page_about_costs_is_said_in_the_readers_language(cloud: Cloud, pseudo: str) -> None:
    shop = Shop.onboard(cloud, language=pseudo)
    owner = Recipient(shop)
    a_week(shop)
    enter(shop, **{"from": today(shop), "to": today(shop)}, note="Reel")
    enter(shop, id="tool", kind="other", influencer=..., **{"from": today(shop), "to": today(shop)})
    for kind in ("fee", "gift", "other"):
        (form,) = forms(
            owner.look("acts/cost", **fee(shop, kind=kind, cost=f"page-{kind}", note=""))
        )
        told = owner.press(form)
        assert unsaid(shop, told) == []
    days = of_today(shop)
    pages = [
        owner.first(**days),
        *(owner.look(path, **days) for path in ("people/ana", "costs", "acts/cost", "acts")),
        owner.look("acts/cost", influencer="ana"),
        owner.look("acts/cost", **fee(shop, cost="page-5")),
        owner.look("acts/cost", cost="tool", value="(none)"),
        *(owner.look("acts/cost", **fee(shop, **wrong)) for wrong, _ in WRONG),
    ]
    assert [unsaid(shop, page) for page in pages] == [[] for _ in pages]


def unsaid(shop: Shop, page: Answer) -> list[str]:
    made = [links.made_behind(shop.id, who, "", 9) for who in ("ana", "ben")]
    names = (
        *("Mug & Bean", "Ana", "ana", "Ben", "Reel", "WhatsApp", "ANA10", "yesterday", "page-5"),
        *("/products/mug", "USD", "as agreed", OWNER),
        *(link.code for of_one in made for link in of_one),
    )
    return unsaid_html(re.sub(r"\bcredit-\d+#\w+", "", page.body.decode()), *names)
