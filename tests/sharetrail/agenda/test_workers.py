import itertools
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from sharetrail.agenda import jobs, workers
from sharetrail.agenda.job import Job, Work, parts
from sharetrail.aws.queues import CHORES, Queue
from sharetrail.merchants.profile import Merchant

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHOP = Merchant(
    id="m_1",
    name="",
    shop_host="shop.example",
    hosts=(),
    origins=(),
    currency="USD",
    zone="UTC",
    created_at=NOON,
)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """What was put on a queue."""
    works: list[Work] = []

    def send_all(_queue: Queue, messages: Iterable[tuple[str, str]]) -> int:
        works.extend(Work.read(body) for _, body in messages)
        return len(works)

    monkeypatch.setattr(Queue, "send_all", send_all)
    return works


def odd_fails(_merchant: Merchant, about: str, _now: datetime) -> None:
    if int(about) % 2:
        raise ValueError(about)


def test_of_many_jobs_those_that_fail_go_back_each_alone(queued: list[Work]) -> None:
    worker = workers.one_by_one("retry", CHORES, odd_fails)
    worker(SHOP, ("1", "2", "3"), NOON)
    assert [(each.kind, each.merchant, each.abouts) for each in queued] == [
        ("retry", "m_1", ("1",)),
        ("retry", "m_1", ("3",)),
    ]


def test_one_alone_fails_its_message_and_does_not_go_back(queued: list[Work]) -> None:
    worker = workers.one_by_one("retry", CHORES, odd_fails)
    with pytest.raises(ValueError, match="1"):
        worker(SHOP, ("1",), NOON)
    assert queued == []


def test_a_message_is_one_merchants_and_of_one_kind_and_bounded(queued: list[Work]) -> None:
    many = [Job(kind="heal", merchant="m_1", about=f"{n}") for n in range(501)]
    others = [Job(kind=kind, merchant="m_2", about="x") for kind in ("heal", "retry")]
    assert workers.queue_all([*others, *many], CHORES) == 4
    told = [(each.merchant, each.kind, len(each.abouts)) for each in queued]
    assert told == [
        ("m_2", "heal", 1),
        ("m_2", "retry", 1),
        ("m_1", "heal", 500),
        ("m_1", "heal", 1),
    ]


@pytest.mark.parametrize("letter", ["x", "\u00fc", "\U0001f600", "\x00"])
def test_ten_messages_are_a_batch_and_none_is_larger_than_it_must_be(letter: str) -> None:
    abouts = [f"shopify#{n:04}{letter * 190}" for n in range(2_000)]
    cut = [*parts(abouts)]
    bodies = [Work(kind="heal", merchant="m_1", abouts=each).body() for each in cut]
    assert [*itertools.chain(*cut)] == abouts
    assert max(len(each.encode()) for each in bodies) < 262_144 / 10
    assert min(len(each.encode()) for each in bodies[:-1]) > 15_000


def test_what_is_larger_than_a_message_should_be_is_one_of_its_own() -> None:
    assert [*parts(["a", "x" * 30_000, "b", "c"])] == [("a",), ("x" * 30_000,), ("b", "c")]


def test_jobs_are_sent_as_they_are_found_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = itertools.count()
    monkeypatch.setattr(Queue, "send_all", lambda _queue, messages: next(messages) and 1)
    workers.queue_all((Job(kind="heal", merchant="m_1", about=f"{n}") for n in found), CHORES)
    assert next(found) <= 10_000


def test_who_has_more_than_5000_jobs_due_has_the_rest_in_a_later_round(
    queued: list[Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    whose = ["m_1"] * 12_000 + ["m_2"]
    due = [Job(kind="heal", merchant=each, about=f"{n}") for n, each in enumerate(whose)]
    monkeypatch.setattr(jobs, "due", lambda *_: iter(due))
    workers.queue_due("heal", CHORES, NOON)
    number = Counter[str]()
    for each in queued:
        number[each.merchant] += len(each.abouts)
    assert number == {"m_1": 5_000, "m_2": 1}
    assert [about for each in queued for about in each.abouts[:1]][:2] == ["0", "500"]
    assert {each.round for each in queued} == {"2026-11-24T12:00:00.000Z"}
