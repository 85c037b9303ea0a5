"""What the state machines share: a function that dies at a write, a stream and its records, what
there is before an order, how thorough."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from functions.attribute_order.app import handler
from functions.open_doors import app as open_doors
from sharetrail.attribution import missed_rings
from sharetrail.aws import environment
from sharetrail.aws.tables import LINKS, ORDERS, Table
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.sharing import influencers, links
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import Link
from tests.shops import PHONE

Record = dict[str, Any]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

thorough = settings(
    max_examples=60,
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
quick = settings(thorough, phases=[Phase.generate], print_blob=False)
"""One counterexample will do: it need not be the smallest."""
_BESIDE_FACTS = (order_rings.RATE, order_rings.KNOWN, order_rings.HEARD)


def finds(machine: type[RuleBasedStateMachine], how: settings = quick) -> bool:
    """Whether the machine finds something wrong. Ids are drawn anew each time, and workers race:
    what failed once may not when it is lived again, and was found all the same.
    """
    try:
        run_state_machine_as_test(machine, settings=how)
    except AssertionError:
        return True
    except FlakyFailure as flaky:
        return flaky.subgroup(AssertionError) is not None
    return False


class Crash(Exception):
    """The function dies: before or after the table has the write."""


@contextmanager
def crashing(table: Table, write: int | None, after: bool) -> Iterator[None]:
    """The n-th conditional write to the table is the process's last."""
    real, calls = Table.put_if, itertools.count()

    def put_if(written: Table, *args: Any, **named: Any) -> bool:
        dies = written == table and next(calls) == write
        if dies and not after:
            raise Crash
        kept = real(written, *args, **named)
        if dies:
            raise Crash
        return kept

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Table, "put_if", put_if)
        yield


def a_record(key: dict[str, str], number: int, at: datetime) -> Record:
    """A stream's record of a new item, written at `at`."""
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {name: {"S": value} for name, value in key.items()},
            "SequenceNumber": f"{number:021}",
            "ApproximateCreationDateTime": at.timestamp(),
        },
    }


def first_failed(answer: dict[str, Any], records: list[Record]) -> Record | None:
    """Where a partial batch response makes the stream come again."""
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    return next((each for each in records if each["dynamodb"]["SequenceNumber"] in failed), None)


def ring_again() -> None:
    """What was set aside, opened as its queue hands it over; what stays shut is hidden there."""
    sqs, queue = boto3.client("sqs"), environment.queue("doorbells")
    stamp = {"ApproximateFirstReceiveTimestamp": str(int(NOON.timestamp() * 1_000))}
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        messages = [
            {"messageId": each["MessageId"], "body": each["Body"], "attributes": stamp}
            for each in found
        ]
        answer = open_doors.handler({"Records": messages}, None)
        shut = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for each in found:
            if each["MessageId"] not in shut:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])


# ── orders on their way ──────────────────────────────────────────────────────────────────────────
def attribute_by_handler(records: list[Record]) -> Record | None:
    """What the stream does with a batch; the first record that comes again."""
    return first_failed(handler({"Records": records}, None), records)


class OrderStream:
    """The facts that were stored of a shop's orders, and the stream that they ring."""

    def __init__(
        self, attribute: Callable[[list[Record]], Record | None] = attribute_by_handler
    ) -> None:
        self.attribute = attribute
        self.facts: dict[OrderRef, dict[str, Fact]] = defaultdict(dict)
        self.records: list[Record] = []
        self._undelivered = 0
        self._rings: dict[tuple[str, str], bool] = {}
        """Rows that ring, as far as somebody set out to write them; and whether they rang."""

    def store(self, ref: OrderRef, fact: Fact) -> None:
        """The first of a key stands, with the earliest time it was heard; only news ring."""
        known = self.facts[ref].get(fact.sk)
        with self.listening():
            is_new = order_facts.save(ref, fact, NOON)
        assert is_new == (known is None)
        if known is None or fact.heard_at < known.heard_at:
            self.facts[ref][fact.sk] = fact
        if is_new:
            self._ring(ref.pk, fact.sk)

    def deliver(self, many: int) -> None:
        """The next records in order; those from the first failure on come again later."""
        batch = self.records[self._undelivered : self._undelivered + many]
        with self.listening():
            failed = self.attribute(batch)
        self._undelivered += len(batch) if failed is None else batch.index(failed)

    def deliver_all(self) -> None:
        """What was set aside on the way is opened too, and what that rings."""
        while self._undelivered < len(self.records):
            self.deliver(100)
            with self.listening():
                ring_again()

    def give_up(self, many: int) -> None:
        """The next records failed at every attempt."""
        self._undelivered = min(self._undelivered + many, len(self.records))

    def heal(self) -> None:
        """A sweep, and what that rings."""
        with self.listening():
            for ref in map(OrderRef.of, [*order_rings.between(NOON, NOON)]):
                missed_rings.attribute(profiles.find(ref.merchant, NOON), ref.own, NOON)
        self.deliver_all()

    def redeliver(self, records: list[Record]) -> None:
        with self.listening():
            self.attribute(records)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """What is written meanwhile beside an order's facts and rings comes by the stream too."""
        real = Table.put_if

        def put_if(table: Table, item: Any, *args: Any, **named: Any) -> bool:
            if table == ORDERS and item["sk"].startswith(_BESIDE_FACTS):
                self._rings.setdefault((item["pk"], item["sk"]), False)
            return real(table, item, *args, **named)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Table, "put_if", put_if)
            yield
        for key in [key for key, rang in self._rings.items() if not rang]:
            if ORDERS.get(*key):
                self._rings[key] = True
                self._ring(*key)

    def _ring(self, pk: str, sk: str) -> None:
        self.records.append(a_record({"pk": pk, "sk": sk}, len(self.records), NOON))


# ── what there is before ─────────────────────────────────────────────────────────────────────────
def a_merchant(number: int, created_at: datetime = NOON) -> Merchant:
    merchant = Merchant(
        id=f"m_{number}",
        name="",
        shop_host=f"s{number}.example",
        hosts=(),
        origins=(f"https://s{number}.example",),
        currency="USD",
        zone="UTC",
        created_at=created_at,
    )
    profiles.revise(merchant.id, lambda _: merchant)
    return merchant


def a_link(merchant: Merchant, influencer: str) -> Link:
    known = Influencer(id=influencer, name=influencer, created_at=NOON)
    link = Link(
        code=f"{merchant.id[2:]}{influencer[0] * 3}".rjust(10, "0"),
        merchant=merchant.id,
        influencer=influencer,
        url="https://s.example/",
        network="x",
        created_at=NOON,
    )
    LINKS.put_once(links.item(link))
    influencers.meet(merchant.id, known, link, declared=False)
    return link


def a_click(link: Link, at: datetime, visitor: int = 0) -> Click:
    """A person's."""
    who = Visitor(hash=f"{visitor:016x}", agent=PHONE, referrer="", country=None)
    click = new_click(link.merchant, link.code, who, at)
    clicks.save(click)
    return click
