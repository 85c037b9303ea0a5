"""A shop of one's own, set up from the page as a person fills it in."""

import re
from html import unescape
from typing import get_args, get_type_hints
from urllib.parse import urlencode

import pytest
from pydantic import TypeAdapter

from local.cloud import Cloud
from local.platforms.platforms import CONSUMER_KEY, CONSUMER_SECRET
from local.web.onboarding_fields import FIELDS
from sharetrail.installation import onboard_merchant
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Vendor
from tests.shops import Answer, Shop

VENDORS = get_args(Vendor)
FORM = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}
GOOD = {"shop_host": "kettles.example", "currency": "EUR", "zone": "Europe/Berlin"}


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """One that is there already."""
    return Shop.onboard(cloud)


@pytest.fixture
def send(shop: Shop):
    def send(**filled) -> Answer:
        body = urlencode({name.replace("__", "."): text for name, text in filled.items()}, True)
        return shop.ask("POST", "/_local/onboard", body.encode(), FORM)

    return send


def text(answer: Answer) -> str:
    """The page without its markup, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.body.decode())))


def wrong(answer: Answer) -> dict[str, str]:
    """What is said beside fields, by the field's id."""
    return dict(re.findall(r'class="wrong" id="([\w-]+)-wrong">([^<]+)<', answer.body.decode()))


def key(kind: str, answer: Answer) -> str:
    (found,) = set(re.findall(rf"\b{kind}_[\w-]{{20,}}", answer.body.decode()))
    return found


def settings_of(shop: Shop, host: str) -> dict:
    return onboard_merchant.profiles.read(onboard_merchant.merchant_id_of(host))


def test_the_page_asks_for_what_onboarding_takes(shop: Shop) -> None:
    answer = shop.ask("GET", "/_local/onboard")
    for label in ("Shop address", "Currency", "Time zone", "Who gets Monday's mail"):
        assert label in text(answer)
    names = set(re.findall(r'name="([\w.]+)"', answer.body.decode())) - {"viewport"}
    assert names == {each.name for each in FIELDS}
    taken = onboard_merchant.SETTINGS | {"shop_host", "webhook_secrets", "rotate", *VENDORS}
    assert {name.partition(".")[0] for name in names} <= taken


def test_a_shop_is_connected_from_the_page(shop: Shop, send) -> None:
    key = {
        "woocommerce__consumer_key": CONSUMER_KEY,
        "woocommerce__consumer_secret": "cs_wrong_one",
    }
    assert "WooCommerce: at work" in text(send(**GOOD, **key))
    assert shop.cloud.drain()["failed"] == []
    answer = text(send(shop_host="kettles.example"))
    assert "WooCommerce: needs you" in answer
    assert "WooCommerce refused the key" in answer
    send(**{**GOOD, **key, "woocommerce__consumer_secret": CONSUMER_SECRET})
    assert shop.cloud.drain()["failed"] == []
    assert "WooCommerce: connected" in text(send(shop_host="kettles.example"))


def test_half_a_key_is_told_beside_the_field(send) -> None:
    answer = send(**GOOD, shopify__client_id="the-stubs-client-id")
    assert answer.status == 422
    assert wrong(answer).keys() == {"shopify-client_secret"}


def test_a_shop_is_set_up_and_its_keys_work(shop: Shop, send) -> None:
    answer = send(**GOOD)
    assert answer.status == 200
    assert "kettles.example is set up" in text(answer)
    headers = {"authorization": f"Bearer {key('sk', answer)}"}
    wish = {"url": "https://kettles.example/", "network": "copy", "influencer": {"id": "ana"}}
    assert shop.ask("POST", "/v1/links", wish, headers).status == 201
    assert "https://kettles.example/" in text(answer), "the link it tells one to make"


def test_the_tag_is_onboardings_own_with_the_key_that_was_made(shop: Shop, send) -> None:
    answer = send(**GOOD)
    told = shop.cloud.invoke("onboard_merchant", {"shop_host": "kettles.example"})
    tag = told["script"].replace("pk_…", key("pk", answer))
    assert tag in unescape(answer.body.decode())
    for address in told["webhooks"].values():
        assert address in answer.body.decode()


def test_what_is_wrong_is_said_beside_its_field_all_at_once(shop: Shop, send) -> None:
    answer = send(shop_host="My shop", recipients="a@shop.example, nobody", language="de")
    assert answer.status == 422
    assert wrong(answer) == {
        "shop_host": "Write it like shop.example, or like localhost:3000.",
        "currency": "Choose the currency that reports are to be written in.",
        "zone": "Choose a zone from the list, such as Europe/Berlin.",
        "recipients": "Write e-mail addresses, with commas between them.",
    }
    assert 'value="My shop"' in answer.body.decode(), "what was typed stays"
    assert "pattern" not in text(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shop_host", ""),
        ("zone", "Mars/Olympus"),
        ("currency", "DOGE"),
        ("name", "x" * 201),
        ("language", "Deutsch!"),
        ("country", "Germany"),
        ("shopify_domain", "kettles.example"),
        ("webhook_secrets.stripe", "s" * 201),
        ("rotate", "everything"),
    ],
)
def test_each_field_says_what_it_wants_and_nothing_is_saved(
    shop: Shop, send, field: str, value: str
) -> None:
    answer = send(**{**GOOD, field: value})
    assert list(wrong(answer)) == [field.replace(".", "-")]
    assert settings_of(shop, "kettles.example") is None


def test_what_is_no_fields_fault_is_said_above_the_form(shop: Shop, send) -> None:
    shop.onboarded(origins=["https://shop.example", "https://kettles.example"])
    answer = send(**GOOD)
    assert (answer.status, wrong(answer)) == (422, {})
    assert "another merchant" in text(answer)


@pytest.mark.parametrize(
    "typed", ["https://Kettles.example/products?a=b", " kettles.example ", "http://kettles.example"]
)
def test_an_address_is_taken_as_it_is_copied(shop: Shop, send, typed: str) -> None:
    send(**{**GOOD, "shop_host": typed})
    assert settings_of(shop, "kettles.example").shop_host == "kettles.example"


def test_a_page_of_this_machine_is_a_shop_too(shop: Shop, send) -> None:
    answer = send(**{**GOOD, "shop_host": "http://localhost:3000/"})
    assert "http://localhost:3000/" in text(answer)
    assert settings_of(shop, "localhost:3000").origins == ("http://localhost:3000",)


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({}, "It stores nothing before a shopper agrees, since the shop is in DE."),
        ({"country": "US"}, "It asks nobody for consent, since the shop is in US;"),
        ({"zone": "UTC"}, "It stores nothing before a shopper agrees. Once they do"),
    ],
)
def test_it_says_whether_shoppers_are_asked_and_why(send, filled, said) -> None:
    assert said in text(send(**{**GOOD, **filled}))


def test_every_country_that_can_be_chosen_is_one_that_onboarding_takes(shop: Shop, send) -> None:
    page = shop.ask("GET", "/_local/onboard").body.decode()
    select = re.search(r'<select id="country".*?</select>', page, re.S)
    codes = re.findall(r'value="([^"]+)"', select[0])
    assert {"DE", "US", "XK"} <= set(codes)
    country = TypeAdapter(get_type_hints(Merchant, include_extras=True)["country"])
    assert [country.validate_python(code) for code in codes] == codes


def test_recipients_and_secrets_are_kept_as_onboarding_keeps_them(shop: Shop, send) -> None:
    several = "a@shop.example; b@shop.example c@shop.example"
    more = {"webhook_secrets.woocommerce": " hush ", "webhook_secrets.stripe": ""}
    send(**GOOD, recipients=several, **more)
    kept = settings_of(shop, "kettles.example")
    assert kept.recipients == ("a@shop.example", "b@shop.example", "c@shop.example")
    now = shop.cloud.clock.now()
    assert vault.active(kept.id, "webhook:woocommerce", now) == (b"hush",)
    assert vault.active(kept.id, "webhook:stripe", now) == ()


def test_again_it_changes_what_is_filled_in_and_shows_no_key(shop: Shop, send) -> None:
    send(**GOOD, name="Kettles")
    answer = send(shop_host="kettles.example", recipients="a@shop.example")
    assert answer.status == 200
    assert "is up to date" in text(answer)
    assert not re.search(r"\b[ps]k_[\w-]{20,}", answer.body.decode())
    kept = settings_of(shop, "kettles.example")
    assert (kept.name, kept.recipients) == ("Kettles", ("a@shop.example",))


def test_new_keys_are_made_on_request(shop: Shop, send) -> None:
    first = key("sk", send(**GOOD))
    answer = send(shop_host="kettles.example", rotate=["secret", "standard"])
    assert key("sk", answer) != first
    assert "pk_…" in answer.body.decode()


def test_it_says_what_was_heard_of_the_shop(shop: Shop, send) -> None:
    assert text(send(shop_host="shop.example")).count("not yet") == 3
    shop.click(shop.share().json["code"])
    shop.cloud.drain()
    assert text(send(shop_host="shop.example")).count("not yet") == 2


@pytest.mark.parametrize("body", [b"", b"\xff", b"shop_host=%FF", b"%00", b"{}"])
def test_a_body_that_is_no_form_is_the_form_again(shop: Shop, body: bytes) -> None:
    answer = shop.ask("POST", "/_local/onboard", body, FORM)
    assert (answer.status, "Set up a shop" in text(answer)) == (422, True)


def test_what_is_typed_is_text_on_the_page(shop: Shop, send) -> None:
    page = send(shop_host='"><script>alert(1)</script>').body.decode()
    assert "<script>alert" not in page


def test_another_site_sets_nothing_up(shop: Shop) -> None:
    headers = {**FORM, "origin": "https://evil.example"}
    answer = shop.ask("POST", "/_local/onboard", urlencode(GOOD).encode(), headers)
    assert (answer.status, settings_of(shop, "kettles.example")) == (403, None)
