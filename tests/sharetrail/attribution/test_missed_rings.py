from sharetrail.attribution.missed_rings import in_turns
from sharetrail.orders.order_fact import OrderRef


def test_who_has_many_orders_keeps_nobody_waiting() -> None:
    many = [OrderRef(merchant="a", platform="shopify", id=f"{n}") for n in range(5)]
    others = [OrderRef(merchant=each, platform="stripe", id="9") for each in "bc"]
    turns = in_turns([*many, *others])
    assert turns == [many[0], *others, *many[1:]]
