"""The pages where links end: what they say, and which shop they name.

Nothing that a visitor sends chooses the shop: it is the link's own, or that of the domain.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sharetrail.aws import clients, environment
from sharetrail.aws.warm_cache import STANDS, Aged
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Storefront
from sharetrail.web import address, pages
from sharetrail.web.http import Answer, Request, page
from sharetrail.words import speech
from sharetrail.words.speech import isolated, say

_SECONDS = "3"
_owners: Aged[str] = Aged(timedelta(minutes=1), stands=STANDS)


def ended(shop: Storefront, request: Request) -> Answer:
    """410: the shop switched the link off, or gave up the host that it leads to."""
    with _speaking_to(request):
        gone = say("{shop} does not use it any more.", shop=isolated(shop.name))
        rest = say("What you were sent may still be in the shop.")
        return _page(410, say("This link has ended"), f"{gone} {rest}", shop)


def over(request: Request) -> Answer:
    """410: the shop is none any more. It may be one elsewhere."""
    with _speaking_to(request):
        text = say("What you were sent may still be in the shop.")
        return _page(410, say("This link has ended"), text, None)


def unknown(request: Request) -> Answer:
    """404: no link has this code."""
    with _speaking_to(request):
        title = say("This link leads nowhere")
        text = say(
            "Perhaps a letter went missing on the way. Ask whoever shared it to send it again."
        )
        return _page(404, title, text, shop_of_domain(request.now))


def not_now(request: Request) -> Answer:
    """503: nobody can tell where it leads while the table is away. The page comes back by itself,
    and so the shopper gets there.
    """
    with _speaking_to(request):
        text = say(
            "Finding where this link leads takes longer than usual. This page tries again by"
            " itself."
        )
        again = pages.way_on(say("Try again now"), "")
        html = pages.message(say("One moment, please"), text, again, lang=speech.tag())
        return page(503, html, retry_after=_SECONDS, refresh=_SECONDS)


def _speaking_to(request: Request) -> AbstractContextManager[None]:
    """The shopper's own language, as far as the browser says it."""
    return speech.speaking(speech.preferred(request.headers.get("accept-language", "")))


def _page(status: int, title: str, text: str, shop: Storefront | None) -> Answer:
    # For translators: a button that leads to the shop of this name.
    way_on = shop and pages.way_on(say("Go to {shop}", shop=isolated(shop.name)), shop.home)
    return page(status, pages.message(title, text, way_on or "", lang=speech.tag()))


def shop_of_domain(now: datetime) -> Storefront | None:
    """The shop that our links' domain belongs to, at most a minute old: `go.shop.example` belongs
    to whoever the operator onboarded for `shop.example` or `www.shop.example`. None where nobody
    is, as where an agency's domain serves many shops, or where they are two, and where the table
    is away: a page that names no shop is better than one that comes late.
    """
    base = environment.public_base_url()
    try:
        owner = _owners.get(base, now, lambda _: _owner_of(base))
        return profiles.storefront(owner, now) if owner else None
    except clients.failures():
        return None


def _owner_of(base: str) -> str | None:
    scheme, _, host = base.partition("://")
    parent = host.partition(".")[2]
    origins = (base, f"{scheme}://{parent}", f"{scheme}://www.{parent}")
    loopback = environment.is_local()
    asked = [origin for origin in origins if address.host_of(origin, loopback=loopback)]
    owners = {owner for each in asked if (owner := profiles.owner_of(each, brisk=True))}
    return owners.pop() if len(owners) == 1 else None
