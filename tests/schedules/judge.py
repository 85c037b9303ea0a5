"""What two lives of one shop come to, of which one was calm: the same, but for what is named here;
and what stored facts must come to in any life, told without the code that computes it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any, NamedTuple

from sharetrail.aws.items import decode
from sharetrail.orders import order_rings
from tests.schedules.cloud import Cloud

Row = dict[str, Any]
Place = tuple[str, str, str]


class Differs(NamedTuple):
    """Rows of a table whose `pk / sk` matches may differ in these attributes; where none is named,
    they may be there or not."""

    table: str
    row: str
    attributes: tuple[str, ...]
    why: str


MAY_DIFFER = (
    Differs("agenda", "", (), "when something was asked for, and by whom taken: see `undone`"),
    Differs("orders", "", ("heard",), "the hour in which a row was written"),
    Differs("orders", "/ known#", (), "a bell: whoever is told of a click first rings the others"),
    Differs("orders", "/ credits$", ("revision", "beside", "facts"), "how many bells, how often"),
    Differs("orders", "/ stitched$", ("facts",), "of how many facts and bells it was computed"),
    Differs("identities", "", ("facts",), "of how many facts and bells it was computed"),
    Differs("totals", "#week / ", ("revision",), "how often it was added up"),
    Differs("totals", "#rung / ", (), "a bell: of the weeks that an order changes"),
    Differs("links", "#product#", ("told_at",), "an instance says it once a day"),
    Differs("merchants", "/ allowance#", (), "each call counts, a resend too"),
    Differs("merchants", "/ key$", ("used",), "a key's last day is noted if it can be"),
    Differs("reports", "/ week#", ("at", "snapshot"), "when it was built, and a hash of that"),
    Differs("reports", "^page#.* / link$", (), "a mail's links are made at each attempt at it"),
    Differs("reports", "/ week#", ("claimed", "expires", "message", "sent"), "when it left"),
)


def differences(calm: Cloud, lived: Cloud) -> list[str]:
    """Where a life came to something else than it would have in calm, and what is undone in it."""
    before, after = told(calm), told(lived)
    places = sorted(before.keys() | after.keys())
    found = [line for each in places for line in _changes(each, before.get(each), after.get(each))]
    found += [f"left: {each}" for each in sorted(left(calm) ^ left(lived))]
    found += [f"undone: {each}" for each in undone(lived)]
    found += [f"against its facts: {each}" for each in against_facts(lived)]
    found += [f"mails: {each}" for each in mails(calm, lived)]
    return found


def _changes(place: Place, before: Row | None, after: Row | None) -> Iterator[str]:
    if before is None or after is None:
        yield f"{place}: there {'is a row too many' if before is None else 'is no row any more'}"
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{place}: {name} was {before.get(name)!r:.200} and is {after.get(name)!r:.200}"


# ── every table ──────────────────────────────────────────────────────────────────────────────────
def rows(cloud: Cloud) -> Iterator[tuple[str, Row]]:
    for name in cloud.template.tables:
        noun = name.removeprefix("sharetrail-").removesuffix("-table")
        for row in cloud.dynamodb.tables[name].all():
            yield noun, decode(row)


def told(cloud: Cloud) -> dict[Place, Row]:
    """All rows, without what may differ."""
    found = {}
    for noun, row in _heard_first(cloud):
        if (kept := _same(noun, row)) is not None:
            found[noun, row["pk"], row.get("sk", "")] = kept
    return found


def _heard_first(cloud: Cloud) -> Iterator[tuple[str, Row]]:
    """Each fact with the time when it was first heard of, be it that another row tells that."""
    all_rows = [*rows(cloud)]
    first: dict[tuple[str, str], str] = {}
    for _, row in all_rows:
        if row.get("sk", "").startswith(order_rings.HEARD):
            fact, _, at = row["sk"].removeprefix(order_rings.HEARD).rpartition("#")
            first[row["pk"], fact] = min(at, first.get((row["pk"], fact), at))
    for noun, row in all_rows:
        if row.get("sk", "").startswith(order_rings.HEARD):
            continue
        earliest = first.get((row["pk"], row.get("sk", "")))
        if earliest and earliest < row["received"]:
            row = {**row, "received": earliest}
        yield noun, row


def _same(noun: str, row: Row) -> Row | None:
    """What of a row is the same in every life; None where it need not be there."""
    place = f"{row['pk']} / {row.get('sk', '')}"
    if "#closed / " in place and not row["facts"]:
        return None  # a silent day, which may be closed and need not
    if "days" in row and "#week / " in place:
        row = {**row, "days": {day: of for day, of in row["days"].items() if of[0]}}
    for each in MAY_DIFFER:
        if each.table == noun and re.search(each.row, place):
            if not each.attributes:
                return None
            row = {name: value for name, value in row.items() if name not in each.attributes}
    return row


# ── queues and buckets ───────────────────────────────────────────────────────────────────────────
def left(cloud: Cloud) -> set[tuple[str, str]]:
    """What stands in any queue: of what nobody can ever do, and nothing else."""
    return {
        (url.rpartition("/")[2], _without_numbers(message.body))
        for url, messages in cloud.queues.messages.items()
        for message in messages
    }


def _without_numbers(body: str) -> str:
    """A bell without what its stream and its time say."""
    return re.sub(r'"(SequenceNumber|ApproximateCreationDateTime)": "?[\d.]+"?', "", body)


# ── what is to be done ───────────────────────────────────────────────────────────────────────────
def undone(cloud: Cloud) -> Iterator[str]:
    """What fell due and is not done, or lies where failures lie."""
    now = f"{cloud.time.at:%Y-%m-%dT%H:%M:%S}"
    for noun, row in rows(cloud):
        if cloud.is_over and noun == "agenda" and "due" in row and row["at"] < now:
            yield f"{row['sk']} since {row['at']}"
    for bucket, objects in cloud.buckets.objects.items():
        yield from (f"{bucket}: {key}" for key in objects if key.startswith("spilled/"))


# ── facts ────────────────────────────────────────────────────────────────────────────────────────
def against_facts(cloud: Cloud) -> Iterator[str]:
    facts: Counter[tuple[str, str]] = Counter()
    slots: dict[tuple[str, str], int] = {}
    hours, noted = set(), set()
    orders: dict[str, list[Row]] = defaultdict(list)
    for noun, row in rows(cloud):
        if noun == "events":
            merchant, day, shard = row["pk"].split("#")
            for slot in _slots(row["sk"], shard):
                facts[f"{merchant}#{day}", f"{slot}#{shard}"] += 1
            hours.add(f"heal#{day[:4]}-{day[4:6]}-{day[6:]}T{row['sk'][:2]}")
        elif noun == "totals" and re.fullmatch(r"\d{4}#\w+#0", row["sk"]):
            slots[row["pk"], row["sk"].rpartition("#")[0]] = row["facts"]
        elif noun == "agenda":
            noted.add(row["sk"])
        elif noun == "orders":
            orders[row["pk"]].append(row)
    for place in facts.keys() | slots.keys():
        if (counted := slots.get(place, 0)) != facts[place]:
            yield f"the total {place} is of {counted} facts, and there are {facts[place]}"
    yield from (f"nobody noted {each}" for each in hours - noted)
    for pk, of_order in orders.items():
        yield from _against_order(pk, of_order)


def _slots(sk: str, shard: str) -> Iterator[str]:
    """Those in which a fact of this time of day is counted, or a click looked at for a repeat."""
    hour, minute, second = int(sk[:2]), int(sk[2:4]), int(sk[4:6])
    start = hour * 60 + minute - minute % 5
    yield f"{start // 60:02}{start % 60:02}"
    if shard.isdigit() and (minute % 5) * 60 + second >= 270 and start < 1_435:
        yield f"{(start + 5) // 60:02}{(start + 5) % 60:02}"


def _against_order(pk: str, of_order: list[Row]) -> Iterator[str]:
    bells = sum(row["sk"].startswith(order_rings.PREFIXES) for row in of_order)
    for row in of_order:
        if row["sk"] == "credits" and row["facts"] != bells:
            yield f"the credits of {pk} are of {row['facts']} rows, and there are {bells}"


# ── mails ────────────────────────────────────────────────────────────────────────────────────────
TWICE = (("sesv2", "send_email"), ("dynamodb", "update_item"))
"""Where a run that dies, or is not answered, leaves a mail that was sent and not noted: the one
thing here that may be done twice."""


def mails(calm: Cloud, lived: Cloud) -> Iterator[str]:
    before, after = _by_recipient(calm), _by_recipient(lived)
    spare = sum(n for (s, o, _), n in lived.mishaps.happened.items() if (s, o) in TWICE)
    if before.keys() != after.keys():
        yield f"to {sorted(before)} became to {sorted(after)}"
    for to in before.keys() & after.keys():
        if {*before[to]} != {*after[to]}:
            yield f"{to} reads something else"
        if len(after[to]) > 1 + spare:
            yield f"{to} has {len(after[to])} mails"


def _by_recipient(cloud: Cloud) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in cloud.mails.sent:
        found[each.to].append(_words(each.raw))
    return found


def _words(raw: bytes) -> str:
    """A mail's text, without the tokens of its links."""
    mail = message_from_bytes(raw, policy=policy.default)
    part = mail.get_body(("plain",))  # type: ignore[attr-defined]
    text = f"{mail['Subject']}\n{part.get_content() if part else ''}"
    return re.sub(r"/(reports|unsubscribe)/[\w.-]+", r"/\1/…", text)
