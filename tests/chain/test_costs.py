"""What sharing cost and brought, asked over HTTP: entered, listed, taken back, added up."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from sharetrail.analysis import periods
from sharetrail.api.measures import costs as api_costs
from sharetrail.costs import cohorts, costs, returns
from sharetrail.merchants import profiles
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.web.cursors import cursor_of, key_of
from tests.chain.test_coupons import give, use
from tests.recipients import Recipient
from tests.report_pages import ReportPage
from tests.shops import Answer, Shop

FEE = {
    "id": "ana-november",
    "kind": "fee",
    "cost": {"amount": "300.00", "currency": "USD"},
    "from": "2026-11-01",
    "to": "2026-11-30",
    "influencer": "ana",
    "note": "as agreed",
}


def ask(shop: Shop, method: str, path: str, body: Any = None) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, path, body, headers)


def enter(shop: Shop, **changes: Any) -> Answer:
    body = {name: value for name, value in {**FEE, **changes}.items() if value is not ...}
    return ask(shop, "POST", "/v1/costs", body)


def today(shop: Shop) -> str:
    return f"{(shop.cloud.clock.now() - timedelta(hours=5)).date()}"


# ── entered, listed, taken back ──────────────────────────────────────────────────────────────────
def test_a_cost_that_is_entered_twice_is_one(shop: Shop) -> None:
    first, again = enter(shop), enter(shop)
    assert (first.status, first.json) == (201, again.json)
    assert first.json | {"entered_at": None} == {
        **FEE,
        **dict.fromkeys(("campaign", "network", "about_order", "taken_back_at", "entered_at")),
    }
    assert shop.read("/v1/costs") == {"items": [first.json], "cursor": None}


def test_a_key_that_leaked_enters_no_more_than_a_days_new_costs(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_costs, "_OF_A_DAY", Allowance(name="costs", most=2))
    assert [enter(shop, id=f"c{n}").status for n in range(3)] == [201, 201, 429]
    refused = enter(shop, id="c4")
    assert refused.json["code"] == "too_many_new_costs"
    assert 0 < int(refused.headers["retry-after"]) <= 25 * 60 * 60
    assert enter(shop, id="c1").status == 201, "it is known"
    assert {each["id"] for each in shop.read("/v1/costs")["items"]} == {"c0", "c1"}
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    assert enter(shop, id="c1").status == 201
    assert [enter(shop, id=f"d{n}").status for n in range(3)] == [201, 201, 429]


def test_of_too_many_costs_none_is_added_up_and_the_rest_of_a_report_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "MOST", 2)
    november = "from=2026-11-01&to=2026-11-30"
    for n in range(3):
        enter(shop, id=f"c{n}")
    refused = ask(shop, "GET", f"/v1/returns?{november}")
    assert (refused.status, refused.json["code"]) == (422, "too_many_costs")
    owner = Recipient(shop)
    for page in (owner.first(span="2026-11"), owner.look("costs", span="2026-11")):
        assert page.status == 200
    assert ask(shop, "GET", f"/v1/kpis?{november}").status == 200
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    days = date(2026, 11, 1), date(2026, 11, 30)
    assert not returns.of_people(merchant, *days, [], shop.cloud.clock.now()).is_known
    assert ask(shop, "DELETE", "/v1/costs/c2").status == 200
    assert returns.of_people(merchant, *days, [], shop.cloud.clock.now()).is_known


def test_what_was_entered_is_not_changed_and_another_needs_another_id(shop: Shop) -> None:
    enter(shop)
    other = enter(shop, cost={"amount": "400.00", "currency": "USD"})
    assert (other.status, other.json["title"]) == (409, "Another cost has this id")
    assert enter(shop, id="ana-november-2").status == 201


def test_without_an_id_the_same_words_are_the_same_cost(shop: Shop) -> None:
    one, again = enter(shop, id=...), enter(shop, id=...)
    assert one.json["id"] == again.json["id"]
    assert enter(shop, id=..., note="another lamp").json["id"] != one.json["id"]


def test_what_is_taken_back_stays_listed_and_is_no_cost(shop: Shop) -> None:
    enter(shop)
    gone = ask(shop, "DELETE", "/v1/costs/ana-november")
    assert gone.status == 200
    assert gone.json["taken_back_at"]
    assert ask(shop, "DELETE", "/v1/costs/ana-november").json == gone.json
    assert shop.read("/v1/costs")["items"] == [gone.json]
    whole = shop.read("/v1/returns?from=2026-11-01&to=2026-11-30")["totals"]
    assert whole["spend"]["amount"] == "0.00"
    assert enter(shop).status == 409
    assert ask(shop, "DELETE", "/v1/costs/nobodys").status == 404


def test_a_list_has_pages_and_filters_and_forgets_nothing_of_a_day(shop: Shop) -> None:
    names = [f"cost-{n}" for n in range(5)]
    for n, name in enumerate(names):
        enter(shop, id=name, influencer="ana" if n % 2 else "ben", to=f"2026-11-{1 + n:02}")
    ask(shop, "DELETE", "/v1/costs/cost-3")
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = shop.read(f"/v1/costs?limit=2{more}")
        found, cursor = [*found, *page["items"]], page["cursor"]
    assert [each["id"] for each in found] == names
    assert [each["id"] for each in found if each["taken_back_at"]] == ["cost-3"]
    told = shop.read("/v1/costs?influencer=ana")["items"]
    assert [each["id"] for each in told] == ["cost-1", "cost-3"]
    told = shop.read("/v1/costs?from=2026-11-04&to=2026-12-31")["items"]
    assert [each["id"] for each in told] == ["cost-3", "cost-4"]


@pytest.mark.parametrize("key", ["x", "a#b", "cost#", "cost#~#x", "cost#2026-13-01#x", "~"])
def test_a_cursor_that_no_page_gave_is_refused(shop: Shop, key: str) -> None:
    for n in range(2):
        enter(shop, id=f"cost-{n}")
    given = key_of(shop.read("/v1/costs?limit=1")["cursor"])
    mark = given.removesuffix("cost#2026-11-01#cost-0")
    refused = ask(shop, "GET", f"/v1/costs?cursor={cursor_of(mark + key)}")
    assert (refused.status, refused.json["code"]) == (400, "malformed")


def test_behind_the_last_of_the_days_there_is_no_more(shop: Shop) -> None:
    for n in range(2):
        enter(shop, id=f"cost-{n}")
    query = "to=2026-12-31&limit=1"
    mark = key_of(shop.read(f"/v1/costs?{query}")["cursor"]).removesuffix("cost#2026-11-01#cost-0")
    behind = cursor_of(f"{mark}cost#2027-01-01#x")
    assert shop.read(f"/v1/costs?{query}&cursor={behind}") == {"items": [], "cursor": None}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cost": {"amount": "0.00", "currency": "USD"}}, "cost.amount"),
        ({"cost": {"amount": "-5.00", "currency": "USD"}}, "cost.amount"),
        ({"cost": {"amount": "5.00", "currency": "XXX"}}, "cost.currency"),
        ({"cost": {"amount": "0.125", "currency": "USD"}}, "cost.amount"),
        ({"cost": {"amount": "10.5", "currency": "JPY"}}, "cost.amount"),
        ({"to": "2026-10-31"}, "to"),
        ({"to": "2027-11-02"}, "to"),
        ({"kind": "bribe"}, "kind"),
        ({"id": "a#b"}, "id"),
        ({"about_order": "1001"}, "about_order"),
        ({"color": "red"}, "color"),
    ],
)
def test_a_cost_that_is_none_is_refused_and_says_why(
    shop: Shop, changes: dict[str, Any], field: str
) -> None:
    refused = enter(shop, **changes)
    assert refused.status == 400
    assert [each["field"] for each in refused.json["errors"]] == [field]


def test_all_that_is_wrong_with_a_cost_is_named_at_once(shop: Shop) -> None:
    none = {"amount": "0.00", "currency": "USD"}
    refused = enter(shop, kind="bribe", to="2026-10-31", cost=none, colour="red")
    named = {each["field"] for each in refused.json["errors"]}
    assert named == {"kind", "to", "cost.amount", "colour"}


def test_nobody_enters_a_cost_without_a_secret_key(shop: Shop) -> None:
    headers = {
        "authorization": f"Bearer {shop.facts['publishable_key']}",
        "origin": "https://shop.example",
    }
    assert shop.ask("POST", "/v1/costs", FEE, headers).status == 403
    assert shop.ask("GET", "/v1/costs", None, headers).status == 403


# ── what came back ───────────────────────────────────────────────────────────────────────────────
def a_week(shop: Shop) -> None:
    """Ana's code, her click and Ben's: 50.00 each; and 35.00 that nobody shared."""
    give(shop, "ANA10", "ana")
    use(shop, "1001", "ANA10")
    for order, who in (("1002", "ana"), ("1003", "ben")):
        trail = shop.click(shop.share(who).json["code"])
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
        shop.buy(order, "50.00", trail)
    shop.buy("1004", "35.00", "none")
    assert shop.cloud.drain()["failed"] == []


def test_an_order_tells_what_codes_took_off_it(shop: Shop) -> None:
    give(shop, "ANA10", "ana")
    use(shop, "1001", "ANA10", "SPRING")
    assert shop.cloud.drain()["failed"] == []
    told = shop.order("1001")["code_discounts"]
    assert told == {"ANA10": {"amount": "5.00", "currency": "USD"}}, "no code of nobody's"


def test_what_it_cost_and_what_came_back_by_influencer(shop: Shop) -> None:
    a_week(shop)
    day = today(shop)
    enter(shop, **{"from": day, "to": day}, cost={"amount": "40.00", "currency": "USD"})
    enter(shop, id="tool", kind="other", influencer=..., **{"from": day, "to": day})
    enter(shop, id="gbp", cost={"amount": "9.00", "currency": "GBP"}, **{"from": day, "to": day})
    told = shop.read(f"/v1/returns?from={day}&to={day}")
    rows = {row["group"]: row for row in told["rows"]}
    ana = rows["ana"]
    parts = ("spend", "spent_on_fees", "spent_on_gifts", "spent_on_discounts", "spent_on_others")
    assert [ana[part]["amount"] for part in parts] == ["45.00", "40.00", "0.00", "5.00", "0.00"]
    assert (ana["name"], ana["paid_orders"], ana["earned"]["amount"]) == ("Ana", 2, "100.00")
    assert ana["cost_per_order"] == {"amount": "22.50", "currency": "USD"}
    assert ana["return_on_spend"] == 2.2222
    assert ana["return_on_spend_low"] < 2.2222 < ana["return_on_spend_high"]
    assert rows[""]["spend"]["amount"] == "300.00"
    assert (rows["ben"]["cost_per_order"], rows["ben"]["return_on_spend"]) == (None, None)
    assert (told["totals"]["spend"]["amount"], told["totals"]["paid_orders"]) == (
        "345.00",
        3,
    )
    assert told["costs_apart"] == [{"amount": "9.00", "currency": "GBP"}]


def test_a_cost_in_another_currency_counts_by_the_rate_of_its_first_day(shop: Shop) -> None:
    enter(shop, cost={"amount": "90.00", "currency": "GBP"})
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=40))
    assert shop.read("/v1/returns?from=2026-11-01&to=2026-11-30")["costs_apart"]
    rate = {"currency": "GBP", "day": "2026-10-30", "rate": "1.25"}
    assert ask(shop, "POST", "/v1/rates", rate).status == 201
    told = shop.read("/v1/returns?from=2026-11-01&to=2026-11-30")
    assert (told["costs_apart"], told["totals"]["spent_on_fees"]["amount"]) == ([], "112.50")


def test_what_the_buyers_whom_sharing_brought_were_worth_since(shop: Shop) -> None:
    home = {"address1": "Main Street 1", "zip": "10001", "country_code": "US"}
    bea = {"email": "bea@example.com", "customer": {"id": 7, "email": "bea@example.com"}}
    trail = shop.click(shop.share("ana").json["code"])
    shop.buy("1001", "50.00", trail, **bea, shipping_address=home)
    shop.buy("1002", "30.00", "none")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=20))
    shop.buy("1003", "25.00", "none", **bea, shipping_address=home)
    shop.buy("1004", "99.00", "none", **bea, shipping_address={**home, "address1": "Elsewhere 9"})
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=15))
    assert shop.cloud.drain()["failed"] == []
    told = shop.read("/v1/cohorts?by=influencer")
    rows = {(row["group"], row["month"] is None): row for row in told["rows"]}
    at = {step["days"]: step for step in rows["ana", True]["steps"]}
    assert (rows["ana", True]["name"], rows["ana", True]["buyers"]) == ("Ana", 1)
    assert at[0]["worth"]["amount"] == "50.00"
    assert (at[30]["worth"]["amount"], at[30]["came_again"]) == ("75.00", 1)
    assert at[30]["worth_with_namesakes"]["amount"] == "174.00"
    assert float(at[30]["worth_low"]["amount"]) < 75 < float(at[30]["worth_high"]["amount"])
    assert (at[60]["worth"], at[60]["buyers"]) == (None, 0)
    others = {step["days"]: step for step in rows["", True]["steps"]}
    assert (others[30]["worth"]["amount"], others[30]["came_again"]) == ("30.00", 0)
    assert [row["group"] for row in shop.read("/v1/cohorts")["rows"]][:2] == ["", "sharing"]


@pytest.mark.parametrize(
    ("path", "make_big"),
    [
        ("/v1/returns", lambda patch: patch.setattr(periods, "MOST_ORDERS", 0)),
        ("/v1/cohorts", lambda patch: patch.setattr(cohorts, "MOST_ORDERS", 0)),
    ],
)
def test_what_takes_longer_than_a_call_is_put_aside_and_answered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, path: str, make_big: Callable[[Any], None]
) -> None:
    a_week(shop)
    at_once = shop.read(path)
    make_big(monkeypatch)
    later = ask(shop, "GET", path)
    assert later.status == 202
    assert shop.cloud.drain()["failed"] == []
    result = shop.read(f"/v1/results/{later.json['id']}")
    assert result | {"until": None} == at_once | {"until": None}


def test_the_key_figures_tell_the_same_cost_and_return(shop: Shop) -> None:
    a_week(shop)
    day = today(shop)
    enter(shop, **{"from": day, "to": day}, cost={"amount": "40.00", "currency": "USD"})
    totals = shop.read(f"/v1/returns?from={day}&to={day}")["totals"]
    told = {each["id"]: each for each in shop.read(f"/v1/kpis?from={day}&to={day}")["kpis"]}
    assert told["cost_per_action"]["figure"] == totals["cost_per_order"]
    assert round(told["return_on_spend"]["figure"], 4) == totals["return_on_spend"]


def test_key_figures_tell_which_costs_could_not_be_added(shop: Shop) -> None:
    a_week(shop)
    day = today(shop)
    euros = {"amount": "500.00", "currency": "EUR"}
    enter(shop, **{"from": day, "to": day}, cost=euros)
    told = shop.read(f"/v1/kpis?from={day}&to={day}")
    assert (told["costs_apart"], told["untold_codes"]) == ([euros], 0)
    page = ReportPage(shop).text("figures", f"{day}..{day}")
    assert "Not added, for lack of an exchange rate: €500.00." in page


def test_of_days_to_come_nothing_is_spent_yet(shop: Shop) -> None:
    a_week(shop)
    day = date.fromisoformat(today(shop))
    days = [day, day + timedelta(days=1), day + timedelta(days=2)]
    money = {"amount": "30.00", "currency": "USD"}
    enter(shop, **{"from": f"{days[0]}", "to": f"{days[2]}"}, cost=money)
    spent = {}
    for last in (days[0], days[2]):
        span = f"from={day}&to={last}"
        spent[last] = shop.read(f"/v1/returns?{span}")["totals"]["spent_on_fees"]["amount"]
    assert spent == {days[0]: "10.00", days[2]: "10.00"}


def test_a_months_buyers_are_the_same_whatever_days_are_asked_for(shop: Shop) -> None:
    """Somebody who comes back after more than half a year is no new buyer of any month."""
    home = {"address1": "Main Street 1", "zip": "10001", "country_code": "US"}
    bea = {"email": "bea@example.com", "customer": {"id": 7, "email": "bea@example.com"}}
    began = shop.cloud.clock.now()
    for order, days in (("1001", 0), ("1002", 100), ("1003", 197), ("1004", 399)):
        if days:
            shop.cloud.clock.set_forward(began + timedelta(days=days))
        if order == "1004":
            shop.buy("2001", "9.00", "none", email="max@example.com", shipping_address=home)
        shop.buy(order, "50.00", "none", **bea, shipping_address=home)
        assert shop.cloud.drain()["failed"] == []
    last = began.date() + timedelta(days=399)
    told = {}
    for days in (366, 190, 20):
        answer = shop.read(f"/v1/cohorts?from={last - timedelta(days=days - 1)}&to={last}")
        told[days] = [(row["month"], row["buyers"]) for row in answer["rows"] if row["month"]]
    assert told[366] == told[190] == told[20] == [(f"{last:%Y-%m}", 1)]
    (whole,) = (
        row
        for row in shop.read(
            f"/v1/cohorts?from={began.date() - timedelta(days=1)}&to={began.date()}"
        )["rows"]
        if row["month"]
    )
    assert whole["steps"][-1]["worth"]["amount"] == "150.00"


def test_of_days_to_come_no_buyer_is_known(shop: Shop) -> None:
    assert shop.read("/v1/cohorts?from=2088-01-01&to=2088-04-10")["rows"] == []


def test_the_page_of_an_order_says_what_it_cost(shop: Shop) -> None:
    a_week(shop)
    day = today(shop)
    gift = {"kind": "gift", "cost": {"amount": "12.00", "currency": "USD"}, "note": "a mug"}
    about = {"influencer": ..., "from": day, "to": day, "about_order": "shopify/1001"}
    assert enter(shop, id="mug", **gift, **about).status == 201
    page = ReportPage(shop)
    told = page.text("orders/shopify/1001")
    assert "What it cost | The code ANA10 took $5.00 off. | Gift worth $12.00" in told
    assert "a mug" in told
    for changes in ({"campaign": "spring"}, {"network": "tiktok"}, {}):
        whose = {"influencer": ..., "id": f"{changes}"[2:8] or "all", "from": day, "to": day}
        assert enter(shop, **whose, **changes).status == 201
    listed = page.text("costs", f"{day}..{day}")
    for whose in ("Order shopify/1001", "Campaign spring.", "TikTok", "For the programme as a"):
        assert whose in listed, whose
    assert "/orders/shopify/1001" in page.html("costs", f"{day}..{day}")
    assert "What it cost" not in page.text("orders/shopify/1002")
    assert ask(shop, "DELETE", "/v1/costs/mug").status == 200
    assert "Gift worth" not in page.text("orders/shopify/1001")
