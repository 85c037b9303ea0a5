"""The DynamoDB tables, one noun each, and the few ways we read and write them.

Keys are `pk` and, but for salts and links, `sk`. What DynamoDB refuses for another reason than a
condition is raised as botocore raises it; by the redirect's own client, as fast/client.py does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, NamedTuple

from sharetrail.aws import clients, environment
from sharetrail.aws.items import Item, Value, decode, encode

_READS_AT_ONCE = 100
_WRITES_AT_ONCE = 25
_NEW = "attribute_not_exists(pk)"
_LONGEST_PK, _LONGEST_SK = 2_048, 1_024  # bytes
_UNMET = "ConditionalCheckFailed"
_PASSING = frozenset(
    ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
"""Why changes were not written together that may be in a moment; "None" where one was no reason."""


class Index(NamedTuple):
    """An index's name, and its hash and range attributes."""

    name: str
    hash: str
    range: str


class Contended(Exception):
    """Somebody else was writing one of the items: nothing is written, and may be in a moment."""


class MorePages(Exception):
    """There is more than was asked for."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One of several that are written together: an item put in its key's place, or the item of a
    key deleted.
    """

    put: Item = field(default_factory=dict)
    delete: Item = field(default_factory=dict)
    condition: str = ""
    values: Item = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    noun: str
    on_redirect: bool = False
    """Whether the redirect reads or writes it: then by its own client, where FAST_PATH says so."""

    @property
    def name(self) -> str:
        return environment.table(self.noun)

    def get(
        self, pk: str, sk: str | None = None, only: Iterable[str] = (), *, brisk: bool = False
    ) -> Item | None:
        """One item, read consistently; None where there is none, or can be none; where a shopper
        waits, `brisk`: within 150 ms or not at all. `only` as in get_all.
        """
        if not is_key(pk, sk):
            return None
        key = encode({"pk": pk, "sk": sk})
        part = _filled(**_projected(only)) if only else {}
        if fast := clients.fast(self.on_redirect):
            within = fast.BRISK if brisk else fast.PATIENT
            attributes = fast.get_item(self.name, key, within, **part)
        else:
            client = clients.brisk_dynamodb() if brisk else clients.dynamodb()
            answer = client.get_item(TableName=self.name, Key=key, ConsistentRead=True, **part)
            attributes = answer.get("Item")
        return decode(attributes) if attributes is not None else None

    def get_all(
        self, keys: Iterable[Mapping[str, str]], only: Iterable[str] = ()
    ) -> Iterator[Item]:
        """The items of many keys, read consistently, in no order; what is missing is left out.

        `only` these attributes, where named; `a.b` is one inside another.
        """
        unread = [encode(dict(key)) for key in keys if is_key(key["pk"], key.get("sk"))]
        asked = _filled(ConsistentRead=True, **_projected(only))
        while unread:
            ask, unread = unread[:_READS_AT_ONCE], unread[_READS_AT_ONCE:]
            request: Any = {self.name: {"Keys": ask, **asked}}
            answer = clients.dynamodb().batch_get_item(RequestItems=request)
            yield from map(decode, answer["Responses"].get(self.name, []))
            left: Any = answer.get("UnprocessedKeys", {}).get(self.name, {})
            unread += left.get("Keys", [])

    def put(self, item: Item) -> None:
        clients.dynamodb().put_item(TableName=self.name, Item=encode(item))

    def put_once(self, item: Item) -> bool:
        """Write a fact under its key. False, and nothing written, where the key is taken."""
        if fast := clients.fast(self.on_redirect):
            return _put_fast(fast, self.name, item, fast.PATIENT)
        return self.put_if(item, _NEW)

    def put_briskly(self, item: Item, condition: str = _NEW) -> bool:
        """The same within 150 ms, by botocore in one attempt, or not at all: a shopper waits."""
        if fast := clients.fast(self.on_redirect):
            return _put_fast(fast, self.name, item, fast.BRISK, condition)
        return _is_written(
            clients.brisk_dynamodb().put_item,
            TableName=self.name,
            Item=encode(item),
            ConditionExpression=condition,
        )

    def put_if(self, item: Item, condition: str, **values: Value) -> bool:
        """Write where `condition` holds (values as `:name`); False, and nothing written, if not."""
        return _is_written(
            clients.dynamodb().put_item,
            TableName=self.name,
            Item=encode(item),
            ConditionExpression=condition,
            ExpressionAttributeValues=_bound(values),
        )

    def update(
        self,
        key: Mapping[str, str],
        expression: str,
        condition: str = "",
        names: Iterable[str] = (),
        **values: Value,
    ) -> bool:
        """Update one item where `condition` holds; False, and nothing changed, if not.

        `names` are the attributes that the expression writes as `#name`.
        """
        return _is_written(
            clients.dynamodb().update_item,
            TableName=self.name,
            Key=encode(dict(key)),
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeNames={f"#{name}": name for name in names},
            ExpressionAttributeValues=_bound(values),
        )

    def delete(self, pk: str, sk: str | None = None) -> None:
        clients.dynamodb().delete_item(TableName=self.name, Key=encode({"pk": pk, "sk": sk}))

    def delete_if(
        self, pk: str, sk: str, condition: str, names: Iterable[str] = (), **values: Value
    ) -> bool:
        """Delete where `condition` holds (values as `:name`); False, and nothing gone, if not.
        `names` as in `update`.
        """
        return _is_written(
            clients.dynamodb().delete_item,
            TableName=self.name,
            Key=encode({"pk": pk, "sk": sk}),
            ConditionExpression=condition,
            ExpressionAttributeNames={f"#{name}": name for name in names},
            ExpressionAttributeValues=_bound(values),
        )

    def write_together(self, changes: Sequence[Change]) -> list[int]:
        """Write all of at most 100 changes, each of another item, or none: the places of those
        whose condition does not hold. Contended where that cannot be told.
        """
        from botocore.exceptions import ClientError

        asked: Any = [_transacted(self.name, change) for change in changes]
        try:
            clients.dynamodb().transact_write_items(TransactItems=asked)
        except ClientError as error:
            reasons: Any = error.response.get("CancellationReasons", [])
            codes = [each["Code"] for each in reasons]
            if unmet := [place for place, code in enumerate(codes) if code == _UNMET]:
                return unmet
            if codes and _PASSING.issuperset(codes):
                raise Contended from error
            raise
        return []

    def query(
        self,
        pk: str,
        *,
        index: Index | None = None,
        prefix: str = "",
        between: tuple[str, str] | None = None,
        after: str = "",
        start: Item | None = None,
        backward: bool = False,
        having: str = "",
        most_pages: int = 0,
        only: Iterable[str] = (),
    ) -> Iterator[Item]:
        """A partition's items in key order, read consistently; `between` includes both ends. None
        of where no key can be.

        Of an index `pk` is its hash, and what bounds the range is its range attribute's; an index
        is never read consistently. `having` leaves out the items without that attribute: they are
        read, and not sent. Behind `most_pages`, of a megabyte each, MorePages. `only` as in
        get_all. Behind `start`, an item's keys and the index's, whatever else has its range.
        """
        if not all(is_key(pk, each) for each in (after, prefix, *(between or ()))):
            return iter(())
        aliases = {"#hash": index.hash, "#range": index.range} if index else {}
        hash_name, range_name = aliases or ("pk", "sk")
        condition, values = _range(range_name, prefix, between, after)
        if not condition:
            aliases.pop("#range", None)
        if having:
            aliases["#having"] = having
        return self._pages(
            clients.dynamodb().query,
            most_pages,
            IndexName=index and index.name,
            KeyConditionExpression=f"{hash_name} = :pk{condition}",
            FilterExpression="attribute_exists(#having)" if having else "",
            ExpressionAttributeValues=encode({":pk": pk, **values}),
            ConsistentRead=index is None,
            ScanIndexForward=not backward,
            ExclusiveStartKey=encode(start) if start else None,
            **_projected(only, aliases),
        )

    def scan(self, index: str | None = None, only: Iterable[str] = ()) -> Iterator[Item]:
        """Everything: for small tables and sparse indexes alone."""
        return self._pages(clients.dynamodb().scan, 0, IndexName=index, **_projected(only))

    def write_all(self, items: Iterable[Item]) -> None:
        """Write many items in batches, over what is there: for facts made all at once."""
        waiting = iter(items)
        while batch := list(islice(waiting, _WRITES_AT_ONCE)):
            unwritten: Any = {self.name: [{"PutRequest": {"Item": encode(item)}} for item in batch]}
            while unwritten:
                answer = clients.dynamodb().batch_write_item(RequestItems=unwritten)
                unwritten = answer.get("UnprocessedItems")

    def _pages(self, read: Any, most: int, **asked: Any) -> Iterator[Item]:
        """Page by page as it is consumed; botocore's paginator costs a new class a call."""
        start: dict[str, Any] = asked.pop("ExclusiveStartKey", None) or {}
        for page in count(1):
            answer = read(**_filled(TableName=self.name, ExclusiveStartKey=start, **asked))
            yield from map(decode, answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return
            if page == most:
                raise MorePages


def is_key(pk: str, sk: str | None) -> bool:
    """Whether DynamoDB takes this for a key at all: it fails on a longer one, found or not."""
    return len(pk.encode()) <= _LONGEST_PK and len((sk or "").encode()) <= _LONGEST_SK


def _range(name: str, prefix: str, between: tuple[str, str] | None, after: str) -> tuple[str, Item]:
    if after:
        return f" AND {name} > :low", {":low": after}
    if between:
        return f" AND {name} BETWEEN :low AND :high", {":low": between[0], ":high": between[1]}
    if prefix:
        return f" AND begins_with({name}, :prefix)", {":prefix": prefix}
    return "", {}


def _projected(only: Iterable[str], aliases: Mapping[str, str] = {}) -> dict[str, Any]:
    """Every name under an alias of its own: DynamoDB reserves hundreds of words."""
    paths = [path.split(".") for path in only]
    return {
        "ProjectionExpression": ", ".join(".".join(f"#only_{n}" for n in path) for path in paths),
        "ExpressionAttributeNames": {**aliases, **{f"#only_{n}": n for p in paths for n in p}},
    }


def _bound(values: Item) -> dict[str, Any]:
    return encode({f":{name}": value for name, value in values.items()})


def _filled(**request: Any) -> dict[str, Any]:
    """The request without what is empty, which DynamoDB refuses."""
    return {name: value for name, value in request.items() if value not in (None, "", {})}


def _transacted(table: str, change: Change) -> dict[str, Any]:
    kind, what = ("Put", "Item") if change.put else ("Delete", "Key")
    request = {
        "TableName": table,
        what: encode(change.put or change.delete),
        "ConditionExpression": change.condition,
        "ExpressionAttributeValues": _bound(change.values),
    }
    return {kind: _filled(**request)}


def _put_fast(fast: Any, table: str, item: Item, within: float, condition: str = _NEW) -> bool:
    """False where the condition does not hold, be it for an attempt whose answer was lost."""
    try:
        fast.put_item(table, encode(item), condition, within)
    except fast.ConditionFailed:
        return False
    return True


def _is_written(write: Any, **request: Any) -> bool:
    from botocore.exceptions import ClientError  # not where nothing writes by botocore

    try:
        write(**_filled(**request))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


MERCHANTS = Table("merchants", on_redirect=True)
SALTS = Table("salts", on_redirect=True)
LINKS = Table("links", on_redirect=True)
EVENTS = Table("events", on_redirect=True)
ORDERS = Table("orders")
TOTALS = Table("totals")
IDENTITIES = Table("identities")
INFLUENCERS = Table("influencers")
REPORTS = Table("reports")
AGENDA = Table("agenda", on_redirect=True)
CREDITS_BY_DAY = Index("credits", "owner", "day")
DUE = Index("due", "due", "at")
HEARD_BY_HOUR = Index("heard", "heard", "pk")
MERCHANTS_BY_ZONE = Index("zone", "zone", "pk")
RECRUITS = Index("recruits", "recruits", "recruited")
LINKS_BY_MERCHANT = Index("created", "merchant", "created_at")
LINKS_BY_INFLUENCER = Index("influencer", "owner", "pk")
