"""Records events/*.json: what each trigger hands its function. `python -m tests.events`

They come from the local cloud, with placeholders for what is secret or differs from run to run:
`for_shop` puts a shop's own values in their place.
"""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from local import clock
from local.cloud import Cloud
from local.platforms.platforms import CONSUMER_KEY, CONSUMER_SECRET
from local.runtime.handlers import Handler, load_handler
from sharetrail.api.questions import what_if
from sharetrail.calendars import iso
from sharetrail.clicks.click import click_key, mint_click_id
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import merchant_id_of
from sharetrail.questions.question import Question
from sharetrail.report.keeping import page_links
from sharetrail.totals import five_minute_slots
from tests import exports
from tests.recipients import Recipient, forms
from tests.senders import (
    a_session,
    a_woo_order,
    an_event,
    meta,
    post_stripe,
    send_woo,
    stripe_signature,
    woo_signature,
)
from tests.shops import (
    HOST,
    ORIGIN,
    SHOPIFY_DOMAIN,
    SHOPIFY_SECRET,
    STRIPE_SECRET,
    WOOCOMMERCE_SECRET,
    Answer,
    Shop,
)

FOLDER = Path(__file__).parents[1] / "events"
ONBOARDED = datetime(2026, 11, 1, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""When everything happens but the schedules."""
MONDAY = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)
"""08:02 in the shop's New York: when its report is due."""

PUBLISHABLE_KEY = "pk_REPLACE_WITH_THE_PUBLISHABLE_KEY"
SECRET_KEY = "sk_REPLACE_WITH_THE_SECRET_KEY"
SIGNING_SECRETS = {
    SHOPIFY_SECRET: "REPLACE_WITH_THE_SHOPS_SIGNING_SECRET",
    WOOCOMMERCE_SECRET: "REPLACE_WITH_THE_WOOCOMMERCE_WEBHOOKS_SECRET",
    STRIPE_SECRET: "REPLACE_WITH_THE_STRIPE_ENDPOINTS_SECRET",
}
SIGNATURE = "REPLACE_WITH_THE_SIGNATURE"
TOKEN = "replace-with-the-token"
PROOF = "replace-with-the-proof"
SNAPSHOT = "replace-with-the-hash-of-the-report"
CODE = "0123456789"
CLICK = mint_click_id(SATURDAY, 0, 0)
MERCHANT = merchant_id_of(HOST)
HOSTNAME = "go.shop.example"
QUESTION = Question(merchant=MERCHANT, kind="what_if", about={}, asked_at=SATURDAY).id

Event = dict[str, Any]


# ── A morning at a shop ──────────────────────────────────────────────────────────────────────────
class Witness:
    """Loads handlers, and keeps what each was handed last: `seen[folder]`."""

    def __init__(self) -> None:
        self.seen: dict[str, Event] = {}

    def load(self, folder: str) -> Handler:
        handler = load_handler(folder)

        def watched(event: Event, context: Any) -> Any:
            self.seen[folder] = event
            return handler(event, context)

        return watched


def recorded(open_cloud: Callable[..., Cloud]) -> dict[str, Event]:
    """File name (without .json) → event. `open_cloud` takes Cloud's `start` and `load`."""
    witness = Witness()
    with open_cloud(start=SATURDAY, load=witness.load) as cloud:
        raw = dict(_happenings(Shop(cloud), witness.seen))
        plain = _without_what_differs(raw, cloud)
    return {name: _tidied(event) for name, event in plain.items()}


def _happenings(shop: Shop, seen: dict[str, Event]) -> Iterator[tuple[str, Event]]:
    shop.facts = shop.onboarded(time=iso(ONBOARDED))
    yield "onboard_merchant", seen["onboard_merchant"]
    mug = {"id": "1", "title": "Mug"}
    link = shop.share(key="publishable_key", influencer={"id": "a-browsers-own-id"}, product=mug)
    code = link.json["code"]
    yield "create_link", seen["create_link"]
    click = shop.click(code)
    yield "redirect", seen["redirect"]
    yield "_code", {"code": code, "click": click}
    shop.follow(code, method="HEAD")
    yield "redirect_head", seen["redirect"]
    _see_the_page(shop, code, click)
    yield "collect_events", seen["collect_events"]
    asks = {"origin": ORIGIN, "access-control-request-method": "POST"}
    shop.ask("OPTIONS", "/v1/links", None, asks)
    yield "answer_preflight", seen["answer_preflight"]
    shop.ask("GET", "/sharetrail.js", None, {"accept-encoding": "gzip"})
    yield "serve_script", seen["serve_script"]
    shop.cloud.drain()
    yield "project_events", seen["project_events"]
    shop.buy("1001", "48.50", click, visit=click, created_at=iso(SATURDAY))
    yield "receive_order_shopify", seen["receive_order"]
    shop.cloud.drain()
    yield "attribute_order", seen["attribute_order"]
    _buy_elsewhere(shop, click)
    yield "receive_order_standard", seen["receive_order"]
    said = meta(_sharetrail=click, _sharetrail_visit=click)
    send_woo(shop, "order.created", a_woo_order(SATURDAY, 3001, meta_data=said))
    yield "receive_order_woocommerce", seen["receive_order"]
    carried = {"sharetrail": click, "sharetrail_visit": click}
    session = a_session(SATURDAY, payment_intent="pi_4001", metadata=carried)
    post_stripe(shop, an_event("checkout.session.completed", session, SATURDAY))
    yield "receive_order_stripe", seen["receive_order"]
    shop.read("/v1/orders/shopify/1001")
    yield "merchant_api_order", seen["merchant_api"]
    question = {"from": "2026-11-01", "to": "2026-11-21", "window_days": 7, "model": "position"}
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("POST", "/v1/what-if", question, secret)
    yield "ask_what_if", seen["ask_what_if"]
    with mock.patch.object(what_if, "MOST_ORDERS", 0):
        asked = shop.ask("POST", "/v1/what-if", question, secret)
    shop.cloud.drain()
    yield "analyse_merchant_question", seen["analyse_merchant"]
    yield "_question", asked.json
    _send_an_export(shop)
    yield "reconcile", seen["reconcile"]
    key = {"consumer_key": CONSUMER_KEY, "consumer_secret": CONSUMER_SECRET}
    shop.onboarded(time=iso(SATURDAY), woocommerce=key)
    shop.cloud.drain()
    yield "connect_shop", seen["connect_shop"]
    with mock.patch.dict(os.environ, EVENTS_TABLE="gone"):
        spilled = shop.click(code)
    with mock.patch.object(five_minute_slots, "project", side_effect=[OSError, None]):
        shop.cloud.drain()
    yield "save_click", seen["save_click"]
    yield "open_doors", seen["open_doors"]
    yield "_spilled", {"click": spilled}
    with mock.patch.dict(os.environ, ORDERS_TABLE="gone"):
        shop.buy("1003", "20.00", created_at=iso(SATURDAY))
    shop.cloud.drain()
    yield "save_order", seen["save_order"]
    shop.cloud.clock.set_forward(MONDAY)
    for folder, worker in (
        ("close_days", "tend_merchant"),
        ("score_influencers", "analyse_merchant"),
    ):
        shop.cloud.schedule(folder)
        yield folder, seen[folder]
        shop.cloud.drain()
        yield worker, seen[worker]
    for folder in ("sweep", "turn_salts", "schedule_reports", "tell_operator"):
        shop.cloud.schedule(folder)
        yield folder, seen[folder]
        shop.cloud.drain()
    for folder in ("analyse_merchant", "send_report"):
        yield folder, seen[folder]
    mail = json.loads(seen["send_report"]["Records"][0]["body"])
    yield "_mailed", {"snapshot": mail["snapshot"]}
    now = shop.cloud.clock.now()
    link = page_links.make(profiles.find(shop.id, now), shop.cloud.outbox.mails[0].to, now)
    shop.ask("GET", f"/reports/{link.token}?span=2026-W47")
    yield "view_report", seen["view_report"]
    owner = Recipient(shop)
    (form,) = forms(owner.look("choices"))
    owner.press(form, choose="1", weekly="on", monthly="on")
    yield "act_on_report", seen["act_on_report"]
    yield "_page", {"token": link.token, "proof": form.fields["proof"]}
    shop.ask("POST", "/_local/outbox/1/bounce")
    shop.cloud.drain()
    yield "suppress_recipients", seen["suppress_recipients"]
    yield from _ask_for_a_person(shop, seen)
    (token,) = set(re.findall(r"/unsubscribe/(\w+)", shop.cloud.outbox.mails[0].html))
    shop.ask("POST", f"/unsubscribe/{token}", b"List-Unsubscribe=One-Click")
    yield "unsubscribe", seen["unsubscribe"]
    yield "_secrets", {**shop.facts, "token": token}


def _ask_for_a_person(shop: Shop, seen: dict[str, Event]) -> Iterator[tuple[str, Event]]:
    asked = {"merchant": MERCHANT, "buyer": {"orders": ["shopify/1001"]}}
    for folder in ("export_person", "erase_person"):
        shop.cloud.invoke(folder, {**asked, "time": iso(SATURDAY)})
        yield folder, seen[folder]
    told = {"shop_id": 1, "shop_domain": SHOPIFY_DOMAIN, "customer": {}}
    shop.deliver("customers/redact", {**told, "orders_to_redact": [1002]})
    shop.cloud.drain()
    yield "erase_person_asked", seen["erase_person"]


def _see_the_page(shop: Shop, code: str, click: str) -> None:
    page = {"url": f"{ORIGIN}/products/mug", "at": iso(SATURDAY), "product": "1"}
    events = [
        {"id": "a-view-of-the-page", "type": "view", **page},
        {"id": "a-share-of-it", "type": "share", "code": code, "trail": [click], **page},
    ]
    beacon = {"key": shop.facts["publishable_key"], "events": events}
    shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN, "content-type": "text/plain"})


def _buy_elsewhere(shop: Shop, click: str) -> Answer:
    data = {
        "order_id": "2001",
        "currency": "USD",
        "subtotal": "48.00",
        "total": "52.90",
        "trail": [click],
    }
    message = {"type": "order.placed", "timestamp": iso(SATURDAY), "data": data}
    body = json.dumps(message).encode()
    secret = shop.facts["webhook_secrets"]["standard"]
    stamp = str(int(SATURDAY.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": _standard_signature(secret, stamp, body),
    }
    return shop.ask("POST", f"/v1/webhooks/standard/{shop.id}", body, headers)


def _send_an_export(shop: Shop) -> Answer:
    at = SATURDAY.strftime("%Y-%m-%d %H:%M:%S +0000")
    rows = [
        exports.shopify(order, price, Created_at=at)
        for order, price in ((1001, "48.50"), (1002, "20.00"))
    ]
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "content-type": "text/csv"}
    body = exports.text(exports.SHOPIFY, *rows)
    return shop.ask("POST", "/v1/reconciliations?format=auto&load=false", body, headers)


# ── What is secret, and what differs from run to run ─────────────────────────────────────────────
def _without_what_differs(raw: dict[str, Event], cloud: Cloud) -> dict[str, Event]:
    facts, clicked = raw.pop("_secrets"), raw.pop("_code")
    spilled, asked = raw.pop("_spilled")["click"], raw.pop("_question")["id"]
    page = raw.pop("_page")
    said = {
        raw.pop("_mailed")["snapshot"]: SNAPSHOT,
        facts["publishable_key"]: PUBLISHABLE_KEY,
        facts["secret_key"]: SECRET_KEY,
        facts["token"]: TOKEN,
        page["token"]: TOKEN,
        page["proof"]: PROOF,
        **SIGNING_SECRETS,
        clicked["code"]: CODE,
        clicked["click"]: CLICK,
        spilled: CLICK,
        asked: QUESTION,
        f"127.0.0.1:{cloud.server.port}": HOSTNAME,
    }
    for click in (clicked["click"], spilled):
        said |= dict(zip(click_key(MERCHANT, click).values(), _KEY.values(), strict=True))
    return {name: _put_in(event, said) for name, event in raw.items()}


_KEY = click_key(MERCHANT, CLICK)


def _put_in(event: Event, values: dict[str, str]) -> Event:
    """The event with these values in place of others, in a form too, which comes as base64."""
    mine: Event = json.loads(_replaced(json.dumps(event), values))
    if mine.get("isBase64Encoded"):
        body = _replaced(base64.b64decode(mine["body"]).decode(), values)
        mine["body"] = base64.b64encode(body.encode()).decode()
    return mine


def _replaced(text: str, values: dict[str, str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, values[value])
    return text


def _tidied(event: Event) -> Event:
    if "requestContext" in event:
        return _request(event)
    if "Records" in event:
        return {"Records": _records(event["Records"])}
    if "detail-type" in event:
        return {**event, "id": _UUID, "time": clock.iso(MONDAY)}
    return {name: value for name, value in event.items() if name != "time"}


_UUID = "00000000-0000-4000-8000-000000000000"
_EPOCH = int(SATURDAY.timestamp() * 1000)
_ADDRESS = "203.0.113.7"
_SIGNATURES = {
    "x-shopify-hmac-sha256",
    "x-wc-webhook-signature",
    "stripe-signature",
    "webhook-signature",
}
_FORWARDED = {
    "x-forwarded-for": _ADDRESS,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
}


def _request(event: Event) -> Event:
    headers = event["headers"] | _FORWARDED
    for name in _SIGNATURES & headers.keys():
        headers[name] = SIGNATURE
    if "body" in event:
        headers["content-length"] = str(len(event["body"]))
    context = event["requestContext"]
    at = {"time": f"{SATURDAY:%d/%b/%Y:%H:%M:%S} +0000", "timeEpoch": _EPOCH}
    names = {"domainName": HOSTNAME, "domainPrefix": HOSTNAME.partition(".")[0]}
    http = {**context["http"], "sourceIp": _ADDRESS}
    context = {**context, **at, **names, "http": http, "requestId": _UUID}
    return {**event, "headers": headers, "requestContext": context}


def _records(records: list[Event]) -> list[Event]:
    if "messageId" in records[0]:
        return [_message(each) for each in records]
    in_order = sorted(records, key=lambda each: json.dumps(each["dynamodb"]["Keys"]))
    return [_change(each, number) for number, each in enumerate(in_order, start=1)]


def _change(record: Event, number: int) -> Event:
    change = {**record["dynamodb"], **_when(number)}
    arn = re.sub(r"/stream/.*", "/stream/2026-11-01T12:00:00.000", record["eventSourceARN"])
    return {**record, "eventID": f"{number:032}", "dynamodb": change, "eventSourceARN": arn}


def _when(number: int) -> Event:
    return {
        "ApproximateCreationDateTime": int(SATURDAY.timestamp()),
        "SequenceNumber": f"1000000000000000000{number:02}",
    }


def _message(record: Event) -> Event:
    body = json.loads(record["body"])
    is_of_saturday = body.get("job") in ("answer", "connect")
    at = SATURDAY if is_of_saturday or body.keys() & {"visitor", "fact", "record"} else MONDAY
    if "visitor" in body:
        body |= {"visitor": "0" * 16, "address": "0" * 16, "at": iso(SATURDAY)}
    if "record" in body:
        body["record"]["dynamodb"] |= _when(1)
    if "detail" in body:
        body = _of_ses(body)
    if "fact" in body:
        body["fact"]["received"] = iso(SATURDAY)
        body["fact"]["sale"] |= dict.fromkeys(("customer", "email"), "0" * 32)
    text = json.dumps(body)
    sent = str(int(at.timestamp() * 1000))
    times = dict.fromkeys(("SentTimestamp", "ApproximateFirstReceiveTimestamp"), sent)
    return {
        **record,
        "messageId": _UUID,
        "receiptHandle": "a-receipt-handle",
        "body": text,
        "md5OfBody": hashlib.md5(text.encode()).hexdigest(),
        "attributes": {**record["attributes"], **times},
    }


def _of_ses(event: Event) -> Event:
    """Of the mail that was sent on Monday, and came back."""
    mail, bounce = event["detail"]["mail"], event["detail"]["bounce"]
    mail |= {"timestamp": iso(MONDAY), "messageId": "0100000000000000-00000000-000000"}
    mail["commonHeaders"]["subject"] = "The week's report"
    bounce |= {"timestamp": iso(MONDAY), "feedbackId": "0100000000000000-00000000-000000"}
    return {**event, "id": _UUID, "time": clock.iso(MONDAY)}


# ── And back ─────────────────────────────────────────────────────────────────────────────────────
def for_shop(event: Event, shop: Shop, **values: str) -> Event:
    """The event with the shop's keys, a valid signature, and `values` for other placeholders."""
    facts = shop.facts
    keys = {PUBLISHABLE_KEY: facts["publishable_key"], SECRET_KEY: facts["secret_key"]}
    secrets = {placeholder: secret for secret, placeholder in SIGNING_SECRETS.items()}
    own = {**keys, **secrets, **values}
    mine = _put_in(event, own)
    headers, body = mine.get("headers", {}), mine.get("body", "").encode()
    if "x-shopify-hmac-sha256" in headers:
        digest = hmac.digest(SHOPIFY_SECRET.encode(), body, hashlib.sha256)
        headers["x-shopify-hmac-sha256"] = base64.b64encode(digest).decode()
    if "x-wc-webhook-signature" in headers:
        headers["x-wc-webhook-signature"] = woo_signature(body)
    if "stripe-signature" in headers:
        headers["stripe-signature"] = stripe_signature(body, SATURDAY)
    if "webhook-signature" in headers:
        secret, stamp = facts["webhook_secrets"]["standard"], headers["webhook-timestamp"]
        headers["webhook-signature"] = _standard_signature(secret, stamp, body)
    return mine


def _standard_signature(secret: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def stored() -> dict[str, Event]:
    """The files by name, without .json."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def main() -> None:
    for name, event in recorded(Cloud).items():
        text = json.dumps(event, indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n")


if __name__ == "__main__":
    main()
