"""A link's QR code over the API."""

import pytest

from tests.pictures import codes_in
from tests.shops import Answer, Shop


def drawn(shop: Shop, path: str) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("GET", f"/v1/links/{path}", headers=headers)


def test_a_links_code_is_drawn_and_says_its_short_address(shop: Shop) -> None:
    link = shop.share("ana", code="ana").json
    png = drawn(shop, "ANA/qr.png?size=300")
    assert (png.status, png.headers["content-type"]) == (200, "image/png")
    assert codes_in(png.body) == [link["short_url"]]
    svg = drawn(shop, "ana/qr.svg?dark=102030&level=H")
    assert (svg.status, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert 'filename="ana.svg"' in svg.headers["content-disposition"]
    assert b"#102030" in svg.body


def test_no_text_of_a_strangers_is_in_the_picture(shop: Shop) -> None:
    evil = "</svg><script>alert(1)</script>"
    link = shop.share("ana", label=evil, campaign=evil, product={"id": "1", "title": evil}).json
    assert b"script" not in drawn(shop, f"{link['code']}/qr.svg").body


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("size=99", "size"),
        ("size=2049", "size"),
        ("margin=17", "margin"),
        ("dark=red", "dark"),
        ("dark=%23000000", "dark"),
        ("dark=ffffff&light=000000", "dark"),
        ("dark=aaaaaa", "dark"),
        ("level=X", "level"),
        ("colour=1", "colour"),
    ],
)
def test_what_a_phone_could_not_read_is_refused(shop: Shop, query: str, field: str) -> None:
    code = shop.share().json["code"]
    for kind in ("svg", "png"):
        answer = drawn(shop, f"{code}/qr.{kind}?{query}")
        assert (answer.status, answer.json["errors"][0]["field"]) == (400, field)


def test_nobody_elses_link_is_drawn(shop: Shop) -> None:
    shop.share(code="mugs")
    asked = {"shop_host": "other.example", "origins": ["https://other.example"], "hosts": []}
    other = Shop.onboard(shop.cloud, shopify_domain=None, **asked)
    assert drawn(other, "mugs/qr.svg").status == drawn(shop, "nobody/qr.svg").status == 404
