"""What a secret key changed stands in the list of what was done: whose key leaked sees it there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.cloud import Cloud
from sharetrail.api.frame import key_acts
from sharetrail.merchants.keys import key_rings
from sharetrail.merchants.keys.key_ring import LONGEST_NAME
from tests.recipients import Recipient, text
from tests.shops import Answer, Shop

ISOLATES = "\u2066\u2067\u2068\u2069"
EVE = "eve@evil.example"
ROUTES = [
    ("PATCH", "/v1/settings", {"window_days": 90}, "Setting changed: window_days"),
    ("PATCH", "/v1/settings", {"fraud_limits": {"hold_days": 0}}, "Setting changed: hold_days"),
    (
        "PUT",
        f"/v1/recipients/{EVE}",
        {},
        f"{EVE} is a recipient whose links act",
    ),
    (
        "PUT",
        "/v1/recipients/owner2@shop.example",
        {"role": "reader"},
        "owner2@shop.example is a recipient whose links read",
    ),
    ("POST", "/v1/keys", {"name": "Mallory"}, "API key Mallory ("),
]


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    return Shop.onboard(cloud, recipients=["owner@shop.example", "second@shop.example"])


def call(shop: Shop, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, path, body, {**key, **headers})


def done(shop: Shop) -> str:
    shown = text(Recipient(shop).look("acts"))
    return "".join(each for each in shown if each not in ISOLATES)


@pytest.mark.parametrize(("method", "path", "body", "said"), ROUTES)
def test_what_a_key_changed_is_listed_with_when_and_by_which(
    shop: Shop, method: str, path: str, body: Any, said: str
) -> None:
    assert said not in done(shop)
    assert call(shop, method, path, body).status in (200, 201)
    listed = done(shop)
    assert said in listed
    key = next(each["id"] for each in shop.read("/v1/keys")["items"] if each["name"] == "first")
    assert f"API key first ({key})" in listed
    assert listed.count("Undo") == 1, "the table's head"


def test_what_a_key_left_as_it_was_or_was_refused_is_not_listed(shop: Shop) -> None:
    before = done(shop)
    assert call(shop, "PATCH", "/v1/settings", {"window_days": 30}).status == 200
    assert call(shop, "PATCH", "/v1/settings", {"hosts": ["evil.example"]}).status == 403
    assert call(shop, "DELETE", "/v1/recipients/nobody@shop.example").status == 404
    assert done(shop) == before


def test_a_key_that_changes_one_thing_again_and_again_buries_nothing(shop: Shop) -> None:
    call(shop, "PATCH", "/v1/settings", {"fraud_limits": {"hold_days": 0}})
    for days in (7, 90, 7, 90):
        call(shop, "PATCH", "/v1/settings", {"window_days": days})
    listed = done(shop)
    assert listed.count("Setting changed") == 2
    assert "hold_days" in listed
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    call(shop, "PATCH", "/v1/settings", {"window_days": 30})
    assert done(shop).count("Setting changed") == 3


def test_a_key_that_ends_itself_or_another_and_leaves_a_recipient_out_is_listed(shop: Shop) -> None:
    other = call(shop, "POST", "/v1/keys", {"name": "ERP"}).json
    assert call(shop, "DELETE", "/v1/recipients/second@shop.example").status == 200
    bearer = f"Bearer {other['key']}"
    path = f"/v1/keys/{other['id']}"
    assert shop.ask("POST", f"{path}/rotate", None, {"authorization": bearer}).status == 201
    assert call(shop, "DELETE", path).status == 200
    listed = done(shop)
    assert "second@shop.example is off the list" in listed
    for what in ("made", "rotated", "revoked"):
        assert f"API key ERP ({other['id']}) was {what}" in listed


def test_which_key_it_was_is_told_as_the_api_tells_it_whatever_it_is_called(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["857098920117", "080055501230"])  # as telephone numbers, which names may not be
    monkeypatch.setattr(key_rings, "id_of", lambda _: next(ids))
    long, bare = "x" * LONGEST_NAME, "080 0555 0123"
    for name in (long, bare):
        assert call(shop, "POST", "/v1/keys", {"name": name}).status == 201
    listed = done(shop)
    assert f"API key {long} (857098920117) was made" in listed
    assert "API key 080·0555·0123 (080055501230) was made" in listed


def test_two_keys_of_one_name_that_are_made_within_an_hour_are_two(shop: Shop) -> None:
    made = [call(shop, "POST", "/v1/keys", {"name": "ERP"}).json["id"] for _ in range(2)]
    listed = done(shop)
    assert [f"API key ERP ({key}) was made" in listed for key in made] == [True, True]


def test_who_has_a_key_buries_nothing_under_names_and_keeps_nobody_from_ending_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_acts, "_OF_A_DAY", replace(key_acts._OF_A_DAY, most=3))
    other = call(shop, "POST", "/v1/keys", {"name": "ERP"}).json["id"]
    for name in ("a", "b"):
        assert call(shop, "PUT", f"/v1/recipients/{name}@evil.example", {}).status == 200
    for method, path, body in (
        ("PUT", "/v1/recipients/c@evil.example", {}),
        ("POST", "/v1/keys", {"name": "another"}),
    ):
        refused = call(shop, method, path, body)
        assert (refused.status, refused.json["code"]) == (429, "too_many_changes")
        assert int(refused.headers["retry-after"]) > 0
    assert call(shop, "DELETE", "/v1/recipients/b@evil.example").status == 200
    assert call(shop, "POST", f"/v1/keys/{other}/rotate").status == 201
    assert call(shop, "DELETE", f"/v1/keys/{other}").status == 200
