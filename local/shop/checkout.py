"""What happens to an order: it is placed and paid, refunded, cancelled. Sharetrail is told."""

from collections.abc import Sequence

from local.shop.buyers import Buyer
from local.shop.carts import Cart
from local.shop.orders import Order, whole_second
from local.shop.prices import Discount, Line
from local.shop.shopify.order_payload import order_payload
from local.shop.shopify.refund_payload import after_refund, cancel_payload, refund_payload
from local.shop.shops import Shop


def place(shop: Shop, cart: Cart, lines: Sequence[Line], buyer: Buyer, code: str = "") -> Order:
    """The order of `lines` with the cart's attributes; told as created, then as paid."""
    now = shop.clock()
    payload = order_payload(
        id=shop.orders.next_id(now),
        name=shop.orders.next_name(),
        created_at=whole_second(now),
        lines=lines,
        customer=buyer,
        currency=shop.currency,
        note_attributes=cart.attributes,
        landing_site=cart.landing_site,
        referring_site=cart.referring_site,
        discount=discount(shop, lines, code),
        vendor=shop.name,
    )
    order = shop.orders.keep({**payload, "cart_token": cart.token})
    for topic in ("orders/create", "orders/paid"):
        order.deliveries.append(shop.tell(topic, order.payload))
    return order


def discount(shop: Shop, lines: Sequence[Line], code: str) -> Discount | None:
    """None for a code that the shop does not know; its case does not matter."""
    known = {each.casefold(): each for each in shop.codes}
    name = known.get(code.strip().casefold())
    if name is None:
        return None
    gross = sum(line.product.price * line.quantity for line in lines)
    return Discount(code=name, amount=gross * shop.codes[name] // 100)


def refund_one(shop: Shop, order: Order) -> None:
    """One piece of the first line that has any left."""
    with order.lock:
        _refund(shop, order, dict.fromkeys(list(order.items_left)[:1], 1))


def refund_all(shop: Shop, order: Order) -> None:
    with order.lock:
        _refund(shop, order, order.items_left)


def cancel(shop: Shop, order: Order) -> None:
    """Told once; also possible after refunds."""
    with order.lock:
        if order.is_cancelled:
            return
        at = whole_second(shop.clock())
        order.payload = cancel_payload(order=order.payload, cancelled_at=at)
        order.deliveries.append(shop.tell("orders/cancelled", order.payload))


def _refund(shop: Shop, order: Order, quantities: dict[int, int]) -> None:
    if not quantities:
        return
    at = whole_second(shop.clock())
    refund = refund_payload(
        id=shop.orders.next_id(at), order=order.payload, created_at=at, quantities=quantities
    )
    order.payload = after_refund(order.payload, refund)
    order.deliveries.append(shop.tell("refunds/create", refund))
