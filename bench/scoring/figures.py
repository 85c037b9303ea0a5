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
    at_most = partial(Figure, goal="score")
    at_least = partial(Figure, goal="score", sense="at least")
    return [
        at_least(
            what="NDCG@10 less that of last-click revenue, median of scenarios",
            value=statistics.median(gains),
            limit=0.20,
            spread=goals.quartiles(gains),
            details=_behind(outcomes),
            note="without closers and fraud there is little to gain: see the scenarios",
        ),
        at_least(what="the same, worst scenario", value=min(gains), limit=0),
        at_least(
            what="of the best possible top-10 revenue, median of scenarios",
            value=statistics.median(shares),
            limit=0.80,
            spread=goals.quartiles(shares),
            details={"worst scenario": f"{min(shares):.2f}"},
        ),
        at_least(what="80 % interval, least covered", value=min(coverages), limit=0.75),
        at_most(what="80 % interval, most covered", value=max(coverages), limit=0.97),
        at_most(what="factors multiply to the score, error", value=max(errors), limit=1e-9),
        at_most(what="places that a farm of judged bots moves anyone", value=max(places), limit=1),
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
