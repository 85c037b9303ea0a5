"""The chain against a deployed stack: onboarded, shared, followed, bought, credited, reported, each
by the functions that were deployed, behind their routes, streams and queues."""

import json
import os
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from local.deployment.customer import DOMAIN, SECRET, Broken, Customer
from local.deployment.stack import Stack
from local.emulator.clients import client
from sharetrail import calendars

PARAMETERS = {"PublicBaseUrl": "https://go.shop.example", "MailFrom": "reports@shop.example"}
OWNER = "owner@shop.example"
BOUGHT, BEFORE = "1001", "1002"
"""An order behind a click, of now; and one of the week that was reported last."""
_ZONE = "Europe/Berlin"
_PATIENCE = 120.0  # seconds, for what streams and queues do by themselves


def run(stack: Stack, api: str) -> Customer:
    """All of it, once; whose shop it was."""
    customer = Customer(stack=stack, api=api, facts=_onboard(stack))
    code = share(customer)
    click = follow(customer, code)
    now = datetime.now(UTC)
    trail = [{"name": "sharetrail", "value": click}]
    customer.deliver(BOUGHT, now, note_attributes=trail)
    _, week = calendars.last_report(now, ZoneInfo(_ZONE))
    noon = datetime.combine(week.first, datetime.min.time(), UTC) + timedelta(hours=36)
    customer.deliver(BEFORE, noon)
    until(lambda: credited(customer, BOUGHT) == ["ana"], "the order is credited to Ana")
    until(lambda: credited(customer, BEFORE) == [], "the order without a click is read")
    _report(customer, week.first.isoformat())
    read(customer)
    return customer


def _onboard(stack: Stack) -> dict[str, Any]:
    """Three weeks ago, so that there is a week to be reported."""
    asked = {
        "time": (datetime.now(UTC) - timedelta(days=21)).isoformat(),
        "shop_host": "shop.example",
        "name": "Mug & Bean",
        "currency": "EUR",
        "zone": _ZONE,
        "recipients": [OWNER],
        "shopify_domain": DOMAIN,
        "webhook_secrets": {"shopify": SECRET},
    }
    function = stack.outputs["OnboardMerchantFunction"]
    answer: Any = client("lambda").invoke(FunctionName=function, Payload=json.dumps(asked))
    onboarded: dict[str, Any] = json.load(answer["Payload"])
    if "merchant_id" not in onboarded:
        raise Broken(f"onboarding: {onboarded}")
    return onboarded


def share(customer: Customer) -> str:
    wish = {
        "url": "https://shop.example/products/mug",
        "network": "whatsapp",
        "influencer": {"id": "ana", "name": "Ana"},
    }
    return str(customer.told("POST", "/v1/links", wish)["code"])


def follow(customer: Customer, code: str) -> str:
    """The click's id, which the shop's page is told."""
    answer = customer.ask("GET", f"/{code}")
    location = answer.headers.get("location") or ""
    if answer.status != 302 or not location.startswith("https://shop.example/products/mug"):
        raise Broken(f"a link: {answer.status} {location} {answer.text[:300]}")
    return parse_qs(urlsplit(location).query)["st"][0]


def credited(customer: Customer, order: str) -> list[str] | None:
    """To whom it is credited by the last click; None where it is not yet."""
    told = customer.told("GET", f"/v1/orders/shopify/{order}")
    if told["state"] != "credited":
        return None
    return [each["influencer"] for each in told["credits"].get("last", [])]


def _report(customer: Customer, monday: str) -> None:
    """As docs/operate.md has it queued by hand."""
    merchant = customer.facts["merchant_id"]
    body = json.dumps({"job": "report", "merchant": merchant, "about": [monday]})
    before = mailed()
    client("sqs").send_message(QueueUrl=customer.stack.named("AnalysesQueue"), MessageBody=body)
    until(lambda: mailed() == before + 1, "the report is mailed")


def read(customer: Customer) -> None:
    """What one sees of it: the credit, and the reported week on the owner's page."""
    if (ana := credited(customer, BOUGHT)) != ["ana"]:
        raise Broken(f"{BOUGHT} is credited to {ana}")
    page = urlsplit(customer.facts["installation_pages"][OWNER]).path.rpartition("/")[0]
    shown = customer.ask("GET", f"{page}/orders")
    if shown.status != 200 or f"#{BEFORE}" not in shown.text:
        raise Broken(f"the page of orders: {shown.status} {shown.text[:300]}")


def mailed() -> int:
    """How many mails the emulator's SES took, whichever stack they came from."""
    address = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=10) as answer:
        return sum(map(len, json.load(answer)["messages"].values()))


def until(is_so: Callable[[], bool], what: str) -> None:
    """Waits for what streams and queues bring."""
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise Broken(f"not within {_PATIENCE:.0f} seconds: {what}")
        time.sleep(0.5)
