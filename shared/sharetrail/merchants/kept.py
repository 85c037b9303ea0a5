"""What is kept of a shop's people: recipients, names of keys, secrets."""

from sharetrail.merchants import recipients, void_links
from sharetrail.merchants.daily_allowances import LIFETIME
from sharetrail.personal import ERASED, WITH_SHOP, Kept, expires

KEPT = (
    Kept(
        table="merchants",
        row="merchant#{id} / profile",
        attributes=("recipients", "readers"),
        whose="recipient",
        what="e-mail addresses of who gets reports, and which of them only read",
        why="Reports are mailed to them.",
        until=ERASED,
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / off-list#{recipient}",
        attributes=("sk", "recipient"),
        whose="recipient",
        what="the address of who was taken off the list on the report's page",
        why="Whoever did so can undo it.",
        until=expires(recipients.LIFETIME, "it was taken off"),
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / void-links#{recipient}",
        attributes=("sk",),
        whose="recipient",
        what="the address of whose older links to reports open nothing any more",
        why="A link that was passed on is ended.",
        until=expires(void_links.LIFETIME, "they were ended"),
    ),
    Kept(
        table="merchants",
        row="spent#{id} / allowance#links#address#{address}#{day}",
        attributes=("sk",),
        whose="shopper",
        what="a code of an IP address under a salt of the day",
        why="No browser makes more links in a day than a person does.",
        until=expires(LIFETIME, "it was first used"),
        leaves="it ends by itself",
    ),
    Kept(
        table="merchants",
        row="spent#{id} / allowance#links#influencer#{influencer}#{day}",
        attributes=("sk",),
        whose="influencer",
        what="the id of an influencer who made links with a token",
        why="A token that leaked makes no more links in a day than a busy person does.",
        until=expires(LIFETIME, "it was first used"),
        leaves="it ends by itself",
    ),
    Kept(
        table="merchants",
        row="spent#{id} / allowance#new-link#{recipient}#{day}",
        attributes=("sk",),
        whose="recipient",
        what="a code of a recipient's address",
        why="Nobody is mailed more than three new links a day.",
        until=expires(LIFETIME, "it was first used"),
        leaves="it ends by itself",
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / keys",
        attributes=("keys.name",),
        whose="merchant",
        what="what the shop's people called their API keys",
        why="A key is told from others when it is to be rotated.",
        until=WITH_SHOP,
        leaves="the shop renames it",
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / secret#{name}",
        attributes=("values",),
        whose="merchant",
        what="webhook secrets, what a shop system knows us by, and the key of buyers' codes; each "
        "encrypted under the shop's name",
        why="Webhooks are verified and sent by whoever says so; with the key of buyers' codes "
        "deleted nobody can compute them any more.",
        until=WITH_SHOP,
        leaves="it is the shop's",
    ),
)
