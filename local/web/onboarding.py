"""/_local/onboard: a shop of one's own, set up from a page by the operator's own function."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from local.web import http
from local.web.http import Request, Response
from local.web.onboarding_fields import FIELDS, Field
from local.web.views import render
from sharetrail.merchants.profile import Host, Merchant
from sharetrail.platforms.connection_words import SYSTEMS

_FUNCTION = "onboard_merchant"
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
        "connected": [(SYSTEMS[each["platform"]], each) for each in answer["connections"]],
        "pages": answer["installation_pages"],
        "heard": {words: answer.get(name) for name, words in HEARD.items()},
        "base": str(answer["webhooks"]["standard"]).partition("/v1/")[0],
    }
