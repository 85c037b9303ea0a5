"""The demo shop's cart, as Shopify's Ajax API has it."""

import pytest

from tests.local.shop.visitors import KETTLE, MUG, TRAIL, Visitor, said


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
