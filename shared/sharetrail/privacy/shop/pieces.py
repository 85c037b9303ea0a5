"""What is deleted by the million: some at a time, for as long as there is time."""

from collections.abc import Callable, Iterable
from itertools import islice

from sharetrail import logs

_AT_ONCE = 8
_TOGETHER = 200


def total(delete: Callable[[str], int], names: Iterable[str], is_over: Callable[[], bool]) -> int:
    """How many rows `delete` says that it deleted, of one name after another until it is over."""
    number, waiting = 0, iter(names)
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        while not is_over() and (some := list(islice(waiting, _TOGETHER))):
            number += sum(pool.map(delete, dict.fromkeys(some)))
    return number
