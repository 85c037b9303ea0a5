"""How the templates of mail and pages are read: a name that is not given is a fault, and HTML is
escaped."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_eval_context,
    select_autoescape,
)
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from sharetrail.words import names, speech


def in_folders(*folders: Path) -> Environment:
    """Of templates of the same name that of the first folder. They speak as speech.py does: in HTML
    what fills a gap is escaped, and the sentence itself, which is ours, may hold tags."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    said = {"say": _say, "say_n": _say_n, "listed": _listed, "labelled": speech.labelled}
    environment.globals |= said
    environment.filters |= {
        "ended": speech.ended,
        "bdi": _bdi,
        "named": names.name,
        "way": speech.way,
    }
    return environment


@pass_eval_context
def _say(context: EvalContext, text: str, **gaps: Any) -> str:
    return _filled(context, speech.sentence(text), gaps)


@pass_eval_context
def _say_n(context: EvalContext, n: int, one: str, many: str, **gaps: Any) -> str:
    gaps = {"n": speech.written(n), **gaps}
    return _filled(context, speech.sentence_of(n, one, many), gaps)


@pass_eval_context
def _listed(context: EvalContext, texts: Iterable[str]) -> str:
    """What is HTML stays so."""
    if context.autoescape:
        return Markup(speech.listed(map(escape, texts)))  # noqa: S704 - escaped, each
    return speech.listed(texts)


def _bdi(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def _filled(context: EvalContext, sentence: str, gaps: dict[str, Any]) -> str:
    if context.autoescape:
        return Markup(sentence).format(**gaps)  # noqa: S704 - of our own catalogues
    return sentence.format(**gaps)
