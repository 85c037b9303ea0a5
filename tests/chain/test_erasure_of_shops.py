"""Erasure of a whole shop: its keys go first, and then all that stands under its name, but what is
said to stay or to end by itself; and nothing that was under way brings any of it back."""

import gzip
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from sharetrail.analysis.score import score_history
from sharetrail.aws import sealed_objects
from sharetrail.aws.queues import ANALYSES, CHORES, CONNECTIONS, MAILS, ORDERS
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.merchants import vault
from sharetrail.privacy import pieces, shops
from sharetrail.privacy.shop import retained, shop_influencers
from sharetrail.questions import results
from tests.chain.test_erasure_of_people import (
    CLEO,
    be_told_of,
    drain,
    exported,
    get_reports,
    pass_time,
    share_and_sell,
)
from tests.erasures import night, places
from tests.kills import done_over_and_over
from tests.shops import HOST, ORIGIN, Shop

ENDS_BY_ITSELF = re.compile(
    r"events |identities |totals m_\w+#\d{8} |salts |bucket (erasures|retained)/"
)
"""Clicks and page events; what joined orders by hashes; sums of five minutes."""
STAYS = re.compile(r"merchants merchant#m_\w+ / erased")
OTHER, THEIRS = "other.example", "o@other.example"


def live(shop: Shop) -> list[str]:
    """Its people sell, get reports and act; a refund came before its order. Links' codes."""
    share_and_sell(shop)
    be_told_of(shop)
    get_reports(shop)
    shop.deliver("refunds/create", shop.a_refund("1099", "9", "5.00"))
    odd = {**shop.an_order("1003"), "currency": "dollars"}
    assert shop.deliver("orders/create", odd).status == 202
    drain(shop)
    return [each["code"] for each in shop.read("/v1/links")["items"]]


def of_shop(shop: Shop) -> re.Pattern[str]:
    return re.compile(f"{shop.id}|{re.escape(HOST)}")


def standing(shop: Shop) -> list[str]:
    """Where it is named still, but for what ends by itself."""
    left = (each for each in places(shop, of_shop(shop)) if not ENDS_BY_ITSELF.match(each))
    return [each for each in left if not STAYS.match(each)]


def test_of_an_erased_shop_nothing_stands_but_what_is_said(shop: Shop) -> None:
    other = {"shop_host": OTHER, "shopify_domain": "o.myshopify.com", "recipients": [THEIRS]}
    neighbour = Shop.onboard(shop.cloud, **other)
    codes = live(shop)
    theirs = len(places(shop, re.compile(neighbour.id)))
    months, order, old = retained.of_months(shop.id), shop.an_order("2001"), shop.facts
    assert len(standing(shop)) > 80
    hold_export(exported(shop, {"shop": True}))

    erase_shop(shop)

    assert standing(shop) == []
    assert vault.newest(shop.id, "pepper") is None
    hold_retained(shop, months)
    for code in codes:
        gone = shop.follow(code)
        assert (gone.status, b"This link has ended" in gone.body) == (410, True)
    assert len(places(shop, re.compile(neighbour.id))) == theirs
    no_key_opens_anything(shop, order)
    a_shop_that_begins_anew_is_another(shop, old)


def hold_export(told: Any) -> None:
    assert "secret#pepper" in told["secrets"]
    assert "values" not in json.dumps(told["rows"])
    profiles = {each["profile"]["id"]: each["profile"] for each in told["influencers"]}
    assert profiles["cleo"]["email"] == CLEO["email"]
    assert sum(month["orders"] for month in told["months"]) == 3
    assert len(told["ends_by_itself"]) > 20


def hold_retained(shop: Shop, months: list[dict[str, Any]]) -> None:
    (key,) = (key for key, _ in sealed_objects.listed(f"{retained.PREFIX}{shop.id}/"))
    told = json.loads(sealed_objects.get(key) or b"")
    assert told["months"] == months
    assert sum(month["credited"] for month in months) == 12_700
    assert "cleo" not in json.dumps(told)


def no_key_opens_anything(shop: Shop, order: dict[str, Any]) -> None:
    assert shop.deliver("orders/create", order).status == 401
    assert shop.share().status == 401
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("GET", "/v1/links", None, secret).status == 401
    seen = {"id": "an-event-id", "type": "view", "url": f"{ORIGIN}/products/mug"}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 401
    assert shop.ask("OPTIONS", "/v1/links", headers={"origin": ORIGIN}).status == 403
    for mail in (each for each in shop.cloud.outbox.mails if each.to != THEIRS):
        for path in {*re.findall(r"/(?:reports|unsubscribe)/\w+", mail.html)}:
            assert shop.ask("GET", path).status == 404
    assert standing(shop) == []


def a_shop_that_begins_anew_is_another(shop: Shop, old: dict[str, Any]) -> None:
    """The erasure is done again each day, for what was under way."""
    shop.facts = shop.onboarded()
    code = shop.share("ana").json["code"]
    at = shop.cloud.clock.now() + timedelta(days=1)
    shop.cloud.clock.set_forward(at.replace(hour=3))
    assert shop.run("sweep") == []
    assert shop.facts["secret_key"] != old["secret_key"]
    assert shop.follow(code).status == 302
    erase_shop(shop)
    assert standing(shop) == []


def erase_shop(shop: Shop) -> None:
    """Warm instances know a shop and its keys for a minute."""
    erase_alone(shop)
    pass_time(shop, minutes=2)
    drain(shop)


def test_what_is_under_way_for_an_erased_shop_is_taken_as_done(shop: Shop) -> None:
    """Whatever its queues hold, and what its streams ring."""
    live(shop)
    fact = next(row for row in shop_rows("orders", shop) if row["sk"] == "placed")
    mail = next(each for each in shop.cloud.outbox.mails)
    messages = waiting_messages(shop, fact, mail.to)
    shop.click(shop.read("/v1/links")["items"][0]["code"])
    shop.buy("3001")

    erase_alone(shop)
    pass_time(shop, minutes=2)
    for queue, body in messages:
        queue.send(json.dumps(body))
    for fate in ("bounce", "complaint"):
        shop.ask("POST", f"/_local/outbox/{mail.number}/{fate}")
    drain(shop)
    for schedule in ("sweep", "close_days", "score_influencers", "schedule_reports"):
        assert shop.run(schedule) == []

    agenda = [each for each in standing(shop) if not each.startswith("agenda ")]
    assert agenda == [], "but an hour of the late click, for 120 days"


def waiting_messages(shop: Shop, fact: dict[str, Any], to: str) -> list[tuple[Any, Any]]:
    about = {"merchant": shop.id, "about": ["2026-11-30"]}
    report = {"merchant": shop.id, "kind": "week", "first": "2026-11-30", "snapshot": "0", "to": to}
    return [
        *((CHORES, {"job": kind, **about}) for kind in ("close", "heal", "attribute", "retry")),
        *((ANALYSES, {"job": kind, **about}) for kind in ("score", "report")),
        (CONNECTIONS, {"job": "connect", "merchant": shop.id, "about": ["shopify"]}),
        (CHORES, {"job": "store", "merchant": shop.id, "about": [f"spilled/{shop.id}/x"]}),
        (ORDERS, {"merchant": shop.id, "fact": fact}),
        (MAILS, report),
    ]


def shop_rows(noun: str, shop: Shop) -> list[dict[str, Any]]:
    from sharetrail.aws.tables import Table

    return [row for row in Table(noun).scan() if row["pk"].startswith(shop.id)]


def erase_alone(shop: Shop) -> None:
    """Streams and queues wait meanwhile."""
    event = {"merchant": shop.id, "time": shop.cloud.clock.now().isoformat(), "shop": True}
    assert "error" not in shop.cloud.invoke("erase_person", event)


def test_a_shop_that_is_too_large_for_an_answer_is_told_of_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an operator reads it: a line of what it is, and then gzip."""
    live(shop)
    event = {"merchant": shop.id, "time": shop.cloud.clock.now().isoformat(), "shop": True}
    whole = shop.cloud.invoke("export_person", event)
    monkeypatch.setattr(results, "MOST_BYTES", len(json.dumps(whole)) - 1)
    told = shop.cloud.invoke("export_person", event)
    assert told["data"] is None
    stored = sealed_objects.get(told["kept_as"])
    assert json.loads(gzip.decompress(stored.partition(b"\n")[2])) == json.loads(json.dumps(whole))
    erase_shop(shop)
    assert sealed_objects.get(told["kept_as"]) is None


@pytest.mark.slow
def test_a_shops_erasure_that_dies_after_every_write_comes_to_its_end(shop: Shop) -> None:
    live(shop)
    months = retained.of_months(shop.id)

    assert done_over_and_over(lambda: erase_alone(shop)) > 5

    drain(shop)
    assert standing(shop) == []
    hold_retained(shop, months)


def test_a_shop_that_was_erased_days_ago_is_not_looked_for_every_night(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the table of merchants is read for it."""
    erase_shop(shop)
    looked = list[str]()
    real = shops.erase

    def looking(merchant_id: str, *more: Any) -> Any:
        looked.append(merchant_id)
        return real(merchant_id, *more)

    monkeypatch.setattr(shops, "erase", looking)
    for nights in (1, 2, 2, 2):
        night(shop)
        assert len(looked) <= nights
    assert looked, "for what was under way"


def test_a_shops_many_influencers_are_deleted_in_pieces(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with their scores, so that a piece finds none of the piece before."""
    for name in ("ana", "ben", "cleo"):
        shop.share(name)
    score = {"pk": score_history.partition_of(shop.id, "ana"), "sk": "week#2026-11-23"}
    INFLUENCERS.put(score)
    monkeypatch.setattr(pieces, "_TOGETHER", 1)
    over = iter([False, True])
    assert shop_influencers.delete_all(shop.id, lambda: next(over)) == 2
    assert [row["sk"] for row in INFLUENCERS.query(shop.id)] == ["ben", "cleo"]
    assert list(INFLUENCERS.query(score["pk"])) == []


@pytest.mark.slow
def test_what_takes_longer_than_a_run_goes_on_by_the_queue(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(shop)
    with monkeypatch.context() as short:
        short.setattr(pieces, "A_PIECE", -1.0)
        erase_alone(shop)
        assert len(standing(shop)) > 30
        onboarded = shop.cloud.invoke(
            "onboard_merchant", {"shop_host": HOST, "currency": "USD", "zone": "Europe/Berlin"}
        )
        assert "being erased" in onboarded["error"]
    drain(shop)
    assert standing(shop) == []
