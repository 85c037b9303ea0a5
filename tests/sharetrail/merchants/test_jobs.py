from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from sharetrail.aws.queues import CHORES, Queue
from sharetrail.merchants import jobs
from sharetrail.merchants.job import Job, Work
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
    worker = jobs.one_by_one("retry", CHORES, odd_fails)
    worker(SHOP, ("1", "2", "3"), NOON)
    assert [(each.kind, each.merchant, each.abouts) for each in queued] == [
        ("retry", "m_1", ("1",)),
        ("retry", "m_1", ("3",)),
    ]


def test_one_alone_fails_its_message_and_does_not_go_back(queued: list[Work]) -> None:
    worker = jobs.one_by_one("retry", CHORES, odd_fails)
    with pytest.raises(ValueError, match="1"):
        worker(SHOP, ("1",), NOON)
    assert queued == []


def test_a_message_is_one_merchants_and_of_one_kind_and_bounded(queued: list[Work]) -> None:
    many = [Job(kind="heal", merchant="m_1", about=f"{n}") for n in range(501)]
    others = [Job(kind=kind, merchant="m_2", about="x") for kind in ("heal", "retry")]
    assert jobs.queue_all([*others, *many], CHORES) == 4
    told = [(each.merchant, each.kind, len(each.abouts)) for each in queued]
    assert told == [
        ("m_2", "heal", 1),
        ("m_2", "retry", 1),
        ("m_1", "heal", 500),
        ("m_1", "heal", 1),
    ]
