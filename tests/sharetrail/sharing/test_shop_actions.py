"""What a shop does to whoever opens an address, in whatever spelling: no link of a browser's, and
nothing that a visitor adds to one, leads there.
"""

from urllib.parse import unquote, urlsplit

import ada_url
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sharetrail.sharing.destinations import BadDestination, harmless, tagged
from sharetrail.web.address import host_of

SHOP = "https://shop.example"
ACTING_PATHS = [
    "/cart",
    "/cart/add",
    "/cart/clear.js",
    "/cart/123:1,456:2",
    "/checkout/cart/add/product/7/",
    "/checkouts/c/abc",
    "/1234567/checkouts/abc",
    "/index.php/checkout/cart/",
    "/discount/SUMMER",
    "/account",
    "/account/logout",
    "/account/login.html",
    "/my-account/customer-logout/",
    "/customer/account/logoutSuccess/",
    "/kunden/abmelden",
    "/login.php",
    "/cart.php",
    "/wp-login.php",
    "/wp-admin/",
    "/wp-json/wc/store/v1/cart",
    "/admin",
    "/password",
    "/panier",
    "/shop/warenkorb/",
    "/newsletter/subscriber/unsubscribe/",
    "/shop/unsubscribe",
    "/wishlist/index/add",
    "/on/demandware.store/Sites-shop-Site/de/Cart-AddProduct",
]
SPELLED_OTHERWISE = [
    "/CART",
    "/de/cart",
    "/en-gb/cart",
    "/de/de_DE/cart",
    "//cart",
    "/cart/",
    "/cart;session=1",
    "/products/..;/cart",
    "/./cart",
    "/x/../cart",
    "/products/../discount/FREE50//..//..",
    "/products/mug/..",
    "/#/cart",
    "/products/mug#!/~/cart/create=1",
    "/products/../cart",
    "/products/%2e%2e/cart",
    "/products/.%2E/cart",
    "/products/..%2fcart",
    "/products%2f..%2fcart",
    "/products/%252e%252e%252fcart",
    "/%63art",
    "/%2563art",
    "/c%61rt%2fadd",
    "/cart/x/%252e%252e/%252e%252e/products/mug",
    "/%5ccart",
    "/cart%00",
    "/Account/Log-Out",
]
HARMLESS_PATHS = [
    "/profile/alu",
    "/order/lamp",
    "/users/manual",
    "/products/mug#cart",
    "/products/mug#/details",
    "",
    "/",
    "/products/mug",
    "/products/shopping-cart",
    "/products/cart",
    "/de/products/cart",
    "/products/discount",
    "/collections/cart-accessories",
    "/collections/all/products/logout-t-shirt",
    "/blogs/news/next",
    "/pages/logout",
    "/product-category/carts/",
    "/garden/cart.html",
    "/sales",
    "/sales/mugs",
    "/orders-of-magnitude",
    "/accounting-software",
    "/cart-bags",
    "/p/1",
    "/shop/",
    "/shop/product/checkout",
    "/en",
    "/gr%C3%BC%C3%9Fe",
    "/100%25-wool",
    "/a,b;c=d/~e",
]
ACTING_PARTS = [
    "route=/account/logout",
    "add-to-cart%00x=12",
    "return_to%00x=//evil.example",
    "edd_action=add_to_cart",
    "add-to-cart=5",
    "add_to_cart",
    "remove_item=1",
    "wc-ajax=add_to_cart",
    "discount=SUMMER",
    "coupon=SUMMER",
    "Apply_Coupon=SUMMER",
    "mylogout=",
    "customer-logout=true",
    "preview_theme_id=1",
    "uenc=aHR0cHM6Ly9ldmlsLmV4YW1wbGUv",
    "PHPSESSID=1",
    "route=account/logout",
    "route=checkout/cart.add",
    "route=checkout%7Ccart",
    "controller=my-account",
    "action=logout",
    "return_to=/account/logout",
    "return_url=https://evil.example",
    "return_to=//evil.example",
    "return_to=evil.example",
    "returnTo=/x",
    "return-to[]=/x",
    "opened[return_to]=/x",
    "return.to=/x",
    "+return_to=/x",
    "return_to%00=/x",
    "%72eturn_to=/x",
    "%2572eturn_to=/x",
    "return_to=%2F%2Fevil.example",
    "return_to=%252F%252Fevil.example",
    "a=b;return_to=/x",
    "a=b%26return_to=/x",
    "NEXT=/x",
    "goto=javascript:alert(1)",
    "continue=%5cevil",
    "checkout_url=/x",
]
HARMLESS_PARTS = [
    "variant=42",
    "q=cart",
    "q=a/b",
    "fbclid=IwAR0/x",
    "route=product/product",
    "route=product/category",
    "controller=product",
    "action=search",
    "path=20_27",
    "next=2",
    "page=next",
    "url=mug",
    "to=London",
    "color=red;size=xl",
    "tags[]=1",
    "st",
    "=",
]


def is_refused(url: str) -> bool:
    try:
        harmless(url)
    except BadDestination as refused:
        return refused.errors.keys() == {"url"}
    return False


# ── one by one ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", [*ACTING_PATHS, *SPELLED_OTHERWISE])
def test_where_a_shop_acts_no_link_of_a_browser_leads(path: str) -> None:
    assert host_of(SHOP + path, loopback=False), "or the grammar refuses it already"
    assert is_refused(SHOP + path)
    assert is_refused(f"{SHOP}{path}?a=b#c")


@pytest.mark.parametrize("path", HARMLESS_PATHS)
def test_what_is_merely_called_so_is_shared_as_it_is(path: str) -> None:
    for url in (SHOP + path, f"{SHOP}{path}?variant=42&&q=a%20b#top"):
        assert harmless(url) == url


@pytest.mark.parametrize("part", ACTING_PARTS)
def test_what_acts_in_a_query_is_left_out(part: str) -> None:
    assert harmless(f"{SHOP}/p?{part}#top") == f"{SHOP}/p#top"
    assert harmless(f"{SHOP}/p?a=1&{part}&b=2") == f"{SHOP}/p?a=1&b=2"
    assert tagged(f"{SHOP}/p", {"st": "id"}, f"a=1&{part}") == f"{SHOP}/p?a=1&st=id"


@pytest.mark.parametrize("part", HARMLESS_PARTS)
def test_what_does_not_stays_as_it_was(part: str) -> None:
    assert harmless(f"{SHOP}/p?{part}") == f"{SHOP}/p?{part}"


def test_what_the_shop_itself_put_into_a_link_stays() -> None:
    url = f"{SHOP}/cart?discount=SUMMER&return_to=/products/mug"
    assert tagged(url, {"st": "id"}, "fbclid=1") == f"{url}&fbclid=1&st=id"


# ── in any spelling ──────────────────────────────────────────────────────────────────────────────
@st.composite
def in_percent_signs(draw: st.DrawFn, text: str) -> str:
    """Some of its letters, some of them twice."""
    written = ["{}", "%{:02x}", "%25{:02x}"]
    return "".join(
        form.format(ord(letter) if "x" in form else letter)
        for letter in text
        for form in [draw(st.sampled_from(written))]
    )


@st.composite
def respelled(draw: st.DrawFn, path: str) -> str:
    steps = [draw(in_percent_signs(step)) for step in path.split("/") if step]
    around = st.sampled_from(["", "/", "/.", "/de", "/en-gb", "/x/..", "/products/%2e%2e", "/shop"])
    behind = st.sampled_from(["", "/", ";x=1", "/.", "//"])
    between = draw(st.sampled_from(["/", "//", "/./"]))
    start = "".join(draw(st.lists(around, max_size=3)))
    whole = f"{start}/{between.join(steps)}{draw(behind)}"
    return draw(st.sampled_from([whole, whole.upper(), whole.title()]))


@given(st.sampled_from(ACTING_PATHS).flatmap(respelled))
def test_no_spelling_of_an_acting_path_gets_through(path: str) -> None:
    assert is_refused(SHOP + path)


PIECES = ["cart", "account", "logout", "products", "mug", "..", ".", "%2e%2e", "%2F", "%63art"]
PATHS = st.lists(st.sampled_from([*PIECES, "/", "/", "/", ";a", "%5c", "de", "C"]), max_size=8)


@given(PATHS.map("".join))
@example("products/%2e%2e/cart")
def test_where_a_browser_goes_by_what_got_through_is_no_cart_and_no_account(path: str) -> None:
    url = f"{SHOP}/{path}"
    assume(not is_refused(url))
    asked = unquote(unquote(ada_url.URL(url).pathname)).lower()
    first = next(
        (step for step in asked.replace("\\", "/").split("/") if step not in ("", ".")), ""
    )
    assert first.partition(";")[0] not in ("cart", "account", "logout")


NAMES = st.sampled_from(
    ["return_to", "redirect", "add-to-cart", "discount", "next", "url", "a", "q"]
)
ARRAYS = st.sampled_from(["", "[]", "[0]", "%5B%5D"])
VALUES = st.sampled_from(["/x", "//evil.example", "https%3A%2F%2Fevil.example", "1", "", "%2Fx"])
PAIRS = st.builds(
    lambda name, array, value: f"{name}{array}={value}",
    NAMES.flatmap(in_percent_signs) | NAMES.map(str.upper) | NAMES,
    ARRAYS,
    VALUES,
)


@given(st.lists(PAIRS, max_size=5), st.sampled_from(["&", ";", "&&", "&;"]))
def test_a_page_finds_nothing_of_what_acts_in_what_a_visitor_added(
    pairs: list[str], between: str
) -> None:
    location = tagged(f"{SHOP}/p", {}, between.join(pairs))
    search = urlsplit(location).query.replace(";", "&")
    for name, value in ada_url.URLSearchParams(search).items():
        read = unquote(name).partition("[")[0].lower()
        assert read not in ("add-to-cart", "discount")
        if read in ("return_to", "redirect", "next", "url"):
            assert "/" not in unquote(value)


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_else_is_asked_it_is_answered(path: str, query: str) -> None:
    """Also of links of before the grammar: nothing is raised but the refusal."""
    is_refused(f"{SHOP}/{path}?{query}")
