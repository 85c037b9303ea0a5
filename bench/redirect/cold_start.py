"""G4: the CPU from nothing to the first 302 over TLS, ours and the cookbook's.

Everything is compiled beforehand. The cookbook reads the bundle of certificate authorities that
botocore brings; ours reads Amazon's own.
"""

from bench import goals
from bench.goals import Figure
from bench.redirect import fresh
from bench.redirect.fresh import Handlers
from bench.redirect.instance import Instance
from bench.redirect.stage import COOKBOOK, OURS, Stage

_GOAL = ("G4", "cold start to the first 302, CPU ÷ cookbook", 0.11)
_ROUNDS = 9


def measure() -> list[Figure]:
    return fresh.compare(_GOAL, "ms", _ROUNDS, _milliseconds, _trusting_others)


def _milliseconds(instance: Instance) -> float:
    instance.answer()
    return instance.cpu * 1e3


def _trusting_others(stage: Stage) -> Handlers:
    return {
        "ours trusting all that botocore does": (OURS, stage.every_authority),
        "cookbook trusting one authority": (COOKBOOK, stage.one_authority),
    }


if __name__ == "__main__":
    goals.main(measure)
