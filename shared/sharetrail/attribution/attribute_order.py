"""Recomputing an order's credits: what is read for it, and in which order it is written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.attribution import (
    credits,
    cross_device,
    fraud_rules,
    last_week,
    testimony,
    touches,
    week_rings,
)
from sharetrail.attribution.buyer_history import BuyerHistory
from sharetrail.attribution.credit import PATIENCE, OrderCredits, compute_credits
from sharetrail.attribution.erasing import erased_orders
from sharetrail.attribution.fraud_rules import Decision, OrderBackground, Word
from sharetrail.attribution.keeping import self_marks
from sharetrail.attribution.models import rule_of
from sharetrail.attribution.touch import Touch
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.aws.items import Item
from sharetrail.calendars import Week, iso, moment
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts, order_names, order_rings
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.orders.order_rings import DECIDED
from sharetrail.sharing import influencers, product_names

_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(hours=1), timedelta(hours=12)
_TRIES = 5
RELEASE = "release"
"""Before fraud-3: all that was held of an order was released at once."""
_PROVES_LOGIN = ("woocommerce",)
"""Elsewhere a guest who types a known e-mail address joins that customer's record: at Shopify
always, behind Stripe and in other shops where they look customers up by it, as many do."""


class StillChanging(Exception):
    """Others saved the order's credits each time they were computed: it may be in a moment."""


def doors(record: Record) -> Iterator[OrderRef]:
    """What a new fact rings: its order."""
    pk, _ = batches.key_of(record)
    yield OrderRef.of(pk)


def open_door(order: OrderRef, record: Record) -> None:
    refresh(order, batches.created(record))


def refresh(ref: OrderRef, now: datetime) -> OrderCredits | None:
    """Recompute an order's touches and credits from its facts; None before its sale is known, and
    of a shop that was erased. One that waits for a click is due again. StillChanging after five
    lost races."""
    merchant = profiles.find_if_any(ref.merchant, now)
    if merchant is None:
        return None
    for _ in range(_TRIES):
        rows = erased_orders.scrubbed(order_facts.rows(ref))
        order = fold_facts(order_facts.among(rows))
        if order is None:
            return None
        result = _credits(merchant, ref, order, rows, now)
        if saved := _save(merchant, ref, result, rows, now):
            _note_waiting(ref, saved, now)
            return saved
    raise StillChanging(ref.pk)


def lacks_word(merchant: Merchant, order: OrderCredits) -> bool:
    """Whether it lacks a code's owner or a rate, which may still be told."""
    return bool(order.unknown_codes) or order.currency != merchant.currency


def _credits(
    merchant: Merchant, ref: OrderRef, order: Order, rows: list[Item], now: datetime
) -> OrderCredits:
    """From the order's `rows`; touches that are found now are stored."""
    proves_login, erased = ref.platform in _PROVES_LOGIN, erased_orders.find_in(rows)
    converted = _in_own_currency(ref, order, rows, merchant, now)
    if erased:
        buyer = erased.history
    else:
        buyer = cross_device.stitch(ref, converted, rows, now, proves_login=proves_login)
    order_touches = touches.resolve(ref, order, rows, buyer, now)
    ids = {touch.influencer for touch in order_touches.touches}
    week = calendars.last_full_week(order.placed_at, merchant.tz)
    background = _background(merchant, ref, week, ids, buyer, rows)
    if order.sale.name not in (row.get("name") for row in rows if row["sk"] == credits.SK):
        order_names.remember(ref, order.sale.name, order.placed_at)
        product_names.remember(ref.merchant, order.sale.titles, order.placed_at)
    judge, earlier = fraud_rules.judge, buyer.earlier_orders if order.buyer else None
    said = testimony.testimony_of(converted, proves_login=proves_login)
    return compute_credits(
        ref,
        converted,
        order_touches,
        rule_of(merchant),
        decisions=(erased.judge if erased else judge)(
            converted, order_touches.touches, background, merchant.fraud
        ),
        removal_effects=_removal_effects(merchant, week, order_touches.touches),
        earlier_orders=erased.earlier_orders if erased else earlier,
        buyer=erased.buyer if erased else testimony.buyer_keys(said),
        taken_off=touches.taken_off(converted),
        beside=row_count(rows) - order.fact_count,
    )


def _save(
    merchant: Merchant, ref: OrderRef, result: OrderCredits, rows: list[Item], now: datetime
) -> OrderCredits | None:
    """What stands then: the same again changes nothing, nor does an older rule; else the weeks that
    it changes are rung first. None where others have saved theirs since `rows` were read."""
    before = credits.find_in(rows)
    if before and (_rank(before) > _rank(result) or credits.is_in(rows, merchant, ref, result)):
        return before
    if lacks_word(merchant, result) and now - result.placed_at <= PATIENCE:
        jobs.note(_retry(ref), now)  # it may be told at this moment
    fresh = replace(result, revision=before.revision + 1 if before else 1)
    week_rings.ring(merchant, fresh, credits.day_in(rows), now)
    return fresh if credits.save(merchant, ref, fresh) else None


def _rank(order: OrderCredits) -> tuple[str, int]:
    """Older rules counted other rows."""
    return order.rule.version, order.fact_count


def _note_waiting(ref: OrderRef, order: OrderCredits, now: datetime) -> None:
    """The longer it waits, the more seldom it is asked: some forty times in all. One whose shop
    dates it ahead has time until then."""
    age = max(now - order.placed_at, timedelta(0))
    if order.lacks_click and age <= PATIENCE:
        pause = min(max(age / 4, _SHORTEST_PAUSE), _LONGEST_PAUSE)
        jobs.note(_retry(ref), max(now, order.placed_at) + pause)


def _retry(ref: OrderRef) -> Job:
    return Job(kind="retry", merchant=ref.merchant, about=ref.own)


def row_count(rows: list[Item]) -> int:
    """How many of an order's rows its credits are computed from, touches not counted."""
    return order_rings.count(rows) + [row["sk"] for row in rows].count(RELEASE)


def _removal_effects(
    merchant: Merchant, week: Week, touches: tuple[Touch, ...]
) -> dict[str, float]:
    networks = {touch.network for touch in touches}
    return last_week.removal_effects_of_networks(merchant.id, week, networks) if networks else {}


def decide(ref: OrderRef, rows: list[Item], decision: Decision, word: Word, now: datetime) -> bool:
    """Release what is held by a decision, uphold it, or take back what was said of it; False, and
    nothing said, where somebody else has decided it since `rows`, the order's, were read. The row
    rings the order."""
    count = sum(row["decision"] == decision.id for row in _decided(rows))
    said = {"decision": decision.id, "verdict": word, "at": iso(now)}
    row = {"pk": ref.pk, "sk": f"{DECIDED}{decision.id}#{count:06}", **said}
    return order_rings.put_once(row, now)


def last_word(rows: list[Item], decision: Decision) -> Word:
    """What the merchant said last of one of the order's decisions, be it attributed anew since or
    not."""
    return _words(rows).get(decision.id, (decision.verdict or "undecided",))[0]


def _words(rows: list[Item]) -> dict[str, tuple[Word, datetime]]:
    """The merchant's last word on each decision."""
    return {row["decision"]: (row["verdict"], moment(row["at"])) for row in _decided(rows)}


def _decided(rows: list[Item]) -> Iterator[Item]:
    """Of each decision in their order: first those of before 2026-12, whose keys were times."""
    return (row for row in rows if row["sk"].startswith(DECIDED))


def _background(
    merchant: Merchant,
    ref: OrderRef,
    week: Week,
    ids: set[str],
    buyer: BuyerHistory,
    rows: list[Item],
) -> OrderBackground:
    """What is known of influencers and buyer, and of the week before."""
    return OrderBackground(
        people=influencers.people(merchant.id, ids),
        erased=self_marks.among(rows),
        marks=last_week.marks_of_week(merchant.id, week) if ids else {},
        earlier_orders=len(buyer.earlier),
        since=min((calendars.local_day(at, merchant.tz) for at in buyer.earlier), default=None),
        namesakes=buyer.namesakes,
        proves_login=ref.platform in _PROVES_LOGIN,
        kept=buyer.kept,
        backings=buyer.backings,
        words=_words(rows),
        released_at=next((moment(row["at"]) for row in rows if row["sk"] == RELEASE), None),
    )


def _in_own_currency(
    ref: OrderRef, order: Order, rows: list[Item], merchant: Merchant, now: datetime
) -> Order:
    """The order in the merchant's currency, where there is a rate."""
    if order.currency == merchant.currency:
        return order
    from sharetrail.orders import exchange_rate, exchange_rates  # which few orders need

    rate = exchange_rates.of_order(ref, order, rows, merchant, now)
    return exchange_rate.convert_order(order, rate) if rate else order
