"""What is kept of who shares. In a folder of its own, since its room is full."""

from datetime import timedelta

from sharetrail.personal import ERASED, WITH_SHOP, Kept, expires

_PROFILE = "{merchant} / {influencer}"
_LINK = "{code}"

KEPT = (
    Kept(
        table="influencers",
        row=_PROFILE,
        attributes=("name", "handles", "reach", "tags"),
        whose="influencer",
        what="name, names on social networks, followers as declared, the shop's own words",
        why="The shop knows whom to thank, and for what.",
        until=ERASED,
    ),
    Kept(
        table="influencers",
        row=_PROFILE,
        attributes=("email",),
        whose="influencer",
        what="e-mail address, as the shop declared it; encrypted under the shop's and the "
        "influencer's name",
        why="The shop's own programme writes to them; Sharetrail sends them nothing.",
        until=ERASED,
    ),
    Kept(
        table="influencers",
        row=_PROFILE,
        attributes=("was",),
        whose="influencer",
        what="of who is being erased, what they were called, until that is done",
        why="An erasure that was cut short is done to its end.",
        until=ERASED,
    ),
    Kept(
        table="influencers",
        row=_PROFILE,
        attributes=("email_hash", "customers", "addresses"),
        whose="influencer",
        what="e-mail address, customer numbers and delivery addresses, as keyed hashes",
        why="Who buys by their own link is not credited for it.",
        until=ERASED,
    ),
    Kept(
        table="influencers",
        row=_PROFILE,
        attributes=("sk", "id", "first_link", "recruited"),
        whose="influencer",
        what="the id by which the shop knows them, or a keyed hash of a random number that their "
        "browser remembers; their first link and the link that they came by",
        why="Their links, credits and scores are theirs, and who brought whom is known.",
        until=WITH_SHOP,
        leaves="decisions as they stood need it; it names nobody once the name is overwritten, "
        "unless the shop chose an id that does",
    ),
    Kept(
        table="links",
        row=_LINK,
        attributes=("influencer", "owner", "pk", "code", "parent_code"),
        whose="influencer",
        what="whose link it is, and by whose they came; its code, which the shop may have chosen "
        "after a name",
        why="Clicks on it are credited to them, and it leads on as long as the shop wishes.",
        until=WITH_SHOP,
        leaves="a shared link leads on; it names nobody once the name is overwritten",
    ),
    Kept(
        table="links",
        row=_LINK,
        attributes=("url",),
        whose="influencer",
        what="the page that was shared",
        why="The shop sees which page sold.",
        until=WITH_SHOP,
        leaves="a shared link leads on",
    ),
    Kept(
        table="links",
        row=_LINK,
        attributes=("campaign", "label"),
        whose="influencer",
        what="what was written to tell the post from others",
        why="The shop sees which post sold.",
        until=ERASED,
    ),
    Kept(
        table="links",
        row=_LINK,
        attributes=("maker",),
        whose="influencer",
        what="a code of the link and of what a click of its maker's would have on that day; of a "
        "link made before 2026-12 that itself, whose salt is gone",
        why="The maker's own clicks on that day do not count.",
        until=ERASED,
    ),
    Kept(
        table="links",
        row=_LINK,
        attributes=("parent",),
        whose="influencer",
        what="the id of the share click by which the sharer came",
        why="It is seen whose recommendation was passed on; after 120 days the click is gone, and "
        "it leads to nobody.",
        until=ERASED,
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / code#{code}#{since}",
        attributes=("sk", "code", "influencer"),
        whose="influencer",
        what="whose a coupon code is, and the code, which often is a name",
        why="Orders with the code are credited to them.",
        until=WITH_SHOP,
        leaves="decisions as they stood need it",
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / code-after#{code...}",
        attributes=("sk", "given"),
        whose="influencer",
        what="to whom a code was given",
        why="Of two who give it at once one is told so.",
        until=expires(timedelta(days=1), "it was given"),
        leaves="it ends by itself",
    ),
)
