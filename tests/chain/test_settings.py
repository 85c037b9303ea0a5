"""Settings over the API: a merchant changes their own, and nothing that is another's."""

import json
from dataclasses import fields
from typing import Any

import pytest

from sharetrail.api.account.settings import FraudSettings, Settings
from sharetrail.installation.settings import OF_LISTS, SETTINGS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import FraudLimits
from tests.shops import HOST, ORIGIN, Answer, Shop


def change(shop: Shop, **asked: Any) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("PATCH", "/v1/settings", asked, headers)


def test_every_setting_is_shown_but_those_with_a_list_of_their_own() -> None:
    assert Settings.__annotations__.keys() == SETTINGS - OF_LISTS - {"fraud"} | {
        "shop_host",
        "fraud_limits",
    }
    assert FraudSettings.__annotations__.keys() == {each.name for each in fields(FraudLimits)}


def test_what_is_named_is_changed_and_all_else_stays(shop: Shop) -> None:
    before = shop.read("/v1/settings")
    answer = change(shop, name="Mugs", window_days=7, fraud_limits={"hold_days": 14})
    assert answer.status == 200, answer.body
    changed = {
        "name": "Mugs",
        "window_days": 7,
        "fraud_limits": {**before["fraud_limits"], "hold_days": 14},
    }
    assert answer.json == shop.read("/v1/settings") == {**before, **changed}
    assert change(shop, fraud_limits={"leak_orders": 5}).json["fraud_limits"]["hold_days"] == 14


def test_null_takes_a_setting_back_to_its_default(shop: Shop) -> None:
    change(shop, fallback_url=f"{ORIGIN}/sale", category="kitchen", window_days=90)
    told = change(shop, fallback_url=None, category=None, window_days=None, fraud_limits=None).json
    assert (told["fallback_url"], told["category"], told["window_days"]) == (None, "", 30)
    assert told["fraud_limits"]["hold_days"] == FraudLimits().hold_days
    for name in ("name", "currency", "zone", "hosts", "origins"):
        answer = change(shop, **{name: None})
        assert (answer.status, answer.json["errors"][0]["field"]) == (400, name)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"window_days": 31}, "window_days"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"currency": "EURO"}, "currency"),
        ({"fraud_limits": {"hold_days": -1}}, "fraud_limits.hold_days"),
        ({"fraud_limits": {"colour": 1}}, "fraud_limits.colour"),
        ({"name": ""}, "name"),
        ({"language": "tlh"}, "language"),
        ({"id": "m_another"}, "id"),
        ({"shop_host": "other.example"}, "shop_host"),
        ({"recipients": ["x@y.example"]}, "recipients"),
        ({"fallback_url": "javascript:alert(1)"}, "fallback_url"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    shop: Shop, asked: dict[str, Any], field: str
) -> None:
    before = profiles.read(shop.id)
    answer = change(shop, category="kitchen", **asked)
    assert answer.status == 400
    assert field in {each["field"] for each in answer.json["errors"]}
    assert profiles.read(shop.id) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hosts", [HOST, "evil.example"]),
        ("origins", [ORIGIN, "https://evil.example"]),
        ("shopify_domain", "others.myshopify.com"),
        ("shopify_domain", None),
        ("links_per_day", 10_000),
        ("events_per_day", 20_000_000),
        ("fallback_url", "https://evil.example/"),
    ],
)
def test_what_a_leaked_key_could_do_harm_by_is_the_operators(
    shop: Shop, name: str, value: object
) -> None:
    before = profiles.read(shop.id)
    answer = change(shop, category="kitchen", **{name: value})
    assert (answer.status, [each["field"] for each in answer.json["errors"]]) == (403, [name])
    assert "Whoever runs Sharetrail" in answer.json["detail"]
    assert profiles.read(shop.id) == before


def test_which_settings_a_key_changed_stands_in_the_log_and_not_what_they_say(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    change(shop, name="Mugs of ours", window_days=30, fraud_limits={"hold_days": 0})
    change(shop, name="Mugs of ours")
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("PUT", "/v1/recipients/evil@mail.example", {}, headers)
    shop.ask("DELETE", "/v1/recipients/evil@mail.example", None, headers)
    said = capsys.readouterr().out
    lines = [json.loads(line) for line in said.splitlines() if '"settings changed"' in line]
    told = [(line["merchant"], line["settings"]) for line in lines]
    assert told == [(shop.id, ["hold_days", "name"])], "window_days was 30 before"
    assert [said.count(f'"recipient {done}"') for done in ("named", "left out")] == [1, 1]
    assert "Mugs of ours" not in said
    assert "evil@" not in said


def test_settings_as_they_were_read_can_be_sent_back(shop: Shop) -> None:
    told = shop.read("/v1/settings")
    del told["shop_host"]
    assert change(shop, **told).json == {**told, "shop_host": HOST}
    shop.onboarded(fallback_url="https://elsewhere.example/")
    told["fallback_url"] = "https://elsewhere.example/"
    assert change(shop, **told).status == 200


def test_days_and_amounts_follow_a_new_zone_and_currency(shop: Shop) -> None:
    shop.buy("1001", "50.00", shop.click(shop.share().json["code"]))
    shop.cloud.drain()
    answer = change(shop, zone="Europe/Berlin", currency="EUR")
    assert (answer.json["zone"], answer.json["country"]) == ("Europe/Berlin", "DE")
    assert shop.run("sweep") == []
    assert shop.read("/v1/stats")["zone"] == "Europe/Berlin"


def test_a_publishable_key_reads_and_sets_nothing(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}", "origin": ORIGIN}
    for method, body in (("GET", None), ("PATCH", {"name": "x"})):
        assert shop.ask(method, "/v1/settings", body, headers).status == 403
