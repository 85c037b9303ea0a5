"""Lambda's event filter patterns, as far as the template uses them; the rest is refused."""

from collections.abc import Iterable, Mapping
from typing import Any

_OPERATORS = {"anything-but", "exists", "prefix", "suffix"}
_MISSING = object()


def check(pattern: Mapping[str, Any]) -> None:
    """Raises ValueError for anything that `matches` would not judge as Lambda does."""
    for name, rule in pattern.items():
        if name.startswith("$"):
            raise ValueError(f"the filter operator {name} is not known here")
        if isinstance(rule, Mapping):
            check(rule)
            continue
        if not isinstance(rule, list) or not rule:
            raise ValueError(f"the filter for {name} is neither a list nor a map")
        for test in rule:
            _check_test(test)


def matches_any(patterns: Iterable[Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    """Whether one pattern matches; no pattern at all lets everything through."""
    patterns = list(patterns)
    return not patterns or any(matches(pattern, event) for pattern in patterns)


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    for name, rule in pattern.items():
        value = event.get(name, _MISSING) if isinstance(event, Mapping) else _MISSING
        if isinstance(rule, Mapping):
            if not matches(rule, value):
                return False
        elif not any(_passes(test, each) for test in rule for each in _elements(value)):
            return False
    return True


def _elements(value: Any) -> Iterable[Any]:
    """Of a list one is enough."""
    return value if isinstance(value, list) and value else [value]


def _check_test(test: Any) -> None:
    if not isinstance(test, Mapping):
        return
    operator, argument = next(iter(test.items()), (None, None))
    if len(test) != 1 or operator not in _OPERATORS:
        raise ValueError(f"the filter operator {' and '.join(test)} is not known here")
    if operator == "anything-but" and isinstance(argument, Mapping):
        if set(argument) - {"prefix", "suffix"} or len(argument) != 1:
            raise ValueError(f"anything-but {argument} is not known here")
    elif operator in ("prefix", "suffix") and not isinstance(argument, str):
        raise ValueError(f"{operator} takes a string")


def _passes(test: Any, value: Any) -> bool:
    if not isinstance(test, Mapping):
        return type(value) is type(test) and bool(value == test)
    operator, argument = next(iter(test.items()))
    if operator == "exists":
        # A leaf is meant: a map of further fields does not exist in this sense.
        return (value is not _MISSING and not isinstance(value, Mapping)) is bool(argument)
    if value is _MISSING:
        return False
    if operator == "anything-but":
        refused = argument if isinstance(argument, list) else [argument]
        return not any(_passes(each, value) for each in refused)
    text = value if isinstance(value, str) else ""
    return text.startswith(argument) if operator == "prefix" else text.endswith(argument)
