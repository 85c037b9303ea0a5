"""sharetrail.js in a real browser: what Shopify's cart and product forms are told."""

from tests.browser.pages import FIRST, SHOPIFY, shop_page


def test_shopify_s_cart_learns_the_trail_and_the_visit(shopper, stage):
    shopper.land(FIRST, html=shop_page(head=SHOPIFY))
    (asked,) = shopper.until(lambda: stage.to("/cart/update.js"))
    assert asked.headers["content-type"] == "application/json"
    assert asked.json == {"attributes": {"sharetrail": FIRST, "sharetrail_visit": FIRST}}


def test_a_cart_without_a_trail_says_that_the_script_ran(shopper, stage):
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.until(lambda: stage.carts == [{"sharetrail": "none", "sharetrail_visit": "other"}])


def test_the_cart_is_found_where_shopify_keeps_it_in_this_language(shopper, stage):
    shopper.go(html=shop_page(head="<script>window.Shopify = {routes: {root: '/fr/'}}</script>"))
    shopper.until(lambda: stage.to("/fr/cart/update.js"))


def test_the_cart_is_told_again_only_of_what_changed(shopper, stage):
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.page.evaluate("sharetrail.consent(true)")
    shopper.page.evaluate("sharetrail.consent(false)")
    shopper.page.evaluate("sharetrail.consent(false)")
    shopper.until(lambda: len(stage.carts) == 2)
    shopper.pause(0.1)
    assert [cart["sharetrail"] for cart in stage.carts] == ["none", "denied"]


def test_a_cart_that_could_not_be_told_is_told_with_the_next_chance(shopper, stage):
    stage.broken.add("/cart/update.js")
    shopper.go(html=shop_page(head=SHOPIFY))
    shopper.until(lambda: len(stage.carts) == 1)
    shopper.pause(0.1)
    shopper.page.evaluate("sharetrail.consent(true)")
    shopper.until(lambda: len(stage.carts) == 2)


def test_a_shop_that_is_not_on_shopify_has_no_such_cart(shopper, stage):
    shopper.land(FIRST, html=shop_page('<form action="/cart/add"></form>'))
    shopper.pause(0.2)
    assert stage.carts == []
    assert shopper.page.locator("form input").count() == 0


def test_product_forms_carry_the_trail_past_the_cart_now_and_later(shopper):
    form = '<form class="{}" action="/fr/cart/add" method="post"></form>'
    shopper.land(FIRST, html=shop_page(SHOPIFY + form.format("now")))
    assert values_in(shopper, "form.now") == {
        "properties[_sharetrail]": FIRST,
        "properties[_sharetrail_visit]": FIRST,
    }
    shopper.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)",
                          f"<div>{form.format('later')}</div>")  # fmt: skip
    shopper.until(lambda: values_in(shopper, "form.later") == values_in(shopper, "form.now"))
    shopper.page.evaluate("sharetrail.consent(false)")
    for form in ("form.now", "form.later"):
        assert values_in(shopper, form) == {
            "properties[_sharetrail]": "denied",
            "properties[_sharetrail_visit]": "other",
        }


def values_in(shopper, form):
    return shopper.page.evaluate(
        "form => Object.fromEntries(new FormData(document.querySelector(form)))", form
    )
