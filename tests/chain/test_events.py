"""Page events: by beacon, once each, and what they add up to."""

from datetime import timedelta

from tests.shops import ORIGIN, Answer, Shop


def an_event(number: int, kind: str = "view", **more: object) -> dict:
    return {"id": f"event-{number:04}", "type": kind, "url": f"{ORIGIN}/products/mug?x=1#y", **more}


def beacon(shop: Shop, *events: dict) -> Answer:
    """What `navigator.sendBeacon` sends: text/plain, no header of ours."""
    body = {"key": shop.facts["publishable_key"], "events": list(events)}
    headers = {"origin": ORIGIN, "content-type": "text/plain;charset=UTF-8"}
    return shop.ask("POST", "/v1/events", body, headers)


def counted(shop: Shop) -> dict[str, int | None]:
    shop.cloud.drain()
    told = shop.read("/v1/stats")["totals"]
    return {name: told[name] for name in ("views", "opens", "shares")}


def test_a_visits_events_are_counted_by_type(shop: Shop) -> None:
    code = shop.share().json["code"]
    now = shop.cloud.clock.now().isoformat()
    answer = beacon(
        shop,
        an_event(1, at=now),
        an_event(2, "open", at=now, product={"id": "7", "title": "Mug"}),
        an_event(3, "share", at=now, code=code),
        an_event(4, "view", at=now, n=5),
    )
    assert answer.status == 202
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert counted(shop) == {"views": 6, "opens": 1, "shares": 1}
    assert shop.read("/v1/stats?by=link")["rows"] == [], "that a page says so is no proof"


def test_a_resent_event_is_the_same_event(shop: Shop) -> None:
    event = an_event(1, at=shop.cloud.clock.now().isoformat())
    beacon(shop, event)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=7))
    beacon(shop, event)
    assert counted(shop)["views"] == 1


def test_an_event_without_a_believable_time_counts_once_when_its_day_closes(shop: Shop) -> None:
    far = (shop.cloud.clock.now() + timedelta(days=3)).isoformat()
    for _ in range(2):
        beacon(shop, an_event(1), an_event(2, at=far), an_event(3, at="2001-01-01T00:00:00Z"))
    assert counted(shop)["views"] is None
    day = shop.cloud.clock.now().astimezone().date()
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    shop.run("close_days")
    told = shop.read(f"/v1/stats?from={day - timedelta(days=1)}&to={day + timedelta(days=1)}")
    assert told["totals"]["views"] == 3


def test_a_page_is_kept_without_its_query(shop: Shop) -> None:
    beacon(shop, an_event(1, at=shop.cloud.clock.now().isoformat()))
    from sharetrail.aws.tables import EVENTS

    (item,) = EVENTS.scan()
    assert item["u"] == "shop.example/products/mug"


def test_a_resend_from_a_browser_whose_clock_is_ahead_is_the_same_event(shop: Shop) -> None:
    event = an_event(1, at=(shop.cloud.clock.now() + timedelta(minutes=4)).isoformat())
    beacon(shop, event)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    beacon(shop, event)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=10))
    assert counted(shop)["views"] == 1
