"""Costs as stored. Table merchants: `merchant#id / cost-id#<id>` is the fact, so there is one of an
id; `… / cost#<first day>#<id>` says it once more where a span of days is read, by one query; and
`… / cost#<first day>#!<id>` takes it back; `… / cost-order#<order>#<id>` names one about an order.

Only a secret key, or whoever may act on the report page, writes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import iso, moment
from sharetrail.costs.cost import LONGEST, Cost
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import exchange_rates
from sharetrail.problems import NotFound, Problem
from sharetrail.web.cursors import no_cursor

_ID, _DAY, _BACK, _ORDER = "cost-id#", "cost#", "!", "cost-order#"
PREFIXES = (_ID, _DAY)
"""Of the rows that say what a cost is."""
MOST, MOST_READ = 10_000, 50_000
"""Of a span of days: costs that are added up, and those that are looked at, which were taken back
among them. A second's reading; nobody tells so many."""
MOST_OF_ORDER = 20
ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,100}$"


class UnknownCost(NotFound):
    """The merchant entered no cost of this id."""

    title = "There is no such cost"


class TooManyCosts(Problem):
    """More than are added up: whoever has a secret key that leaked enters costs, too."""

    status = 422
    title = "These days have too many costs"


class OtherCost(Problem):
    """Facts are not changed: a cost that was wrong is taken back, and entered anew."""

    status = 409
    title = "Another cost has this id"


def enter(merchant_id: str, cost: Cost) -> tuple[Cost, bool]:
    """The cost as it stands, and whether it is new. The same again is the same cost; OtherCost
    where its id says something else, or was taken back."""
    is_new = MERCHANTS.put_once(_row(merchant_id, f"{_ID}{cost.id}", cost))
    known = cost if is_new else find(merchant_id, cost.id)
    if known.taken_back_at:
        raise OtherCost(f"The cost {cost.id!r} was taken back. Give the new one an id of its own.")
    if not known.says_the_same(cost):
        raise OtherCost(f"The id {cost.id!r} is another cost's. Take that back, or give a new id.")
    MERCHANTS.put_once(_row(merchant_id, key(known), known))  # be it that the first time died here
    if known.order:
        about = {"pk": _pk(merchant_id), "sk": f"{_ORDER}{known.order}#{known.id}", "id": known.id}
        MERCHANTS.put_once(about)
    return known, is_new


def take_back(merchant_id: str, cost_id: str, now: datetime) -> Cost:
    """From now on it is no cost. Taken back again it stays taken back when it was."""
    cost = find(merchant_id, cost_id)
    back = {"pk": _pk(merchant_id), "sk": _back(cost), "taken_back_at": iso(now)}
    if MERCHANTS.put_once(back):
        return replace(cost, taken_back_at=now)
    return find(merchant_id, cost_id)


def is_entered(merchant_id: str, cost_id: str) -> bool:
    """Be it that it was taken back since."""
    return MERCHANTS.get(_pk(merchant_id), f"{_ID}{cost_id}", only=["pk"]) is not None


def find(merchant_id: str, cost_id: str) -> Cost:
    """UnknownCost."""
    row = MERCHANTS.get(_pk(merchant_id), f"{_ID}{cost_id}")
    if row is None:
        raise UnknownCost(f"No cost has the id {cost_id!r}.")
    cost = load(Cost, row)
    back = MERCHANTS.get(_pk(merchant_id), _back(cost))
    return replace(cost, taken_back_at=moment(back["taken_back_at"])) if back else cost


def of_order(merchant_id: str, order: str) -> list[Cost]:
    """Those that stand about an order, `shopify/1001`, at most MOST_OF_ORDER."""
    rows = MERCHANTS.query(_pk(merchant_id), prefix=f"{_ORDER}{order}#")
    about = (find(merchant_id, row["id"]) for row in islice(rows, MOST_OF_ORDER))
    return [each for each in about if not each.taken_back_at]


def overlapping(merchant_id: str, first: date, last: date, after: str = "") -> Iterator[Cost]:
    """Those of which a day is among these, both ends included, by first day and id; those that were
    taken back among them. `after` is the key of one that was read before; Malformed of none."""
    since = _day_of(after) if after else first - LONGEST
    if since > last:
        return
    rows = MERCHANTS.query(_pk(merchant_id), between=(f"{_DAY}{since}#", f"{_DAY}{last}#~"))
    backs: dict[str, datetime] = {}
    for row in rows:  # of each day what was taken back comes first
        name = row["sk"].split("#", 2)[2]
        if name.startswith(_BACK):
            backs[row["sk"].replace(f"#{_BACK}", "#")] = moment(row["taken_back_at"])
        elif row["sk"] > after and (cost := load(Cost, row)).last >= first:
            yield replace(cost, taken_back_at=backs.get(row["sk"]))


def _day_of(after: str) -> date:
    try:
        return date.fromisoformat(after.removeprefix(_DAY).partition("#")[0])
    except ValueError as error:
        raise no_cursor() from error


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Of a span of days, those that stand."""

    own: tuple[Cost, ...] = ()
    """In the merchant's currency, some by an exchange rate."""
    apart: tuple[Cost, ...] = ()
    """In another, of which no rate is known: in no sum."""


def of_days(merchant: Merchant, first: date, last: date) -> Costs:
    """Each by the rate of its first day, or the newest of the six days before, as orders are.
    TooManyCosts."""
    costs = standing(merchant.id, first, last)
    if len(costs) > MOST:
        raise TooManyCosts("Ask for fewer days, or take back what is none.")
    priced = [(each, _in_own_currency(merchant, each)) for each in costs]
    return Costs(
        own=tuple(own for _, own in priced if own),
        apart=tuple(cost for cost, own in priced if own is None),
    )


def standing(merchant_id: str, first: date, last: date) -> list[Cost]:
    """Those that were not taken back, at most one more than MOST."""
    looked_at = islice(overlapping(merchant_id, first, last), MOST_READ)
    return list(islice((each for each in looked_at if not each.taken_back_at), MOST + 1))


def _in_own_currency(merchant: Merchant, cost: Cost) -> Cost | None:
    if cost.currency == merchant.currency:
        return cost
    rate = exchange_rates.of_day(merchant.id, cost.currency, merchant.currency, cost.first)
    if rate is None:
        return None
    return replace(cost, amount=round(cost.amount * rate.factor), currency=rate.to)


def key(cost: Cost) -> str:
    """Its sort key among the merchant's, by its first day."""
    return f"{_DAY}{cost.first}#{cost.id}"


def _back(cost: Cost) -> str:
    return f"{_DAY}{cost.first}#{_BACK}{cost.id}"


def _row(merchant_id: str, sk: str, cost: Cost) -> Item:
    return {"pk": _pk(merchant_id), "sk": sk, **dump(cost)}


def _pk(merchant_id: str) -> str:
    return f"merchant#{merchant_id}"
