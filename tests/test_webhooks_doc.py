"""docs/webhooks.md: what it tells shops to send is what we read, and its examples run."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sharetrail.clicks.click import mint_click_id
from sharetrail.clicks.trail import LONGEST_TRAIL, read_trail
from sharetrail.webhooks import shopify, standard_payloads, stripe, woocommerce
from sharetrail.webhooks.providers import PROVIDERS
from sharetrail.webhooks.standard_payloads import Message
from tests.events import SATURDAY
from tests.shops import (
    SHOPIFY_DOMAIN,
    SHOPIFY_SECRET,
    STRIPE_SECRET,
    WOOCOMMERCE_SECRET,
    Shop,
)

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "webhooks.md").read_text()
SCHEMA = DOCS / "standard-webhook.schema.json"


@pytest.fixture
def shop(cloud: object) -> Shop:
    return Shop.onboard(cloud)  # type: ignore[arg-type]


def example(language: str, part: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)
    (found,) = (each for each in blocks if part in each)
    return found


def run(shop: Shop, *command: str) -> dict[str, object]:
    named = {
        "BASE": f"http://127.0.0.1:{shop.cloud.server.port}",
        "MERCHANT": shop.id,
        "SECRET": shop.facts["webhook_secrets"]["standard"],
        "SHOPIFY_SECRET": SHOPIFY_SECRET,
        "SHOPIFY_DOMAIN": SHOPIFY_DOMAIN,
        "WOOCOMMERCE_SECRET": WOOCOMMERCE_SECRET,
        "STRIPE_SECRET": STRIPE_SECRET,
    }
    done = subprocess.run(command, env={**os.environ, **named}, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_every_provider_and_every_topic_that_we_read_is_named() -> None:
    assert all(f"/v1/webhooks/{name}/<merchant id>" in TEXT for name in PROVIDERS)
    topics = [*shopify._TOPICS, *woocommerce._TOPICS, *stripe._TYPES]
    assert [topic for topic in topics if f"`{topic}`" not in TEXT] == []


def test_the_curl_example_places_an_order_and_the_python_example_refunds_it(shop: Shop) -> None:
    placed = run(shop, "bash", "-euc", example("sh", "webhooks/standard") + "\n")
    assert placed == {"order": "1001", "fact": "placed", "new": True}
    refunded = run(shop, sys.executable, "-c", example("python", "standardwebhooks"))
    assert refunded == {"order": "1001", "fact": "refund#r1", "new": True}
    shop.cloud.drain()
    assert shop.order("1001", "standard")["net"] == "40.00"


@pytest.mark.parametrize(
    ("provider", "order"), [("shopify", "9001"), ("woocommerce", "9001"), ("stripe", "pi_9001")]
)
def test_an_order_can_be_placed_without_a_shop(shop: Shop, provider: str, order: str) -> None:
    told = run(shop, "bash", "-euc", example("sh", f"$BASE/v1/webhooks/{provider}") + "\n")
    assert (told["order"], told["new"]) == (order, True)
    shop.cloud.drain()
    assert shop.order(order, provider)["net"] == "48.00"


def test_what_stripe_takes_of_a_trail_is_whole_clicks() -> None:
    ids = [mint_click_id(SATURDAY + timedelta(seconds=n), 0, n) for n in range(LONGEST_TRAIL)]
    for kept in (ids, ids[:18], ids[:1]):
        assert read_trail(",".join(kept)[-485:]).ids == tuple(kept[-18:])
    assert TEXT.count("485") == 2


def test_the_schema_is_that_of_the_model() -> None:
    """If this fails by intention: `python -m tests.test_webhooks_doc` writes it again."""
    assert json.loads(SCHEMA.read_text()) == standard_payloads.schema()


def test_the_schema_is_one_and_its_example_fits() -> None:
    schema = standard_payloads.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    body = re.search(r"body='(.*?)'", example("sh", "webhooks/standard"), flags=re.DOTALL)
    assert body
    jsonschema.validate(json.loads(body[1]), schema)


@given(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["order.placed", "order.refunded", "order.lost"]),
            "timestamp": st.just("2026-11-21T12:00:00Z"),
            "data": st.fixed_dictionaries(
                {"order_id": st.text(max_size=3), "currency": st.just("USD")},
                optional={
                    "subtotal": st.sampled_from(["1.00", "12,50", "1e9", "-1", "", None]),
                    "trail": st.sampled_from(["none", "denied", "x", [], ["a"], None]),
                    "codes": st.lists(st.text(max_size=3), max_size=2),
                    "items": st.sampled_from([[], [{"product_id": "1"}], [{"quantity": 1}]]),
                    "test": st.booleans(),
                },
            ),
        }
    )
)
def test_what_fits_the_schema_fits_the_model(message: dict[str, object]) -> None:
    fits = jsonschema.Draft202012Validator(standard_payloads.schema()).is_valid(message)
    try:
        Message.model_validate(message)
    except ValidationError:
        assert not fits
    else:
        assert fits


def main() -> None:
    text = json.dumps(standard_payloads.schema(), indent=2, ensure_ascii=False)
    SCHEMA.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
