"""GET /v1/kpis: the key figures of some days, beside other days and targets."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.api.frame import acceptance, day_range
from sharetrail.api.frame.answers import Day, Money, described, money
from sharetrail.api.frame.csv_table import Table, tabled
from sharetrail.api.frame.limits import limited
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import ACCEPTED, found, merchant_of, now_of, response_of
from sharetrail.kpis import scorecards
from sharetrail.kpis.comparison import Days, LastYear, Side
from sharetrail.kpis.figure import Figure, Judgement, Reading, Unit
from sharetrail.kpis.funnel import Outlay
from sharetrail.kpis.holiday import NAMES
from sharetrail.kpis.kpi import Kpi, Pillar
from sharetrail.kpis.scorecard import Beside, Line, NetworkLine, Scorecard
from sharetrail.kpis.target import Aimed, Per, Standing
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.questions import questions
from sharetrail.questions.question import LONGEST, Question
from sharetrail.questions.questions import TooManyQuestions
from sharetrail.web.http import Answer
from sharetrail.words.definitions import definitions

router = Router()
Value = int | float | Money
_PLACES = 6
KpiDays = TypedDict("KpiDays", {"from": Day, "to": Day})


@described
class OtherDaysKpi(TypedDict):
    figure: Value | None
    unknown: str | None
    judgement: Judgement | None
    """Whether the days that are asked for differ from these by more than chance; `null` where one
    of both is not known, or the days are not over."""


@described
class KpiTarget(TypedDict):
    figure: Value
    """For as many days as are asked for."""
    per: Per | None
    """For which time you set it, where longer days have more of it."""
    source: str | None
    """Who says so; `null` where you set it."""
    year: int | None
    note: str | None
    off: Value | None
    """The figure less the target; `null` where there is none, it is in other money, or the days
    are not over that a sum has yet to reach it in."""
    standing: Standing | None
    """`unclear` where chance may have parted them, `too_few` where nobody could tell."""


@described
class KpiAnswer(TypedDict):
    id: str
    name: str
    pillar: Pillar
    unit: Unit
    """`share` is a part of one, `ratio` how many of one for each of another."""
    more_is_better: bool | None
    figure: Value | None
    unknown: str | None
    """Why there is none."""
    days_before: OtherDaysKpi | None
    """Its figure of the days before; `null` where they hold too much to be added up at once."""
    last_year: OtherDaysKpi | None
    targets: list[KpiTarget]
    definition: str


@described
class NetworkKpis(TypedDict):
    network: str
    kpis: list[KpiAnswer]


@described
class MovingHoliday(TypedDict):
    id: str
    name: str
    side: Side
    """`moved`: the days a year ago were chosen so that they have it, as the asked days do;
    `only_then`: they have it, and the asked days do not; `only_now`: the asked days have it, and
    days that had it a year ago would compare worse."""


@described
class DaysLastYear(KpiDays):
    holiday: MovingHoliday | None


class _OfNetwork(TypedDict):
    network: str


class _Line(_OfNetwork, KpiAnswer):
    pass


def _table(told: "KpisAnswer") -> Table:
    """A line a figure: of the whole, whose `network` is empty, and then of each network."""
    parts = [("", told["kpis"]), *((each["network"], each["kpis"]) for each in told["networks"])]
    return _Line, [{**kpi, "network": network} for network, kpis in parts for kpi in kpis]


@tabled(_table)
@described
class KpisAnswer(KpiDays):
    over: bool
    """Whether the days have ended: part of them compares with no whole."""
    days_before: KpiDays
    last_year: DaysLastYear
    kpis: list[KpiAnswer]
    networks: list[NetworkKpis]
    costs_apart: list[Money]
    """Costs of the days in a currency of which no exchange rate is known: in no figure, and while
    there are any, or codes below, nothing is judged by what sharing cost."""
    untold_codes: int
    """Uses of codes of which the shop does not tell what they took off: in no figure."""


@router.get(
    "/v1/kpis",
    responses={200: found(KpisAnswer), 202: ACCEPTED},
    openapi_extensions=refusing(TooManyQuestions) | limited(questions.POLICY),
)
def show_kpis(first: day_range.First = None, last: day_range.Last = None) -> Response[str]:
    """Key figures of the days (the seven that ended yesterday, where none are asked for), beside
    the days before, the same days a year ago, and targets."""
    merchant, now = merchant_of(router), now_of(router)
    begins, ends = day_range.lately(merchant, first, last, now, LONGEST, are_over=True)
    return response_of(respond(merchant, Days(first=begins, last=ends), now))


def respond(merchant: Merchant, days: Days, now: datetime) -> Answer:
    about = {"from": days.first.isoformat(), "to": days.last.isoformat()}
    question = Question(merchant=merchant.id, kind="kpis", about=about, asked_at=now)
    return acceptance.respond(
        question,
        lambda: show(scorecards.read(merchant, days, now)),
        is_big=scorecards.is_big(merchant, days),
    )


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    first, last = (date.fromisoformat(question.about[each]) for each in ("from", "to"))
    days = Days(first=first, last=last)
    return dict(show(scorecards.read_big(merchant, days, question.asked_at)))


def show(card: Scorecard) -> KpisAnswer:
    outlay = card.funnels.now.outlay
    return {
        **_span(card.days),
        "over": card.is_over,
        "days_before": _span(card.days_before),
        "last_year": {**_span(card.year.days), "holiday": _holiday(card.year)},
        "kpis": [_kpi(line, card) for line in card.lines],
        "networks": [_network(each, card) for each in card.networks],
        "costs_apart": _apart(outlay),
        "untold_codes": outlay.untold if outlay else 0,
    }


def _apart(outlay: Outlay | None) -> list[Money]:
    return [money(Amount(each.amount, each.currency)) for each in outlay.apart] if outlay else []


def _span(days: Days) -> KpiDays:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def _holiday(year: LastYear) -> MovingHoliday | None:
    if year.side is None:
        return None
    return {"id": year.holiday, "name": NAMES[year.holiday], "side": year.side}


def _network(each: NetworkLine, card: Scorecard) -> NetworkKpis:
    return {
        "network": each.span.network,
        "kpis": [_kpi(line, card) for line in each.lines],
    }


def _kpi(line: Line, card: Scorecard) -> KpiAnswer:
    kpi, currency = line.kpi, card.funnels.now.currency
    return {
        "id": kpi.id,
        "name": kpi.name,
        "pillar": kpi.pillar,
        "unit": kpi.unit,
        "more_is_better": kpi.more_is_better,
        "figure": _value(kpi, line.reading, currency),
        "unknown": _why(line.reading),
        "days_before": _beside(kpi, line.before, currency),
        "last_year": _beside(kpi, line.last_year, currency),
        "targets": [_target(kpi, each, currency) for each in line.targets],
        "definition": definitions()[kpi.anchor].text,
    }


def _beside(kpi: Kpi, other: Beside | None, currency: str) -> OtherDaysKpi | None:
    if other is None:
        return None
    return {
        "figure": _value(kpi, other.reading, currency),
        "unknown": _why(other.reading),
        "judgement": other.judgement,
    }


def _target(kpi: Kpi, each: Aimed, currency: str) -> KpiTarget:
    target = each.target
    return {
        "figure": _number(kpi, each.aim, target.currency or currency),
        "per": target.per if target.is_own and kpi.is_sum else None,
        "source": target.source or None,
        "year": target.year,
        "note": target.note or None,
        "off": None if each.off is None else _number(kpi, each.off, currency),
        "standing": each.standing,
    }


def _value(kpi: Kpi, reading: Reading, currency: str) -> Value | None:
    return _number(kpi, reading.value, currency) if isinstance(reading, Figure) else None


def _why(reading: Reading) -> str | None:
    return None if isinstance(reading, Figure) else reading.why


def _number(kpi: Kpi, value: Fraction, currency: str) -> Value:
    if kpi.unit == "money":
        return money(Amount(round(value), currency))
    return round(value) if kpi.unit == "count" else round(float(value), _PLACES)
