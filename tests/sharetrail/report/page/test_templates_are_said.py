"""No template of the pages has words of its own: each stands in a sentence that is said, whichever
branch it is in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

from sharetrail.report.page import frame
from tests.pseudo import unsaid_html

FOLDER = Path(frame.__file__).parent / "templates"
TEMPLATES = sorted(each.relative_to(FOLDER).as_posix() for each in FOLDER.rglob("*.html"))
SAYS = ("say", "say_n")
WORDS = re.compile(r"[A-Za-z]+ +[a-z]+|\b[A-Z][a-z]+")
"""What no class, id or address is."""
_UNSEEN = re.compile(r'<(style|svg)\b.*?</\1>|\b(class|href)="[^"]*"', re.DOTALL)


def tree(template: str) -> nodes.Template:
    environment = frame._templates()
    source, *_ = environment.loader.get_source(environment, template)
    return environment.parse(source)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_stands_between_its_tags_is_said(template: str) -> None:
    assert unsaid_html(_UNSEEN.sub("", "".join(_written(tree(template))))) == []


def _written(node: nodes.Node) -> Iterator[str]:
    """Its own letters, without what fills them."""
    for each in node.iter_child_nodes():
        if isinstance(each, nodes.TemplateData):
            yield each.data
        elif isinstance(each, nodes.Block) and each.name == "style":
            continue
        else:
            yield from _written(each)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_fills_them_is_said(template: str) -> None:
    assert [each for each in _unsaid(tree(template)) if WORDS.search(each)] == []


def _unsaid(node: nodes.Node) -> Iterator[str]:
    """Texts of its expressions that no sentence is made of."""
    for each in node.iter_child_nodes():
        if isinstance(each, nodes.Call) and getattr(each.node, "name", "") in SAYS:
            for gap in each.kwargs:
                yield from _unsaid(gap)
        elif isinstance(each, nodes.Const) and isinstance(each.value, str):
            yield each.value
        else:
            yield from _unsaid(each)


def test_a_word_that_is_not_said_is_found() -> None:
    environment = frame._templates()
    bare = environment.parse('<p title="{{ x }}">Two words {{ say("are said") }}</p>')
    assert unsaid_html("".join(_written(bare))) == ["Two words"]
    chosen = environment.parse('{{ say("One") if x else "Two words" }}{{ "soft small" }}')
    assert [each for each in _unsaid(chosen) if WORDS.search(each)] == ["Two words", "soft small"]
