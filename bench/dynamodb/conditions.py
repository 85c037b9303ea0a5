"""Whether an item meets the condition of a write, of the kinds that the product writes."""

import re
from typing import Any

from bench.dynamodb.units import Attributes

_TOKEN = re.compile(r"\(|\)|:?\w+|<=|>=|<>|<|>|=|,")


def holds(condition: str, item: Attributes, values: Attributes) -> bool:
    """Whether a condition of attribute_not_exists, comparisons, AND, OR and brackets holds."""
    if not condition:
        return True
    tokens = _TOKEN.findall(condition)
    truth = _either(tokens, item, values)
    if tokens:
        raise NotImplementedError(condition)
    return truth


def _either(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    truth = _both(tokens, item, values)
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        truth = _both(tokens, item, values) or truth
    return truth


def _both(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    truth = _one(tokens, item, values)
    while tokens[:1] == ["AND"]:
        tokens.pop(0)
        truth = _one(tokens, item, values) and truth
    return truth


def _one(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    first = tokens.pop(0)
    if first == "(":
        truth = _either(tokens, item, values)
        tokens.pop(0)
        return truth
    if first == "attribute_not_exists":
        _, name, _ = tokens.pop(0), tokens.pop(0), tokens.pop(0)
        return name not in item
    sign, value = tokens.pop(0), tokens.pop(0)
    if first not in item:
        return False
    left, right = _comparable(item[first]), _comparable(values[value])
    return {"<": left < right, "<=": left <= right, "=": left == right}[sign]


def _comparable(attribute: Attributes) -> Any:
    ((kind, value),) = attribute.items()
    return {"N": float, "S": str}[kind](value)
