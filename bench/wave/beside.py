"""Shops on the emulator, counted, beside what the model says of them: `python -m bench.wave
--emulator`, two minutes. Streams are left out: what they cost is docs/speed.md's G9."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bench.goals import Figure
from bench.wave import diary, rounds, shops, timetable
from bench.wave.forecast import Counts, Tally, counted, forecast
from bench.wave.ledger import Ledger
from bench.wave.measured import Measured

SHOPS = 200
OFF = 0.1
"""How far what is counted may be from the model."""
_RACED = ("kms",)
"""Two mails of one merchant that are sent at once have its key decrypted by one of them or by both:
whichever thread is faster. On how many that is, the model has nothing to say."""
_OFTEN = 100
"""Requests to a table that tell something: of fewer a handful more or less is a tenth."""


def measure(costs: Measured, number: int = SHOPS) -> list[Figure]:
    model, counts = _lives(costs, number)
    own = counts.requests.keys() & model.requests.keys()
    requests = {
        f"{kind}, {table}": off(asked, of_model)
        for kind in own
        for table, asked, of_model in by_table(counts.requests[kind], model.requests[kind])
    }
    kinds = counts.messages.keys() | model.messages.keys()
    messages = {kind: off(counts.messages[kind], model.messages[kind]) for kind in kinds}
    what = f"of the model, {number} merchants counted on the emulator"
    return [
        _figure(f"requests by kind and table, part {what}", requests),
        _figure(f"messages by kind, part {what}", messages),
    ]


def _lives(costs: Measured, number: int) -> tuple[Tally, Tally]:
    """What the model says of them, and what was counted."""
    living = shops.draw(number)
    story, ledger = diary.at_random(living), Ledger()
    with ledger.cloud(start=diary.START) as cloud:
        rounds.live(cloud, living, story)
        minutes = timetable.minutes(cloud.template)
    return forecast(costs, living, story, minutes), counted(ledger.runs)


def by_table(counts: Counts, model: Counts) -> Iterator[tuple[str, float, float]]:
    ours, theirs = _tables(counts), _tables(model)
    for table in (ours.keys() | theirs.keys()) - {*_RACED}:
        if max(ours[table], theirs[table]) >= _OFTEN:
            yield table, ours[table], theirs[table]


def off(counts: float, model: float) -> float:
    """Of what the model knows nothing all is too much."""
    return counts / model - 1 if model else 1.0


def _tables(counts: Counts) -> Counter[str]:
    tables: Counter[str] = Counter()
    for name, number in counts.items():
        tables[name.partition(" ")[0]] += number  # type: ignore[assignment]
    return tables


def _figure(what: str, parts: Mapping[str, float]) -> Figure:
    """The farthest off, either way; beside it all."""
    details = {name: f"{part:+.1%}" for name, part in sorted(parts.items())}
    return Figure(
        "G15", f"farthest off: {what}", max(map(abs, parts.values())), OFF, details=details
    )
