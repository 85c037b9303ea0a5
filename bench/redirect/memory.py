"""G5: the most memory that a process takes, from its start through a few hundred clicks."""

from bench import goals
from bench.goals import Figure
from bench.redirect import fresh
from bench.redirect.instance import Instance

_GOAL = ("G5", "peak memory ÷ cookbook", 0.36)
_ROUNDS, _CLICKS = 3, 200


def measure() -> list[Figure]:
    return fresh.compare(_GOAL, "MB", _ROUNDS, _megabytes)


def _megabytes(instance: Instance) -> float:
    for _ in range(_CLICKS):
        instance.click()
    return instance.peak / 1e6


if __name__ == "__main__":
    goals.main(measure)
