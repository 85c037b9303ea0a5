"""What is kept of what sharing cost."""

from sharetrail.personal import ERASED, WITH_SHOP, Kept

_WHY = "The shop sees what came back of what it spent."

KEPT = (
    *(
        Kept(
            table="merchants",
            row=row,
            attributes=("campaign", "note"),
            whose="influencer",
            what="what a fee or a gift was for, in the shop's own words",
            why=_WHY,
            until=ERASED,
        )
        for row in ("merchant#{id} / cost-id#{cost}", "merchant#{id} / cost#{first}#{cost}")
    ),
    *(
        Kept(
            table="merchants",
            row=row,
            attributes=("influencer",),
            whose="influencer",
            what="whom a fee or a gift was for",
            why=_WHY,
            until=WITH_SHOP,
            leaves="what came back of it rests on it; it names an id, not a name",
        )
        for row in ("merchant#{id} / cost-id#{cost}", "merchant#{id} / cost#{first}#{cost}")
    ),
    *(
        Kept(
            table="merchants",
            row=row,
            attributes=("order",),
            whose="shopper",
            what="the id of an order that a cost is about",
            why=_WHY,
            until=WITH_SHOP,
            leaves="an order's id stays, since its amounts do",
        )
        for row in ("merchant#{id} / cost-id#{cost}", "merchant#{id} / cost#{first}#{cost}")
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / cost-order#{order}#{cost}",
        attributes=("sk",),
        whose="shopper",
        what="the id of an order that a cost is about",
        why=_WHY,
        until=WITH_SHOP,
        leaves="an order's id stays, since its amounts do",
    ),
)
