"""An influencer erased: what they were called and known by is overwritten wherever it stands, and
what counts stays as it is: links, credits, scores, by an id that names nobody any more.

Table influencers: on their row `erased` says since when, and nothing is declared of them again;
`was`, for as long as it takes, by which words they were called, so that a run that died is done
again. What an order showed of them as its buyer is found by hashes, which go last, as their
encrypted address does.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sharetrail import base32
from sharetrail.analysis.score import score_history
from sharetrail.aws import environment, removals
from sharetrail.aws.items import Item, dump
from sharetrail.aws.tables import INFLUENCERS, LINKS, LINKS_BY_INFLUENCER, MERCHANTS
from sharetrail.calendars import iso
from sharetrail.costs import costs
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.privacy.erased import Erased
from sharetrail.privacy.pieces import Piece
from sharetrail.privacy.traces import influencer_orders, scores_moved, snapshots, told_acts
from sharetrail.privacy.traces.alias import Alias, is_address
from sharetrail.report.keeping import sent_mails
from sharetrail.report.span import Span
from sharetrail.sharing import coupon_codes
from sharetrail.sharing.influencers import ERASED, visitor_name
from sharetrail.sharing.keeping import kept, sealed_emails
from sharetrail.sharing.link import is_anonymous

_WAS = "was"
_DIGITS, _ID_DIGITS = 4, 12
_MOST_WEEKS = 1_000
_HASHES = ("email_hash", "customers", "addresses")
_LAST = (*_HASHES, "email")


def erase(merchant: Merchant, influencer_id: str, now: datetime, piece: Piece) -> Erased:
    """MoreToDo, where orders of theirs are left: what comes before them is done by then."""
    alias, overwritten = _begin(merchant, influencer_id, now), 0
    if not piece.after:
        overwritten += _links(merchant.id, alias) + _codes(merchant.id, alias)
        overwritten += _costs(merchant.id, alias) + told_acts.of_influencer(merchant.id, alias)
    overwritten += influencer_orders.rewrite_all(merchant, alias, piece)
    overwritten += _reports(merchant.id, alias)
    deleted = scores_moved.move(merchant.id, alias)
    _end(merchant.id, alias)
    return Erased(overwritten=overwritten + 1, deleted=deleted)


# ── their own row ────────────────────────────────────────────────────────────────────────────────
def alias_of(merchant_id: str, influencer_id: str, row: Item | None, now: datetime) -> Alias:
    """The same whenever it is asked for."""
    digest = vault.derived(merchant_id, "erased influencer", influencer_id, now)
    digits = base32.encode(int.from_bytes(digest, "big"), _ID_DIGITS)
    moved = f"erased_{digits}" if is_address(influencer_id) else influencer_id
    name = f"Influencer {digits[:_DIGITS].upper()}"
    if is_anonymous(influencer_id) and (row is None or row["name"] == visitor_name(influencer_id)):
        name = visitor_name(influencer_id)
    alias = Alias(before=influencer_id, id=moved, name=name)
    if row is None:
        return alias
    address = sealed_emails.opened(merchant_id, row)
    return alias.also(row.get(_WAS) or _words(row)).also([address] if address else [])


def _words(row: Item) -> Iterator[str]:
    yield from filter(None, (row.get("name"), *row.get("handles", {}).values()))


def _begin(merchant: Merchant, influencer_id: str, now: datetime) -> Alias:
    """From now on nothing is declared of them, and who is asked for their name is told the new
    one."""
    row = INFLUENCERS.get(merchant.id, influencer_id)
    address = sealed_emails.opened(merchant.id, row) if row else None
    alias = alias_of(merchant.id, influencer_id, row, now)
    if row is None and alias.is_moved:  # a run before this one has moved it, or nobody had it
        return alias
    if row is None or ERASED not in row:
        alias = alias.also(influencer_orders.names(merchant.id, influencer_id))
        alias = alias.also(told_acts.names(merchant.id, influencer_id))
    gone = sorted(_overwritten() - {*_LAST, "name", _WAS})
    INFLUENCERS.update(
        {"pk": merchant.id, "sk": influencer_id},
        f"SET #{ERASED} = :at, #name = :name, #was = :was, #id = if_not_exists(#id, :id),"
        " #created_at = if_not_exists(#created_at, :at)"
        f" REMOVE {', '.join(f'#{name}' for name in gone)}",
        f"attribute_not_exists({ERASED})",
        names=[ERASED, "name", _WAS, "id", "created_at", *gone],
        at=iso(now),
        name=alias.name,
        was=[each for each in alias.words if each != address],
        id=influencer_id,
    )
    return alias


def _overwritten() -> set[str]:
    """Of their row what erasure overwrites."""
    of_row = (each for each in kept.KEPT if each.table == "influencers" and not each.leaves)
    return {name for each in of_row for name in each.attributes}


def _end(merchant_id: str, alias: Alias) -> None:
    gone = [*_LAST, _WAS]
    INFLUENCERS.update(
        {"pk": merchant_id, "sk": alias.before},
        f"REMOVE {', '.join(f'#{name}' for name in gone)}",
        "attribute_exists(pk)",
        names=gone,
    )
    row = INFLUENCERS.get(merchant_id, alias.before) if alias.is_moved else None
    if row:
        INFLUENCERS.write_all([{**row, "sk": alias.id, "id": alias.id}])
        removals.rows(INFLUENCERS, [{"pk": merchant_id, "sk": alias.before}])


# ── what is theirs ───────────────────────────────────────────────────────────────────────────────
def _links(merchant_id: str, alias: Alias) -> int:
    """They lead on, under the same codes, and their clicks are theirs."""
    number = 0
    for owner in dict.fromkeys((alias.before, alias.id)):
        for row in LINKS.query(f"{merchant_id}#{owner}", index=LINKS_BY_INFLUENCER):
            LINKS.update(
                {"pk": row["pk"]},
                "SET #influencer = :id, #owner = :owner, #campaign = :campaign, #label = :label"
                " REMOVE maker, parent",
                "attribute_exists(pk)",
                names=["influencer", "owner", "campaign", "label"],
                id=alias.id,
                owner=f"{merchant_id}#{alias.id}",
                campaign=alias.in_text(row.get("campaign", "")),
                label=alias.in_text(row.get("label", "")),
            )
            number += 1
    return number


def _codes(merchant_id: str, alias: Alias) -> int:
    """A coupon code stays one of the shop's, and theirs by their id."""
    if not alias.is_moved:
        return 0
    theirs = [
        each
        for each, _ in coupon_codes.ownerships(merchant_id, "")
        if each.influencer == alias.before
    ]
    for each in theirs:
        key = {"pk": f"merchant#{merchant_id}", "sk": coupon_codes.key(each)}
        MERCHANTS.update(key, "SET influencer = :id", "attribute_exists(pk)", id=alias.id)
    return len(theirs)


def _costs(merchant_id: str, alias: Alias) -> int:
    """Both rows of each: amounts and days stay, and for whom by the id."""
    number = 0
    for prefix in costs.PREFIXES:
        for row in MERCHANTS.query(f"merchant#{merchant_id}", prefix=prefix):
            is_theirs = row.get("influencer") in (alias.before, alias.id)
            told: Item = {
                name: row[name] for name in ("influencer", "campaign", "note") if name in row
            }
            fresh: Item = {name: alias.in_text(text) for name, text in told.items()}
            if is_theirs:
                fresh |= {"influencer": alias.id} | dict.fromkeys({"note"} & told.keys(), "")
            if fresh != told:
                MERCHANTS.put_if({**row, **fresh}, "attribute_exists(pk)")
                number += 1
    return number


# ── what told of them ────────────────────────────────────────────────────────────────────────────
def _reports(merchant_id: str, alias: Alias) -> int:
    """And the mails of those that named them, whoever got them: what is mailed from now on does
    not."""
    bucket = environment.quarantine_bucket()
    mails: dict[str, list[str]] = defaultdict(list)
    for key in removals.listed(bucket, f"{sent_mails.PREFIX}{merchant_id}/"):
        mails[key.rpartition("/")[2]].append(key)

    def rewritten(report: snapshots.Report) -> snapshots.Report:
        return alias.also(alias.names_in_report(report)).in_report(report)

    def without_mails(about: Span) -> None:
        removals.named(bucket, mails[about.key])

    return snapshots.rewrite_all(merchant_id, rewritten, without_mails)


# ── what is known of them ────────────────────────────────────────────────────────────────────────
def export(merchant: Merchant, influencer_id: str, now: datetime) -> dict[str, Any]:
    """Of hashes it is told that there are some: they say nothing to anybody without the key."""
    owner = f"{merchant.id}#{influencer_id}"
    row = INFLUENCERS.get(merchant.id, influencer_id) or {}
    alias = alias_of(merchant.id, influencer_id, row or None, now)
    names = {influencer_id, *alias.words}
    scores = score_history.steps_of(merchant.id, influencer_id, None, _MOST_WEEKS)
    return {
        "influencer": influencer_id,
        **profile_of(merchant.id, row),
        "links": [_shown(each) for each in LINKS.query(owner, index=LINKS_BY_INFLUENCER)],
        "codes": _owned(merchant.id, influencer_id),
        "costs": [_shown(each) for each in _costs_of(merchant.id, influencer_id)],
        "scores": [{"week": f"{each.week}", "score": dump(each.score)} for each, _ in scores],
        "orders": influencer_orders.told(merchant.id, influencer_id),
        "acts": told_acts.mentioning(merchant.id, names),
        "reports": sorted(_named_in(merchant.id, influencer_id)),
    }


def profile_of(merchant_id: str, row: Item) -> dict[str, Any]:
    """What is declared of them, their address in clear."""
    told = {name: value for name, value in row.items() if name not in (*_HASHES, "pk", "sk")}
    if "email" in row:
        told["email"] = sealed_emails.opened(merchant_id, row)
    return {"profile": told, "kept_as_hashes": [name for name in _HASHES if name in row]}


def _shown(row: Item) -> Item:
    return {name: value for name, value in row.items() if name not in ("pk", "sk", "owner")}


def _owned(merchant_id: str, influencer_id: str) -> list[dict[str, str]]:
    owned = (each for each, _ in coupon_codes.ownerships(merchant_id, ""))
    theirs = (each for each in owned if each.influencer == influencer_id)
    return [{"code": each.code, "since": iso(each.since)} for each in theirs]


def _costs_of(merchant_id: str, influencer_id: str) -> Iterator[Item]:
    rows = MERCHANTS.query(f"merchant#{merchant_id}", prefix=costs.PREFIXES[0])
    return (row for row in rows if row.get("influencer") == influencer_id)


def _named_in(merchant_id: str, influencer_id: str) -> Iterator[str]:
    alias = Alias(before=influencer_id, id=influencer_id, name="")
    for _, report in snapshots.read_all(merchant_id):
        if alias.names_in_report(report):
            yield snapshots.span_of(report).key
