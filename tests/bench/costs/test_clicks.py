"""What a click costs, counted exactly."""

import pytest

from bench import goals
from bench.costs.clicks import AN_HOUR, KINDS, Cost, Link
from bench.dynamodb.meter import Meter
from local.runtime.memories import forget_facts
from sharetrail.aws.tables import EVENTS
from tests.shops import Shop

ONE = {Cost(requests=1, units=1)}


@pytest.fixture
def link(metered: tuple[Shop, Meter]) -> Link:
    return Link(*metered)


@pytest.mark.parametrize("kind", KINDS)
def test_a_click_on_a_known_link_is_one_request_and_one_write_unit(link: Link, kind: str) -> None:
    assert set(link.costs(KINDS[kind], clicks=2)) == ONE


def test_the_meter_sees_the_reads_of_a_link_that_is_not_known_yet(link: Link) -> None:
    forget_facts()
    assert link.follow({}).requests > 1


def test_a_figure_tells_the_count_that_is_farthest_from_one() -> None:
    for counts, verdict in (([1, 1, 2], "missed"), ([1, 0], "missed"), ([1, 1], "met")):
        assert goals.exactly_one("G7", "requests", counts, {}).verdict == verdict


def test_the_largest_click_keeps_all_that_a_visitor_can_fill(link: Link) -> None:
    (kind,) = (kind for kind in KINDS if "letters" in kind)
    link.costs(KINDS[kind], clicks=1)
    fact = max(EVENTS.scan(), key=lambda each: len(each["ua"]))  # others stand beside it
    assert (len(fact["ua"]), len(fact["r"]), len(fact["e"])) == (512, 253, 20)


def test_an_hour_is_noted_by_one_request_more_and_no_other(link: Link) -> None:
    assert link.requests_of_an_hour() == AN_HOUR + 1
