"""All that is logged in a life in which everything that can fails: of whom it tells, and how."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.runtime.handlers import Handler, load_handler
from local.runtime.memories import forget_facts
from local.template.declarations import Template
from sharetrail import logs
from sharetrail.attribution import attribute_order
from sharetrail.aws import clients
from sharetrail.aws.tables import EVENTS
from sharetrail.mail import message
from sharetrail.totals import project_events
from sharetrail.version import VERSION
from tests import events, faults
from tests.chain.test_faults import failing
from tests.conftest import A_MORNING, BRISK_MAIL
from tests.recipients import OWNER, Recipient
from tests.senders import a_message, a_woo_order, post_standard, send_woo
from tests.shops import BROWSER, ORIGIN, PHONE, Shop, monday

ANN = "annabel.secretperson@mail.example"
IP, IP6, PHONE_NUMBER, CUSTOMER = "203.0.113.77", "2001:db8:85a3::8a2e", "+15550142", 7_700_000_042
AGENT = f"{PHONE} of {ANN}"
WORDS = f"Annabel Secretperson of Elm Street 1428 ({ANN}, {IP}, {IP6}, {CUSTOMER}, {AGENT})"
"""What a library's or AWS's error may quote."""
PERSONAL = ["annabel", "secretperson", "elm street", "mail.example", IP6, PHONE_NUMBER]
LIKE_A_PERSON = re.compile(r"@|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){3}|[0-9a-f]::")
"""An e-mail address, or one of the internet's."""
GONE, MUTE = "nowhere to be found", "serve_script"
"""A table's name; and the function that fails for nobody: a page gets its script."""


class Log:
    """All that functions say, and what Lambda logs of what they raise."""

    def __init__(self, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._capfd, self._caplog = capfd, caplog
        self.raised: list[Exception] = []

    def load(self, folder: str) -> Handler:
        handler = load_handler(folder)

        def heard(event: Any, context: Any) -> Any:
            forget_facts()
            try:
                return handler(event, context)
            except Exception as error:
                self.raised.append(error)
                raise

        return heard

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._capfd.readouterr().out.splitlines()]

    def libraries(self) -> list[str]:
        return [each.getMessage() for each in self._caplog.records if each.levelname != "DEBUG"]


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Log:
    return Log(capfd, caplog)


@pytest.fixture
def shop(
    tables: Template, emulator: Emulator, log: Log, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    with Cloud(
        emulator=emulator,
        prepared=True,
        parameters=BRISK_MAIL,
        start=A_MORNING,
        load=log.load,
    ) as cloud:
        monkeypatch.setenv("FAST_PATH", "no")  # whose failures aws/fast has: test_logs.py
        yield Shop.onboard(cloud)


def test_no_line_tells_of_anybody_and_each_of_its_request(
    shop: Shop, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = live(shop)
    tokens = [*mail_of_the_week(shop, monkeypatch), *change_the_account(shop)]
    set_doors_aside(shop, code, monkeypatch)
    lose_clicks(shop, code, monkeypatch)
    for raised in (aws_refuses, library_stumbles):
        fail_everywhere(shop, raised, tokens[0])

    lines = log.lines()
    said = "\n".join(map(json.dumps, lines))
    for line in lines:
        assert line["level"] in ("INFO", "WARN", "ERROR"), line
        assert isinstance(line["message"], str), line
        assert line["version"] == VERSION, line
        assert line["request_id"], line
        assert line["function"], line
    assert {each["function"] for each in lines} == {
        each.name for each in shop.cloud.runtime.functions.values() if each.folder != MUTE
    }
    facts = shop.facts
    keys = [facts["publishable_key"], facts["secret_key"], *facts["webhook_secrets"].values()]
    private = [*PERSONAL, OWNER, BROWSER, PHONE, str(CUSTOMER), *tokens, *keys]
    assert [word for word in private if word.lower() in said.lower()] == []
    assert LIKE_A_PERSON.findall(said) == []
    assert {type(error) for error in log.raised} == {logs.Failed}
    assert not LIKE_A_PERSON.search(" ".join(map(str, log.raised)))
    assert log.libraries() == []
    messages = {line["message"] for line in lines}
    assert {"redirect failed", "ClickNotKept", "a function failed"} <= messages
    assert {"WebhooksQuarantined", "OrdersSpilled", "FactsUnreadable"} <= messages


# ── a life ───────────────────────────────────────────────────────────────────────────────────────
def live(shop: Shop) -> str:
    """Whoever shares, clicks, looks and buys says all that people and shops say of themselves."""
    influencer = {"id": "ana", "name": "Annabel Secretperson", "email": ANN}
    code = shop.share(influencer=influencer).json["code"]
    trail = shop.click(code, AGENT)
    seen = {"id": "an-event-id", "type": "view", "url": f"{ORIGIN}/products/mug"}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202
    assert shop.buy("1001", trail=trail, **the_buyer()).status == 200
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "5.00"))
    misunderstood = {**shop.an_order("1002"), **the_buyer(), "currency": ANN, ANN: ANN}
    assert shop.deliver("orders/create", misunderstood).status == 202
    assert shop.deliver(f"orders/{ANN}", misunderstood).status < 500
    at = shop.cloud.clock.now()
    send_woo(shop, "order.created", a_woo_order(at, 1003))
    send_woo(shop, "order.created", {**a_woo_order(at, 1004), "total": WORDS})
    instead = {"code": f"woocommerce_rest_{ANN}", "message": WORDS, "data": {"status": 401}}
    assert send_woo(shop, "order.updated", instead).status == 202
    post_standard(shop, a_message(customer={"id": "7", "email": ANN}))
    post_standard(shop, a_message(**{ANN: WORDS, "currency": WORDS}))
    with faults.failing("dynamodb", faults.refused("ThrottlingException", WORDS)):
        assert shop.buy("1005", **the_buyer()).status == 202
    (click,) = (row for row in EVENTS.scan() if row.get("c") == code)
    EVENTS.put({"pk": click["pk"], "sk": f"{click['sk']}0", "at": WORDS})
    assert shop.cloud.drain()["failed"] == []
    return code


def the_buyer() -> dict[str, Any]:
    named = {"first_name": "Annabel", "last_name": "Secretperson", "phone": PHONE_NUMBER}
    return {
        "email": ANN,
        "contact_email": ANN,
        "phone": PHONE_NUMBER,
        "browser_ip": IP,
        "client_details": {"browser_ip": IP6, "user_agent": AGENT},
        "customer": {"id": CUSTOMER, "email": ANN, **named},
        "shipping_address": {**named, "address1": "Elm Street 1428", "zip": "45177"},
        "note": WORDS,
    }


def mail_of_the_week(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """SES refuses it once, and then it is called spam; the tokens that it carries."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    with monkeypatch.context() as broken:
        broken.setattr(message, "send", failing(1, message.send, aws_refusal()))
        assert shop.run("close_days", "score_influencers", "schedule_reports") == []
    (mail,) = shop.cloud.outbox.mails
    shop.ask("POST", f"/_local/outbox/{mail.number}/complaint")
    assert shop.cloud.drain()["failed"] == []
    tokens = re.findall(r"/(?:reports|unsubscribe)/([^/?\"#]+)", mail.html)
    assert tokens
    for token in {*tokens}:
        shop.ask("GET", f"/unsubscribe/{token}")
        shop.ask("GET", f"/reports/{token}")
    return tokens


def change_the_account(shop: Shop) -> list[str]:
    """By key and by page; the keys and tokens that come of it."""
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    for method, path, body in (
        ("PATCH", "/v1/settings", {"name": "Annabel Secretperson's"}),
        ("PUT", f"/v1/recipients/{ANN}", {"role": "owner"}),
        ("DELETE", f"/v1/recipients/{ANN}", None),
        ("POST", "/v1/identities", {"email": ANN, "trail": []}),
    ):
        assert shop.ask(method, path, body, headers).status < 500, path
    made = shop.ask("POST", "/v1/keys", {"name": "Annabel's"}, headers).json
    assert shop.ask("DELETE", f"/v1/keys/{made['id']}", None, headers).status == 200
    token = shop.ask("POST", "/v1/influencers/ana/token", None, headers).json["token"]
    shop.onboarded(recipients=[OWNER, ANN], resubscribe=[OWNER])
    owner = Recipient(shop)
    owner.first()
    owner.act("name", influencer="ana", value="Annabel")
    return [made["key"], token, owner.base.rpartition("/")[2]]


# ── and all that can fail ────────────────────────────────────────────────────────────────────────
def aws_refusal() -> Exception:
    said = {"Error": {"Code": "InternalServerError", "Message": WORDS}}
    return ClientError({**said, "ResponseMetadata": {"HTTPStatusCode": 500}}, "SomeOperation")


def aws_refuses(*_: Any, **__: Any) -> Any:
    raise aws_refusal()


def library_stumbles(*_: Any, **__: Any) -> Any:
    try:
        raise KeyError(WORDS)
    except KeyError as error:
        raise ValueError(WORDS) from error


def set_doors_aside(shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        for stream in (project_events, attribute_order):
            broken.setattr(stream, "open_door", library_stumbles)
        shop.buy("1006", trail=shop.click(code, AGENT), **the_buyer())
        assert shop.cloud.drain()["failed"]


def lose_clicks(shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("EVENTS_TABLE", GONE)
        broken.setenv("CLICKS_QUEUE", f"{shop.cloud.emulator.endpoint}/000000000000/gone")
        assert shop.follow(code, AGENT, referer="https://annabel.example/").status == 302
    with faults.away("dynamodb"):
        assert shop.follow(code, AGENT).status == 503


def fail_everywhere(shop: Shop, raised: Callable[..., Any], token: str) -> None:
    """Every function with its recorded event, where whatever it asks AWS for fails so."""
    folders = sorted(shop.cloud.runtime.functions, key=len)
    with pytest.MonkeyPatch.context() as patched:
        for service in ("dynamodb", "brisk_dynamodb", "sqs", "s3", "kms", "sesv2"):
            patched.setattr(clients, service, Broken(raised))
        for name, event in events.stored().items():
            *_, folder = (each for each in folders if name.startswith(each))
            with suppress(logs.Failed):
                shop.cloud.runtime.invoke(
                    folder, events.for_shop(event, shop, **{events.TOKEN: token})
                )


class Broken:
    """A client of AWS's, and what makes one."""

    def __init__(self, raised: Callable[..., Any]) -> None:
        self._raised = raised

    def __call__(self) -> "Broken":
        return self

    def __getattr__(self, _name: str) -> Callable[..., Any]:
        return self._raised
