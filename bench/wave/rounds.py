"""The diary lived on the local cloud: links are followed and orders placed when it says so, and
template.yaml's schedules fire when they are due.

Followed by the redirect itself; orders are stored as a webhook's fact. There is one instance of
each function, and streams are worked off whenever queues are: they never wait for a batch to fill.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bench.traffic import recordings
from bench.wave import timetable
from bench.wave.diary import HOUR, HOURS, START, Diary, Visit, links_of
from bench.wave.shops import Shop
from bench.weekly import earlier_reports
from local.clock import BackwardError
from local.cloud import Cloud
from local.triggers.mail_events import MailEvents
from sharetrail import base32
from sharetrail.agenda import jobs
from sharetrail.aws.tables import INFLUENCERS, LINKS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, OrderRef, Sale
from sharetrail.report import choices, span
from sharetrail.report.issuing import rhythms
from sharetrail.report.span import OF_RHYTHM, Rhythm
from sharetrail.sharing import influencers, links
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import rule_version

_CREATED = START - timedelta(days=200)
"""So that each has reports behind it."""
_PLATFORM = "standard"
_NETWORKS = ("whatsapp", "facebook", "x", "copy")
_LINKS_A_SHOP = 1_000
"""At most: their codes are numbered by it."""
_REFUSED = 5  # mails


def live(cloud: Cloud, shops: Collection[Shop], diary: Diary) -> None:
    """All of it; fails where a schedule or a message does."""
    open_shops(cloud, shops)
    visits, number = list(diary.visits), 0
    for at, folder in _firings(cloud):
        while number < len(visits) and visits[number].at < at:
            follow(cloud, visits[number], number)
            number += 1
        _move(cloud, at)
        run = cloud.schedule(folder)
        assert run.error is None, run.error
        failed = cloud.drain()["failed"]
        assert not failed, failed
    _refuse(cloud)


def _refuse(cloud: Cloud) -> None:
    """The newest mails, when all is over."""
    events = MailEvents(cloud.template, cloud.clock)
    for mail in cloud.outbox.mails[:_REFUSED]:
        assert events.tell("bounce", mail.as_ses_tells()) == 1
    assert not cloud.drain()["failed"]


def _firings(cloud: Cloud) -> Iterator[tuple[datetime, str]]:
    """When which schedule fires, in order."""
    schedules = timetable.minutes(cloud.template)
    for hour in range(HOURS):
        due = [(minute, name) for name, own in schedules.items() for minute in own]
        for minute, folder in sorted(due):
            yield START + hour * HOUR + timedelta(minutes=minute), folder


def _move(cloud: Cloud, at: datetime) -> None:
    try:
        cloud.clock.set_forward(at)
    except BackwardError:  # the machine took longer than there was between two events
        return


# ── shops ────────────────────────────────────────────────────────────────────────────────────────
def open_shops(cloud: Cloud, shops: Collection[Shop]) -> None:
    """They are onboarded, their links made, and reports mailed, before it begins."""
    for shop in shops:
        _onboard(cloud, shop)
    made = [_link(shop, n) for shop in shops for n in range(min(links_of(shop), _LINKS_A_SHOP))]
    LINKS.write_all(map(links.item, made))
    jobs.note_done("rules", f"{rule_version()}")  # that nothing was counted by older ones
    people = {(link.merchant, link.influencer) for link in made}
    INFLUENCERS.write_all(
        influencers.item(merchant, Influencer(id=who, name=who.title(), created_at=_CREATED))
        for merchant, who in sorted(people)
    )


def _onboard(cloud: Cloud, shop: Shop) -> None:
    wish = {
        "time": _CREATED.isoformat(),
        "shop_host": shop.host,
        "name": shop.host,
        "currency": "USD",
        "zone": shop.zone,
        "recipients": [f"r{n}@{shop.host}" for n in range(shop.recipients)],
    }
    cloud.invoke("onboard_merchant", wish)
    merchant = profiles.find(shop.id, START)
    _report(merchant, "weekly")
    if shop.beside:
        choices.choose(merchant, merchant.recipients[0], ["weekly", shop.beside], _CREATED)
        rhythms.start(merchant, shop.beside, START)
        _report(merchant, shop.beside)


def _report(merchant: Merchant, rhythm: Rhythm) -> None:
    """The reports that the next looks back to, of days of which nothing was heard."""
    asked = span.last_due(OF_RHYTHM[rhythm], START, merchant.tz).after()
    earlier_reports.keep(merchant, asked, 0, START)


def _link(shop: Shop, n: int) -> Link:
    return Link(
        code=base32.encode(shop.number * _LINKS_A_SHOP + n, 10),
        merchant=shop.id,
        influencer=f"influencer-{n // 2}",
        url=f"https://{shop.host}/kettle",
        network=_NETWORKS[n % len(_NETWORKS)],
        created_at=_CREATED,
    )


# ── what happens to them ─────────────────────────────────────────────────────────────────────────
def follow(cloud: Cloud, visit: Visit, number: int) -> None:
    _move(cloud, visit.at)
    cloud.schedules.meet_day()
    link = _link(visit.shop, min(visit.link, _LINKS_A_SHOP - 1))
    click = recordings.click(number, cloud.clock.now(), {})
    answer = cloud.invoke("redirect", {**click, "pathParameters": {"code": link.code}})
    if visit.buys:
        (trail,) = parse_qs(urlsplit(answer["headers"]["location"]).query)["st"]
        _order(cloud, visit.shop, number, trail)


def _order(cloud: Cloud, shop: Shop, number: int, trail: str) -> None:
    now = cloud.clock.now()
    sale = Sale(name=f"#{number}", currency="USD", lines=(), net=5_000, total=5_000, trail=trail)
    ref = OrderRef(merchant=shop.id, platform=_PLATFORM, id=f"{number}")
    order_facts.save(ref, Fact(kind="placed", at=now, received=now, sale=sale), now)
