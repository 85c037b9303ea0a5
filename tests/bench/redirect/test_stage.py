"""What `bench/` compares does what it says: the same click, in Lambda's own loop."""

from collections.abc import Iterator

import pytest

from bench.environments import Absent
from bench.redirect import runtime
from bench.redirect.instance import Answer, Broken
from bench.redirect.link import DESTINATION
from bench.redirect.stage import CACHING, COOKBOOK, NULL, OURS, Stage, build_stage

pytestmark = pytest.mark.slow  # installs awslambdaric


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    try:
        runtime.python()
    except Absent as absent:
        pytest.xfail(str(absent))  # no wheel for this machine, and no compiler: not our fault
    with build_stage() as stage:
        yield stage


def location(answer: Answer) -> str:
    return next(value for name, value in answer["headers"].items() if name.lower() == "location")


def test_our_click_leads_on_with_its_tags_and_is_written_once_and_so_is_its_hour(
    stage: Stage,
) -> None:
    before = len(stage.dynamodb.items)
    with stage.start(OURS) as instance:
        answer = instance.click()
        instance.click()
    click, hour, _ = stage.dynamodb.items[before:]
    assert hour["sk"]["S"].startswith("heal#")
    assert answer["statusCode"] == 302
    assert location(answer).startswith(f"{DESTINATION}&st=")
    assert location(answer).endswith("&utm_content=0123456789")
    assert click["c"] == {"S": "0123456789"}


@pytest.mark.parametrize("module", [COOKBOOK, CACHING])
def test_a_cookbook_click_leads_on_and_is_written_once(stage: Stage, module: str) -> None:
    before = len(stage.dynamodb.items)
    with stage.start(module) as instance:
        answers = [instance.click(), instance.click()]
    assert [location(answer) for answer in answers] == [DESTINATION] * 2
    assert [item["pk"] for item in stage.dynamodb.items[before:]] == [{"S": "0123456789"}] * 2


def test_the_null_handler_answers_and_writes_nothing(stage: Stage) -> None:
    before = len(stage.dynamodb.items)
    with stage.start(NULL) as instance:
        assert location(instance.click()) == DESTINATION
    assert len(stage.dynamodb.items) == before


def test_cpu_and_memory_are_the_handlers_own(stage: Stage) -> None:
    with stage.start(OURS) as instance:
        instance.click()
        cpu = instance.cpu
        instance.click()
        assert 0 < cpu < instance.cpu < 10
        assert 5_000_000 < instance.peak < 200_000_000


def test_a_handler_that_fails_says_why(stage: Stage) -> None:
    with pytest.raises(Broken, match="no_such"), stage.start("no_such"):
        pass
