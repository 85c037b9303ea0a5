"""One message per recipient, period and kind, ever: whatever dies, comes twice, is sent back, is
chosen otherwise in between, or is written in another way."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.cloud import Cloud
from local.runtime.memories import forget_facts
from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.aws.queues import MAILS
from sharetrail.merchants import profiles, void_links
from sharetrail.report import choices, span
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import reports, sent_mails
from sharetrail.report.keeping.recipient_codes import codes_of
from sharetrail.report.report_mail import ReportMail
from sharetrail.report.span import Rhythm, Span
from tests import calls
from tests.calls import Calls
from tests.shops import Shop, monday

OWNER, OTHER = "owner@shop.example", "other@shop.example"
DAYS = 9
MOST_WRITES = 8


@pytest.fixture(autouse=True)
def one_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "zone_names", lambda: {"America/New_York"})


@pytest.fixture(autouse=True)
def counted() -> Iterator[Calls]:
    with calls.noted() as counted:
        yield counted


def spelled(address: str, chance: random.Random) -> str:
    return chance.choice([address, address.upper(), address.title()])


def choose(shop: Shop, rhythm: Rhythm, *, to: str) -> None:
    """This one beside the weekly report."""
    now = shop.cloud.clock.now()
    merchant = profiles.find(shop.id, now)
    choices.choose(merchant, to, [rhythm, "weekly"], now)
    rhythms.start(merchant, rhythm, now)


class Life:
    """Of a shop whose two recipients get days and weeks, morning by morning."""

    def __init__(self, shop: Shop, counted: Calls, seed: int) -> None:
        self.shop, self.counted, self.chance = shop, counted, random.Random(seed)
        self.dead = 0
        counted.watch(shop.cloud)
        shop.onboarded(recipients=[OWNER, OTHER])
        for to in (OWNER, OTHER):
            choose(shop, "daily", to=to)

    def morning(self) -> None:
        for act in self.chance.sample([self.respell, self.other_chooses, self.end_links], 2):
            act()
        forget_facts()
        folder = self.chance.choice(["send_report", "analyse_merchant", ""])
        if folder:
            write = self.chance.randrange(MOST_WRITES)
            self.counted.die(folder, write, after=self.chance.random() < 0.5)
        self.shop.cloud.clock.set_forward(self.shop.cloud.clock.now() + calendars.DAY)
        assert self.shop.run("schedule_reports") == []
        self.dead += folder == "send_report" and self.counted.dying == ""
        self.counted.dying = ""
        for act in self.chance.sample([self.again, self.sent_back, self.sent_back], 2):
            act()
        assert self.shop.cloud.drain()["failed"] == []

    def respell(self) -> None:
        addresses = [spelled(each, self.chance) for each in (OWNER, OTHER, OWNER)]
        self.shop.onboarded(recipients=addresses)

    def other_chooses(self) -> None:
        now, who = self.shop.cloud.clock.now(), spelled(OTHER, self.chance)
        merchant = profiles.find(self.shop.id, now)
        choices.choose(merchant, who, self.chance.choice([[], ["weekly"]]), now)
        self.shop.cloud.clock.set_forward(now + timedelta(seconds=1))
        if self.chance.random() < 0.7:
            choose(self.shop, "daily", to=spelled(OTHER, self.chance))

    def end_links(self) -> None:
        void_links.end(self.shop.id, OWNER, self.shop.cloud.clock.now())

    def again(self) -> None:
        """The reports are asked for once more."""
        for about in self.issued():
            jobs.note(rhythms.job_of(self.shop.id, about), self.shop.cloud.clock.now())
        self.shop.cloud.schedule("schedule_reports")

    def sent_back(self) -> None:
        """Their mails come again, however their recipients were written."""
        for about in self.issued():
            kept = reports.find(self.shop.id, about)
            assert kept
            to = spelled(self.chance.choice([OWNER, OTHER]), self.chance)
            if kept.is_for(codes_of(self.shop.id, to, self.shop.cloud.clock.now())):
                body = ReportMail.of(self.shop.id, about, kept.snapshot, to).body()
                MAILS.send_all([(self.shop.id, body)])

    def issued(self) -> list[Span]:
        now = self.shop.cloud.clock.now()
        zone = profiles.find(self.shop.id, now).tz
        newest = [span.last_due("day", now, zone), span.last_due("week", now, zone)]
        both = [*newest, newest[0].before()]
        return [each for each in both if reports.find(self.shop.id, each)]

    def mails(self) -> Counter[tuple[str, str]]:
        """By recipient, and by what each is about, which its subject says."""
        mails = self.shop.cloud.outbox.mails
        return Counter((mail.to.casefold(), mail.subject) for mail in mails)


@pytest.mark.parametrize("seed", range(3))
def test_each_recipient_has_one_mail_of_each_period_and_kind(
    cloud: Cloud, counted: Calls, seed: int
) -> None:
    """But one more at most of each run that died where nobody knows whether it had left."""
    shop = Shop.onboard(cloud)
    cloud.clock.set_forward(monday(cloud.clock.now()) + timedelta(hours=1))
    life = Life(shop, counted, seed)
    for _ in range(DAYS):
        life.morning()
    mails = life.mails()
    of_owner = [subject for to, subject in mails if to == OWNER]
    assert len(of_owner) >= DAYS, "each day, and a week"
    assert {to for to, _ in mails} <= {OWNER, OTHER}
    assert sum(mails.values()) - len(mails) <= 2 * life.dead
    if not life.dead:
        assert set(mails.values()) == {1}
    kept = sent_mails.listed(shop.id, OWNER, shop.cloud.clock.now())
    assert len(kept) == len(of_owner)
