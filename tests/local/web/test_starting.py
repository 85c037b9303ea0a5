"""What is answered until the demo is there: to a person a page, to a program when to ask again."""

import json
import re
import secrets
import sys
import urllib.error
import urllib.request

import pytest

from local.cloud import Cloud
from local.web.http import Request
from local.web.starting import Starting
from tests.local.conftest import TEMPLATE

PAGE = {"accept": "text/html,application/xhtml+xml"}


class Watch:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def starting(watch):
    return Starting(watch)


def asked(path="/_local/", query="", **headers):
    return Request(method="GET", path=path, raw_query=query, headers=headers)


def test_a_program_is_told_to_wait_and_how_far_it_is(starting, watch):
    with starting.follow():
        sys.stdout.write("opening the shop\n")
        sys.stdout.write("  600 of 600 links\n")
    watch.seconds += 12.7
    answer = starting(asked())
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    told = {"status": "starting", "step": "600 of 600 links", "seconds": 12}
    assert json.loads(answer.body) == told
    assert json.loads(starting(asked(query="format=json", **PAGE)).body) == told


def test_a_person_gets_a_page_that_asks_again_by_itself(starting, watch):
    with starting.follow():
        sys.stdout.write("<b>links</b>\n")
    watch.seconds += 1
    answer = starting(asked("/shop/", **PAGE))
    assert (answer.status, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["refresh"] == "2"
    assert "&lt;b&gt;links&lt;/b&gt;" in answer.body
    assert "1 second so far" in answer.body


def test_a_line_that_is_written_over_is_one_step_after_the_other(starting, capsys):
    with starting.follow():
        sys.stdout.write("\r  500 of 600 links")
        sys.stdout.write("\r  600 of 600 li")
        assert json.loads(starting(asked()).body)["step"] == "500 of 600 links"
        sys.stdout.write("nks\n")
    assert json.loads(starting(asked()).body)["step"] == "600 of 600 links"
    assert capsys.readouterr().out == "\r  500 of 600 links\r  600 of 600 links\n"


@pytest.mark.parametrize(
    ("step", "last"),
    [
        ("", "Making tables and queues"),
        ("1,600 of 1,600 links", "Going on"),
        ("600 of 1,600 links", "600 of 1,600 links"),
        ("attributing the orders", "Attributing the orders"),
    ],
)
def test_the_last_line_is_what_is_being_done(starting, step, last):
    with starting.follow():
        sys.stdout.write(f"{step}\n")
    items = re.findall(r"<li>(.+)</li>", starting(asked(**PAGE)).body)
    assert items[-1] == last


def test_the_page_shows_the_last_steps_alone(starting):
    with starting.follow():
        for n in range(1, 10):
            sys.stdout.write(f"step {n}\n")
    page = starting(asked(**PAGE)).body
    assert ["Step 3" in page, "Step 4" in page, "Step 9" in page] == [False, True, True]


def test_everything_says_starting_until_the_cloud_is_opened(emulator, handlers, starting):
    stack = f"test-{secrets.token_hex(4)}"
    cloud = Cloud(
        path=TEMPLATE, stack=stack, load=handlers.load, emulator=emulator, starting=starting
    )
    with cloud:
        for path in ("/", "/_local/", "/_local/?format=json", "/shop/", "/abc", "/_local/drain"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(cloud.url + path)
            assert (refused.value.code, refused.value.headers["retry-after"]) == (503, "2"), path
        assert handlers.seen == {}
        cloud.open()
        with urllib.request.urlopen(cloud.url + "/_local/?format=json") as answer:
            assert json.load(answer)["status"] == "ready"
