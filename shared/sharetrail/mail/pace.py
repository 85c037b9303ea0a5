"""Mails leave no faster than SES takes them: each instance that sends leaves time between two.

It goes by the instance's own clock, which decides nothing else: when a mail leaves, never whether.
"""

import time
from collections.abc import Callable
from threading import Lock

INSTANCES = 2
"""That send at once: the MaximumConcurrency of the queue of mails."""


class Pace:
    """Whose turn it is among an instance's threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._next = clock()
        self._lock = Lock()

    def wait(self, per_second: float) -> None:
        """Until it is this one's turn, where all instances together take so many a second."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + INSTANCES / per_second
        self._sleep(turn - now)
