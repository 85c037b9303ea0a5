"""Any table as CSV, for spreadsheets: where whoever asks says `Accept: text/csv`.

A list's page is a table with a line of names; the address of the next page stands in the header
`Link`. Any other answer that is a table, or has one in it, says which: `tabled`. The columns are
the fields of its lines, whatever is in them: what is within a field has its name in front
(`product.title`), an amount of money a column of its own for the currency (`net`, `net_currency`),
and what holds several is one cell, parted by `; `. What is no table is refused to whoever takes
nothing else.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from typing_extensions import get_original_bases, is_typeddict

from sharetrail.aws import environment
from sharetrail.problems import Problem
from sharetrail.web.answers import Money
from sharetrail.web.http import Request
from sharetrail.words import sheets

CONTENT_TYPE = "text/csv; charset=utf-8"
_JSON = ("application/json", "application/*", "*/*")
_OK = 200
Answer = Mapping[str, Any]
Table = tuple[Any, Sequence[Answer]]
"""What its lines are, and they themselves."""
C = TypeVar("C", bound=type[Any])
_TABLE = "__table__"


class NotAcceptable(Problem):
    """What is asked for is no table, and nothing but a table is taken."""

    status = 406
    title = "This is no table"


def tabled(table: Callable[[Any], Table]) -> Callable[[C], C]:
    """Says of an answer which table it is, or has in it."""

    def said(answer: C) -> C:
        setattr(answer, _TABLE, table)
        return answer

    return said


def as_asked(app: APIGatewayHttpResolver, answer: NextMiddleware) -> Response[Any]:
    """A table as CSV where that is asked for; all else as it is. NotAcceptable as it says."""
    request = Request.of(app.current_event.raw_event)
    accepted = _accepted(request)
    if request.method != "GET" or accepted[0] != "text/csv":
        return answer(app)
    route, takes_json = app.context["_route"], any(each in accepted for each in _JSON)
    told = _told(route.func, route.responses)
    if not _has_table(told) and not takes_json:
        raise NotAcceptable("It is told as JSON alone.")
    response = answer(app)
    if response.status_code != _OK or not _has_table(told):
        return response
    body: Any = json.loads(response.body) if isinstance(response.body, str) else response.body
    table = _table_of(told, body)
    if table is None and not takes_json:
        raise NotAcceptable("This one is told as JSON alone.")
    return response if table is None else _sheet(app, request, response, body, table)


def _accepted(request: Request) -> list[str]:
    """What is taken, by its name: what comes first is liked best."""
    names = request.headers.get("accept", "").split(",")
    return [each.partition(";")[0].strip().lower() for each in names]


def _sheet(
    app: APIGatewayHttpResolver,
    request: Request,
    response: Response[Any],
    body: Answer,
    table: Table,
) -> Response[str]:
    names = {
        "content-disposition": f'attachment; filename="{_filename(app)}"',
        "vary": "accept, accept-encoding" if response.compress else "accept",
    }
    if cursor := body.get("cursor"):
        names["link"] = f'<{_following(app, request, cursor)}>; rel="next"'
    return Response(_OK, CONTENT_TYPE, written(*table), names, compress=response.compress)


def _filename(app: APIGatewayHttpResolver) -> str:
    """After the list's own name: `links.csv`."""
    return f"{app.current_event.raw_event['rawPath'].rpartition('/')[2]}.csv"


def _following(app: APIGatewayHttpResolver, request: Request, cursor: str) -> str:
    asked = parse_qsl(request.query, keep_blank_values=True)
    query = {**dict(asked), "cursor": cursor}
    return f"{environment.public_base_url()}{app.current_event.path}?{urlencode(query)}"


def describe(operation: dict[str, Any], route: Any) -> bool:
    """Says of an operation that it answers so, too; whether it does, always."""
    told = _told(route.func, route.responses)
    if _has_table(told):
        described = operation["responses"]["200"]["content"]
        described["text/csv"] = {"schema": {"type": "string"}}
    return all(map(_has_table, _kinds(told)))


# ── which table ──────────────────────────────────────────────────────────────────────────────────
def _told(function: Any, responses: Mapping[int, Any] | None) -> Any:
    """What a route answers: what it returns or, where that is a response, says of it."""
    returned = get_type_hints(function, include_extras=True).get("return")
    if get_origin(returned) is not Response and returned is not Response:
        return returned
    contents = (responses or {}).get(_OK, {}).get("content", {})
    return contents.get("application/json", {}).get("model")


def _kinds(told: Any) -> tuple[Any, ...]:
    """An answer that may be several is each of them."""
    return get_args(told) if get_origin(told) is UnionType else (told,)


def _has_table(told: Any) -> bool:
    return any(hasattr(each, _TABLE) or _items(each) is not None for each in _kinds(told))


def _table_of(told: Any, body: Answer) -> Table | None:
    """None of what has none, though another answer of the same route has."""
    for kind in _kinds(told):
        if (items := _items(kind)) is not None:
            return items, body["items"]
        if hasattr(kind, _TABLE) and _fields(kind).keys() == body.keys():
            table: Table = getattr(kind, _TABLE)(body)
            return table
    return None


def _items(answer: Any) -> Any:
    """What a list's items are; None of what is no list."""
    items = _fields(answer).get("items")
    return get_args(items)[0] if items is not None else None


# ── the table ────────────────────────────────────────────────────────────────────────────────────
def written(kind: Any, lines: Sequence[Answer]) -> str:
    """All columns of this kind of line, be there none of them."""
    return sheets.written([*_columns(kind)], [_row(kind, each) for each in lines])


@cache
def _columns(kind: Any) -> tuple[str, ...]:
    return tuple(name for name, _ in _cells(kind, {}))


def _row(kind: Any, item: Answer) -> dict[str, object]:
    return dict(_cells(kind, item))


def _cells(kind: Any, item: Answer | None, before: str = "") -> Iterator[tuple[str, object]]:
    for name, hint in _fields(kind).items():
        own = _own(hint)
        value = (item or {}).get(name)
        if Money in _kinds(own):
            told = value if isinstance(value, Mapping) else {"amount": value}
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
