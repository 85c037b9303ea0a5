"""GET /v1/openapi.json: it is whole, it is valid, and its words mean one thing each."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import sharetrail
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.problems import Problem
from sharetrail.version import VERSION
from tests import contract

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "docs/api-words.md"
API = ROOT / "docs/api.md"
JSON = "application/json"


def schemas() -> dict[str, Any]:
    return contract.description()["components"]["schemas"]


# ── whole ────────────────────────────────────────────────────────────────────────────────────────
def unnamed(path: str) -> str:
    """OpenAPI has no greedy parameters: `/{code+}` is another way to `/{code}`."""
    return re.sub(r"\{\w+\+?\}", "{}", path)


def routes() -> set[tuple[str, str]]:
    """The template's."""
    resources = intrinsics.read(TEMPLATE.read_text())["Resources"].values()
    functions = (it["Properties"] for it in resources if it["Type"].endswith("::Function"))
    events = (event for each in functions for event in each.get("Events", {}).values())
    said = [each["Properties"] for each in events if each["Type"] == "HttpApi"]
    return {(each["Method"], unnamed(each["Path"])) for each in said}


def test_every_route_of_the_template_is_described_and_no_other() -> None:
    described = {(m.upper(), unnamed(path)) for m, path, _ in contract.operations()}
    assert described == routes()


def test_it_is_openapi_3_1() -> None:
    assert contract.description()["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(contract.description()).validate()


def test_it_says_which_release_answers() -> None:
    assert contract.description()["info"]["version"] == VERSION


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_tag() -> None:
    operations = [each for _, _, each in contract.operations()]
    names = Counter(each["operationId"] for each in operations)
    assert [name for name, n in names.items() if n > 1] == []
    tags = {each["name"] for each in contract.description()["tags"]}
    for each in operations:
        assert each["summary"].endswith("."), each["operationId"]
        assert set(each["tags"]) <= tags, each["operationId"]


def test_every_json_answer_is_typed() -> None:
    for method, path, operation in contract.operations():
        if path == "/v1/openapi.json":
            continue
        for status, answer in operation["responses"].items():
            for media, content in answer.get("content", {}).items():
                if "json" in media:
                    assert is_typed(content["schema"]), (method, path, status)


def is_typed(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return all(is_typed(each) or each == {"type": "null"} for each in schema["anyOf"])
    return "$ref" in schema


def test_every_field_of_an_answer_is_always_there() -> None:
    """But for the one that goes with the refusal of a link."""
    optional = {
        (name, field)
        for name in answers()
        for field in schemas()[name].get("properties", {})
        if field not in schemas()[name].get("required", ())
    }
    assert optional == {("ProblemAnswer", "share_url")}


# ── its words ────────────────────────────────────────────────────────────────────────────────────
def answers() -> set[str]:
    """The schemas that answers are made of."""
    found: set[str] = set()
    waiting: list[Any] = [each["responses"] for _, _, each in contract.operations()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schemas()[name])
            waiting += value.values()
    return found


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(schema, field, what it is) of every answer."""
    for name in answers():
        for field, schema in schemas()[name].get("properties", {}).items():
            yield name, field, schema


def kind(schema: dict[str, Any]) -> str:
    """What a field is, whatever its name; null beside it or not."""
    if "$ref" in schema:
        return "money" if schema["$ref"].endswith("/Money") else "object"
    if "anyOf" in schema:
        return "|".join(sorted({kind(each) for each in schema["anyOf"]} - {"null"}))
    match schema.get("type"):
        case "array":
            return f"list of {kind(schema['items'])}"
        case "object":
            of = schema.get("additionalProperties")
            return f"{kind(of)} by name" if isinstance(of, dict) else "object"
    return str(schema.get("format") or schema.get("type"))


def test_a_word_is_one_thing_wherever_it_stands() -> None:
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for name, field, schema in fields():
        kinds[field][kind(schema)] = name
    assert {field: each for field, each in kinds.items() if len(each) > 1} == {}


def test_every_word_is_told_once_with_its_meaning() -> None:
    told = re.findall(r"^\| `(\w+)` \| \S", WORDS.read_text("utf-8"), re.MULTILINE)
    assert told == sorted(told)
    assert Counter(told) == Counter({field for _, field, _ in fields()})


def test_money_never_goes_without_its_currency() -> None:
    assert {name for name, field, _ in fields() if field == "amount"} == {"Money"}
    text = re.compile(r"amount|revenue|price|net|refund|credit", re.IGNORECASE)
    numbers = {field for _, field, schema in fields() if kind(schema) == "number"}
    assert [field for field in sorted(numbers) if text.search(field)] == [
        "network_orders_per_click",
        "refund_share",
    ]


def test_no_idempotency_is_promised_of_what_makes_another_key_each_time() -> None:
    for path in ("/v1/keys", "/v1/keys/{key_id}/rotate"):
        told = contract.description()["paths"][path]["post"].get("parameters", [])
        assert "Idempotency-Key" not in [each["name"] for each in told]
    (told,) = contract.description()["paths"]["/v1/codes"]["post"]["parameters"]
    assert told["name"] == "Idempotency-Key"


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────
def problems() -> list[type[Problem]]:
    for each in walk_packages(sharetrail.__path__, "sharetrail."):
        import_module(each.name)
    found, waiting = [], [Problem]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return found


def test_every_refusal_has_a_code_of_its_own_and_the_docs_list_them() -> None:
    codes = Counter(each.code for each in problems())
    assert [code for code, n in codes.items() if n > 1] == []
    of_pages = ("sharetrail.report.", "sharetrail.mail.")
    answered = {each.code for each in problems() if not each.__module__.startswith(of_pages)}
    _, table = API.read_text("utf-8").split('<a id="codes"></a>')
    told = re.findall(r"^\| `(\w+)` \| \d{3} \|", table, re.MULTILINE)
    assert Counter(told) == Counter(answered)


@pytest.mark.parametrize("code", ["malformed", "bad_key", "forbidden"])
def test_whoever_needs_a_secret_key_is_told_what_is_refused(code: str) -> None:
    for _, path, operation in contract.operations():
        if operation.get("security") == [{"secret_key": []}]:
            told = " ".join(each["description"] for each in operation["responses"].values())
            assert f"`{code}`" in told, path
