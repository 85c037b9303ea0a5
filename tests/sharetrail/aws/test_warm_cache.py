"""What a warm instance remembers, and what of it answers while the store is away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.aws.warm_cache import Aged
from sharetrail.problems import NotFound

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOURS = timedelta(hours=6)


def told(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetItem")


class Store:
    """Holds one value, and counts how it is asked; away it fails as AWS does."""

    def __init__(self) -> None:
        self.value: str | None = "first"
        self.failure: Exception | None = None
        self.asked: list[bool] = []
        """Whether briskly."""

    def away(self) -> None:
        self.failure = told("InternalServerError", 500)

    def load(self, brisk: bool) -> str | None:
        self.asked.append(brisk)
        if self.failure:
            raise self.failure
        return self.value


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("FAST_PATH", "no")  # which tells whose failures count
    return Store()


def of(kept: Aged[str], store: Store, seconds: float, key: str = "a") -> str | None:
    return kept.get(key, NOON + timedelta(seconds=seconds), store.load)


def test_a_value_is_read_once_in_its_age_and_briskly_while_an_older_one_stands(
    store: Store,
) -> None:
    kept: Aged[str] = Aged(MINUTE, stands=HOURS)
    assert [of(kept, store, at) for at in (0, 30, 60)] == ["first"] * 3
    store.value = "second"
    assert of(kept, store, 61) == "second"
    assert of(kept, store, 61 + HOURS.total_seconds() + 1) == "second"
    assert store.asked == [False, True, False]


def test_while_the_store_is_away_what_was_read_answers_and_it_is_asked_every_five_seconds(
    store: Store,
) -> None:
    kept: Aged[str] = Aged(MINUTE, stands=HOURS)
    for key in "ab":
        of(kept, store, 0, key)
    store.away()
    store.asked.clear()
    told = [of(kept, store, 100 + n, "ab"[n % 2]) for n in range(16)]
    assert told == ["first"] * 16
    assert store.asked == [True] * 3, "whatever is looked for"
    store.failure, store.value = None, "second"
    assert of(kept, store, 118) == "second"


def test_what_is_refused_of_one_key_says_nothing_of_another(store: Store) -> None:
    kept: Aged[str] = Aged(MINUTE, stands=HOURS)
    for key in "ab":
        of(kept, store, 0, key)
    store.failure = told("ThrottlingException", 400)
    assert of(kept, store, 61, "a") == "first"
    store.failure, store.value = None, "second"
    assert of(kept, store, 62, "b") == "second"


def test_nothing_stands_longer_than_it_may_and_where_nothing_may_the_failure_is_told(
    store: Store,
) -> None:
    for kept in (Aged[str](MINUTE, stands=HOURS), Aged[str](MINUTE)):
        store.failure = None
        of(kept, store, 0)
        store.away()
        with pytest.raises(ClientError):
            of(kept, store, HOURS.total_seconds() + 1)
    with pytest.raises(ClientError):
        of(Aged[str](MINUTE), store, 61)


@pytest.mark.parametrize("failure", [NotFound("gone"), KeyError("a bug")])
def test_what_is_no_failure_of_the_store_is_an_answer(store: Store, failure: Exception) -> None:
    kept: Aged[str] = Aged(MINUTE, stands=HOURS)
    of(kept, store, 0)
    store.failure = failure
    with pytest.raises(type(failure)):
        of(kept, store, 61)


def test_what_was_missing_is_asked_for_again_and_never_stands(store: Store) -> None:
    kept: Aged[str] = Aged(MINUTE, stands=HOURS, absent=timedelta(seconds=10))
    store.value = None
    assert [of(kept, store, at) for at in (0, 10)] == [None, None]
    store.away()
    with pytest.raises(ClientError):
        of(kept, store, 11)
    store.failure, store.value = None, "made"
    assert of(kept, store, 11) == "made"
    store.value = None
    assert of(kept, store, 80) is None, "it went"
    store.away()
    with pytest.raises(ClientError):
        of(kept, store, 91)


def test_made_up_keys_push_nothing_out(store: Store) -> None:
    kept: Aged[str] = Aged(MINUTE, size=10)
    of(kept, store, 0)
    store.value = None
    for n in range(100):
        of(kept, store, 0, f"made up {n}")
    asked = len(store.asked)
    assert of(kept, store, 1) == "first"
    assert len(store.asked) == asked


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=60))
def test_however_it_is_asked_it_holds_no_more_than_it_may(keys: list[tuple[int, bool]]) -> None:
    store, kept = Store(), Aged[str](MINUTE, size=5)
    for key, is_there in keys:
        store.value = str(key) if is_there else None
        of(kept, store, 0, str(key))
    assert max(len(kept._kept), len(kept._missing)) <= 5
