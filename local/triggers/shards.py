"""Reading a stream's shards: Lambda's records out of the stream's own."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from local.clock import Clock
from local.emulator.clients import client
from local.template import filters

_MOST = 1000  # records that a stream gives at once
_IMAGES = {
    "KEYS_ONLY": (),
    "NEW_IMAGE": ("NewImage",),
    "OLD_IMAGE": ("OldImage",),
    "NEW_AND_OLD_IMAGES": ("NewImage", "OldImage"),
}
_COUNTER_DIGITS = 10  # of the emulator's sequence numbers; before them stand milliseconds
# The second is DynamoDB Local's, for an iterator taken on an empty shard.
_LOST = ("ExpiredIteratorException", "TrimmedDataAccessException")


class StreamedTable:
    def __init__(self, table: str, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._dynamodb = client("dynamodb")
        self._streams = client("dynamodbstreams")

    def open_shards(self, *, latest: bool) -> list["Shard"]:
        """Every shard of the table's stream, to be read from its start or from now on."""
        table = self._dynamodb.describe_table(TableName=self._table)["Table"]
        arn = table["LatestStreamArn"]
        kind = "LATEST" if latest else "TRIM_HORIZON"
        return [
            Shard(self._streams, arn, identifier, self._clock, kind)
            for identifier in self._identifiers(arn)
        ]

    def _identifiers(self, arn: str) -> Iterable[str]:
        start: dict[str, str] = {}
        while True:
            answer = self._streams.describe_stream(StreamArn=arn, **start)
            stream = answer["StreamDescription"]
            yield from (shard["ShardId"] for shard in stream["Shards"])
            if "LastEvaluatedShardId" not in stream:
                return
            start = {"ExclusiveStartShardId": stream["LastEvaluatedShardId"]}


class Shard:
    def __init__(self, streams: Any, arn: str, identifier: str, clock: Clock, kind: str) -> None:
        self.identifier = identifier
        self._arn = arn
        self._clock = clock
        self._streams = streams
        self._last: str | None = None
        self._iterator = self._ask(kind)

    def read(self, patterns: Iterable[Mapping[str, Any]]) -> tuple[bool, list[Mapping[str, Any]]]:
        """Whether there were records, and those of them that match."""
        if not self._iterator:
            return False, []
        answer = self._get()
        self._iterator = answer.get("NextShardIterator")
        raw = answer["Records"]
        if raw:
            self._last = raw[-1]["dynamodb"]["SequenceNumber"]
        records = [self._shape(each) for each in raw]
        return bool(raw), [each for each in records if filters.matches_any(patterns, each)]

    def _get(self) -> Any:
        try:
            return self._streams.get_records(ShardIterator=self._iterator, Limit=_MOST)
        except ClientError as error:
            # An iterator lives for fifteen minutes.
            if error.response["Error"]["Code"] not in _LOST:
                raise
            self._iterator = self._ask("AFTER_SEQUENCE_NUMBER" if self._last else "TRIM_HORIZON")
            return self._streams.get_records(ShardIterator=self._iterator, Limit=_MOST)

    def _ask(self, kind: str) -> Any:
        after = {"SequenceNumber": self._last} if self._last else {}
        return self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=self.identifier, ShardIteratorType=kind, **after
        )["ShardIterator"]

    def _shape(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        change = raw["dynamodb"]
        view = change["StreamViewType"]
        kept = {name: change[name] for name in _IMAGES[view] if name in change}
        shaped = {
            "eventID": raw["eventID"],
            "eventName": raw["eventName"],
            "eventVersion": raw["eventVersion"],
            "eventSource": raw["eventSource"],
            "awsRegion": raw["awsRegion"],
            "dynamodb": {
                # Lambda gives whole seconds.
                "ApproximateCreationDateTime": int(self._creation_time(change).timestamp()),
                "Keys": change["Keys"],
                **kept,
                "SequenceNumber": change["SequenceNumber"],
                "SizeBytes": change["SizeBytes"] or len(str(change["Keys"])),
                "StreamViewType": view,
            },
            "eventSourceARN": self._arn,
        }
        return shaped | ({"userIdentity": raw["userIdentity"]} if "userIdentity" in raw else {})

    def _creation_time(self, change: Mapping[str, Any]) -> datetime:
        """The virtual time of a change.

        The stream rounds down to seconds, which would put a change before a jump of the clock in
        the same second; the emulator's sequence number knows better.
        """
        rounded = change["ApproximateCreationDateTime"].astimezone(UTC).timestamp()
        exact = int(change["SequenceNumber"][:-_COUNTER_DIGITS] or 0) / 1000
        return self._clock.virtual(exact if 0 <= exact - rounded < 2 else rounded)
