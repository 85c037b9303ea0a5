"""G6: projecting a parsed batch of 10,000 clicks ÷ Powertools' BatchProcessor, in CPU time.

The baseline is what tutorials show: `process_partial_response` over the batch, a DynamoDBRecord
each, and a counter. There are two comparisons, since our stream carries keys and no images:

- *Doorbells*: the same records of keys on both sides. Ours finds the slots to recompute, each once,
  and reports what rings none; the baseline counts records by partition key.
- *All of it*: the baseline gets records with images and counts clicks by link. Ours is whatever the
  function computes for the same clicks: the doorbells; reading the items of a query's answer, as
  the baseline reads its images; the verdicts; and the tally, with unique visitors, devices,
  countries and referrers. What either would say to DynamoDB is left out.

One record of the 10,000 is broken; neither side logs it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from bench import goals
from bench.dynamodb import model
from bench.goals import Figure
from bench.shop import PROFILE
from bench.timing import cpu_seconds
from bench.traffic.crowd import Crowd
from bench.traffic.recordings import Record, record
from sharetrail.aws import batches, items
from sharetrail.aws.tables import MERCHANTS
from sharetrail.clicks.click import Click, click_item, read_click
from sharetrail.clicks.verdict import judge_clicks
from sharetrail.totals import project_events
from sharetrail.totals.tally import tally_clicks

LIMIT = 0.28
_RECORDS = 10_000
_LINKS = 1_000
_START = datetime(2026, 11, 21, 12, 1, 40, tzinfo=UTC)
_TURNS = 7


def measure() -> list[Figure]:
    batch = Batch()
    batches.log.setLevel("CRITICAL")
    with model.replacement():
        MERCHANTS.put(PROFILE)
        return [_of_doorbells(batch), _of_all(batch)]


def _of_doorbells(batch: "Batch") -> Figure:
    ours, theirs = _pairs(batch.ring, lambda: _process(batch.keys, _by_partition))
    return goals.ratio("G6", "doorbells ÷ BatchProcessor", LIMIT, ours, theirs, unit="ms")


def _of_all(batch: "Batch") -> Figure:
    ours, theirs = _pairs(batch.project, lambda: _process(batch.images, _by_link))
    clicks_read = batch.read()
    judged = [list(judge_clicks(shard)) for shard in clicks_read]
    parts: dict[str, Callable[[], object]] = {
        "doorbells": batch.ring,
        "reading items": batch.read,
        "judging": lambda: [list(judge_clicks(shard)) for shard in clicks_read],
        "adding up": lambda: [tally_clicks(shard) for shard in judged],
    }
    details = {
        f"of it {name}": f"{median(_milliseconds(part) for _ in range(3)):.3g} ms"
        for name, part in parts.items()
    }
    what = "all of it ÷ BatchProcessor"
    return goals.ratio("G6", what, LIMIT, ours, theirs, unit="ms", details=details)


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────
class Batch:
    """A shop's 10,000 clicks of five minutes: as the stream's records, and as a query's items."""

    def __init__(self) -> None:
        crowd = Crowd(_LINKS)
        drawn = [crowd.click(at) for at in crowd.moments(_START, timedelta(minutes=5), _RECORDS)]
        self.shards: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.keys: list[Record] = []
        self.images: list[Record] = []
        for number, click in enumerate(drawn):
            item = click_item(click)
            self.shards[item["pk"]].append(items.encode(item))
            self.keys.append(record({n: item[n] for n in ("pk", "sk")}, click.at, number))
            self.images.append(_with_image(self.keys[-1], items.encode(item)))
        for records in (self.keys, self.images):
            records[_RECORDS // 2] = _broken(records[_RECORDS // 2])

    def ring(self) -> None:
        answer = batches.work_off(self.keys, project_events.doors, _unopened, project_events.alike)
        assert len(answer["batchItemFailures"]) == 1, answer

    def read(self) -> list[list[Click]]:
        return [
            [read_click(items.decode(item)) for item in shard] for shard in self.shards.values()
        ]

    def project(self) -> None:
        self.ring()
        for shard in self.read():
            tally_clicks(judge_clicks(shard))


def _unopened(_door: project_events.Door, _record: Record) -> None:
    """What a door leads to is measured by itself."""


def _with_image(keys: Record, image: dict[str, Any]) -> Record:
    change = {**keys["dynamodb"], "NewImage": image, "StreamViewType": "NEW_IMAGE"}
    return {**keys, "dynamodb": change}


def _broken(whole: Record) -> Record:
    return {**whole, "dynamodb": {"SequenceNumber": whole["dynamodb"]["SequenceNumber"]}}


# ── theirs ───────────────────────────────────────────────────────────────────────────────────────
_processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
_counts: Counter[str] = Counter()


def _by_partition(record: DynamoDBRecord) -> None:
    _counts[record.dynamodb.keys["pk"]] += 1


def _by_link(record: DynamoDBRecord) -> None:
    _counts[record.dynamodb.new_image["c"]] += 1


def _process(records: list[Record], handler: Callable[[DynamoDBRecord], None]) -> None:
    answer = process_partial_response(
        event={"Records": records}, record_handler=handler, processor=_processor
    )
    assert len(answer["batchItemFailures"]) == 1, answer


# ── both ─────────────────────────────────────────────────────────────────────────────────────────
def _pairs(
    ours: Callable[[], object], theirs: Callable[[], object]
) -> tuple[Sequence[float], Sequence[float]]:
    """Milliseconds of CPU, one after the other, after a run of each that does not count."""
    pairs = [(_milliseconds(ours), _milliseconds(theirs)) for _ in range(1 + _TURNS)]
    own, other = zip(*pairs[1:], strict=True)
    return own, other


def _milliseconds(work: Callable[[], object]) -> float:
    return cpu_seconds(work) * 1_000


if __name__ == "__main__":
    goals.main(measure)
