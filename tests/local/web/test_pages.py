"""The pages and commands of the local cloud itself; checked through a socket."""

import json
from datetime import UTC, datetime


def test_the_index_shows_what_there_is(small, ask):
    small.facts |= {"merchant_id": "m_1", "webhook_secrets": {"shopify": "whsec_1"}}
    small.clock.set_forward(datetime(2027, 3, 1, 8, 30, tzinfo=UTC))
    status, headers, page = ask("GET", "/_local/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    for part in (b"m_1", b"whsec_1", b"/_local/schedules/tick", b"IAM policies"):
        assert part in page
    facts = json.loads(ask("GET", "/_local/?format=json")[2])
    assert facts["webhook_secrets"] == {"shopify": "whsec_1"}
    assert facts["now"].startswith("2027-03-01T08:30:")


def test_the_clock_is_set_over_http_and_only_forward(small, ask, handlers):
    status, _, body = ask("POST", "/_local/clock", b'{"now": "2027-03-01T08:30:00Z"}')
    assert (status, json.loads(body)) == (200, {"now": "2027-03-01T08:30:00Z"})
    for wrong in (b'{"now": "2027-03-01T08:29:00Z"}', b'{"now": 7}', b"{}", b"[]", b"\xff", b""):
        status, headers, _ = ask("POST", "/_local/clock", wrong)
        assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert handlers.seen == {}


def test_a_schedule_is_run_over_http(small, ask, handlers):
    handlers["tick"] = lambda *_: {"done": 1}
    ask("POST", "/_local/clock", b'{"now": "2027-03-01T08:30:00Z"}')
    status, _, body = ask("POST", "/_local/schedules/tick")
    assert (status, json.loads(body)["result"]) == (200, {"done": 1})
    assert json.loads(body)["function"] == "tick"
    assert json.loads(body)["time"].startswith("2027-03-01T08:30:")
    for folder in ("project", "nobody"):
        status, headers, _ = ask("POST", f"/_local/schedules/{folder}")
        assert (status, headers["content-type"]) == (404, "application/problem+json")


def test_what_has_no_trigger_is_invoked_over_http_at_the_clocks_time(small, ask, handlers):
    handlers["install"] = lambda event, _: {"installed": event["host"]}
    ask("POST", "/_local/clock", b'{"now": "2027-03-01T08:30:00Z"}')
    status, _, body = ask("POST", "/_local/invoke/install", b'{"host": "shop.example"}')
    assert (status, json.loads(body)) == (200, {"installed": "shop.example"})
    (event,) = handlers.seen["install"]
    assert event["time"].startswith("2027-03-01T08:30:")
    ask("POST", "/_local/invoke/install", b'{"host": "a", "time": "2027-01-01T00:00:00Z"}')
    assert handlers.seen["install"][1]["time"] == "2027-01-01T00:00:00Z"


def test_no_other_function_and_nothing_but_an_object_is_invoked(ask, handlers):
    for folder in ("tick", "answer", "nobody"):
        status, _, body = ask("POST", f"/_local/invoke/{folder}", b"{}")
        assert (status, json.loads(body)["detail"]) == (404, "invoked directly are: install")
    for wrong in (b"[]", b"7", b"{", b"\xff"):
        assert ask("POST", "/_local/invoke/install", wrong)[0] == 400
    assert handlers.seen == {}


def test_what_a_function_raises_is_told(ask, handlers):
    handlers["install"] = lambda event, _: event["host"]
    status, _, body = ask("POST", "/_local/invoke/install")
    assert (status, json.loads(body)["detail"]) == (500, "install failed: KeyError: 'host'")


def test_drain_answers_over_http(ask):
    status, _, body = ask("POST", "/_local/drain")
    assert (status, json.loads(body)) == (200, {"failed": [], "invocations": {}})


def test_another_site_may_not_command_the_local_cloud(small, ask):
    assert ask("POST", "/_local/drain", headers=[("origin", "https://evil.example")])[0] == 403
    assert ask("POST", "/_local/drain", headers=[("origin", small.url)])[0] == 200
