"""score: does it rank influencers by what they really sell, and does its interval hold?

`python -m bench.scoring` prints the goals, and every scenario on a line. Seed 1 was used for
choosing constants. What is reported comes from other seeds.
"""

import argparse
import json
from dataclasses import asdict

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
    of_goals = figures(outcomes[: len(SCENARIOS)])
    if choice.json:
        content = json.loads(goals.dumps(of_goals))
        print(json.dumps({**content, "scenarios": [asdict(one) for one in outcomes]}))
    else:
        print(goals.table(of_goals), table(outcomes), sep="\n\n")
    goals.end(of_goals)


if __name__ == "__main__":
    main()
