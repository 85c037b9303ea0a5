"""Onboarding: once, again, and what one merchant's secrets are to another."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sharetrail.aws import clients
from sharetrail.aws.tables import MERCHANTS
from sharetrail.installation import onboard_merchant
from sharetrail.merchants import profiles, vault
from sharetrail.merchants.profile import MOST_PLACES, Merchant, Overtaken
from tests import faults
from tests.senders import post_standard
from tests.shops import ORIGIN, Shop


def test_onboarding_again_finds_the_same_merchant_and_shows_no_key_twice(shop: Shop) -> None:
    again = shop.onboarded(name="Mug & Co")
    assert again["merchant_id"] == shop.id
    assert not again["created"]
    assert not {"publishable_key", "secret_key"} & set(again)
    assert again["webhook_secrets"] == {}
    assert shop.share().status == 201


def test_what_is_not_given_stays_as_it_was(shop: Shop) -> None:
    shop.onboarded(category="kitchen", language="de_DE")
    shop.cloud.invoke("onboard_merchant", {"shop_host": "shop.example", "window_days": 7})
    profile = MERCHANTS.get(f"merchant#{shop.id}", "profile") or {}
    kept = ("category", "language", "window_days", "currency", "name")
    assert [profile[name] for name in kept] == ["kitchen", "de_DE", 7, "USD", "Mug & Bean"]


@pytest.mark.parametrize("host", ["xn--80aaxitdbjk.xn--p1ai", "shop.xn--fiqs8s"])
def test_a_shop_under_a_top_level_domain_of_another_script_is_onboarded_and_shared(
    shop: Shop, host: str
) -> None:
    other = Shop.onboard(
        shop.cloud, shop_host=host, recipients=[f"owner@{host}"], shopify_domain=None
    )
    wish = {"url": f"https://{host}/p", "network": "x", "influencer": {"id": "ana"}}
    headers = {"authorization": f"Bearer {other.facts['secret_key']}"}
    made = other.ask("POST", "/v1/links", wish, headers)
    assert made.status == 201, made.body
    assert other.follow(made.json["code"]).headers["location"].startswith(f"https://{host}/p?st=")


def test_a_rotated_secret_key_stops_and_a_publishable_one_has_a_day(shop: Shop) -> None:
    old = dict(shop.facts)
    shop.facts |= shop.onboarded(rotate=["publishable", "secret"])
    assert shop.facts["secret_key"] != old["secret_key"]
    assert shop.share().status == 201

    def status(key: str) -> int:
        body = {"url": f"{ORIGIN}/", "network": "x"}
        headers = {"authorization": f"Bearer {key}", "origin": ORIGIN}
        return shop.ask("POST", "/v1/links", body, headers).status

    assert status(old["secret_key"]) == 401
    assert status(old["publishable_key"]) == 201
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=25))
    assert status(old["publishable_key"]) == 401


def test_keys_are_stored_hashed_and_secrets_encrypted(shop: Shop) -> None:
    stored = repr(list(MERCHANTS.scan()))
    for secret in (shop.facts["secret_key"], shop.facts["publishable_key"], "shpss_a_secret"):
        assert secret not in stored


def test_a_secret_of_one_merchant_does_not_decrypt_for_another(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    name = "webhook:shopify"
    mine = MERCHANTS.get(f"merchant#{shop.id}", f"secret#{name}") or {}
    MERCHANTS.put({**mine, "pk": f"merchant#{other.id}"})
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        vault.active(other.id, name, datetime.now(UTC) + timedelta(hours=1))
    assert clients.kms()


def test_onboarding_shows_what_was_seen_first(shop: Shop) -> None:
    before = shop.onboarded()
    assert [before[f"first_{what}"] for what in ("event", "click", "order")] == [None] * 3
    shop.buy("1001", trail=shop.click(shop.share().json["code"]))
    event = {"id": "event-0001", "type": "view", "url": f"{ORIGIN}/"}
    key = shop.facts["publishable_key"]
    shop.ask("POST", "/v1/events", {"key": key, "events": [event]}, {"origin": ORIGIN})
    assert shop.cloud.drain()["failed"] == []
    seen = shop.onboarded()
    assert None not in [seen[f"first_{what}"] for what in ("event", "click", "order")]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=9))
    shop.run("close_days")
    later = shop.onboarded()
    assert later["first_click"] == seen["first_click"]
    assert later["first_event"] == seen["first_event"]


# ── runs at once, and what one merchant alone may have ───────────────────────────────────────────
def test_two_runs_at_once_that_choose_different_settings_both_stand(shop: Shop) -> None:
    at_once = Barrier(2)

    def choose(setting: dict[str, str]) -> dict:
        at_once.wait()
        asked = {"shop_host": "shop.example"}
        return onboard_merchant.onboard(asked | setting, shop.cloud.clock.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(choose, ({"name": "Mugs"}, {"category": "kitchen"})))
    stands = profiles.read(shop.id)
    assert stands
    assert (stands.name, stands.category) == ("Mugs", "kitchen")


def test_who_was_overtaken_works_it_out_anew_from_what_stands(shop: Shop) -> None:
    def overtaken(merchant: Merchant) -> Merchant:
        if not merchant.category:  # somebody else writes between this one's reading and writing
            profiles.revise(shop.id, lambda stands: replace(stands, category="kitchen"))
        return replace(merchant, name="Mugs")

    before, after = profiles.revise(shop.id, overtaken)
    assert before
    assert (before.category, after.category, after.name) == ("kitchen", "kitchen", "Mugs")
    assert profiles.read(shop.id) == after


def test_who_is_overtaken_again_and_again_is_told_and_changes_nothing(shop: Shop) -> None:
    names = map(str, count())

    def overtaken(merchant: Merchant) -> Merchant:
        profiles.revise(shop.id, lambda stands: replace(stands, name=next(names)))
        return replace(merchant, name="Mugs")

    with pytest.raises(Overtaken):
        profiles.revise(shop.id, overtaken)
    stands = profiles.read(shop.id)
    assert stands
    assert stands.name == "7"


@pytest.mark.parametrize("fault", [faults.contended(times=3), faults.lost(times=1)])
def test_a_transaction_that_others_keep_from_being_done_is_tried_again(
    shop: Shop, fault: Any
) -> None:
    with clients.prompt(), faults.failing("dynamodb", fault):
        _, after = profiles.revise(shop.id, lambda stands: replace(stands, name="Mugs"))
    assert after.name == "Mugs"
    assert profiles.read(shop.id) == after


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"hosts": ["new.example", "www.shop.example"]}, "hosts"),
        ({"hosts": ["shop.example"]}, "hosts"),
        ({"shopify_domain": "mugs.myshopify.com"}, "shopify_domain"),
        ({"origins": ["https://new.example", ORIGIN]}, "origins"),
    ],
)
def test_what_another_merchant_has_is_refused_and_nothing_is_changed_or_made(
    shop: Shop, chosen: dict, field: str
) -> None:
    shop.onboarded(hosts=["www.shop.example"])
    asked = {"shop_host": "other.example", "currency": "USD", "zone": "UTC"}
    before = list(MERCHANTS.scan())
    answer = shop.cloud.invoke("onboard_merchant", asked | chosen)
    assert "another merchant's" in answer["error"]
    assert set(answer["errors"]) == {field}
    assert list(MERCHANTS.scan()) == before
    assert "error" not in shop.cloud.invoke("onboard_merchant", asked)


def test_what_a_merchant_gave_up_another_may_have(shop: Shop) -> None:
    places = {"hosts": ["a.example"], "origins": ["https://a.example"]}
    shop.onboarded(**places)
    shop.onboarded(shopify_domain="bowls.myshopify.com", hosts=[], origins=[ORIGIN])
    other = shop.onboarded(shop_host="other.example", **places)
    assert other["created"]
    assert "another merchant's" in shop.onboarded(**places)["error"]


def test_who_was_onboarded_before_there_were_claims_has_theirs_by_the_next_run(shop: Shop) -> None:
    for key in ("host#shop.example", "shopify#mugs.myshopify.com"):
        MERCHANTS.delete(key, "merchant")
    profile = MERCHANTS.get(f"merchant#{shop.id}", "profile") or {}
    MERCHANTS.put({name: value for name, value in profile.items() if name != "revision"})
    shop.cloud.invoke("onboard_merchant", {"shop_host": "shop.example"})
    other = {"shop_host": "other.example", "hosts": ["shop.example"]}
    assert set(shop.onboarded(**other)["errors"]) == {"hosts", "shopify_domain"}


def test_what_another_claimed_first_is_not_taken_from_them_by_giving_it_up(shop: Shop) -> None:
    shop.onboarded(hosts=["a.example"])
    MERCHANTS.put({"pk": "host#a.example", "sk": "merchant", "merchant": "m_other"})
    assert "error" not in shop.onboarded(hosts=[])
    assert "error" in shop.onboarded(hosts=["a.example"])


def test_as_many_places_as_may_be_chosen_can_all_be_exchanged_at_once(shop: Shop) -> None:
    def places(word: str) -> dict:
        hosts = [f"{word}{n}.example" for n in range(MOST_PLACES - 1)]  # and the shop's own
        origins = [f"https://{each}" for each in (*hosts, f"{word}.example")]
        return {"hosts": hosts, "origins": origins, "shopify_domain": f"{word}.myshopify.com"}

    for word in ("old", "new"):
        assert "error" not in shop.onboarded(**places(word))
    left = {row["pk"] for row in MERCHANTS.scan() if row["pk"].partition("#")[0] in KINDS}
    assert len(left) == 2 * MOST_PLACES + 1
    assert not [each for each in left if "old" in each]
    over = places("over")
    over["origins"] += ["https://one.example"]
    assert set(shop.onboarded(**over)["errors"]) == {"origins"}


KINDS = ("host", "origin", "shopify")


# ── the generic webhook, signed by an independent library ────────────────────────────────────────
def deliver(shop: Shop, secret: str, at: datetime | None = None, **data: object) -> tuple:
    message = {
        "type": data.pop("type", "order.placed"),
        "timestamp": shop.cloud.clock.now().isoformat(),
        "data": {"order_id": "A-1", "currency": "USD", **data},
    }
    answer = post_standard(shop, message, at, secret)
    return answer.status, answer.json


def test_any_shop_can_send_standard_webhooks(shop: Shop) -> None:
    secret = shop.facts["webhook_secrets"]["standard"]
    trail = [shop.click(shop.share().json["code"])]
    sale = {"subtotal": "40.00", "total": "47.60", "trail": trail}
    assert deliver(shop, secret, **sale)[0] == 200
    refund = {"type": "order.refunded", "refund_id": "R-1", "subtotal": "10.00", "total": "11.90"}
    assert deliver(shop, secret, **refund)[0] == 200
    shop.cloud.drain()
    order = shop.order("A-1", "standard")
    assert order["net"]["amount"] == "30.00"
    assert order["credits"]["last"][0]["credited"]["amount"] == "30.00"


def test_a_time_more_than_five_minutes_off_is_refused(shop: Shop) -> None:
    secret = shop.facts["webhook_secrets"]["standard"]
    now = shop.cloud.clock.now()
    for seconds, status in ((290, 200), (-290, 200), (310, 401), (-310, 401), (31_536_000, 401)):
        at = now + timedelta(seconds=seconds)
        assert deliver(shop, secret, at, subtotal="1.00", total="1.00")[0] == status


def test_the_secret_before_the_last_still_signs_and_no_other(shop: Shop) -> None:
    first = shop.facts["webhook_secrets"]["standard"]
    second = shop.onboarded(rotate=["standard"])["webhook_secrets"]["standard"]
    sale = {"subtotal": "1.00", "total": "1.00"}
    assert [deliver(shop, secret, **sale)[0] for secret in (first, second)] == [200, 200]
    third = shop.onboarded(rotate=["standard"])["webhook_secrets"]["standard"]
    statuses = [deliver(shop, secret, **sale)[0] for secret in (first, second, third)]
    assert statuses == [401, 200, 200]
    assert deliver(shop, "whsec_" + base64.b64encode(b"x" * 24).decode(), **sale)[0] == 401


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"subtotal": "12,50", "total": "1"}, "data.subtotal"),
        ({"subtotal": 12.5, "total": "1"}, "data.subtotal"),
        ({"subtotal": "-1", "total": "1"}, "data.subtotal"),
        ({"total": "1"}, "data.subtotal"),
        ({"subtotal": "1", "total": "1", "order_id": "x" * 300}, "data.order_id"),
        ({"type": "order.refunded", "subtotal": "1"}, "data.refund_id"),
    ],
)
def test_a_signed_message_that_cannot_be_understood_is_kept_and_named(
    shop: Shop, data: dict, field: str
) -> None:
    status, told = deliver(shop, shop.facts["webhook_secrets"]["standard"], **data)
    assert status == 202
    kept = shop.read(f"/v1/quarantine/{told['quarantined']}")
    assert field in str(kept["errors"])


def test_a_message_of_a_type_that_nobody_knows_is_refused(shop: Shop) -> None:
    secret = shop.facts["webhook_secrets"]["standard"]
    assert deliver(shop, secret, type="order.lost")[0] == 422


def test_of_two_rotations_at_once_neither_secret_is_lost(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    vault.keep(shop.id, "webhook:stripe", b"first")
    at_once = Barrier(2)

    def rotate(value: bytes) -> None:
        at_once.wait()
        vault.keep(shop.id, "webhook:stripe", value)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rotate, (b"second", b"third")))
    assert set(vault.active(shop.id, "webhook:stripe", now)) == {b"second", b"third"}
