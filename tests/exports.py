"""Order exports as shops write them, for tests: full headers, and a row from what a test names."""

import csv
import io
from typing import Any

_SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,"
    "Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,"
    "Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,"
    "Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,"
    "Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
SHOPIFY = _SHOPIFY.split(",")
_ANALYTICS = (
    "Date,Order #,Status,Customer,Customer type,Payment method,Product(s),Items sold,Coupon(s),"
    "Net sales,Attribution"
)
ANALYTICS = _ANALYTICS.split(",")
_MAILED_ANALYTICS = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,"
    "Coupon(s),Net Sales,Attribution"
)
MAILED_ANALYTICS = _MAILED_ANALYTICS.split(",")
_PLUGIN = (
    "order_id,order_number,order_date,paid_date,status,shipping_total,shipping_tax_total,fee_total,"
    "fee_tax_total,tax_total,cart_discount,order_discount,discount_total,order_total,"
    "order_subtotal,order_key,order_currency,payment_method,payment_method_title,transaction_id,"
    "customer_ip_address,customer_user_agent,shipping_method,customer_id,customer_user,"
    "customer_email,billing_email,shipping_address_1,shipping_address_2,shipping_postcode,"
    "shipping_city,shipping_state,shipping_country,wt_import_key,tax_items,shipping_items,fee_items,coupon_items,"
    "refund_items,order_notes,download_permissions,meta:_wc_order_attribution_session_entry,"
    "line_item_1,line_item_2"
)
PLUGIN = _PLUGIN.split(",")
STANDARD = ["order_id", "name", "placed_at", "currency", "subtotal", "total", "refunded", "status"]
_DELIVERY = "delivery_line1,delivery_line2,delivery_postcode,delivery_city,delivery_country"
DELIVERY = _DELIVERY.split(",")
STANDARD_WITH_ALL = [*STANDARD, "trail", "visit", "email", "customer_id", "codes", *DELIVERY]


def text(header: list[str], *rows: dict[str, Any]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def shopify(order: int = 1001, price: str = "50.00", **changes: Any) -> dict[str, Any]:
    """An order of one mug, untaxed and unshipped; a changed column's underscores are spaces."""
    row = {
        "Name": f"#{order}",
        "Email": "buyer@example.com",
        "Financial Status": "paid",
        "Currency": "USD",
        "Subtotal": price,
        "Shipping": "0.00",
        "Taxes": "0.00",
        "Total": price,
        "Discount Amount": "0.00",
        "Created at": "2026-11-02 10:00:00 -0500",
        "Lineitem quantity": "1",
        "Lineitem name": "Mug - Blue",
        "Lineitem price": price,
        "Lineitem sku": "MUG-BLUE",
        "Refunded Amount": "0.00",
        "Payment Method": "Shopify Payments",
        "Id": str(order),
        "Risk Level": "Low",
        "Source": "web",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def further(order: int = 1001, **changes: Any) -> dict[str, Any]:
    """A further line item's row: nothing of the order but its name and e-mail."""
    row = {
        "Name": f"#{order}",
        "Email": "buyer@example.com",
        "Created at": "2026-11-02 10:00:00 -0500",
        "Lineitem quantity": "2",
        "Lineitem name": "Spoon",
        "Lineitem price": "5.00",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def analytics(order: int = 1001, net: str = "50", **changes: Any) -> dict[str, Any]:
    row = {
        "Date": "2026-11-02 10:00:00",
        "Order #": str(order),
        "Status": "completed",
        "Customer": "Ann Example",
        "Customer type": "new",
        "Product(s)": "1× Mug",
        "Items sold": "1",
        "Net sales": net,
        "Attribution": "Direct",
    }
    return row | changes


def mailed_analytics() -> dict[str, Any]:
    """The same as WooCommerce mails it where it does not fit the browser's page."""
    row = analytics()
    return {name: row[name] for name in MAILED_ANALYTICS if name in row} | {
        "N. Revenue (formatted)": "€50.00",
        "Net Sales": row["Net sales"],
    }


def plugin(order: int = 1001, price: str = "50.00", **changes: Any) -> dict[str, Any]:
    row = {
        "order_id": str(order),
        "order_number": str(order),
        "order_date": "2026-11-02 10:00:00",
        "status": "completed",
        "shipping_total": "0",
        "tax_total": "0.00",
        "discount_total": "0.00",
        "order_total": price,
        "order_subtotal": price,
        "order_currency": "USD",
        "customer_id": "7",
        "billing_email": "buyer@example.com",
        "line_item_1": f"name:Mug|product_id:7|sku:MUG|quantity:1|total:{price}|sub_total:{price}",
    }
    return row | changes


def standard(order: int | str = 1001, price: str = "50.00", **changes: Any) -> dict[str, Any]:
    """Any shop's: an order of items that cost this, untaxed and unshipped."""
    row = {
        "order_id": str(order),
        "name": f"#{order}",
        "placed_at": "2026-11-02T10:00:00-05:00",
        "currency": "USD",
        "subtotal": price,
        "total": price,
        "refunded": "0.00",
        "status": "sold",
    }
    return row | changes
