"""score: does it rank influencers by what they really sell, and does its interval hold?

`python -m bench.scoring` prints every scenario on a line, and the goals. Seed 1 was used for
choosing constants. What is reported comes from other seeds.
"""

import argparse

from bench import goals
from bench.scoring.figures import figures, table
from bench.scoring.outcomes import simulate
from bench.scoring.scenarios import BESIDE, SCENARIOS

WORLDS = 24
SEED = "7"


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.scoring")
    arguments.add_argument("--json", action="store_true", help="one JSON object, for machines")
    arguments.add_argument("--worlds", type=int, default=WORLDS, help="for each scenario, at least")
    arguments.add_argument("--seed", default=SEED, help="1 was used for choosing constants")
    choice = arguments.parse_args()
    outcomes = simulate(choice.worlds, choice.seed, SCENARIOS + BESIDE)
    if not choice.json:
        print(table(outcomes), end="\n\n")
    goals.tell(figures(outcomes[: len(SCENARIOS)]), choice.json)


if __name__ == "__main__":
    main()
