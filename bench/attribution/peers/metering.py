"""What both sides of a comparison measure themselves with. Stands alone."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds, and what came of it."""
    begun = perf_counter()
    result = work()
    return perf_counter() - begun, result


def peak() -> float | None:
    """Megabytes of memory that this process took at most; None where not Linux tells."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), None)
