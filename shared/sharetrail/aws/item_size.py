"""An item's size as DynamoDB counts it, by which it refuses what is too large.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MOST_BYTES = 250_000
"""What we let an item grow to: DynamoDB takes 400 KB, its key and what stands beside included."""
Attributes = Mapping[str, Any]


def size_of(item: Attributes) -> int:
    """An item's bytes: the lengths of its names and its values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(attribute: Attributes) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return _number_size(value)
        case "B":
            return len(value if isinstance(value, bytes) else b64decode(value))
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(text.encode()) for text in value)
        case "L":
            return 3 + sum(1 + _value_size(member) for member in value)
        case "M":
            return 3 + len(value) + size_of(value)
    raise TypeError(f"no size is known for DynamoDB's {kind}")


def _number_size(text: str) -> int:
    """A byte for each two digits from the decimal point on, zeros around them left out."""
    whole, _, fraction = f"{abs(Decimal(text)):f}".partition(".")
    digits = "0" * (len(whole) % 2) + whole + fraction + "0" * (len(fraction) % 2)
    pairs = [digits[n : n + 2] for n in range(0, len(digits), 2)]
    places = [n for n, pair in enumerate(pairs) if pair != "00"]
    return (places[-1] - places[0] + 1 if places else 0) + 1 + text.startswith("-")
