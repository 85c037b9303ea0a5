"""A request's query: the parameters that its route declares, each once."""

from collections import Counter
from collections.abc import Collection
from itertools import islice
from typing import TypeVar
from urllib.parse import parse_qsl

from sharetrail.problems import Malformed
from sharetrail.web.bodies import MOST_NAMED, names_of, parse

T = TypeVar("T")


def read(cls: type[T], raw: str) -> T:
    """The raw query as `cls`. Malformed, naming each parameter at fault, where it does not fit."""
    return parse(cls, parameters(raw, names_of(cls)))


def parameters(raw: str, known: Collection[str]) -> dict[str, str]:
    """The raw query's parameters. Malformed, naming each, where one is not `known` or stands twice:
    passed over, a misspelt `limit` would be a page of another size, and `dryrun` an order stored.
    """
    pairs = parse_qsl(raw, keep_blank_values=True)
    counts = Counter(name for name, _ in pairs)
    faults = ((name, why) for name, n in counts.items() if (why := _fault(name, n, known)))
    if errors := dict(islice(faults, MOST_NAMED)):
        raise Malformed("Some parameters are not as they should be.", errors=errors)
    return dict(pairs)


def _fault(name: str, times: int, known: Collection[str]) -> str | None:
    if name not in known:
        names = ", ".join(sorted(known))
        return f"is not known here; known are: {names}" if names else "is not known here; none is"
    return "stands twice" if times > 1 else None
