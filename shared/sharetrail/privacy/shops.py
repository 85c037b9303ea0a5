"""A whole shop erased: its keys first, so that nothing of it is written or read any more and its
hashes lead to nobody; then whatever stands under its name.

Table merchants: `merchant#id / erased` says as of when, since when there was anything, where sums
are retained, and when it was done. Each step removes what it finds, so a run that died, or had no
more time, goes on where it was. What ends by itself is left to: clicks and page events, sums of
five minutes, and what joined orders by hashes, whose key is gone.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from sharetrail.aws import environment, removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import AGENDA, INFLUENCERS, MERCHANTS, REPORTS, TOTALS, Table
from sharetrail.calendars import HOUR, iso, moment
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant, merchant_id_of
from sharetrail.privacy import influencers, pieces
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.pieces import MoreToDo, Piece
from sharetrail.privacy.shop import retained, shop_influencers, shop_links, shop_orders
from sharetrail.problems import Problem
from sharetrail.questions import privacy_requests
from sharetrail.report.keeping.reports import DAYS

_ROW = "erased"
_SECRETS = "secret#"
_TOTALS = ("closed", "day", "rung", "week", "trails")
_OF_REPORTS = ("", DAYS, "weeks/", "sent-orders/")
_OF_QUARANTINE = ("", "spilled/", "questions/", "results/", "sent/")
_REQUESTS = (privacy_requests.ERASURES_PREFIX, privacy_requests.EXPORTS_PREFIX)


class BeingErased(Problem):
    """A shop of this host is being erased, and may begin anew once that is done."""

    status = 409
    title = "The shop is being erased"


def check_may_begin(shop_host: str) -> None:
    """BeingErased."""
    row = _row(merchant_id_of(shop_host))
    if row and "done" not in row:
        raise BeingErased("This shop is being erased. Onboard it once that is done.")


def was_done_before(merchant_id: str, at: datetime) -> bool:
    """Whether nothing is left of it that could be told of, as of the newest that was begun."""
    row = _row(merchant_id)
    return bool(row and "done" in row and moment(row["done"]) < at)


def erase(merchant_id: str, asked_at: datetime, now: datetime, piece: Piece) -> Erased:
    """As of when it was asked: a shop that has begun anew since is another one. MoreToDo."""
    row = _begun(merchant_id, asked_at)
    if row is None:
        return Erased()
    deleted = _keys(merchant_id)
    if "retained" not in row:
        _note(merchant_id, "retained", retained.keep(merchant_id, moment(row["at"])))
    for number in _removed(merchant_id, moment(row["since"]), now, piece.is_over):
        deleted += number
        if piece.is_over():
            raise MoreToDo
    _note(merchant_id, "done", iso(now))
    return Erased(deleted=deleted)


def _removed(
    merchant_id: str, since: datetime, now: datetime, is_over: Callable[[], bool]
) -> Iterator[int]:
    """Step by step. Hours in which orders were heard of are looked through once."""
    yield shop_orders.delete_all(merchant_id, since, now, is_over)
    MERCHANTS.update(_key(merchant_id), "SET since = :now", now=iso(now - HOUR))
    yield shop_links.end_all(merchant_id, is_over)
    yield shop_influencers.delete_all(merchant_id, is_over)
    for table, keys in _rows(merchant_id):
        yield removals.rows(table, pieces.in_time(keys, is_over))
    for bucket, named in _objects(merchant_id):
        yield removals.named(bucket, pieces.in_time(named, is_over))


# ── its own row ──────────────────────────────────────────────────────────────────────────────────
def _begun(merchant_id: str, asked_at: datetime) -> Item | None:
    """The row of this erasure; None where the shop is not there, or is another one by now."""
    shop, row = profiles.read(merchant_id), _row(merchant_id)
    if shop is None or shop.created_at > asked_at:
        return row if shop is None else None
    if row is None or "done" in row:
        row = {**_key(merchant_id), "at": iso(asked_at), "since": iso(shop.created_at)}
        MERCHANTS.put(row)
    return row


def _row(merchant_id: str) -> Item | None:
    key = _key(merchant_id)
    return MERCHANTS.get(key["pk"], key["sk"])


def _note(merchant_id: str, name: str, value: str) -> None:
    setting = f"SET #{name} = if_not_exists(#{name}, :value)"
    MERCHANTS.update(_key(merchant_id), setting, names=[name], value=value)


def _key(merchant_id: str) -> dict[str, str]:
    return {"pk": f"merchant#{merchant_id}", "sk": _ROW}


# ── what is removed ──────────────────────────────────────────────────────────────────────────────
def _keys(merchant_id: str) -> int:
    """Secrets, the key of buyers' hashes and that of links among them; API keys, hosts, origins,
    and links to unsubscribe; last the profile, without which nobody finds the shop."""
    pk = f"merchant#{merchant_id}"
    secrets = MERCHANTS.query(pk, prefix=_SECRETS, only=["pk", "sk"])
    number = removals.rows(MERCHANTS, secrets)
    number += removals.rows(MERCHANTS, map(_key_of, removals.belonging(MERCHANTS, merchant_id)))
    return number + removals.rows(MERCHANTS, ({"pk": pk, "sk": sk} for sk in ("keys", "profile")))


def _key_of(row: Item) -> dict[str, str]:
    return {"pk": row["pk"], "sk": row["sk"]}


def _rows(merchant_id: str) -> Iterator[tuple[Table, Iterable[Item]]]:
    """The keys of those that go last, table by table."""
    for each in _TOTALS:
        yield TOTALS, removals.keys_of(TOTALS, f"{merchant_id}#{each}")
    yield REPORTS, map(_key_of, removals.belonging(REPORTS, merchant_id))
    yield REPORTS, removals.keys_of(REPORTS, merchant_id)
    yield AGENDA, removals.keys_of(AGENDA, merchant_id)
    for name in ("spent", "connection"):
        yield MERCHANTS, removals.keys_of(MERCHANTS, f"{name}#{merchant_id}")
    yield MERCHANTS, removals.keys_of(MERCHANTS, f"merchant#{merchant_id}", but=[_ROW])


def _objects(merchant_id: str) -> Iterator[tuple[str, Iterator[str]]]:
    """What was asked for its people, too, this erasure alone left out, which may be asked again."""
    reports, quarantine = environment.reports_bucket(), environment.quarantine_bucket()

    def keys(bucket: str, folders: Iterable[str]) -> Iterator[str]:
        return chain.from_iterable(
            removals.listed(bucket, f"{each}{merchant_id}/") for each in folders
        )

    yield reports, keys(reports, _OF_REPORTS)
    yield quarantine, keys(quarantine, _OF_QUARANTINE)
    yield quarantine, (key for key in keys(quarantine, _REQUESTS) if "/shop-" not in key)


# ── what is known of it ──────────────────────────────────────────────────────────────────────────
def export(merchant: Merchant) -> dict[str, Any]:
    """Of a shop as such: settings, people, codes, costs, and what was credited month by month. Of
    secrets it is told that there are some; orders, links and scores are read by the API."""
    rows = list(MERCHANTS.query(f"merchant#{merchant.id}"))
    people = INFLUENCERS.query(merchant.id)
    return {
        "merchant": merchant.id,
        "rows": [_shown(row) for row in rows if not row["sk"].startswith(_SECRETS)],
        "secrets": [row["sk"] for row in rows if row["sk"].startswith(_SECRETS)],
        "influencers": [influencers.profile_of(merchant.id, row) for row in people],
        "acts": [_shown(row) for row in REPORTS.query(merchant.id, prefix="act#")],
        "months": retained.of_months(merchant.id),
    }


def _shown(row: Item) -> Item:
    """A set as a list, as JSON has it."""
    return {
        name: sorted(value) if isinstance(value, set) else value
        for name, value in row.items()
        if name != "pk"
    }
