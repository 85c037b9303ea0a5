"""docs/webhooks.md: what it tells shops to send is what we read, and its examples run."""

import json
import os
import re
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from functions.serve_script import app as serve_script
from local.cloud import Cloud
from sharetrail.clicks.click import is_click_id, mint_click_id
from sharetrail.clicks.trail import LONGEST_TRAIL, read_trail
from sharetrail.webhooks import shopify, stripe, woocommerce
from sharetrail.webhooks.payloads.standard import MODELS, Customer, DeliveryAddress
from sharetrail.webhooks.providers import PROVIDERS
from tests import npm
from tests.events import SATURDAY
from tests.senders import post_standard
from tests.shops import (
    SHOPIFY_DOMAIN,
    SHOPIFY_SECRET,
    STRIPE_SECRET,
    WOOCOMMERCE_SECRET,
    Shop,
)

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "webhooks.md").read_text()


@pytest.fixture
def start() -> None:
    """The page's commands sign as of the machine's own time."""


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    return Shop.onboard(cloud)


def example(language: str, part: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)
    (found,) = (each for each in blocks if part in each)
    return textwrap.dedent(found)


def said(cloud: Cloud, named: dict[str, str], *command: str) -> str:
    """What a command prints, with these names in its environment."""
    given = {**os.environ, "BASE": f"http://127.0.0.1:{cloud.server.port}", **named}
    done = subprocess.run(command, env=given, capture_output=True, check=True)
    return done.stdout.decode()


def run(shop: Shop, *command: str) -> dict[str, object]:
    named = {
        "MERCHANT": shop.id,
        "SHOPIFY_SECRET": SHOPIFY_SECRET,
        "SHOPIFY_DOMAIN": SHOPIFY_DOMAIN,
        "WOOCOMMERCE_SECRET": WOOCOMMERCE_SECRET,
        "STRIPE_SECRET": STRIPE_SECRET,
    }
    told: dict[str, object] = json.loads(said(shop.cloud, named, *command))
    return told


def sh(*blocks: str) -> tuple[str, ...]:
    return "bash", "-euc", "".join(f"{each}\n" for each in blocks)


def test_every_provider_and_every_topic_that_we_read_is_named() -> None:
    assert all(f"/v1/webhooks/{name}/<merchant id>" in TEXT for name in PROVIDERS)
    topics = [*shopify._TOPICS, *woocommerce._TOPICS, *stripe._TYPES, *MODELS]
    assert [topic for topic in topics if f"`{topic}`" not in TEXT] == []


# ── any other shop ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def onboarded(cloud: Cloud) -> dict[str, str]:
    """The first step's answer, as the next ones name it."""
    facts = json.loads(said(cloud, {}, *sh(example("sh", "_local/invoke/onboard_merchant"))))
    assert facts["created"]
    secret = facts["webhook_secrets"]["standard"]
    return {"MERCHANT": facts["merchant_id"], "SK": facts["secret_key"], "SECRET": secret}


def test_a_shop_of_ones_own_is_onboarded_and_its_first_order_credited_step_by_step(
    cloud: Cloud, onboarded: dict[str, str]
) -> None:
    steps = sh(example("sh", "/v1/links"), example("sh", "tell() {"))
    click, dry, real = said(cloud, onboarded, *steps).splitlines()
    assert is_click_id(click)
    assert json.loads(dry)["would_store"]["sale"]["trail"] == click
    assert json.loads(real) == {"order": "1001", "fact": "placed", "new": True}
    cloud.drain()
    order = json.loads(said(cloud, onboarded, *sh(example("sh", "/v1/orders/standard/1001"))))
    (credit,) = order["credits"]["last"]
    assert (credit["influencer"], credit["credited"]["amount"]) == ("ana", "48.00")
    node = [npm.program("node"), "--input-type=module", "-e"]
    handed = said(cloud, onboarded, *node, example("js", "node:crypto"))
    assert json.loads(handed) == {"status": 200, "order": "1001", "fact": "fulfilled", "new": True}
    python = (sys.executable, "-c", example("python", "standardwebhooks"))
    assert json.loads(said(cloud, onboarded, *python))["order"] == "1001"
    cloud.drain()
    order = json.loads(said(cloud, onboarded, *sh(example("sh", "/v1/orders/standard/1001"))))
    assert (order["net"]["amount"], order["refunded"]["amount"]) == ("40.00", "8.00")


def table(title: str, first: int = 1) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    below = TEXT.split(f"### {title}\n")[1]
    rows = re.findall(r"^\|(.*)\|$", below.partition("\n###")[0], flags=re.MULTILINE)
    return [[cell.strip() for cell in re.split(r" \| |^\| ?", row)] for row in rows[1 + first :]]


def test_the_fields_in_the_table_of_types_are_those_of_the_schema() -> None:
    documented = {}
    for _, types, fields in table("What you can tell"):
        for name in re.findall(r"`(order\.\w+)`", types):
            told = set(re.findall(r"`(\w+)`", fields))
            documented[name] = told - {*Customer.model_fields, *DeliveryAddress.model_fields}
    for name, model in MODELS.items():
        data = model.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
        fields = {each for each in data if each != "order_id"}
        if name not in ("order.placed", "order.paid"):  # the rest of an order is passed over
            fields = {each for each in fields if data[each].is_required()}
            fields |= {"subtotal", "total"} if name == "order.refunded" else set()
        is_update = name == "order.updated"
        assert documented[name] == ({"refunded_in_total"} if is_update else fields), name


def ordered(**changes: object) -> dict[str, object]:
    data = {"order_id": "1", "currency": "USD", "subtotal": "2.00", "total": "2.00", **changes}
    return {"type": "order.placed", "timestamp": "2026-11-21T12:00:00Z", "data": data}


def test_each_answer_of_the_table_is_given_and_has_the_body_that_it_names(shop: Shop) -> None:
    body, signed = b"{", {"content-type": "application/json"}
    raw = shop.ask("POST", f"/v1/webhooks/standard/{shop.id}", body, signed)
    given = [
        post_standard(shop, ordered()),
        post_standard(shop, ordered(subtotal="2,00")),
        post_standard(shop, ordered(), query="?dry_run=1"),
        raw,
        shop.ask("POST", f"/v1/webhooks/magento/{shop.id}", body, signed),
        post_standard(shop, ordered(name="x" * 1_000_000)),
        post_standard(shop, ordered(total="1.00")),
    ]
    assert [answer.status for answer in given] == [200, 202, 400, 401, 404, 413, 422]
    rows = [row for row in table("What each answer means") if '"kept"' not in row[1]]
    for answer, (status, told, *_) in zip(given, rows, strict=False):
        assert status == str(answer.status)
        assert set(re.findall(r'"(\w+)":', told)) - {"field"} <= {*answer.json, "detail"}
    assert rows[-1][0] == "5xx"


@pytest.mark.parametrize(
    ("provider", "order"), [("shopify", "9001"), ("woocommerce", "9001"), ("stripe", "pi_9001")]
)
def test_an_order_can_be_placed_without_a_shop(shop: Shop, provider: str, order: str) -> None:
    told = run(shop, *sh(example("sh", f"$BASE/v1/webhooks/{provider}")))
    assert (told["order"], told["new"]) == (order, True)
    shop.cloud.drain()
    assert shop.order(order, provider)["net"]["amount"] == "48.00"


def test_what_stripe_takes_of_a_trail_is_whole_clicks() -> None:
    ids = [mint_click_id(SATURDAY + timedelta(seconds=n), 0, n) for n in range(LONGEST_TRAIL)]
    for kept in (ids, ids[:18], ids[:1]):
        assert read_trail(",".join(kept)[-485:]).ids == tuple(kept[-18:])
    assert TEXT.count("485") == 2


def test_the_trail_of_the_docs_is_as_the_script_names_it() -> None:
    script = Path(serve_script.__file__).with_name("sharetrail.js").read_text()
    for name in ("trail", "visit"):
        assert f"window.sharetrail?.{name}" in TEXT
        assert f"get {name}() {{" in script
