"""GET and PUT /v1/targets: what the merchant wants key figures to reach."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail import money as moneys
from sharetrail.api.frame.answers import Money, described, money
from sharetrail.api.frame.csv_table import tabled
from sharetrail.api.frame.resolver import merchant_of
from sharetrail.api.frame.sense import sensible
from sharetrail.kpis import own_targets
from sharetrail.kpis.kpi import KPIS, OF_NETWORK, Pillar
from sharetrail.kpis.target import Per, Target
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.sharing.networks import NETWORKS, NetworkId
from sharetrail.web import bodies
from sharetrail.web.bodies import strict

router = Router()
if TYPE_CHECKING:
    KpiId = str
else:  # as pydantic checks it, and names it in what it refuses
    KpiId = Literal[tuple(KPIS)]
Decimals = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]


@strict
class MoneyBody:
    amount: Decimals
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


@strict
class TargetBody:
    kpi: KpiId
    aim: Decimals | MoneyBody
    """Money for KPIs of money, in your own currency; else decimal text: `"0.03"` is 3 %."""
    per: Per = "month"
    """For which time it is, where longer days have more of it; else it says nothing."""
    network: NetworkId | None = None
    """Of the figures that one network has: whose it is."""


def _sense(told: Any, merchant: Merchant, _now: datetime) -> dict[str, str]:
    """A KPI stands once, or once a network; money is what its KPI is of, in the shop's currency;
    nothing is no target.
    """
    errors: dict[str, str] = {}
    seen: set[tuple[str, str | None]] = set()
    for n, each in enumerate(bodies.listed(told, "targets")):
        named = bodies.sound_fields(TargetBody, each)
        if "kpi" not in named:
            continue
        kpi, network = named["kpi"], named.get("network")
        if (kpi, network) in seen:
            errors[f"targets.{n}.kpi"] = "stands twice"
        seen.add((kpi, network))
        if network and kpi not in OF_NETWORK:
            errors[f"targets.{n}.network"] = "has no such figure of its own"
        if "aim" in named and (fault := _fault(merchant, named["kpi"], named["aim"])):
            errors[f"targets.{n}.aim"] = fault
    return errors


def _fault(merchant: Merchant, kpi: str, aim: str | MoneyBody) -> str:
    is_money = KPIS[kpi].unit == "money"
    if isinstance(aim, MoneyBody):
        if not is_money:
            return "is no money: tell it as decimal text"
        if aim.currency != merchant.currency:
            return f"is not in {merchant.currency}"
        return "" if moneys.minor(aim.amount, aim.currency) else "is zero"
    if is_money:
        return 'is money: tell it as {"amount", "currency"}'
    return "" if Decimal(aim) else "is zero"


@sensible(_sense)
@strict
class KpiTargets:
    targets: Annotated[
        list[TargetBody], Field(max_length=len(KPIS) + len(OF_NETWORK) * len(NETWORKS))
    ]


@described
class TargetSet(TypedDict):
    kpi: str
    pillar: Pillar
    aim: str | Money
    per: Per | None
    network: str | None
    """Where it is one network's."""


@tabled(lambda told: (TargetSet, told["targets"]))
class TargetsAnswer(TypedDict):
    targets: list[TargetSet]


@router.get("/v1/targets")
def show_targets() -> TargetsAnswer:
    """The targets that you set."""
    return _answer(own_targets.find(merchant_of(router).id))


@router.put("/v1/targets")
def set_targets(body: KpiTargets) -> TargetsAnswer:
    """These targets, in the place of all that were set before."""
    targets = tuple(map(_target, body.targets))
    own_targets.put(merchant_of(router).id, targets)
    return _answer(targets)


def _target(body: TargetBody) -> Target:
    per: Per = body.per if KPIS[body.kpi].is_sum else "month"
    if isinstance(body.aim, MoneyBody):
        amount, currency = body.aim.amount, body.aim.currency
        return Target(kpi=body.kpi, value=amount, currency=currency, per=per)
    return Target(kpi=body.kpi, value=body.aim, per=per, network=body.network or "")


def _answer(targets: tuple[Target, ...]) -> TargetsAnswer:
    return {"targets": [_told(each) for each in targets if each.kpi in KPIS]}


def _told(target: Target) -> TargetSet:
    aim: str | Money = target.value
    if target.currency:
        aim = money(Amount(moneys.minor(target.value, target.currency), target.currency))
    kpi = KPIS[target.kpi]
    return {
        "kpi": kpi.id,
        "pillar": kpi.pillar,
        "aim": aim,
        "per": target.per if kpi.is_sum else None,
        "network": target.network or None,
    }
