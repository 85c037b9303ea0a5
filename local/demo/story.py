"""Some weeks of the demo shop: links, clicks, page events and orders, the same for a seed and a
span. Only facts are told here; what they add up to is the product's business."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from local.demo.agents import BOTS, PEOPLE, PREVIEWS, of_person
from local.demo.cast import SHARERS, Sharer
from local.shop.catalogue import PRODUCTS
from sharetrail.clicks.click import Click, mint_click_id
from sharetrail.clicks.page_event import PRIVATE, PageEvent, PageEventType
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.sharing import create_link
from sharetrail.sharing.link import OTHER, Link, Product

SEED = 20_14
LINKS = 600
CLICKS = 14_800
"""Not counting repeats and what pages embed."""
EMBEDDED = 420
VIEWS = 3_100
A_VIEW_STANDS_FOR = 16
OPENS = 1_480
VISITS = 1_850
"""With a trail: browsers that a share brought, and that shop again."""
RESHARE_DELAY = timedelta(hours=1)
_CAMPAIGNS = ("", "", "", "autumn-harbour", "gift-guide")
_LABELS = ("", "story", "post", "group", "newsletter")
# How busy the hours of a day and the days of a week are.
_HOURS = (2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 7, 8, 9, 8, 7, 7, 8, 9, 11, 13, 14, 12, 8, 4)
_WEEKDAYS = (10, 10, 11, 11, 12, 14, 15)
_WEEKLY_GROWTH = 1.05
_SOON = timedelta(hours=2)
_PROGRAMS = {*BOTS, *PREVIEWS.values()}
_Share = tuple[Link, Sharer]


@dataclass(frozen=True, kw_only=True)
class Traffic:
    links: list[_Share]
    clicks: list[Click]
    people: list[tuple[Click, Link, Sharer]]
    """The clicks of people, without repeats: from them come the orders."""
    events: list[PageEvent]


def traffic(
    merchant_id: str, origin: str, ids: dict[str, str], start: datetime, end: datetime
) -> Traffic:
    """`ids` are the sharers' influencer ids. Times are spread from `start` to `end`, whatever
    of it has come to pass."""
    chance = random.Random(SEED)
    moments = _Moments(chance, start, end)
    shares = _links(chance, merchant_id, origin, ids, start)
    all_clicks: list[Click] = []
    people: list[tuple[Click, Link, Sharer]] = []
    weights = [sharer.reach / len(sharer.networks) for _, sharer in shares]
    for link, sharer in chance.choices(shares, weights, k=CLICKS):
        click = _click(chance, link, sharer, moments.one())
        all_clicks.append(click)
        if click.agent not in _PROGRAMS and not click.mute:
            people.append((click, link, sharer))
            if chance.random() < 0.06:
                all_clicks.append(_again(chance, click, end))
    tries = chance.sample(shares, k=len(shares) // 2)
    all_clicks += [
        _trial_click(chance, link, min(end, start + _SOON * chance.random())) for link, _ in tries
    ]
    all_clicks += _embedded(random.Random(SEED), shares, start, end)
    events = _events(chance, shares, moments, merchant_id, origin)
    visits = _visits(chance, [click for click, _, _ in people], merchant_id, origin, end)
    stays = _stays(random.Random(SEED), visits, end)
    return Traffic(
        links=shares,
        clicks=sorted(all_clicks, key=lambda click: click.id),
        people=sorted(people, key=lambda each: each[0].id),
        events=sorted([*events, *visits, *stays], key=lambda each: each.at),
    )


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def _links(
    chance: random.Random, merchant_id: str, origin: str, ids: dict[str, str], start: datetime
) -> list[_Share]:
    """Six hundred links, each of another identity; whoever reaches more people has more."""
    weights = [1 + sharer.reach for sharer in SHARERS]
    made: dict[str, _Share] = {}
    while len(made) < LINKS:
        (sharer,) = chance.choices(SHARERS, weights)
        product = chance.choice(PRODUCTS)
        network = chance.choice(sharer.networks)
        label = chance.choice(_LABELS)
        wish = Link(
            code="",
            merchant=merchant_id,
            influencer=ids[sharer.id],
            url=f"{origin}{product.path}",
            network=network,
            campaign=chance.choice(_CAMPAIGNS),
            label=sharer.forum if network == OTHER else label,
            product=Product(id=str(product.id), title=product.title, image=origin + product.card),
            maker=f"{chance.getrandbits(64):016x}",
            created_at=start,
        )
        made.setdefault(wish.identity, (create_link.with_code(wish, 0, start), sharer))
    return _reshares(chance, list(made.values()))


def _reshares(chance: random.Random, shares: list[_Share]) -> list[_Share]:
    """Shoppers without a name came by somebody's link an hour later, and shared from there on."""
    parents = [link for link, sharer in shares if sharer.name]
    return [
        (link, sharer)
        if sharer.name
        else (
            replace(
                link,
                parent_code=chance.choice(parents).code,
                created_at=link.created_at + RESHARE_DELAY,
            ),
            sharer,
        )
        for link, sharer in shares
    ]


# ── clicks ───────────────────────────────────────────────────────────────────────────────────────
def _click(chance: random.Random, link: Link, sharer: Sharer, at: datetime) -> Click:
    agent, referrer = _program(chance, link, sharer) or of_person(chance, link.network)
    visitor = Visitor(
        hash=f"{chance.getrandbits(64):016x}" if chance.random() > 0.03 else None,
        agent=agent,
        referrer=referrer,
        country=None,
        mute=chance.random() < 0.04,
    )
    return _click_of(chance, link, visitor, at)


def _trial_click(chance: random.Random, link: Link, at: datetime) -> Click:
    """Whoever made a link follows it once to see that it works."""
    maker = Visitor(hash=link.maker, agent=chance.choice(PEOPLE), referrer="", country=None)
    return _click_of(chance, link, maker, at)


def _embedded(
    chance: random.Random, shares: list[_Share], start: datetime, end: datetime
) -> list[Click]:
    """Somebody put copied links into a forum as pictures: every reader's browser loads them."""
    links = [link for link, _ in shares if link.network == "copy"][:3]
    moments = _Moments(chance, start, end)
    return [
        _click_of(
            chance,
            chance.choice(links),
            Visitor(
                hash=f"{chance.getrandbits(64):016x}",
                agent=chance.choice(PEOPLE),
                referrer="forum.example",
                country=None,
                embedded_as="image",
            ),
            moments.one(),
        )
        for _ in range(EMBEDDED)
    ]


def _click_of(chance: random.Random, link: Link, visitor: Visitor, at: datetime) -> Click:
    """`clicks.of` draws its chance from the system; a demo is the same twice."""
    # Nearly everybody is at home, where one browser is all that comes from an address.
    at_home = replace(visitor, address=visitor.hash and visitor.hash[::-1])
    click = new_click(link.merchant, link.code, at_home, at, link.maker)
    return replace(click, id=click.id[:10] + mint_click_id(at, 0, chance.getrandbits(80))[10:])


def _program(chance: random.Random, link: Link, sharer: Sharer) -> tuple[str, str] | None:
    """One that follows the link in a person's stead, which says no referrer."""
    draw = chance.random()
    if draw < sharer.bots:
        return chance.choice(BOTS), ""
    if draw < sharer.bots + 0.07 and link.network in PREVIEWS:
        return PREVIEWS[link.network], ""
    return None


def _again(chance: random.Random, click: Click, end: datetime) -> Click:
    """The same visitor a few seconds later: pressed twice, or came back from the page."""
    at = min(end, click.at + timedelta(seconds=chance.randint(2, 25)))
    shard = int(click.id[9])
    return replace(click, id=mint_click_id(at, shard, chance.getrandbits(80)), at=at)


# ── page events ──────────────────────────────────────────────────────────────────────────────────
def _events(
    chance: random.Random,
    shares: list[_Share],
    moments: "_Moments",
    merchant_id: str,
    origin: str,
) -> list[PageEvent]:
    host = origin.partition("://")[2]

    def event(kind: PageEventType, at: datetime, product: str, n: int = 1) -> PageEvent:
        name = f"{chance.getrandbits(96):024x}"
        return PageEvent(
            id=name,
            address=name[:16],
            merchant=merchant_id,
            type=kind,
            at=at,
            timed=True,
            page=f"{host}/shop",
            product=product,
            n=n,
        )

    products = [str(product.id) for product in PRODUCTS]
    looked = [
        event("view", moments.one(), chance.choice(products), n=A_VIEW_STANDS_FOR)
        for _ in range(VIEWS)
    ]
    opened = [event("open", moments.one(), chance.choice(products)) for _ in range(OPENS)]
    shared = [
        event("share", moments.one(), link.product.id if link.product else "")
        for link, _ in [*shares, *chance.choices(shares, k=LINKS // 2)]
    ]
    return [*looked, *opened, *shared]


def _visits(
    chance: random.Random, human_clicks: list[Click], merchant_id: str, origin: str, end: datetime
) -> list[PageEvent]:
    """Browsers that came by one share or two, as their trails say, and mostly never bought."""
    visits = []
    for _ in range(VISITS):
        trail = sorted(chance.sample(human_clicks, chance.choice((1, 1, 1, 2))), key=lambda c: c.id)
        came = trail[-1].at + timedelta(seconds=chance.randint(2, 600_000))
        visits.append(
            PageEvent(
                id=f"{chance.getrandbits(96):024x}",
                merchant=merchant_id,
                type="visit",
                at=min(came, end - timedelta(seconds=1)),
                timed=True,
                page=f"{origin.partition('://')[2]}/shop",
                trail=tuple(click.id for click in trail),
                address=trail[-1].address or PRIVATE,
            )
        )
    return visits


def _stays(chance: random.Random, visits: list[PageEvent], end: datetime) -> Iterator[PageEvent]:
    """How long their pages were looked at: a third saw one, and few saw more than four."""
    for visit in visits:
        at = visit.at
        for place in range(1, 1 + chance.choices((1, 2, 3, 4, 6), (35, 25, 20, 12, 8))[0]):
            seconds = max(2, round(chance.expovariate(1 / 70)))
            at = min(at + timedelta(seconds=seconds), end - timedelta(seconds=1))
            yield replace(
                visit,
                id=f"{chance.getrandbits(96):024x}",
                type="stay",
                at=at,
                trail=(),
                seconds=min(seconds, 1_800),
                place=place,
            )


# ── times ────────────────────────────────────────────────────────────────────────────────────────
class _Moments:
    """Instants of a span, more of them at busy hours, on busy days and in later weeks."""

    def __init__(self, chance: random.Random, start: datetime, end: datetime) -> None:
        self._chance = chance
        self._end = end
        hours = math.ceil((end - start) / timedelta(hours=1))
        self._hours = [start + timedelta(hours=n) for n in range(hours)]
        # Added up once: thousands of moments are drawn.
        self._weights = list(accumulate(self._busy(at, start) for at in self._hours))

    def one(self) -> datetime:
        (hour,) = self._chance.choices(self._hours, cum_weights=self._weights)
        at = hour + timedelta(milliseconds=self._chance.randrange(3_600_000))
        return min(at, self._end - timedelta(seconds=1))

    def _busy(self, at: datetime, start: datetime) -> float:
        local = at - timedelta(hours=5)
        week = (at - start) / timedelta(weeks=1)
        busy = _HOURS[local.hour] * _WEEKDAYS[local.weekday()] * _WEEKLY_GROWTH**week
        return float(busy)
