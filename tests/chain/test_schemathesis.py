"""Whatever the description allows, and what it does not, is answered as described and by no 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests import contract
from tests.shops import ORIGIN, Shop

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
FEW, MANY = 2, 100
"""Cases an operation, way and place."""


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """With something behind every address that a merchant may ask for."""
    code = shop.share("ana").json["code"]
    shop.buy("1001", "50.00", trail=shop.click(code), email="ana@example.com")
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    shop.ask("PUT", "/v1/influencers/ana", {"email": "ana@example.com"}, headers)
    shop.ask("POST", "/v1/codes", {"code": "ana10", "influencer": "ana"}, headers)
    body = shop.an_order("1002") | {"created_at": "soon"}
    assert shop.deliver("orders/create", body).status == 202
    shop.cloud.drain()
    return shop


def known(shop: Shop) -> dict[str, Any]:
    """Path parameters that name something."""
    return {
        "influencer_id": "ana",
        "code": shop.share("ana").json["code"],
        "platform": "shopify",
        "order_id": "1001",
        "quarantined_id": shop.read("/v1/quarantine")["items"][0]["id"],
        "provider": "shopify",
        "merchant_id": shop.id,
    }


def operations() -> list[APIOperation]:
    schema = schemathesis.openapi.from_dict(contract.description())
    return [each.ok() for each in schema.get_all_operations()]


def ways(operation: APIOperation, ids: dict[str, Any]) -> Iterator[Any]:
    """Strategies of cases: as described and not, anywhere and where something is."""
    names = {each.name for each in operation.path_parameters}
    places: list[dict[str, Any] | None] = [None]
    if names and names <= ids.keys():
        places.append({name: ids[name] for name in names})
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for place in places:
            yield operation.as_strategy(generation_mode=mode, path_parameters=place)


def hold(shop: Shop, examples: int) -> dict[int, int]:
    """Asks every operation; how often each status was answered."""
    base = f"http://127.0.0.1:{shop.cloud.server.port}"
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}", "origin": ORIGIN}
    statuses: dict[int, int] = {}
    ids = known(shop)
    for operation in operations():
        for cases in ways(operation, ids):

            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=cases)
            def ask(case: Any) -> None:
                response = case.call(base_url=base, headers=headers)
                statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
                case.validate_response(response, checks=CHECKS)

            try:
                ask()
            except Unsatisfiable:  # what takes no parameter cannot be asked wrongly
                continue
    return statuses


def test_no_operation_fails_or_answers_what_it_does_not_describe(sold: Shop) -> None:
    statuses = hold(sold, FEW)
    assert {200, 201, 400, 401, 404, 422} <= statuses.keys()


@pytest.mark.slow
def test_nor_does_any_after_many_questions(sold: Shop) -> None:
    hold(sold, MANY)
