"""G15: an account with ten thousand shops: when Monday's last mail leaves, how long each hourly
round takes, what is busiest, and what a shop costs a month.

What a job asks and computes is measured here and now, on the product's own functions
(measured.py); what ten thousand shops do with it is simulated (night.py). A minute and a half;
`--emulator` lays two hundred shops beside the model (beside.py), two minutes more.
"""

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from random import Random

from bench import goals
from bench.goals import Figure
from bench.shop import stack
from bench.wave import beside, diary, forecast, lanes, measured, month, night, shops, timetable
from bench.wave.measured import DAILY, REPORT, Measured
from bench.wave.night import Night, Room, Trouble
from bench.wave.shops import Shop
from sharetrail.clicks.click import CLICK_SHARDS
from sharetrail.orders import order_rings
from sharetrail.report.span import Rhythm

LAST_MAIL, ROUND = 6, 5
"""Minutes after eight, where all get the week's report and no other; and after a schedule fired."""
KEY, CONCURRENCY = 1_000, 1_000
"""Writes a second that a partition takes; functions at once of an account that never asked."""
NUMBERS = (10, 1_000, 10_000)
_OF_ONE_ZONE, _ZONE = 2_000, "America/New_York"
_ORDINARY: tuple[Rhythm, ...] = ("daily",)
"""What is due on a Monday with which no month begins."""
_TEN_MINUTES, _ALWAYS = 600.0, 10
_HOUR = 3_600  # seconds
_WEEK = 7 * 24  # hours
IDLE, IDLE_DOLLARS = 300, 5.00
"""Requests a month of a merchant: none on most days. And what an operator pays for nothing."""
_ACTIVE = 1_000 / _WEEK
"""Clicks an hour of a merchant who is active, and has a thousand a week."""


def measure(*, emulated: bool = False) -> list[Figure]:
    costs, minutes = measured.measure(), timetable.minutes(stack())
    account = Account(costs, minutes)
    nights = {number: account.night(shops.draw(number)) for number in NUMBERS}
    figures = [*_mondays(account, nights), *_rounds(nights), *_peaks(nights)]
    figures += [_month(costs, minutes), _account(costs, minutes)]
    return [*figures, *(beside.measure(costs) if emulated else ())]


class Account:
    """A stack as template.yaml has it."""

    def __init__(self, costs: Measured, minutes: timetable.Minutes) -> None:
        self._costs, self._minutes = costs, minutes
        self._room = Room(
            chores=timetable.workers("TendMerchant"),
            builders=timetable.workers("AnalyseMerchant"),
            mailers=timetable.workers("SendReport"),
            mails_a_second=timetable.parameter("MailsPerSecond"),
            cold=night.START_UP + measured.imports("analyse_merchant"),
        )

    def night(
        self,
        living: Sequence[Shop],
        trouble: Trouble | None = None,
        besides: Collection[Rhythm] = _ORDINARY,
    ) -> Night:
        """Of these shops, with what other reports are due that Monday; how much they were followed
        in the week is drawn as the day is."""
        chance = Random(len(living))
        weekly = {shop.id: diary.poisson(chance, shop.rate * _WEEK) for shop in living}
        living = [each if each.beside in besides else replace(each, beside=None) for each in living]
        busy = {merchant: clicks for merchant, clicks in weekly.items() if clicks}
        jobs = forecast.jobs_of(living, diary.at_random(living), self._minutes, busy)
        return night.live(jobs, self._costs, self._minutes, self._room, trouble)


# ── Monday ───────────────────────────────────────────────────────────────────────────────────────
def _mondays(account: Account, nights: Mapping[int, Night]) -> list[Figure]:
    """Beside it, with how many merchants the world over, which zone's last mail is latest."""
    beside = {f"{number:,} in all zones": _latest(own, number) for number, own in nights.items()}
    living = shops.draw(_OF_ONE_ZONE, zone=_ZONE)
    ill = living[_OF_ONE_ZONE // 2].id
    cases = {
        "": None,
        ", while one build takes ten minutes": Trouble(shop=ill, seconds=_TEN_MINUTES),
        ", while one build fails ten times": Trouble(shop=ill, fails=_ALWAYS),
    }
    due = f"{_OF_ONE_ZONE:,} merchants due at one time, minutes past 08:00"
    alone = [
        Figure(
            "G15",
            f"last mail to {due}{case}",
            _last_mail(account.night(living, trouble, ()), living, ill if trouble else ""),
            LAST_MAIL,
            details={} if trouble else beside,
        )
        for case, trouble in cases.items()
    ]
    more = {"with days' reports": _ORDINARY, "as a quarter begins": [*shops.BESIDE]}
    return [*alone, *(_fuller(f"{due}, {case}", account, living, more[case]) for case in more)]


def _fuller(
    what: str, account: Account, living: Sequence[Shop], besides: Collection[Rhythm]
) -> Figure:
    """Within the same time, and what SES takes for the mails that are more."""
    of_night = account.night(living, None, besides)
    number = sum(mail.task.at >= _eight(living[0]) for mail in of_night.mails)
    more = number - sum(shop.recipients for shop in living)
    limit = round(LAST_MAIL + more / timetable.parameter("MailsPerSecond") / 60, 2)
    return Figure(
        "G15",
        f"last mail to {what}",
        _last_mail(of_night, living),
        limit,
        details={"mails": f"{number:,}"},
    )


def _last_mail(of_night: Night, living: Sequence[Shop], but: str = "") -> float:
    """To everybody but one, in minutes after eight."""
    own = (mail.ended for mail in of_night.mails if mail.task.owner != but)
    return (max(own) - _eight(living[0])) / 60


def _latest(of_night: Night, number: int) -> str:
    zones = {shop.id: shop for shop in shops.draw(number)}
    late = {mail: mail.ended - _eight(zones[mail.task.owner]) for mail in of_night.mails}
    latest = max(late, key=late.__getitem__)
    return f"{zones[latest.task.owner].zone}, {late[latest] / 60:.1f} min"


def _eight(shop: Shop) -> float:
    """Seconds from the start to its Monday at eight."""
    return (shop.at(diary.MONDAY, diary.EIGHT) - diary.START).total_seconds()


# ── rounds ───────────────────────────────────────────────────────────────────────────────────────
def _rounds(nights: Mapping[int, Night]) -> list[Figure]:
    """Of the most merchants, by kind; beside it those of fewer."""
    *fewer, most = nights
    return [
        Figure(
            "G15",
            f"longest round of {most:,} merchants, minutes: {kind}",
            _longest(nights[most], kind).seconds / 60,
            ROUND,
            details={
                "jobs in it": f"{_longest(nights[most], kind).jobs:,}",
                **{
                    f"{n:,} merchants": f"{_longest(nights[n], kind).seconds / 60:.2g}"
                    for n in fewer
                },
            },
        )
        for kind in (*night.CHORES, "score", REPORT, DAILY)
    ]


def _longest(of_night: Night, kind: str) -> night.Round:
    none = night.Round(kind=kind, fired=0, jobs=0, ended=0)
    own = (each for each in of_night.rounds if each.kind == kind)
    return max(own, key=lambda each: each.seconds, default=none)


# ── peaks ────────────────────────────────────────────────────────────────────────────────────────
def _peaks(nights: Mapping[int, Night]) -> list[Figure]:
    *_, (most, busiest) = nights.items()
    queues = {"chores": busiest.chores, "analyses": busiest.analyses, "mails": busiest.mails}
    oldest = {
        f"oldest of {name}": f"{max(done.waited for done in runs):.0f} s"
        for name, runs in queues.items()
    }
    key = f"writes a second to the busiest key of the agenda's index, {most:,} merchants"
    at_once = f"workers at once, {most:,} merchants"
    return [
        Figure("G15", key, busiest.busiest_key, KEY, details=_other_keys(most)),
        Figure("G15", at_once, lanes.at_once(busiest.runs), CONCURRENCY, details=oldest),
    ]


def _other_keys(number: int) -> dict[str, str]:
    """On average; where all come at once is bench.projection.viral's."""
    rates = [shop.rate for shop in shops.draw(number)]
    orders = sum(rates) * diary.ORDERS / _HOUR / order_rings.SHARDS
    return {
        "of the index of what was heard": f"{orders:.2g}",
        "of the largest merchant's clicks": f"{max(rates) / _HOUR / CLICK_SHARDS:.2g}",
    }


# ── a month ──────────────────────────────────────────────────────────────────────────────────────
def _month(costs: Measured, minutes: timetable.Minutes) -> Figure:
    idle, active = (month.of_merchant(costs, clicks) for clicks in (0.0, _ACTIVE))
    others = {
        f"idle, one recipient {each} as well": str(month.of_merchant(costs, 0.0, each))
        for each in shops.BESIDE
    }
    details = {
        "idle": str(idle),
        **others,
        f"with {_ACTIVE * _WEEK:,.0f} clicks a week": str(active),
        "schedules, for all together": str(month.of_schedules(costs, minutes)),
    }
    what = "requests of an idle merchant a month, its reports and mails"
    return Figure("G15", what, idle.requests, IDLE, details=details)


def _account(costs: Measured, minutes: timetable.Minutes) -> Figure:
    parts = month.of_account(costs, minutes)
    details = {name: f"${dollars:.2f}" for name, dollars in parts.items()}
    what = "dollars a month of an account without merchants, by list"
    return Figure("G15", what, sum(parts.values()), IDLE_DOLLARS, details=details)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--json", action="store_true", help="one JSON object, for machines")
    arguments.add_argument("--emulator", action="store_true", help="200 merchants beside the model")
    choice = arguments.parse_args()
    goals.tell(measure(emulated=choice.emulator), choice.json)
