"""A store that is away for three seconds: shoppers in error, clicks lost and clicks doubled.

DynamoDB's connections are cut, or hang; the queue is another service, and stays. Ours by its own
client and by botocore, and the cookbook's handler beside it, one after the other.
"""

from urllib.parse import urlsplit

from bench import goals
from bench.environments import Absent
from bench.goals import Figure
from bench.redirect import runtime
from bench.redirect.stage import COOKBOOK, OURS, Stage, build_stage
from bench.standing import crowd
from bench.standing.crowd import How, Outcome
from bench.standing.gate import Gate, gate_to
from bench.standing.store import Store

_WAYS: dict[How, str] = {"cut": "connections cut", "hang": "connections hanging"}
_HANDLERS: dict[str, tuple[str, dict[str, str]]] = {
    "ours": (OURS, {}),
    "ours by botocore": (OURS, {"FAST_PATH": "no"}),
    "cookbook": (COOKBOOK, {}),
}
_WHAT = {"in_error": "shoppers in error", "lost": "clicks lost", "doubled": "clicks doubled"}


def measure() -> list[Figure]:
    store = Store()
    try:
        with build_stage(store) as stage:
            port = urlsplit(stage.endpoint).port
            assert port
            with gate_to(port) as gate:
                outcomes = {how: _of_all(stage, store, gate, how) for how in _WAYS}
    except Absent as absent:
        return [_figure(how, name, None, str(absent)) for how in _WAYS for name in _WHAT]
    return [
        figure
        for how, own in outcomes.items()
        for figure in (_figure(how, name, own) for name in _WHAT)
    ]


def _of_all(stage: Stage, store: Store, gate: Gate, how: How) -> dict[str, Outcome]:
    """By handler."""
    behind = {
        **stage.every_authority,
        "AWS_ENDPOINT_URL_DYNAMODB": f"https://127.0.0.1:{gate.port}",
        "AWS_ENDPOINT_URL_SQS": stage.endpoint,
    }
    outcomes = {}
    for number, (name, (module, variables)) in enumerate(_HANDLERS.items(), 3 * (how == "hang")):
        first = 1_000 * number
        outcomes[name] = crowd.run(stage, store, gate, module, how, first, **behind, **variables)
    return outcomes


def _figure(how: How, name: str, outcomes: dict[str, Outcome] | None, note: str = "") -> Figure:
    """Of ours the worse of both clients; all that each handler came to stands behind the first."""
    what = f"{_WHAT[name]}, {_WAYS[how]}"
    if outcomes is None:
        return goals.unmeasured("away", what, 0, note, sense="exactly")
    ours = (own for handler, own in outcomes.items() if handler != "cookbook")
    details = {handler: str(own) for handler, own in outcomes.items()}
    return Figure(
        "away",
        what,
        max(getattr(own, name) for own in ours),
        0,
        sense="exactly",
        details={**details, "runtime": runtime.version()} if name == "in_error" else {},
    )


if __name__ == "__main__":
    goals.main(measure)
