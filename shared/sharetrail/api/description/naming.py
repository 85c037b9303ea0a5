"""What the schemas of a description are called: clients are made of these names. Pure."""

import re
from typing import Any

_GENERIC = re.compile(r"(\w+?)_(\w+)_")


def named(description: dict[str, Any]) -> dict[str, Any]:
    """A page of links is a `LinkAnswerPage`; a schema's title is its name, and nothing else has
    one, but for fields that are called so."""
    schemas = description["components"]["schemas"]
    names = {name: _GENERIC.sub(r"\2\1", name) for name in schemas}
    plain: dict[str, Any] = _untitled(description, names)
    told = {names[name]: _untitled(each, names) for name, each in schemas.items()}
    plain["components"]["schemas"] = {name: {"title": name, **told[name]} for name in sorted(told)}
    return {**plain, "info": description["info"]}


def _untitled(value: Any, names: dict[str, str]) -> Any:
    match value:
        case list():
            return [_untitled(each, names) for each in value]
        case dict():
            return {
                name: _renamed(each, names) if name == "$ref" else _untitled(each, names)
                for name, each in value.items()
                if not (name == "title" and isinstance(each, str))
            }
    return value


def _renamed(reference: str, names: dict[str, str]) -> str:
    place, _, name = reference.rpartition("/")
    return f"{place}/{names.get(name, name)}"
