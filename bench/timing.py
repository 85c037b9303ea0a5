"""How long work takes a core."""

import gc
from collections.abc import Callable
from time import process_time


def cpu_seconds(work: Callable[[], object]) -> float:
    """Of this process, with nothing left to collect from before."""
    gc.collect()
    begun = process_time()
    work()
    return process_time() - begun
