"""The demo shop: Shopify's cart, faithful payloads, and signatures that others can verify."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest

from local.http import Request, Response
from local.shop import PRODUCTS, Shop, buyers, deliveries, mounts
from local.shop.payloads import Discount, Line, Tax, cancel_payload, order_payload, refund_payload
from local.shop.refunds import refunded
from local.shop.views import ARABIC, ENGLISH

KETTLE, MUG, *_ = PRODUCTS
NOW = datetime(2026, 6, 1, 12, 0, 0, 400_000, tzinfo=UTC)
TRAIL = "01jqz3k4m3abcdefgh01234567"


@dataclass
class Visitor:
    """A browser of the shop that keeps its cookie, and what Sharetrail received meanwhile."""

    status: int = 200
    cookie: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop = Shop(
            publishable_key="pk_demo",
            merchant_id="m1",
            shopify_secret="hush",
            shopify_domain="gull.myshopify.com",
            api="http://127.0.0.1:8080",
            origin="http://localhost:8080",
            codes={"MAYA10": 10},
            clock=lambda: NOW,
            deliver=self._receive,
        )
        self._mounts = mounts(self.shop)

    def _receive(self, path: str, headers: dict[str, str], body: bytes) -> int:
        self.received.append((path, headers, body))
        return self.status

    def get(self, path: str, **headers: str) -> Response:
        path, _, query = path.partition("?")
        return self._ask(Request(method="GET", path=path, raw_query=query, headers=headers))

    def post(
        self, path: str, body: Any = None, *, form: Mapping[str, Any] | None = None
    ) -> Response:
        kind = "application/json" if form is None else "application/x-www-form-urlencoded"
        sent = json.dumps(body) if form is None else urlencode(form)
        headers = {"content-type": kind}
        return self._ask(Request(method="POST", path=path, headers=headers, body=sent.encode()))

    def _ask(self, request: Request) -> Response:
        headers = {"host": "localhost:8080", "cookie": self.cookie, **request.headers}
        known = {**vars(request), "headers": headers}
        prefix = "/cart.js" if request.path == "/cart.js" else f"/{request.path.split('/')[1]}"
        answer = self._mounts[prefix](Request(**known))
        for cookie in answer.cookies:
            self.cookie = cookie.partition(";")[0]
        return answer

    def buy_now(self, product=KETTLE, **more: str) -> str:
        """Presses the button as a browser does, redirects and all. The confirmation's path."""
        form = {"id": product.variant, "quantity": 1, "buy_now": 1, **more}
        forwarded = self.post("/cart/add", form=form)
        assert (forwarded.status, forwarded.headers["location"]) == (307, "/checkout")
        placed = self.post("/checkout", form=form)
        assert placed.status == 303
        return placed.headers["location"]

    def payloads(self, topic: str) -> list[dict[str, Any]]:
        return [
            json.loads(body)
            for _, headers, body in self.received
            if headers["X-Shopify-Topic"] == topic
        ]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def said(response: Response) -> Any:
    return json.loads(response.body)


def order(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": 5_000_000_000_001,
        "name": "#1042",
        "created_at": NOW,
        "lines": [Line(KETTLE, 1), Line(MUG, 3)],
        "customer": buyers.of("someone"),
    }
    return order_payload(**(given | changes))


# The cart


def test_attributes_are_merged_and_survive_until_the_next_request(visitor):
    visitor.post("/cart/update.js", {"attributes": {"sharetrail": "none", "gift": "yes"}})
    visitor.post("/cart/update.js", {"attributes": {"sharetrail": TRAIL}})
    assert said(visitor.get("/cart.js"))["attributes"] == {"gift": "yes", "sharetrail": TRAIL}


def test_attributes_may_come_as_a_form_and_empty_ones_go(visitor):
    visitor.post("/cart/update.js", form={"attributes[a]": "1", "attributes[b]": "2"})
    cart = said(visitor.post("/cart/update.js", form={"attributes[a]": "", "note": "Ring twice"}))
    assert (cart["attributes"], cart["note"]) == ({"b": "2"}, "Ring twice")


def test_the_same_product_is_one_line_unless_its_properties_differ(visitor):
    visitor.post("/cart/add.js", {"id": MUG.variant})
    visitor.post("/cart/add.js", {"id": MUG.variant, "quantity": 2})
    added = said(
        visitor.post(
            "/cart/add.js",
            {
                "items": [
                    {"id": MUG.variant, "properties": {"_sharetrail": TRAIL}},
                    {"id": KETTLE.variant},
                ]
            },
        )
    )
    cart = said(visitor.get("/cart.js"))
    assert [item["quantity"] for item in cart["items"]] == [3, 1, 1]
    assert (cart["item_count"], cart["total_price"]) == (5, 4 * MUG.price + KETTLE.price)
    assert added["items"][0]["properties"] == {"_sharetrail": TRAIL}
    assert len({item["key"] for item in cart["items"]}) == 3


def test_lines_change_by_key_variant_or_position_and_clearing_keeps_attributes(visitor):
    visitor.post("/cart/update.js", {"attributes": {"sharetrail": "none"}})
    visitor.post("/cart/add.js", {"items": [{"id": MUG.variant}, {"id": KETTLE.variant}]})
    key = said(visitor.get("/cart.js"))["items"][0]["key"]
    visitor.post("/cart/change.js", {"id": key, "quantity": 4})
    visitor.post("/cart/change.js", {"line": 2, "quantity": 0})
    assert said(visitor.get("/cart.js"))["item_count"] == 4
    visitor.post("/cart/update.js", {"updates": {str(MUG.variant): 2}})
    assert said(visitor.get("/cart.js"))["item_count"] == 2
    cleared = said(visitor.post("/cart/clear.js", {}))
    assert (cleared["items"], cleared["attributes"]) == ([], {"sharetrail": "none"})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/cart/add.js", {"id": 1}, 404),
        ("/cart/add.js", {"id": MUG.variant, "quantity": 0}, 422),
        ("/cart/add.js", {"id": MUG.variant, "quantity": "many"}, 422),
        ("/cart/add.js", {"id": MUG.variant, "properties": [1]}, 422),
        ("/cart/add.js", {"items": [1]}, 422),
        ("/cart/change.js", {"line": 7, "quantity": 1}, 404),
        ("/cart/update.js", [], 400),
        ("/cart/vanish.js", {}, 404),
    ],
)
def test_what_a_cart_cannot_do_is_a_cart_error_and_changes_nothing(visitor, path, body, status):
    answer = visitor.post(path, body)
    assert (answer.status, said(answer)["message"]) == (status, "Cart Error")
    assert said(visitor.get("/cart.js"))["item_count"] == 0


def test_two_visitors_have_two_carts():
    one = Visitor()
    one.post("/cart/add.js", {"id": MUG.variant})
    cookie, one.cookie = one.cookie, ""
    assert said(one.get("/cart.js"))["item_count"] == 0
    one.cookie = cookie
    assert said(one.get("/cart.js"))["item_count"] == 1


def test_adding_by_form_returns_only_to_this_shop(visitor):
    for asked, led in (("/shop/", "/shop/"), ("//evil.example", "/checkout"), ("", "/checkout")):
        form = {"id": MUG.variant, "return_to": asked}
        assert visitor.post("/cart/add", form=form).headers["location"] == led


# Buying


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


def test_parts_of_a_discounted_line_sum_to_the_line_exactly():
    placed = order(lines=[Line(MUG, 3)], discount=Discount(code="TEN", amount=1_000))
    line = placed["line_items"][0]["id"]
    amounts = []
    for number in range(3):
        refund = refund_payload(id=number, order=placed, created_at=NOW, quantities={line: 1})
        amounts.append(refund["refund_line_items"][0]["subtotal_set"]["shop_money"]["amount"])
        placed = refunded(placed, refund)
    assert sorted(amounts) == ["14.66", "14.67", "14.67"]
    assert placed["financial_status"] == "refunded"
    assert placed["current_total_price"] == "0.00"
    assert placed["line_items"][0]["current_quantity"] == 0


def test_a_refunds_lines_have_numbers_where_shopify_sends_numbers():
    placed = order()
    line = placed["line_items"][1]["id"]
    refund = refund_payload(id=9, order=placed, created_at=NOW, quantities={line: 2}, goodwill=150)
    (item,) = refund["refund_line_items"]
    assert (item["subtotal"], item["quantity"], item["line_item_id"]) == (36.0, 2, line)
    assert refund["order_id"] == placed["id"]
    assert refund["order_adjustments"][0]["amount"] == "-1.50"
    assert refund["transactions"][0]["amount"] == "37.50"


def test_a_refund_of_nothing_moves_no_money():
    refund = refund_payload(id=9, order=order(), created_at=NOW)
    assert (refund["refund_line_items"], refund["transactions"]) == ([], [])


# Payloads


def test_without_tax_and_shipping_the_total_is_the_net_revenue():
    placed = order()
    assert placed["subtotal_price"] == placed["total_price"] == "102.00"
    assert placed["total_tax"] == "0.00"
    assert placed["current_total_price_set"]["shop_money"]["amount"] == "102.00"
    assert json.loads(json.dumps(placed)) == placed


def test_a_discount_is_allocated_to_the_lines():
    placed = order(discount=Discount(code="MAYA10", amount=1_020))
    allocated = [item["discount_allocations"][0]["amount"] for item in placed["line_items"]]
    assert allocated == ["4.80", "5.40"]
    assert (placed["subtotal_price"], placed["total_line_items_price"]) == ("91.80", "102.00")


def test_tax_and_shipping_are_told_apart():
    rate = Fraction(19, 100)
    on_top = order(lines=[Line(KETTLE)], tax=Tax(rate=rate), shipping=500)
    assert (on_top["subtotal_price"], on_top["total_tax"]) == ("48.00", "9.12")
    assert on_top["total_price"] == "62.12"
    inside = order(lines=[Line(KETTLE)], tax=Tax(rate=rate, included=True), shipping=500)
    assert (inside["taxes_included"], inside["total_tax"]) == (True, "7.66")
    assert inside["total_price"] == "53.00"
    assert inside["line_items"][0]["tax_lines"][0]["price"] == "7.66"


def test_other_currencies_and_guests_are_possible():
    placed = order(currency="JPY", customer=None, test=True)
    assert (placed["total_price"], placed["currency"]) == ("10200", "JPY")
    assert (placed["customer"], placed["email"], placed["test"]) == (None, None, True)


def test_times_are_whole_seconds_with_an_offset():
    cancelled = cancel_payload(order=order(), cancelled_at=NOW + timedelta(days=1))
    assert cancelled["created_at"] == "2026-06-01T12:00:00+00:00"
    assert cancelled["cancelled_at"] == "2026-06-02T12:00:00+00:00"


# Pages


def test_the_home_page_can_share_a_product_and_sell_it(visitor):
    page = visitor.get("/shop/").body
    assert '<link rel="canonical" href="http://localhost:8080/shop/">' in page
    assert 'src="http://127.0.0.1:8080/sharetrail.js" data-key="pk_demo"' in page
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
        ("/shop/shops.py", 404),
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


# Over HTTP


class _Api(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got = (self.path, self.headers["X-Shopify-Topic"], body)
        self.send_response(401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_webhooks_go_to_the_api_by_http():
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        Thread(target=server.handle_request, daemon=True).start()
        api = f"http://127.0.0.1:{server.server_port}"
        status = deliveries.post(api, "/v1/x", {"X-Shopify-Topic": "orders/paid"}, b"{}")
        assert (status, server.got) == (401, ("/v1/x", "orders/paid", b"{}"))
    assert deliveries.post(api, "/v1/x", {}, b"{}") == deliveries.UNREACHABLE
