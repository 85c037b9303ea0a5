"""ChannelAttribution (C++) over rows from a file; runs in its own environment, on nothing of ours.

`heuristic_models` and `markov_model` with their defaults but for printing: order 1, one thread,
100,000 simulated journeys at first and more until ten repetitions agree within 5 %, none longer
than the longest journey there is.
"""

import json
import pickle
import sys
from pathlib import Path

import ChannelAttribution
import pandas
from metering import peak, timed

_MODELS = ("last", "first", "linear")


def main(file: Path) -> None:
    paths, conversions, values, nulls = pickle.loads(file.read_bytes())
    columns = {"path": paths.split("\n"), "conversions": conversions, "value": values}
    rows = pandas.DataFrame({**columns, "nulls": nulls})
    del paths, conversions, values, nulls, columns
    arguments = (rows, "path", "conversions", "value")
    heuristics, credits = timed(
        lambda: ChannelAttribution.heuristic_models(*arguments, flg_pro=False),
    )
    markov, _ = timed(
        lambda: ChannelAttribution.markov_model(
            *arguments, var_null="nulls", verbose=False, flg_pro=False
        ),
    )
    credits = credits.set_index("channel_name")
    seconds = {"heuristics": heuristics, "markov": markov}
    values = {model: credits[f"{model}_touch_value"].to_dict() for model in _MODELS}
    print(json.dumps({**seconds, "peak": peak(), "credits": values}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
