"""Two that compute removal effects exactly; runs in their own environment, on nothing of ours.

do-attribution (orders 1 to 3) and marketing-attribution-models (order 1, position-based value).
"""

import json
import pickle
import sys
from pathlib import Path

import pandas
from do_attribution.markov import MarkovAttribution
from mam import MAM


def main(file: Path) -> None:
    paths, conversions, values, nulls = pickle.loads(file.read_bytes())
    paths = paths.split("\n")
    orders = (1, 2, 3)
    effects = {f"removal_{order}": _effects(order, paths, conversions, nulls) for order in orders}
    print(json.dumps(effects | _mam(paths, conversions, values, nulls)))


def _effects(order: int, paths: list, conversions: list, nulls: list) -> dict[str, float]:
    model = MarkovAttribution(order=order, removal_strategy="redirect_to_null")
    ended = [1] * len(paths) + [0] * len(paths)
    result = model.fit(paths * 2, ended, weights=[*conversions, *nulls])
    return result["removal_effects"]


def _mam(paths: list, conversions: list, values: list, nulls: list) -> dict[str, dict[str, float]]:
    """It wants a row for those of a path that converted, and one for those that did not."""
    converted = [(*row, True) for row in zip(paths, conversions, values, strict=True) if row[1]]
    ended = [
        (path, number, 0.0, False) for path, number in zip(paths, nulls, strict=True) if number
    ]
    rows = pandas.DataFrame([*converted, *ended], columns=["path", "number", "value", "converted"])
    mam = MAM(
        rows,
        "grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="converted",
        occurrences_colname="number",
        conversion_value_colname="value",
    )
    position = mam.run_position_based().to_pandas().set_index("channels")["attribution"]
    effects = mam.run_markov().metadata["removal_effect"]["removal_effect"]
    return {"mam_position": position.to_dict(), "mam_removal_1": effects.to_dict()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
