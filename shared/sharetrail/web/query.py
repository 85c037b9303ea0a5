"""A request's query: the parameters that its route declares, each once."""

from collections import Counter
from collections.abc import Collection
from itertools import islice
from typing import TypeVar
from urllib.parse import parse_qsl

from sharetrail.problems import Malformed
from sharetrail.web import bodies
from sharetrail.web.bodies import MOST_NAMED, names_of, parse
from sharetrail.web.http import Request

T = TypeVar("T")


def read(cls: type[T], raw: str) -> T:
    """The raw query as `cls`. Malformed, naming each parameter at fault, where it does not fit."""
    return parse(cls, parameters(raw, names_of(cls)))


def none_and_body(cls: type[T], request: Request) -> T:
    """The body as `cls`, on a route that knows no parameter. Malformed, naming whatever is wrong of
    both."""
    errors = faults(request.query, ())
    try:
        body = bodies.read(cls, request.body)
    except Malformed as error:
        if errors:
            raise Malformed(error.detail, errors=errors | error.errors) from error
        raise
    parameters(request.query, known=())
    return body


def parameters(raw: str, known: Collection[str]) -> dict[str, str]:
    """The raw query's parameters. Malformed, naming each, where one is not `known` or stands twice:
    passed over, a misspelt `limit` would be a page of another size, and `dryrun` an order stored.
    """
    if errors := faults(raw, known):
        raise Malformed("Some parameters are not as they should be.", errors=errors)
    return dict(parse_qsl(raw, keep_blank_values=True))


def faults(raw: str, known: Collection[str]) -> dict[str, str]:
    """The raw query's parameters that are not `known` or stand twice, and why."""
    counts = Counter(name for name, _ in parse_qsl(raw, keep_blank_values=True))
    told = ((name, why) for name, n in counts.items() if (why := _fault(name, n, known)))
    return dict(islice(told, MOST_NAMED))


def _fault(name: str, times: int, known: Collection[str]) -> str | None:
    if name not in known:
        names = ", ".join(sorted(known))
        return f"is not known here; known are: {names}" if names else "is not known here; none is"
    return "stands twice" if times > 1 else None
