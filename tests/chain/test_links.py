"""Share links: the same share is the same link, and who may make them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sharetrail.aws import clients
from sharetrail.aws.tables import INFLUENCERS, LINKS
from sharetrail.calendars import iso
from sharetrail.sharing import links
from sharetrail.sharing.networks import NETWORKS
from tests.shops import ORIGIN, Answer, Shop, usd


def share_from_page(shop: Shop, browser: str = "a" * 32, **body: object) -> dict:
    """What sharetrail.js sends."""
    answer = shop.share(key="publishable_key", influencer={"id": browser}, **body)
    assert answer.status in (200, 201), answer.body
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    return answer.json


def test_the_same_share_again_is_the_same_link(shop: Shop) -> None:
    first, again = shop.share("ana", campaign="autumn"), shop.share("ana", campaign="autumn")
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json


@pytest.mark.parametrize(
    "change",
    [
        {"network": "x"},
        {"campaign": "autumn"},
        {"label": "story"},
        {"url": f"{ORIGIN}/other"},
        {"influencer": {"id": "ben"}},
    ],
)
def test_another_share_is_another_link(shop: Shop, change: dict) -> None:
    assert shop.share().json["code"] != shop.share(**change).json["code"]


def test_the_same_share_at_two_merchants_makes_two_codes(shop: Shop) -> None:
    url = "https://moved.example/products/mug"
    shop.onboarded(hosts=["moved.example"])
    code = shop.share(url=url).json["code"]
    shop.onboarded(hosts=[])
    asked = {"shop_host": "other.example", "hosts": ["moved.example"], "shopify_domain": None}
    other = Shop.onboard(shop.cloud, **asked)
    assert other.share(url=url).json["code"] != code


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_has_an_address_that_carries_the_short_link(shop: Shop, network: str) -> None:
    product = {"id": "1", "title": "Mug & Spoon", "image": f"{ORIGIN}/mug.png"}
    link = shop.share(network=network, product=product, label="Twitch").json
    told = parse_qs(urlsplit(link["share_url"]).query)
    assert link["share_url"] == link["short_url"] or any(
        link["short_url"] in value for values in told.values() for value in values
    )
    assert "+" not in link["share_url"]


# ── links that an influencer is given ────────────────────────────────────────────────────────────
GIVEN = [each for each, network in NETWORKS.items() if network.is_given]


@pytest.mark.parametrize("network", GIVEN)
def test_a_given_link_is_shared_as_it_is(shop: Shop, network: str) -> None:
    link = shop.share(network=network, label="Twitch").json
    assert link["share_url"] == link["short_url"]
    query = parse_qs(urlsplit(shop.follow(link["code"]).headers["location"]).query)
    assert query["utm_source"] == ["other:Twitch" if network == "other" else network]


@pytest.mark.parametrize("network", GIVEN)
def test_a_visitor_is_given_no_link(shop: Shop, network: str) -> None:
    answer = shop.share(key="publishable_key", network=network, label="Twitch")
    assert (answer.status, answer.json["errors"][0]["field"]) == (403, "network")
    named = {"id": "ana", "name": "Ana"}
    assert shop.share(key="publishable_key", network=network, influencer=named).status == 403
    assert shop.read("/v1/influencers")["items"] == []


def test_a_page_with_an_influencers_token_gives_links_but_none_to_a_network_that_it_names(
    shop: Shop,
) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    token = shop.ask("POST", "/v1/influencers/ana/token", headers=headers).json["token"]
    speaks = {"key": "publishable_key", "influencer": {"token": token}}
    made = shop.share(network="instagram", **speaks)
    assert (made.status, made.json["influencer"]) == (201, "ana")
    named = shop.share(network="other", label="Call 555 0100", **speaks)
    assert (named.status, named.json["errors"][0]["field"]) == (403, "network")
    forged = {"key": "publishable_key", "influencer": {"token": f"{token}x"}}
    assert shop.share(network="instagram", **forged).status == 403


def test_a_shop_gives_itself_a_link(shop: Shop) -> None:
    assert shop.share(network="youtube", influencer=None).json["influencer"] == "shop"


@pytest.mark.parametrize("label", ["", " ", "—", "\u200b"])
def test_another_network_without_a_name_is_refused(shop: Shop, label: str) -> None:
    answer = shop.share(network="other", label=label)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "label")
    assert shop.share(network="other").status == 422


def test_another_networks_name_is_shown_with_its_link(shop: Shop) -> None:
    made = shop.share(network="other", label="Twitch").json
    assert (made["network"], made["label"]) == ("other", "Twitch")
    assert shop.read(f"/v1/links/{made['code']}")["label"] == "Twitch"
    (link,) = shop.read("/v1/influencers/ana")["links"]
    assert (link["network"], link["label"]) == ("other", "Twitch")


@pytest.mark.parametrize(
    ("image", "kept"),
    [
        ("https://cdn.example/mug.png?v=1", "https://cdn.example/mug.png?v=1"),
        ("https://user:pw@cdn.example/mug.png", ""),
        ("https://cdn.example/gr\u00f6\u00dfe.png", ""),
        ("javascript:alert(1)", ""),
        ("//cdn.example/mug.png", ""),
        ("data:image/png;base64,AAAA", ""),
        ("https://go.shop.example/abcdefghjk", ""),
    ],
)
def test_a_picture_that_is_no_address_is_none_and_the_share_goes_on(
    shop: Shop, image: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.shop.example")
    answer = shop.share(network="pinterest", product={"id": "1", "title": "Mug", "image": image})
    assert answer.status == 201
    link = shop.read(f"/v1/links/{answer.json['code']}")
    assert link["product"]["image"] == kept
    assert parse_qs(urlsplit(link["share_url"]).query).get("media", [""]) == [kept]


def test_a_merchant_finds_and_switches_a_link_by_its_code_as_written_by_hand(shop: Shop) -> None:
    code = shop.share().json["code"]
    assert shop.read(f"/v1/links/{code.upper()}")["code"] == code
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    off = shop.ask("PATCH", f"/v1/links/{code.upper()}", {"disabled": True}, secret)
    assert (off.status, off.json["disabled"]) == (200, True)


def test_a_browser_is_an_anonymous_influencer_of_its_own(shop: Shop) -> None:
    mine, again, other = (share_from_page(shop, b * 32)["influencer"] for b in "aab")
    assert mine == again != other
    assert mine.startswith("anon_")
    assert "a" * 32 not in mine
    known = shop.read(f"/v1/influencers/{mine}")
    assert known["name"] == f"Visitor {mine[5:9].upper()}"
    assert known["anonymous"]


def test_a_browser_cannot_speak_for_a_known_influencer(shop: Shop) -> None:
    shop.share("ana")
    link = share_from_page(shop, "ana", label="mine")
    assert link["influencer"].startswith("anon_")


def test_a_link_without_an_influencer_is_the_shops_own(shop: Shop) -> None:
    assert shop.share(influencer=None).json["influencer"] == "shop"


def test_what_a_merchant_declares_of_an_influencer_is_kept(shop: Shop) -> None:
    shop.share(influencer={"id": "ana", "name": "Ana", "handles": {"x": "@ana"}})
    shop.share(influencer={"id": "ana"}, label="two")
    ana = shop.read("/v1/influencers/ana")
    assert (ana["name"], ana["handles"]) == ("Ana", {"x": "@ana"})
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    renamed = shop.ask("PUT", "/v1/influencers/ana", {"name": "Ana O.", "reach": 1200}, headers)
    assert (renamed.json["name"], renamed.json["reach"]) == ("Ana O.", 1200)
    assert len(renamed.json["links"]) == 2


def test_influencers_are_read_a_page_at_a_time(shop: Shop) -> None:
    for name in ("ana", "ben", "cem"):
        shop.share(name)
    first = shop.read("/v1/influencers?limit=2")
    second = shop.read(f"/v1/influencers?limit=2&cursor={first['cursor']}")
    assert [each["id"] for each in first["items"] + second["items"]] == ["ana", "ben", "cem"]
    assert second["cursor"] is None


def test_a_preflight_is_answered_for_a_merchants_origin_alone(shop: Shop) -> None:
    yes = shop.ask("OPTIONS", "/v1/links", headers={"origin": ORIGIN})
    assert (yes.status, yes.headers["access-control-allow-origin"]) == (204, ORIGIN)
    assert "authorization" in yes.headers["access-control-allow-headers"]
    no = shop.ask("OPTIONS", "/v1/links", headers={"origin": "https://evil.example"})
    assert no.status == 403
    assert "access-control-allow-origin" not in no.headers


def test_a_problem_can_be_read_by_the_page_that_caused_it(shop: Shop) -> None:
    answer = shop.share(key="publishable_key", network="myspace")
    assert answer.status == 400
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_a_share_by_someone_who_came_by_a_share_remembers_its_parent(shop: Shop) -> None:
    click = shop.click(shop.share("ana").json["code"])
    child = share_from_page(shop, trail=[click])
    forged = share_from_page(shop, label="forged", trail=["0" * 26])
    parents = [links.find(each["code"]).parent for each in (child, forged)]
    assert parents == [click, None]


# ── read, disabled and enabled again ─────────────────────────────────────────────────────────────
def ask(shop: Shop, method: str, code: str, body: object = None, key: str = "secret_key") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts[key]}", "origin": ORIGIN}
    return shop.ask(method, f"/v1/links/{code}", body, headers)


def switch(shop: Shop, code: str, *, disabled: bool) -> dict:
    """What PATCH answers, which GET confirms."""
    answer = ask(shop, "PATCH", code, {"disabled": disabled})
    assert answer.status == 200, answer.body
    assert answer.json == shop.read(f"/v1/links/{code}")
    return answer.json


def let_pass(shop: Shop, **time: int) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def test_a_link_tells_everything_that_it_was_made_of(shop: Shop) -> None:
    click = shop.click(shop.share("ana").json["code"])
    product = {"id": "mug", "title": "Mug", "image": f"{ORIGIN}/mug.png"}
    wish = {"campaign": "autumn", "label": "story", "product": product, "trail": [click]}
    made = shop.share("ben", **wish).json
    assert shop.read(f"/v1/links/{made['code']}") == {
        **made,
        "url": f"{ORIGIN}/products/mug",
        "network": "whatsapp",
        "influencer": "ben",
        "campaign": "autumn",
        "label": "story",
        "product": {**product, "name": "Mug"},
        "parent": click,
        "disabled": False,
        "disabled_at": None,
    }


def test_a_link_of_the_barest_kind_says_what_it_lacks(shop: Shop) -> None:
    told = shop.read(f"/v1/links/{shop.share().json['code']}")
    lacking = {"campaign": "", "label": "", "product": None, "parent": None, "disabled_at": None}
    assert told | lacking == told


def test_a_disabled_link_leads_nowhere_within_a_minute_and_an_enabled_one_again(shop: Shop) -> None:
    code = shop.share().json["code"]
    assert shop.follow(code).status == 302
    switch(shop, code, disabled=True)
    let_pass(shop, seconds=61)
    assert shop.follow(code).status == 410
    switch(shop, code, disabled=False)
    let_pass(shop, seconds=61)
    assert shop.follow(code).status == 302


def test_a_disabled_link_leads_to_the_shops_fallback(shop: Shop) -> None:
    shop.onboarded(fallback_url=f"{ORIGIN}/sale")
    let_pass(shop, seconds=61)
    code = shop.share().json["code"]
    switch(shop, code, disabled=True)
    answer = shop.follow(code)
    assert (answer.status, answer.headers["location"]) == (302, f"{ORIGIN}/sale")


def test_a_link_is_disabled_at_the_time_of_the_request(shop: Shop) -> None:
    code = shop.share().json["code"]
    let_pass(shop, days=3)
    before = iso(shop.cloud.clock.now())
    told = switch(shop, code, disabled=True)
    assert told["disabled"]
    assert before <= told["disabled_at"] <= iso(shop.cloud.clock.now())


def test_disabled_twice_a_link_keeps_the_first_time(shop: Shop) -> None:
    code = shop.share().json["code"]
    first = switch(shop, code, disabled=True)
    let_pass(shop, hours=1)
    assert switch(shop, code, disabled=True) == first


def test_enabled_a_link_is_as_if_it_had_never_been_disabled(shop: Shop) -> None:
    code = shop.share().json["code"]
    before = shop.read(f"/v1/links/{code}")
    first = switch(shop, code, disabled=True)
    assert [switch(shop, code, disabled=False) for _ in range(2)] == [before, before]
    let_pass(shop, hours=1)
    assert switch(shop, code, disabled=True)["disabled_at"] > first["disabled_at"]


def test_sharing_a_disabled_link_again_finds_it_disabled(shop: Shop) -> None:
    made = shop.share()
    told = switch(shop, made.json["code"], disabled=True)
    again = shop.share()
    assert (again.status, again.json) == (200, made.json)
    assert shop.read(f"/v1/links/{made.json['code']}") == told


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"disabled": True})])
def test_another_merchants_link_is_unknown_like_one_that_nobody_has(
    shop: Shop, method: str, body: object
) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    theirs = other.share(url="https://other.example/").json["code"]
    answers = [ask(shop, method, code, body) for code in (theirs, "0" * 10, "x", "x" * 3_000)]
    assert {answer.status for answer in answers} == {404}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert len({answer.refusal for answer in answers}) == 1
    assert not other.read(f"/v1/links/{theirs}")["disabled"]
    assert links.find("0" * 10) is None


def test_a_link_is_switched_in_one_write_that_reads_nothing_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share().json["code"]
    with monkeypatch.context() as blind:
        blind.setattr(links, "find", None)
        blind.setattr(clients.dynamodb(), "get_item", None)
        links.switch(shop.id, code, disabled=True, now=shop.cloud.clock.now())
    assert shop.read(f"/v1/links/{code}")["disabled"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "disabled"),
        ({"disabled": None}, "disabled"),
        ({"disabled": "true"}, "disabled"),
        ({"disabled": 1}, "disabled"),
        ({"disabled": True, "url": "https://shop.example/"}, "url"),
        ({"disabled_at": "2026-11-21T12:00:00Z"}, "disabled_at"),
    ],
)
def test_a_switch_that_does_not_fit_names_the_field_and_changes_nothing(
    shop: Shop, body: dict, field: str
) -> None:
    code = shop.share().json["code"]
    answer = ask(shop, "PATCH", code, body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert field in [each["field"] for each in answer.json["errors"]]
    assert not shop.read(f"/v1/links/{code}")["disabled"]


def test_links_are_read_and_switched_with_a_secret_key_alone(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.facts["none"] = ""
    for key, status in (("publishable_key", 403), ("none", 401)):
        assert ask(shop, "GET", code, key=key).status == status
        assert ask(shop, "PATCH", code, {"disabled": True}, key=key).status == status
    assert not shop.read(f"/v1/links/{code}")["disabled"]


# ── codes of one's choice ────────────────────────────────────────────────────────────────────────
def test_a_chosen_code_leads_on_as_people_write_it_and_its_clicks_count(shop: Shop) -> None:
    made = shop.share("ana", code="Ana-B")
    assert (made.status, made.json["code"]) == (201, "ana-b")
    assert made.json["short_url"].endswith("/ana-b")
    for written in ("ana-b", "ANA-B", "ana-b.", "ana-b/"):
        answer = shop.follow(written)
        assert answer.status == 302
        assert "utm_content=ana-b" in answer.headers["location"]
    assert shop.buy("1001", trail=shop.click("Ana-B")).status == 200
    shop.cloud.drain()
    credits = shop.order("1001")["credits"]["linear"]
    assert {(each["influencer"], each["link"]) for each in credits} == {("ana", "ana-b")}


def test_a_landing_that_names_a_chosen_code_alone_is_a_touch_of_that_link(shop: Shop) -> None:
    shop.share("ana", code="ana-b")
    page = f"{ORIGIN}/products/mug?utm_medium=share&utm_content=ana-b"
    shop.buy("1001", landing_site=page)
    shop.cloud.drain()
    (touch,) = shop.order("1001")["touches"]
    assert (touch["link"], touch["evidence"]) == ("ana-b", "link")


def test_the_same_link_by_the_same_code_is_found_and_stands_beside_the_one_we_named(
    shop: Shop,
) -> None:
    ours = shop.share("ana")
    first, again = (shop.share("ana", code=code) for code in ("ana", "ANA"))
    assert (ours.status, first.status, again.status) == (201, 201, 200)
    assert first.json == again.json
    assert ours.json["code"] != "ana"
    assert shop.share("ana").json == ours.json


def test_whoever_is_first_has_a_code_whichever_merchant_comes_second(shop: Shop) -> None:
    shop.share("ana", code="mugs")
    asked = {"shop_host": "other.example", "origins": ["https://other.example"], "hosts": []}
    other = Shop.onboard(shop.cloud, shopify_domain=None, **asked)
    url = "https://other.example/mug"
    for late in (shop.share("ben", code="mugs"), other.share("ana", code="mugs", url=url)):
        assert (late.status, late.json["errors"][0]["field"]) == (409, "code")
        assert "Mug & Bean" not in late.body.decode()
    assert shop.follow("mugs").headers["location"].startswith(f"{ORIGIN}/products/mug")
    assert other.ask("GET", "/v1/links/mugs", headers=secret(other)).status == 404


def test_a_visitor_and_a_token_choose_no_code(shop: Shop) -> None:
    token = shop.ask("POST", "/v1/influencers/ana/token", headers=secret(shop)).json["token"]
    for who in ({"id": "a" * 32}, {"token": token}):
        answer = shop.share(key="publishable_key", influencer=who, code="ana")
        assert (answer.status, answer.json["errors"][0]["field"]) == (403, "code")
    assert shop.follow("ana").status == 404


@pytest.mark.parametrize("code", ["v1", "reports", "0123456789", "an a", "", "a" * 41, 7])
def test_what_is_no_code_makes_no_link(shop: Shop, code: object) -> None:
    answer = shop.share("ana", code=code)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "code")


def secret(shop: Shop) -> dict[str, str]:
    return {"authorization": f"Bearer {shop.facts['secret_key']}"}


def test_no_influencer_s_id_is_an_e_mail_address_by_any_door(shop: Shop) -> None:
    who, known = "mira@people.example", {"authorization": f"Bearer {shop.facts['secret_key']}"}
    cost = {"kind": "gift", "cost": usd("7.00"), "from": "2026-01-01", "influencer": who}
    doors = (
        ("PUT", f"/v1/influencers/{who}", {"name": "Mira"}),
        ("POST", f"/v1/influencers/{who}/token", None),
        ("POST", "/v1/codes", {"code": "MIRA", "influencer": who}),
        ("POST", "/v1/costs", cost),
    )
    refused = [shop.ask(method, path, body, known) for method, path, body in doors]
    for answer in (*refused, shop.share(who)):
        assert answer.status == 400
        (error,) = answer.json["errors"]
        assert error["detail"].startswith("may not be an e-mail address")
    assert shop.read("/v1/influencers")["items"] == []


def test_who_has_an_address_for_an_id_since_before_is_read_and_their_links_lead_on(
    shop: Shop,
) -> None:
    who, code = "mira@people.example", shop.share("mira").json["code"]
    profile, link = INFLUENCERS.get(shop.id, "mira"), LINKS.get(code)
    INFLUENCERS.put({**profile, "sk": who, "id": who})
    LINKS.put({**link, "influencer": who, "owner": f"{shop.id}#{who}"})
    assert [each["code"] for each in shop.read(f"/v1/influencers/{who}")["links"]] == [code]
    assert shop.read(f"/v1/influencers/{who}/scores")["items"] == []
    shop.buy("1001", "50.00", shop.click(code))
    shop.cloud.drain()
    assert shop.order("1001")["credits"]["last"][0]["influencer"] == who
