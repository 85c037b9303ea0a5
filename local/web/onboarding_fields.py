"""What the page that sets up a shop asks for: the fields of its form."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from babel import Locale

from sharetrail import calendars, money
from sharetrail.merchants.profile import countries

_LOCALES = (
    *("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "pt_PT", "pt_BR"),
    *("ja_JP", "zh_CN", "ar_EG", "he_IL"),
)
_ZONE = re.compile(r"(?!Etc/|posix|right).*/")
Part = Literal["shop", "mail", "connect", "systems", "again"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the form. `name` is onboarding's own, with a dot where it is a part of another;
    `wrong` is said beside it where onboarding does not take it."""

    name: str
    label: str
    hint: str = ""
    wrong: str
    part: Part
    example: str = ""
    required: bool = False
    several: bool = False
    choices: Callable[[], Iterable[tuple[str, str]]] | None = None
    open: bool = False
    """Whether other values than the choices may be typed."""


def _currencies() -> Iterable[tuple[str, str]]:
    names = Locale("en").currencies
    return sorted((code, names.get(code, code)) for code in money.CURRENCIES)


def _countries() -> Iterable[tuple[str, str]]:
    return sorted(countries().items(), key=lambda it: it[1])


def _zones() -> Iterable[tuple[str, str]]:
    return [(zone, "") for zone in ("UTC", *sorted(filter(_ZONE.match, calendars.zone_names())))]


def _languages() -> Iterable[tuple[str, str]]:
    return [(code, Locale.parse(code).english_name or code) for code in _LOCALES]


def _rotations() -> Iterable[tuple[str, str]]:
    return [
        ("publishable", "A new publishable key; the old one works for another day"),
        ("secret", "A new secret key; the old one stops within half a minute"),
        ("standard", "A new webhook secret; the old one stays good until the next"),
    ]


FIELDS = (
    Field(
        name="shop_host",
        label="Shop address",
        hint="The host alone. A page on this machine is localhost with its port.",
        wrong="Write it like shop.example, or like localhost:3000.",
        part="shop",
        example="shop.example",
        required=True,
    ),
    Field(
        name="name",
        label="Shop name",
        wrong="A name has up to 200 letters.",
        part="shop",
        example="Mug & Bean",
    ),
    Field(
        name="country",
        label="Country",
        hint="It decides whether shoppers are asked first. Left empty: where the time zone lies.",
        wrong="Choose the country from the list.",
        part="shop",
        choices=_countries,
    ),
    Field(
        name="currency",
        label="Currency",
        hint="What reports are written in.",
        wrong="Choose the currency that reports are to be written in.",
        part="shop",
        required=True,
        choices=_currencies,
    ),
    Field(
        name="zone",
        label="Time zone",
        hint="Whose days and weeks are counted.",
        wrong="Choose a zone from the list, such as Europe/Berlin.",
        part="shop",
        example="Europe/Berlin",
        required=True,
        choices=_zones,
        open=True,
    ),
    Field(
        name="language",
        label="Language",
        hint="How money and dates are written.",
        wrong="Choose a language from the list.",
        part="mail",
        choices=_languages,
    ),
    Field(
        name="recipients",
        label="Who gets Monday's mail",
        hint="Several addresses with commas between them.",
        wrong="Write e-mail addresses, with commas between them.",
        part="mail",
        example="owner@shop.example",
        several=True,
    ),
    Field(
        name="parting_offer",
        label="A parting offer",
        hint="What somebody reads who unsubscribed.",
        wrong="Write one line of at most 200 characters.",
        part="mail",
        example="Before you go: 15 % off with STAY15",
    ),
    Field(
        name="shopify_domain",
        label="Shopify: the shop's own domain",
        wrong="Write it like mug-and-bean.myshopify.com; no other merchant may have it.",
        part="connect",
        example="mug-and-bean.myshopify.com",
    ),
    Field(
        name="shopify.client_id",
        label="Shopify: your app's client ID",
        hint="From the Dev Dashboard: your app → Settings. Here a stub plays Shopify, and knows the"
        " ID the-stubs-client-id with the secret the-stubs-client-secret.",
        wrong="Copy the ID and the secret, both. The shop's own domain is needed with them.",
        part="connect",
    ),
    Field(
        name="shopify.client_secret",
        label="Shopify: your app's secret",
        wrong="Copy the ID and the secret, both.",
        part="connect",
    ),
    Field(
        name="woocommerce.consumer_key",
        label="WooCommerce: consumer key",
        hint="WooCommerce → Settings → Advanced → REST API: an administrator's, Read/Write. The"
        " stub's is ck_of_the_stub with cs_of_the_stub.",
        wrong="Copy the key and the secret, both.",
        part="connect",
        example="ck_…",
    ),
    Field(
        name="woocommerce.consumer_secret",
        label="WooCommerce: consumer secret",
        wrong="Copy the key and the secret, both.",
        part="connect",
        example="cs_…",
    ),
    Field(
        name="stripe.secret_key",
        label="Stripe: a restricted key",
        hint="Developers → API keys. The stub's is rk_test_of_the_stub.",
        wrong="It begins with rk_ or sk_.",
        part="connect",
        example="rk_live_…",
    ),
    Field(
        name="webhook_secrets.shopify",
        label="Shopify: the key its webhooks are signed with",
        wrong="A secret has up to 200 letters.",
        part="systems",
    ),
    Field(
        name="webhook_secrets.woocommerce",
        label="WooCommerce: the webhooks' secret",
        wrong="A secret has up to 200 letters.",
        part="systems",
    ),
    Field(
        name="webhook_secrets.stripe",
        label="Stripe: the endpoint's signing secret",
        wrong="A secret has up to 200 letters.",
        part="systems",
        example="whsec_…",
    ),
    Field(
        name="rotate",
        label="New keys",
        wrong="Choose from the list.",
        part="again",
        several=True,
        choices=_rotations,
    ),
)
