"""The redirect's reads and writes: by wire.py, or by botocore where FAST_PATH says no.

A link, a merchant and a day's salt are found this way by every function that asks for one.
"""

from sharetrail import aws, environment, wire
from sharetrail.items import Item, decode, encode
from sharetrail.tables import Table, is_key


def get(table: Table, pk: str, sk: str | None = None) -> Item | None:
    """Table.get: one item, read consistently; None where there is none, or can be none."""
    if not environment.fast_path():
        return table.get(pk, sk)
    if not is_key(pk, sk):
        return None
    found = wire.get_item(table.name, encode({"pk": pk, "sk": sk}))
    return decode(found) if found is not None else None


def put_once(table: Table, item: Item) -> bool:
    """Table.put_once: False where the key is taken, be it by an attempt whose answer was lost."""
    if environment.fast_path():
        return _put(table, item, wire.PATIENT)
    return table.put_once(item)


def put_briskly(table: Table, item: Item) -> bool:
    """The same within 150 ms, or not at all: a shopper waits."""
    if environment.fast_path():
        return _put(table, item, wire.BRISK)
    return table.put_briskly(item)


def send(queue_url: str, body: str) -> None:
    if environment.fast_path():
        wire.send_message(queue_url, body)
    else:
        aws.sqs().send_message(QueueUrl=queue_url, MessageBody=body)


def _put(table: Table, item: Item, within: float) -> bool:
    try:
        wire.put_item(table.name, encode(item), "attribute_not_exists(pk)", within)
    except wire.ConditionFailed:
        return False
    return True
