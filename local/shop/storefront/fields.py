"""What a request's body says, be it JSON or a form."""

import json
import re
from typing import Any

from local.shop.carts import CartError
from local.web.http import Request

_NESTED = re.compile(r"(\w+)\[(.*)\]")


def read(request: Request) -> dict[str, Any]:
    """A form's `properties[size]` is read as JSON's {"properties": {"size": …}}."""
    try:
        if "json" in request.headers.get("content-type", ""):
            return _object(json.loads(request.body))
        return _tree(request.form)
    except (ValueError, RecursionError) as error:
        raise CartError(400, f"The body cannot be read: {error}") from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value


def _tree(form: dict[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in form.items():
        nested = _NESTED.fullmatch(name)
        if nested:
            branch = tree.setdefault(nested[1], {})
            if isinstance(branch, dict):
                branch[nested[2]] = value
        else:
            tree[name] = value
    return tree


def mapping(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """A nested object, empty where it is missing. CartError for anything else."""
    value = fields.get(name) or {}
    if not isinstance(value, dict):
        raise CartError(422, f"{name} must be an object")
    return value


def own_path(fields: dict[str, Any], name: str, otherwise: str) -> str:
    """A path of this shop to go on to; never another site's."""
    path = str(fields.get(name, ""))
    return path if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", path) else otherwise
