"""Any list as CSV, for spreadsheets: where whoever asks says `Accept: text/csv`.

A page of it is a table with a line of names; the address of the next page stands in the header
`Link`. The columns are the fields of the list's items, whatever is in them: what is within a field
has its name in front (`product.title`), an amount of money a column of its own for the currency
(`net`, `net_currency`), and what holds several is one cell, parted by `; `.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from typing_extensions import get_original_bases, is_typeddict

from sharetrail.aws import environment
from sharetrail.web.answers import Money
from sharetrail.web.http import Request
from sharetrail.words import sheets

CONTENT_TYPE = "text/csv; charset=utf-8"
_OK = 200
Answer = Mapping[str, Any]


def as_asked(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """A list as CSV where that is asked for; all else as it is."""
    response, request = answer(app), Request.of(app.current_event.raw_event)
    kind = item_type(get_type_hints(app.context["_route"].func, include_extras=True).get("return"))
    if kind is None or response.status_code != _OK or not _is_asked(request):
        return response
    page: Any = response.body
    names = {
        "content-disposition": f'attachment; filename="{_filename(app)}"',
        "vary": "accept",
    }
    if cursor := page["cursor"]:
        names["link"] = f'<{_following(app, request, cursor)}>; rel="next"'
    return Response(_OK, CONTENT_TYPE, table(kind, page["items"]), names)


def _is_asked(request: Request) -> bool:
    """Whether it comes first of what is accepted."""
    first = request.headers.get("accept", "").partition(",")[0].partition(";")[0]
    return first.strip().lower() == "text/csv"


def _filename(app: APIGatewayHttpResolver) -> str:
    """After the list's own name: `links.csv`."""
    return f"{app.current_event.raw_event['rawPath'].rpartition('/')[2]}.csv"


def _following(app: APIGatewayHttpResolver, request: Request, cursor: str) -> str:
    asked = parse_qsl(request.query, keep_blank_values=True)
    query = {**dict(asked), "cursor": cursor}
    return f"{environment.public_base_url()}{app.current_event.path}?{urlencode(query)}"


def describe(operation: dict[str, Any], function: Any) -> None:
    """Says of a list's operation that it answers so, too."""
    if item_type(get_type_hints(function, include_extras=True).get("return")) is not None:
        described = operation["responses"]["200"]["content"]
        described["text/csv"] = {"schema": {"type": "string"}}


def item_type(answer: Any) -> Any:
    """What a list's items are; None of what is no list."""
    items = _fields(answer).get("items")
    return get_args(items)[0] if items is not None else None


# ── the table ────────────────────────────────────────────────────────────────────────────────────
def table(kind: Any, items: list[Answer]) -> str:
    """All columns of this kind of item, be there none of them."""
    return sheets.written([*_columns(kind)], [_row(kind, item) for item in items])


@cache
def _columns(kind: Any) -> tuple[str, ...]:
    return tuple(name for name, _ in _cells(kind, {}))


def _row(kind: Any, item: Answer) -> dict[str, object]:
    return dict(_cells(kind, item))


def _cells(kind: Any, item: Answer | None, before: str = "") -> Iterator[tuple[str, object]]:
    for name, hint in _fields(kind).items():
        own = _own(hint)
        value = (item or {}).get(name)
        if own is Money:
            told = value or {}
            yield f"{before}{name}", told.get("amount")
            yield f"{before}{name}_currency", told.get("currency")
        elif is_typeddict(own):
            yield from _cells(own, value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _cell(value)


def _cell(value: object) -> object:
    """Text of anybody's is harmless in it; what is not known is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float):
        return value
    return sheets.harmless(_text(value))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        if value.keys() == {"amount", "currency"}:
            return f"{value['amount']} {value['currency']}"
        return "; ".join(f"{name} {_text(each)}" for name, each in value.items())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _own(hint: Any) -> Any:
    """The type itself: not that it may be null, nor what else is said of it."""
    if hasattr(hint, "__metadata__"):
        return _own(hint.__origin__)
    known = [each for each in get_args(hint) if each is not type(None)]
    is_optional = len(known) == 1 and len(get_args(hint)) == 2
    return _own(known[0]) if is_optional and not is_typeddict(hint) else hint


def _fields(answer: Any) -> dict[str, Any]:
    """A TypedDict's, a generic's (Page[T]) with what it is of."""
    origin = getattr(answer, "__origin__", answer)
    if not is_typeddict(origin):
        return {}
    hints = get_type_hints(origin, include_extras=True)
    of = dict(zip(_parameters(origin), get_args(answer), strict=False))
    return {name: _filled(hint, of) for name, hint in hints.items()}


def _parameters(kind: Any) -> tuple[Any, ...]:
    bases = (get_args(base) for base in get_original_bases(kind) if get_args(base))
    return next(bases, ())


def _filled(hint: Any, of: Mapping[Any, Any]) -> Any:
    if hint in of:
        return of[hint]
    inner = getattr(hint, "__parameters__", ())
    return hint[tuple(of.get(each, each) for each in inner)] if inner and of else hint
