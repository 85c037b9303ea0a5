"""How long something takes, on a machine that has other things to do."""

import time
from collections.abc import Callable

_TURNS = 5


def is_within(seconds: float, turn: Callable[[], None]) -> bool:
    """Whether it takes less in one of a few turns: a busy machine makes some last longer, and none
    shorter. Whoever waits for what he should not wait for does so in each."""
    return any(_seconds_of(turn) < seconds for _ in range(_TURNS))


def _seconds_of(turn: Callable[[], None]) -> float:
    begun = time.monotonic()
    turn()
    return time.monotonic() - begun
