"""The contract of docs/standard-webhook.schema.json: npm's ajv and our models say the same of every
message."""

import copy
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from babel.core import get_global
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sharetrail.clicks.click import mint_click_id
from sharetrail.money import CURRENCIES
from sharetrail.orders.order_fact import MAX_LINES
from sharetrail.webhooks.payloads import standard
from sharetrail.webhooks.payloads.standard import MODELS
from tests import npm
from tests.events import SATURDAY
from tests.senders import MESSAGE_DATA as DATA
from tests.senders import a_message as message

SCHEMA = Path(__file__).parents[1] / "docs/standard-webhook.schema.json"
AJV = {
    "ajv": "8.20.0",
    "fast-deep-equal": "3.1.3",
    "fast-uri": "3.1.0",
    "json-schema-traverse": "1.0.0",
    "require-from-string": "2.0.2",
}
JUDGE = """
const { default: Ajv } = require("ajv/dist/2020");
const [schema, messages] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const fits = new Ajv({ strict: true }).compile(schema);
console.log(JSON.stringify(messages.map((message) => fits(message))));
"""
CLICK = mint_click_id(SATURDAY, 0, 0)
ITEMS = DATA["order.placed"]["items"]
Message = dict[str, Any]


def takes(told: Any) -> bool:
    """Whether the server's model takes it, as it comes off the wire."""
    told = json.loads(json.dumps(told))
    kind = told.get("type") if isinstance(told, dict) else None
    if not isinstance(kind, str) or kind not in MODELS:
        return False
    try:
        MODELS[kind].model_validate(told)
    except ValidationError:
        return False
    return True


@pytest.fixture(scope="module")
def node_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where Node finds ajv and what it needs."""
    modules = tmp_path_factory.mktemp("node_modules")
    for name, version in AJV.items():
        (modules / name).symlink_to(npm.unpacked(name, version))
    return str(modules)


def by_ajv(node_path: str, messages: list[Any]) -> list[bool]:
    done = subprocess.run(
        [npm.program("node"), "-e", JUDGE],
        input=json.dumps([standard.schema(), messages]),
        env={**os.environ, "NODE_PATH": node_path},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    fits: list[bool] = json.loads(done.stdout)
    return fits


# ── what is picked by hand ───────────────────────────────────────────────────────────────────────
def refund(**changes: Any) -> Message:
    return message("order.refunded", **changes)


VALID = [
    *(message(kind) for kind in MODELS),
    *(message(kind, currency=...) for kind in MODELS if not {"subtotal", "total"} & {*DATA[kind]}),
    message(order_id=1001),
    message(order_id=1001.0),
    message(order_id="#1/2?3 \t"),
    message(order_id="😀" * 200),
    message(trail=[CLICK] * 51),
    message(trail="none"),
    message(trail="denied"),
    message(trail=f"{CLICK},{CLICK}"),
    message(trail=["<garbage>"]),
    *(message(**{name: empty}) for name in ("trail", "visit", "customer")
      for empty in (None, "", [], [""])),
    message(customer={"id": "", "email": [""]}),
    message(customer={}),
    *(message(delivery_address=told) for told in (
        None, "", [], [""], {}, {"line1": ""}, {"line1": "Musterweg 2", "postcode": 10115},
        {"line1": "Musterweg 2", "line2": [], "city": [""], "country": None},
        {"line1": "Musterweg 2", "postcode": "10115", "city": "Berlin", "country": "DE"},
    )),
    *(message(**{name: None}) for name in ("name", "items", "codes", "test", "renewal")),
    message(items=[]),
    message(items=ITEMS * MAX_LINES),
    message(subtotal="0", total="999999999999.99"),
    message(subtotal="0.000000000000001"),
    message(currency="JPY"),
    message(name="x" * 5_000),
    refund(total=...),
    refund(subtotal=...),
    refund(subtotal=None),
    refund(items=[]),
    *(message(kind, **DATA["order.placed"]) for kind in MODELS if kind != "order.refunded"),
    *({**message(), "timestamp": at} for at in (
        "2028-02-29T23:59:59.123456789+14:00", "2000-01-01T00:00:00-00:30", "2096-02-29T00:00:00Z",
    )),
]  # fmt: skip
INVALID = [
    None,
    [],
    "order.placed",
    {},
    {"type": "order.placed"},
    {**message(), "type": "order.lost"},
    {**message(), "type": ["order.placed"]},
    {**message(), "more": 1},
    {"type": "order.placed", "timestamp": message()["timestamp"], "data": None},
    {"type": "order.placed", "timestamp": message()["timestamp"], "data": []},
    message(subtotl="45.00"),
    *(message(**{name: ...}) for name in ("order_id", "currency", "subtotal", "total")),
    *(message(**{name: odd}) for name in ("subtotal", "total")
      for odd in ("-1.00", "12,50", "1e9", "", "1.", ".5", "٣.٥", "1.00\n", 45, 45.5, None, True,
                  "999999999999999.99", "1000000000000")),
    *(message(currency=odd) for odd in ("EURO", "XQQ", "usd", "XXX", "", None, 840, "USD\n")),
    *(message(order_id=odd) for odd in ("", "x" * 201, None, True, 1.5, -1, 2**53, ["1"])),
    message(trail=7),
    message(trail={"0": CLICK}),
    message(trail=[[CLICK]]),
    message(visit=["x"]),
    message(customer="ana"),
    message(customer={"phone": "1"}),
    message(customer={"id": True}),
    message(delivery_address="Musterweg 2"),
    message(delivery_address={"name": "Mara"}),
    message(delivery_address={"line1": ["Musterweg 2"]}),
    message(items=ITEMS * (MAX_LINES + 1)),
    message(items=[{"product_id": "1"}]),
    message(items=[{"net": "1.00"}]),
    message(items=[{"product_id": "1", "net": "-1.00"}]),
    *(message(items=[{"product_id": "1", "net": "1.00", "quantity": odd}])
      for odd in (0, 1.5, "1", True, 1_000_001)),
    message(items={}),
    message(codes="spring5"),
    message(test="true"),
    message(renewal=1),
    message(refunded_in_total=True),
    *(refund(**{name: ...}) for name in ("refund_id", "currency", "order_id")),
    refund(subtotal=..., total=...),
    refund(subtotal=None, total=None),
    refund(items={}),
    message("order.refund_failed", refund_id=...),
    message("order.disputed", total=...),
    message("order.disputed", dispute_id=...),
    message("order.dispute_won", dispute_id=...),
    message("order.cancelled", order_id=...),
    message("order.cancelled", subtotal="1,00"),
    message("order.cancelled", refunded_in_total=True),
    *({**message(), "timestamp": at} for at in (
        "2026-11-21", "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-02-29T12:00:00Z",
        "2026-11-31T12:00:00Z", "2026-13-01T12:00:00Z", "2026-11-21T24:00:00Z", "soon", "",
        "2026-11-21T12:00:60Z", "1999-11-21T12:00:00Z", "2100-11-21T12:00:00Z", 1_790_000_000,
        "2026-11-21T12:00:00+24:00", "2026-11-21T12:00Z", None,
    )),
]  # fmt: skip


def test_ajv_compiles_the_schema_and_says_of_each_message_what_the_server_says(
    node_path: str,
) -> None:
    for messages, expected in ((VALID, True), (INVALID, False)):
        assert [each for each in messages if takes(each) is not expected] == []
        fits = by_ajv(node_path, messages)
        judged = zip(messages, fits, strict=True)
        assert [each for each, fit in judged if fit is not expected] == []


# ── what is made up ──────────────────────────────────────────────────────────────────────────────
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**54), 2**54),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=5),
    st.from_regex(r"\A-?[0-9]{0,14}[.,]?[0-9]{0,3}\Z"),
    st.from_regex(r"\A20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z\Z"),
    st.sampled_from(
        [*CURRENCIES[:3], "EURO", CLICK, "none", "", "2026-11-21T12:00:00Z", "x" * 201]
    ),
    st.lists(st.text(max_size=2) | st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "email", "net", "product_id"]), st.text(max_size=2)),
)
NAMES = sorted({name for data in DATA.values() for name in data} | {"subtotl", "extra"})


@st.composite
def bent(draw: st.DrawFn) -> Message:
    """A valid message, changed in a place or two, or in none."""
    told = copy.deepcopy(message(draw(st.sampled_from(sorted(MODELS)))))
    for _ in range(draw(st.integers(0, 2))):
        items = told["data"].get("items")
        parts = [told, told["data"], *(items if isinstance(items, list) else ())]
        part = draw(st.sampled_from([each for each in parts if isinstance(each, dict)]))
        name = draw(st.sampled_from([*part, *NAMES] if part is not told else ["timestamp"]))
        if draw(st.booleans()):
            part.pop(name, None)
        else:
            part[name] = draw(ODD)
    return told


def made_up(most: int) -> list[Message]:
    messages: list[Message] = []

    @settings(
        max_examples=most,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(bent())
    def collect(each: Message) -> None:
        messages.append(copy.deepcopy(each))

    collect()
    return messages


def test_ajv_and_the_server_agree_about_whatever_is_made_up(node_path: str) -> None:
    messages = made_up(1_000)
    mine, theirs = [takes(each) for each in messages], by_ajv(node_path, messages)
    judged = zip(messages, mine, theirs, strict=True)
    assert [each for each, one, other in judged if one is not other] == []
    assert min(Counter(mine).values()) > len(messages) / 10


# ── the file, and the currencies in it ───────────────────────────────────────────────────────────
def test_the_schema_in_the_documents_is_that_of_the_models() -> None:
    """If this fails by intention: `python -m tests.test_standard_schema` writes it again."""
    assert json.loads(SCHEMA.read_text()) == standard.schema()


def test_whatever_is_legal_tender_somewhere_today_is_a_currency() -> None:
    told = get_global("territory_currencies").values()
    tender = {code for each in told for code, _, end, is_tender in each if is_tender and not end}
    assert tender <= set(CURRENCIES)
    assert {"ANG", "SVC", "VED"} >= set(CURRENCIES) - tender
    assert len(set(CURRENCIES)) == len(CURRENCIES)


def main() -> None:
    text = json.dumps(standard.schema(), indent=2, ensure_ascii=False)
    SCHEMA.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
