"""Every way in which a shop gives money back, as its webhooks tell it: payloads by what they mean.

Amounts are units: one is 1.00 USD, 100 JPY or 1.000 KWD, so that no tax of 25 % needs rounding.
An order is goods for 100 (one of 60, one of 40), shipping for 10, and duties where a way needs
some.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

Tax = Literal["in", "on top", "none"]
Payload = dict[str, Any]
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}
_UNIT = {"USD": Decimal(1), "JPY": Decimal(100), "KWD": Decimal(1)}
_RATE = Decimal("0.25")


@dataclass(frozen=True)
class Prices:
    """How a shop writes amounts: its currency, and where tax stands."""

    currency: str
    tax: Tax

    def text(self, units: Decimal | float) -> str:
        amount = Decimal(str(units)) * _UNIT[self.currency]
        return f"{amount:.{DECIMALS[self.currency]}f}"

    def minor(self, units: float) -> int:
        return int(Decimal(self.text(units)).scaleb(DECIMALS[self.currency]))

    def tax_of(self, net: float) -> Decimal:
        return Decimal(0) if self.tax == "none" else Decimal(str(net)) * _RATE

    def gross(self, net: float) -> Decimal:
        """What the buyer pays."""
        return Decimal(str(net)) + self.tax_of(net)

    def price(self, net: float) -> Decimal:
        """What stands on the label."""
        return self.gross(net) if self.tax == "in" else Decimal(str(net))


# ── Shopify ──────────────────────────────────────────────────────────────────────────────────────
def a_shopify_order(prices: Prices, gained: float = 0, left: float = 100) -> Payload:
    """As it stands: `gained` was added in exchange, and `left` is what no refund took."""
    lines = [_shopify_line(prices, net) for net in (60, 40, *([gained] if gained else []))]
    return {
        "id": 1001,
        "name": "#1001",
        "created_at": AT.isoformat(),
        "updated_at": (AT + timedelta(days=2)).isoformat(),
        "currency": prices.currency,
        "presentment_currency": prices.currency,
        "financial_status": "paid",
        "subtotal_price": prices.text(prices.price(100)),
        "current_subtotal_price": prices.text(prices.price(left)),
        "total_price": prices.text(prices.gross(110)),
        "total_tax": prices.text(prices.tax_of(110)),
        "total_shipping_price_set": _set(prices, prices.price(10)),
        "taxes_included": prices.tax == "in",
        "line_items": lines,
        "refunds": [],
    }


def _shopify_line(prices: Prices, net: float) -> Payload:
    taxes = [] if prices.tax == "none" else [{"price": prices.text(prices.tax_of(net))}]
    text = prices.text(prices.price(net))
    return {"product_id": 1, "title": "Mug", "quantity": 1, "price": text, "tax_lines": taxes}


def a_shopify_refund(
    prices: Prices,
    refund: int = 9,
    *,
    lines: float = 0,
    shipping: float = 0,
    duties: float = 0,
    paid: float | None = None,
    status: str = "success",
    **more: Any,
) -> Payload:
    """`lines` are without tax, `paid` is what the buyer got; None where no transaction is told."""
    text = prices.text
    return {
        "id": refund,
        "order_id": 1001,
        "created_at": (AT + timedelta(days=1, minutes=refund)).isoformat(),
        "refund_line_items": [
            {"subtotal": text(prices.price(lines)), "total_tax": text(prices.tax_of(lines))}
        ]
        * bool(lines),
        "refund_shipping_lines": [
            {
                "subtotal_amount_set": _set(prices, prices.price(shipping)),
                "tax_amount_set": _set(prices, prices.tax_of(shipping)),
            }
        ]
        * bool(shipping),
        "duties": [{"duty_id": 1, "amount_set": _set(prices, Decimal(duties))}] * bool(duties),
        "order_adjustments": [],
        "transactions": []
        if paid is None
        else [
            {"kind": "refund", "status": status, "amount": text(paid), "currency": prices.currency}
        ],
        **more,
    }


def an_adjustment(prices: Prices, units: float, reason: str = "Refund discrepancy") -> Payload:
    """By so much less went back than the lines cost."""
    return {"amount": prices.text(units), "tax_amount": prices.text(0), "reason": reason}


def _set(prices: Prices, units: Decimal) -> Payload:
    money = {"amount": prices.text(units), "currency_code": prices.currency}
    return {"shop_money": money, "presentment_money": money}


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def a_woocommerce_order(
    prices: Prices, minutes: int = 0, *refunds: Payload, **more: Any
) -> Payload:
    at = (AT + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
    text = prices.text
    return {
        "id": 1001,
        "status": "processing",
        "currency": prices.currency,
        "prices_include_tax": prices.tax == "in",
        "date_created_gmt": AT.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_modified_gmt": at,
        "date_paid_gmt": AT.strftime("%Y-%m-%dT%H:%M:%S"),
        "total": text(prices.gross(110)),
        "total_tax": text(prices.tax_of(110)),
        "shipping_total": text(10),
        "shipping_tax": text(prices.tax_of(10)),
        "line_items": [
            {
                "product_id": 1,
                "name": "Mug",
                "quantity": quantity,
                "subtotal": text(net),
                "total": text(net),
                "total_tax": text(prices.tax_of(net)),
            }
            for net, quantity in ((60, 1), (40, 2))
        ],
        "refunds": list(refunds),
        **more,
    }


def a_woocommerce_refund(
    prices: Prices, net: float, *, refund: int = 9, tax: float | None = None, is_old: bool = False
) -> Payload:
    """Of so much and its tax, or of another; before 10.9 the tax is not told apart."""
    taken = prices.tax_of(net) if tax is None else Decimal(str(tax))
    told = {} if is_old else {"total_tax": f"-{prices.text(taken)}"}
    whole = prices.text(Decimal(str(net)) + taken)
    return {"id": refund, "reason": "", "total": f"-{whole}", **told}
