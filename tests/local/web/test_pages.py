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


def test_drain_answers_over_http(ask):
    status, _, body = ask("POST", "/_local/drain")
    assert (status, json.loads(body)) == (200, {"failed": [], "invocations": {}})


def test_another_site_may_not_command_the_local_cloud(small, ask):
    assert ask("POST", "/_local/drain", headers=[("origin", "https://evil.example")])[0] == 403
    assert ask("POST", "/_local/drain", headers=[("origin", small.url)])[0] == 200
