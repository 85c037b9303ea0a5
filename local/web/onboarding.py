"""/_local/onboard: a shop of one's own, set up from a page by the operator's own function."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from babel import Locale
from pydantic import TypeAdapter, ValidationError

from local.web import http
from local.web.http import Request, Response
from local.web.views import render
from sharetrail import calendars, money
from sharetrail.merchants.profile import Host, Merchant, countries

_FUNCTION = "onboard_merchant"
_LOCALES = (
    *("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "pt_PT", "pt_BR"),
    *("ja_JP", "zh_CN", "ar_EG", "he_IL"),
)
_ZONE = re.compile(r"(?!Etc/|posix|right).*/")
Part = Literal["shop", "mail", "systems", "again"]


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
        part="systems",
        example="mug-and-bean.myshopify.com",
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
HEARD = {
    "first_event": "First page event",
    "first_click": "First click",
    "first_order": "First order",
}


class Onboarding:
    """`invoke(folder, event)` runs a function now."""

    def __init__(self, invoke: Callable[[str, Mapping[str, Any]], Any]) -> None:
        self._invoke = invoke

    def ask(self, _: Request) -> Response:
        return _form({}, {}, "")

    def onboard(self, request: Request) -> Response:
        """The form again, with what is wrong beside its fields; or what to install."""
        try:
            filled = request.form_lists
        except UnicodeDecodeError:
            return _form({}, {}, "What was sent is no text in UTF-8.")
        event = event_of(filled)
        answer = self._invoke(_FUNCTION, event)
        if "error" in answer:
            faults = {*answer["errors"], *_faults(event)}
            errors = {each.name: each.wrong for each in FIELDS if _is_at(each, faults)}
            return _form(filled, errors, "" if errors else answer["error"])
        return http.answer_html(render("onboarded.html", **_told(answer, str(event["shop_host"]))))


def event_of(filled: Mapping[str, list[str]]) -> dict[str, Any]:
    """Onboarding's event from what the form's fields were filled with; what was left empty stays
    as it is."""
    event: dict[str, Any] = {"shop_host": ""}
    for each in FIELDS:
        texts = [text.strip() for text in filled.get(each.name, []) if text.strip()]
        name, _, key = each.name.partition(".")
        if each.several and texts:
            event[name] = [word for text in texts for word in re.split(r"[,;\s]+", text) if word]
        elif key and texts:
            event.setdefault(name, {})[key] = texts[0]
        elif texts:
            event[name] = texts[0]
    return event | {"shop_host": _host(event["shop_host"])}


def _host(text: str) -> str:
    """The host of an address as people copy it."""
    return re.sub(r"^[a-z]+://|/.*$", "", text.lower(), flags=re.IGNORECASE)


def _faults(event: Mapping[str, Any]) -> Iterable[str]:
    """The fields that do not fit, by the merchant's own limits: onboarding reads the host first
    and the rest after it, and people want to hear of all at once."""
    hints = get_type_hints(Merchant, include_extras=True) | {"shop_host": Host}
    for name, value in event.items():
        try:
            TypeAdapter(hints.get(name, Any)).validate_python(value)
        except ValidationError:
            yield name
            if name == "shop_host":  # so it is a new shop
                yield from (f.name for f in FIELDS if f.required and f.name not in event)


def _is_at(field: Field, faults: Iterable[str]) -> bool:
    """Whether one of the faults is the field's, or of a part of it: `recipients.0`."""
    return any(f"{name}.".startswith(f"{field.name}.") for name in faults)


def _form(filled: Mapping[str, list[str]], errors: Mapping[str, str], trouble: str) -> Response:
    page = render("onboard.html", fields=FIELDS, filled=filled, errors=errors, trouble=trouble)
    return http.answer_html(page, 422 if errors or trouble else 200)


def _told(answer: Mapping[str, Any], shop_host: str) -> dict[str, Any]:
    scheme = "http" if ":" in shop_host else "https"
    made = {
        "Publishable key": answer.get("publishable_key"),
        "Secret key": answer.get("secret_key"),
        "Webhook secret": answer["webhook_secrets"].get("standard"),
    }
    return {
        "answer": answer,
        "shop": f"{scheme}://{shop_host}",
        "shop_host": shop_host,
        "made": {name: value for name, value in made.items() if value},
        "heard": {words: answer.get(name) for name, words in HEARD.items()},
        "base": str(answer["webhooks"]["standard"]).partition("/v1/")[0],
    }
