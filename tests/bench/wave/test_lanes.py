"""Workers of a queue: who is taken when."""

import pytest

from bench.wave import lanes
from bench.wave.lanes import Done, Task, Workers

ONE, TWO = Workers(number=1, cold=0), Workers(number=2, cold=0)


def task(owner: str, at: float = 0, seconds: float = 10, fails: int = 0) -> Task:
    return Task(at=at, kind="close", owner=owner, seconds=seconds, fails=fails)


def ends(done: list[Done]) -> list[tuple[str, float]]:
    return [(each.task.owner, each.ended) for each in done]


def test_what_waits_longest_is_done_first() -> None:
    tasks = [task("late", at=2), task("early", at=1), task("first")]
    assert ends(lanes.work_off(tasks, ONE)) == [("first", 10), ("early", 20), ("late", 30)]


def test_a_merchant_with_many_lets_the_others_pass() -> None:
    """A hundred recipients of one, and then one of another."""
    tasks = [task("many", seconds=1) for _ in range(100)] + [task("other", at=0.5, seconds=1)]
    done = lanes.work_off(tasks, ONE)
    assert ends(done)[1] == ("other", 2)


def test_a_slow_task_holds_one_worker_and_nobody_else() -> None:
    tasks = [task("slow", seconds=600), *(task(f"{n}", at=1, seconds=1) for n in range(20))]
    done = lanes.work_off(tasks, TWO)
    assert max(each.ended for each in done if each.task.owner != "slow") == 21


def test_a_task_that_fails_comes_again_when_it_is_seen_again() -> None:
    done = lanes.work_off([task("ill", seconds=5, fails=1), task("well", at=1, seconds=5)], ONE)
    assert ends(done) == [("ill", 5), ("well", 10), ("ill", 5 + 960 + 5)]


def test_a_worker_that_is_new_starts_first() -> None:
    (done,) = lanes.work_off([task("a", at=3)], Workers(number=1, cold=2))
    assert done.ended == 15
    first, second = lanes.work_off([task("a"), task("b", at=1)], Workers(number=1, cold=2))
    assert (first.ended, second.ended) == (12, 22)


def test_lambda_begins_with_five_workers_and_adds_five_a_second() -> None:
    tasks = [task(f"{n}", seconds=100) for n in range(20)]
    done = lanes.work_off(tasks, Workers(number=20, cold=0))
    begun = sorted(each.ended - 100 for each in done)
    assert begun[:5] == [0] * 5
    assert begun[-1] == pytest.approx(3)


@pytest.mark.parametrize(("number", "most"), [(1, 1), (2, 2), (9, 3)])
def test_no_more_are_busy_than_there_is_work_for(number: int, most: int) -> None:
    done = lanes.work_off([task(f"{n}") for n in range(3)], Workers(number=number, cold=0))
    assert lanes.at_once(done) == most
