"""What takes longer than a call: answered with 202, worked on once, and fetched as the call itself
would have answered."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from urllib.parse import quote

import pytest

from sharetrail.agenda import workers
from sharetrail.analysis import periods
from sharetrail.api.frame import acceptance
from sharetrail.api.questions import answer_question, what_if
from sharetrail.aws import clients, environment, sealed_objects
from sharetrail.aws.queues import QUESTIONS
from sharetrail.merchants import profiles
from sharetrail.problems import Malformed
from sharetrail.questions import questions, results
from sharetrail.reconciliation import read_export
from sharetrail.web import http
from tests import exports as written
from tests.chain.test_bad_input import is_problem
from tests.shops import Answer, Shop

Ask = Callable[[Shop], Answer]


# ── asking ───────────────────────────────────────────────────────────────────────────────────────
def ask_what_if(shop: Shop, **more: Any) -> Answer:
    today = shop.cloud.clock.now().date()
    period = {"from": f"{today - timedelta(days=30)}", "to": f"{today + timedelta(days=1)}"}
    return ask(shop, "POST", "/v1/what-if", {**period, "model": "first", **more})


def ask_stats(shop: Shop, query: str = "by=influencer") -> Answer:
    return ask(shop, "GET", f"/v1/stats?{query}")


def ask_about_an_export(shop: Shop, query: str = "", last: int = 9001) -> Answer:
    rows = [written.shopify(n, Created_at="2026-11-20 12:00:00 +0000") for n in (1001, 1002, last)]
    return ask(shop, "POST", f"/v1/reconciliations{query}", written.text(written.SHOPIFY, *rows))


ROUTES = pytest.mark.parametrize("question", [ask_what_if, ask_stats, ask_about_an_export])


def ask(shop: Shop, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask(method, path, body, {**key, **headers})


def result_of(shop: Shop, asked: Answer, **headers: str) -> Answer:
    return ask(shop, "GET", f"/v1/results/{asked.json['id']}", **headers)


def drained(shop: Shop) -> dict[str, int]:
    """How often each function ran; nothing is given up."""
    told = shop.cloud.drain()
    assert told["failed"] == []
    return dict(told["invocations"])


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Two orders of Ana's and of Ben's, and one of nobody's, a minute ago."""
    clicks = [shop.click(shop.share(by).json["code"]) for by in ("ana", "ben")]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    for order, trail in (("1001", ",".join(clicks)), ("1002", clicks[0]), ("1003", "none")):
        shop.buy(order, trail=trail)
    drained(shop)
    return shop


@pytest.fixture
def hurried(sold: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The same, where a call has time for next to nothing."""
    hurry(monkeypatch)
    return sold


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "MOST_ORDERS", 2)
    monkeypatch.setattr(periods, "MOST_ORDERS", 2)
    monkeypatch.setattr(read_export.Export, "is_big", property(lambda each: len(each.orders) > 2))


# ── the same answer ──────────────────────────────────────────────────────────────────────────────
@ROUTES
def test_what_is_worked_on_is_answered_by_the_byte_as_the_call_itself_would(
    sold: Shop, question: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = question(sold)
    assert told.status == 200
    hurry(monkeypatch)
    asked = question(sold)
    assert asked.status == 202
    drained(sold)
    found = result_of(sold, asked)
    assert (found.status, found.headers["content-type"]) == (200, told.headers["content-type"])
    assert as_of(found, asked.json["asked_at"]) == as_of(told, asked.json["asked_at"])
    assert b"ana" in found.body or b"9001" in found.body


def as_of(answer: Answer, at: str) -> bytes:
    """The answer's bytes, were it of that time."""
    until = answer.json.get("basis", {}).get("until", at)
    return answer.body.replace(until.encode(), at.encode())


@pytest.mark.parametrize("by", ["", "by=day", "by=link", "by=network", "by=seen_on", "by=device"])
def test_stats_are_of_when_they_were_asked_for_whatever_they_are_asked_by(
    sold: Shop, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ask_stats(sold, by).json
    hurry(monkeypatch)
    asked = ask_stats(sold, by)
    sold.cloud.clock.set_forward(sold.cloud.clock.now() + timedelta(days=3))
    drained(sold)
    found = result_of(sold, asked).json
    assert found["basis"].pop("until") == asked.json["asked_at"] > told["basis"].pop("until")
    assert found == told


def test_a_result_is_sent_packed_to_whoever_takes_it_so(hurried: Shop) -> None:
    asked = ask_what_if(hurried)
    drained(hurried)
    packed = result_of(hurried, asked, **{"accept-encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == result_of(hurried, asked).body


def test_an_answer_that_is_too_large_is_said_to_be(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MOST_BYTES", 400)
    asked = ask_stats(hurried)
    drained(hurried)
    assert is_problem(result_of(hurried, asked), 422)
    monkeypatch.setattr(results, "MOST_BYTES", 1_200)
    asked = ask_stats(hurried)
    drained(hurried)
    assert is_problem(result_of(hurried, asked), 422)
    assert result_of(hurried, asked, **{"accept-encoding": "gzip"}).status == 200


def test_small_stats_whose_answer_is_too_large_for_a_call_are_worked_on(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "MOST_BYTES", 400)
    asked = ask_stats(sold)
    assert asked.status == 202
    drained(sold)
    assert result_of(sold, asked).json["rows"]


def test_days_that_are_heavy_are_worked_on(sold: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sold.cloud.clock.set_forward(sold.cloud.clock.now() + timedelta(days=2))
    sold.run("close_days")
    monkeypatch.setattr(periods, "MOST_PACKED", 50)
    assert ask_stats(sold).status == 202


def test_more_rows_than_there_is_room_for_are_refused(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharetrail.analysis.stats.MOST_GROUPS", 1)
    assert is_problem(ask_stats(sold, "by=link"), 422)
    hurry(monkeypatch)
    asked = ask_stats(sold, "by=link")
    drained(sold)
    assert is_problem(result_of(sold, asked), 422)


def test_stats_reach_a_year_back(shop: Shop) -> None:
    year = shop.read("/v1/stats?from=2025-12-01&to=2026-12-01&by=day")
    assert (year["from"], year["to"]) == ("2025-12-01", "2026-12-01")
    assert is_problem(ask_stats(shop, "from=2025-11-01&to=2026-12-01"), 400)


# ── on its way ───────────────────────────────────────────────────────────────────────────────────
@ROUTES
def test_it_says_where_its_result_will_be_and_when_to_ask_again(
    hurried: Shop, question: Ask
) -> None:
    asked = question(hurried)
    url = asked.json["url"]
    assert url == asked.headers["location"]
    assert url.endswith(f"/v1/results/{asked.json['id']}")
    assert asked.json.keys() == {"id", "state", "asked_at", "url"}
    waiting = result_of(hurried, asked)
    assert (waiting.status, waiting.json) == (202, asked.json)
    assert int(waiting.headers["retry-after"]) == int(asked.headers["retry-after"]) > 0
    drained(hurried)
    assert result_of(hurried, asked).status == 200


@ROUTES
def test_the_same_question_while_it_is_worked_on_is_the_same_job(
    hurried: Shop, question: Ask
) -> None:
    first, again = question(hurried), question(hurried)
    assert (again.status, again.json) == (202, first.json)
    assert drained(hurried)["analyse_merchant"] == 1


def test_the_same_question_once_it_is_answered_is_another(hurried: Shop) -> None:
    first = ask_what_if(hurried)
    drained(hurried)
    hurried.buy("1004", trail="none")
    drained(hurried)
    second = ask_what_if(hurried)
    assert second.json["id"] != first.json["id"]
    drained(hurried)
    orders = [result_of(hurried, each).json["orders"] for each in (first, second)]
    assert orders == [3, 4]


def test_another_question_is_another_job(hurried: Shop) -> None:
    asked = [ask_what_if(hurried), ask_what_if(hurried, model="linear")]
    asked += [ask_about_an_export(hurried), ask_about_an_export(hurried, "?from=2026-11-20")]
    asked += [ask_about_an_export(hurried, last=9002)]
    assert len({each.json["id"] for each in asked}) == 5
    assert drained(hurried)["analyse_merchant"] == 5


def test_five_questions_are_open_at_most_and_the_next_is_taken_once_one_is_answered(
    hurried: Shop,
) -> None:
    models = ["last", "first", "linear", "position", "markov"]
    assert [ask_what_if(hurried, model=each).status for each in models] == [202] * 5
    refused = ask_stats(hurried)
    assert is_problem(refused, 429)
    assert ask_what_if(hurried, model="first").status == 202, "one of the five"
    drained(hurried)
    assert ask_stats(hurried).status == 202


def test_a_merchant_who_has_five_open_keeps_nobody_else_waiting(hurried: Shop) -> None:
    for window in (7, 30, 90):
        for model in ("last", "first"):
            ask_what_if(hurried, model=model, window_days=window)
    other = Shop.onboard(hurried.cloud, shop_host="other.example", shopify_domain=None)
    assert ask_about_an_export(other).status == 202


def test_what_was_lost_on_its_way_is_sent_when_it_is_asked_again(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(type(QUESTIONS), "send_all", None)
        assert ask_what_if(hurried).status == 500
    asked = ask_what_if(hurried)
    assert asked.status == 202
    assert drained(hurried)["analyse_merchant"] == 1
    assert result_of(hurried, asked).status == 200


def test_a_question_that_was_lost_gives_up_its_place_after_a_day(hurried: Shop) -> None:
    models = ["last", "first", "linear", "position", "markov"]
    first = [ask_what_if(hurried, model=each).json["id"] for each in models]
    clients.sqs().purge_queue(QueueUrl=environment.queue("questions"))
    hurried.cloud.clock.set_forward(hurried.cloud.clock.now() + timedelta(hours=23))
    assert ask_stats(hurried).status == 429
    hurried.cloud.clock.set_forward(hurried.cloud.clock.now() + timedelta(hours=2))
    assert ask_stats(hurried).status == 202
    assert ask_what_if(hurried, model="last").json["id"] not in first


# ── what fails ───────────────────────────────────────────────────────────────────────────────────
def test_a_refusal_is_a_result_like_any_other(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharetrail.analysis.what_if.MOST_ORDERS", 2)
    asked = ask_what_if(hurried)
    drained(hurried)
    found = result_of(hurried, asked)
    assert is_problem(found, 422)
    assert found.json["title"] == "The period holds too many orders"
    assert found.headers["content-type"] == "application/problem+json"


def test_a_question_that_fails_is_tried_again_alone(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = failing(monkeypatch, times=2)
    asked, other = ask_what_if(hurried), ask_stats(hurried)
    assert drained(hurried)["analyse_merchant"] == 4
    assert len(tries) == 3
    assert [result_of(hurried, each).status for each in (asked, other)] == [200, 200]


def test_a_question_that_fails_three_times_says_so_and_poisons_nothing(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = failing(monkeypatch, times=99)
    asked = ask_what_if(hurried)
    drained(hurried)
    assert len(tries) == 3
    found = result_of(hurried, asked)
    assert is_problem(found, 500)
    assert found.json["title"] == "The question could not be answered"
    assert left_of(hurried) == []
    tries.clear()
    assert ask_what_if(hurried).json["id"] != asked.json["id"], "it can be asked again"


def test_a_worker_that_dies_three_times_leaves_it_to_be_said(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of memory or time it dies without a word: nothing of it reports a failure."""
    real, receipts = workers.work_off, []

    def die(event: Any, *workers: Any, **more: Any) -> Any:
        receipts.append(event["Records"][0]["attributes"]["ApproximateReceiveCount"])
        if len(receipts) <= 3:
            raise SystemError("killed")
        return real(event, *workers, **more)

    monkeypatch.setattr(workers, "work_off", die)
    asked = ask_stats(hurried)
    drained(hurried)
    assert receipts == ["1", "2", "3", "4"]
    assert is_problem(result_of(hurried, asked), 500)
    assert left_of(hurried) == []


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> list[str]:
    """What-if dies so many times; whenever it is tried it is noted."""
    real, tries = answer_question._BY_KIND["what_if"], []

    def fail(*asked: Any) -> Any:
        tries.append("tried")
        if len(tries) <= times:
            raise MemoryError
        return real(*asked)

    changed = {**answer_question._BY_KIND, "what_if": fail}
    monkeypatch.setattr(answer_question, "_BY_KIND", changed)
    return tries


def left_of(shop: Shop) -> list[str]:
    """What is stored of questions that are open."""
    return [key for key, _ in sealed_objects.listed(f"{questions.PREFIX}{shop.id}/")]


@pytest.mark.parametrize("dies_at", ["results.keep", "questions.close"])
def test_a_worker_that_dies_before_it_has_closed_the_question_changes_nothing(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    room, name = dies_at.split(".")
    module = {"results": results, "questions": questions}[room]
    real, calls = getattr(module, name), []

    def die_once(*asked: Any) -> None:
        calls.append(asked)
        if len(calls) == 1:
            raise MemoryError
        real(*asked)

    monkeypatch.setattr(module, name, die_once)
    worked_out = noted(monkeypatch)
    asked = ask_about_an_export(hurried, "?load=true")
    drained(hurried)
    told = result_of(hurried, asked)
    assert (told.status, [each["id"] for each in told.json["missing"]]) == (
        200,
        ["9001"] if dies_at == "questions.close" else [],
    )
    assert len(worked_out) == (1 if dies_at == "questions.close" else 2)
    assert left_of(hurried) == []


def noted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whatever is worked out, as it is."""
    real, seen = answer_question._answer, []
    monkeypatch.setattr(
        answer_question, "_answer", lambda *known: seen.append(known) or real(*known)
    )
    return seen


def test_the_first_result_of_a_question_is_the_one_that_stays(hurried: Shop) -> None:
    asked = ask_what_if(hurried)
    for told in ("first", "second"):
        refusal = http.problem_json(Malformed(told), asked.json["id"])
        results.keep(hurried.id, asked.json["id"], refusal)
    drained(hurried)
    assert result_of(hurried, asked).json["detail"] == "first"


def test_a_message_that_comes_twice_answers_once(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = failing(monkeypatch, times=0)
    asked = ask_what_if(hurried)
    body = {"job": "answer", "merchant": hurried.id, "about": [asked.json["id"]]}
    QUESTIONS.send_all([(hurried.id, json.dumps(body))])
    assert drained(hurried)["analyse_merchant"] == 2
    assert len(tries) == 1
    found = result_of(hurried, asked)
    QUESTIONS.send_all([(hurried.id, json.dumps(body))])
    drained(hurried)
    assert result_of(hurried, asked).body == found.body


def test_two_workers_at_once_leave_one_result(
    hurried: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, meet = ask_about_an_export(hurried, "?load=true"), Barrier(2)
    real = answer_question._answer

    def together(*known: Any) -> Any:
        meet.wait(timeout=10)
        return real(*known)

    monkeypatch.setattr(answer_question, "_answer", together)
    merchant, now = profiles.read(hurried.id), hurried.cloud.clock.now()
    work = partial(answer_question.answer_all, merchant, (asked.json["id"],), now)
    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(work), pool.submit(work)]:
            each.result()
    found = result_of(hurried, asked)
    assert found.status == 200
    drained(hurried)
    assert result_of(hurried, asked).body == found.body
    assert left_of(hurried) == []
    assert ask_stats(hurried).status == 202


# ── whose it is, and how long ────────────────────────────────────────────────────────────────────
def test_a_result_is_its_merchants_alone(hurried: Shop) -> None:
    asked = ask_what_if(hurried)
    other = Shop.onboard(hurried.cloud, shop_host="other.example", shopify_domain=None)
    for _ in range(2):
        assert is_problem(result_of(other, asked), 404)
        drained(hurried)
    assert result_of(hurried, asked).status == 200
    assert shop_with(hurried, "publishable_key", asked).status == 403
    assert hurried.ask("GET", f"/v1/results/{asked.json['id']}").status == 401


def shop_with(shop: Shop, key: str, asked: Answer) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts[key]}"}
    return shop.ask("GET", f"/v1/results/{asked.json['id']}", None, headers)


def test_a_result_ends_after_seven_days(hurried: Shop) -> None:
    asked = ask_what_if(hurried)
    drained(hurried)
    clock = hurried.cloud.clock
    clock.set_forward(clock.now() + timedelta(days=6, hours=23))
    assert result_of(hurried, asked).status == 200
    clock.set_forward(clock.now() + timedelta(hours=2))
    assert is_problem(result_of(hurried, asked), 404)


@pytest.mark.parametrize(
    "made_up",
    [
        *("x", "..", "%2e%2e%2f%2e%2e", "1764500000000-", "9999999999999-" + "0" * 32, "é" * 40),
        *("1" * 5_000, "%00", "1796000000000-" + "0" * 31 + "%0a", "٣" * 13 + "-" + "0" * 32),
        *("..%2f..%2fquestions%2f1796000000000-" + "0" * 32, "1796000000000-" + "A" * 32),
    ],
)
def test_an_id_that_no_question_has_is_unknown(shop: Shop, made_up: str) -> None:
    answer = ask(shop, "GET", f"/v1/results/{quote(made_up, safe='%')}")
    assert is_problem(answer, 404)


def test_an_export_is_kept_no_longer_than_it_is_worked_on_and_under_the_merchants_name(
    hurried: Shop,
) -> None:
    ask_about_an_export(hurried)
    (key,) = left_of(hurried)
    kept = clients.s3().head_object(**sealed_objects._place(key))
    assert kept["ServerSideEncryption"] == "aws:kms"
    assert b"buyer" in (sealed_objects.get(key) or b"")
    drained(hurried)
    assert left_of(hurried) == []
    (result,) = sealed_objects.listed(f"{results.PREFIX}{hurried.id}/")
    _, _, body = (sealed_objects.get(result[0]) or b"").partition(b"\n")
    assert b"buyer" not in gzip.decompress(body)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/what-if", {"from": "2026-11-02", "to": "2026-11-01"}),
        ("POST", "/v1/what-if", {"from": "2024-01-01", "to": "2026-11-01"}),
        ("POST", "/v1/what-if", {"from": "2026-11-01", "to": "2026-11-30", "model": "best"}),
        ("GET", "/v1/stats?from=2026-11-02&to=2026-11-01", None),
        ("GET", "/v1/stats?by=shoe", None),
        ("POST", "/v1/reconciliations", b"no,export\n1,2\n"),
        ("POST", "/v1/reconciliations?load=maybe", b""),
        ("POST", "/v1/reconciliations", b"\xff\xfe"),
    ],
)
def test_a_question_that_is_none_is_refused_at_once_and_never_worked_on(
    hurried: Shop, method: str, path: str, body: Any
) -> None:
    answer = ask(hurried, method, path, body)
    assert answer.status in (400, 422)
    assert left_of(hurried) == []
    assert "analyse_merchant" not in drained(hurried)


def test_an_export_of_another_shop_is_refused_however_big_it_is(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    other = Shop.onboard(cloud, shopify_domain=None)
    assert is_problem(ask_about_an_export(other, "?load=true"), 422)
