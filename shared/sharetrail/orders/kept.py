"""What is kept of who buys."""

from datetime import timedelta

from sharetrail.personal import ERASED, WITH_SHOP, Kept, removed, retained

_FACT = "{merchant}#{platform}#{order} / {fact...}"
_ID_STAYS = (
    "an order's id stays, since its amounts do; it leads to a person in the shop's system alone"
)
_LEADS_TO_AN_ORDER = (
    "credit rests on it; without the hashes it leads to an order, and by that to a person in the "
    "shop's system alone"
)

KEPT = (
    Kept(
        table="orders",
        row=_FACT,
        attributes=("sale.customer", "sale.email", "sale.email_as_written", "sale.address"),
        whose="shopper",
        what="customer number, e-mail address and delivery address, as keyed hashes under a key "
        "of the shop's own",
        why="It is seen whom a recommendation brought, who comes back, and who recommends to "
        "themselves.",
        until=ERASED,
    ),
    Kept(
        table="orders",
        row=_FACT,
        attributes=("sale.trail", "sale.visit", "sale.landing_click", "sale.landing_code"),
        whose="shopper",
        what="ids of the share clicks that led to the order, as the cart carried them",
        why="Who recommended the shop is credited, with reasons.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_FACT,
        attributes=("sale.referrer", "sale.ad", "sale.codes", "sale.code_discounts"),
        whose="shopper",
        what="the host of the page before, whether a search ad led here, the coupon codes entered",
        why="Sharing takes no credit that another channel earned, and a code's owner gets theirs.",
        until=WITH_SHOP,
        leaves=_LEADS_TO_AN_ORDER,
    ),
    Kept(
        table="orders",
        row=_FACT,
        attributes=("sale.lines",),
        whose="shopper",
        what="which products were bought, and for how much",
        why="The shop sees what sells by being shared.",
        until=WITH_SHOP,
        leaves="once the order leads to nobody it is a statistic, and totals rest on it",
    ),
    Kept(
        table="orders",
        row=_FACT,
        attributes=(
            *("pk", "sk", "sale.name", "refund.id", "refunds.id", "snapshot.refunds.id"),
            "chargeback.id",
        ),
        whose="shopper",
        what="the order's id and number in the shop's system, and those of its refunds",
        why="What is told twice counts once, and the shop finds the order again.",
        until=WITH_SHOP,
        leaves=_ID_STAYS,
    ),
    Kept(
        table="orders",
        row="{merchant}#{platform}/{name} / order#{order}",
        attributes=("pk", "sk"),
        whose="shopper",
        what="the order's number and id",
        why="The shop finds an order by its number.",
        until=WITH_SHOP,
        leaves=_ID_STAYS,
    ),
    *(
        Kept(
            table="orders",
            row=row,
            attributes=("pk", "sk"),
            whose="shopper",
            what="the order's id, beside an exchange rate or the time that something of it was "
            "heard first",
            why="The order is told in the shop's own currency, and in the order it came.",
            until=WITH_SHOP,
            leaves=_ID_STAYS,
        )
        for row in (
            "{merchant}#{platform}#{order} / rate#{currency}",
            "{merchant}#{platform}#{order} / heard#{fact...}",
        )
    ),
    Kept(
        table="orders queue",
        row="message",
        attributes=("fact",),
        whose="shopper",
        what="what a webhook told of an order, as the table of orders has it",
        why="An order that the table did not take in time is not lost.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself; stored after an erasure it is scrubbed like any later word",
    ),
    Kept(
        table="quarantine bucket",
        row="spilled/{merchant}/{digest}",
        attributes=("body",),
        whose="shopper",
        what="the same, where the queue took nothing either; encrypted under the shop's name",
        why="An order that neither table nor queue took in time is not lost.",
        until=removed(timedelta(days=30)),
        leaves="it ends by itself; stored after an erasure it is scrubbed like any later word",
    ),
)
