"""events/: one recorded event a trigger, for these tests and for `sam local invoke -e`."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.template import intrinsics
from local.template.declarations import Function, Template
from local.template.filters import matches_any
from local.template.reader import TEMPLATE
from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.analysis.score import score_history
from sharetrail.aws.tables import EVENTS
from sharetrail.calendars import iso
from sharetrail.clicks.click import click_key, time_of_click
from sharetrail.installation import onboard_merchant
from sharetrail.mail import suppressions, unsubscribes
from sharetrail.merchants import profiles
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy.asked_person import AskedPerson
from sharetrail.questions import privacy_requests
from sharetrail.questions.privacy_request import PrivacyRequest
from sharetrail.report import choices, span
from sharetrail.report.keeping import page_links, reports
from sharetrail.report.page.acts.proof import Offer
from sharetrail.sharing.link import is_link_code
from sharetrail.totals import local_days
from tests import events
from tests.events import (
    CLICK,
    CODE,
    MERCHANT,
    MONDAY,
    ONBOARDED,
    PROOF,
    SATURDAY,
    SNAPSHOT,
    TOKEN,
    Event,
)
from tests.recipients import seen_of
from tests.shops import HOST, Shop

FILES = events.stored()
RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
FOLDERS = [
    each["Properties"]["CodeUri"].removeprefix("functions/").rstrip("/")
    for each in RESOURCES.values()
    if each["Type"] == "AWS::Serverless::Function"
]


def folder_of(name: str) -> str:
    """A file is called after its function, and further where the function has several."""
    return max((each for each in FOLDERS if name.startswith(each)), key=len, default="")


# ── The files ────────────────────────────────────────────────────────────────────────────────────
def test_every_function_has_an_event_and_every_event_a_function() -> None:
    assert {folder_of(name) for name in FILES} == set(FOLDERS)


def test_the_events_are_what_the_local_cloud_hands_over_today(
    tables: Template, emulator: Emulator
) -> None:
    """If this fails by intention: `python -m tests.events` records them again."""
    assert events.recorded(partial(Cloud, emulator=emulator, prepared=True)) == FILES


def test_the_files_are_laid_out_for_reading() -> None:
    for name, event in FILES.items():
        text = (events.FOLDER / f"{name}.json").read_text()
        assert text == json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def test_no_file_holds_a_secret() -> None:
    for path in events.FOLDER.iterdir():
        text = path.read_text()
        assert set(re.findall(r"\b(?:pk|sk)_\w+", text)) <= {
            events.PUBLISHABLE_KEY,
            events.SECRET_KEY,
        }
        assert not re.search(r"whsec_|shpss_|v1,\S{44}|\b[0-9a-f]{64}\b", text)


# ── Their shapes ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", FILES)
def test_an_event_has_the_shape_of_its_trigger(name: str, tables: Template) -> None:
    function = tables.functions[folder_of(name)]
    event = FILES[name]
    if function.routes:
        is_a_request(event, function)
    elif function.streams:
        is_of_a_stream(event, function)
    elif function.queues and "Records" in event:
        is_of_a_queue(event, function)
    elif function.schedules:
        is_of_a_schedule(event, function)
    else:
        is_an_operators(event, function)


def is_an_operators(event: Event, function: Function) -> None:
    wishes = {each.name for each in fields(onboard_merchant.Wishes)} | onboard_merchant.SETTINGS
    persons = {each.name for each in fields(AskedPerson)} | {"merchant"}
    assert event.keys() <= (wishes if function.folder == "onboard_merchant" else persons)


def is_a_request(event: Event, function: Function) -> None:
    context = event["requestContext"]
    assert event["version"] == "2.0"
    assert event["routeKey"] in {f"{each.method} {each.path}" for each in function.routes}
    assert event["routeKey"] == context["routeKey"]
    assert event["routeKey"].startswith(context["http"]["method"] + " ")
    assert event["rawPath"] == context["http"]["path"]
    assert all(name == name.lower() for name in event["headers"])
    assert isinstance(event["isBase64Encoded"], bool)
    wanted = set(re.findall(r"\{(\w+)\+?\}", event["routeKey"]))
    assert event.get("pathParameters", {}).keys() == wanted
    assert context["timeEpoch"] == SATURDAY.timestamp() * 1000


def is_of_a_stream(event: Event, function: Function) -> None:
    (trigger,) = function.streams
    numbers = [each["dynamodb"]["SequenceNumber"] for each in event["Records"]]
    assert len(set(numbers)) == len(numbers) > 0
    for record in event["Records"]:
        assert record["eventSource"] == "aws:dynamodb"
        assert f":table/{trigger.table}/stream/" in record["eventSourceARN"]
        assert record["dynamodb"]["StreamViewType"] == "KEYS_ONLY"
        assert not {"NewImage", "OldImage"} & record["dynamodb"].keys()
        assert matches_any(trigger.patterns, record)


def is_of_a_queue(event: Event, function: Function) -> None:
    queues = {trigger.queue for trigger in function.queues}
    for record in event["Records"]:
        assert record["eventSource"] == "aws:sqs"
        assert record["eventSourceARN"].rpartition(":")[2] in queues
        assert record["attributes"]["SentTimestamp"].isdigit()
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode()).hexdigest()
        assert whose(json.loads(record["body"])) == MERCHANT


def whose(body: Event) -> str:
    return body["detail"]["mail"]["tags"]["merchant"][0] if "detail" in body else body["merchant"]


def is_of_a_schedule(event: Event, function: Function) -> None:
    (trigger,) = function.schedules
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    assert event["resources"] == [trigger.rule]
    assert event["time"] == "2026-11-23T13:02:00Z"


# ── Fed to their handlers ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """The shop of the events, three weeks before them."""
    return Shop.onboard(cloud, time=ONBOARDED.isoformat())


@pytest.fixture
def feed(shop: Shop) -> Callable[..., Any]:
    """Hands a recorded event to its function; `values` are for its placeholders."""

    def feed(name: str, **values: str) -> Any:
        mine = events.for_shop(FILES[name], shop, **values)
        return shop.cloud.invoke(folder_of(name), mine)

    return feed


@pytest.fixture
def code(feed: Callable[..., Any]) -> str:
    return json.loads(feed("create_link")["body"])["code"]


def test_create_link_makes_the_link_and_then_finds_it(feed: Callable[..., Any]) -> None:
    assert [feed("create_link")["statusCode"] for _ in range(2)] == [201, 200]


def test_redirect_leads_on_and_keeps_the_click(feed: Callable[..., Any], code: str) -> None:
    answer = feed("redirect", **{CODE: code})
    assert answer["statusCode"] == 302
    assert "st=" in answer["headers"]["location"]
    (fact,) = EVENTS.scan()
    assert fact["c"] == code


def test_redirect_head_leads_on_and_keeps_nothing(feed: Callable[..., Any], code: str) -> None:
    assert feed("redirect_head", **{CODE: code})["statusCode"] == 302
    assert list(EVENTS.scan()) == []


def test_collect_events_keeps_what_the_beacon_says(feed: Callable[..., Any], code: str) -> None:
    assert feed("collect_events", **{CODE: code})["statusCode"] == 202
    assert sorted(fact["t"] for fact in EVENTS.scan()) == ["share", "view"]


def test_answer_preflight_lets_the_shops_pages_call(feed: Callable[..., Any]) -> None:
    answer = feed("answer_preflight")
    assert answer["statusCode"] == 204
    assert answer["headers"]["access-control-allow-origin"] == f"https://{HOST}"


def test_serve_script_answers_the_script_packed(feed: Callable[..., Any]) -> None:
    answer = feed("serve_script")
    assert (answer["statusCode"], answer["headers"]["content-encoding"]) == (200, "gzip")


@pytest.mark.parametrize(
    ("provider", "order"),
    [
        ("shopify", "1001"),
        ("standard", "2001"),
        ("woocommerce", "3001"),
        ("stripe", "pi_4001"),
    ],
)
def test_receive_order_keeps_the_fact_once(
    feed: Callable[..., Any], shop: Shop, provider: str, order: str
) -> None:
    answers = [feed(f"receive_order_{provider}") for _ in range(2)]
    assert [each["statusCode"] for each in answers] == [200, 200]
    assert [json.loads(each["body"])["new"] for each in answers] == [True, False]
    ref = OrderRef(merchant=shop.id, platform=provider, id=order)
    assert len(order_facts.rows(ref)) == 1


def test_save_order_stores_the_fact_once_as_of_its_first_receipt(
    feed: Callable[..., Any], shop: Shop
) -> None:
    for _ in range(2):
        assert feed("save_order") == {"batchItemFailures": []}
    (row,) = order_facts.rows(OrderRef(merchant=shop.id, platform="shopify", id="1003"))
    assert (row["sk"], row["received"]) == ("placed", iso(SATURDAY))


def test_the_events_of_a_sale_credit_it(feed: Callable[..., Any], code: str, shop: Shop) -> None:
    """The spilled click is the one that the order and the streams name."""
    assert feed("save_click", **{CODE: code}) == {"batchItemFailures": []}
    assert EVENTS.get(**click_key(shop.id, CLICK))
    assert feed("project_events") == {"batchItemFailures": []}
    assert feed("open_doors") == {"batchItemFailures": []}
    assert feed("receive_order_shopify")["statusCode"] == 200
    assert feed("attribute_order") == {"batchItemFailures": []}
    answer = feed("merchant_api_order")
    assert answer["statusCode"] == 200
    (credit,) = json.loads(answer["body"])["credits"]["last"]
    assert (credit["link"], credit["credited"]["amount"]) == (code, "48.50")


def test_reconcile_names_what_is_missing(feed: Callable[..., Any]) -> None:
    feed("receive_order_shopify")
    told = json.loads(feed("reconcile")["body"])
    assert [each["id"] for each in told["missing"]] == ["1002"]
    assert told["differ"] == []


def test_a_question_that_is_gone_is_nobodys_to_answer(feed: Callable[..., Any]) -> None:
    assert feed("analyse_merchant_question") == {"batchItemFailures": []}


def test_a_shop_that_nobody_connected_is_called_by_nobody(
    feed: Callable[..., Any], shop: Shop
) -> None:
    assert feed("connect_shop") == {"batchItemFailures": []}
    assert shop.cloud.platforms.asked == []


def test_the_schedules_do_their_work_for_the_shop(feed: Callable[..., Any], shop: Shop) -> None:
    assert feed("close_days") == 0
    assert feed("close_days") == 1, "once it has noted that the rules are new"
    assert feed("score_influencers") == 0
    assert feed("sweep") is None
    assert feed("tell_operator") is None
    assert feed("schedule_reports") == 1


def test_the_workers_do_theirs_and_the_mails_link_unsubscribes(
    feed: Callable[..., Any], shop: Shop, code: str
) -> None:
    assert feed("save_click", **{CODE: code}) == {"batchItemFailures": []}
    day = Job(kind="close", merchant=shop.id, about=f"{SATURDAY.date()}")
    jobs.note(day, SATURDAY)
    assert feed("tend_merchant") == {"batchItemFailures": []}
    assert local_days.is_closed(shop.id, SATURDAY.date())
    assert feed("analyse_merchant") == {"batchItemFailures": []}
    week = calendars.week_of(SATURDAY.date())
    assert score_history.is_scored(shop.id, week.first)
    kept = reports.find(shop.id, span.of_day("week", week.first))
    assert kept
    assert feed("send_report", **{SNAPSHOT: kept.snapshot}) == {"batchItemFailures": []}
    assert len(shop.cloud.outbox.mails) == 1
    assert feed("suppress_recipients") == {"batchItemFailures": []}
    refused = suppressions.find(shop.id, "owner@shop.example")
    assert refused
    assert (refused.why, refused.at) == ("bounced", MONDAY)
    token = unsubscribes.url_for(shop.id, "owner@shop.example", MONDAY).rpartition("/")[2]
    assert feed("unsubscribe", **{TOKEN: token})["statusCode"] == 200
    assert unsubscribes.is_unsubscribed(shop.id, "owner@shop.example")


def test_a_press_on_the_page_chooses_what_to_get(feed: Callable[..., Any], shop: Shop) -> None:
    merchant = profiles.find(shop.id, SATURDAY)
    link = page_links.make(merchant, "owner@shop.example", SATURDAY)
    offer = Offer(link=link, kind="choices", about={}, after="", seen=seen_of("weekly"))
    proof = offer.proof(SATURDAY, SATURDAY)
    assert feed("act_on_report", **{TOKEN: link.token, PROOF: proof})["statusCode"] == 200
    assert choices.of(merchant, link.recipient) == {"weekly", "monthly"}


@pytest.mark.parametrize("ask", ["erase_person", "erase_person_asked"])
def test_erase_person_unlinks_the_order_of_whoever_asked(
    feed: Callable[..., Any], shop: Shop, ask: str
) -> None:
    orders = {"erase_person": "1001", "erase_person_asked": "1002"}
    shop.buy(orders[ask])
    shop.cloud.drain()
    asked = PrivacyRequest(
        merchant=shop.id,
        act="erase",
        whose="buyer",
        asked_at=shop.cloud.clock.now(),
        orders=(f"shopify#{orders[ask]}",),
    )
    privacy_requests.keep(asked)
    feed(ask)
    (fact,) = shop.order(orders[ask])["facts"]
    assert (fact["sale"]["email_hash"], fact["sale"]["net"]["amount"]) == (None, "50.00")


def test_export_person_tells_what_is_kept(feed: Callable[..., Any], shop: Shop) -> None:
    shop.buy("1001")
    (order,) = feed("export_person")["data"]["orders"]
    assert order["order"] == "shopify/1001"


def test_onboard_merchant_finds_the_shop_that_is_there(
    feed: Callable[..., Any], shop: Shop
) -> None:
    answer = feed("onboard_merchant")
    assert (answer["merchant_id"], answer["created"]) == (shop.id, False)
    assert profiles.read(shop.id)


def test_the_placeholders_could_be_real(shop: Shop) -> None:
    """What stands for a code, a click and a merchant passes for one, so nothing refuses it."""
    assert is_link_code(CODE)
    assert time_of_click(CLICK) == SATURDAY
    assert shop.id == MERCHANT
