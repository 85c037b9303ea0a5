"""A token lets a page of the shop make links in one known influencer's name, for a day."""

from datetime import timedelta

import pytest

from sharetrail.calendars import moment
from tests.shops import ORIGIN, Answer, Shop


def mint(shop: Shop, influencer: str = "ana", key: str = "secret_key") -> Answer:
    headers = {"authorization": f"Bearer {shop.facts[key]}", "origin": ORIGIN}
    return shop.ask("POST", f"/v1/influencers/{influencer}/token", headers=headers)


def share_with(shop: Shop, token: str, **said: object) -> Answer:
    """What a page does with the token, under the publishable key."""
    return shop.share(key="publishable_key", influencer={"token": token, **said})


def test_a_page_with_a_token_makes_links_in_the_influencers_name(shop: Shop) -> None:
    minted = mint(shop)
    assert minted.status == 201
    assert minted.json.keys() == {"token", "influencer", "expires_at"}
    assert minted.json["influencer"] == "ana"
    made = share_with(shop, minted.json["token"])
    assert (made.status, made.json["influencer"]) == (201, "ana")
    assert shop.read(f"/v1/links/{made.json['code']}")["influencer"] == "ana"
    assert made.headers["access-control-allow-origin"] == ORIGIN


def test_it_is_the_link_that_the_shop_itself_would_make(shop: Shop) -> None:
    mine = shop.share("ana").json
    again = share_with(shop, mint(shop).json["token"])
    assert (again.status, again.json) == (200, mine)


def test_an_influencer_never_heard_of_is_met_by_the_first_link(shop: Shop) -> None:
    token = mint(shop, "new.one-club:7-x").json["token"]
    assert shop.read("/v1/influencers")["items"] == []
    assert share_with(shop, token).json["influencer"] == "new.one-club:7-x"
    (known,) = shop.read("/v1/influencers")["items"]
    assert known["id"] == known["name"] == "new.one-club:7-x"
    assert not known["anonymous"]


def test_a_token_says_nothing_of_its_influencer(shop: Shop) -> None:
    shop.share(influencer={"id": "ana", "name": "Ana", "email": "ana@mail.example"})
    known = shop.read("/v1/influencers/ana")
    said = {"name": "Anna", "email": "anna@mail.example", "handles": {"x": "@anna"}}
    token = mint(shop).json["token"]
    for names in (list(said), ["name"], ["handles"]):
        refused = share_with(shop, token, **{name: said[name] for name in names})
        assert refused.status == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json["errors"] == [
            {"field": f"influencer.{name}", "detail": "is declared with the secret key"}
            for name in names
        ]
        assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert shop.read("/v1/influencers/ana") == known, "nor was a link made"
    assert shop.share(influencer={"token": token, **said}).status == 200, "the shop may"
    assert shop.read("/v1/influencers/ana")["name"] == "Anna"


def test_what_a_visitors_browser_says_of_itself_is_passed_over(shop: Shop) -> None:
    """No share fails for it: a page that sends more than sharetrail.js does goes on working."""
    said = {"id": "0" * 32, "name": "Support", "email": "s@evil.example", "handles": {"x": "@s"}}
    made = shop.share(key="publishable_key", influencer=said)
    assert made.status == 201
    (known,) = shop.read("/v1/influencers")["items"]
    assert known["name"].startswith("Visitor ")
    assert known["handles"] == {}
    assert shop.read(f"/v1/influencers/{known['id']}")["email"] is None


def test_a_token_outweighs_the_id_that_the_page_gives(shop: Shop) -> None:
    token = mint(shop, "ana").json["token"]
    assert share_with(shop, token, id="ben").json["influencer"] == "ana"


def test_a_token_is_good_for_a_day_and_then_refused(shop: Shop) -> None:
    asked = shop.cloud.clock.now()
    minted = mint(shop).json
    until = moment(minted["expires_at"])
    assert timedelta(hours=24) - timedelta(seconds=1) <= until - asked
    assert until <= shop.cloud.clock.now() + timedelta(hours=24)
    shop.cloud.clock.set_forward(until - timedelta(minutes=1))
    assert share_with(shop, minted["token"]).status == 201
    shop.cloud.clock.set_forward(until)
    over = share_with(shop, minted["token"], name="Anna")
    assert (over.status, over.headers["content-type"]) == (403, "application/problem+json")
    assert "mint another" in over.json["detail"]
    assert shop.read("/v1/influencers/ana")["name"] == "ana"
    assert share_with(shop, mint(shop).json["token"]).status == 200


def test_a_token_of_another_merchant_is_refused(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    assert share_with(shop, mint(other).json["token"]).status == 403
    assert shop.read("/v1/influencers")["items"] == []


def test_a_token_that_was_changed_is_refused(shop: Shop) -> None:
    influencer, expiry, signature = mint(shop, "ana").json["token"].split(".")
    later = str(int(expiry) + 3_600)
    forged = [
        ("ben", expiry, signature),
        (influencer, later, signature),
        (influencer, expiry, signature[::-1]),
        (influencer, expiry, ""),
        (influencer, signature),
        ("",),
    ]
    assert [share_with(shop, ".".join(parts)).status for parts in forged] == [403] * len(forged)


@pytest.mark.parametrize("influencer", ["a" * 101, "a%20b", "an%0Aa", "%C3%A9", "a%2Fb", "a%25b"])
def test_no_token_is_minted_for_what_can_be_no_influencer(shop: Shop, influencer: str) -> None:
    answer = mint(shop, influencer)
    assert answer.status in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_tokens_are_minted_with_a_secret_key_alone(shop: Shop) -> None:
    shop.facts["none"] = ""
    assert [mint(shop, key=key).status for key in ("publishable_key", "none")] == [403, 401]
