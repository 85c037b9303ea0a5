"""The HTTP API as API Gateway would serve it; checked through a socket."""

import base64
import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from local.web.http import Response, answer_json


@pytest.fixture
def event(ask, handlers):
    """The event that a request becomes."""

    def event(method, path, body=None, headers=()):
        ask(method, path, body, headers)
        return handlers.seen["answer"][-1]

    return event


# ── Routes ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/echo/exact", "GET /echo/exact", None),
        ("GET", "/echo/other", "GET /echo/{id}", {"id": "other"}),
        ("GET", "/echo/a/b", "ANY /echo/{proxy+}", {"proxy": "a/b"}),
        ("PUT", "/echo/exact", "ANY /echo/{proxy+}", {"proxy": "exact"}),
        ("PURGE", "/echo/a", "ANY /echo/{proxy+}", {"proxy": "a"}),
        ("GET", "/abc", "GET /{code}", {"code": "abc"}),
        ("HEAD", "/abc", "HEAD /{code}", {"code": "abc"}),
        ("OPTIONS", "/v1/links", "OPTIONS /v1/{proxy+}", {"proxy": "links"}),
        ("GET", "/a%20b%2Fc", "GET /{code}", {"code": "a b/c"}),
        ("GET", "/%231001%3Fa%3Db", "GET /{code}", {"code": "#1001?a=b"}),
        ("GET", "/a%252Fb", "GET /{code}", {"code": "a%2Fb"}),
    ],
)
def test_the_most_specific_route_wins(event, method, path, key, parameters):
    seen = event(method, path)
    assert seen["routeKey"] == key
    assert seen.get("pathParameters") == parameters


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/links"), ("DELETE", "/abc"), ("GET", "/echo/"), ("X", "/")]
)
def test_what_no_route_knows_is_not_found(ask, handlers, method, path):
    status, _, body = ask(method, path)
    if path == "/":
        assert status == 302, "people begin there"
    else:
        assert (status, json.loads(body)) == (404, {"message": "Not Found"})
    assert "answer" not in handlers.seen


# ── Events ───────────────────────────────────────────────────────────────────────────────────────
def test_an_event_is_of_payload_format_two(small, event):
    small.clock.set_forward(datetime(2027, 3, 1, 8, 30, tzinfo=UTC))
    headers = [("User-Agent", "Test"), ("X-One", "1"), ("Cookie", "a=1; b=2")]
    seen = event("GET", "/a%C3%A9b?x=1&x=2&y=a%26b&z=", headers=headers)
    assert seen["version"] == "2.0"
    assert seen["rawPath"] == "/aéb"
    assert seen["rawQueryString"] == "x=1&x=2&y=a%26b&z="
    assert seen["queryStringParameters"] == {"x": "1,2", "y": "a&b", "z": ""}
    assert seen["cookies"] == ["a=1", "b=2"]
    assert seen["headers"]["x-one"] == "1"
    assert seen["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert "cookie" not in seen["headers"]
    assert "body" not in seen
    assert seen["isBase64Encoded"] is False
    context = seen["requestContext"]
    assert context["http"] == {
        "method": "GET",
        "path": "/aéb",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "Test",
    }
    assert context["stage"] == "$default"
    assert context["domainName"] == "127.0.0.1"
    assert context["time"].startswith("01/Mar/2027:08:30:")
    assert 0 <= context["timeEpoch"] - 1803889800000 < 60_000


def test_repeated_headers_are_joined(small, handlers):
    connection = http.client.HTTPConnection("127.0.0.1", small.server.port, timeout=10)
    connection.putrequest("GET", "/abc")
    connection.putheader("X-Many", "one")
    connection.putheader("X-Many", "two")
    connection.endheaders()
    connection.getresponse().read()
    connection.close()
    assert handlers.seen["answer"][0]["headers"]["x-many"] == "one,two"


@pytest.mark.parametrize(
    ("kind", "body", "encoded"),
    [
        ("application/json", b'{"a": "\xc3\xa9"}', False),
        ("application/json; charset=utf-8", b"{}", False),
        ("text/plain;charset=UTF-8", b"beacon", False),
        ("text/plain", b"\xff\xfe", True),
        ("application/x-www-form-urlencoded", b"a=1", True),
        ("application/octet-stream", b"\x00", True),
        (None, b"{}", True),
    ],
)
def test_a_body_is_text_or_base64_by_its_content_type(event, kind, body, encoded):
    seen = event("POST", "/echo", body, [("content-type", kind)] if kind else [])
    assert seen["isBase64Encoded"] is encoded
    assert seen["body"] == (base64.b64encode(body).decode() if encoded else body.decode())


# ── Responses ────────────────────────────────────────────────────────────────────────────────────
def test_a_full_response_is_passed_on(ask, handlers):
    handlers["answer"] = lambda *_: {
        "statusCode": 302,
        "headers": {"Location": "https://shop.example/", "X-Number": 7},
        "cookies": ["a=1; Path=/", "b=2"],
        "body": base64.b64encode(b"\x00\x01").decode(),
        "isBase64Encoded": True,
    }
    status, headers, body = ask("GET", "/abc")
    assert (status, body) == (302, b"\x00\x01")
    assert headers["location"] == "https://shop.example/"
    assert headers["x-number"] == "7"
    assert headers.get_all("set-cookie") == ["a=1; Path=/", "b=2"]


@pytest.mark.parametrize(
    ("result", "body"), [({"a": 1}, b'{"a": 1}'), ("plain", b"plain"), ([1], b"[1]")]
)
def test_a_bare_result_is_json_with_200(ask, handlers, result, body):
    handlers["answer"] = lambda *_: result
    status, headers, sent = ask("GET", "/abc")
    assert (status, headers["content-type"], sent) == (200, "application/json", body)


def test_head_sends_no_body_and_keeps_the_connection(ask, handlers):
    handlers["answer"] = lambda *_: {"statusCode": 200, "body": "hello"}
    status, headers, body = ask("HEAD", "/abc")
    assert (status, headers["content-length"], body) == (200, "5", b"")
    assert ask("GET", "/abc")[2] == b"hello"


@pytest.mark.parametrize("result", [{"statusCode": 200, "body": {"a": 1}}, object()])
def test_a_failing_function_is_a_500_with_a_traceback(ask, handlers, capfd, result):
    handlers["answer"] = lambda *_: result
    status, _, body = ask("GET", "/abc")
    assert (status, json.loads(body)) == (500, {"message": "Internal Server Error"})
    assert "answer failed on GET /{code}" in capfd.readouterr().err


def test_a_body_over_ten_megabytes_is_refused(small, handlers):
    connection = http.client.HTTPConnection("127.0.0.1", small.server.port, timeout=10)
    connection.putrequest("POST", "/echo")
    connection.putheader("content-length", str(10 * 1024 * 1024 + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert "answer" not in handlers.seen


def test_one_function_runs_at_a_time(small, handlers):
    busy = threading.Lock()

    def alone(*_):
        assert busy.acquire(blocking=False)
        time.sleep(0.01)
        busy.release()
        return {"statusCode": 204}

    handlers["answer"] = alone

    def once(_):
        connection = http.client.HTTPConnection("127.0.0.1", small.server.port, timeout=30)
        connection.request("GET", "/abc")
        return connection.getresponse().status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(40))) == {204}


def test_the_context_is_lambdas(ask, handlers):
    def answer(_, context):
        return {
            "name": context.function_name,
            "arn": context.invoked_function_arn,
            "left": context.get_remaining_time_in_millis(),
            "id": context.aws_request_id,
            "memory": context.memory_limit_in_mb,
        }

    handlers["answer"] = answer
    told = json.loads(ask("GET", "/abc")[2])
    assert told["arn"].endswith(f"function:{told['name']}")
    assert 14_000 < told["left"] <= 15_000
    assert told["memory"] == 128
    assert told["id"]


# ── Mounts ───────────────────────────────────────────────────────────────────────────────────────
def test_a_mounted_application_wins_over_the_routes(small, ask, handlers):
    small.mount("/shop/", lambda request: answer_json({"path": request.path, **request.query}))
    small.mount("/checkout", lambda request: Response(body=request.method + request.body.decode()))
    assert json.loads(ask("GET", "/shop/a?b=c")[2]) == {"path": "/shop/a", "b": "c"}
    assert ask("GET", "/shop")[1]["location"] == "/shop/"
    assert ask("POST", "/checkout", b"!")[2] == b"POST!"
    assert ask("GET", "/shopping")[0] == 200
    assert handlers.seen["answer"][0]["pathParameters"] == {"code": "shopping"}
