"""What the merchant wants a key figure to reach: set on the report page, and taken back."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self, cast

from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from sharetrail import money
from sharetrail.kpis import own_targets
from sharetrail.kpis.kpi import KPIS, OF_NETWORK, Kpi
from sharetrail.kpis.target import Per, Target
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.acts.name_influencer import WRITTEN
from sharetrail.report.page.figures.figure_words import FigureWords
from sharetrail.report.page.visit import Visit
from sharetrail.sharing.networks import NETWORKS, name_of
from sharetrail.words import formats
from sharetrail.words.speech import say, sentence
from sharetrail.words.writing import Writing

NO_TARGET = "none"
LONGEST = 30
_LONGEST_ID = 40
_VALUE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(?: ([A-Z]{3}))?(?: (day|week|month|quarter|year))?")
_MOST = 10**12
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class SetTarget(Deed):
    """Whoever writes one says it a month, where longer days have more of it."""

    kind: ClassVar[ActKind] = "target"
    kpi: Kpi
    network: str
    """Where it is one network's."""
    all_before: tuple[Target, ...]
    """Of all figures, as they stand."""

    @classmethod
    def read(cls, visit: Visit) -> Self:
        kpi = KPIS.get(asked(visit, "kpi", _LONGEST_ID))
        network = visit.query.get("network", "")
        if kpi is None or (network and not _is_of_network(kpi, network)):
            raise NotThere(say("There is no such figure."))
        known = own_targets.find(visit.merchant.id)
        target = next((each for each in known if each.place == (kpi.id, network)), None)
        return cls(
            visit=visit,
            about={"kpi": kpi.id, **({"network": network} if network else {})},
            label=_label(kpi, network),
            before=in_line(target),
            after=_after(visit, kpi),
            kpi=kpi,
            network=network,
            all_before=known,
        )

    @property
    def back(self) -> str:
        return "figures"

    @property
    def back_label(self) -> str:
        return say("Key figures")

    def shown(self, value: str) -> str:
        target = read_line(self.kpi, value)
        return told(target, Writing.of(self.visit.merchant)) if target else say("none")

    def words(self) -> Words:
        figure = self.label
        if self.after == NO_TARGET:
            return Words(
                title=say("Take the target of {figure} back", figure=figure),
                sentences=(say("{figure} will have no target of yours.", figure=figure),),
                button=say("Take it back"),
                warns=True,
            )
        return Words(
            title=say("Set a target for {figure}", figure=figure),
            sentences=(
                say("Your target will be {value}.", value=self.shown(self.after or NO_TARGET)),
                say("The page of key figures says how far it is. Nothing else changes."),
            ),
            button=say("Set it"),
        )

    def do(self, act: Act) -> bool:
        place = (self.kpi.id, self.network)
        others = tuple(each for each in self.all_before if each.place != place)
        target = read_line(self.kpi, act.after)
        targets = (*others, replace(target, network=self.network)) if target else others
        return own_targets.put_over(self.visit.merchant.id, self.all_before, targets)


def _is_of_network(kpi: Kpi, network: str) -> bool:
    return kpi.id in OF_NETWORK and network in NETWORKS


def _label(kpi: Kpi, network: str) -> str:
    name = sentence(kpi.name)
    if not network:
        return name
    # For translators: a key figure of one network: "Followers on Instagram".
    return say("{figure} on {network}", figure=name, network=name_of(network))


def in_line(target: Target | None) -> str:
    """As an address says it: `0.03`, `12000.00 USD month`, `none`."""
    if target is None:
        return NO_TARGET
    per = target.per if KPIS[target.kpi].is_sum else ""
    return " ".join(filter(None, (target.value, target.currency, per)))


def read_line(kpi: Kpi, line: str) -> Target | None:
    """What `in_line` told; None of no target. Malformed where it fits no target of the figure."""
    if line == NO_TARGET:
        return None
    match = _VALUE.fullmatch(line)
    fits = match and (bool(match[2]), bool(match[3])) == (kpi.unit == "money", kpi.is_sum)
    if not match or not fits:
        raise _no_target()
    per = cast(Per, match[3] or "month")
    target = Target(kpi=kpi.id, value=match[1], currency=match[2] or "", per=per)
    if not target.exact:
        raise _no_target()
    return target


def told(target: Target, writing: Writing) -> str:
    """As people read it: `$12,000.00 a month`, `3%`."""
    kpi = KPIS[target.kpi]
    value = FigureWords(writing=writing).value(kpi, target.exact, target.currency)
    if not kpi.is_sum:
        return value
    match target.per:
        case "day":
            return say("{amount} a day", amount=value)
        case "week":
            return say("{amount} a week", amount=value)
        case "month":
            return say("{amount} a month", amount=value)
        case "quarter":
            return say("{amount} a quarter", amount=value)
        case "year":
            return say("{amount} a year", amount=value)


def _after(visit: Visit, kpi: Kpi) -> str | None:
    """What the address says shall be, or what somebody has written; None where neither is."""
    value = visit.query.get("value")
    if WRITTEN in visit.query:
        return _written(visit.merchant, kpi, value or "")
    if value is None:
        return None
    return in_line(read_line(kpi, value))


def _written(merchant: Merchant, kpi: Kpi, text: str) -> str:
    """A number as the merchant's language has it; of parts in percent. Emptied, no target."""
    plain = text.replace("%", "").replace("\u00a0", " ").strip()
    if not plain:
        return NO_TARGET
    try:
        number = parse_decimal(plain, locale=formats.locale_of(merchant.language))
    except NumberFormatError as error:
        raise _no_target() from error
    if not number.is_finite() or not 0 < number < _MOST:
        raise _no_target()
    currency = merchant.currency if kpi.unit == "money" else ""
    places = money.digits(currency) if currency else 0 if kpi.is_sum else 6
    part = number / 100 if kpi.unit == "share" else number
    rounded = part.quantize(Decimal(1).scaleb(-places))
    if not rounded:
        raise _no_target()
    value = f"{rounded:f}" if currency else f"{rounded.normalize():f}"
    return " ".join(filter(None, (value, currency, "month" if kpi.is_sum else "")))


def as_written(deed: SetTarget) -> str:
    """What stands, as one would write it; nothing of what is of another time than a month, or in
    other money."""
    target = read_line(deed.kpi, deed.before)
    merchant = deed.visit.merchant
    if target is None or target.per != "month" or target.currency not in ("", merchant.currency):
        return ""
    number = Decimal(target.value) * (100 if deed.kpi.unit == "share" else 1)
    return format_decimal(number, "#0.######", locale=formats.locale_of(merchant.language))


def _no_target() -> Malformed:
    return Malformed(say("A target is a number, larger than none."))


def hint(kpi: Kpi, merchant: Merchant) -> str:
    """How it is written."""
    match kpi.unit:
        case "money":
            unit = say("In {currency}.", currency=merchant.currency)
        case "share":
            unit = say("In percent.")
        case "seconds":
            unit = say("In seconds.")
        case _:
            unit = ""
    per = say("For a month; shorter and longer days have their part of it.") if kpi.is_sum else ""
    empty = say("Leave it empty for none.")
    return " ".join(filter(None, (unit, per, empty)))
