"""API keys over the API: made, told apart, rotated, revoked, and when each was used last."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from local.runtime.memories import forget_facts
from sharetrail.aws import clients
from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants.keys import api_keys, key_ring, key_rings
from sharetrail.merchants.keys.key_ring import MOST_SECRET, KeyNeeded
from tests.shops import ORIGIN, Answer, Shop


def ask(
    shop: Shop, method: str, path: str = "", body: Any = None, key: str = "", call: str = ""
) -> Answer:
    headers = {"authorization": f"Bearer {key or shop.facts['secret_key']}"}
    headers |= {"idempotency-key": call} if call else {}
    return shop.ask(method, f"/v1/keys{path}", body, headers)


def listed(shop: Shop, key: str = "") -> dict[str, Any]:
    return {each["name"]: each for each in ask(shop, "GET", key=key).json["items"]}


def works(shop: Shop, key: str) -> bool:
    """By an instance that knows nothing yet."""
    forget_facts()
    body = {"url": f"{ORIGIN}/", "network": "x"}
    headers = {"authorization": f"Bearer {key}", "origin": ORIGIN}
    return shop.ask("POST", "/v1/links", body, headers).status in (200, 201)


def test_a_shop_has_two_keys_and_makes_more_which_do_the_same(shop: Shop) -> None:
    assert {name: key["kind"] for name, key in listed(shop).items()} == {
        "pages": "publishable",
        "first": "secret",
    }
    made = ask(shop, "POST", body={"name": " The  ERP "})
    assert (made.status, made.json["name"], made.json["kind"]) == (201, "The ERP", "secret")
    assert works(shop, made.json["key"])
    assert "The ERP" in listed(shop, made.json["key"])


def test_no_list_shows_a_key(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}).json["key"]
    told = ask(shop, "GET").body.decode()
    for key in (made, shop.facts["secret_key"], shop.facts["publishable_key"]):
        assert key not in told
        assert api_keys.hashed(key) not in told
        assert key not in repr(list(MERCHANTS.scan()))


def test_a_rotated_key_keeps_its_id_and_name_and_the_old_one_stops(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}).json
    new = ask(shop, "POST", f"/{made['id']}/rotate")
    assert (new.status, new.json["id"], new.json["name"]) == (201, made["id"], "ERP")
    assert not works(shop, made["key"])
    assert works(shop, new.json["key"])
    assert works(shop, shop.facts["secret_key"])


def test_a_call_that_is_sent_again_makes_one_key(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}, call="7f0c").json
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    again = ask(shop, "POST", body={"name": "ERP"}, call='"7f0c"')
    assert (again.status, again.json["code"]) == (409, "already_made")
    assert made["id"] in again.json["detail"]
    assert {*listed(shop)} == {"pages", "first", "ERP"}
    assert works(shop, made["key"])
    other = ask(shop, "POST", body={"name": "ERP"}, call="7f0d")
    assert (other.status, other.json["id"] != made["id"]) == (201, True)


def test_a_rotation_that_is_sent_again_leaves_the_key_that_it_made(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}).json
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    path = f"/{made['id']}/rotate"
    rotated = ask(shop, "POST", path, call="7f0c").json
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    again = ask(shop, "POST", path, call="7f0c")
    assert (again.status, again.json["code"]) == (409, "already_made")
    assert works(shop, rotated["key"])
    assert ask(shop, "POST", path, call="7f0d").status == 201
    assert not works(shop, rotated["key"])


def test_a_call_that_was_refused_makes_its_key_when_it_is_sent_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(key_ring, "MOST_SECRET", 1)
        assert ask(shop, "POST", body={"name": "ERP"}, call="7f0c").status == 409
    assert ask(shop, "POST", body={"name": "ERP"}, call="7f0c").status == 201


def test_a_rotated_publishable_key_works_for_another_day(shop: Shop) -> None:
    new = ask(shop, "POST", f"/{listed(shop)['pages']['id']}/rotate").json["key"]
    assert works(shop, new)
    assert works(shop, shop.facts["publishable_key"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=25))
    assert works(shop, new)
    assert not works(shop, shop.facts["publishable_key"])


def test_a_revoked_key_stops_and_is_listed_no_more(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}).json
    assert ask(shop, "DELETE", f"/{made['id']}").json["name"] == "ERP"
    assert not works(shop, made["key"])
    assert "ERP" not in listed(shop)
    assert ask(shop, "DELETE", f"/{made['id']}").status == 404


def test_the_only_secret_key_and_the_pages_key_are_not_revoked(shop: Shop) -> None:
    keys = listed(shop)
    for name in ("first", "pages"):
        assert ask(shop, "DELETE", f"/{keys[name]['id']}").status == 409
    other = ask(shop, "POST", body={"name": "ERP"}).json
    assert ask(shop, "DELETE", f"/{keys['first']['id']}", key=other["key"]).status == 200
    forget_facts()
    assert ask(shop, "GET").status == 401
    assert ask(shop, "DELETE", f"/{other['id']}", key=other["key"]).status == 409


def test_of_two_keys_that_revoke_each_other_at_once_one_stays(shop: Shop) -> None:
    ids = [listed(shop)["first"]["id"], ask(shop, "POST", body={"name": "ERP"}).json["id"]]
    at_once, now = Barrier(2), shop.cloud.clock.now()

    def revoke(key_id: str) -> bool:
        at_once.wait()
        try:
            key_rings.revoke(shop.id, key_id, now)
        except KeyNeeded:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(revoke, ids)) == [False, True]
    (left,) = key_rings.read(shop.id).of("secret")
    assert MERCHANTS.get(f"key#{left.digest}", "key")


def test_there_is_room_for_so_many_and_no_more(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    for n in range(MOST_SECRET - 1):
        key_rings.add(shop.id, f"{n}", now)
    assert ask(shop, "POST", body={"name": "one more"}).status == 409


def test_a_key_is_known_to_be_used_by_the_day_at_one_write(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    real = api_keys._note
    monkeypatch.setattr(api_keys, "_note", lambda *told: (notes.append(told[0]), real(*told)))
    today = shop.cloud.clock.now().date().isoformat()
    assert listed(shop)["pages"]["last_used"] is None
    for key in ("publishable_key", "secret_key"):
        for _ in range(3):
            assert works(shop, shop.facts[key])
    assert {name: key["last_used"] for name, key in listed(shop).items()} == {
        "pages": today,
        "first": today,
    }
    assert len(notes) == 2
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    assert works(shop, shop.facts["publishable_key"])
    keys = listed(shop)
    assert keys["pages"]["last_used"] == keys["first"]["last_used"] > today


def test_who_cannot_be_noted_to_have_used_a_key_is_served_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import EndpointConnectionError

    waited: list[bool] = []

    def fail(*_: object) -> None:
        waited.append(clients.dynamodb() is not patient)
        raise EndpointConnectionError(endpoint_url="away")

    patient = clients.dynamodb()
    monkeypatch.setattr(api_keys, "_note", fail)
    forget_facts()
    for _ in range(3):
        assert ask(shop, "GET").status == 200
    assert waited == [True], "once in a minute, for as long as somebody waits"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    assert ask(shop, "GET").status == 200
    assert len(waited) == 2


def test_the_operator_ends_every_secret_key_at_once(shop: Shop) -> None:
    made = ask(shop, "POST", body={"name": "ERP"}).json["key"]
    old = shop.facts["secret_key"]
    shop.facts |= shop.onboarded(rotate=["secret"])
    assert not works(shop, made)
    assert not works(shop, old)
    assert sorted(listed(shop)) == ["first", "pages"]


def test_keys_of_before_there_were_names_are_listed_and_go_on(shop: Shop) -> None:
    ring = key_rings.read(shop.id)
    digests = {kind: ring.of(kind)[0].digest for kind in ("publishable", "secret")}
    MERCHANTS.put({"pk": f"merchant#{shop.id}", "sk": "keys", **digests})
    keys = listed(shop)
    assert {name: key["created_at"] for name, key in keys.items()} == {"pages": None, "first": None}
    assert "secret_key" not in shop.onboarded()
    made = ask(shop, "POST", body={"name": "ERP"}).json["key"]
    assert {*listed(shop, made)} == {"pages", "first", "ERP"}
    assert listed(shop)["first"]["id"] == keys["first"]["id"]


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a\x00b", None])
def test_a_key_without_a_name_is_not_made(shop: Shop, name: str | None) -> None:
    answer = ask(shop, "POST", body={"name": name})
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "name")


def test_a_publishable_key_learns_and_makes_none(shop: Shop) -> None:
    key = shop.facts["publishable_key"]
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/0123456789ab/rotate")):
        assert ask(shop, method, path, {"name": "x"} if not path else None, key=key).status == 403


def test_nobody_elses_key_is_touched(shop: Shop) -> None:
    asked = {"shop_host": "other.example", "origins": ["https://other.example"], "hosts": []}
    other = Shop.onboard(shop.cloud, shopify_domain=None, **asked)
    theirs = ask(shop, "POST", body={"name": "ERP"}).json
    for method, path in (("DELETE", ""), ("POST", "/rotate")):
        assert ask(other, method, f"/{theirs['id']}{path}").status == 404
    assert works(shop, theirs["key"])


def test_an_answer_that_may_hold_a_key_is_kept_by_nobody_and_taken_for_what_it_is(
    shop: Shop,
) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for method, path, body in (
        ("POST", "/v1/keys", {"name": "ERP"}),
        ("GET", "/v1/keys", None),
        ("DELETE", "/v1/keys/000000000000", None),
    ):
        answer = shop.ask(method, path, body, headers)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
