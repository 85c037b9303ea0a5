"""What is kept of which clicks earned an order. In a folder of its own, since its room is full."""

from sharetrail.attribution import week_rings
from sharetrail.attribution.cross_device import LIFETIME
from sharetrail.personal import ERASED, WITH_SHOP, Kept, expires

_ORDER = "{merchant}#{platform}#{order}"
_TOUCH, _CREDITS = f"{_ORDER} / touch#{{id}}", f"{_ORDER} / credits"
_STITCHED, _KNOWN = f"{_ORDER} / stitched", f"{_ORDER} / known#{{by...}}"
_SELF, _ERASED = f"{_ORDER} / self#{{influencer}}", f"{_ORDER} / erased"
_DECIDED = f"{_ORDER} / decided#{{decision}}#{{number}}"
_PERSON = "{merchant}#{person} / {said...}"
_CLAIM = "{merchant}#click#{click} / {said...}"
_ID_STAYS = "an order's id stays, since its amounts do"
_LEADS_TO_AN_ORDER = (
    "credit rests on it; without the hashes it leads to an order, and by that to a person in the "
    "shop's system alone"
)
_BY_ID = "credit rests on it; it names an id, not a name"
_DECIDED_STAYS = "decisions stay as they stood; the name in them is overwritten"

KEPT = (
    Kept(
        table="orders",
        row=_TOUCH,
        attributes=("sk", "id"),
        whose="shopper",
        what="the id of a share click, or a coupon code, that led to the order",
        why="Who recommended the shop is credited, with reasons that outlast the click.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_TOUCH,
        attributes=("name", "campaign"),
        whose="influencer",
        what="what whoever had the link or code was called then, and the link's tag",
        why="Credit is given with a reason that both sides can check.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_TOUCH,
        attributes=("influencer", "link", "reason"),
        whose="influencer",
        what="whose link or code it was, and why it counts or does not",
        why="Credit is given with a reason that both sides can check.",
        until=WITH_SHOP,
        leaves=_BY_ID,
    ),
    Kept(
        table="orders",
        row=_SELF,
        attributes=("sk", "rule"),
        whose="influencer",
        what="of who was erased, that the order showed them as its buyer",
        why="Nobody is paid for recommending to themselves, once their hashes are gone, too.",
        until=WITH_SHOP,
        leaves=_BY_ID,
    ),
    Kept(
        table="orders",
        row=_TOUCH,
        attributes=("reason",),
        whose="shopper",
        what="what the click was taken for, with the word of our lists by which it was taken for a "
        "program's",
        why="A click that does not count is explained.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_CREDITS,
        attributes=("buyer",),
        whose="shopper",
        what="by which codes of customer number, e-mail and delivery address the buyer is known "
        "again, as parts of keyed hashes",
        why="It is seen what buyers whom sharing brought are worth over time.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_CREDITS,
        attributes=(
            "packed",
            "visit",
            "began",
            "waiting",
            "expected",
            "unknown_codes",
            "taken_off",
        ),
        whose="shopper",
        what="the order's share clicks and coupon codes, with what each earned",
        why="Who recommended the shop is credited, and the shop sees why.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_CREDITS,
        attributes=("packed", "decisions"),
        whose="influencer",
        what="who is credited, by which name then, and what looked like fraud",
        why="Nobody is paid for recommending to themselves, and everybody can ask why.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_CREDITS,
        attributes=("pk", "order", "name", "day", "apart"),
        whose="shopper",
        what="the order's id and number, and ids of refunds in another currency",
        why="The shop finds the order again.",
        until=WITH_SHOP,
        leaves=_ID_STAYS,
    ),
    Kept(
        table="orders",
        row=_STITCHED,
        attributes=("persons", "account", "addresses", "told", "ids"),
        whose="shopper",
        what="what the order says of its buyer, as keyed hashes, and its share clicks",
        why="A click on one device is found for an order on another.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_KNOWN,
        attributes=("sk",),
        whose="shopper",
        what="the id of another order that told something, by the same person or of the same click",
        why="The order is credited anew with what that one told.",
        until=WITH_SHOP,
        leaves=_ID_STAYS,
    ),
    Kept(
        table="orders",
        row=_ERASED,
        attributes=("evidence", "touches"),
        whose="shopper",
        what="the order's share clicks and coupon codes when its buyer was erased",
        why="Credit stays as it stood.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_ERASED,
        attributes=("buyer",),
        whose="shopper",
        what="codes made of chance, alike in orders that were one person's",
        why="What buyers were worth over time stays as it was.",
        until=WITH_SHOP,
        leaves="nobody can tell whose they are: they were made when the person was erased",
    ),
    Kept(
        table="orders",
        row=_ERASED,
        attributes=("decisions",),
        whose="influencer",
        what="what looked like fraud when the order's buyer was erased, and about whom",
        why="Decisions stay as they stood.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_DECIDED,
        attributes=("sk", "decision"),
        whose="influencer",
        what="what the shop decided of a doubt, and about whom",
        why="The shop's word stands, and whose it was about can ask for it.",
        until=WITH_SHOP,
        leaves=_DECIDED_STAYS,
    ),
    *(
        Kept(
            table="orders",
            row=row,
            attributes=("pk",),
            whose="shopper",
            what="the order's id",
            why="What is derived of an order, or decided, stands beside it.",
            until=WITH_SHOP,
            leaves=_ID_STAYS,
        )
        for row in (_TOUCH, _STITCHED, _KNOWN, _DECIDED, _SELF, _ERASED)
    ),
    Kept(
        table="identities",
        row=_PERSON,
        attributes=("pk", "sk", "persons", "account", "addresses"),
        whose="shopper",
        what="by customer number or e-mail address, as keyed hashes: orders, share clicks and "
        "delivery addresses, these as keyed hashes, too",
        why="A click on one device is found for an order on another, by what only the buyer can "
        "have told.",
        until=expires(LIFETIME, "the order"),
    ),
    Kept(
        table="identities",
        row=_CLAIM,
        attributes=("pk", "sk"),
        whose="shopper",
        what="by share click: the ids of orders that carry it",
        why="A copied address credits nobody for orders of other households.",
        until=expires(LIFETIME, "the order"),
        leaves="other households' orders are judged by it; it tells an order's id and no person",
    ),
    Kept(
        table="identities",
        row=_CLAIM,
        attributes=("persons", "account", "addresses"),
        whose="shopper",
        what="by share click: the buyers of orders that carry it, as keyed hashes",
        why="A copied address credits nobody for orders of other households.",
        until=expires(LIFETIME, "the order"),
    ),
    Kept(
        table="totals",
        row="{merchant}#rung / {monday}#{platform}#{order}",
        attributes=("sk",),
        whose="shopper",
        what="the id of an order that changed",
        why="Its week is added up anew.",
        until=expires(week_rings.LIFETIME + week_rings.LIFETIME / 28, "the order's week"),
        leaves=_ID_STAYS,
    ),
    Kept(
        table="reports",
        row="{merchant} / marks#{week}",
        attributes=("marks",),
        whose="influencer",
        what="whose codes were leaked, whose orders are given back, whose links programs follow",
        why="Orders of the next week are judged by it; it is shown, and takes nothing by itself.",
        until=WITH_SHOP,
        leaves="an order that changes years later is judged as it was; it names an id, not a name",
    ),
)
