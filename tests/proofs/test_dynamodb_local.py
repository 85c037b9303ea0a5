"""The product on DynamoDB Local: every expression is accepted, and every race ends well.

Tables and streams live there; keys, queues, mail and buckets stay on the emulator of all tests.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, Event, get_ident
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.runtime.handlers import Handler, load_handler
from local.template import intrinsics, names
from local.template.reader import TEMPLATE
from sharetrail import calendars
from sharetrail.attribution import attribute_order, credits
from sharetrail.aws import clients, environment
from sharetrail.aws.tables import AGENDA, LINKS, MERCHANTS, ORDERS, TOTALS
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.mail import message, suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import daily_allowances, profiles
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.merchants.keys import api_keys, key_rings
from sharetrail.merchants.keys.key_ring import KeyNeeded
from sharetrail.merchants.profile import Merchant, Overtaken, merchant_id_of
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, LineItem, OrderRef, Sale
from sharetrail.report import choices, span
from sharetrail.report.issuing import issue_reports, rhythms, send_report
from sharetrail.report.keeping import reports
from sharetrail.report.report_mail import ReportMail
from sharetrail.sharing import create_link, links
from sharetrail.sharing.link import Link
from sharetrail.sharing.link_allowances import Shop as ShopServer
from sharetrail.totals import five_minute_slots, total_chunks
from sharetrail.totals.tally import raw_clicks
from sharetrail.web.cursors import cursor_of, key_of
from tests.chain.test_privileges import (
    ask_what_takes_longer,
    asked_of_tables,
    erase_the_shop,
    reconcile_and_load,
)
from tests.conftest import A_MORNING
from tests.dynamodb_local import DynamoDBLocal
from tests.instances import forget_counts
from tests.shops import HOST, ORIGIN, SHOPIFY_SECRET, Answer, Shop, monday

pytestmark = pytest.mark.slow

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
Right = tuple[str, str]
"""An operation and the table or index it is on: ("Query", "OrdersTable/index/credits")."""


_CONDITIONS = ("ConditionalCheckFailedException", "TransactionCanceledException")


# ── The judge ────────────────────────────────────────────────────────────────────────────────────
class Judgement:
    """What was asked of DynamoDB, and what it refused for another reason than a condition."""

    def __init__(self, stack: str) -> None:
        self.used: set[Right] = set()
        self.refused: list[str] = []
        self.events: dict[str, list[Any]] = {}
        self._logical = {names.Names({}, stack, "").name(each): each for each in RESOURCES}

    def load(self, folder: str) -> Handler:
        """The function's handler, whose events are kept."""
        handler = load_handler(folder)

        def watched(event: Any, context: Any) -> Any:
            self.events.setdefault(folder, []).append(event)
            return handler(event, context)

        return watched

    def asked(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        for action, table, index in asked_of_tables(model.name, params):
            if table in self._logical:
                self.used.add((action, self._logical[table] + index))

    def answered(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        error = parsed.get("Error", {})
        if error and error["Code"] not in _CONDITIONS:
            self.refused.append(f"{model.name}: {error['Message']}")


@pytest.fixture
def judged(
    dynamodb_local: DynamoDBLocal, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Cloud, Judgement]]:
    """A cloud on the judge, with tables of its own. Whatever is refused there fails the test."""
    for name, endpoint in dynamodb_local.environment.items():
        monkeypatch.setenv(name, endpoint)
    # What an instance remembers of the day's allowance, which an earlier test may have taken.
    forget_counts()
    stack = f"judged-{secrets.token_hex(4)}"
    judgement = Judgement(stack)
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events
    events.register("before-parameter-build.dynamodb", judgement.asked)
    events.register("after-call.dynamodb", judgement.answered)
    with (
        Cloud(stack=stack, emulator=emulator, load=judgement.load, start=A_MORNING) as cloud,
        monkeypatch.context() as patched,
    ):
        patched.setenv("FAST_PATH", "no")  # botocore's events show botocore alone
        yield cloud, judgement
    boto3.setup_default_session()
    assert judgement.refused == []


@pytest.fixture
def cloud(judged: tuple[Cloud, Judgement]) -> Cloud:
    return judged[0]


@pytest.fixture
def judgement(judged: tuple[Cloud, Judgement]) -> Judgement:
    return judged[1]


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    return Shop.onboard(cloud)


@pytest.fixture
def merchant(shop: Shop) -> Merchant:
    return profiles.find(shop.id, shop.cloud.clock.now())


def drain(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []


def test_the_tables_are_in_dynamodb_local_and_nowhere_else(
    shop: Shop, dynamodb_local: DynamoDBLocal, emulator: Emulator
) -> None:
    assert dynamodb_local.endpoint == clients.dynamodb().meta.endpoint_url
    assert emulator.endpoint == clients.kms().meta.endpoint_url
    elsewhere = boto3.client("dynamodb", endpoint_url=emulator.endpoint)
    assert ORDERS.name not in elsewhere.list_tables()["TableNames"]


# ── The whole chain ──────────────────────────────────────────────────────────────────────────────
def test_every_call_that_the_template_allows_is_made_and_accepted(
    shop: Shop, judgement: Judgement, monkeypatch: pytest.MonkeyPatch
) -> None:
    onboard_again_and_rotate(shop)
    code, trail = share_in_every_way(shop)
    hear_of_the_page(shop, code, trail)
    hear_late(shop, code)
    spill_a_click(shop, code, monkeypatch)
    sell_and_take_back(shop, trail)
    sell_by_standard_webhooks(shop, trail)
    wait_for_a_late_click(shop)
    read_everything(shop)
    reconcile_and_load(shop)
    ask_what_takes_longer(shop, monkeypatch)
    let_weeks_pass(shop, monkeypatch)
    unsubscribe(shop)
    see_what_waits(shop)
    be_forgotten(shop)
    assert sorted(granted() - judgement.used) == []


def granted() -> set[Right]:
    """What the functions may ask of DynamoDB."""
    functions = [each for each in RESOURCES.values() if each["Type"] == names.FUNCTION]
    policies = [
        each for function in functions for each in function["Properties"].get("Policies", ())
    ]
    return {right for policy in policies for each in policy["Statement"] for right in _rights(each)}


def _rights(statement: dict[str, Any]) -> Iterator[Right]:
    for action in _listed(statement["Action"]):
        service, _, operation = action.partition(":")
        for resource in _listed(statement["Resource"]) if service == "dynamodb" else ():
            attribute = resource.get("Fn::GetAtt")
            yield operation, attribute[0] if attribute else _plain(resource["Fn::Sub"])


def _listed(one_or_more: Any) -> list[Any]:
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def _plain(text: str) -> str:
    return text.replace("${", "").replace(".Arn}", "")


def onboard_again_and_rotate(shop: Shop) -> None:
    more = {"hosts": [f"www.{HOST}"], "origins": [ORIGIN, f"https://www.{HOST}"]}
    assert not shop.onboarded(**more)["created"]
    made = shop.onboarded(origins=[ORIGIN], rotate=["publishable", "secret", "standard"])
    shop.facts |= made
    other = Shop(shop.cloud)
    assert "another merchant" in other.onboarded(shop_host="o.example", origins=[ORIGIN])["error"]


def share_in_every_way(shop: Shop) -> tuple[str, str]:
    """A link's code, and the id of a click on it."""
    product = {"id": "mug", "title": "Mug", "image": f"{ORIGIN}/mug.jpg"}
    new = shop.share("ana", product=product)
    assert (new.status, shop.share("ana", product=product).status) == (201, 200)
    whole = {"id": "ana", "name": "Ana", "email": "ana@example.com", "handles": {"x": "@ana"}}
    assert shop.share(influencer=whole, campaign="fall", label="bio").status == 201
    code = new.json["code"]
    trail = shop.click(code)
    anonymous = shop.share(key="publishable_key", influencer={"id": "a-browser"}, trail=[trail])
    assert anonymous.status == 201
    assert anonymous.json["influencer"].startswith("anon_")
    assert shop.share(influencer=None).json["influencer"] == "shop"
    assert shop.follow(code, method="HEAD").status == 302
    assert shop.ask("OPTIONS", "/v1/links", headers={"origin": ORIGIN}).status == 204
    return code, trail


def hear_of_the_page(shop: Shop, code: str, trail: str) -> None:
    now = shop.cloud.clock.now()
    seen = {"url": f"{ORIGIN}/products/mug", "product": "mug"}
    events = [
        {"id": "a-view-of-now", "type": "view", "at": now.isoformat(), **seen},
        {"id": "a-view-of-whenever", "type": "view", **seen},
        {"id": "a-share-of-now", "type": "share", "code": code, "trail": [trail], "n": 2, **seen},
        {"id": "an-open-long-ago", "type": "open", "at": "2020-01-01T00:00:00Z", **seen},
    ]
    beacon = {"key": shop.facts["publishable_key"], "events": events}
    headers = {"origin": ORIGIN, "content-type": "text/plain"}
    for _ in range(2):
        assert shop.ask("POST", "/v1/events", beacon, headers).status == 202


def hear_late(shop: Shop, code: str) -> None:
    """Of a day that is over, at whatever hour this runs."""
    clicks.save(a_click(shop.id, code, shop.cloud.clock.now() - timedelta(days=2)))
    drain(shop)


def spill_a_click(shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(clients, "brisk_dynamodb", lambda: None)
        shop.click(code)
    drain(shop)
    counts = shop.read("/v1/stats")["totals"]
    # The other view has no time of its own, and is counted when the day closes.
    assert (counts["raw_clicks"], counts["views"]) == (2, 1)


def sell_and_take_back(shop: Shop, trail: str) -> None:
    """Shopify's orders: one sold and partly refunded, one cancelled, one without a trail."""
    payload = shop.an_order("1001", "48.50", f"{trail},{trail}", visit=trail)
    for topic in ("orders/create", "orders/paid", "orders/create"):
        assert shop.deliver(topic, payload).status == 200
    assert shop.deliver("refunds/create", shop.a_refund("1001", "1", "10.00")).status == 200
    gone = shop.an_order("1002", "20.00", trail)
    shop.deliver("orders/create", gone)
    gone["cancelled_at"] = shop.cloud.clock.now().isoformat()
    assert shop.deliver("orders/cancelled", gone).status == 200
    shop.buy("1003", landing_site=f"/?utm_medium=share&utm_content={shop.share().json['code']}")
    drain(shop)
    (credit,) = shop.order("1001")["credits"]["last"]
    assert (credit["credited"]["amount"], credit["influencer"]) == ("38.50", "ana")
    assert shop.order("1002")["net"]["amount"] == "0.00"
    assert shop.order("1003")["touches"][0]["evidence"] == "link"


def sell_by_standard_webhooks(shop: Shop, trail: str) -> None:
    told = {"order_id": "A-1", "currency": "USD", "subtotal": "30.00", "total": "33.00"}
    items = [{"product_id": "mug", "title": "Mug", "quantity": 1, "net": "30.00"}]
    sale = {**told, "trail": [trail], "customer": {"email": "b@example.com"}, "items": items}
    for kind in ("order.placed", "order.paid", "order.updated"):
        assert post_standard(shop, kind, sale).status == 200
    assert post_standard(shop, "order.refunded", {**told, "refund_id": "r1"}).status == 200
    assert post_standard(shop, "order.cancelled", {"order_id": "A-1"}).status == 200
    drain(shop)
    assert shop.order("A-1", "standard")["cancelled"]


def post_standard(shop: Shop, kind: str, data: dict[str, Any]) -> Answer:
    now = shop.cloud.clock.now()
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}).encode()
    secret = b64decode(shop.facts["webhook_secrets"]["standard"].removeprefix("whsec_"))
    stamp = str(int(now.timestamp()))
    signed = hmac.digest(secret, f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(signed).decode()}",
    }
    return shop.ask("POST", f"/v1/webhooks/standard/{shop.id}", body, headers)


def wait_for_a_late_click(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    late = a_click(shop.id, shop.share("ben").json["code"], now)
    shop.buy("1004", "20.00", late.id, discount_codes=[{"code": "x" * 4_000}, {"code": "ANA10"}])
    shop.buy("1005", "20.00", currency="EUR")
    drain(shop)
    assert shop.order("1004")["waiting_for"] == [late.id]
    clicks.save(late)
    shop.cloud.clock.set_forward(now + timedelta(hours=1))
    assert shop.cloud.schedule("sweep").error is None
    drain(shop)
    assert shop.order("1004")["credits"]["last"][0]["credited"]["amount"] == "20.00"


def read_everything(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for naming in (
        {"name": "Ana Lima", "reach": 12_000},
        {"email": "ana@example.com", "handles": {"x": "ana", "reddit": "ana"}},
        {},
    ):
        assert shop.ask("PUT", "/v1/influencers/ana", naming, headers).status == 200
    assert shop.ask("PUT", "/v1/influencers/new", {"name": "New"}, headers).status == 200
    assert shop.ask("POST", "/v1/influencers/ana/token", None, headers).status == 201
    for path in ("links", "orders", "reports", "keys", "recipients", "settings"):
        shop.read(f"/v1/{path}")
    gift = {"code": "💥" * 100, "influencer": "ana"}
    assert shop.ask("POST", "/v1/codes", gift, headers).status == 201
    now = shop.cloud.clock.now()
    for days in (0, 1):
        day = f"{now - timedelta(days=days):%Y-%m-%d}"
        rate = {"currency": "EUR", "day": day, "rate": "1.1"}
        assert shop.ask("POST", "/v1/rates", rate, headers).status == 201
    drain(shop)
    assert shop.order("1005")["net"]["amount"] == "22.00"
    for listed in ("codes", "rates"):
        first = shop.read(f"/v1/{listed}?limit=1")
        assert len(first["items"]) == 1
        if first["cursor"]:
            assert shop.read(f"/v1/{listed}?cursor={first['cursor']}")["items"] != first["items"]
    link = f"/v1/links/{shop.read('/v1/influencers/ana')['links'][0]['code']}"
    for disabled in (True, True, False, False):
        assert shop.ask("PATCH", link, {"disabled": disabled}, headers).status == 200
        assert shop.read(link)["disabled"] == disabled
    assert shop.ask("PATCH", "/v1/links/0000000000", {"disabled": True}, headers).status == 404
    seen, cursor = [], ""
    while cursor is not None:
        page = shop.read(f"/v1/influencers?limit=1&cursor={cursor}")
        seen += [each["id"] for each in page["items"]]
        cursor = page["cursor"]
    assert seen == sorted(seen)
    assert {"ana", "ben", "new", "shop"} < set(seen)
    ana = shop.read("/v1/influencers/ana")
    assert (ana["name"], ana["reach"], len(ana["links"])) == ("Ana Lima", 12_000, 2)
    for by in ("day", "network", "influencer", "campaign", "product", "link"):
        assert shop.read(f"/v1/stats?by={by}")["rows"]
    assert shop.ask("GET", "/v1/openapi.json").status == 200
    first, last = (shop.cloud.clock.now() + timedelta(days=n) for n in (-300, -200))
    far = shop.read(f"/v1/stats?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}&by=link")
    assert far["rows"] == []


def let_weeks_pass(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each schedule finds days that nobody has closed yet; the first mail is refused once."""
    clock, send, tried = shop.cloud.clock, message.send, []

    def refused_once(*mail: Any) -> str:
        tried.append(clock.now())
        if len(tried) == 1:
            raise ClientError({"Error": {"Code": "TooManyRequests"}}, "SendEmail")
        return send(*mail)

    monkeypatch.setattr(message, "send", refused_once)
    night = ("score_influencers", "close_days", "score_influencers")
    for folder in ("schedule_reports", *night, "schedule_reports"):
        clock.set_forward(monday(clock.now()))
        assert shop.cloud.schedule(folder).error is None
        drain(shop)
        shop.cloud.schedule("sweep")
        drain(shop)
    assert len(tried) == 3
    assert len(shop.cloud.outbox.mails) == 2
    assert "Ana" in shop.cloud.outbox.mails[-1].text
    assert shop.read("/v1/influencers/ana")["score"]["value"]


def see_what_waits(shop: Shop) -> None:
    """And that it waits no more."""
    sqs, url = boto3.client("sqs"), environment.failure_queues()["FailedClicks"]
    for change in (partial(sqs.send_message, MessageBody="{}"), sqs.purge_queue):
        change(QueueUrl=url)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
        assert shop.run("tell_operator") == []


def be_forgotten(shop: Shop) -> None:
    """A buyer, who shares, who gets reports, and then all of the shop."""
    person = {"time": shop.cloud.clock.now().isoformat(), "merchant": shop.id}
    buyer = {"email": "buyer1001@example.com", "orders": ["shopify/1001"]}
    (recipient, *_) = profiles.find(shop.id, shop.cloud.clock.now()).recipients
    for whom in ({"buyer": buyer}, {"influencer": "ana"}, {"recipient": recipient}):
        for do in ("export_person", "erase_person"):
            assert "error" not in shop.cloud.invoke(do, {**person, **whom})
    assert shop.cloud.invoke("erase_person", {"again": True})["queued"]
    assert shop.cloud.drain()["failed"] == []
    erase_the_shop(shop)


def unsubscribe(shop: Shop) -> None:
    mail = shop.cloud.outbox.mails[0]
    (address,) = (part for part in mail.html.split('"') if "/unsubscribe/" in part)
    path = "/unsubscribe/" + address.rpartition("/")[2]
    assert shop.ask("GET", path).status == 200
    assert shop.ask("POST", path, b"List-Unsubscribe=One-Click").status == 200
    assert shop.onboarded()["unsubscribed"] == ["owner@shop.example"]
    assert shop.onboarded(resubscribe=["owner@shop.example"])["unsubscribed"] == []


# ── What a real table refuses ────────────────────────────────────────────────────────────────────
LONG = "x" * 2_100  # longer than any key may be
LONG_BODIES = {"PUT": {"name": "Long"}, "PATCH": {"disabled": True}}


TOO_LONG = {
    "a link's code": ("GET", f"/{LONG}"),
    "an influencer": ("GET", f"/v1/influencers/{LONG}"),
    "an influencer to be": ("PUT", f"/v1/influencers/{LONG}"),
    "an influencer to speak for": ("POST", f"/v1/influencers/{LONG}/token"),
    "a link": ("GET", f"/v1/links/{LONG}"),
    "a link to switch": ("PATCH", f"/v1/links/{LONG}"),
    "a cursor": ("GET", f"/v1/influencers?cursor={urlsafe_b64encode(LONG.encode()).decode()}"),
    "an order": ("GET", f"/v1/orders/shopify/{LONG}"),
    "a platform": ("GET", f"/v1/orders/{LONG}/1"),
    "a merchant": ("POST", f"/v1/webhooks/shopify/{LONG}"),
    "a token": ("GET", f"/unsubscribe/{LONG}"),
    "an origin": ("OPTIONS", "/v1/links"),
    "a result": ("GET", f"/v1/results/{LONG}"),
}


def test_what_is_too_long_for_a_key_is_refused_before_dynamodb_does(shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "origin": ORIGIN + LONG}
    answers = {
        what: shop.ask(method, path, LONG_BODIES.get(method), headers).status
        for what, (method, path) in TOO_LONG.items()
    }
    assert {what: each for what, each in answers.items() if not 400 <= each < 500} == {}


def test_a_cursor_that_is_longer_than_any_key_breaks_no_list(shop: Shop) -> None:
    """Made of one that a page gave: which list it goes on with, it says."""
    for by in ("ana", "ben"):
        shop.share(by)
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for listed in ("influencers", "links"):
        given = shop.read(f"/v1/{listed}?limit=1")["cursor"]
        made_up = cursor_of((key_of(given) + LONG)[:1_070])
        answer = shop.ask("GET", f"/v1/{listed}?cursor={made_up}", None, headers)
        assert answer.status < 500


# ── Races ────────────────────────────────────────────────────────────────────────────────────────
def at_once(work: Callable[[int], Any], n: int) -> list[Any]:
    """What `work` answers in n threads that begin together."""
    gate = Barrier(n)

    def go(number: int) -> Any:
        gate.wait(30)
        return work(number)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(go, range(n)))


def a_click(merchant_id: str, code: str, at: datetime, visitor: str = "00ff") -> Click:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"
    return new_click(
        merchant_id, code, Visitor(hash=visitor, agent=agent, referrer="", country=None), at
    )


def a_sale(trail: str | None = None) -> Sale:
    mug = LineItem(product="1", title="Mug", quantity=1, net=5_000)
    return Sale(name="#1", currency="USD", lines=(mug,), net=5_000, total=5_000, trail=trail)


def stored(table: str, pk: str) -> list[dict[str, Any]]:
    """A partition's items as DynamoDB has them, byte for byte."""
    found = clients.dynamodb().query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
        ConsistentRead=True,
    )
    return found["Items"]


def test_eight_deliveries_of_one_order_at_once_are_one_fact(
    shop: Shop, judgement: Judgement
) -> None:
    handler = load_handler("receive_order")
    shop.buy("1")
    (first,) = judgement.events["receive_order"]
    for order in range(2, 7):
        event = signed_again(first, json.loads(first["body"]) | {"id": order})
        answers = at_once(lambda _, event=event: handler(event, None), 8)
        assert [each["statusCode"] for each in answers] == [200] * 8
        assert sorted(json.loads(each["body"])["new"] for each in answers) == [False] * 7 + [True]
        assert len(stored(ORDERS.name, f"{shop.id}#shopify#{order}")) == 1


def signed_again(event: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(payload)
    digest = hmac.digest(SHOPIFY_SECRET.encode(), body.encode(), hashlib.sha256)
    signature = {"x-shopify-hmac-sha256": b64encode(digest).decode()}
    return {**event, "body": body, "headers": {**event["headers"], **signature}}


def test_facts_of_one_order_saved_in_threads_are_each_kept_once(shop: Shop) -> None:
    ref = OrderRef(merchant=shop.id, platform="shopify", id="3")
    now = shop.cloud.clock.now()
    kinds = ("placed", "paid", "cancelled")

    def save(n: int) -> bool:
        kind: Any = kinds[n % 3]
        sale = None if kind == "cancelled" else a_sale()
        return order_facts.save(ref, Fact(kind=kind, at=now, received=now, sale=sale), now)

    assert sum(at_once(save, 12)) == 3
    kept = [item["sk"]["S"].partition("#")[0] for item in stored(ORDERS.name, ref.pk)]
    assert kept == sorted(kinds)


def test_totals_projected_while_sixteen_write_end_at_the_number_of_distinct_clicks(
    shop: Shop,
) -> None:
    start = five_minute_slots.start_of(shop.cloud.clock.now())
    each = 25
    # Each writer shares half of its clicks with the next: those are written twice.
    made = [
        [a_click(shop.id, "0123456789", start + timedelta(seconds=n * 10)) for n in range(each)]
        for _ in range(16)
    ]
    shard = made[0][0].id[9]
    over = Event()

    def write(n: int) -> None:
        for click in [*made[n], *made[(n + 1) % 16][: each // 2]]:
            clicks.save(click)

    def project(_: int) -> int:
        rounds = 0
        while not over.is_set():
            five_minute_slots.project(shop.id, shard, start, start)
            rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as projectors:
        rounds = [projectors.submit(project, n) for n in range(4)]
        at_once(write, 16)
        over.set()
        assert all(each.result() for each in rounds)
    five_minute_slots.project(shop.id, shard, start, start)
    (item,) = TOTALS.query(f"{shop.id}#{start:%Y%m%d}")
    distinct = {click.id for part in made for click in part}
    assert len(distinct) == 16 * each
    assert item["facts"] == len(distinct)
    assert raw_clicks(total_chunks.read(item).links["0123456789"]) == len(distinct)


def test_a_fold_that_read_before_never_replaces_one_that_knows_more(shop: Shop) -> None:
    """The first projector reads, is held up before its write, and comes last."""
    now = shop.cloud.clock.now()
    start = five_minute_slots.start_of(now)
    first, second = (a_click(shop.id, "0123456789", start + timedelta(seconds=n)) for n in (1, 90))
    clicks.save(first)
    held, go_on = Event(), Event()
    slow: list[int] = []

    def hold(**_: Any) -> None:
        if get_ident() in slow:
            held.set()
            assert go_on.wait(30)

    def project_slowly() -> None:
        slow.append(get_ident())
        five_minute_slots.project(shop.id, first.id[9], start, start)

    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb.PutItem", hold)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(project_slowly)
        assert held.wait(30)
        clicks.save(second)
        five_minute_slots.project(shop.id, first.id[9], start, start)
        (newer,) = TOTALS.query(f"{shop.id}#{start:%Y%m%d}")
        go_on.set()
        late.result()
    events.unregister("before-call.dynamodb.PutItem", hold)
    assert newer["facts"] == 2
    assert list(TOTALS.query(f"{shop.id}#{start:%Y%m%d}")) == [newer]


def test_credits_refreshed_at_once_are_the_bytes_of_one_refresh(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    codes = [shop.share(by).json["code"] for by in ("ana", "ben", "cleo")]
    trail = [a_click(shop.id, code, now - timedelta(hours=3 - n)) for n, code in enumerate(codes)]
    for click in trail:
        clicks.save(click)
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1")
    sale = a_sale(",".join(click.id for click in trail))
    order_facts.save(ref, Fact(kind="placed", at=now, received=now, sale=sale), now)
    attribute_order.refresh(ref, now)
    alone = stored(ORDERS.name, ref.pk)
    assert [item["sk"]["S"].partition("#")[0] for item in alone] == [
        "credits",
        "placed",
        "stitched",
        *["touch"] * 3,
    ]
    for _ in range(5):
        for item in alone:
            if item["sk"]["S"] != "placed":
                ORDERS.delete(ref.pk, item["sk"]["S"])
        at_once(lambda _: attribute_order.refresh(ref, now), 2)
        assert stored(ORDERS.name, ref.pk) == alone


@pytest.mark.parametrize("n", [2, 8])
def test_one_wish_made_at_once_is_one_new_link_and_else_the_same(
    shop: Shop, merchant: Merchant, n: int
) -> None:
    now = shop.cloud.clock.now()
    for turn in range(5):
        wish = Link(
            code="",
            merchant=merchant.id,
            influencer="ana",
            url=f"{ORIGIN}/{turn}",
            network="x",
            created_at=now,
        )
        made = at_once(
            lambda _, wish=wish: create_link.create(merchant, wish, ShopServer(), now), n
        )
        assert sorted(is_new for _, is_new in made) == [False] * (n - 1) + [True]
        (code,) = {link.code for link, _ in made}
        assert len(stored(LINKS.name, code)) == 1


def test_one_code_that_eight_choose_at_once_is_one_links(shop: Shop, merchant: Merchant) -> None:
    now = shop.cloud.clock.now()

    def choose(n: int) -> bool:
        wish = Link(
            code="mugs",
            merchant=merchant.id,
            influencer=f"person-{n}",
            url=f"{ORIGIN}/",
            network="x",
            created_at=now,
        )
        try:
            return create_link.create(merchant, wish, ShopServer(), now)[1]
        except create_link.CodeTaken:
            return False

    assert sorted(at_once(choose, 8)) == [False] * 7 + [True]


def test_links_of_one_millisecond_are_each_on_one_page(shop: Shop) -> None:
    one = links.find(shop.share("ana").json["code"])
    assert one
    rows = [links.item(replace(one, code=f"same-{n}")) for n in range(7)]
    LINKS.write_all(rows)
    for sort in ("created_at", "-created_at"):
        found, cursor = [], ""
        while cursor is not None:
            page = shop.read(f"/v1/links?limit=2&sort={sort}" + f"&cursor={cursor}" * bool(cursor))
            found += [each["code"] for each in page["items"]]
            cursor = page["cursor"]
        assert sorted(found) == sorted([one.code, *(f"same-{n}" for n in range(7))])


def test_of_keys_that_end_each_other_at_once_one_stays(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    for _ in range(4):
        key_rings.add(shop.id, "another", now)
    ids = [each.id for each in key_rings.read(shop.id).of("secret")]

    def revoke(n: int) -> bool:
        try:
            key_rings.revoke(shop.id, ids[n], now)
        except (KeyNeeded, Overtaken):
            return False
        return True

    ended = at_once(revoke, len(ids))
    left = key_rings.read(shop.id).of("secret")
    assert len(left) == len(ids) - sum(ended) > 0
    for each in left:
        assert len(stored(MERCHANTS.name, f"key#{each.digest}")) == 1


def test_the_last_of_a_days_allowance_is_taken_once(shop: Shop, merchant: Merchant) -> None:
    now = shop.cloud.clock.now()
    ten = Allowance(name="links", most=10)
    took = at_once(lambda n: daily_allowances.take(merchant, ten, {f"code{n:06}"}, now), 24)
    assert sum(took) == 10


def test_of_what_takes_several_at_once_no_more_fit_than_there_is_room_for(
    shop: Shop, merchant: Merchant
) -> None:
    now = shop.cloud.clock.now()
    ten = Allowance(name="links", most=10)

    def take_three(n: int) -> bool:
        return daily_allowances.take(merchant, ten, {f"{n:06}{each}" for each in "abc"}, now)

    assert sum(at_once(take_three, 24)) == 3


def a_question(shop: Shop, n: int) -> str:
    """Asked; its id, or nothing where it was refused."""
    window = {"window_days": (7, 30, 90)[n % 3], "model": ("last", "first", "linear")[n // 3]}
    period = {"from": "2026-11-01", "to": "2026-11-30"}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    answer = shop.ask("POST", "/v1/what-if", {**period, **window}, headers)
    return answer.json["id"] if answer.status == 202 else ""


def test_of_nine_questions_at_once_five_are_taken_and_five_once_those_are_answered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credits, "are_more", lambda *_: True)
    for _ in range(2):
        taken = {each for each in at_once(lambda n: a_question(shop, n), 9) if each}
        assert len(taken) == 5
        assert len({each.partition("-")[2] for each in taken}) == 5
        drain(shop)
        assert [shop.read(f"/v1/results/{each}")["orders"] for each in taken] == [0] * 5


def test_one_question_asked_eight_times_at_once_is_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credits, "are_more", lambda *_: True)
    assert len({*at_once(lambda _: a_question(shop, 0), 8)} - {""}) == 1


def test_two_first_onboardings_at_once_make_one_key_of_each_kind(shop: Shop) -> None:
    """A second key that nobody's rotation ends would be a key for ever."""
    handler = load_handler("onboard_merchant")
    now = shop.cloud.clock.now()
    for turn in range(3):
        asked = {"shop_host": f"{turn}.example", "currency": "USD", "zone": "UTC"}
        event = {**asked, "time": now.isoformat()}
        answers = at_once(lambda _, event=event: handler(dict(event), None), 2)
        shown = {**answers[0], **answers[1]}
        for kind in ("publishable_key", "secret_key"):
            assert [kind in each for each in answers].count(True) == 1
            assert api_keys.check(shown[kind], now).merchant == shown["merchant_id"]
        assert [bool(each["webhook_secrets"]) for each in answers].count(True) == 1


def test_of_onboardings_at_once_none_loses_what_another_chose(shop: Shop) -> None:
    handler = load_handler("onboard_merchant")
    asked = {"shop_host": HOST, "time": shop.cloud.clock.now().isoformat()}
    for turn in range(20):
        chosen = [
            {"name": f"N{turn}"},
            {"category": f"C{turn}"},
            {"window_days": (7, 30)[turn % 2]},
        ]
        answers = at_once(lambda n, chosen=chosen: handler(asked | chosen[n], None), 3)
        assert not any("error" in each for each in answers)
        stands = profiles.read(shop.id)
        assert stands
        assert (stands.name, stands.category) == (f"N{turn}", f"C{turn}")
        assert stands.window_days == (7, 30)[turn % 2]


def test_a_run_that_clashes_takes_no_origin_from_one_at_the_same_time(shop: Shop) -> None:
    handler = load_handler("onboard_merchant")
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    asked = {"shop_host": HOST, "time": shop.cloud.clock.now().isoformat()}
    for turn in range(20):
        fresh = f"https://new{turn}.example"
        clashing = {"origins": [ORIGIN, fresh, "https://other.example"]}
        chosen = [clashing, {"origins": [ORIGIN, fresh]}]
        answers = at_once(lambda n, chosen=chosen: handler(asked | chosen[n], None), 2)
        assert ["error" in each for each in answers] == [True, False]
        stands = profiles.read(shop.id)
        assert stands
        assert stands.origins == (ORIGIN, fresh)
        assert {profiles.owner_of(each) for each in stands.origins} == {shop.id}
        assert profiles.owner_of("https://other.example") == other.id


def test_of_two_merchants_that_want_one_place_at_once_one_has_it_and_all_else_it_wanted(
    shop: Shop,
) -> None:
    handler = load_handler("onboard_merchant")
    both = {"currency": "USD", "zone": "UTC", "time": shop.cloud.clock.now().isoformat()}
    for turn in range(10):
        place = {
            "hosts": [f"both{turn}.example"],
            "shopify_domain": f"both{turn}.myshopify.com",
            "origins": [f"https://both{turn}.example"],
        }
        events = [{**both, **place, "shop_host": f"{who}{turn}.example"} for who in "ab"]
        answers = at_once(lambda n, events=events: handler(events[n], None), 2)
        (refused,) = [each for each in answers if "error" in each]
        assert {"hosts", "shopify_domain", "origins"} == set(refused["errors"])
        (made,) = [each for each in answers if "error" not in each]
        assert profiles.owner_of(*place["origins"]) == made["merchant_id"]
        known = [profiles.read(merchant_id_of(each["shop_host"])) for each in events]
        assert [each for each in known if each] == [profiles.read(made["merchant_id"])]


def test_two_workers_at_one_report_and_two_at_its_mail_send_one(
    shop: Shop, merchant: Merchant
) -> None:
    first = monday(shop.cloud.clock.now()).date() - timedelta(days=7)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    now = shop.cloud.clock.now()
    at_once(lambda _: issue_reports.issue(merchant, (first.isoformat(),), now), 2)
    kept = reports.find(merchant.id, span.of_day("week", first))
    assert kept
    (to,) = merchant.recipients
    mail = ReportMail(merchant=merchant.id, first=first, snapshot=kept.snapshot, to=to)
    sent = at_once(lambda _: attempt(mail, now), 2)
    drain(shop)  # what the two put on the queue
    assert len(shop.cloud.outbox.mails) == 1
    assert sent.count("sent") >= 1


def test_eight_workers_at_one_day_note_the_next_and_send_one_mail(
    shop: Shop, merchant: Merchant
) -> None:
    now = shop.cloud.clock.now()
    choices.choose(merchant, merchant.recipients[0], ["daily"], now)
    day = span.of_day("day", (now + timedelta(days=1)).date())
    at = span.due_at(day, merchant.tz)
    shop.cloud.clock.set_forward(at)
    job = rhythms.job_of(merchant.id, day)
    at_once(lambda _: rhythms.start(merchant, "daily", now), 8)
    at_once(lambda _: issue_reports.issue(merchant, (job.about,), at), 8)
    drain(shop)
    assert len(shop.cloud.outbox.mails) == 1
    due = [row["sk"] for row in AGENDA.query(merchant.id, prefix="report#") if "due" in row]
    assert f"report#daily#{day.after().first}" in due


def test_bounces_and_liftings_at_once_end_in_the_newest(shop: Shop, merchant: Merchant) -> None:
    now, to = shop.cloud.clock.now(), merchant.recipients[0]

    def at(hours: int) -> datetime:
        return now + timedelta(hours=hours)

    def told(n: int) -> None:
        if n % 2:
            suppressions.lift_bounce(merchant.id, to, at(n))
        else:
            bounced = Suppression(merchant=merchant.id, recipient=to, why="bounced", at=at(n))
            suppressions.keep(bounced)

    at_once(told, 8)
    assert suppressions.find(merchant.id, to) is None, "lifted at the seventh hour"
    at_once(told, 9)
    found = suppressions.find(merchant.id, to)
    assert found
    assert found.at == calendars.moment(calendars.iso(at(8)))


def attempt(mail: ReportMail, now: datetime) -> str:
    """Who finds the other at work leaves the mail on the queue, and finds it sent later."""
    try:
        send_report.send(mail, now)
    except send_report.NotSent:
        return "the other is at it"
    return "sent"
