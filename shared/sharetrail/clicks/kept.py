"""What is kept of who clicks and who looks at a shop's pages."""

from datetime import timedelta

from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.clicks.daily_salts import LIFETIME
from sharetrail.personal import End, Kept, expires, retained

_CLICK = "{merchant}#{day}#{shard} / {time}#{chance}"
_PAGE_EVENT = "{merchant}#{day}#e{shard} / {clock}#{id}"
_LEADS_TO_NOBODY = (
    "once the day's salt is deleted it leads to nobody, and the orders that led there are unlinked"
)

KEPT = (
    Kept(
        table="events",
        row=_CLICK,
        attributes=("sk",),
        whose="shopper",
        what="the click's id: its time and 80 random bits",
        why="The browser and the cart carry it, so that an order finds the links that led to it.",
        until=expires(EVENT_LIFETIME, "the click"),
        leaves=_LEADS_TO_NOBODY,
    ),
    Kept(
        table="events",
        row=_CLICK,
        attributes=("v", "a"),
        whose="shopper",
        what="codes of IP address and browser, and of the address alone, under a salt of the day",
        why="Repeated clicks and programs are told from people, within one day.",
        until=expires(EVENT_LIFETIME, "the click"),
        leaves=_LEADS_TO_NOBODY,
    ),
    Kept(
        table="events",
        row=_CLICK,
        attributes=("ua", "r", "l"),
        whose="shopper",
        what="the browser's name and version, the host of the page before, the country",
        why="Programs are told from people, and the shop sees which networks and devices bring it "
        "visitors.",
        until=expires(EVENT_LIFETIME, "the click"),
        leaves=_LEADS_TO_NOBODY,
    ),
    Kept(
        table="events",
        row=_PAGE_EVENT,
        attributes=("sk", "u", "p", "a", "trail"),
        whose="shopper",
        what="a page or product that was looked at, a code of the IP address under a salt of the "
        "day, and the ids of the share clicks that the browser remembers",
        why="The shop sees what share buttons and shared links bring, and no machine can make up "
        "more than its part.",
        until=expires(EVENT_LIFETIME, "the event"),
        leaves=_LEADS_TO_NOBODY,
    ),
    Kept(
        table="events",
        row=_PAGE_EVENT,
        attributes=("o",),
        whose="shopper",
        what="the id of an order whose confirmation page was seen",
        why="An order that the shop's webhooks did not tell of is missed.",
        until=expires(EVENT_LIFETIME, "the order"),
        leaves="an order's id stays, since its amounts do",
    ),
    Kept(
        table="salts",
        row="{day}",
        attributes=("salt",),
        whose="shopper",
        what="32 random bytes, the key of the day's codes of IP addresses",
        why="Without it the codes could be computed from a list of all addresses.",
        until=End(by="schedule", after=LIFETIME + timedelta(days=1), since="its day"),
        leaves="it is deleted in any case, and stands in no backup",
    ),
    Kept(
        table="clicks queue",
        row="message",
        attributes=("id", "visitor", "address", "agent", "referrer", "country"),
        whose="shopper",
        what="a click, as the table of events has it",
        why="A click that the table did not take in time is not lost.",
        until=retained(timedelta(days=14), "the click"),
        leaves="it ends by itself",
    ),
)
