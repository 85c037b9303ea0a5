"""What a week says of journeys, as it is kept: steps and the letters of ids once each. Pure."""

from collections.abc import Iterable

from sharetrail.analysis.markov.journey import Step, WeekJourneys
from sharetrail.analysis.markov.markov import Outcome
from sharetrail.packing import squeeze, unpack
from sharetrail.totals.trail_sample import TrailSample


def squeezed(journeys: WeekJourneys) -> bytes:
    places: dict[Step, int] = {}

    def place(step: Step) -> int:
        return places.setdefault(step, len(places))

    converted = [
        [[place(step) for step in path], outcome.conversions, outcome.value]
        for path, outcome in sorted(journeys.converted.items())
    ]
    told = {
        "converted": converted,
        "steps": _columns((each, place(step)) for each, step in sorted(journeys.steps.items())),
        "valid": _columns((place(step), n) for step, n in sorted(journeys.valid.items())),
        "one_in": journeys.trails.one_in,
        "trails": journeys.trails.trails,
        "trail_steps": _columns((e, place(s)) for e, s in sorted(journeys.trail_steps.items())),
    }
    return squeeze([[*places], told])


def _columns(pairs: Iterable[tuple[object, object]]) -> list[tuple[object, ...]]:
    return [*zip(*pairs, strict=True)]


def journeys_of(squeezed: bytes) -> WeekJourneys:
    names, told = unpack(squeezed)
    steps: list[Step] = [(network, influencer) for network, influencer in names]
    journeys = WeekJourneys(
        trails=TrailSample(one_in=told["one_in"], trails=tuple(map(tuple, told["trails"]))),
        steps={click: steps[place] for click, place in zip(*told["steps"], strict=True)},
        trail_steps={click: steps[n] for click, n in zip(*told["trail_steps"], strict=True)},
    )
    journeys.valid.update({steps[place]: n for place, n in zip(*told["valid"], strict=True)})
    for path, conversions, value in told["converted"]:
        outcome = Outcome(conversions=conversions, value=value)
        journeys.converted[tuple(steps[place] for place in path)] = outcome
    return journeys
