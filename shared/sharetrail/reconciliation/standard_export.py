"""The order export of any shop that tells its orders by Standard Webhooks: a row an order. Pure.

`order_id,name,placed_at,currency,subtotal,total,refunded,status`, and as the shop knows them
`trail,visit,email,customer_id,codes` and `delivery_line1,delivery_line2,delivery_postcode,
delivery_city,delivery_country`. What each means is the webhook's contract: an order is the
same whichever tells it first. A trail's click ids and the coupon codes are separated by commas.
"""

from collections.abc import Iterable

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Sale
from sharetrail.reconciliation.export_row import EXCERPT, ExportedOrder, Row, State, Unreadable

COLUMNS = "order_id,name,placed_at,currency,subtotal,total,refunded,status"
_MAX_ID = 200
"""As in the webhook's contract."""
_STATES: dict[str, State] = {"sold": "sold", "cancelled": "cancelled", "unpaid": "unsold"}


def group(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    return ((row.text("name") or row.text("order_id"), [row]) for row in rows)


def order(_name: str, rows: list[Row], merchant: Merchant) -> ExportedOrder:
    (row,) = rows
    order_id, currency = row.required("order_id"), row.currency("currency")
    if len(order_id) > _MAX_ID:
        raise Unreadable(f"'order_id' is longer than {_MAX_ID} characters.")
    row.required("subtotal")
    row.required("total")
    net, total = row.positive("subtotal", currency), row.positive("total", currency)
    if total < net:
        raise Unreadable("'total' is less than 'subtotal'; a gift card is a way to pay.")
    trail = ",".join(row.text("trail").replace(",", " ").split())
    return ExportedOrder(
        row=row.number,
        id=order_id,
        placed_at=row.time("placed_at", merchant.tz),
        state=_state(row),
        status=row.text("status")[: sale_fields.MAX_NAME],
        sale=Sale(
            name=(row.text("name") or order_id)[: sale_fields.MAX_NAME],
            currency=currency,
            lines=(),
            net=net,
            total=total,
            trail=sale_fields.script_value(trail),
            visit=sale_fields.script_value(row.text("visit")),
            codes=sale_fields.codes(map(str.strip, row.text("codes").split(","))),
        ),
        subtotal=net,
        refunded=_refunded(row, total, currency),
        email=row.text("email") or None,
        customer=row.text("customer_id") or None,
        address=_house(row),
    )


def _house(row: Row) -> DeliveryAddress:
    return DeliveryAddress(
        lines=(row.text("delivery_line1"), row.text("delivery_line2")),
        postcode=row.text("delivery_postcode"),
        city=row.text("delivery_city"),
        country=row.text("delivery_country"),
    )


def _refunded(row: Row, total: int, currency: str) -> int:
    refunded = row.positive("refunded", currency)
    if refunded > total:
        raise Unreadable("'refunded' is more than 'total'.")
    return refunded


def _state(row: Row) -> State:
    status = row.required("status")
    if status.lower() not in _STATES:
        told = status[:EXCERPT]
        raise Unreadable(f"'status' is {told!r}, none of {', '.join(_STATES)}.")
    return _STATES[status.lower()]
