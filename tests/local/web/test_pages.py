"""The pages and commands of the local cloud itself; checked through a socket."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from local.clock import iso

BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
A_FORM = {**BROWSER, "content-type": "application/x-www-form-urlencoded"}


def problem(answer):
    """What a program is told."""
    status, headers, body = answer
    assert headers["content-type"] == "application/problem+json"
    told = json.loads(body)
    assert told["status"] == status
    return status, told["detail"]


def test_the_index_shows_what_there_is(small, ask):
    small.facts |= {"merchant_id": "m_1", "webhook_secrets": {"shopify": "whsec_1"}}
    small.clock.set_forward(datetime(2027, 3, 1, 8, 30, tzinfo=UTC))
    status, headers, page = ask("GET", "/_local/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    for part in (b"m_1", b"whsec_1", b"/_local/schedules/tick", b"IAM policies"):
        assert part in page
    assert b"Monday, 1 March 2027, 08:30 UTC" in page
    assert b'value="2027-03-01T13:00:00Z"' in page, "where the next mail is due"
    facts = json.loads(ask("GET", "/_local/?format=json")[2])
    assert facts["webhook_secrets"] == {"shopify": "whsec_1"}
    assert facts["now"].startswith("2027-03-01T08:30:")
    assert facts["status"] == "ready"


def test_the_index_leads_to_the_shop_where_it_is_at_home(small, ask):
    assert b"/shop/" not in ask("GET", "/_local/")[2]
    small.facts["shop_origin"] = "http://localhost:1234"
    assert b'href="http://localhost:1234/shop/"' in ask("GET", "/_local/")[2]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2027-03-01T13:00:00", "2027-03-08T13:00:00"),
        ("2027-03-01T12:59:59", "2027-03-01T13:00:00"),
        ("2027-03-07T23:00:00", "2027-03-08T13:00:00"),
    ],
)
def test_the_clocks_field_holds_the_next_monday(small, ask, now, due):
    small.clock.set_forward(datetime.fromisoformat(f"{now}+00:00"))
    assert f'value="{due}Z"'.encode() in ask("GET", "/_local/")[2]


# ── the clock ────────────────────────────────────────────────────────────────────────────────────
def move(ask, now, headers=()):
    return ask("POST", "/_local/clock", json.dumps({"now": now}), headers)


@pytest.fixture
def march(small):
    """It is the first of March."""
    small.clock.set_forward(datetime(2027, 3, 1, 8, 30, tzinfo=UTC))


def test_the_clock_is_set_over_http(march, ask):
    status, _, body = move(ask, "2027-03-02T08:30:00Z")
    assert (status, json.loads(body)) == (200, {"now": "2027-03-02T08:30:00Z"})
    status, _, body = ask("POST", "/_local/clock", "now=2027-03-03T08:30:00%2B01:00", A_FORM)
    assert (status, b"It is now 2027-03-03T07:30:00Z." in body) == (200, True)
    status, _, body = ask(
        "POST",
        "/_local/clock",
        "now=2027-03-04T00:00:00Z",
        {"content-type": "application/x-www-form-urlencoded"},
    )
    assert (status, json.loads(body)) == (200, {"now": "2027-03-04T00:00:00Z"})


def test_a_clock_that_is_set_backwards_says_what_it_shows_and_goes_on(march, small, ask):
    status, detail = problem(move(ask, "2027-03-01T08:29:00Z"))
    assert status == 400
    assert detail.startswith("It is 2027-03-01T08:30:")
    assert detail.endswith("here already, and the clock only moves forward.")
    status, headers, page = ask("POST", "/_local/clock", "now=2020-01-01T00:00:00Z", A_FORM)
    assert (status, headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert b"the clock only moves forward" in page
    assert b'href="/_local/"' in page
    assert small.clock.now() < datetime(2027, 3, 1, 8, 31, tzinfo=UTC)
    assert move(ask, "2027-03-01T08:40:00Z")[0] == 200


def test_the_clock_goes_at_most_a_year_at_once(march, small, ask):
    for far in ("2028-03-03T00:00:00Z", "2072-03-01T00:00:00Z", "2099-12-31T23:59:59Z"):
        status, detail = problem(move(ask, far))
        assert (status, "at most a year ahead" in detail) == (400, True)
    assert move(ask, iso(small.clock.now() + timedelta(days=365)))[0] == 200
    assert ask("GET", "/_local/")[0] == 200


@pytest.mark.parametrize(
    "now",
    [
        *("", "tomorrow", "2027-03-02", "2027-03-02T08:30:00", "2027-13-02T08:30:00Z", "1.8e9"),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2100-01-01T00:00:00Z"),
        *(7, None, [], {"now": "2027-03-02T08:30:00Z"}, True),
    ],
)
def test_what_is_no_time_of_this_century_with_an_offset_moves_nothing(march, small, ask, now):
    status, detail = problem(move(ask, now))
    assert status == 400
    assert detail.startswith("`now` must be a time such as 2026-11-23T13:00:00Z: ")
    assert small.clock.now() < datetime(2027, 3, 1, 8, 31, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"7", b"{", b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_that_names_no_time_moves_nothing(march, ask, body, kind):
    answer = ask("POST", "/_local/clock", body, {"content-type": kind})
    assert problem(answer)[0] == 400


# ── what is not there ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/_local/drain", "POST"),
        ("PUT", "/_local/clock", "POST"),
        ("GET", "/_local/schedules/tick", "POST"),
        ("DELETE", "/_local/outbox", "GET"),
        ("POST", "/_local/", "GET"),
        ("PATCH", "/_local/onboard", "GET, POST"),
    ],
)
def test_a_method_that_a_page_does_not_take_is_told_those_it_does(ask, method, path, allowed):
    answer = ask(method, path)
    assert answer[1]["allow"] == allowed
    assert problem(answer) == (405, f"{path} takes {allowed} alone.")


@pytest.mark.parametrize(
    "path", ["nothing", "outbox/7", f"outbox/{'9' * 5_000}", "outbox/1.pdf", "%00", "../shop/"]
)
def test_what_is_not_there_is_said_to_programs_and_to_people(ask, path):
    assert problem(ask("GET", f"/_local/{path}"))[0] == 404
    status, headers, page = ask("GET", f"/_local/{path}", headers=BROWSER)
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"Back to the console" in page


# ── commands ─────────────────────────────────────────────────────────────────────────────────────
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
    for wrong in (b"[]", b"7", b"{", b"\xff", b"[" * 100_000):
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
