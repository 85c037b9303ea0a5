"""What a reconciliation is told as. Pure."""

from typing import Literal

from typing_extensions import TypedDict

from sharetrail.orders.order_fact import FactKind
from sharetrail.reconciliation.difference import Field
from sharetrail.web.answers import Currency, Moment, Money, described

CountOf = Literal[
    "in_export", "missing", "differ", "not_in_export", "uncredited", "passed_over", "bad_rows"
]
Summed = Literal["subtotal", "net_before_refunds", "net"]
SumOf = Literal["export", "missing", "here", "here_after_refunds", "not_in_export"]


@described
class OrdersSum(TypedDict):
    orders: int
    summed: Summed
    """What of the orders is added up."""
    sum: Money


@described
class ReasonCount(TypedDict):
    code: str
    sentence: str
    orders: int
    revenue_by_currency: list[Money]
    revenue_unknown: int
    """Orders of which it cannot be told."""


@described
class ExportedName(TypedDict):
    row: int
    id: str
    name: str


@described
class MissingOrder(ExportedName):
    placed_at: Moment
    state: str
    subtotal: Money
    code: str | None
    """Why it has no credit."""
    loaded: bool
    """Whether this call did."""
    cannot_load: str | None


@described
class DifferenceAnswer(TypedDict):
    field: Field
    here: str
    here_amount: Money | None
    """The same, where it is an amount."""
    export: str
    export_amount: Money | None


@described
class HindranceAnswer(TypedDict):
    field: Field
    why: str


@described
class AddedFact(TypedDict):
    """A fact that a repair adds, for machines and in words."""

    kind: FactKind
    at: Moment
    net: Money | None
    total: Money | None
    test: bool | None
    returned_items: Money | None
    paid_back: Money | None
    sentence: str


@described
class DifferingOrder(ExportedName):
    differences: list[DifferenceAnswer]
    repair: list[AddedFact]
    repaired: bool
    """Whether this call did."""
    cannot_repair: list[HindranceAnswer]


@described
class OtherOrder(TypedDict):
    """Here, and not in the export."""

    id: str
    name: str
    placed_at: Moment
    net: Money
    cancelled: bool
    test: bool


@described
class UncreditedOrder(ExportedName):
    code: str
    sentence: str


@described
class BadRowAnswer(TypedDict):
    row: int
    order: str
    """Its name or id, as far as that can be read."""
    why: str


@described
class Findings(TypedDict):
    format: str
    platform: str
    assumed: list[str]
    """What the export does not say, and was taken for granted."""
    order_counts: dict[CountOf, int]
    currencies: dict[Currency, dict[SumOf, OrdersSum]]
    """Never added across currencies."""
    reasons: list[ReasonCount]
    """Why orders have no credit, the most frequent first."""
    missing: list[MissingOrder]
    differ: list[DifferingOrder]
    not_in_export: list[OtherOrder]
    uncredited: list[UncreditedOrder]
    passed_over: dict[str, int]
    """By the state that the export gives: nobody has paid or promised to."""
    bad_rows: list[BadRowAnswer]


@described
class ExportPeriod(TypedDict):
    since: Moment
    until: Moment


@described
class Reconciled(Findings):
    period: ExportPeriod
    not_in_export_complete: bool
    orders_loaded: int
    left_to_load: int
    orders_repaired: int
    left_to_repair: int
