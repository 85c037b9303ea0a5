"""Buying in the demo shop, and what Sharetrail receives of it."""

import base64
import hashlib
import hmac
import re

import pytest

from local.shop.shopify import deliveries
from tests.local.shop.visitors import KETTLE, MUG, TRAIL, Visitor, said


def test_buy_now_ends_on_a_page_with_the_order_id_and_the_total(visitor):
    page = visitor.get(visitor.buy_now()).body
    ((as_attribute, as_text),) = re.findall(r'data-order-id="(\d+)">(\d+)<', page)
    assert as_attribute == as_text == str(visitor.payloads("orders/create")[0]["id"])
    assert re.findall(r'data-total="([^"]*)">([^<]*)<', page) == [("48.00", "$48.00")]


def test_an_order_is_told_as_created_and_then_as_paid(visitor):
    visitor.buy_now()
    assert [path for path, *_ in visitor.received] == ["/v1/webhooks/shopify/m1"] * 2
    topics = [headers["X-Shopify-Topic"] for _, headers, _ in visitor.received]
    assert topics == ["orders/create", "orders/paid"]
    assert visitor.payloads("orders/create") == visitor.payloads("orders/paid")


def test_the_signature_is_the_base64_hmac_of_the_raw_body(visitor):
    visitor.buy_now()
    for _, headers, body in visitor.received:
        expected = hmac.new(b"hush", body, hashlib.sha256).digest()
        assert base64.b64decode(headers["X-Shopify-Hmac-Sha256"]) == expected
        assert headers["X-Shopify-Shop-Domain"] == "gull.myshopify.com"
        assert headers["X-Shopify-API-Version"] == "2024-10"
        assert headers["X-Shopify-Test"] == "false"
    assert len({headers["X-Shopify-Webhook-Id"] for _, headers, _ in visitor.received}) == 2


def test_the_order_carries_the_carts_attributes_and_the_lines_properties(visitor):
    visitor.post("/cart/update.js", {"attributes": {"sharetrail": TRAIL}})
    visitor.buy_now(**{"properties[_sharetrail]": TRAIL})
    (placed,) = visitor.payloads("orders/create")
    pair = [{"name": "sharetrail", "value": TRAIL}]
    assert placed["note_attributes"] == pair
    assert placed["line_items"][0]["properties"] == [{"name": "_sharetrail", "value": TRAIL}]


def test_a_trail_in_the_form_alone_stays_in_the_lines_properties(visitor):
    visitor.buy_now(**{"properties[_sharetrail]": TRAIL, "properties[_sharetrail_visit]": TRAIL})
    (placed,) = visitor.payloads("orders/create")
    assert placed["note_attributes"] == []
    names = [each["name"] for each in placed["line_items"][0]["properties"]]
    assert names == ["_sharetrail", "_sharetrail_visit"]


def test_buy_now_leaves_the_cart_alone_and_paying_for_the_cart_empties_it(visitor):
    visitor.post("/cart/add.js", {"id": MUG.variant, "quantity": 2})
    visitor.buy_now(KETTLE)
    assert said(visitor.get("/cart.js"))["item_count"] == 2
    paid = visitor.post("/checkout", form={"discount": "maya10", "email": "zoe@example.com"})
    assert 'data-total="32.40"' in visitor.get(paid.headers["location"]).body
    assert said(visitor.get("/cart.js"))["item_count"] == 0
    placed = visitor.payloads("orders/create")[-1]
    assert [each["code"] for each in placed["discount_codes"]] == ["MAYA10"]
    assert placed["email"] == placed["customer"]["email"] == "zoe@example.com"


def test_one_browser_is_one_customer_and_another_is_another(visitor):
    visitor.buy_now()
    visitor.buy_now()
    visitor.cookie = ""
    visitor.buy_now()
    first, again, other = (each["customer"]["id"] for each in visitor.payloads("orders/create"))
    assert first == again != other


def test_orders_have_names_in_a_row_and_ids_of_their_own(visitor):
    visitor.buy_now()
    visitor.buy_now()
    one, two = visitor.payloads("orders/create")
    assert (one["name"], two["name"]) == ("#1042", "#1043")
    assert 5_000_000_000_000 < one["id"] < two["id"] < 2**53


def test_an_order_is_never_older_than_the_click_before_it(visitor):
    visitor.buy_now()
    (placed,) = visitor.payloads("orders/create")
    assert placed["created_at"] == "2026-06-01T12:00:01+00:00"


@pytest.mark.parametrize("form", [{"email": "a@example.com"}, {"discount": "NOPE"}])
def test_an_empty_cart_or_an_unknown_code_is_no_order(visitor, form):
    if "discount" in form:
        visitor.post("/cart/add.js", {"id": MUG.variant})
    assert visitor.post("/checkout", form=form).status == 422
    assert visitor.received == []


# Where the visit began


def test_the_landing_page_is_the_visits_first_until_a_campaign_or_another_site_leads_here(visitor):
    visitor.get("/shop/products/gull-mug", referer="https://blog.example/best-mugs")
    visitor.get("/shop/", referer="http://localhost:8080/shop/products/gull-mug")
    visitor.buy_now()
    visitor.get(f"/shop/?st={TRAIL}&utm_source=copy")
    visitor.buy_now()
    first, second = visitor.payloads("orders/create")
    assert first["landing_site"] == "/shop/products/gull-mug"
    assert first["referring_site"] == "https://blog.example/best-mugs"
    assert second["landing_site"] == f"/shop/?st={TRAIL}&utm_source=copy"
    assert second["referring_site"] is None


# Refunds and cancellations


def test_buttons_refund_one_then_everything_then_cancel(visitor):
    visitor.post("/cart/add.js", {"id": MUG.variant, "quantity": 3})
    path = visitor.post("/checkout", form={"pay": 1}).headers["location"]
    visitor.post(f"{path}/refund", form={"what": "one"})
    visitor.post(f"{path}/refund", form={"what": "all"})
    visitor.post(f"{path}/refund", form={"what": "all"})
    visitor.post(f"{path}/cancel", form={"pay": 1})
    visitor.post(f"{path}/cancel", form={"pay": 1})
    one, rest = visitor.payloads("refunds/create")
    assert [refund["transactions"][0]["amount"] for refund in (one, rest)] == ["18.00", "36.00"]
    assert one["id"] != rest["id"]
    (cancelled,) = visitor.payloads("orders/cancelled")
    assert cancelled["cancelled_at"]
    assert cancelled["subtotal_price"] == "54.00"
    assert cancelled["current_total_price"] == "0.00"


def test_what_sharetrail_answered_is_shown():
    refused = Visitor(status=401)
    assert "refused (401)" in refused.get(refused.buy_now()).body
    unreachable = Visitor(status=deliveries.UNREACHABLE)
    assert "not reachable" in unreachable.get(unreachable.buy_now()).body
