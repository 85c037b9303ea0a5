from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from local.runtime.handlers import Runtime
from local.template import reader
from sharetrail.aws import environment

_LONG = 10  # seconds, after which something waits that should not


@pytest.fixture
def functions():
    parameters = {"PublicBaseUrl": "http://127.0.0.1", "MailFrom": "a@shop.example"}
    return reader.load(parameters=parameters).functions


def test_a_function_never_waits_for_another(functions):
    folding, is_done = Event(), Event()

    def project(*_):
        folding.set()
        assert is_done.wait(_LONG)

    handlers = {"project_events": project, "redirect": lambda *_: {"statusCode": 302}}
    runtime = Runtime(functions, handlers.__getitem__)
    with ThreadPoolExecutor(1) as pool:
        stream = pool.submit(runtime.invoke, "project_events", {})
        assert folding.wait(_LONG)
        with ThreadPoolExecutor(1) as other:
            answer = other.submit(runtime.invoke, "redirect", {})
            assert answer.result(_LONG) == {"statusCode": 302}
        assert not stream.done()
        is_done.set()
        stream.result(_LONG)


def test_an_answer_that_lambda_could_not_send_fails_here_too(functions):
    """Of what an event holds in binary AWS makes base64; of an answer nobody does."""
    echo = Runtime(functions, lambda _: lambda event, _: event)
    assert echo.invoke("redirect", {"image": b"\0"}) == {"image": "AA=="}
    for answer in (b"\0", {"a set"}):
        with pytest.raises(TypeError, match="JSON"):
            Runtime(functions, lambda _, it=answer: lambda *_: it).invoke("redirect", {})


def test_a_function_is_at_one_event_at_a_time(functions):
    at_once = []

    def count(*_):
        at_once.append(1)
        assert sum(at_once) == 1
        Event().wait(0.001)
        at_once.append(-1)

    runtime = Runtime(functions, lambda _: count)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: runtime.invoke("redirect", {}), range(40)))
    assert runtime.invocations["redirect"] == 40


def test_a_function_is_loaded_once_whoever_asks_first(functions):
    loaded = []

    def load(folder):
        loaded.append(folder)
        Event().wait(0.01)
        return lambda *_: None

    runtime = Runtime(functions, load)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: runtime.invoke("redirect", {}), range(4)))
        pool.submit(runtime.load_all).result()
    assert sorted(loaded) == sorted(functions)


def test_a_function_finds_the_variables_that_the_template_tells_it_and_no_other(
    functions, monkeypatch
):
    monkeypatch.setenv("SALTS_TABLE", "salts")
    monkeypatch.setenv("LINKS_TABLE", "links")
    read = {"turn_salts": lambda name, _: environment.table(name)}
    runtime = Runtime(functions, read.__getitem__)
    assert runtime.invoke("turn_salts", "salts") == "salts"
    with pytest.raises(KeyError, match="LINKS_TABLE, which the template does not tell turn_salts"):
        runtime.invoke("turn_salts", "links")
    assert environment.table("links") == "links", "whoever is no function"
