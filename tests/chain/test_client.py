"""A client that somebody else's generator makes of the description drives the whole chain."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import contract
from tests.shops import ORIGIN, Shop

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
PACKAGE = "made_client"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The generated package, of an operation or a model by its path within."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(contract.description()))
    asked = ["--path", "openapi.json", "--output-path", PACKAGE, "--meta", "none"]
    run = subprocess.run(
        [GENERATOR, "generate", *asked], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "Endpoint will not be generated" not in run.stdout
    assert "Unable to parse" not in run.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)
    for name in [each for each in sys.modules if each.split(".")[0] == PACKAGE]:
        del sys.modules[name]


class Caller:
    """Whoever calls the API with the generated client and a key."""

    def __init__(self, client: ModuleType, shop: Shop, key: str) -> None:
        self.base = f"http://127.0.0.1:{shop.cloud.server.port}"
        self.client = client.AuthenticatedClient(base_url=self.base, token=shop.facts[key])

    def __call__(self, operation: str, *parts: Any, **named: Any) -> Any:
        return self.ask(operation, *parts, **named).parsed

    def ask(self, operation: str, *parts: Any, **named: Any) -> Any:
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        return module.sync_detailed(*parts, client=self.client, **named)


def model(name: str) -> Any:
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


@pytest.fixture
def call(client: ModuleType, shop: Shop) -> Caller:
    return Caller(client, shop, "secret_key")


def test_every_operation_has_a_function_of_the_client(client: ModuleType) -> None:
    for _, _, operation in contract.operations():
        importlib.import_module(f"{PACKAGE}.api.{operation['tags'][0]}.{operation['operationId']}")


def test_a_link_is_made_followed_and_bought_by_and_its_credits_are_read(
    shop: Shop, call: Caller
) -> None:
    body = model("ShareBody")(
        url=f"{ORIGIN}/products/mug",
        network=model("ShareBodyNetwork")("whatsapp"),
        influencer=model("InfluencerBody")(id="ana", name="Ana"),
        label="story",
    )
    link = call("sharing.create_link", body=body)
    assert (link.influencer, link.label) == ("ana", "story")
    assert call("sharing.create_link", body=body).code == link.code

    followed = call.ask("sharing.follow_link", link.code)
    assert followed.status_code == 302
    click = shop.click(link.code)
    shop.buy("1001", "50.00", trail=click)
    shop.cloud.drain()

    order = call("orders.show_order", "shopify", "1001")
    assert (order.state.value, order.net.amount, order.net.currency) == ("credited", "50.00", "USD")
    (credit,) = order.credits_.additional_properties["linear"]
    assert (credit.influencer, credit.credited.amount, credit.share) == ("ana", "50.00", 1)
    assert credit.sentence.startswith("100 % to Ana")
    assert order.facts[0].sale.total.currency == "USD"


def test_influencers_are_listed_page_by_page_and_named(shop: Shop, call: Caller) -> None:
    for who in ("ana", "ben", "cleo"):
        shop.share(who)
    first = call("sharing.list_influencers", limit=2)
    assert [each.id for each in first.items] == ["ana", "ben"]
    rest = call("sharing.list_influencers", limit=2, cursor=first.cursor)
    assert ([each.id for each in rest.items], rest.cursor) == (["cleo"], None)

    naming = model("Naming")(name="Ana Oliveira", reach=1_200, tags=["vip"])
    named = call("sharing.name_influencer", "ana", body=naming)
    assert (named.name, named.reach, named.tags, named.score) == (
        "Ana Oliveira",
        1_200,
        ["vip"],
        None,
    )
    assert call("sharing.show_influencer", "ana").name == "Ana Oliveira"


def test_a_refusal_is_read_by_its_code_and_its_fields(call: Caller) -> None:
    naming = model("Naming")(name="", reach=-1)
    refused = call("sharing.name_influencer", "ana", body=naming)
    assert (refused.status, refused.code) == (400, "malformed")
    assert {each.field for each in refused.errors} == {"name", "reach"}
    assert refused.request_id
    assert call("sharing.show_influencer", "nobody").code == "unknown_influencer"


def test_a_publishable_key_is_told_what_it_may_not(client: ModuleType, shop: Shop) -> None:
    call = Caller(client, shop, "publishable_key")
    assert call("measures.rank_by_sales").code == "forbidden"
