"""Least privilege, both ways: a function may do what it does, and does whatever it may.

The shop of this test makes every function use every right it has once. Each AWS call is noted with
the function that made it, as the IAM action on the template's resource that the call needs; and
each variable with the function that read it, since it is told of no more.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.platforms.platforms import CONSUMER_KEY, CONSUMER_SECRET, STRIPE_KEY
from local.runtime.handlers import Handler, load_handler
from local.runtime.memories import forget_clients, forget_facts
from local.template import intrinsics, names
from local.template.declarations import Template
from local.template.reader import STACK, TEMPLATE
from sharetrail import calendars
from sharetrail.analysis import periods
from sharetrail.api.questions import what_if
from sharetrail.attribution import attribute_order, cross_device
from sharetrail.aws import clients, environment, sealed_objects, tables
from sharetrail.aws.items import stored_names
from sharetrail.aws.tables import INFLUENCERS, ORDERS, REPORTS, Table
from sharetrail.calendars import iso
from sharetrail.clicks import clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.installation.connecting import connect_shop
from sharetrail.mail import message, suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import profiles
from sharetrail.merchants.daily_allowance import spent_by
from sharetrail.merchants.keys import key_rings
from sharetrail.merchants.keys.api_keys import Key
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import spilled_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy import pieces
from sharetrail.privacy.shop import retained
from sharetrail.questions import privacy_requests, questions, results
from sharetrail.reconciliation import read_export
from sharetrail.report import choices, span
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import page_links, reports, sent_mails
from sharetrail.report.page.mending import guide
from sharetrail.totals import project_events
from tests import exports, faults
from tests.chain.test_faults import failing
from tests.conftest import A_MORNING
from tests.erasures import night
from tests.instances import forget_counts
from tests.recipients import Recipient, a_doubted_order, forms
from tests.senders import a_woo_customer, a_woo_order
from tests.shops import BROWSER, HOST, ORIGIN, SHOPIFY_DOMAIN, Shop, monday

Right = tuple[str, str]
"""An action and the resource it is on: ("dynamodb:Query", "OrdersTable/index/credits")."""

RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
CALLED = {names.Names({}, STACK, "").name(logical): logical for logical in RESOURCES}
(KEY,) = (name for name, each in RESOURCES.items() if each["Type"] == names.KEY)


# ── What they did ────────────────────────────────────────────────────────────────────────────────
class Watch:
    """Notes the calls of the functions that it loads."""

    def __init__(self) -> None:
        self.used: dict[str, set[Right]] = {}
        self.read: dict[str, set[str]] = {}
        """Of the rows of merchants: by function, the attributes it asked for, or WHOLE."""
        self.written: dict[str, list[Write]] = {}
        """Of the same what it wrote."""
        self.asked: dict[str, set[str]] = {}
        """The variables that it read."""
        self.running: str | None = None

    def load(self, folder: str) -> Handler:
        handler = load_handler(folder)
        self.used[_logical(folder)] = set()
        self.read[_logical(folder)] = set()
        self.written[_logical(folder)] = []
        self.asked[_logical(folder)] = set()

        def watched(event: Any, context: Any) -> Any:
            forget_facts()  # what another function read is not known to this one
            self.running = _logical(folder)
            try:
                return handler(event, context)
            finally:
                self.running = None

        return watched

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if self.running:
            service = model.service_model.service_name
            self.used[self.running] |= {*RIGHTS[service](model.name, params)}
            if model.name == "GetItem" and CALLED[params["TableName"]] == MERCHANTS:
                self.read[self.running] |= _attributes_of(params)
            elif model.name in WRITES and CALLED[params["TableName"]] == MERCHANTS:
                self.written[self.running].append(_write_of(model.name, params))


class Variables:
    """os.environ, which notes for whom it is read."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __getitem__(self, name: str) -> str:
        if self._watch.running:
            self._watch.asked[self._watch.running].add(name)
        return os.environ[name]

    def get(self, name: str) -> str | None:
        """What may be missing: nobody has to be told."""
        return os.environ.get(name)


def _logical(folder: str) -> str:
    return "".join(word.title() for word in folder.split("_"))


def _attributes_of(params: dict[str, Any]) -> set[str]:
    """The names that a read asks for, its key's among them: DynamoDB counts those as asked for."""
    names = params.get("ExpressionAttributeNames", {}).values()
    return {*names, *params["Key"]} if "ProjectionExpression" in params else {WHOLE}


def _write_of(action: str, params: dict[str, Any]) -> "Write":
    """Its attributes are those of the item or the key, and those that expressions name, as DynamoDB
    counts them."""
    said = f"{params.get('UpdateExpression', '')} {params.get('ConditionExpression', '')}"
    words = {word for word in re.findall(r"[#:]?\w+", said) if not word.startswith(":")}
    aliases = params.get("ExpressionAttributeNames", {})
    named = {aliases.get(word, word) for word in words if word == word.lower()} - _FUNCTIONS
    row = {**params.get("Item", {}), **params.get("Key", {})}
    return Write(action, row["pk"]["S"], frozenset({*row, *named}))


MERCHANTS, WHOLE = "MerchantsTable", "*"
WRITES = frozenset(["PutItem", "UpdateItem", "DeleteItem"])
_FUNCTIONS = frozenset(
    ["attribute_exists", "attribute_not_exists", "if_not_exists", "size", "contains"]
)


def _of_dynamodb(operation: str, params: dict[str, Any]) -> Iterator[Right]:
    for action, table, index in asked_of_tables(operation, params):
        yield f"dynamodb:{action}", CALLED[table] + index


def asked_of_tables(operation: str, params: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Actions, tables' names and indexes: a transaction is allowed as what it is made of."""
    for change in params.get("TransactItems", ()):
        ((kind, one),) = change.items()
        yield f"{kind}Item", one["TableName"], ""
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    for table in params.get("RequestItems") or filter(None, [params.get("TableName")]):
        yield operation, table, index


def _of_kms(operation: str, _params: dict[str, Any]) -> Iterator[Right]:
    yield f"kms:{operation}", KEY


def _of_sqs(operation: str, params: dict[str, Any]) -> Iterator[Right]:
    yield f"sqs:{operation.removesuffix('Batch')}", CALLED[params["QueueUrl"].rpartition("/")[2]]


def _of_s3(operation: str, params: dict[str, Any]) -> Iterator[Right]:
    bucket = CALLED[params["Bucket"]]
    if operation == "ListObjectsV2":
        yield "s3:ListBucket", bucket
    elif operation == "DeleteObjects":
        for each in params["Delete"]["Objects"]:
            yield "s3:DeleteObject", f"{bucket}/{_folder(each['Key'])}*"
    else:
        folder = _folder(params["Key"])
        yield f"s3:{operation}", f"{bucket}/{folder}*"
        if (folder, operation) == (WEEKS, "GetObject"):  # else a missing one would be forbidden
            yield "s3:ListBucket", bucket
    # S3 asks KMS in the caller's name.
    if operation in _SEALS and "BucketEncryption" in RESOURCES[bucket]["Properties"]:
        yield _SEALS[operation], KEY


def _folder(key: str) -> str:
    return next((each for each in PARTS if key.startswith(each)), "")


WEEKS = "weeks/"
PARTS = (
    *(spilled_facts.PREFIX, questions.PREFIX, results.PREFIX, sent_mails.PREFIX, WEEKS),
    *(reports.DAYS, "sent-orders/", "m_"),
    *(privacy_requests.ERASURES_PREFIX, privacy_requests.EXPORTS_PREFIX, retained.PREFIX),
)
"""Of a bucket: a right may be on one of them."""
_SEALS = {"PutObject": "kms:GenerateDataKey", "GetObject": "kms:Decrypt"}


def _of_ses(_operation: str, params: dict[str, Any]) -> Iterator[Right]:
    assert params["Content"].keys() == {"Raw"}
    yield "ses:SendRawEmail", "*"


RIGHTS: dict[str, Callable[[str, dict[str, Any]], Iterator[Right]]] = {
    "dynamodb": _of_dynamodb,
    "kms": _of_kms,
    "s3": _of_s3,
    "sesv2": _of_ses,
    "sqs": _of_sqs,
}


# ── What they may do ─────────────────────────────────────────────────────────────────────────────
def granted(function: str) -> set[Right]:
    policies = RESOURCES[function]["Properties"].get("Policies", [])
    return {right for policy in policies for each in policy["Statement"] for right in _stated(each)}


def attributes_granted(function: str) -> set[str] | None:
    """Of the rows of merchants, which attributes it may read; None for all of them."""
    policies = RESOURCES[function]["Properties"].get("Policies", [])
    for each in (each for policy in policies for each in policy["Statement"]):
        if "Condition" in each and ("dynamodb:GetItem", MERCHANTS) in _stated(each):
            assert each["Condition"]["StringEqualsIfExists"] == {
                "dynamodb:Select": "SPECIFIC_ATTRIBUTES"
            }
            return {*each["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]}
    return None


def writes_granted(function: str) -> Iterator["Grant"]:
    """How it may write rows of merchants."""
    policies = RESOURCES[function]["Properties"].get("Policies", [])
    for each in (each for policy in policies for each in policy["Statement"]):
        actions = {action for action, on in _stated(each) if on.split("/")[0] == MERCHANTS}
        if writes := {action.partition(":")[2] for action in actions} - READS:
            told = each.get("Condition", {})
            partition = told.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys")
            named = told.get("ForAllValues:StringEquals", {}).get("dynamodb:Attributes")
            if named:
                assert told["StringEqualsIfExists"] == {"dynamodb:ReturnValues": "NONE"}
            yield Grant(frozenset(writes), partition, named and frozenset(named))


class Write(NamedTuple):
    action: str
    pk: str
    attributes: frozenset[str]


class Grant(NamedTuple):
    actions: frozenset[str]
    partition: str | None
    """`spent#*` is each whose key begins so; None where it may be any."""
    attributes: frozenset[str] | None

    def allows(self, write: Write) -> bool:
        is_there = self.partition is None or write.pk.startswith(self.partition.rstrip("*"))
        is_named = self.attributes is None or write.attributes <= self.attributes
        return write.action in self.actions and is_there and is_named

    def spares(self, precious: frozenset[str]) -> bool:
        """Whether it writes nothing of these, be it by putting another row in a row's place, or by
        deleting it: which of its attributes that takes away, DynamoDB does not ask."""
        if self.partition is not None:
            return self.partition in OF_NOBODY
        is_update = self.actions == {"UpdateItem"}
        return is_update and self.attributes is not None and not self.attributes & precious


READS = frozenset(["GetItem", "BatchGetItem", "Query", "Scan", "ConditionCheckItem"])
OF_NOBODY = frozenset(["spent#*", "connection#*", "unsubscribe#*"])
"""Partitions without a key, a secret or a setting."""


def needed_by_lambda(function: str) -> set[Right]:
    """What Lambda does in the function's name: it keeps what failed."""
    properties = RESOURCES[function]["Properties"]
    keepers = [each["Properties"] for each in properties.get("Events", {}).values()]
    rights: set[Right] = set()
    for keeper in [*keepers, properties.get("EventInvokeConfig", {})]:
        failures = keeper.get("DestinationConfig", {}).get("OnFailure")
        if failures and failures["Type"] == "S3":
            bucket = _name(failures["Destination"])
            rights |= {(f"s3:{do}", on) for do in _KEEPING for on in (bucket, f"{bucket}/*")}
        elif failures:
            rights.add(("sqs:SendMessage", _name(failures["Destination"])))
    return rights


_KEEPING = ("PutObject", "ListBucket")


def needed_by_s3(used: set[Right]) -> set[Right]:
    """Without the right to list, S3 answers 403 where there is no such object."""
    read = (on for action, on in used if action == "s3:GetObject")
    return {("s3:ListBucket", on.partition("/")[0]) for on in read}


def _stated(statement: dict[str, Any]) -> Iterator[Right]:
    actions, resources = statement["Action"], statement["Resource"]
    for action in actions if isinstance(actions, list) else [actions]:
        for resource in resources if isinstance(resources, list) else [resources]:
            yield action, _name(resource)


def _name(resource: Any) -> str:
    if resource == "*":
        return "*"
    if "Fn::GetAtt" in resource:
        return resource["Fn::GetAtt"][0]
    return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", resource["Fn::Sub"])


# ── A shop that needs everything ─────────────────────────────────────────────────────────────────
@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    boto3.setup_default_session()
    forget_clients()
    events = boto3.DEFAULT_SESSION.events
    events.register("before-parameter-build.*.*", watch.note, "privileges")
    yield watch
    events.unregister("before-parameter-build.*.*", unique_id="privileges")
    forget_clients()


@pytest.fixture
def shop(tables: Template, emulator: Emulator, watch: Watch, monkeypatch) -> Iterator[Shop]:
    # What an instance remembers of the day's allowance, which an earlier test may have taken.
    forget_counts()
    fronted = {"TrustCloudFront": "yes"}
    with (
        Cloud(
            emulator=emulator,
            prepared=True,
            start=A_MORNING,
            load=watch.load,
            parameters=fronted,
        ) as cloud,
        monkeypatch.context() as patched,
    ):
        patched.setenv("FAST_PATH", "no")  # botocore's events show botocore alone
        patched.setattr(environment, "os", SimpleNamespace(environ=Variables(watch)))
        yield Shop.onboard(cloud)


def live(shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that any function is there for."""
    change_and_rotate(shop)
    code = share_click_and_buy(shop, monkeypatch)
    with failing_streams(watch, monkeypatch):
        buy_something_else(shop, code)
    ring_in_vain(shop, code)
    wait_for_a_late_click(shop)
    quarantine_and_replay(shop)
    buy_while_nothing_is_stored(shop)
    leave_something_for_a_person(shop)
    read_and_name(shop)
    reconcile_and_load(shop)
    ask_what_takes_longer(shop, monkeypatch)
    let_weeks_pass(shop, code)
    look_at_the_report(shop, monkeypatch)
    change_a_kept_week(shop)
    with failing_streams(watch, monkeypatch):
        come_late(shop)
    send_what_is_refused(shop)
    use_up_a_day(shop)
    unsubscribe(shop)
    act_on_the_page(shop)
    keep_the_account(shop)
    connect(shop, monkeypatch)
    erase_and_export(shop, monkeypatch)


def erase_the_shop(shop: Shop) -> None:
    for each in ("", spilled_facts.PREFIX, questions.PREFIX):
        sealed_objects.put(shop.id, f"{each}{shop.id}/waits", b"{}")
    person = {"time": shop.cloud.clock.now().isoformat(), "merchant": shop.id, "shop": True}
    with pytest.MonkeyPatch.context() as short:
        short.setattr(results, "MOST_BYTES", 100)
        assert "kept_as" in shop.cloud.invoke("export_person", person)
    assert "error" not in shop.cloud.invoke("erase_person", person)
    assert shop.cloud.drain()["failed"] == []


def erase_and_export(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the operator, by the shop's own system, in pieces, and again in the night."""
    person = {"time": shop.cloud.clock.now().isoformat(), "merchant": shop.id}
    buyer = {"email": "buyer1001@example.com", "orders": ["shopify/1001"]}
    owner = {"recipient": "owner@shop.example"}
    assert shop.cloud.invoke("export_person", {**person, **owner})["data"]["mails"]
    assert shop.cloud.invoke("export_person", {**person, "buyer": buyer})["data"]["orders"]
    told = {"shop_id": 1, "shop_domain": SHOPIFY_DOMAIN, "customer": buyer}
    asked = {**told, "orders_requested": [], "data_request": {"id": 1}}
    assert shop.deliver("customers/data_request", asked).status == 200
    assert shop.deliver("customers/redact", {**told, "orders_to_redact": [1002]}).status == 200
    with monkeypatch.context() as short:
        short.setattr(pieces, "A_PIECE", -1.0)
        assert shop.cloud.drain()["failed"] == []
    assert shop.cloud.invoke("erase_person", {**person, "buyer": buyer})["orders"]
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for path in ("/v1/exports", "/v1/erasures"):
        for asked in ({"buyer": {"email": "buyer1021@example.com"}}, {"influencer": "ana"}):
            assert shop.ask("POST", path, asked, headers).status == 202
    assert shop.cloud.invoke("export_person", {**person, "influencer": "ben"})["data"]["links"]
    for whom in ({"influencer": "ben"}, {"recipient": "partner@shop.example"}):
        assert "error" not in shop.cloud.invoke("erase_person", {**person, **whom})
    assert shop.cloud.invoke("erase_person", {"again": True})["queued"]
    assert shop.cloud.drain()["failed"] == []
    night(shop)


def begin_with_older_rows(shop: Shop) -> None:
    """As they were written until 2026-12: an address in clear, a report that has no end."""
    then = shop.cloud.clock.now() - timedelta(days=50)
    profile = {"name": "Eve", "email": "eve@mail.example", "created_at": iso(then)}
    INFLUENCERS.put({"pk": shop.id, "sk": "eve", "id": "eve", **profile})
    week = {"pk": shop.id, "sk": f"week#{span.of_day('week', then.date()).first}"}
    REPORTS.put({**week, "snapshot": "", "influenced": 0, "at": iso(then)})


def test_every_function_may_do_what_it_does_and_no_more(shop: Shop, watch: Watch, monkeypatch):
    begin_with_older_rows(shop)
    live(shop, watch, monkeypatch)
    erase_the_shop(shop)

    used = watch.used
    assert used.keys() == {_logical(folder) for folder in shop.cloud.runtime.functions}
    refused = {name: {r for r in used[name] if not is_among(r, granted(name))} for name in used}
    idle = {
        name: {r for r in granted(name) if not any(is_among(u, {r}) for u in used[name])}
        - needed_by_lambda(name)
        - needed_by_s3(used[name])
        for name in used
    }
    assert {"refused": _some(refused), "idle": _some(idle)} == {"refused": {}, "idle": {}}
    bound = {name: each for name in used if (each := attributes_granted(name)) is not None}
    assert {name: watch.read[name] for name in bound} == bound
    assert bound.keys() == {"Redirect", "ServeScript"}
    asked = {name: (watch.asked[name] | rings_by(name)) - EVERYBODYS for name in used}
    assert asked == {name: told(name) for name in used}
    for name, writes in watch.written.items():
        grants = [*writes_granted(name)]
        assert [each for each in writes if not any(it.allows(each) for it in grants)] == [], name


EVERYBODYS = {"PUBLIC_BASE_URL"}
"""Told to all by the template's Globals."""


def told(function: str) -> set[str]:
    """The variables that the template gives it, but for the one that tells the redirect and the
    script by which client to ask."""
    own = RESOURCES[function]["Properties"].get("Environment", {}).get("Variables", {})
    return own.keys() - {"FAST_PATH"}


def rings_by(function: str) -> set[str]:
    """Whoever reads facts may find one that cannot be read, and rings by the bucket's name: not
    every one finds such a fact here."""
    reading = {(f"dynamodb:{do}", "EventsTable") for do in ("Query", "BatchGetItem")}
    return {"QUARANTINE_BUCKET"} if reading & granted(function) else set()


PRECIOUS = frozenset({*stored_names(Key), *stored_names(Merchant), "keys", "revision"}) - {"used"}
"""Of a key, a ring of keys and a profile, but for the day on which a key was used."""
SECRETS, END = frozenset(["values"]), frozenset(["expires"])
"""Of the vault; and by which DynamoDB deletes whatever row."""
KEEPERS = {
    "MerchantApi": "by a secret key: settings, keys",
    "ActOnReport": "by an owner's link of this week: recipients",
    "OnboardMerchant": "by the operator alone",
    "ErasePerson": "by whoever may have a person erased, and by the operator a shop",
}
"""Whose work it is to change them."""


def test_no_key_secret_setting_or_end_is_written_but_by_those_whose_work_it_is() -> None:
    functions = [name for name, each in RESOURCES.items() if each["Type"] == names.FUNCTION]

    def all_but(precious: frozenset[str]) -> set[str]:
        """Those that may write some of it."""
        return {
            name
            for name in functions
            if not all(it.spares(precious) for it in writes_granted(name))
        }

    assert all_but(PRECIOUS | END) == KEEPERS.keys()
    assert all_but(SECRETS) == KEEPERS.keys() | {"ConnectShop"}, "webhooks' secrets"


def connect(shop: Shop, monkeypatch) -> None:
    """Page by page, and again the day after."""
    with monkeypatch.context() as patched:
        patched.setattr(connect_shop, "PAGES", 1)
        stub, key = shop.cloud.platforms.woocommerce, (CONSUMER_KEY, CONSUMER_SECRET)
        named = dict(zip(("consumer_key", "consumer_secret"), key, strict=True))
        stub.orders = [a_woo_order(shop.cloud.clock.now(), 7001)]
        stub.customers = [a_woo_customer(5, "an@old.example")]
        shop.onboarded(woocommerce=named, stripe={"secret_key": STRIPE_KEY})
        shop.cloud.drain()
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("POST", "/v1/connection/check", None, headers)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    shop.run("sweep")


def is_among(right: Right, rights: set[Right]) -> bool:
    """Whether it is one of these, or one on all of a bucket is."""
    action, on = right
    return not rights.isdisjoint({right, *((action, on.replace(f"/{p}*", "/*")) for p in PARTS)})


def test_lambda_may_keep_what_failed_wherever_a_trigger_says_so():
    functions = [name for name, each in RESOURCES.items() if each["Type"] == names.FUNCTION]
    missing = {name: needed_by_lambda(name) - granted(name) for name in functions}
    assert _some(missing) == {}
    assert any(needed_by_lambda(name) for name in functions)


def _some(rights: dict[str, set[Right]]) -> dict[str, list[Right]]:
    return {name: sorted(each) for name, each in sorted(rights.items()) if each}


@contextmanager
def failing_streams(watch: Watch, monkeypatch) -> Iterator[None]:
    """What they have to do is done of what they set aside."""
    with monkeypatch.context() as broken:
        for stream in (project_events, attribute_order):
            broken.setattr(stream, "open_door", partial(_open_later, watch, stream.open_door))
        yield


def _open_later(watch: Watch, real: Callable[[Any, Any], None], door: Any, record: Any) -> None:
    if watch.running != "OpenDoors":
        raise RuntimeError("the test says no")
    real(door, record)


def buy_something_else(shop: Shop, code: str) -> None:
    bowl = {"product_id": 2, "title": "Bowl", "quantity": 1, "price": "9.00", "tax_lines": []}
    shop.buy("1021", "9.00", shop.click(code), line_items=[bowl])
    shop.buy("1022", "9.00", currency="GBP")
    assert shop.cloud.drain()["failed"] == []


def change_and_rotate(shop: Shop) -> None:
    more = {"hosts": [f"www.{HOST}"], "origins": [ORIGIN, f"https://www.{HOST}"]}
    shop.onboarded(currency="EUR")
    get_a_report_a_day(shop)  # whose job goes with the zone
    shop.onboarded(**more, zone="America/Toronto", fallback_url=f"{ORIGIN}/")
    made = shop.onboarded(origins=[ORIGIN], rotate=["publishable", "secret", "standard"])
    shop.facts |= made


def get_a_report_a_day(shop: Shop) -> None:
    merchant, now = profiles.read(shop.id), shop.cloud.clock.now()
    assert merchant
    choices.choose(merchant, "owner@shop.example", ["daily", "weekly"], now)
    rhythms.start(merchant, "daily", now)


def share_click_and_buy(shop: Shop, monkeypatch) -> str:
    code = shop.share("ana", product={"id": "mug", "title": "Mug"}).json["code"]
    trail = shop.click(code)
    assert shop.share("ana", trail=[trail]).status in (200, 201)
    dee = {"id": "dee", "email": "dee@mail.example"}
    shop.follow(shop.share(influencer=dee, trail=[trail]).json["code"])  # whom scores look up
    assert shop.share(key="publishable_key").status == 201
    shop.follow(code, method="HEAD", cloudfront_viewer_country="DE")
    assert shop.ask("GET", "/.well-known/security.txt").status == 200
    assert shop.follow("0000000000").status == 404
    with monkeypatch.context() as broken:
        broken.setattr(Table, "put_briskly", None)
        shop.click(code)
    assert shop.ask("OPTIONS", "/v1/links", headers={"origin": ORIGIN}).status == 204
    key = shop.facts["publishable_key"]
    assert shop.ask("GET", f"/sharetrail.js?key={key}").status == 200
    seen = {"id": "an-event-id", "type": "view", "url": f"{ORIGIN}/products/mug"}
    came = {**seen, "id": "another-event-id", "type": "visit", "trail": [trail]}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen, came]}
    through_front = {"origin": ORIGIN, "cloudfront-viewer-country": "DE"}
    assert shop.ask("POST", "/v1/events", beacon, through_front).status == 202
    assert shop.buy("1001", "48.50", trail, visit=trail).status == 200
    assert shop.cloud.drain()["failed"] == []
    return code


def wait_for_a_late_click(shop: Shop) -> None:
    code = shop.share("ben").json["code"]
    visitor = Visitor(hash="00ff1e55c0ffee99", agent=BROWSER, referrer="", country=None)
    late = new_click(shop.id, code, visitor, shop.cloud.clock.now())
    shop.buy("1002", "20.00", late.id, discount_codes=[{"code": "NOBODYS"}])
    shop.buy("1003", "20.00", currency="EUR")
    shop.buy("1024", "20.00", email="buyer1002@example.com", customer=None)
    assert shop.cloud.drain()["failed"] == []
    clicks.save(late)
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1002")  # as of before identities
    clients.dynamodb().delete_item(
        TableName=ORDERS.name, Key={"pk": {"S": ref.pk}, "sk": {"S": cross_device.STITCHED_ROW}}
    )
    sweep_an_hour_later(shop)
    assert shop.order("1002")["credits"] != {}


def sweep_an_hour_later(shop: Shop) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    assert shop.run("sweep") == []


def ring_in_vain(shop: Shop, code: str) -> None:
    """A click and an order, whose records nobody reads."""
    vase = {"product_id": 3, "title": "Vase", "quantity": 1, "price": "9.00", "tax_lines": []}
    shop.buy("1023", "9.00", shop.click(code), line_items=[vase])
    for stream in ("project_events", "attribute_order"):
        shop.cloud.skip_stream(stream)
    sweep_an_hour_later(shop)
    assert shop.order("1023")["credits"] != {}


def quarantine_and_replay(shop: Shop) -> None:
    odd = {**shop.an_order("1003"), "currency": "dollars"}
    assert shop.deliver("orders/create", odd).status == 202
    told = shop.deliver("orders/create", odd)
    assert told.status == 202
    path = f"/v1/quarantine/{told.json['quarantined']}"
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert [each["topic"] for each in shop.read("/v1/quarantine")["items"]] == ["orders/create"]
    assert shop.ask("POST", f"{path}/replay", None, headers).status == 422
    assert shop.ask("DELETE", path, None, headers).status == 200


def buy_while_nothing_is_stored(shop: Shop) -> None:
    """Once the queue takes it, once the bucket; what was kept is told once more before it is
    stored, so that it has to be heard of as of its first receipt."""
    for order, services in (("1011", ["dynamodb"]), ("1012", ["dynamodb", "sqs"])):
        told = shop.an_order(order)
        with faults.elsewhere(faults.NOWHERE, *services):
            assert shop.deliver("orders/create", told).json["kept"]
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
        assert shop.deliver("orders/create", told).status == 200
        with faults.failing("dynamodb", faults.lost(times=1)):
            assert shop.deliver("orders/create", told).status == 200
    assert shop.cloud.drain()["failed"] == []
    assert shop.run("sweep") == []


def leave_something_for_a_person(shop: Shop) -> None:
    """Who looks for it finds it, knows that it was told, and forgets it."""
    queue = environment.failure_queues()["FailedOrders"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    assert shop.run("tell_operator") == []
    boto3.client("sqs").purge_queue(QueueUrl=queue)
    assert shop.run("tell_operator") == []


def read_and_name(shop: Shop) -> None:
    for path in ("/v1/influencers", "/v1/influencers/ana", "/v1/stats?by=influencer"):
        shop.read(path)
    for path in ("/v1/rankings/sales", "/v1/influencers/ana/scores", "/v1/share-tree"):
        shop.read(path)
    shop.order("1001")
    shop.ask("GET", "/v1/openapi.json")
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    named = {"name": "Ana", "email": "ana@mail.example"}
    assert shop.ask("PUT", "/v1/influencers/ana", named, headers).status == 200
    assert shop.ask("POST", "/v1/influencers/ana/token", None, headers).status == 201
    assert shop.ask(
        "POST",
        "/v1/orders/shopify/1001/decisions",
        {"decision": "self_email:ana", "word": "released"},
        headers,
    ).status in (200, 400)
    gift = {"code": "ANA10", "influencer": "ana"}
    assert shop.ask("POST", "/v1/codes", gift, headers).status == 201
    known = {"email": "buyer1001@example.com", "trail": [trail_of(shop, "1001")]}
    assert shop.ask("POST", "/v1/identities", known, headers).status == 200
    period = until_today(shop)
    use_no_key_yet(shop)
    assert shop.ask("POST", "/v1/what-if", period, headers).status == 200
    day = shop.cloud.clock.now() - timedelta(days=1)
    rate = {"currency": "EUR", "day": f"{day:%Y-%m-%d}", "rate": "1.1"}
    assert shop.ask("POST", "/v1/rates", rate, headers).json["orders"] == 1
    for path in ("/v1/codes", "/v1/rates", "/v1/installation"):
        shop.read(path)
    link = f"/v1/links/{shop.share('ana').json['code']}"
    for disabled in (True, False):
        assert shop.ask("PATCH", link, {"disabled": disabled}, headers).status == 200
    sweep_an_hour_later(shop)


def until_today(shop: Shop) -> dict[str, str]:
    today = calendars.local_day(shop.cloud.clock.now(), ZoneInfo("America/Toronto"))
    return {"from": f"{today - timedelta(days=300)}", "to": f"{today}"}


def use_no_key_yet(shop: Shop) -> None:
    """As on a new day: whoever is asked next notes that the key was used."""
    for key in key_rings.read(shop.id).keys:
        tables.MERCHANTS.update({"pk": f"key#{key.digest}", "sk": "key"}, "REMOVE used")


def trail_of(shop: Shop, order: str) -> str:
    return str(shop.order(order)["touches"][0]["touch"])


def reconcile_and_load(shop: Shop) -> None:
    shop.buy("1009")  # whose credits are not computed yet
    rows = [exports.shopify(order) for order in (1001, 1009, 1010)]
    body = exports.text(exports.SHOPIFY, *rows)
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "content-type": "text/csv"}
    use_no_key_yet(shop)
    told = shop.ask("POST", "/v1/reconciliations?load=true", body, headers)
    assert (told.status, told.json["orders_loaded"]) == (200, 1)


def ask_what_takes_longer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as hurry:
        hurry.setattr(what_if, "MOST_ORDERS", 0)
        hurry.setattr(periods, "MOST_ORDERS", 0)
        hurry.setattr(read_export.Export, "is_big", True)
        headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
        period = until_today(shop)
        rows = [exports.shopify(1001, "1.00"), exports.shopify(1014)]
        body = exports.text(exports.SHOPIFY, *rows)
        asked = [
            shop.ask("POST", "/v1/what-if", period, headers),
            shop.ask("GET", "/v1/stats?by=influencer", None, headers),
            shop.ask("POST", "/v1/reconciliations?load=true", body, headers),
        ]
        assert [each.status for each in asked] == [202, 202, 202]
        assert shop.cloud.drain()["failed"] == []
    for each in asked:
        assert shop.read(f"/v1/results/{each.json['id']}")


def let_weeks_pass(shop: Shop, code: str) -> None:
    """Each schedule finds days that nobody has closed yet, and a report is built of a week that
    the night did not score."""
    clock = shop.cloud.clock
    clock.set_forward(monday(clock.now()))
    clock.set_forward(clock.now() + timedelta(hours=4))
    assert shop.run("tell_operator") == []  # a report is missing
    with pytest.MonkeyPatch.context() as broken:  # what was kept is sent at the next attempt
        refused = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
        broken.setattr(message, "send", failing(1, message.send, refused))
        assert shop.run("schedule_reports") == []
    # Of a shop onboarded before eight the first day's report is of the day before it came: none.
    assert shop.run("schedule_reports") == []
    for _ in range(2):  # the first is closed, and so the week is scored; that closes the second
        shop.click(code)
        shop.cloud.drain()
        assert shop.run("close_days") == []
        clock.set_forward(clock.now() + timedelta(days=1))
    clock.set_forward(monday(clock.now()))
    assert shop.run("score_influencers") == []
    clock.set_forward(clock.now() + timedelta(days=1))
    assert shop.run("close_days") == []
    come_late(shop)
    assert shop.run("sweep") == []
    shop.read("/v1/removal-effects")
    shop.onboarded(resubscribe=["owner@shop.example"])


def look_at_the_report(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now, as it was sent, and days that are too many for a call."""
    now = shop.cloud.clock.now()
    link = page_links.make(profiles.find(shop.id, now), "owner@shop.example", now)
    mailed = span.last_due("week", now, ZoneInfo("America/New_York")).before().key
    day = max(row["sk"] for row in REPORTS.query(shop.id, prefix="day#") if "snapshot" in row)
    sent = [f"?span={each}&as=sent" for each in (mailed, day.removeprefix("day#"))]
    for query in ("", f"?span={mailed}", *sent):
        assert shop.ask("GET", f"/reports/{link.token}{query}").status == 200, query
    code = shop.read("/v1/influencers/ana")["links"][0]["code"]
    for path in (
        *("people", "people/ana", "orders", "orders?q=1001", "held", "networks", "products"),
        *("orders/shopify/1001", "links", f"links/{code}", "links?influencer=ana", "mails"),
        "installation",
    ):
        assert shop.ask("GET", f"/reports/{link.token}/{path}").status in (200, 303), path
    assert shop.ask("GET", f"/reports/{link.token}/mails/{mailed}").status == 200
    with monkeypatch.context() as hurry:
        hurry.setattr(periods, "MOST_ORDERS", 0)
        year = f"/reports/{link.token}?span={now.year}"
        assert shop.ask("GET", year).status == 202
        assert shop.cloud.drain()["failed"] == []
        assert shop.ask("GET", year).status == 200


def change_a_kept_week(shop: Shop) -> None:
    """A refund that comes weeks late, and the night after it."""
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00"))
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    assert shop.run("score_influencers") == []


def look_first(shop: Shop) -> None:
    """A page's beacon."""
    seen = {"id": "a-later-event-id", "type": "view", "url": f"{ORIGIN}/products/mug"}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202


def send_what_is_refused(shop: Shop) -> None:
    """A webhook that is signed by nobody."""
    order, wrong = shop.an_order("1099"), {"x_shopify_hmac_sha256": "AAAA"}
    assert shop.deliver("orders/create", order, **wrong).status == 401


def use_up_a_day(shop: Shop) -> None:
    """Of links, and of events that others took before."""
    shop.onboarded(links_per_day=1)
    answers = [shop.share(key="publishable_key", label=f"{n}").status for n in range(2)]
    assert answers == [201, 429]
    day = calendars.local_day(shop.cloud.clock.now(), ZoneInfo("America/New_York"))
    taken = {f"{n:012}" for n in range(5_000)}
    tables.MERCHANTS.put({"pk": spent_by(shop.id), "sk": f"allowance#events#{day}", "taken": taken})
    forget_counts()
    look_first(shop)


def come_late(shop: Shop) -> None:
    """A click of a day that has been closed: its record closes the day once more."""
    code = shop.read("/v1/influencers/ana")["links"][0]["code"]
    visitor = Visitor(hash="00ff1e55c0ffee99", agent="Mozilla/5.0", referrer="", country=None)
    clicks.save(new_click(shop.id, code, visitor, shop.cloud.clock.now() - timedelta(days=2)))
    assert shop.cloud.drain()["failed"] == []


def act_on_the_page(shop: Shop) -> None:
    """Everything that one may press there, and a look at what was done."""
    held, code = a_doubted_order(shop, "5001"), shop.share("ana").json["code"]
    owner, partner = Recipient(shop), "partner@shop.example"
    shop.onboarded(recipients=[owner.address, partner])
    at = shop.cloud.clock.now()
    bounced = Suppression(merchant=shop.id, recipient=partner, why="bounced", at=at)
    suppressions.keep(bounced)
    acts = [
        owner.act("decide", **held, value="upheld"),
        owner.act("name", influencer="ana", value="Anna"),
        owner.act("tag", influencer="ana", value="vip"),
        owner.act("code", code="SPRING", value="ana"),
        owner.act("link", code=code),
        owner.act("recipient", recipient=partner, value="off"),
        owner.act("recipient", recipient=partner, value="listed"),
        owner.act("mailbox", recipient=partner, value="mailed"),
        *(owner.look(f"mend/{about}") for about in guide.guides()),
        owner.press(forms(owner.look("choices"))[0], choose="1", weekly="on"),
        owner.press(forms(owner.look("choices"))[0], choose="1"),
        owner.undo(),
        owner.act("choices", value="daily"),
        owner.post(f"{owner.base}/new-link", {}),
        owner.act("void"),
    ]
    assert {answer.status for answer in acts} == {200}


def keep_the_account(shop: Shop) -> None:
    """Lists, reports, keys, recipients and settings."""
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for path in ("links", "links?sort=-clicks", "orders", "keys", "recipients", "settings"):
        shop.read(f"/v1/{path}")
    for kind in ("week", "day"):
        (report, *_) = shop.read(f"/v1/reports?kind={kind}")["items"]
        shop.read(f"/v1/reports/{report['span']}")
    key = shop.ask("POST", "/v1/keys", {"name": "ERP"}, headers).json["id"]
    keys = shop.read("/v1/keys")["items"]  # by their ids, which are chance
    (pages,) = (each for each in keys if each["kind"] == "publishable")
    boss = "/v1/recipients/boss@shop.example"
    settings = {"currency": "GBP", "zone": "America/Toronto"}
    for method, path, body in (
        ("POST", f"/v1/keys/{key}/rotate", None),
        ("POST", f"/v1/keys/{pages['id']}/rotate", None),
        ("DELETE", f"/v1/keys/{key}", None),
        ("PUT", boss, {"role": "reader", "reports": ["daily"]}),
        ("DELETE", boss, None),
        ("PATCH", "/v1/settings", settings),
    ):
        assert shop.ask(method, path, body, headers).status in (200, 201), path
    assert shop.cloud.drain()["failed"] == []


def unsubscribe(shop: Shop) -> None:
    mail = shop.cloud.outbox.mails[0]
    shop.ask("POST", f"/_local/outbox/{mail.number}/complaint")
    assert shop.cloud.drain()["failed"] == []
    (refused,) = shop.onboarded()["undeliverable"]
    assert refused["why"] == "complained"
    (address,) = (part for part in mail.html.split('"') if "/unsubscribe/" in part)
    path = "/unsubscribe/" + address.rpartition("/")[2]
    assert shop.ask("GET", path).status == 200
    for form in (b"List-Unsubscribe=One-Click", b"undo=1"):
        assert shop.ask("POST", path, form).status == 200
