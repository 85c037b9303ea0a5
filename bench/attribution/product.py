"""Our side of the comparison, in a process of its own.

`python -m bench.attribution.product FILE`
"""

import json
import sys
from pathlib import Path

from bench.attribution import heuristics, journeys, moves
from bench.attribution.peers.metering import peak, timed
from sharetrail.analysis.markov.markov import shares
from sharetrail.analysis.markov.markov_chain import removal_effects_of


def main(file: Path) -> None:
    rows = journeys.load(file)
    of_heuristics, credits = timed(lambda: heuristics.credits(rows))
    of_markov, _ = timed(lambda: markov(rows))
    seconds = {"heuristics": of_heuristics, "markov": of_markov}
    print(json.dumps({**seconds, "peak": peak(), "credits": credits}))


def markov(rows: list[journeys.Row]) -> dict[str, tuple[float, float]]:
    """Credited conversions and value, as theirs."""
    conversions, value = sum(row[1] for row in rows), sum(row[2] for row in rows)
    parts = shares(removal_effects_of(moves.flows(rows)))
    return {channel: (part * conversions, part * value) for channel, part in parts.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
