"""Which names a template may ask for, in whichever branch: so that none is missing only where it
matters."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, meta, nodes

from sharetrail.report.page import frame


def written(template: str, words: dict[str, Any]) -> str:
    """As frame.text writes it, where it is given every name that any branch of it asks for."""
    missing = names_in(frame._templates(), template) - words.keys()
    assert not missing, (template, missing)
    return _write(template, words)


_write = frame.text


@cache
def names_in(environment: Environment, template: str) -> frozenset[str]:
    """Of it and of all that it extends, includes and imports, but for what they make themselves."""
    trees = [*_trees(environment, template, set())]
    asked = set().union(*map(meta.find_undeclared_variables, trees))
    return frozenset(asked - set().union(*map(_made, trees)) - environment.globals.keys())


def _trees(environment: Environment, name: str, seen: set[str]) -> Iterator[nodes.Template]:
    seen.add(name)
    source, *_ = environment.loader.get_source(environment, name)
    tree = environment.parse(source)
    yield tree
    for each in meta.find_referenced_templates(tree):
        if each not in seen:
            yield from _trees(environment, each, seen)


def _made(tree: nodes.Template) -> set[str]:
    imported = {name for each in tree.find_all(nodes.FromImport) for name in each.names}
    return imported | {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
