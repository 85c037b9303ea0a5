"""The demo shop's pages."""

import struct

import pytest

from local.shop.catalogue import CARD_SIZE, PRODUCTS
from local.shop.storefront.views import ARABIC, ENGLISH
from tests.local.shop.visitors import KETTLE


def test_the_home_page_can_share_a_product_and_sell_it(visitor):
    page = visitor.get("/shop/").body
    assert '<link rel="canonical" href="http://localhost:8080/shop/">' in page
    assert 'src="http://127.0.0.1:8080/sharetrail.js?key=pk_demo"></script>' in page
    assert '{ shop: "gull.myshopify.com", routes: { root: "/" } }' in page
    assert f'<sharetrail-buttons url="http://localhost:8080{KETTLE.path}"' in page
    assert page.count("Buy now") == page.count("data-short-url") == 1


def test_every_product_has_a_page_and_a_picture(visitor):
    for product in PRODUCTS:
        page = visitor.get(product.path).body
        assert f'<meta property="og:title" content="{product.title}">' in page
        picture = visitor.get(product.art)
        assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert len({product.variant for product in PRODUCTS}) == len(PRODUCTS) >= 4


def test_networks_are_shown_a_bitmap_of_the_size_that_the_page_names(visitor):
    width, height = CARD_SIZE
    for product in PRODUCTS:
        page = visitor.get(product.path).body
        card = f"http://localhost:8080{product.card}"
        assert f'<meta property="og:image" content="{card}">' in page
        assert f'<meta property="og:image:width" content="{width}">' in page
        assert f'<meta property="og:image:height" content="{height}">' in page
        assert f'image="{card}"' in page
        picture = visitor.get(product.card)
        assert picture.headers["content-type"] == "image/png"
        assert picture.body.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", picture.body[16:24]) == CARD_SIZE
        assert len(picture.body) < 100_000


def test_right_to_left_lasts_from_the_shop_to_the_order(visitor):
    assert '<html lang="ar" dir="rtl">' in visitor.get("/shop/?dir=rtl").body
    confirmation = visitor.buy_now(dir="rtl")
    assert confirmation.endswith("?dir=rtl")
    assert '<html lang="ar" dir="rtl">' in visitor.get(confirmation).body


def test_both_languages_say_everything():
    assert ARABIC.words.keys() == ENGLISH.words.keys()
    assert set(ARABIC.words["products"]) == {product.slug for product in PRODUCTS}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/shop/products/anchor", 404),
        ("/shop/product_routes.py", 404),
        ("/shop/art/../shop.css", 404),
        ("/checkout/123", 404),
        ("/checkout/123/refund", 405),
        ("/checkout/nonsense", 404),
        ("/checkout", 200),
        ("/cart", 302),
    ],
)
def test_unknown_pages_are_404(visitor, path, status):
    assert visitor.get(path).status == status


def test_unknown_orders_cannot_be_refunded(visitor):
    assert visitor.post("/checkout/123/refund", form={"what": "all"}).status == 404
    path = visitor.buy_now()
    assert visitor.post(f"{path}/refund", form={"what": "half"}).status == 400
    assert visitor.payloads("refunds/create") == []


# ── where the shop is at home ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("host", ["127.0.0.1:8080", "LOCALHOST:8080"])
@pytest.mark.parametrize("path", ["/shop/?dir=rtl&st=a%2Bb", "/checkout", "/cart", KETTLE.path])
def test_under_this_machines_other_name_a_page_leads_to_the_shops_own(visitor, host, path):
    answer = visitor.get(path, host=host)
    if host.lower() == "localhost:8080":
        assert answer.status in (200, 302)
    else:
        location = f"http://localhost:8080{path}"
        assert (answer.status, answer.headers["location"]) == (307, location)


@pytest.mark.parametrize(
    "host", ["192.168.1.5:8080", "localhost:9000", "127.0.0.1", "shop.example"]
)
def test_under_any_other_name_it_says_where_the_shop_is(visitor, host):
    answer = visitor.get("/shop/", host=host)
    assert answer.status == 421
    assert 'href="http://localhost:8080/shop/"' in answer.body
    assert "sharetrail-buttons" not in answer.body
    assert visitor.get("/shop/shop.css", host=host).status == 200
    assert visitor.get(KETTLE.art, host=host).status == 200


def test_programs_shop_under_any_name(visitor):
    visitor.post("/cart/add.js", {"id": KETTLE.variant})
    assert visitor.get("/cart.js", host="127.0.0.1:8080").status == 200
