"""The goals of the score, and all scenarios beside each other."""

import statistics
from functools import partial

from bench import goals
from bench.goals import Figure
from bench.scoring.outcomes import Outcome
from bench.scoring.rankings import LAST_CLICK


def figures(outcomes: list[Outcome]) -> list[Figure]:
    gains = [one.gains[LAST_CLICK] for one in outcomes]
    shares = [one.share for one in outcomes]
    coverages = [one.coverage for one in outcomes]
    errors, places = [one.error for one in outcomes], [one.places_moved for one in outcomes]
    at_most, at_least = partial(Figure, "score"), partial(Figure, "score", sense="at least")
    return [
        at_least(
            "NDCG@10 less that of last-click revenue, median of scenarios",
            statistics.median(gains),
            0.20,
            spread=goals.quartiles(gains),
            details=_behind(outcomes),
            note="without closers and fraud there is little to gain: see the scenarios",
        ),
        at_least("the same, worst scenario", min(gains), 0),
        at_least(
            "of the best possible top-10 revenue, median of scenarios",
            statistics.median(shares),
            0.80,
            spread=goals.quartiles(shares),
            details={"worst scenario": f"{min(shares):.2f}"},
        ),
        at_least("80 % interval, least covered", min(coverages), 0.75),
        at_most("80 % interval, most covered", max(coverages), 0.97),
        at_most("factors multiply to the score, error", max(errors), 1e-9),
        at_most("places that a farm of judged bots moves anyone", max(places), 1),
    ]


def _behind(outcomes: list[Outcome]) -> dict[str, str]:
    medians = {
        f"to {name}": f"{statistics.median(one.gains[name] for one in outcomes):+.3f}"
        for name in outcomes[0].gains
    }
    return {**medians, "worlds": str(sum(one.worlds for one in outcomes))}


def table(outcomes: list[Outcome]) -> str:
    """Every scenario on a line: the gain over each baseline, share of the best, coverages."""
    heads = [*outcomes[0].gains, "of the best", "covered", "realised", "worlds"]
    lines = [" " * 38 + "  ".join(heads)]
    for one in outcomes:
        cells = [f"{gain:+.3f}" for gain in one.gains.values()]
        cells += [f"{share:.3f}" for share in (one.share, one.coverage, one.credit_coverage)]
        row = zip([*cells, str(one.worlds)], heads, strict=True)
        lines.append(f"{one.scenario:38}" + "  ".join(cell.rjust(len(head)) for cell, head in row))
    return "\n".join(lines)
