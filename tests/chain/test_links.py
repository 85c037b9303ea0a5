"""Share links: the same share is the same link, and who may make them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sharetrail.networks import NETWORKS
from tests.shops import ORIGIN, Shop


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
    other = Shop.onboard(shop.cloud, shop_host="other.example", hosts=["shop.example"])
    assert shop.share().json["code"] != other.share().json["code"]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_has_an_address_that_carries_the_short_link(shop: Shop, network: str) -> None:
    product = {"id": "1", "title": "Mug & Spoon", "image": f"{ORIGIN}/mug.png"}
    link = shop.share(network=network, product=product).json
    told = parse_qs(urlsplit(link["share_url"]).query)
    assert link["share_url"] == link["short_url"] or any(
        link["short_url"] in value for values in told.values() for value in values
    )
    assert "+" not in link["share_url"]


def test_a_browser_is_an_anonymous_influencer_of_its_own(shop: Shop) -> None:
    mine, again, other = (share_from_page(shop, b * 32)["influencer_id"] for b in "aab")
    assert mine == again != other
    assert mine.startswith("anon_")
    assert "a" * 32 not in mine
    known = shop.read(f"/v1/influencers/{mine}")
    assert known["name"] == f"Visitor {mine[5:9].upper()}"
    assert known["anonymous"]


def test_a_browser_cannot_speak_for_a_known_influencer(shop: Shop) -> None:
    shop.share("ana")
    link = share_from_page(shop, "ana", label="mine")
    assert link["influencer_id"].startswith("anon_")


def test_a_link_without_an_influencer_is_the_shops_own(shop: Shop) -> None:
    assert shop.share(influencer=None).json["influencer_id"] == "shop"


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


def test_a_days_new_links_are_capped_and_old_ones_still_answer(shop: Shop) -> None:
    shop.onboarded(links_per_day=2)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
    assert [shop.share(label=str(n)).status for n in range(3)] == [201, 201, 429]
    assert shop.share(label="0").status == 200
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    assert shop.share(label="2").status == 201


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
    from sharetrail import links

    click = shop.click(shop.share("ana").json["code"])
    child = share_from_page(shop, trail=[click])
    forged = share_from_page(shop, label="forged", trail=["0" * 26])
    parents = [links.find(each["code"]).parent for each in (child, forged)]
    assert parents == [click, None]
