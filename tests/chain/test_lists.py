"""Lists over the API: whatever is asked for, each row once, in the order asked for."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from sharetrail.analysis import periods
from sharetrail.api.frame import paging
from sharetrail.api.sharing import coupon_codes, link_list
from sharetrail.sharing import influencers, links
from sharetrail.web.cursors import cursor_of
from tests.shops import ORIGIN, Shop, monday


def listed(shop: Shop, path: str, limit: int = 2, **asked: Any) -> list[Any]:
    """The whole list, page by page."""
    items: list[Any] = []
    cursor = None
    for _ in range(50):
        query = {**asked, "limit": limit} | ({"cursor": cursor} if cursor else {})
        page = shop.read(f"/v1/{path}?{urlencode(query)}")
        assert len(page["items"]) <= limit
        items += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            return items
    raise AssertionError("the list has no end")


def a_browser(n: int) -> str:
    return f"Mozilla/5.0 (X11; Linux x86_64; rv:{n}) Gecko/20100101 Firefox/{n}"


def status_of(shop: Shop, path: str, **asked: Any) -> int:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("GET", f"/v1/{path}?{urlencode(asked)}", headers=headers).status


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def some_links(shop: Shop) -> list[str]:
    """Five, oldest first: codes."""
    made = [
        shop.share("ana", network="x", campaign="autumn", product={"id": "mug"}),
        shop.share("ana", network="whatsapp", label="story"),
        shop.share("ben", network="x"),
        shop.share("ben", code="ben-mug", campaign="autumn"),
        shop.share("cem", network="other", label="Twitch"),
    ]
    return [each.json["code"] for each in made]


def codes(items: list[Any]) -> list[str]:
    return [each["code"] for each in items]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_links_are_listed_newest_first_or_oldest_first_each_once(shop: Shop, limit: int) -> None:
    made = some_links(shop)
    assert codes(listed(shop, "links", limit)) == made[::-1]
    assert codes(listed(shop, "links", limit, sort="created_at")) == made


def test_links_of_the_same_millisecond_are_each_on_one_page(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = shop.cloud.clock.now()
    one = links.find(shop.share("ana").json["code"])
    assert one
    rows = [{**links.item(one), "pk": f"same-{n}", "code": f"same-{n}"} for n in range(7)]
    links.LINKS.write_all(rows)
    for sort in ("created_at", "-created_at"):
        for limit in (1, 3):
            found = codes(listed(shop, "links", limit, sort=sort))
            assert sorted(found) == sorted([one.code, *(f"same-{n}" for n in range(7))])
            mine = codes(listed(shop, "links", limit, sort=sort, influencer="ana"))
            assert sorted(mine) == sorted(found)
    assert at


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"influencer": "ana"}, [1, 0]),
        ({"influencer": "ana", "sort": "created_at"}, [0, 1]),
        ({"network": "x"}, [2, 0]),
        ({"campaign": "autumn"}, [3, 0]),
        ({"label": "story"}, [1]),
        ({"product_id": "mug"}, [0]),
        ({"influencer": "ben", "network": "x"}, [2]),
        ({"influencer": "nobody"}, []),
        ({"disabled": "true"}, [4]),
        ({"disabled": "false"}, [3, 2, 1, 0]),
    ],
)
def test_links_are_narrowed_by_what_they_are_made_of(
    shop: Shop, asked: dict[str, str], expected: list[int]
) -> None:
    made = some_links(shop)
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("PATCH", f"/v1/links/{made[4]}", {"disabled": True}, secret)
    assert codes(listed(shop, "links", 1, **asked)) == [made[n] for n in expected]


@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_who_has_very_many_links_has_them_listed_in_the_same_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    some_links(shop)
    few = codes(listed(shop, "links", 1, sort=sort, influencer="ana"))
    assert len(few) == 2
    monkeypatch.setattr(link_list, "_FEW", 1)
    read: list[int] = []
    real = links.made_behind

    def noted(merchant_id: str, influencer: str, after: str, most: int) -> Any:
        read.append(most)
        return real(merchant_id, influencer, after, most)

    monkeypatch.setattr(links, "made_behind", noted)
    assert codes(listed(shop, "links", 1, sort=sort, influencer="ana")) == few
    assert {*read} == {2}, "of them no more than tells that they are many"


def test_links_made_since_a_time_are_listed(shop: Shop) -> None:
    some_links(shop)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    since = (shop.cloud.clock.now() - timedelta(minutes=5)).isoformat()
    late = [shop.share("dee", network=each).json["code"] for each in ("x", "email")]
    assert codes(listed(shop, "links", created_since=since)) == late[::-1]
    assert codes(listed(shop, "links", created_since=since, influencer="ana")) == []


def test_links_are_listed_by_peoples_clicks(shop: Shop) -> None:
    made = some_links(shop)
    for n, times in ((1, 3), (3, 1), (0, 2)):
        for visit in range(times):
            shop.click(made[n], a_browser(visit))
    shop.cloud.drain()
    found = listed(shop, "links", sort="-clicks")
    told = [(each["code"], each["clicks_in_days"]) for each in found]
    assert told == [(made[1], 3), (made[0], 2), (made[3], 1)]
    assert codes(listed(shop, "links", sort="-clicks", influencer="ana")) == [made[1], made[0]]
    assert listed(shop, "links", 100)[0]["clicks_in_days"] is None


@pytest.mark.parametrize(("path", "name"), [("links", "code"), ("influencers", "id")])
def test_what_is_followed_while_the_list_is_read_moves_no_other(
    shop: Shop, path: str, name: str
) -> None:
    made = some_links(shop)
    ana, ben, cem = made[0], made[2], made[4]
    for code, times in ((ana, 3), (ben, 2), (cem, 1)):
        for visit in range(times):
            shop.click(code, a_browser(visit))
    shop.cloud.drain()
    page = shop.read(f"/v1/{path}?sort=-clicks&limit=1")
    for visit in range(4):
        shop.click(ben, a_browser(40 + visit))
    shop.cloud.drain()
    rest = shop.read(f"/v1/{path}?sort=-clicks&cursor={page['cursor']}")
    told = [each[name] for each in (*page["items"], *rest["items"])]
    assert told == ([ana, cem] if name == "code" else ["ana", "cem"])


@pytest.mark.parametrize("sort", ["-clicks", "-score"])
@pytest.mark.parametrize(
    "key", ["x", "1", "#", "1#", "x#y", "²#y", "2026-11-30#x", "9" * 13 + "#y"]
)
def test_a_cursor_of_no_place_is_refused(shop: Shop, sort: str, key: str) -> None:
    choices: dict[str, Any] = {"days": (None, None), "sort": sort}
    mark = paging.asked(1, None, **choices).choices
    cursor = cursor_of(f"{mark}2026-11-302026-12-01{key}")
    assert status_of(shop, "influencers", sort=sort, cursor=cursor) == 400


@pytest.mark.parametrize("path", ["recipients", "keys"])
def test_who_goes_while_the_list_is_read_moves_no_other(shop: Shop, path: str) -> None:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for n in range(3):
        if path == "keys":
            shop.ask("POST", "/v1/keys", {"name": f"{n}"}, secret)
        else:
            shop.ask("PUT", f"/v1/recipients/{n}@shop.example", {}, secret)
    key = "id" if path == "keys" else "address"
    everyone = [each[key] for each in listed(shop, path)]
    first = shop.read(f"/v1/{path}?limit=3")
    goes = next(each for each in first["items"] if each.get("name") not in ("pages", "first"))
    assert shop.ask("DELETE", f"/v1/{path}/{goes[key]}", None, secret).status == 200
    rest = shop.read(f"/v1/{path}?cursor={first['cursor']}")
    assert [each[key] for each in rest["items"]] == everyone[3:]


def test_too_much_to_be_sorted_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "MOST_ORDERS", 0)
    shop.buy("1001")
    shop.cloud.drain()
    for path in ("links", "influencers"):
        assert status_of(shop, path, sort="-clicks") == 422


def test_a_page_that_looked_at_enough_is_short_and_others_follow(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_LOOKED_AT", 2)
    made = some_links(shop)
    page = shop.read("/v1/links?network=other")
    assert (codes(page["items"]), page["cursor"] is None) == ([made[4]], False)
    assert codes(listed(shop, "links", 100, campaign="autumn")) == [made[3], made[0]]


def test_nobody_elses_rows_are_listed(shop: Shop) -> None:
    some_links(shop)
    shop.buy("1001", trail=shop.click(shop.share().json["code"]))
    shop.cloud.drain()
    asked = {"shop_host": "other.example", "origins": ["https://other.example"], "hosts": []}
    other = Shop.onboard(shop.cloud, shopify_domain=None, **asked)
    for path in ("links", "orders", "influencers", "reports", "codes"):
        assert listed(other, path) == [], path
        assert path in ("reports", "codes") or listed(shop, path), path


@pytest.mark.parametrize("path", ["links", "orders", "influencers", "reports", "codes"])
@pytest.mark.parametrize("asked", [{"sort": "colour"}, {"colour": "1"}, {"cursor": "bm9uZQ=="}])
def test_what_a_list_does_not_know_is_refused(shop: Shop, path: str, asked: dict[str, str]) -> None:
    assert status_of(shop, path, **asked) == 400


def test_a_cursor_of_another_order_is_refused(shop: Shop) -> None:
    some_links(shop)
    cursor = shop.read("/v1/links?limit=1")["cursor"]
    assert status_of(shop, "links", cursor=cursor) == 200
    for asked in ({"sort": "created_at"}, {"network": "x"}):
        assert status_of(shop, "links", cursor=cursor, **asked) == 400


@pytest.mark.parametrize("path", ["orders", "held-orders", "network-figures"])
@pytest.mark.parametrize("key", ["x", "2026-12-01", "2026-12-012026-11-01", "2020-01-012026-12-01"])
def test_a_cursor_of_no_days_is_refused(shop: Shop, path: str, key: str) -> None:
    choices: dict[str, Any] = {"days": (None, None)}
    asked = {"sort": "-day"} if path == "orders" else {}
    mark = paging.asked(1, None, **choices, **asked).choices
    refused = status_of(shop, path, cursor=cursor_of(f"{mark}{key}"))
    assert refused == 400


@pytest.mark.parametrize("sort", ["from", "-from"])
def test_no_place_and_no_days_of_reports_fail(shop: Shop, sort: str) -> None:
    mark = paging.asked(1, None, sort=sort).choices

    def status(place: str, **asked: str) -> int:
        return status_of(shop, "reports", sort=sort, cursor=cursor_of(mark + place), **asked)

    for place in ("x", "2026-11-30", "~" * 1_000, "2026-11-30#" + "x" * 1_000):
        assert status(place) == 400, place
    assert status("2099-12-31#week") == status("1999-01-01#week") == 200
    assert status_of(shop, "reports", **{"from": "2026-11-02", "to": "2026-11-01"}) == 400
    assert status_of(shop, "costs", **{"from": "2026-11-02", "to": "2026-11-01"}) == 400


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
def some_orders(shop: Shop) -> None:
    """Two of a day, two of the next: by ana's link, by her code, test, and nobody's."""
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("POST", "/v1/codes", {"code": "ANA10", "influencer": "ana"}, secret)
    code = shop.share("ana", network="x", product={"id": "1"}).json["code"]
    trail = shop.click(code)
    shop.buy("1001", "50.00", trail, visit=trail)
    shop.buy("1002", "30.00", discount_codes=[{"code": "ana10"}])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    shop.buy("1003", "20.00")
    shop.buy("1004", "10.00", test=True)
    assert shop.cloud.drain()["failed"] == []


def ids(items: list[Any]) -> list[str]:
    return [each["id"] for each in items]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_orders_are_listed_by_day_newest_or_oldest_first(shop: Shop, limit: int) -> None:
    some_orders(shop)
    assert ids(listed(shop, "orders", limit)) == ["1004", "1003", "1002", "1001"]
    assert ids(listed(shop, "orders", limit, sort="day")) == ["1001", "1002", "1003", "1004"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"influence": "last_click"}, ["1001"]),
        ({"influence": "assisted"}, ["1002"]),
        ({"influence": "none"}, ["1003"]),
        ({"influencer": "ana"}, ["1002", "1001"]),
        ({"network": "x"}, ["1001"]),
        ({"product_id": "1"}, ["1001"]),
        ({"code": "Ana10"}, ["1002"]),
        ({"platform": "stripe"}, []),
        ({"platform": "shopify", "influencer": "ana"}, ["1002", "1001"]),
        ({"held": "true"}, ["1001"]),
        ({"held": "false", "influencer": "ana"}, ["1002"]),
        ({"from": "2020-01-01", "to": "2020-01-31"}, []),
    ],
)
def test_orders_are_narrowed_by_what_earned_them(
    shop: Shop, asked: dict[str, str], expected: list[str]
) -> None:
    some_orders(shop)
    assert ids(listed(shop, "orders", 1, **asked)) == expected


def test_an_order_of_the_list_tells_its_money_and_whose_it_is(shop: Shop) -> None:
    some_orders(shop)
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "20.00"))
    shop.cloud.drain()
    order = next(each for each in listed(shop, "orders") if each["id"] == "1001")
    assert order["net"] == {"amount": "30.00", "currency": "USD"}
    assert order["refunded"] == {"amount": "20.00", "currency": "USD"}
    assert order["credited_by_influencer"] == {"ana": {"amount": "30.00", "currency": "USD"}}
    assert (order["name"], order["influence"], order["test"]) == ("#1001", "last_click", False)


def test_a_link_and_a_code_are_not_asked_for_at_once(shop: Shop) -> None:
    assert status_of(shop, "orders", link="0123456789", code="ANA10") == 400


def test_a_list_of_the_last_days_goes_on_past_midnight_with_the_days_that_it_began_with(
    shop: Shop,
) -> None:
    now = shop.cloud.clock.now()
    evening = now.replace(hour=4, minute=50) + timedelta(days=8)  # 23:50 in New York
    shop.cloud.clock.set_forward(evening - timedelta(days=6, hours=1))
    shop.buy("1001")
    shop.cloud.clock.set_forward(evening - timedelta(minutes=5))
    shop.buy("1002")
    shop.cloud.drain()
    shop.cloud.clock.set_forward(evening)
    page = shop.read("/v1/orders?limit=1")
    assert ids(page["items"]) == ["1002"]
    shop.cloud.clock.set_forward(evening + timedelta(minutes=20))
    rest = shop.read(f"/v1/orders?limit=1&cursor={page['cursor']}")
    assert (ids(rest["items"]), rest["cursor"]) == (["1001"], None)


# ── influencers ──────────────────────────────────────────────────────────────────────────────────
def some_people(shop: Shop) -> str:
    """ana, ben and cem, of whom ana is tagged; and a visitor, whose id is told."""
    for who in ("ana", "ben", "cem"):
        shop.share(who)
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("PUT", "/v1/influencers/ana", {"name": "Zoë Ana", "tags": ["vip"]}, secret)
    return shop.share(key="publishable_key", influencer={"id": "a" * 32}).json["influencer"]


def test_influencers_are_listed_by_id_and_narrowed(shop: Shop) -> None:
    visitor = some_people(shop)
    everyone = sorted([visitor, "ana", "ben", "cem"])
    assert ids(listed(shop, "influencers", 1)) == everyone
    assert ids(listed(shop, "influencers", 1, anonymous="true")) == [visitor]
    assert ids(listed(shop, "influencers", 1, anonymous="false")) == ["ana", "ben", "cem"]
    assert ids(listed(shop, "influencers", tag="vip")) == ["ana"]
    assert ids(listed(shop, "influencers", name_begins="zoë")) == ["ana"]
    assert ids(listed(shop, "influencers", name_begins="Visitor")) == [visitor]
    assert ids(listed(shop, "influencers", tier="gold")) == []


def test_an_id_like_a_visitors_namespace_is_on_one_side_of_it(shop: Shop) -> None:
    for who in ("anon", "anon-x", "anonx", "anoo"):
        shop.share(who)
    visitor = some_people(shop)
    assert ids(listed(shop, "influencers", 1, anonymous="true")) == [visitor]
    rest = ids(listed(shop, "influencers", 1, anonymous="false"))
    assert rest == sorted(["ana", "anon", "anon-x", "anonx", "anoo", "ben", "cem"])
    assert [each["sk"] for each in influencers.listed(shop.id, "ben", None)] == ["cem"]


def test_influencers_are_listed_by_clicks_and_by_score(shop: Shop) -> None:
    some_people(shop)
    trails = []
    for who, times in (("ben", 3), ("ana", 1)):
        code = shop.share(who).json["code"]
        trails += [shop.click(code, a_browser(visit)) for visit in range(times)]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=5))
    for n, trail in enumerate(trails):
        shop.buy(f"{1001 + n}", "40.00", trail)
    shop.cloud.drain()
    found = listed(shop, "influencers", 1, sort="-clicks")
    assert [(each["id"], each["clicks_in_days"]) for each in found] == [("ben", 3), ("ana", 1)]
    assert listed(shop, "influencers", sort="-score") == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []
    scored = listed(shop, "influencers", 1, sort="-score")
    assert ids(scored) == ["ben", "ana"]
    tiers = {each["score"]["tier"] for each in scored}
    for tier in tiers:
        same = [each["id"] for each in scored if each["score"]["tier"] == tier]
        assert ids(listed(shop, "influencers", 1, sort="-score", tier=tier)) == same
        assert sorted(ids(listed(shop, "influencers", tier=tier))) == sorted(same)


# ── coupon codes ─────────────────────────────────────────────────────────────────────────────────
def test_codes_are_narrowed_by_code_influencer_and_what_stands(shop: Shop) -> None:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for code, who in (("ANA", "ana"), ("ANA10", "ana"), ("BEN", "ben"), ("ANA", "ben")):
        shop.ask("POST", "/v1/codes", {"code": code, "influencer": who}, secret)

    def told(**asked: str) -> list[tuple[str, str]]:
        return [(each["code"], each["influencer"]) for each in listed(shop, "codes", 1, **asked)]

    everything = [("ANA", "ana"), ("ANA", "ben"), ("ANA10", "ana"), ("BEN", "ben")]
    assert told() == everything
    assert told(code="ana") == everything[:2]
    assert told(influencer="ana") == [("ANA", "ana"), ("ANA10", "ana")]
    assert told(standing="true") == everything[1:]
    assert told(standing="false") == everything[:1]


def test_codes_are_listed_by_when_they_were_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for code, who in (("BEN", "ben"), ("ANA", "ana"), ("CEM", "cem"), ("ANA", "ben")):
        shop.ask("POST", "/v1/codes", {"code": code, "influencer": who}, secret)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))

    def told(**asked: str) -> list[tuple[str, str]]:
        found = listed(shop, "codes", 1, sort="-since", **asked)
        return [(each["code"], each["influencer"]) for each in found]

    newest = [("ANA", "ben"), ("CEM", "cem"), ("ANA", "ana"), ("BEN", "ben")]
    assert told() == newest
    assert told(influencer="ben") == [newest[0], newest[3]]
    assert told(code="ana") == [newest[0], newest[2]]
    monkeypatch.setattr(coupon_codes, "MOST_SORTED", 3)
    refused = shop.ask("GET", "/v1/codes?sort=-since", None, secret)
    assert (refused.status, refused.json["code"]) == (422, "too_much_to_sort")
    assert len(told(code="ana")) == 2
    assert len(listed(shop, "codes", 1)) == 4, "in its own order as ever"


# ── rankings ─────────────────────────────────────────────────────────────────────────────────────
def test_a_ranking_goes_on_with_the_week_that_it_began_with(shop: Shop) -> None:
    for who, times in (("ana", 2), ("ben", 1)):
        code = shop.share(who).json["code"]
        for visit in range(times):
            shop.click(code, a_browser(visit))
    shop.cloud.drain()
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []
    page = shop.read("/v1/rankings/shares?limit=1")
    shop.click(shop.share("cem").json["code"])
    shop.cloud.drain()
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []
    assert shop.read("/v1/rankings/shares")["from"] > page["from"]
    rest = shop.read(f"/v1/rankings/shares?limit=1&cursor={page['cursor']}")
    assert (rest["from"], rest["cursor"]) == (page["from"], None)
    found = [(each["rank"], each["influencer"]) for each in page["items"] + rest["items"]]
    assert found == [(1, "ana"), (2, "ben")]


def test_who_overtakes_in_days_so_far_moves_no_other_to_another_page(shop: Shop) -> None:
    made: dict[str, str] = {}

    def follow(who: str, visits: range) -> None:
        made[who] = made.get(who) or shop.share(who).json["code"]
        for visit in visits:
            shop.click(made[who], a_browser(visit))
        shop.cloud.drain()

    def behind(cursor: str) -> list[str]:
        rest = shop.read(f"/v1/rankings/shares?limit=2&cursor={cursor}")
        return [each["influencer"] for each in rest["items"]]

    for who, times in (("ana", 4), ("ben", 3), ("cem", 2)):
        follow(who, range(times))
    page = shop.read("/v1/rankings/shares?limit=1")
    assert [each["influencer"] for each in page["items"]] == ["ana"]
    follow("ben", range(10, 15))
    assert behind(page["cursor"]) == ["cem"], "and ana is on one page"
    follow("ana", range(10, 19))
    assert behind(page["cursor"]) == ["cem"]
    ranked = shop.read("/v1/rankings/shares")["items"]
    assert [(each["influencer"], each["clicks"]) for each in ranked] == [
        *(("ana", 13), ("ben", 8), ("cem", 2)),
    ]


@pytest.mark.parametrize(
    "key",
    [
        *("x", "2026-11-30", "2026-11-30[]", '2026-11-30["x", "ana"]', "2026-11-305"),
        *("2026-11-30[[1], 2]", '2026-13-30[1, "ana"]', "2026-11-30" + "[" * 1_000),
        '2026-11-30[1e999, NaN, "ana"]',
        f'2026-11-30[{"9" * 400}, "ana"]',
    ],
)
@pytest.mark.parametrize("by", ["shares", "sales", "influence"])
def test_a_cursor_that_names_no_place_of_a_ranking_fails_nothing(
    shop: Shop, by: str, key: str
) -> None:
    mark = paging.asked(1, None, by=by).choices
    status = status_of(shop, f"rankings/{by}", cursor=cursor_of(f"{mark}{key}"))
    assert status == (200 if "NaN" in key else 400)


# ── reports ──────────────────────────────────────────────────────────────────────────────────────
def test_kept_reports_are_listed_and_one_tells_its_figures(shop: Shop) -> None:
    assert listed(shop, "reports") == []
    code = shop.share("ana", network="x").json["code"]
    trail = shop.click(code)
    shop.buy("1001", "50.00", trail, visit=trail)
    shop.cloud.drain()
    for _ in range(2):
        shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
        assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    newest, older = listed(shop, "reports", 1)
    assert newest["from"] > older["from"]
    assert older["kind"] == "week"
    assert older["influenced"] == {"amount": "50.00", "currency": "USD"}
    assert listed(shop, "reports", kind="week") == [newest, older]
    assert listed(shop, "reports", kind="day") == []
    assert listed(shop, "reports", 1, sort="from") == [older, newest]
    assert listed(shop, "reports", 1, to=older["from"]) == [older]
    assert listed(shop, "reports", 1, sort="from", **{"from": older["to"]}) == [newest]
    assert listed(shop, "reports", 1, **{"from": newest["to"]}) == []
    told = shop.read(f"/v1/reports/{older['span']}")
    assert (told["from"], told["to"]) == (older["from"], older["to"])
    assert told["sales"]["influenced"] == older["influenced"]
    assert told["sales"]["orders"] == 1
    assert [each["influencer"] for each in told["influencers"]] == ["ana"]
    assert [each["group"] for each in told["networks"]] == ["x"]
    for nothing in ("2026-W01", "2026-13", "2026-W60", "2020-Q1", "2020-01-01"):
        assert status_of(shop, f"reports/{nothing}") == 404, nothing


def test_reports_name_no_link_token_or_recipient(shop: Shop) -> None:
    shop.buy("1001", trail=shop.click(shop.share().json["code"]))
    shop.cloud.drain()
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    (report,) = listed(shop, "reports")
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for path in ("reports", f"reports/{report['span']}"):
        told = shop.ask("GET", f"/v1/{path}", headers=headers).body.decode()
        assert "@" not in told
        assert "/reports/" not in told
        assert ORIGIN not in told
