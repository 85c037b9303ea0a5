"""Another rule on a past period: what would change for whom, and that nothing does."""

from datetime import timedelta
from typing import Any

import pytest

from sharetrail.aws.tables import ORDERS
from tests.shops import Answer, Shop, usd


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Ana's click ten days before Ben's, and an order that both led to; one by Ana's code too."""
    ana, ben = shop.share("ana").json["code"], shop.share("ben").json["code"]
    give = {"code": "ANA10", "influencer": "ana"}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", "/v1/codes", give, headers).status == 201
    first = shop.click(ana)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=10))
    second = shop.click(ben)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    shop.buy("1001", "100.00", f"{first},{second}")
    shop.buy("1002", "60.00", second, discount_codes=[{"code": "ANA10"}])
    shop.buy("1003", "40.00")
    shop.buy("1004", "40.00", first, test=True)
    shop.buy("1005", "40.00", first, currency="EUR")
    assert shop.cloud.drain()["failed"] == []
    return shop


def ask(shop: Shop, **question: Any) -> Answer:
    today = shop.cloud.clock.now().date()
    period = {"from": f"{today - timedelta(days=30)}", "to": f"{today + timedelta(days=1)}"}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("POST", "/v1/what-if", {**period, **question}, headers)


def changes(answer: Answer) -> dict[str, tuple[str, str, str]]:
    assert answer.status == 200, answer.body
    return {
        each["influencer"]: tuple(
            each[name]["amount"] for name in ("credited_now", "credited_then", "difference")
        )
        for each in answer.json["influencers"]
    }


def test_another_model_moves_credit_from_who_came_last_to_who_came_first(sold: Shop) -> None:
    answer = ask(sold, model="first")
    assert changes(answer) == {
        "ana": ("50.00", "100.00", "50.00"),
        "ben": ("110.00", "60.00", "-50.00"),
    }
    program = ask(sold, model="first", now_model="last")
    assert changes(program)["ana"] == ("0.00", "100.00", "100.00")
    told = answer.json
    assert (told["orders"], told["changed_orders"], told["orders_in_other_currencies"]) == (3, 1, 1)
    for name in ("influenced", "last_click", "assisted", "credited"):
        assert told["now"][name] == told["then"][name], "only who gets it changes"
    assert told["now"]["influenced"] == usd("160.00")


def test_a_shorter_window_leaves_out_the_older_click(sold: Shop) -> None:
    assert changes(ask(sold, window_days=7)) == {
        "ana": ("50.00", "0.00", "-50.00"),
        "ben": ("110.00", "160.00", "50.00"),
    }


def test_another_rule_for_coupons_credits_who_the_code_belongs_to(sold: Shop) -> None:
    assert changes(ask(sold, coupons="code_last")) == {
        "ana": ("50.00", "80.00", "30.00"),
        "ben": ("110.00", "80.00", "-30.00"),
    }


def test_asking_for_what_is_says_that_nothing_would_change(sold: Shop) -> None:
    told = ask(sold).json
    assert told["changed_orders"] == 0
    assert told["now"] == told["then"]
    assert [each["difference"] for each in told["influencers"]] == [usd("0.00")] * 2


def test_nothing_is_written_by_asking(sold: Shop) -> None:
    before = sorted(ORDERS.scan(), key=lambda row: (row["pk"], row["sk"]))
    ask(sold, model="position", window_days=90, coupons="code_last")
    sold.cloud.drain()
    assert sorted(ORDERS.scan(), key=lambda row: (row["pk"], row["sk"])) == before


def test_what_browsers_cannot_remember_is_said(sold: Shop) -> None:
    assert "30 days" in ask(sold, window_days=90).json["notes"][0]
    assert ask(sold).json["notes"] == []


def test_what_is_compared_with_is_what_the_mail_credits_by(sold: Shop) -> None:
    today = sold.cloud.clock.now().date()
    rows = sold.read(f"/v1/stats?by=influencer&from={today - timedelta(days=30)}")["rows"]
    credited = {each["group"]: each["revenue_by_model"]["linear"]["amount"] for each in rows}
    assert {who: now for who, (now, _, _) in changes(ask(sold)).items()} == credited


def test_why_a_model_cannot_be_computed_is_said_before_any_figure(sold: Shop) -> None:
    told = ask(sold, model="markov", window_days=90).json
    assert next(iter(told)) == "notes"
    assert told["notes"][0].startswith("markov cannot be computed for these days")
    assert told["then"]["reason"] == told["notes"][0]
    assert told["now"]["reason"] is None
    assert told["then"]["credited"]["amount"] == "0.00"
    assert told["then"]["without_basis"]["amount"] == "160.00"


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"model": "best"}, "model"),
        ({"window_days": 31}, "window_days"),
        ({"coupons": "mine"}, "coupons"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to"),
        ({"from": "2024-01-01", "to": "2026-11-01"}, "to"),
        ({"from": None}, "from"),
        ({"more": 1}, "more"),
    ],
)
def test_a_question_that_is_none_is_refused_with_the_field(
    shop: Shop, question: Any, field: str
) -> None:
    answer = ask(shop, **question)
    assert (answer.status, answer.json["errors"][0]["field"]) in ((400, field), (422, field))


def test_without_the_secret_key_nothing_is_told(shop: Shop) -> None:
    assert shop.ask("POST", "/v1/what-if", {}).status == 401
