"""The stream delivers as Lambda's does."""

from datetime import UTC, datetime, timedelta

from bench.traffic.recordings import Record
from bench.traffic.stream import Rules, Stream

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_stream_hands_over_full_batches_and_windows_that_ended() -> None:
    batches: list[list[Record]] = []
    stream = Stream(Rules(batch=3, window=timedelta(seconds=300), lanes=1), batches.append)
    for second in (0, 1, 2, 3, 302, 304):
        stream.wait(NOON + timedelta(seconds=second))
        stream.ring({"pk": "a", "sk": str(second)}, NOON + timedelta(seconds=second))
    stream.end()
    keys = [[record["dynamodb"]["Keys"]["sk"]["S"] for record in batch] for batch in batches]
    assert keys == [["0", "1", "2"], ["3", "302"], ["304"]]
