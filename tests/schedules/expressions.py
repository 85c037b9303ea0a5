"""DynamoDB's expressions, as aws/tables.py and its callers write them: read once, then judged.

Items and values are DynamoDB's attribute values. What is not written anywhere in the product is
refused, so that nothing is judged that nobody looked at.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

Attributes = dict[str, Any]
Names = Mapping[str, str]
Values = Mapping[str, Any]
Judge = Callable[[Attributes, Names, Values], Any]
Path = tuple[str, ...]

_TOKEN = re.compile(r"\s*(<=|>=|<>|[=<>(),+-]|[#:]?[\w.#]+)")
_ORDER = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MISSING = None


class _Tokens:
    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)
        self._place = 0

    def peek(self) -> str:
        return self._left[self._place] if self._place < len(self._left) else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if wanted and token not in wanted:
            raise NotImplementedError(f"{token!r}, where {wanted} is read")
        self._place += 1
        return token

    def takes(self, wanted: str) -> bool:
        if self.peek() == wanted:
            self._place += 1
            return True
        return False


# ── conditions ───────────────────────────────────────────────────────────────────────────────────
@cache
def condition(text: str) -> Judge:
    """Whether an item (none is an empty one) meets it."""
    tokens = _Tokens(text)
    judge = _any_of(tokens)
    if tokens.peek():
        raise NotImplementedError(text)
    return judge


def _any_of(tokens: _Tokens) -> Judge:
    parts = [_all_of(tokens)]
    while tokens.takes("OR"):
        parts.append(_all_of(tokens))
    return parts[0] if len(parts) == 1 else lambda *about: any(part(*about) for part in parts)


def _all_of(tokens: _Tokens) -> Judge:
    parts = [_one(tokens)]
    while tokens.takes("AND"):
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda *about: all(part(*about) for part in parts)


def _one(tokens: _Tokens) -> Judge:
    if tokens.takes("("):
        judge = _any_of(tokens)
        tokens.take(")")
        return judge
    if tokens.takes("NOT"):
        negated = _one(tokens)
        return lambda *about: not negated(*about)
    left = _operand(tokens)
    if tokens.takes("<>"):
        other = _operand(tokens)
        return lambda *about: not _compared(operator.eq, left(*about), other(*about))
    if tokens.peek() in _ORDER:
        compare, right = _ORDER[tokens.take()], _operand(tokens)
        return lambda *about: _compared(compare, left(*about), right(*about))
    if tokens.takes("BETWEEN"):
        low = _operand(tokens)
        tokens.take("AND")
        high = _operand(tokens)
        return lambda *about: (
            _compared(operator.ge, left(*about), low(*about))
            and _compared(operator.le, left(*about), high(*about))
        )
    return left  # a function that says yes or no


def _compared(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """What compares an attribute that is missing, or one of another type, is false."""
    if left is _MISSING or right is _MISSING:
        return False
    ((kind, value),), ((other, bound),) = left.items(), right.items()
    if kind != other:
        return False
    return compare(_plain(kind, value), _plain(kind, bound))


def _plain(kind: str, value: Any) -> Any:
    return float(value) if kind == "N" else value


def _operand(tokens: _Tokens) -> Judge:
    token = tokens.take()
    if token in _FUNCTIONS and tokens.takes("("):
        arguments = [_operand(tokens)]
        while tokens.takes(","):
            arguments.append(_operand(tokens))
        tokens.take(")")
        do = _FUNCTIONS[token]
        return lambda *about: do(*(each(*about) for each in arguments))
    if token.startswith(":"):
        return lambda _item, _names, values: values[token]
    if not re.search(r"[.#]", token):
        return lambda item, _names, _values: item.get(token)
    return lambda item, names, _values: _found(item, path(token, names))


def path(token: str, names: Names) -> Path:
    """The attribute's name, or the way to one inside another."""
    return tuple(names[part] if part.startswith("#") else part for part in token.split("."))


def _found(item: Attributes, way: Path) -> Any:
    found: Any = {"M": item}
    for name in way:
        found = found.get("M", {}).get(name) if found else _MISSING
    return found


def _size(value: Any) -> Any:
    if value is _MISSING:
        return _MISSING
    ((_, content),) = value.items()
    return {"N": str(len(content))}


def _contains(value: Any, member: Any) -> bool:
    if value is _MISSING:
        return False
    ((_, content),), ((_, wanted),) = value.items(), member.items()
    return wanted in content


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "attribute_exists": lambda value: value is not _MISSING,
    "attribute_not_exists": lambda value: value is _MISSING,
    "begins_with": lambda value, start: value is not _MISSING and value["S"].startswith(start["S"]),
    "if_not_exists": lambda value, otherwise: otherwise if value is _MISSING else value,
    "size": _size,
    "contains": _contains,
}


# ── updates ──────────────────────────────────────────────────────────────────────────────────────
_CLAUSES = ("SET", "REMOVE", "ADD")


@cache
def update(text: str) -> Judge:
    """The item as it is afterwards, a new one."""
    tokens, acts = _Tokens(text), list[tuple[str, str, Judge | None]]()
    while tokens.peek():
        clause = tokens.take(*_CLAUSES)
        acts += _acts(clause, tokens)

    def apply(item: Attributes, names: Names, values: Values) -> Attributes:
        told = [(c, path(p, names), of and of(item, names, values)) for c, p, of in acts]
        for clause, way, value in told:
            item = _changed(item, way, clause, value)
        return item

    return apply


def _acts(clause: str, tokens: _Tokens) -> Iterator[tuple[str, str, Judge | None]]:
    while True:
        place, value = tokens.take(), None
        if clause == "SET":
            tokens.take("=")
        if clause != "REMOVE":
            value = _operand(tokens)
        yield clause, place, value
        if not tokens.takes(","):
            return


def _changed(item: Attributes, way: Path, clause: str, value: Any) -> Attributes:
    name, *rest = way
    if rest:
        inner = _changed(item[name]["M"], tuple(rest), clause, value)
        return {**item, name: {"M": inner}}
    if clause == "REMOVE":
        return {each: kept for each, kept in item.items() if each != name}
    return {**item, name: _added(item.get(name), value) if clause == "ADD" else value}


def _added(before: Any, value: Any) -> Any:
    if "N" in value:
        return {"N": repr(int((before or {"N": "0"})["N"]) + int(value["N"]))}
    return {"SS": sorted({*(before or {"SS": ()})["SS"], *value["SS"]})}
